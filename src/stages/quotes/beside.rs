//! What stands right behind gaps and right before them: where one mark vanished
//! without a trace, the other tells.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use crate::chars::is_han;

/// Code points of runs beside a gap that are kept as known.
const KEPT: RangeInclusive<usize> = 2..=12;

/// A run of Han characters and figures, read away from a gap; what is behind its
/// end is [`Beside::NOTHING`].
type Run = [u32; *KEPT.end()];

/// The runs of characters beside the gaps of a document.
#[derive(Debug)]
pub(super) struct Beside {
    /// Those right behind a gap and those right before one, sorted.
    runs: [Vec<Run>; 2],
    /// What they begin with.
    once: [Sieve; 2],
    /// What more than one of them begins with.
    twice: [Sieve; 2],
}

impl Beside {
    /// Greater than every character.
    const NOTHING: u32 = u32::MAX;

    /// Those beside the spaces of `text` that stand at `gaps`, in bytes.
    pub(super) fn of(text: &str, gaps: &[usize]) -> Self {
        let runs = [
            gaps.iter().filter_map(|at| run(text[at + 1..].chars())).collect(),
            gaps.iter().filter_map(|at| run(text[..*at].chars().rev())).collect(),
        ];
        let mut beside = Self { runs, once: Default::default(), twice: Default::default() };
        for side in 0..2 {
            for run in &beside.runs[side] {
                let start = start(run[0], run[1]);
                if beside.once[side].may_hold(start) {
                    beside.twice[side].add(start);
                }
                beside.once[side].add(start);
            }
            beside.runs[side].sort_unstable();
        }
        beside
    }

    /// How often `phrase` stands right behind a gap and right before one elsewhere
    /// in the document, up to twice each; `itself` says where the place looked at
    /// does.
    pub(super) fn count(&self, phrase: &[char], itself: [bool; 2]) -> [u64; 2] {
        if !KEPT.contains(&phrase.len()) {
            return [0; 2];
        }
        let code = |c: &char| u32::from(*c);
        let (first, last) = (code(&phrase[0]), code(&phrase[phrase.len() - 1]));
        let (second, next_to_last) = (code(&phrase[1]), code(&phrase[phrase.len() - 2]));
        [
            self.count_side(0, itself[0], start(first, second), || phrase.iter().map(code)),
            self.count_side(1, itself[1], start(last, next_to_last), || phrase.iter().rev().map(code)),
        ]
    }

    fn count_side<I: Iterator<Item = u32>>(
        &self,
        side: usize,
        itself: bool,
        start: u64,
        phrase: impl Fn() -> I,
    ) -> u64 {
        let begin = if itself { &self.twice[side] } else { &self.once[side] };
        if !begin.may_hold(start) {
            return 0;
        }
        let order = |run: &Run| {
            let differs = run.iter().zip(phrase()).map(|(own, other)| own.cmp(&other));
            differs.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let runs = &self.runs[side];
        let from = runs.partition_point(|run| order(run).is_lt());
        let count = runs[from..].iter().take(3).take_while(|run| order(run).is_eq()).count();
        count.saturating_sub(usize::from(itself)).min(2) as u64
    }
}

/// The run that `chars` begin with; `None` if it is too short.
fn run(chars: impl Iterator<Item = char>) -> Option<Run> {
    let mut run = [Beside::NOTHING; *KEPT.end()];
    for (place, c) in run.iter_mut().zip(chars.take_while(|c| is_han(*c) || c.is_ascii_digit())) {
        *place = u32::from(c);
    }
    (run[KEPT.start() - 1] != Beside::NOTHING).then_some(run)
}

/// A hash of the two characters that a run begins with.
#[inline]
fn start(first: u32, second: u32) -> u64 {
    (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Hashes, of which what is missing here was never added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sieve([u64; Self::WORDS]);

impl Default for Sieve {
    fn default() -> Self {
        Self([0; Self::WORDS])
    }
}

impl Sieve {
    const WORDS: usize = 64;

    /// Adds `hash`, whose high bits are well mixed.
    #[inline]
    pub(super) fn add(&mut self, hash: u64) {
        self.0[Self::word(hash)] |= 1 << (hash >> 52 & 63);
    }

    /// Whether `hash` may have been added.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        self.0[Self::word(hash)] >> (hash >> 52 & 63) & 1 == 1
    }

    #[inline]
    fn word(hash: u64) -> usize {
        (hash >> 58) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(text: &str) -> Beside {
        let gaps: Vec<usize> = memchr::memchr_iter(b' ', text.as_bytes()).collect();
        Beside::of(text, &gaps)
    }

    #[test]
    fn runs_are_counted_on_both_sides_of_gaps() {
        let beside = beside("他说 清渠行动 办好，清渠 清渠行动会 停");
        let count = |phrase: &str, itself: [bool; 2]| {
            let phrase: Vec<char> = phrase.chars().collect();
            beside.count(&phrase, itself)
        };
        assert_eq!(count("清渠", [false; 2]), [2, 1]);
        assert_eq!(count("清渠行动", [false; 2]), [2, 1]);
        assert_eq!(count("清渠行动", [true; 2]), [1, 0]);
        assert_eq!(count("清渠行动会", [false, true]), [1, 0]);
        assert_eq!(count("行动", [false; 2]), [0, 1]);
        assert_eq!(count("清", [false; 2]), [0, 0], "too short");
        assert_eq!(count("好，", [false; 2]), [0, 0], "no run");
    }

    #[test]
    fn more_than_two_count_as_two() {
        let beside = beside("甲乙 丙丁 丙丁 丙丁 丙丁");
        assert_eq!(beside.count(&['丙', '丁'], [true; 2]), [2, 2]);
        assert_eq!(beside.count(&['丙', '丁'], [false; 2]), [2, 2]);
    }
}
