//! Measures that features are made of: counts, word lists, steps of lengths.

use std::cell::OnceCell;

use super::ends::{Characters, End, Traits};
use crate::chars::is_han;
use crate::lexicon::{
    self, Code, QUOTED_HEADS, QUOTING_VERBS, SPEECH_VERBS, TYING_WORDS, WAITING_WORDS, WordList,
};

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
        let (last, next) = (characters.before(end.left), characters.behind(end.right));
        let count = |word: Option<&str>| word.map_or(0, |word| word.chars().count().min(3) as u64);
        // Most ends are told by a character that no word of a list has.
        let before = |list: &WordList| match last {
            Some(last) if list.may_end_with(last) => {
                let text = characters.slice(end.left.saturating_sub(LONGEST), end.left);
                count(list.longest_suffix(text))
            }
            _ => 0,
        };
        let behind = |list: &WordList| match next {
            Some(next) if list.may_begin_with(next) => {
                let to = (end.right + LONGEST).min(characters.chars.len());
                count(list.longest_prefix(characters.slice(end.right, to)))
            }
            _ => 0,
        };
        let near =
            if end.is_gap() { Near::of(characters, end) } else { Near::at(characters, end.left, starts) };
        Self {
            verb: before(&QUOTING_VERBS),
            head: behind(&QUOTED_HEADS),
            own_head: before(&QUOTED_HEADS),
            tying: behind(&TYING_WORDS),
            waiting: before(&WAITING_WORDS),
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
    pub(super) fn lengths(&self, characters: &Characters<'_>, at: usize) -> u64 {
        let lengths = self.0[at].get_or_init(|| {
            let codes = characters.chars[at..].iter().map(|c| lexicon::code(*c));
            u8::try_from(lexicon::words_of(codes.take(Near::LONGEST))).expect("no more than four characters")
        });
        u64::from(*lengths)
    }
}

/// Code points of the longest verb of speech that counts.
const LONGEST_VERB: usize = 4;

/// Whether a verb of speech ends at position `at`.
fn is_said(characters: &Characters<'_>, at: usize) -> bool {
    let may_be = characters.before(at).is_some_and(|last| SPEECH_VERBS.may_end_with(last));
    may_be && SPEECH_VERBS.longest_suffix(characters.slice(at.saturating_sub(LONGEST_VERB), at)).is_some()
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
        len > 0
            && SPEECH_VERBS.may_end_with(characters.chars[at + len - 1])
            && SPEECH_VERBS.longest_suffix(characters.slice(from, at + len)).is_some()
    })
}

/// How many characters of four kinds stand before each position.
#[derive(Debug)]
pub(super) struct Sums(Vec<Counts>);

/// How many of each kind stand in a stretch: 16 bits each, more than a stretch of
/// text that is read at once can hold.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts(u64);

impl Sums {
    pub(super) fn of(traits: &[Traits]) -> Self {
        let mut sum = 0;
        let mut sums = Vec::with_capacity(traits.len() + 1);
        sums.push(Counts::default());
        sums.extend(traits.iter().map(|traits| {
            // Most characters are none of these.
            if *traits != Traits::PLAIN {
                sum += Counts::one(*traits);
            }
            Counts(sum)
        }));
        Self(sums)
    }

    #[inline]
    pub(super) fn between(&self, from: usize, to: usize) -> Counts {
        Counts(self.0[to].0 - self.0[from].0)
    }
}

impl Counts {
    const BITS: u32 = 16;

    fn one(traits: Traits) -> u64 {
        let kinds = [Traits::SENTENCE, Traits::COMMA, Traits::PAUSE, Traits::ODD];
        kinds.into_iter().rev().fold(0, |counts, kind| counts << Self::BITS | traits.count(kind))
    }

    #[inline]
    fn of(self, kind: u32, most: u64) -> u64 {
        (self.0 >> (kind * Self::BITS) & 0xFFFF).min(most)
    }

    /// Ends of sentences, up to `most`.
    pub(super) fn sentences(self, most: u64) -> u64 {
        self.of(0, most)
    }

    /// Ends of clauses.
    pub(super) fn commas(self, most: u64) -> u64 {
        self.of(1, most)
    }

    /// Marks between words.
    pub(super) fn pauses(self, most: u64) -> u64 {
        self.of(2, most)
    }

    /// Characters that are not Han.
    pub(super) fn odd(self, most: u64) -> u64 {
        self.of(3, most)
    }
}

/// Whether each position of `characters`, their end included, stands inside marks.
pub(super) fn inside_marks(characters: &Characters<'_>) -> Vec<bool> {
    let mut inside = vec![false; characters.chars.len() + 1];
    let (mut open, mut from) = (0_usize, 0);
    for at in &characters.brackets {
        let depth = match characters.chars[*at] {
            '“' | '「' => open + 1,
            '”' | '」' => open.saturating_sub(1),
            _ => continue,
        };
        inside[from..=*at].fill(open > 0);
        (open, from) = (depth, at + 1);
    }
    inside[from..].fill(open > 0);
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

/// Steps that [`length`] tells apart.
#[cfg(feature = "cnn")]
pub(super) const LENGTHS: usize = 18;

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
