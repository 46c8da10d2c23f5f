//! Learning the weights of [`model`](crate::model) from text. Not part of what
//! cleans: behind the feature `train`, for the command `train` alone.

mod adagrad;
mod platt;

pub use adagrad::AdaGrad;
pub use platt::calibrate;
