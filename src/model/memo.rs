//! Sums of weights that come up again and again.

use std::sync::atomic::{AtomicU16, Ordering};

use super::{Feature, Table, Weights};

/// A table that keeps what the features of a key are worth together, once that
/// was asked for.
#[derive(Debug)]
pub struct Memo<'a> {
    table: Table<'a>,
    /// Steps of each key, and [`ZERO`]; 0 where nobody asked yet. Two threads may
    /// find the same sum at once, and write the same.
    sums: &'a [AtomicU16],
}

/// What stands for no steps at all.
const ZERO: i32 = 0x8000;

impl<'a> Memo<'a> {
    /// With a place for each key in `sums`, all of them 0.
    #[must_use]
    pub fn new(table: Table<'a>, sums: &'a [AtomicU16]) -> Self {
        Self { table, sums }
    }

    /// The table itself.
    #[must_use]
    pub fn table(&self) -> &Table<'a> {
        &self.table
    }
}

impl Weights for Memo<'_> {
    #[inline]
    fn weight(&self, feature: Feature) -> f32 {
        self.table.weight(feature)
    }

    #[inline]
    fn steps(&self, feature: Feature) -> f32 {
        self.table.steps(feature)
    }

    #[inline]
    fn unit(&self) -> f32 {
        self.table.unit()
    }

    #[inline]
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a few hundred steps")]
    fn known(&self, key: usize, steps: impl FnOnce() -> f32) -> f32 {
        let known = self.sums[key].load(Ordering::Relaxed);
        if known != 0 {
            return (i32::from(known) - ZERO) as f32;
        }
        let steps = steps();
        let kept = u16::try_from(steps as i32 + ZERO).expect("a sum of a few weights of one byte");
        self.sums[key].store(kept, Ordering::Relaxed);
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Features, Sum, Template};

    #[test]
    fn what_is_known_is_what_the_table_says() {
        let weights: Vec<f32> = (0_u8..16).map(|n| f32::from(n) - 8.0).collect();
        let bytes = Table::to_bytes(&weights, 8.0, &[]);
        let table = Table::from_bytes(&bytes).expect("what was just written");
        let sums = [const { AtomicU16::new(0) }; 8];
        let memo = Memo::new(table, &sums);
        for _ in 0..2 {
            for key in 0..8_u16 {
                let features = [Template(key).holds(), Template(key).value(3)];
                let mut sum = Sum::new(&memo);
                sum.push_known(usize::from(key), |to| features.iter().for_each(|feature| to.push(*feature)));
                assert!((sum.get() - table.score(&features)).abs() < 1e-4);
            }
        }
        assert!(sums.iter().all(|sum| sum.load(Ordering::Relaxed) != 0));
    }
}
