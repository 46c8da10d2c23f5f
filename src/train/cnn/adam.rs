//! Steps of learning whose width each number has of its own.

use crate::stages::quotes::cnn::Network;

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015),
/// with the decay of weights set apart (Loshchilov and Hutter, "Decoupled weight
/// decay regularization", ICLR 2019).
pub(super) struct Adam {
    means: Network,
    squares: Network,
    steps: i32,
}

/// How much of the mean of the slopes, and of their squares, is kept at each step.
const KEPT: (f32, f32) = (0.9, 0.999);
/// Keeps steps small where slopes are.
const SMOOTHING: f32 = 1e-8;

impl Adam {
    pub(super) fn new() -> Self {
        Self { means: Network::zeros(), squares: Network::zeros(), steps: 0 }
    }

    /// Moves `network` against `gradient` at `rate`, and the part `decay` of that rate
    /// towards 0.
    pub(super) fn step(&mut self, network: &mut Network, gradient: &mut Network, rate: f32, decay: f32) {
        self.steps += 1;
        // The means began at 0.
        let begun = |kept: f32| 1.0 - kept.powi(self.steps);
        let (mean_begun, square_begun) = (begun(KEPT.0), begun(KEPT.1));
        let lists = [network, gradient, &mut self.means, &mut self.squares].map(Network::numbers_mut);
        let [numbers, slopes, means, squares] = lists;
        for (((numbers, slopes), means), squares) in numbers.into_iter().zip(slopes).zip(means).zip(squares) {
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
