//! Learning the weights of [`model`](crate::model) from text. Not part of what
//! cleans: behind the feature `train`, for the command `train` alone.

mod adagrad;
mod marks;
mod noise;
mod platt;
mod quotes;
mod tally;

pub use adagrad::{AdaGrad, Dropout};
pub use platt::calibrate;
pub use quotes::{Learned, Settings, quotes};
