//! Vectors while they are learned.

use crate::eval::damage::Rng;
use crate::model::{Feature, Table};
use crate::stages::rejoin::ngrams::{Vectors, WIDTH};

/// Half the width of the range in which numbers start, in thousandths.
const SPREAD: usize = 150;

/// Vectors with a rate of learning for each.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    bits: u32,
    rate: f32,
    rows: Vec<[f32; WIDTH]>,
    squares: Vec<f32>,
}

impl Rows {
    /// 2^`bits` vectors of small random numbers.
    #[must_use]
    pub(super) fn new(bits: u32, rate: f32) -> Self {
        let mut rng = Rng::new(0, 0);
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let mut number = || rng.below(2 * SPREAD + 1) as f32 / 1000.0 - SPREAD as f32 / 1000.0;
        let rows = (0..1 << bits).map(|_| std::array::from_fn(|_| number())).collect();
        Self { bits, rate, rows, squares: vec![1e-3; 1 << bits] }
    }

    /// The vectors of `table`, that learn at `rate` from there.
    #[must_use]
    pub(super) fn from_table(table: &Table<'_>, rate: f32) -> Self {
        let numbers: Vec<f32> = table.all().collect();
        let rows: Vec<[f32; WIDTH]> = numbers.as_chunks().0.to_vec();
        Self { bits: rows.len().ilog2(), rate, squares: vec![1e-3; rows.len()], rows }
    }

    /// Moves the vectors of `features` against `gradient`.
    pub(crate) fn step(&mut self, features: &[Feature], gradient: &[f32; WIDTH]) {
        let square = gradient.iter().map(|g| g * g).sum::<f32>() / gradient.len() as f32;
        for feature in features {
            let at = feature.place(self.bits);
            self.squares[at] += square;
            let rate = self.rate / self.squares[at].sqrt();
            for (number, slope) in self.rows[at].iter_mut().zip(gradient) {
                *number -= rate * slope;
            }
        }
    }

    /// The vectors as a [`Table`]'s file.
    #[must_use]
    pub(super) fn to_bytes(&self, limit: f32) -> Vec<u8> {
        Table::to_bytes(self.rows.as_flattened(), limit, &[])
    }
}

impl Vectors for Rows {
    fn add(&self, feature: Feature, sum: &mut [f32; WIDTH]) {
        for (sum, number) in sum.iter_mut().zip(&self.rows[feature.place(self.bits)]) {
            *sum += number;
        }
    }
}
