//! Learning the encoder of the seams: `models/seam-encoder.bin`. Every place inside a
//! sentence of running text is an example: what stands behind it is to be told from what
//! stands behind the other places of the same batch, and what stands before it likewise.

mod gradient;
mod loss;

use std::collections::HashMap;

use super::grams::running;
use crate::chars::ends_sentence;
use crate::eval::damage::Rng;
use crate::stages::rejoin::encoder::{BEFORE, BEHIND, Encoder};
use crate::train::adam::{self, Adam};
use gradient::Read;
use loss::errors;

/// How the encoder is learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Times the text is gone through.
    pub epochs: usize,
    /// What chance is drawn from.
    pub seed: u64,
    /// The width of the first steps; the last ones are next to 0.
    pub rate: f32,
    /// The part of a step that takes numbers back towards 0.
    pub decay: f32,
    /// How often a character has to stand in the text to have a vector of its own.
    pub least: usize,
}

impl Default for Settings {
    /// What the shipped encoder was learned with.
    fn default() -> Self {
        Self { epochs: 6, seed: 1, rate: 0.002, decay: 0.01, least: 3 }
    }
}

/// Code points of a batch, at least.
const BATCH: usize = 4096;
/// Code points of a passage, at least, if its document has as many.
const PASSAGE: usize = 400;
/// Places that are told from each other.
const GROUP: usize = 512;
/// The length of a step's slopes, at most (Pascanu, Mikolov and Bengio, "On the
/// difficulty of training recurrent neural networks", ICML 2013).
const LONGEST: f32 = 1.0;

/// Paragraphs of a document that stand below each other, folded.
type Passage = Vec<Vec<char>>;

/// Learns an encoder from `documents` and returns its file. `tell` hears how far it has
/// come.
#[must_use]
pub fn learn_encoder(documents: &[&[String]], settings: &Settings, tell: &mut dyn FnMut(&str)) -> Vec<u8> {
    let mut passages: Vec<Passage> = documents.iter().flat_map(|document| passages(document)).collect();
    let mut encoder = begin(characters(&passages, settings.least), settings.seed);
    let mut rng = Rng::new(settings.seed, 1);
    let mut adam = Adam::default();
    for epoch in 0..settings.epochs {
        rng.shuffle(&mut passages);
        let (mut loss, steps) = (0.0, batches(&passages).count());
        for (number, batch) in batches(&passages).enumerate() {
            let batch = Batch::of(batch, &encoder, &mut rng);
            let done = (epoch as f32 + number as f32 / steps as f32) / settings.epochs as f32;
            let rate = adam::rate(settings.rate, done);
            let (of_batch, mut slopes) = slopes(&encoder, &batch);
            shorten(&mut slopes);
            adam.step(encoder.numbers_mut(), slopes.numbers_mut(), rate, settings.decay);
            loss += of_batch / steps as f64;
        }
        tell(&format!("epoch {epoch} of {}: loss {:.4}", settings.epochs, loss));
    }
    encoder.to_bytes()
}

/// The running text of `document` in passages.
fn passages(document: &[String]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = vec![Vec::new()];
    let mut length = 0;
    for paragraph in document.iter().filter_map(|paragraph| running(paragraph)) {
        if length >= PASSAGE {
            passages.push(Vec::new());
            length = 0;
        }
        length += paragraph.len();
        passages.last_mut().expect("it begins with one").push(paragraph);
    }
    passages.retain(|passage| !passage.is_empty());
    passages
}

/// The characters that stand `least` times or more in `passages`, sorted.
fn characters(passages: &[Passage], least: usize) -> Vec<char> {
    let mut counts: HashMap<char, usize> = HashMap::new();
    passages.iter().flatten().flatten().for_each(|c| *counts.entry(*c).or_default() += 1);
    let mut often: Vec<char> =
        counts.into_iter().filter(|(_, count)| *count >= least).map(|(c, _)| c).collect();
    often.sort_unstable();
    often
}

/// `passages` by the batch.
fn batches(passages: &[Passage]) -> impl Iterator<Item = &[Passage]> {
    let mut rest = passages;
    std::iter::from_fn(move || {
        let mut length = 0;
        let is_short = |passage: &&Passage| {
            let before = length;
            length += passage.iter().map(Vec::len).sum::<usize>();
            before < BATCH
        };
        let count = rest.iter().take_while(is_short).count();
        let (batch, behind) = rest.split_at(count);
        rest = behind;
        (!batch.is_empty()).then_some(batch)
    })
}

/// An encoder of random numbers, small enough for what it adds up not to grow on the way:
/// of a matrix, no larger than one by the root of how many numbers go in.
fn begin(characters: Vec<char>, seed: u64) -> Encoder {
    /// The width of the vectors of characters.
    const VECTORS: f32 = 0.5;
    let mut encoder = Encoder::zeros(characters);
    let mut rng = Rng::new(seed, 2);
    let mut fill = |numbers: &mut [f32], width: f32| {
        numbers.iter_mut().for_each(|number| *number = (rng.below(2001) as f32 / 1000.0 - 1.0) * width);
    };
    let width = |matrix: &[f32], columns: usize| (matrix.len() as f32 / columns as f32).sqrt().recip();
    fill(&mut encoder.vectors, VECTORS);
    for side in &mut encoder.sides {
        let columns = side.first.bias.len();
        let first = width(&side.first.weights, columns);
        fill(&mut side.first.weights, first);
        for level in &mut side.levels {
            let width = width(&level.there, columns);
            fill(&mut level.here.weights, width);
            fill(&mut level.there, width);
        }
        let last = width(&side.last.weights, side.last.bias.len());
        fill(&mut side.last.weights, last);
    }
    encoder
}

/// Text that is gone through in one step.
struct Batch {
    /// Of each position, the row of its character.
    rows: Vec<usize>,
    /// Where paragraphs begin and end.
    paragraphs: Vec<std::ops::Range<usize>>,
    /// Positions with a place before them that is inside a sentence, in a random order.
    places: Vec<usize>,
}

impl Batch {
    fn of(passages: &[Passage], encoder: &Encoder, rng: &mut Rng) -> Self {
        let mut batch = Self { rows: Vec::new(), paragraphs: Vec::new(), places: Vec::new() };
        for paragraph in passages.iter().flatten() {
            let start = batch.rows.len();
            batch.rows.extend(paragraph.iter().map(|c| encoder.row(*c)));
            batch.paragraphs.push(start..batch.rows.len());
            let inside = (1..paragraph.len()).filter(|&at| !ends_sentence(paragraph[at - 1]));
            batch.places.extend(inside.map(|at| start + at));
        }
        rng.shuffle(&mut batch.places);
        batch
    }

    /// The positions that are looked at from `side`: those next to the places, and, of
    /// what stands behind, the beginnings of paragraphs, which go on nowhere.
    fn positions(&self, side: usize) -> Vec<usize> {
        if side == BEFORE {
            return self.places.iter().map(|at| at - 1).collect();
        }
        self.places.iter().copied().chain(self.paragraphs.iter().map(|paragraph| paragraph.start)).collect()
    }
}

/// How far `encoder` is from telling what goes on where in `batch`, and the slopes of that.
fn slopes(encoder: &Encoder, batch: &Batch) -> (f64, Encoder) {
    let sides = [BEFORE, BEHIND];
    let [before, behind] = side_by_side(sides.map(|side| move || Read::of(encoder, side, batch)));
    let (loss, [of_before, of_behind]) = errors(&before.vectors, &behind.vectors, batch.places.len());
    let works = [(&before, &of_before), (&behind, &of_behind)]
        .map(|(read, errors)| move || read.slopes(encoder, batch, errors));
    let [mut sum, mut other] = side_by_side(works);
    for (sums, others) in sum.numbers_mut().into_iter().zip(other.numbers_mut()) {
        sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += *other);
    }
    (loss, sum)
}

/// Does two works at once.
fn side_by_side<T: Send>([first, second]: [impl FnOnce() -> T + Send; 2]) -> [T; 2] {
    std::thread::scope(|scope| {
        let second = scope.spawn(second);
        [first(), second.join().expect("it does not panic")]
    })
}

/// Makes `slopes` no longer than [`LONGEST`].
fn shorten(slopes: &mut Encoder) {
    let squares: f32 =
        slopes.numbers_mut().iter().flat_map(|list| list.iter()).map(|slope| slope * slope).sum();
    let length = squares.sqrt();
    if length > LONGEST {
        let part = LONGEST / length;
        slopes.numbers_mut().into_iter().flatten().for_each(|slope| *slope *= part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::rejoin::encoder::Reader;
    use crate::train::Corpus;

    /// The shipped articles.
    fn documents() -> Vec<Vec<String>> {
        Corpus::of(include_str!("../../../../examples/articles.txt")).documents
    }

    #[test]
    fn the_same_text_teaches_the_same_encoder() {
        let documents = documents();
        let documents: Vec<&[String]> = documents.iter().map(Vec::as_slice).collect();
        let settings = Settings { epochs: 60, rate: 0.01, ..Settings::default() };
        let mut losses = Vec::new();
        let mut learned = || {
            learn_encoder(&documents, &settings, &mut |told| {
                losses
                    .push(told.rsplit(' ').next().and_then(|loss| loss.parse::<f64>().ok()).expect("a loss"));
            })
        };
        assert_eq!(learned(), learned());
        assert!(losses[59] < losses[0] * 0.7, "it has seen this very text: {losses:?}");
    }

    #[test]
    fn whole_paragraphs_are_read_as_their_places_are() {
        let documents = documents();
        let passages = passages(&documents[0]);
        let encoder = begin(characters(&passages, 2), 1);
        let batch = Batch::of(&passages, &encoder, &mut Rng::new(1, 0));
        let paragraphs: Vec<&Vec<char>> = passages.iter().flatten().collect();
        let reader = Reader::of(encoder.clone());
        for side in [BEFORE, BEHIND] {
            let read = Read::of(&encoder, side, &batch);
            for (position, vector) in batch.positions(side).iter().zip(read.vectors.rows()).take(300) {
                let number =
                    batch.paragraphs.iter().position(|range| range.contains(position)).expect("inside");
                let at = position - batch.paragraphs[number].start;
                let text = |part: &[char]| part.iter().collect::<String>();
                let alone = if side == BEFORE {
                    reader.before(&text(&paragraphs[number][..=at]))
                } else {
                    reader.behind(&text(&paragraphs[number][at..]))
                };
                assert!(vector.iter().zip(alone).all(|(a, b)| (a - b).abs() < 1e-3), "{position}");
            }
        }
    }

    #[test]
    fn slopes_are_what_small_steps_change() {
        const STEP: f32 = 1e-2;
        let documents = documents();
        let passages = passages(&documents[0]);
        let mut encoder = begin(characters(&passages, 2), 1);
        let mut batch = Batch::of(&passages, &encoder, &mut Rng::new(1, 0));
        batch.places.truncate(40);
        let (_, mut gradient) = slopes(&encoder, &batch);
        let gradient: Vec<Vec<f32>> = gradient.numbers_mut().into_iter().map(|list| list.to_vec()).collect();
        for (list, slopes) in gradient.iter().enumerate() {
            // The steepest of each list: others drown in single precision.
            let steepest = |a: &usize, b: &usize| slopes[*a].abs().total_cmp(&slopes[*b].abs());
            let at = (0..slopes.len()).max_by(steepest).expect("no list is empty");
            let mut loss_after = |step: f32| {
                encoder.numbers_mut()[list][at] += step;
                let loss = super::slopes(&encoder, &batch).0;
                encoder.numbers_mut()[list][at] -= step;
                loss
            };
            let change = (loss_after(STEP) - loss_after(-STEP)) / f64::from(2.0 * STEP);
            let slope = f64::from(slopes[at]);
            assert!((change - slope).abs() < 0.05 * slope.abs() + 1e-4, "list {list}: {change} for {slope}");
        }
    }
}
