//! Learning which blocks continue which: `models/seam.bin` and
//! `models/seam-vectors.bin`.

pub mod encoder;
mod grams;
mod layer;
mod pages;
mod vectors;

pub use grams::{Settings, learn_text};
pub use layer::{calibrate_pairs, learn_pages, report};
pub use pages::{Page, pages};

use super::AdaGrad;
use crate::model::{Calibration, Table, TableError};
use crate::stages::rejoin::encoder::{Encoder, Reader};
use crate::stages::rejoin::ngrams::Learned;
use vectors::Rows;

/// What is being learned.
#[derive(Clone, Debug)]
pub struct SeamModel {
    learned: Learned<AdaGrad, Rows>,
    /// For rests in the next block, and farther ones.
    calibrations: [Calibration; 2],
}

impl SeamModel {
    /// The model of these files, to learn its second layer anew.
    ///
    /// # Errors
    /// If they hold no weights, or `encoder` is none.
    pub fn from_files(
        weights: &[u8],
        vectors: &[u8],
        encoder: &[u8],
        how: &Settings,
    ) -> Result<Self, TableError> {
        let weights = AdaGrad::from_table(&Table::from_bytes(weights)?, how.rate, grams::DECAY);
        let vectors = Rows::from_table(&Table::from_bytes(vectors)?, how.vector_rate);
        let reader = Reader::of(Encoder::from_bytes(encoder)?);
        Ok(Self { learned: Learned { weights, vectors, reader }, calibrations: [Calibration::NONE; 2] })
    }

    /// Its files: the weights, and the vectors.
    #[must_use]
    pub fn to_files(&self) -> [Vec<u8>; 2] {
        [self.learned.weights.to_bytes(8.0, 0.02, &self.calibrations), self.learned.vectors.to_bytes(2.0)]
    }
}
