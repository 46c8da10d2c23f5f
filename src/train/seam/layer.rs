//! The second layer: pages.

use super::SeamModel;
use super::pages::Page;
use super::vectors::Rows;
use crate::eval::damage::Rng;
use crate::model::{Feature, Weights as _};
use crate::stages::rejoin::ngrams::Learned;
use crate::stages::rejoin::pairing::{Pair, pairs, scored, weigh};
use crate::stages::rejoin::seam::{Place, Seam, Seams};
use crate::train::{AdaGrad, Average, calibrate};

/// Rounds from which on the weights are averaged.
const SETTLED: u64 = 2;

/// Learns the second layer in `rounds`, each from what `pages` makes for it: the mean
/// of the weights after each.
///
/// # Errors
/// Those of `pages`.
pub fn learn_pages<E>(
    model: &mut SeamModel,
    rounds: u64,
    pages: impl Fn(u64) -> Result<Vec<Page>, E>,
) -> Result<(), E> {
    let mut average = Average::default();
    for round in 0..rounds {
        learn_round(&pages(round)?, &mut model.learned, round);
        if round >= SETTLED.min(rounds - 1) {
            average.take(&model.learned.weights);
        }
    }
    average.put_into(&mut model.learned.weights);
    Ok(())
}

/// One round, in a random order.
fn learn_round(pages: &[Page], learned: &mut Learned<AdaGrad, Rows>, round: u64) {
    let mut order: Vec<&Page> = pages.iter().collect();
    let mut rng = Rng::new(5, round);
    for last in (1..order.len()).rev() {
        order.swap(last, rng.below(last + 1));
    }
    for page in order {
        let (seams, examples) = look(page, learned);
        let scores: Vec<f32> = examples.iter().map(|(features, _)| learned.weights.score(features)).collect();
        for ((features, right), score) in examples.iter().zip(weigh(&seams, &scores)) {
            let claim = 1.0 / (1.0 + (-score).exp());
            let error = claim - if *right { 1.0 } else { 0.0 };
            for feature in features {
                learned.weights.step(*feature, error);
            }
        }
    }
}

fn look(page: &Page, learned: &Learned<AdaGrad, Rows>) -> (Vec<Seam>, Vec<(Vec<Feature>, bool)>) {
    let (mut seams, read) = read(page, learned);
    let examples = read.iter().map(|seam| (seams.features(seam), page.is_true(seam.place))).collect();
    (read, examples)
}

/// The seams of `page`, all read.
fn read<'a>(page: &'a Page, learned: &'a Learned<AdaGrad, Rows>) -> (Seams<'a, AdaGrad, Rows>, Vec<Seam>) {
    let seams = Seams::of(&page.document, learned);
    let read = seams.places().iter().map(|place| seams.read(*place)).collect();
    (seams, read)
}

fn judged(page: &Page, learned: &Learned<AdaGrad, Rows>) -> Vec<Pair> {
    let mut seams = Seams::of(&page.document, learned);
    let places = seams.places().to_vec();
    let scored = places.into_iter().map(|place| scored(&page.document, &mut seams, place));
    let (seams, scores): (Vec<Seam>, Vec<f32>) = scored.unzip();
    pairs(seams, &scores)
}

/// What makes probabilities of the scores of pairs.
pub fn calibrate_pairs(pages: &[Page], model: &mut SeamModel) {
    let mut scored = [Vec::new(), Vec::new()];
    for page in pages {
        for pair in judged(page, &model.learned) {
            let place = pair.seam.place;
            scored[place.calibration()].push((pair.score, page.is_true(place)));
        }
    }
    model.calibrations = scored.map(|scored| calibrate(&scored));
}

/// Thresholds that are reported on.
const LIMITS: [f32; 8] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995];

/// How many splits of `pages` are found from which probability on, and how many
/// joins are wrong: a line for each threshold. Every split counts, also one
/// that can't be told from two blocks that belong apart.
#[must_use]
pub fn report(pages: &[Page], model: &SeamModel) -> String {
    let (mut near, mut far) = (0, 0);
    let mut found = Vec::new();
    for page in pages {
        let seams = Seams::of(&page.document, &model.learned);
        let (close, wide): (Vec<Place>, Vec<Place>) =
            seams.places().iter().filter(|place| page.is_true(**place)).partition(|place| place.is_near());
        near += close.len();
        far += wide.len();
        for pair in judged(page, &model.learned) {
            let place = pair.seam.place;
            let probability = model.calibrations[place.calibration()].probability(pair.score);
            found.push((probability, page.is_true(place), place.is_near()));
        }
    }
    let mut told = format!("{} pages, {near} splits adjacent, {far} across\n", pages.len());
    for limit in LIMITS {
        let count = |right: bool, near: Option<bool>| {
            let kept = found.iter().filter(|(probability, ..)| *probability >= limit);
            kept.filter(|(_, is_right, is_near)| {
                *is_right == right && near.is_none_or(|near| near == *is_near)
            })
            .count()
        };
        let (close, wide, wrong) = (count(true, Some(true)), count(true, Some(false)), count(false, None));
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        told += &format!(
            "{limit}: adjacent {:.3}, across {:.3}, wrong {wrong} of {} joins ({:.4})\n",
            share(close, near),
            share(wide, far),
            close + wide + wrong,
            share(wrong, close + wide + wrong),
        );
    }
    told
}
