//! Weights while they are learned.

use super::{Census, Learner};
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

    /// The weights of `table`, that learn at `rate` from there.
    #[must_use]
    pub fn from_table(table: &Table<'_>, rate: f32, decay: f32) -> Self {
        let weights: Vec<f32> = table.all().collect();
        Self { bits: weights.len().ilog2(), rate, decay, squares: vec![0.0; weights.len()], weights }
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

/// The mean of weights as they were at several times, which wavers less than what
/// the last pages left (Polyak and Juditsky, "Acceleration of stochastic
/// approximation by averaging", 1992).
#[derive(Clone, Debug, Default)]
pub struct Average {
    sums: Vec<f32>,
    count: f32,
}

impl Average {
    /// Takes `weights` as they are now.
    pub fn take(&mut self, weights: &AdaGrad) {
        self.sums.resize(weights.weights.len(), 0.0);
        self.sums.iter_mut().zip(&weights.weights).for_each(|(sum, weight)| *sum += weight);
        self.count += 1.0;
    }

    /// Puts the mean in the place of `weights`, which stay as they are if none were
    /// taken.
    pub fn put_into(&self, weights: &mut AdaGrad) {
        weights.weights.iter_mut().zip(&self.sums).for_each(|(weight, sum)| *weight = sum / self.count);
    }
}

/// Weights of which a part is out of play: what is learned must not lean on any
/// single feature (dropout: Srivastava et al., JMLR 2014). The others count for
/// more, so that sums stay as large.
#[derive(Debug)]
pub struct Dropout<'a> {
    weights: &'a mut AdaGrad,
    /// Features that it does not know are out of play for good.
    census: &'a Census,
    /// From 0 to 1.
    share: f32,
    seed: u64,
}

impl<'a> Dropout<'a> {
    /// `weights` without the part `share`, which `seed` picks.
    pub fn new(weights: &'a mut AdaGrad, census: &'a Census, share: f32, seed: u64) -> Self {
        Self { weights, census, share, seed }
    }

    fn is_in_play(&self, feature: Feature) -> bool {
        const BITS: u32 = 16;
        #[expect(clippy::cast_precision_loss, reason = "16 bits")]
        let drawn = feature.and(self.seed).place(BITS) as f32;
        drawn >= self.share * (1u32 << BITS) as f32 && self.census.knows(feature)
    }
}

impl Learner for Dropout<'_> {
    fn step(&mut self, feature: Feature, gradient: f32) {
        if self.is_in_play(feature) {
            self.weights.step(feature, gradient / (1.0 - self.share));
        }
    }
}

impl Weights for Dropout<'_> {
    fn weight(&self, feature: Feature) -> f32 {
        if self.is_in_play(feature) { self.weights.weight(feature) / (1.0 - self.share) } else { 0.0 }
    }
}

impl Weights for AdaGrad {
    fn weight(&self, feature: Feature) -> f32 {
        self.weights[feature.place(self.bits)]
    }
}
