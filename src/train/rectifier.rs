//! Rectifiers of the networks, backwards.

use ndarray::{Array2, Zip};

/// Takes `slopes` back through a rectifier, which let through what is `active`.
pub(super) fn rectify(slopes: &mut Array2<f32>, active: &Array2<f32>) {
    Zip::from(slopes).and(active).for_each(|slope, active| {
        if *active <= 0.0 {
            *slope = 0.0;
        }
    });
}
