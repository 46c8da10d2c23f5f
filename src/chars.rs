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
    is_plainly_chinese(text.as_bytes()) || is_chinese_by_character(text)
}

/// Whether `text`, which is UTF-8, holds as many common Han characters as Latin
/// letters or more, and no byte that kana or Hangul could begin with. Looks at
/// every place without a branch, so that the compiler makes vectors of it.
fn is_plainly_chinese(text: &[u8]) -> bool {
    const CHUNK: usize = 240;
    let (mut han, mut latin) = (0, 0);
    let next = text.get(1..).unwrap_or(&[]);
    for (chunk, next) in text.chunks(CHUNK).zip(next.chunks(CHUNK)) {
        let (mut of_han, mut of_latin, mut other) = (0_u8, 0_u8, 0_u8);
        for (a, b) in chunk.iter().zip(next) {
            of_han += u8::from(a.wrapping_sub(0xE4) <= 0xE9 - 0xE4);
            of_latin += u8::from((a | 0x20).wrapping_sub(b'a') <= b'z' - b'a');
            // U+4DC0 to U+4DFF are no Han.
            let doubtful = (*a == 0xE1)
                | (a.wrapping_sub(0xEA) <= 0xED - 0xEA)
                | ((*a == 0xE3) & (b.wrapping_sub(0x81) <= 2))
                | ((*a == 0xE4) & (*b == 0xB7))
                | ((*a == 0xEF) & (b.wrapping_sub(0xBD) <= 1));
            other |= u8::from(doubtful);
        }
        if other != 0 {
            return false;
        }
        han += usize::from(of_han);
        latin += usize::from(of_latin);
    }
    // The last byte begins no Han character, but it may be a letter.
    han > latin
}

fn is_chinese_by_character(text: &str) -> bool {
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

/// Which bytes a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// The bytes of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // A store each is the fastest way to note them.
        let mut seen = [false; 256];
        for byte in text.bytes() {
            seen[usize::from(byte)] = true;
        }
        let mut set = Self::default();
        for byte in (0..=u8::MAX).filter(|byte| seen[usize::from(*byte)]) {
            set.0[usize::from(byte) / 64] |= 1 << (byte % 64);
        }
        set
    }

    /// Whether `byte` is among them.
    #[must_use]
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte) / 64] >> (byte % 64) & 1 == 1
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(own, other)| other & !own == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_told_alike_by_bytes_and_by_characters() {
        let long = "青禾镇的水车修好了。".repeat(40);
        let texts = [
            "",
            "甲",
            "a",
            "甲a",
            "甲乙ab",
            "甲ab",
            "、。",
            "㐀",
            "䷀",
            "䷀甲",
            "甲㐀",
            "甲乙か",
            "カ甲乙",
            "甲乙ｶ",
            "甲～乙",
            "한甲乙",
            "ᄀ甲乙",
            "甲乙\u{20000}",
            "々〇",
            "é甲乙",
        ];
        for text in texts.into_iter().map(str::to_owned) {
            for text in [text.clone(), format!("{long}{text}"), format!("{text}{long}")] {
                assert_eq!(is_chinese(&text), is_chinese_by_character(&text), "{text}");
            }
        }
    }
}
