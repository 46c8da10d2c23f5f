//! The dictionary words around a doubled character.

use crate::lexicon::{self, Code};

/// The words that hold one or both of two equal characters.
pub(super) struct Nearby {
    /// By how many characters before the first they begin, from [`REACH`] down to
    /// 0, then from the second on: their lengths as bits.
    lengths: [u64; REACH + 2],
}

/// Characters on each side that count.
const REACH: usize = 3;

impl Nearby {
    /// Of a doubled `c` between `before` and `after`.
    pub(super) fn of(before: &str, c: char, after: &str) -> Self {
        let mut codes = [Code::default(); 2 * REACH + 2];
        for (code, c) in codes[..REACH].iter_mut().rev().zip(before.chars().rev()) {
            *code = lexicon::code(c);
        }
        codes[REACH..REACH + 2].fill(lexicon::code(c));
        for (code, c) in codes[REACH + 2..].iter_mut().zip(after.chars()) {
            *code = lexicon::code(c);
        }
        Self { lengths: std::array::from_fn(|start| lexicon::words_at(&codes[start..])) }
    }

    /// Whether there is a word from `start` up to `end`, places in a row of
    /// [`REACH`] characters, the two, and [`REACH`] more.
    fn has(&self, start: usize, end: usize) -> bool {
        self.lengths[start] >> (end - start) & 1 == 1
    }

    /// Whether a word of two characters or more ends with the first of the two.
    pub(super) fn end_with_first(&self) -> bool {
        (0..REACH).any(|start| self.has(start, REACH + 1))
    }

    /// Whether a word of two characters or more begins with the second.
    pub(super) fn begin_with_second(&self) -> bool {
        (1..=REACH).any(|more| self.has(REACH + 1, REACH + 2 + more))
    }

    /// Whether the two are a word.
    pub(super) fn are_pair(&self) -> bool {
        self.has(REACH, REACH + 2)
    }

    /// Whether a word holds both, and up to `reach` characters before and behind
    /// them, one at least.
    pub(super) fn hold_both(&self, reach: usize) -> bool {
        let ways = (0..=reach).flat_map(|before| (0..=reach).map(move |after| (before, after)));
        ways.into_iter()
            .any(|(before, after)| before + after > 0 && self.has(REACH - before, REACH + 2 + after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_seen_where_they_stand() {
        let fragrant = Nearby::of("", '谢', "");
        assert!(fragrant.are_pair() && !fragrant.hold_both(3));
        assert!(Nearby::of("绿", '油', "").hold_both(1));
        let ministry = Nearby::of("水利", '部', "长到会");
        assert!(ministry.end_with_first() && ministry.begin_with_second());
        assert!(!ministry.are_pair() && !ministry.hold_both(2));
    }
}
