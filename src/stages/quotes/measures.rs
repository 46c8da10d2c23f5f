//! Measures that features are made of: counts, word lists, steps of lengths.

use std::cell::OnceCell;

use super::ends::{Characters, End};
use crate::chars::{ends_sentence, is_han};
use crate::lexicon::{self, Code, QUOTED_HEADS, QUOTING_VERBS, SPEECH_VERBS, TYING_WORDS, WAITING_WORDS};

/// What the word lists say of an end: code points of the longest word, up to 3.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    /// Before it, a verb that takes a quotation.
    pub(super) verb: u64,
    /// Behind it, what often follows a quoted phrase.
    pub(super) head: u64,
    /// Before it, the same.
    pub(super) own_head: u64,
    /// Behind it, a word that ties what comes to what was.
    pub(super) tying: u64,
    /// Before it, a word that waits for what follows.
    pub(super) waiting: u64,
    /// Dictionary words that stand across it, a bit for each way.
    pub(super) across: u64,
    /// Code points of the longest dictionary word before it.
    pub(super) left: u64,
    /// Code points of the longest dictionary word behind it.
    pub(super) right: u64,
    /// Whether a verb of speech stands before it, a colon or comma left aside.
    pub(super) said: bool,
}

impl Words {
    /// Of `end`; `starts` are those of the whole text.
    pub(super) fn at(characters: &Characters<'_>, end: &End, starts: &Starts) -> Self {
        const LONGEST: usize = 6;
        let before = characters.slice(end.left.saturating_sub(LONGEST), end.left);
        let behind = characters.slice(end.right, (end.right + LONGEST).min(characters.chars.len()));
        let count = |word: Option<&str>| word.map_or(0, |word| word.chars().count().min(3) as u64);
        let near =
            if end.is_gap() { Near::of(characters, end) } else { Near::at(characters, end.left, starts) };
        Self {
            verb: count(QUOTING_VERBS.longest_suffix(before)),
            head: count(QUOTED_HEADS.longest_prefix(behind)),
            own_head: count(QUOTED_HEADS.longest_suffix(before)),
            tying: count(TYING_WORDS.longest_prefix(behind)),
            waiting: count(WAITING_WORDS.longest_suffix(before)),
            across: near.across(),
            left: near.longest_before(),
            right: near.longest_behind(),
            said: is_said_before(characters, end.left),
        }
    }
}

/// The dictionary words close to an end.
struct Near {
    /// By the code points before the end at which they begin, up to four, 0
    /// for those right behind it: their lengths as bits, the gap left aside.
    lengths: [u64; 5],
}

impl Near {
    /// Code points of the longest word that counts.
    const LONGEST: usize = 4;

    fn of(characters: &Characters<'_>, end: &End) -> Self {
        let mut codes = [Code::default(); 2 * Self::LONGEST];
        let before = &characters.chars[end.left.saturating_sub(Self::LONGEST)..end.left];
        for (code, c) in codes[Self::LONGEST - before.len()..].iter_mut().zip(before) {
            *code = lexicon::code(*c);
        }
        for (code, c) in codes[Self::LONGEST..].iter_mut().zip(&characters.chars[end.right..]) {
            *code = lexicon::code(*c);
        }
        let from = |before: usize| {
            let start = Self::LONGEST - before;
            lexicon::words_at(&codes[start..start + Self::LONGEST])
        };
        Self { lengths: std::array::from_fn(from) }
    }

    /// Of the place `at`, with no gap.
    fn at(characters: &Characters<'_>, at: usize, starts: &Starts) -> Self {
        let from = |before: usize| at.checked_sub(before).map_or(0, |at| starts.lengths(characters, at));
        Self { lengths: std::array::from_fn(from) }
    }

    /// Whether a word of `len` begins `before` code points before the end.
    fn has(&self, before: usize, len: usize) -> bool {
        self.lengths[before] >> len & 1 == 1
    }

    /// The words that stand across the end: a bit for those of two characters,
    /// for each way to cut three, and for four.
    fn across(&self) -> u64 {
        const WAYS: [(usize, usize, u64); 6] =
            [(1, 1, 1), (2, 1, 2), (1, 2, 4), (2, 2, 8), (3, 1, 8), (1, 3, 8)];
        let bit = |(before, behind, bit)| bit * u64::from(self.has(before, before + behind));
        WAYS.into_iter().map(bit).fold(0, |found, bit| found | bit)
    }

    /// Code points of the longest word of two to four right before the end; 0
    /// if there is none.
    fn longest_before(&self) -> u64 {
        (2..=Self::LONGEST).rev().find(|len| self.has(*len, *len)).unwrap_or(0) as u64
    }

    /// The same right behind it.
    fn longest_behind(&self) -> u64 {
        (2..=Self::LONGEST).rev().find(|len| self.has(0, *len)).unwrap_or(0) as u64
    }
}

/// The dictionary words that begin at each position of a text, read once somebody
/// asks.
#[derive(Debug)]
pub(super) struct Starts(Vec<OnceCell<u8>>);

impl Starts {
    pub(super) fn new(characters: &Characters<'_>) -> Self {
        Self(vec![OnceCell::new(); characters.chars.len() + 1])
    }

    /// The lengths of those that begin at position `at`, up to four, as bits.
    fn lengths(&self, characters: &Characters<'_>, at: usize) -> u64 {
        let lengths = self.0[at].get_or_init(|| {
            let mut codes = [Code::default(); Near::LONGEST];
            for (code, c) in codes.iter_mut().zip(&characters.chars[at..]) {
                *code = lexicon::code(*c);
            }
            u8::try_from(lexicon::words_at(&codes)).expect("no more than four characters")
        });
        u64::from(*lengths)
    }
}

/// Code points of the longest verb of speech that counts.
const LONGEST_VERB: usize = 4;

/// Whether a verb of speech ends at position `at`.
fn is_said(characters: &Characters<'_>, at: usize) -> bool {
    SPEECH_VERBS.longest_suffix(characters.slice(at.saturating_sub(LONGEST_VERB), at)).is_some()
}

/// Whether a verb of speech stands before position `at`, a colon or comma left
/// aside.
fn is_said_before(characters: &Characters<'_>, at: usize) -> bool {
    let end = match characters.before(at) {
        Some('，' | '：' | ':') => at - 1,
        _ => at,
    };
    is_said(characters, end)
}

/// Whether the clause behind position `at` ends with a verb of speech.
pub(super) fn is_said_behind(characters: &Characters<'_>, at: usize) -> bool {
    const CLAUSE: usize = 30;
    let rest = characters.chars[at..].iter().take(CLAUSE + 1);
    let end = rest.into_iter().position(|c| matches!(c, '，' | '。' | '：'));
    end.is_some_and(|len| {
        let from = at + len.saturating_sub(LONGEST_VERB);
        SPEECH_VERBS.longest_suffix(characters.slice(from, at + len)).is_some()
    })
}

/// How many of a kind stand before each position.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) sentences: Vec<u16>,
    pub(super) commas: Vec<u16>,
    pub(super) others: Vec<u16>,
    pub(super) odd: Vec<u16>,
}

impl Sums {
    pub(super) fn of(chars: &[char]) -> Self {
        let count = |is: fn(char) -> bool| {
            let mut sum = 0u16;
            let steps = chars.iter().map(move |c| {
                sum = sum.wrapping_add(u16::from(is(*c)));
                sum
            });
            std::iter::once(0).chain(steps).collect()
        };
        Self {
            sentences: count(ends_sentence),
            commas: count(|c| matches!(c, '，' | '；' | '：')),
            others: count(|c| c == '、'),
            odd: count(|c| !is_han(c)),
        }
    }

    pub(super) fn between(sums: &[u16], from: usize, to: usize, most: u16) -> u64 {
        u64::from(sums[to].wrapping_sub(sums[from]).min(most))
    }
}

/// Whether each position of `chars`, its end included, stands inside marks.
pub(super) fn inside_marks(chars: &[char]) -> Vec<bool> {
    let mut open = 0usize;
    let mut inside = vec![false];
    inside.extend(chars.iter().map(|c| {
        match c {
            '“' | '「' => open += 1,
            '”' | '」' => open = open.saturating_sub(1),
            _ => {}
        }
        open > 0
    }));
    inside
}

fn is_speech_verb(word: &[char]) -> bool {
    let mut bytes = [0; 16];
    let mut len = 0;
    for c in word {
        if len + c.len_utf8() > bytes.len() {
            return false;
        }
        len += c.encode_utf8(&mut bytes[len..]).len();
    }
    std::str::from_utf8(&bytes[..len]).is_ok_and(|word| SPEECH_VERBS.has(word))
}

/// Lengths in code points, in steps that grow.
pub(super) fn length(len: usize) -> u64 {
    match len {
        0..=8 => len as u64,
        9..=10 => 9,
        11..=12 => 10,
        13..=15 => 11,
        16..=20 => 12,
        21..=30 => 13,
        31..=45 => 14,
        46..=80 => 15,
        81..=150 => 16,
        _ => 17,
    }
}

/// Distances to the next gap, in wider steps.
pub(super) fn step(distance: usize) -> u64 {
    match distance {
        0..=1 => 0,
        2 => 1,
        3..=4 => 2,
        5..=8 => 3,
        9..=15 => 4,
        16..=30 => 5,
        31..=60 => 6,
        61..=200 => 7,
        _ => 8,
    }
}

/// Kinds of character that [`sign`] tells apart.
pub(super) const SIGNS: usize = 12;

/// What kind of character `c` is, under [`SIGNS`].
pub(super) fn sign(c: Option<char>) -> u64 {
    match c {
        None => 0,
        Some('，') => 1,
        Some('。' | '！' | '？') => 2,
        Some('、') => 3,
        Some('；') => 4,
        Some('：') => 5,
        Some('（' | '）') => 6,
        Some('《' | '》') => 7,
        Some('“' | '”' | '「' | '」') => 8,
        Some(c) if is_han(c) => 9,
        Some(c) if c.is_ascii_digit() => 10,
        Some(_) => 11,
    }
}

/// Whether a label such as a speaker's name, and a colon behind it, is all of
/// `chars` before position `at`; `某某说：` is none.
pub(super) fn is_label(chars: &[char], at: usize) -> bool {
    const LONGEST: usize = 12;
    let Some((':' | '：', label)) = chars[..at].split_last().map(|(last, label)| (*last, label)) else {
        return false;
    };
    let says = |len: usize| is_speech_verb(&label[label.len() - len..]);
    (1..=LONGEST).contains(&label.len())
        && label.iter().all(|c| is_han(*c) || c.is_alphanumeric())
        && !(1..=LONGEST_VERB.min(label.len())).any(says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn labels_are_names_and_no_announcements() {
        let is = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            is_label(&chars, chars.len())
        };
        assert!(is("白渡："));
        assert!(is("青禾网友："));
        assert!(!is("老支书说："), "what follows is quoted");
        assert!(!is("渠修好了，白渡："));
        assert!(!is("白渡"));
        assert!(!is("："));
    }

    #[test]
    fn words_across_a_gap_are_seen() {
        let text = "走访企 业和村庄";
        let characters = Characters::of(text, 0);
        let at = text.find(' ').expect("a gap");
        let gap = Span::new(at, at + 1);
        let ends = super::super::ends::of(&characters, &[gap]);
        let end = ends.iter().find(|end| end.is_gap()).expect("the gap");
        let near = Near::of(&characters, end);
        assert_eq!(near.across() & 1, 1, "企业 stands across");
        assert_eq!((near.longest_before(), near.longest_behind()), (0, 0));
    }
}
