//! Linear models over hashed features: what a judgement learned from text is
//! stored as, and how it is looked up. Lookup only; what the features are is
//! the business of the stage that judges, and how the weights come about that
//! of `train`.
//!
//! Feature hashing: Weinberger et al., "Feature hashing for large scale
//! multitask learning", ICML 2009.

mod calibration;
mod feature;
mod memo;
mod steps;
mod table;

pub use calibration::Calibration;
pub use feature::{Feature, Template};
pub use memo::Memo;
pub use steps::{from_steps, stored_len};
#[cfg(feature = "train")]
pub use steps::{to_steps, widest};
pub use table::{Table, TableError};

/// Something that knows what a feature is worth.
pub trait Weights {
    /// The weight of `feature`; 0 for one never seen in training, as long as it
    /// shares its place with none that was.
    fn weight(&self, feature: Feature) -> f32;

    /// The weight of `feature` in steps of [`unit`](Self::unit).
    #[inline]
    fn steps(&self, feature: Feature) -> f32 {
        self.weight(feature)
    }

    /// What a step is worth. Where weights are stored in steps, sums of them are
    /// whole numbers, and the same in any order.
    #[inline]
    fn unit(&self) -> f32 {
        1.0
    }

    /// The steps that all features of `key` are together, which are the same
    /// whenever it comes up; `steps` adds them up.
    #[inline]
    fn known(&self, _key: usize, steps: impl FnOnce() -> f32) -> f32 {
        steps()
    }

    /// The sum over `features`.
    fn score(&self, features: &[Feature]) -> f32 {
        features.iter().map(|feature| self.weight(*feature)).sum()
    }
}

/// Takes the features of something as they are made: a list, or [`Sum`].
pub trait Features {
    /// Takes the next one.
    fn push(&mut self, feature: Feature);

    /// Takes those that `make` pushes: always the same for the same `key`.
    #[inline]
    fn push_known(&mut self, _key: usize, make: impl Fn(&mut Self))
    where
        Self: Sized,
    {
        make(self);
    }
}

impl Features for Vec<Feature> {
    fn push(&mut self, feature: Feature) {
        self.push(feature);
    }
}

/// What features are worth together: adds them up as they come, which gives
/// what [`Weights::score`] makes of the list, but for the last digit.
#[derive(Debug)]
pub struct Sum<'a, W> {
    weights: &'a W,
    steps: f32,
}

impl<'a, W: Weights> Sum<'a, W> {
    /// The sum of none, by `weights`.
    pub fn new(weights: &'a W) -> Self {
        Self { weights, steps: 0.0 }
    }

    /// The sum so far.
    #[must_use]
    pub fn get(&self) -> f32 {
        self.steps * self.weights.unit()
    }
}

impl<W: Weights> Features for Sum<'_, W> {
    #[inline]
    fn push(&mut self, feature: Feature) {
        self.steps += self.weights.steps(feature);
    }

    #[inline]
    fn push_known(&mut self, key: usize, make: impl Fn(&mut Self)) {
        let steps = || {
            let mut sum = Self::new(self.weights);
            make(&mut sum);
            sum.steps
        };
        self.steps += self.weights.known(key, steps);
    }
}
