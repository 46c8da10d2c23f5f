//! How far the sums of the model of `quotes` can be believed.
//!
//! What was learned of features seen seldom promises too much, and half of all
//! features are out of play while the weights are learned: on other text the
//! sums are a little too large or too small. Seven factors and seven terms of each
//! scorer mend that.

use super::marks::Page;
use super::quotes::{Lesson, lessons};
use crate::model::Calibration;
use crate::stages::quotes::{Evidence, Parts, Scale, Scaled, Scorer, Worth};

/// Two numbers for each part of a scale.
type Numbers = [[f32; 2]; Scale::LEN];

/// How far the sums of each of `scorers` can be believed on `pages`, which nothing
/// was learned from: the scales under which their marks are likeliest.
pub(super) fn fit_scales<'a>(pages: &[Page], scorers: &[&'a dyn Scorer]) -> Vec<Scaled<'a>> {
    const ROUNDS: usize = 4;
    const RATE: f32 = 0.05;
    let mut scaled: Vec<Scaled<'a>> = scorers.iter().map(|scorer| (*scorer, Scale::NONE)).collect();
    let mut squares = vec![[[1e-3_f32; 2]; Scale::LEN]; scorers.len()];
    let mut sums = vec![[[0.0_f64; 2]; Scale::LEN]; scorers.len()];
    let mut steps = 0.0;
    let mut summed = Vec::new();
    for page in pages {
        let Some(evidence) = Evidence::of(&page.document) else { continue };
        for lesson in lessons(page, &evidence) {
            let view = lesson.reading.view(&evidence);
            let parts: Vec<Parts> =
                scorers.iter().map(|scorer| scorer.parts(&lesson.reading, &view)).collect();
            drop(view);
            summed.push((lesson, parts));
        }
    }
    for round in 0..ROUNDS {
        for (lesson, parts) in &summed {
            let slopes = slopes(lesson, parts, &scaled);
            for (((_, scale), slopes), squares) in scaled.iter_mut().zip(slopes).zip(&mut squares) {
                step(scale, &slopes, squares, RATE);
            }
            if round + 1 == ROUNDS {
                steps += 1.0;
                for (sums, (_, scale)) in sums.iter_mut().zip(&scaled) {
                    for (sum, part) in sums.iter_mut().zip(scale.0) {
                        sum[0] += f64::from(part.slope);
                        sum[1] += f64::from(part.offset);
                    }
                }
            }
        }
    }
    if steps > 0.0 {
        // The mean over the last round: single steps are noise.
        #[expect(clippy::cast_possible_truncation, reason = "stored as f32")]
        let mean = |sum: f64| (sum / steps) as f32;
        for (sums, (_, scale)) in sums.into_iter().zip(&mut scaled) {
            *scale =
                Scale(sums.map(|[slope, offset]| Calibration { slope: mean(slope), offset: mean(offset) }));
        }
    }
    scaled
}

/// A step of `AdaGrad` against `slopes`.
fn step(scale: &mut Scale, slopes: &Numbers, squares: &mut Numbers, rate: f32) {
    for ((part, slopes), squares) in scale.0.iter_mut().zip(slopes).zip(squares) {
        let values = [&mut part.slope, &mut part.offset].into_iter();
        for ((value, slope), square) in values.zip(slopes).zip(squares) {
            *square += slope * slope;
            *value -= rate * slope / square.sqrt();
        }
    }
}

/// The slopes of the loss by each number of the scales; `parts` are those of each
/// scorer.
fn slopes(lesson: &Lesson<'_>, parts: &[Parts], scaled: &[Scaled<'_>]) -> Vec<Numbers> {
    let reading = &lesson.reading;
    let worth = parts.iter().zip(scaled).map(|(parts, (_, scale))| parts.worth(reading, scale));
    let errors = lesson.errors(&worth.reduce(Worth::plus).expect("somebody scores"));
    parts.iter().map(|parts| slopes_of(lesson, parts, &errors)).collect()
}

fn slopes_of(lesson: &Lesson<'_>, parts: &Parts, errors: &Parts) -> Numbers {
    let reading = &lesson.reading;
    let mut slopes = [[0.0; 2]; Scale::LEN];
    let mut add = |kind: usize, error: f32, sum: f32| {
        slopes[kind][0] += error * sum;
        slopes[kind][1] += error;
    };
    for ((pair, error), sum) in reading.pairs.iter().zip(&errors.pairs).zip(&parts.pairs) {
        add(Scale::PAIR + reading.class(*pair), *error, *sum);
    }
    for (index, end) in reading.ends.iter().enumerate() {
        add(Scale::OPENING, errors.opening[index], parts.opening[index]);
        add(Scale::CLOSING, errors.closing[index], parts.closing[index]);
        if end.is_gap() {
            add(Scale::UNUSED, errors.unused[index], parts.unused[index]);
        }
        add(Scale::SHARED, errors.shared[index], parts.shared[index]);
    }
    slopes
}
