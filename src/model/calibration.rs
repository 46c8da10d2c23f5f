//! From a sum of weights to a probability.

/// Platt's sigmoid: the probability that a score is right is
/// `1 / (1 + exp(-(slope × score + offset)))`, with slope and offset fitted on
/// text that the weights were not learned from (Platt, "Probabilistic outputs
/// for support vector machines", 1999).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// What the score is multiplied by.
    pub slope: f32,
    /// What is added.
    pub offset: f32,
}

impl Calibration {
    /// Takes scores for the log-odds they claim to be.
    pub const NONE: Self = Self { slope: 1.0, offset: 0.0 };

    /// The probability behind `score`.
    #[must_use]
    pub fn probability(self, score: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * score + self.offset)).exp())
    }

    /// The score behind `probability`, which lies between 0 and 1.
    #[must_use]
    pub fn score(self, probability: f32) -> f32 {
        ((probability / (1.0 - probability)).ln() - self.offset) / self.slope
    }
}
