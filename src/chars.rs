//! Classes of characters that the stages speak of. Only what Unicode or the
//! standard for Chinese punctuation (GB/T 15834-2011) says; no judgement.

/// Whether `c` is a Han character, 々 and 〇 included.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{3005}' | '\u{3007}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// The three bytes of the character from U+4E00 to U+9FFF that `text`, which is
/// UTF-8, begins with, and what stands behind it: nearly all Han characters of any
/// text are among these.
#[must_use]
#[inline]
pub fn split_common_han(text: &[u8]) -> Option<(&[u8; 3], &[u8])> {
    text.split_first_chunk().filter(|(bytes, _)| is_common_han(bytes))
}

/// Whether `bytes`, the first of which begins a character, are one from U+4E00 to
/// U+9FFF.
#[must_use]
#[inline]
pub fn is_common_han([first, second, _]: &[u8; 3]) -> bool {
    (0xE5..=0xE9).contains(first) || (*first == 0xE4 && *second >= 0xB8)
}

/// Whether `c` takes two columns of a terminal or a full square of a page:
/// Han, kana, Hangul syllables, CJK and full-width punctuation.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}')
        // Set as full squares in Chinese type, though Unicode calls them ambiguous.
        || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Whether `c` is a space a text may hold inside a line: ASCII, non-breaking,
/// ideographic and the fixed-width ones. Not a line end.
#[must_use]
pub fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

/// Whether `c` ends a line.
#[must_use]
pub fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{C}')
}

/// Whether `c` ends a sentence.
#[must_use]
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '．')
}

/// Whether `c` is full-width punctuation that separates words or clauses.
#[must_use]
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '…' | '—' | '·' | '．')
        || is_opening(c)
        || is_closing(c)
}

/// Whether `c` opens a bracket or a quotation, in the shapes CJK text uses.
#[must_use]
pub fn is_opening(c: char) -> bool {
    matches!(c, '“' | '‘' | '（' | '(' | '《' | '〈' | '「' | '『' | '【' | '〔' | '［' | '[' | '｛' | '{')
}

/// Whether `c` closes what [`is_opening`] opens.
#[must_use]
pub fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '）' | ')' | '》' | '〉' | '」' | '』' | '】' | '〕' | '］' | ']' | '｝' | '}')
}

/// The closing partner of an opening bracket or mark.
#[must_use]
pub fn closing_of(open: char) -> Option<char> {
    Some(match open {
        '“' => '”',
        '‘' => '’',
        '（' => '）',
        '(' => ')',
        '《' => '》',
        '〈' => '〉',
        '「' => '」',
        '『' => '』',
        '【' => '】',
        '〔' => '〕',
        '［' => '］',
        '[' => ']',
        '｛' => '｝',
        '{' => '}',
        _ => return None,
    })
}

/// Columns `text` takes in a terminal or a column of type: two a wide
/// character, one any other. An estimate for comparing lines, not for layout.
#[must_use]
pub fn columns(text: &str) -> usize {
    // Nearly every character is Han, which is quicker to see than wide.
    let is_double = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}') || is_wide(c);
    text.chars().map(|c| if is_double(c) { 2 } else { 1 }).sum()
}

/// Whether `text` reads as Chinese: it holds Han characters, no kana and no
/// Hangul, and no more Latin letters than Han. For a line or a paragraph.
#[must_use]
pub fn is_chinese(text: &str) -> bool {
    if is_plainly_chinese(text.as_bytes()) {
        return true;
    }
    let (mut han, mut latin) = (0, 0);
    for c in text.chars() {
        if matches!(c, '\u{4E00}'..='\u{9FFF}') || is_han(c) {
            han += 1;
        } else if c.is_ascii_alphabetic() {
            latin += 1;
        } else if matches!(c, '\u{3041}'..='\u{30FA}' | '\u{FF66}'..='\u{FF9D}' | '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}')
        {
            return false;
        }
    }
    han > 0 && latin <= han
}

/// Whether `text` is Chinese by its commonest characters alone, and holds none
/// that could be kana or Hangul.
fn is_plainly_chinese(text: &[u8]) -> bool {
    // Every place but those of the last, unfinished step; then these, with nothing
    // behind.
    let whole = text.len().saturating_sub(1) / Lanes::LEN * Lanes::LEN;
    let mut rest = [0; Lanes::LEN + 1];
    rest[..text.len() - whole].copy_from_slice(&text[whole..]);
    let mut lanes = Lanes::default();
    lanes.look(&rest, 0);
    let (mut han, mut latin) = (0, 0);
    for start in (0..whole).step_by(Lanes::STEPS * Lanes::LEN) {
        let end = whole.min(start + Lanes::STEPS * Lanes::LEN);
        for at in (start..end).step_by(Lanes::LEN) {
            lanes.look(text, at);
        }
        if end < whole {
            let counted = std::mem::take(&mut lanes);
            han += Lanes::sum(&counted.han);
            latin += Lanes::sum(&counted.latin);
            lanes.odd = counted.odd;
        }
    }
    han += Lanes::sum(&lanes.han);
    latin += Lanes::sum(&lanes.latin);
    han > 0 && latin <= han && lanes.odd == [0; Lanes::LEN]
}

/// What is counted of a text, side by side: looks at each place without a branch,
/// so that the compiler makes vectors of it.
#[derive(Default)]
struct Lanes {
    han: [u8; Self::LEN],
    latin: [u8; Self::LEN],
    /// Not 0 where something stood that may be kana or Hangul.
    odd: [u8; Self::LEN],
}

impl Lanes {
    const LEN: usize = 16;
    /// How many steps a byte can count, less one.
    const STEPS: usize = 254;

    /// Looks at the places of `text` from `at` on, and at the one behind each.
    #[inline]
    fn look(&mut self, text: &[u8], at: usize) {
        let between = |byte: u8, first: u8, last: u8| (byte >= first) & (byte <= last);
        let (here, next) = (&text[at..at + Self::LEN], &text[at + 1..=at + Self::LEN]);
        for lane in 0..Self::LEN {
            let (a, b) = (here[lane], next[lane]);
            let is_han = between(a, 0xE5, 0xE9) | (a == 0xE4) & (b >= 0xB8);
            let is_kana = (a == 0xE3) & between(b, 0x81, 0x83) | (a == 0xEF) & between(b, 0xBD, 0xBE);
            self.han[lane] += u8::from(is_han);
            self.latin[lane] += u8::from((a | 0x20).wrapping_sub(b'a') < 26);
            self.odd[lane] |= u8::from(is_kana | (a == 0xE1) | between(a, 0xEA, 0xED));
        }
    }

    fn sum(counts: &[u8; Self::LEN]) -> usize {
        counts.iter().map(|count| usize::from(*count)).sum()
    }
}

/// Which ASCII characters a text holds, and behind which bytes.
#[derive(Clone, Debug)]
pub struct Ascii {
    /// Of each, the set of bytes it stands right behind.
    before: Box<[[u64; 4]; 128]>,
    /// The first byte of the text, which stands behind none.
    first: Option<u8>,
}

impl Ascii {
    /// Those of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        const STEP: usize = size_of::<u64>();
        let text = text.as_bytes();
        let mut found = Self { before: Box::new([[0; 4]; 128]), first: text.first().copied() };
        let (steps, rest) = text.as_chunks::<STEP>();
        for (number, step) in steps.iter().enumerate() {
            // Chinese text has few steps with an ASCII character.
            if u64::from_ne_bytes(*step) & 0x8080_8080_8080_8080 != 0x8080_8080_8080_8080 {
                found.note(text, number * STEP, number * STEP + STEP);
            }
        }
        found.note(text, text.len() - rest.len(), text.len());
        found
    }

    fn note(&mut self, text: &[u8], start: usize, end: usize) {
        for pair in text[start.saturating_sub(1)..end].windows(2) {
            let before = self.before.get_mut(usize::from(pair[1]));
            before.into_iter().for_each(|before| before[usize::from(pair[0]) / 64] |= 1 << (pair[0] % 64));
        }
    }

    /// Whether the text holds `byte`, which is ASCII.
    #[must_use]
    pub fn has(&self, byte: u8) -> bool {
        self.first == Some(byte) || self.before[usize::from(byte)] != [0; 4]
    }

    /// Whether `byte`, which is ASCII, stands right behind one of `before` in it.
    #[must_use]
    pub fn has_behind(&self, mut before: impl Iterator<Item = u8>, byte: u8) -> bool {
        let seen = self.before[usize::from(byte)];
        before.any(|before| seen[usize::from(before) / 64] >> (before % 64) & 1 == 1)
    }

    /// Whether all ASCII characters of `needle` are in the text, each behind what
    /// it stands behind there.
    #[must_use]
    pub fn may_hold(&self, needle: &str) -> bool {
        let (first, pairs) = (needle.as_bytes().first(), needle.as_bytes().windows(2));
        first.is_none_or(|first| !first.is_ascii() || self.has(*first))
            && pairs
                .into_iter()
                .all(|pair| !pair[1].is_ascii() || self.has_behind(std::iter::once(pair[0]), pair[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chinese() {
        for text in ["青禾", "第3届", "一a", "青禾A", "㐀", "〇", "龥", "\u{20000}", "丘ﾞ"] {
            assert!(is_chinese(text), "{text}");
        }
        for text in ["", "a", "。，", "一ab", "青ab禾c", "青禾の里", "青禾ﾊ", "青禾가", "青禾ᄀ", "䷀"]
        {
            assert!(!is_chinese(text), "{text}");
        }
        for c in ('\0'..='\u{FFFF}').step_by(7) {
            let text = format!("青{c}");
            let strange = matches!(c, '\u{3041}'..='\u{30FA}' | '\u{FF66}'..='\u{FF9D}' | '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}');
            assert_eq!(is_chinese(&text), !strange, "{c:?}");
        }
    }

    #[test]
    fn ascii_is_known_by_what_stands_before_it() {
        let text = "1, 2;3.4!5?青6:7禾(8) 水渠通了水渠通了。";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let (text, ascii) = (&text[..end], Ascii::of(&text[..end]));
            assert!((0..128).all(|byte| ascii.has(byte) == text.as_bytes().contains(&byte)));
            let held = |a: u8, b: u8| text.as_bytes().windows(2).any(|pair| pair == [a, b]);
            let told = |a: u8, b: u8| ascii.has_behind(std::iter::once(a), b);
            assert!((0..128).all(|b| (0..=u8::MAX).all(|a| told(a, b) == held(a, b))));
        }
        let ascii = Ascii::of(text);
        assert!(["", "青", "青6", "7禾(8", "2"].iter().all(|needle| ascii.may_hold(needle)));
        assert!(["7(", "x", "禾6", "通8"].iter().all(|needle| !ascii.may_hold(needle)));
    }
}
