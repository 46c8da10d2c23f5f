//! Steps of learning whose width each number has of its own.

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015),
/// with the decay of weights set apart (Loshchilov and Hutter, "Decoupled weight
/// decay regularization", ICLR 2019).
#[derive(Debug, Default)]
pub(super) struct Adam {
    /// The means of the slopes, and of their squares, of each list of numbers.
    means: Vec<[Vec<f32>; 2]>,
    steps: i32,
}

/// How much of the mean of the slopes, and of their squares, is kept at each step.
const KEPT: (f32, f32) = (0.9, 0.999);
/// Keeps steps small where slopes are.
const SMOOTHING: f32 = 1e-8;

/// The part of all steps that grow, so that the first ones don't run wild.
const WARM_UP: f32 = 0.02;

/// The rate of a step where the part `done` of all of them is behind, and the widest
/// are at `widest`: it falls to 0.
pub(super) fn rate(widest: f32, done: f32) -> f32 {
    widest * (1.0 - done) * (done / WARM_UP).min(1.0)
}

impl Adam {
    /// Moves `numbers`, always the same lists, against `slopes` at `rate`, and the part
    /// `decay` of that rate towards 0.
    pub(super) fn step(&mut self, numbers: Vec<&mut [f32]>, slopes: Vec<&mut [f32]>, rate: f32, decay: f32) {
        if self.means.is_empty() {
            self.means = numbers.iter().map(|list| [vec![0.0; list.len()], vec![0.0; list.len()]]).collect();
        }
        self.steps += 1;
        // The means began at 0.
        let begun = |kept: f32| 1.0 - kept.powi(self.steps);
        let (mean_begun, square_begun) = (begun(KEPT.0), begun(KEPT.1));
        for ((numbers, slopes), [means, squares]) in numbers.into_iter().zip(slopes).zip(&mut self.means) {
            let each = numbers.iter_mut().zip(slopes).zip(means).zip(squares);
            for (((number, slope), mean), square) in each {
                *mean = KEPT.0 * *mean + (1.0 - KEPT.0) * *slope;
                *square = KEPT.1 * *square + (1.0 - KEPT.1) * *slope * *slope;
                let step = (*mean / mean_begun) / ((*square / square_begun).sqrt() + SMOOTHING);
                *number -= rate * (step + decay * *number);
            }
        }
    }
}
