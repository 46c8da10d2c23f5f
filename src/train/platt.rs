//! Fitting a [`Calibration`].

use crate::model::Calibration;

/// The calibration under which `scores`, each with whether it was right, are
/// most likely. Newton's method with halved steps, on targets that are kept off
/// 0 and 1 as Platt has them, so that a perfect separation stays finite.
#[must_use]
pub fn calibrate(scores: &[(f32, bool)]) -> Calibration {
    let right = scores.iter().filter(|(_, right)| *right).count() as f64;
    let wrong = scores.len() as f64 - right;
    if scores.is_empty() {
        return Calibration::NONE;
    }
    let targets = [1.0 / (wrong + 2.0), (right + 1.0) / (right + 2.0)];
    let (mut slope, mut offset) = (0.0, ((right + 1.0) / (wrong + 1.0)).ln());
    for _ in 0..100 {
        let (gradient, hessian) = derivatives(scores, targets, slope, offset);
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let step = [
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        ];
        let before = loss(scores, targets, slope, offset);
        let mut share = 1.0;
        while share > 1e-6
            && loss(scores, targets, slope - share * step[0], offset - share * step[1]) > before
        {
            share /= 2.0;
        }
        slope -= share * step[0];
        offset -= share * step[1];
        if step[0].abs() + step[1].abs() < 1e-9 {
            break;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "stored as f32")]
    Calibration { slope: slope as f32, offset: offset as f32 }
}

fn derivatives(scores: &[(f32, bool)], targets: [f64; 2], slope: f64, offset: f64) -> ([f64; 2], [f64; 3]) {
    let mut gradient = [0.0; 2];
    // The ridge keeps the step finite where all scores are the same.
    let mut hessian = [1e-9, 0.0, 1e-9];
    for (score, right) in scores {
        let score = f64::from(*score);
        let p = 1.0 / (1.0 + (-(slope * score + offset)).exp());
        let (error, weight) = (p - targets[usize::from(*right)], p * (1.0 - p));
        gradient[0] += error * score;
        gradient[1] += error;
        hessian[0] += weight * score * score;
        hessian[1] += weight * score;
        hessian[2] += weight;
    }
    (gradient, hessian)
}

fn loss(scores: &[(f32, bool)], targets: [f64; 2], slope: f64, offset: f64) -> f64 {
    let of = |(score, right): &(f32, bool)| {
        let (claim, target) = (slope * f64::from(*score) + offset, targets[usize::from(*right)]);
        // ln(1 + exp(claim)) - target × claim, without overflow.
        claim.max(0.0) + (-claim.abs()).exp().ln_1p() - target * claim
    };
    scores.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_right_becomes_the_probability() {
        let scores: Vec<_> = (0..1000).map(|n| (if n % 2 == 0 { 3.0 } else { -3.0 }, n % 10 < 2)).collect();
        // Of the even ones 1 in 5 is right, of the odd ones 1 in 5.
        let calibration = calibrate(&scores);
        assert!((calibration.probability(3.0) - 0.2).abs() < 0.01);
        assert!((calibration.probability(-3.0) - 0.2).abs() < 0.01);
    }

    #[test]
    fn overconfident_scores_are_flattened() {
        let scores: Vec<_> =
            (0..1000).map(|n| (if n % 2 == 0 { 9.0 } else { -9.0 }, n % 20 < 18 && n % 2 == 0)).collect();
        let calibration = calibrate(&scores);
        assert!(calibration.slope < 0.9, "{calibration:?}");
        assert!((calibration.probability(9.0) - 0.9).abs() < 0.01, "{calibration:?}");
    }
}
