//! Weights while they are learned.

use crate::model::{Calibration, Feature, Table, Weights};

/// Keeps the first steps of a weight from being wild.
const SMOOTHING: f32 = 1e-6;

/// Weights with a rate of learning for each (`AdaGrad`: Duchi, Hazan and
/// Singer, "Adaptive subgradient methods", JMLR 2011). A feature that is seen
/// seldom moves far when it is seen.
#[derive(Clone, Debug)]
pub struct AdaGrad {
    bits: u32,
    rate: f32,
    decay: f32,
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl AdaGrad {
    /// 2^`bits` weights, all 0, that learn at `rate`; each step takes the part
    /// `decay` of a weight back towards 0 (the L2 penalty, paid only by
    /// features as they are seen).
    #[must_use]
    pub fn new(bits: u32, rate: f32, decay: f32) -> Self {
        Self { bits, rate, decay, weights: vec![0.0; 1 << bits], squares: vec![0.0; 1 << bits] }
    }

    /// Moves the weight of `feature` against `gradient`, the slope of the loss.
    pub fn step(&mut self, feature: Feature, gradient: f32) {
        let place = feature.place(self.bits);
        let weight = &mut self.weights[place];
        let slope = gradient + self.decay * *weight;
        let square = &mut self.squares[place];
        *square += slope * slope;
        *weight -= self.rate * slope / (*square + SMOOTHING).sqrt();
    }

    /// The weights as a [`Table`]'s file: rounded, those nearer to 0 than
    /// `floor` dropped.
    #[must_use]
    pub fn to_bytes(&self, limit: f32, floor: f32, calibrations: &[Calibration]) -> Vec<u8> {
        let kept: Vec<f32> = self.weights.iter().map(|w| if w.abs() < floor { 0.0 } else { *w }).collect();
        Table::to_bytes(&kept, limit, calibrations)
    }
}

impl Weights for AdaGrad {
    fn weight(&self, feature: Feature) -> f32 {
        self.weights[feature.place(self.bits)]
    }
}
