//! Learning the weights of [`model`](crate::model) from text. Not part of what
//! cleans: behind the feature `train`, for the command `train` alone.

mod adagrad;
mod adam;
mod census;
#[cfg(feature = "cnn")]
pub mod cnn;
mod corpus;
mod lexicon;
mod logistic;
mod marks;
mod noise;
mod platt;
mod quotes;
mod rectifier;
mod scale;
pub mod seam;
mod tally;

pub use adagrad::{AdaGrad, Average, Dropout};
pub use census::Census;
pub use corpus::{Corpus, Part};
pub use lexicon::dictionary;
pub use platt::calibrate;
pub use quotes::{Learned, Settings, quotes};

use crate::model::{Feature, Weights};

/// Weights that learn.
pub trait Learner: Weights {
    /// Moves the weight of `feature` against `gradient`, the slope of the loss.
    fn step(&mut self, feature: Feature, gradient: f32);
}
