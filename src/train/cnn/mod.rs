//! Learning the network that is weighed beside the linear model of `quotes`.

mod gradient;

use ndarray::Array2;

use super::adam::{self, Adam};
use super::marks::Page;
use super::quotes::{Learned, calibrate, each_lesson, lessons, tuning_pages};
use crate::eval::damage::{Article, Rng};
use crate::model::{Table, TableError};
use crate::stages::quotes::cnn::{BIGRAM, CHARACTER, Inputs, Network};
use crate::stages::quotes::{Evidence, Parts, Scale, Scorer as _};

/// How the network is learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often the text is gone through, each time with other damage.
    pub epochs: u64,
    /// What chance is drawn from.
    pub seed: u64,
    /// The width of the first steps; the last ones are next to 0.
    pub rate: f32,
    /// The part of a step that takes numbers back towards 0.
    pub decay: f32,
    /// The part of all characters that are not seen.
    pub unseen_characters: f64,
    /// The part of all pairs of characters that are not seen.
    pub unseen_bigrams: f64,
    /// The part of all pages that have gaps which mean nothing.
    pub noise: f64,
}

/// Pages between two steps.
const BATCH: usize = 8;
/// In as many parts the pages of a step are gone through side by side.
const PARTS: usize = 2;

/// Learns a network from `articles`, calibrates it beside the linear model of the
/// file `linear` on `held_out`, and reports on both together on that and `others`.
/// `tell` hears how far it has come.
///
/// # Errors
/// If `linear` holds no weights.
pub fn cnn(
    articles: &[Vec<Article>],
    linear: &[u8],
    held_out: &[(String, Vec<Article>)],
    others: &[(String, Vec<Article>)],
    settings: &Settings,
    tell: &mut dyn FnMut(&str),
) -> Result<Learned, TableError> {
    let linear = Table::from_bytes(linear)?;
    let network = learn(articles, held_out, settings, tell);
    let stored = network.to_bytes(&[]);
    let (stored, _) = Network::from_bytes(&stored).expect("what was just written");
    let (calibrations, report) = calibrate(&[&linear, &stored], held_out, others, settings.seed);
    Ok(Learned { bytes: network.to_bytes(&calibrations), report })
}

fn learn(
    articles: &[Vec<Article>],
    held_out: &[(String, Vec<Article>)],
    settings: &Settings,
    tell: &mut dyn FnMut(&str),
) -> Network {
    let mut network = begin(settings.seed);
    let held = tuning_pages(held_out, 0.0, &mut Rng::new(settings.seed, 2));
    let mut adam = Adam::default();
    let mut rng = Rng::new(settings.seed, 0);
    for epoch in 0..settings.epochs {
        let mut pages = Vec::new();
        each_lesson(articles, settings.noise, &mut rng, |page| pages.push(page));
        let batches = pages.chunks(BATCH);
        let steps = batches.len();
        let mut errors = Errors::default();
        for (number, batch) in batches.enumerate() {
            let done = (epoch as f32 + number as f32 / steps as f32) / settings.epochs as f32;
            let rate = adam::rate(settings.rate, done);
            let mut slopes = slopes(&network, batch, settings, &mut rng);
            adam.step(network.numbers_mut(), slopes.gradient.numbers_mut(), rate, settings.decay);
            errors.add(slopes.errors);
        }
        let (learned, others) = (errors.mean(), Errors::of(&network, &held).mean());
        tell(&format!("epoch {epoch} of {}: wrong {learned:.4}, held out {others:.4}", settings.epochs));
    }
    network
}

/// A network of small random numbers, as wide as keeps what goes through it as large
/// as it came in (He et al., "Delving deep into rectifiers", ICCV 2015).
fn begin(seed: u64) -> Network {
    /// The width of the vectors, small beside what is learned of them.
    const VECTORS: f32 = 0.1;
    let mut network = Network::zeros();
    let mut rng = Rng::new(seed, 2);
    let mut fill = |matrix: &mut Array2<f32>, width: f32| {
        matrix.mapv_inplace(|_| (rng.below(2001) as f32 / 1000.0 - 1.0) * width);
    };
    let wide = |inputs: usize| (6.0 / inputs as f32).sqrt();
    fill(&mut network.vectors, VECTORS);
    let inputs = network.first.nrows();
    fill(&mut network.first, wide(inputs));
    let depth = network.layers.len() as f32;
    for layer in &mut network.layers {
        for tap in &mut layer.taps {
            let inputs = 3 * tap.nrows();
            // Each layer adds its own to what came in.
            fill(tap, wide(inputs) / depth.sqrt());
        }
    }
    let outputs = network.matched.iter_mut().chain([&mut network.ends]);
    for matrix in outputs {
        let inputs = matrix.nrows();
        fill(matrix, wide(inputs) / 4.0);
    }
    network
}

/// How far a network is from the right readings.
#[derive(Clone, Copy, Debug, Default)]
struct Errors {
    /// What is wrong about the shares of all pairs.
    sum: f64,
    readings: u32,
}

impl Errors {
    /// Those of `network` on `pages`.
    fn of(network: &Network, pages: &[Page]) -> Self {
        let mut all = Self::default();
        for page in pages {
            let Some(evidence) = Evidence::of(&page.document) else { continue };
            for lesson in lessons(page, &evidence) {
                let parts = network.parts(&lesson.reading, &lesson.reading.view(&evidence));
                all.count(&lesson.errors(&parts.worth(&lesson.reading, &Scale::NONE)));
            }
        }
        all
    }

    fn count(&mut self, errors: &Parts) {
        self.sum += f64::from(errors.pairs.iter().map(|error| error.abs()).sum::<f32>());
        self.readings += 1;
    }

    fn add(&mut self, other: Self) {
        self.sum += other.sum;
        self.readings += other.readings;
    }

    /// By reading.
    fn mean(self) -> f64 {
        self.sum / f64::from(self.readings)
    }
}

/// What pages say of a network.
struct Slopes {
    gradient: Network,
    errors: Errors,
}

/// What `batch` says of `network`, in parts that are gone through side by side.
fn slopes(network: &Network, batch: &[Page], settings: &Settings, rng: &mut Rng) -> Slopes {
    let seeds: Vec<u64> = batch.iter().map(|_| rng.below(usize::MAX) as u64).collect();
    let size = batch.len().div_ceil(PARTS);
    let parts = batch.chunks(size).zip(seeds.chunks(size));
    let mut all: Vec<Slopes> = std::thread::scope(|scope| {
        let threads: Vec<_> = parts
            .map(|(pages, seeds)| {
                scope.spawn(move || {
                    let mut slopes = Slopes { gradient: Network::zeros(), errors: Errors::default() };
                    for (page, seed) in pages.iter().zip(seeds) {
                        slopes.take(network, page, settings, &mut Rng::new(*seed, 3));
                    }
                    slopes
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    let mut sum = all.pop().expect("a batch has a page");
    for mut part in all {
        let numbers = sum.gradient.numbers_mut().into_iter().zip(part.gradient.numbers_mut());
        for (sums, others) in numbers {
            sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += *other);
        }
        sum.errors.add(part.errors);
    }
    sum
}

impl Slopes {
    fn take(&mut self, network: &Network, page: &Page, settings: &Settings, rng: &mut Rng) {
        let Some(evidence) = Evidence::of(&page.document) else { return };
        for lesson in lessons(page, &evidence) {
            let reading = &lesson.reading;
            let mut inputs = Inputs::of(&reading.view(&evidence));
            inputs.all.retain(|input| match input.slot {
                CHARACTER => !rng.chance(settings.unseen_characters),
                BIGRAM => !rng.chance(settings.unseen_bigrams),
                _ => true,
            });
            let states = network.read(&inputs);
            let worth = network.score(reading, &states).worth(reading, &Scale::NONE);
            let errors = lesson.errors(&worth);
            gradient::add(network, reading, (&inputs, &states), &errors, &mut self.gradient);
            self.errors.count(&errors);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::damage::articles;

    #[test]
    fn the_same_text_teaches_the_same_network() {
        let text = articles(include_str!("../../../examples/articles.txt"));
        let held_out = [("articles".to_owned(), text.clone())];
        let settings = Settings {
            epochs: 30,
            seed: 1,
            rate: 0.005,
            decay: 0.2,
            unseen_characters: 0.15,
            unseen_bigrams: 0.5,
            noise: 0.1,
        };
        let learned = || learn(std::slice::from_ref(&text), &held_out, &settings, &mut |_| {});
        let network = learned();
        assert_eq!(network.to_bytes(&[]), learned().to_bytes(&[]));
        let pages = tuning_pages(&held_out, 0.0, &mut Rng::new(5, 0));
        let [before, after] = [&begin(1), &network].map(|network| Errors::of(network, &pages).mean());
        assert!(after < before / 2.0, "it has seen this very text: {after} for {before}");
    }
}
