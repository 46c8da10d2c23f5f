//! Measures that features are made of: counts, word lists, steps of lengths.

use super::ends::{Characters, End};
use crate::chars::{ends_sentence, is_han};
use crate::lexicon::{QUOTED_HEADS, QUOTING_VERBS, SPEECH_VERBS, TYING_WORDS, WAITING_WORDS};

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
