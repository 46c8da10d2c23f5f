//! Learning which blocks continue which: `models/seam.bin` and
//! `models/seam-vectors.bin`.

mod grams;
mod layer;
mod pages;
mod vectors;

pub use grams::{Settings, learn_text};
pub use layer::{calibrate_pairs, learn_pages, report};
pub use pages::{Page, pages};

use super::AdaGrad;
use crate::model::Calibration;
use crate::stages::rejoin::ngrams::Learned;
use vectors::Rows;

/// What is being learned.
#[derive(Clone, Debug)]
pub struct SeamModel {
    learned: Learned<AdaGrad, Rows>,
    calibration: Calibration,
}

impl SeamModel {
    /// Its files: the weights, and the vectors.
    #[must_use]
    pub fn to_files(&self) -> [Vec<u8>; 2] {
        [self.learned.weights.to_bytes(8.0, 0.02, &[self.calibration]), self.learned.vectors.to_bytes(2.0)]
    }
}
