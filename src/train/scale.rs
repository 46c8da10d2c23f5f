//! How far the sums of the model of `quotes` can be believed.
//!
//! What was learned of features seen seldom promises too much, and half of all
//! features are out of play while the weights are learned: on other text the
//! sums are a little too large or too small. Seven factors and seven terms mend
//! that.

use super::marks::Page;
use super::quotes::{Lesson, lessons};
use crate::model::{Calibration, Weights};
use crate::stages::quotes::{Evidence, Parts, Scale, marginals};

/// How far the sums of `weights` can be believed on `pages`, which nothing was
/// learned from: the scale under which their marks are likeliest.
pub(super) fn fit_scale(pages: &[Page], weights: &impl Weights) -> Scale {
    const ROUNDS: usize = 4;
    const RATE: f32 = 0.05;
    let mut scale = Scale::NONE;
    let mut squares = [[1e-3_f32; 2]; Scale::LEN];
    let (mut sums, mut steps) = ([[0.0_f64; 2]; Scale::LEN], 0.0);
    let mut summed = Vec::new();
    for page in pages {
        let Some(evidence) = Evidence::of(&page.document) else { continue };
        for lesson in lessons(page, &evidence) {
            let parts = lesson.reading.parts(&lesson.reading.view(&evidence), weights);
            summed.push((lesson, parts));
        }
    }
    for round in 0..ROUNDS {
        for (lesson, parts) in &summed {
            let slopes = slopes(lesson, parts, &scale);
            for ((part, slopes), squares) in scale.0.iter_mut().zip(slopes).zip(&mut squares) {
                let values = [&mut part.slope, &mut part.offset].into_iter();
                for ((value, slope), square) in values.zip(slopes).zip(squares) {
                    *square += slope * slope;
                    *value -= RATE * slope / square.sqrt();
                }
            }
            if round + 1 == ROUNDS {
                steps += 1.0;
                for (sum, part) in sums.iter_mut().zip(scale.0) {
                    sum[0] += f64::from(part.slope);
                    sum[1] += f64::from(part.offset);
                }
            }
        }
    }
    if steps > 0.0 {
        // The mean over the last round: single steps are noise.
        #[expect(clippy::cast_possible_truncation, reason = "stored as f32")]
        let mean = |sum: f64| (sum / steps) as f32;
        scale = Scale(sums.map(|[slope, offset]| Calibration { slope: mean(slope), offset: mean(offset) }));
    }
    scale
}

/// The slopes of the loss by each number of `scale`.
fn slopes(lesson: &Lesson<'_>, parts: &Parts, scale: &Scale) -> [[f32; 2]; Scale::LEN] {
    let reading = &lesson.reading;
    let found = marginals(reading.ends.len(), &reading.pairs, &parts.worth(reading, scale));
    let (mut errors, mut unused, mut shared) = (found.pairs, found.unused, found.shared);
    lesson.subtract_truth(&mut errors, &mut unused, &mut shared);
    let mut slopes = [[0.0; 2]; Scale::LEN];
    let mut add = |kind: usize, error: f32, sum: f32| {
        slopes[kind][0] += error * sum;
        slopes[kind][1] += error;
    };
    for ((pair, error), sum) in reading.pairs.iter().zip(&errors).zip(&parts.pairs) {
        add(Scale::PAIR + reading.class(*pair), *error, *sum);
        add(Scale::OPENING, *error, parts.opening[pair.open]);
        add(Scale::CLOSING, *error, parts.closing[pair.close]);
    }
    for (index, end) in reading.ends.iter().enumerate() {
        if end.is_gap() {
            add(Scale::UNUSED, unused[index], parts.unused[index]);
        }
        add(Scale::SHARED, shared[index], parts.shared[index]);
    }
    slopes
}
