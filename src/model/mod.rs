//! Linear models over hashed features: what a judgement learned from text is
//! stored as, and how it is looked up. Lookup only; what the features are is
//! the business of the stage that judges, and how the weights come about that
//! of `train`.
//!
//! Feature hashing: Weinberger et al., "Feature hashing for large scale
//! multitask learning", ICML 2009.

mod calibration;
mod feature;
mod table;

pub use calibration::Calibration;
pub use feature::{Feature, Template};
pub use table::{Table, TableError};

/// Something that knows what a feature is worth.
pub trait Weights {
    /// The weight of `feature`; 0 for one never seen in training, as long as it
    /// shares its place with none that was.
    fn weight(&self, feature: Feature) -> f32;

    /// The sum over `features`.
    fn score(&self, features: &[Feature]) -> f32 {
        features.iter().map(|feature| self.weight(*feature)).sum()
    }
}

/// Takes the features of something as they are made: a list, or [`Sum`].
pub trait Features {
    /// Takes the next one.
    fn push(&mut self, feature: Feature);
}

impl Features for Vec<Feature> {
    fn push(&mut self, feature: Feature) {
        self.push(feature);
    }
}

/// What features are worth together: adds them up as they come, which gives
/// what [`Weights::score`] makes of the list.
#[derive(Debug)]
pub struct Sum<'a, W> {
    weights: &'a W,
    sum: f32,
}

impl<'a, W: Weights> Sum<'a, W> {
    /// The sum of none, by `weights`.
    pub fn new(weights: &'a W) -> Self {
        Self { weights, sum: 0.0 }
    }

    /// The sum so far.
    #[must_use]
    pub fn get(&self) -> f32 {
        self.sum
    }
}

impl<W: Weights> Features for Sum<'_, W> {
    #[inline]
    fn push(&mut self, feature: Feature) {
        self.sum += self.weights.weight(feature);
    }
}
