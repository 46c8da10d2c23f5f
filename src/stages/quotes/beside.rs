//! What stands right behind gaps and right before them: where one mark vanished
//! without a trace, the other tells.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::ops::RangeInclusive;

use crate::chars::is_han;

/// Code points of runs beside a gap that are kept as known.
const KEPT: RangeInclusive<usize> = 2..=12;

/// A run of Han characters and figures, read away from a gap; what is behind its
/// end is [`NOTHING`].
type Run = [u32; *KEPT.end()];

/// Greater than every character.
const NOTHING: u32 = u32::MAX;

/// The runs of characters beside the gaps of a document.
#[derive(Debug)]
pub(super) struct Beside<'a> {
    text: &'a str,
    /// The gaps, in bytes.
    gaps: Vec<usize>,
    /// What the runs right behind a gap and those right before one begin with.
    once: [Sieve; 2],
    /// What more than one of them begins with.
    twice: [Sieve; 2],
    /// The runs themselves, sorted, once somebody asked.
    runs: OnceCell<[Vec<Run>; 2]>,
}

impl<'a> Beside<'a> {
    /// Those beside the spaces of `text` that stand at `gaps`, in bytes.
    pub(super) fn of(text: &'a str, gaps: Vec<usize>) -> Self {
        let (mut once, mut twice) = <([Sieve; 2], [Sieve; 2])>::default();
        for at in &gaps {
            let starts = [start_of(text[at + 1..].chars()), start_of(text[..*at].chars().rev())];
            for (side, start) in starts.into_iter().enumerate() {
                let Some(start) = start else { continue };
                if once[side].may_hold(start) {
                    twice[side].add(start);
                }
                once[side].add(start);
            }
        }
        Self { text, gaps, once, twice, runs: OnceCell::new() }
    }

    fn runs(&self) -> &[Vec<Run>; 2] {
        self.runs.get_or_init(|| {
            let text = self.text;
            let mut runs = [
                self.gaps.iter().filter_map(|at| run(text[at + 1..].chars())).collect::<Vec<Run>>(),
                self.gaps.iter().filter_map(|at| run(text[..*at].chars().rev())).collect(),
            ];
            runs.iter_mut().for_each(|runs| runs.sort_unstable());
            runs
        })
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
        let runs = &self.runs()[side];
        let from = runs.partition_point(|run| order(run).is_lt());
        let count = runs[from..].iter().take(3).take_while(|run| order(run).is_eq()).count();
        count.saturating_sub(usize::from(itself)).min(2) as u64
    }
}

/// The run that `chars` begin with; `None` if it is too short.
fn run(chars: impl Iterator<Item = char>) -> Option<Run> {
    let mut run = [NOTHING; *KEPT.end()];
    for (place, c) in run.iter_mut().zip(chars.take_while(|c| is_part(*c))) {
        *place = u32::from(c);
    }
    (run[KEPT.start() - 1] != NOTHING).then_some(run)
}

/// The [`start`] of the run that `chars` begin with, if it is long enough.
fn start_of(mut chars: impl Iterator<Item = char>) -> Option<u64> {
    let first = chars.next().filter(|c| is_part(*c))?;
    let second = chars.next().filter(|c| is_part(*c))?;
    Some(start(u32::from(first), u32::from(second)))
}

/// Whether `c` may be part of a run.
fn is_part(c: char) -> bool {
    is_han(c) || c.is_ascii_digit()
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

    fn beside(text: &str) -> Beside<'_> {
        Beside::of(text, memchr::memchr_iter(b' ', text.as_bytes()).collect())
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
