//! Learning the weights of [`model`](crate::model) from text. Not part of what
//! cleans: behind the feature `train`, for the command `train` alone.

mod adagrad;
mod corpus;
mod lexicon;
mod logistic;
mod marks;
mod noise;
mod platt;
mod quotes;
mod scale;
pub mod seam;
mod tally;

pub use adagrad::{AdaGrad, Dropout};
pub use corpus::{Corpus, Part};
pub use lexicon::dictionary;
pub use platt::calibrate;
pub use quotes::{Learned, Settings, quotes};
