//! Measures that features are made of: counts, word lists, steps of lengths.

use super::ends::{Characters, End};
use crate::chars::{ends_sentence, is_han};
use crate::lexicon::{self, QUOTED_HEADS, QUOTING_VERBS, SPEECH_VERBS, TYING_WORDS, WAITING_WORDS};

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
}

impl Words {
    pub(super) fn at(characters: &Characters<'_>, end: &End) -> Self {
        const LONGEST: usize = 6;
        let before = characters.slice(end.left.saturating_sub(LONGEST), end.left);
        let behind = characters.slice(end.right, (end.right + LONGEST).min(characters.chars.len()));
        let count = |word: Option<&str>| word.map_or(0, |word| word.chars().count().min(3) as u64);
        Self {
            verb: count(QUOTING_VERBS.longest_suffix(before)),
            head: count(QUOTED_HEADS.longest_prefix(behind)),
            own_head: count(QUOTED_HEADS.longest_suffix(before)),
            tying: count(TYING_WORDS.longest_prefix(behind)),
            waiting: count(WAITING_WORDS.longest_suffix(before)),
            across: across(characters, end),
            left: longest(characters, end, true),
            right: longest(characters, end, false),
        }
    }
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

pub(super) fn is_speech_verb(word: &[char]) -> bool {
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

/// The dictionary words that stand across `end`, the gap left aside: a bit for
/// those of two characters, for each way to cut three, and for four.
fn across(characters: &Characters<'_>, end: &End) -> u64 {
    const WAYS: [(usize, usize, u64); 6] = [(1, 1, 1), (2, 1, 2), (1, 2, 4), (2, 2, 8), (3, 1, 8), (1, 3, 8)];
    let mut found = 0;
    let mut word = String::new();
    for (before, behind, bit) in WAYS {
        if end.left >= before && end.right + behind <= characters.chars.len() {
            word.clear();
            word.push_str(characters.slice(end.left - before, end.left));
            word.push_str(characters.slice(end.right, end.right + behind));
            found |= bit * u64::from(lexicon::is_word(&word));
        }
    }
    found
}

/// Code points of the longest dictionary word of two to four right before
/// `end`, or right behind it; 0 if there is none.
fn longest(characters: &Characters<'_>, end: &End, before: bool) -> u64 {
    let is_word = |len: &usize| {
        let from = if before { end.left.checked_sub(*len) } else { Some(end.right) };
        from.is_some_and(|from| {
            from + len <= characters.chars.len() && lexicon::is_word(characters.slice(from, from + len))
        })
    };
    (2..=4).rev().find(is_word).unwrap_or(0) as u64
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
    const LONGEST_VERB: usize = 4;
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
        assert_eq!(across(&characters, end) & 1, 1, "企业 stands across");
        assert_eq!(longest(&characters, end, true), 0);
    }
}
