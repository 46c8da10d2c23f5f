//! Logistic regression over a few features.

/// Examples: features, and whether it was so.
pub(super) type Example<const N: usize> = ([f32; N], bool);

/// What keeps weights small that little speaks for; the first feature, which is
/// always 1, is left free.
const RIDGE: f64 = 1.0;
/// Steps of Newton's method; it has come to rest long before.
const STEPS: usize = 12;

/// The weights under which `examples` are most likely, by Newton's method.
#[must_use]
pub(super) fn fit<const N: usize>(examples: &[Example<N>]) -> [f32; N] {
    let mut weights = [0.0_f64; N];
    for _ in 0..STEPS {
        let (mut slopes, mut curve) = ([0.0_f64; N], vec![[0.0_f64; N]; N]);
        for at in 0..N {
            let ridge = if at == 0 { 1e-6 } else { RIDGE };
            slopes[at] = -ridge * weights[at];
            curve[at][at] = ridge;
        }
        for (features, right) in examples {
            let values = features.map(f64::from);
            let sum: f64 = weights.iter().zip(&values).map(|(weight, value)| weight * value).sum();
            let claim = 1.0 / (1.0 + (-sum).exp());
            let error = if *right { 1.0 - claim } else { -claim };
            for (at, value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                slopes[at] += error * value;
                let bend = claim * (1.0 - claim) * value;
                curve[at].iter_mut().zip(&values).for_each(|(sum, other)| *sum += bend * other);
            }
        }
        let step = solve(curve, slopes);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    #[expect(clippy::cast_possible_truncation, reason = "stored as f32")]
    weights.map(|weight| weight as f32)
}

/// The `x` for which `matrix` times `x` is `values`, by elimination.
fn solve<const N: usize>(mut matrix: Vec<[f64; N]>, mut values: [f64; N]) -> [f64; N] {
    for at in 0..N {
        let best = (at..N).max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs())).unwrap_or(at);
        matrix.swap(at, best);
        values.swap(at, best);
        let row = matrix[at];
        for below in at + 1..N {
            let factor = matrix[below][at] / row[at];
            matrix[below].iter_mut().zip(row).for_each(|(cell, above)| *cell -= factor * above);
            values[below] -= factor * values[at];
        }
    }
    let mut solved = [0.0; N];
    for at in (0..N).rev() {
        let known: f64 = matrix[at].iter().zip(solved).skip(at + 1).map(|(cell, x)| cell * x).sum();
        solved[at] = (values[at] - known) / matrix[at][at];
    }
    solved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_is_found() {
        // Right in 8 of 10 where the second feature is set, in 2 of 10 elsewhere;
        // the third means nothing.
        let example = |n: usize| {
            let is_set = n.is_multiple_of(2);
            let features = [1.0, if is_set { 1.0 } else { 0.0 }, (n % 3) as f32];
            (features, (n / 2 % 10 < 8) == is_set)
        };
        let examples: Vec<_> = (0..6000).map(example).collect();
        let [always, second, third] = fit(&examples);
        let odds = 4.0_f32.ln();
        assert!((always + odds).abs() < 0.02 && (second - 2.0 * odds).abs() < 0.02, "{always} {second}");
        assert!(third.abs() < 0.02, "{third}");
    }
}
