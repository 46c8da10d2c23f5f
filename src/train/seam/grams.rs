//! The first layer: which characters meet in running text, how paragraphs
//! start, how lines end that are no paragraph. Every place of running text is
//! an example, so there are millions; the counterexamples are made by putting
//! the right side of another place behind the left one.

use super::SeamModel;
use super::vectors::Rows;
use crate::chars::{ends_sentence, is_chinese, is_han};
use crate::eval::damage::Rng;
use crate::lexicon;
use crate::model::{Calibration, Feature, TableError, Weights as _};
use crate::stages::rejoin::encoder::{Encoder, Reader};
use crate::stages::rejoin::ngrams::{Ends, Learned, REACH, Vectors as _, WIDTH, dot, fold};
use crate::train::AdaGrad;

/// Characters a paragraph needs to count as running text.
const RUNNING: usize = 30;

/// Part of a weight that each step takes back.
pub(super) const DECAY: f32 = 1e-6;

/// How the first layer is learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Binary logarithm of the number of weights.
    pub bits: u32,
    /// Binary logarithm of the number of vectors.
    pub rows: u32,
    /// Rate of learning of the vectors.
    pub vector_rate: f32,
    /// Rate of learning.
    pub rate: f32,
    /// Counterexamples to each example.
    pub others: usize,
    /// Times the text is gone through.
    pub rounds: usize,
}

/// A document as the first layer sees it.
struct Text {
    /// Paragraphs of running text, folded.
    running: Vec<Vec<char>>,
    /// Where words begin in them.
    words: Vec<Vec<bool>>,
    /// How all its paragraphs begin.
    starts: Vec<[char; REACH]>,
    /// How its lines end that are no running text, and end no sentence.
    ends: Vec<[char; REACH]>,
}

impl Text {
    fn of(document: &[String]) -> Self {
        let mut text = Self { running: Vec::new(), words: Vec::new(), starts: Vec::new(), ends: Vec::new() };
        for paragraph in document.iter().filter(|paragraph| is_chinese(paragraph)) {
            text.starts.push(Ends::between("", paragraph).right);
            if let Some(folded) = running(paragraph) {
                text.words.push(words(&folded));
                text.running.push(folded);
            } else if paragraph.chars().filter_map(fold).next_back().is_some_and(|last| !ends_sentence(last))
            {
                text.ends.push(Ends::between(paragraph, "").left);
            }
        }
        text
    }
}

/// The characters of `paragraph`, folded, if it is running text in Chinese.
pub(super) fn running(paragraph: &str) -> Option<Vec<char>> {
    let folded: Vec<char> = paragraph.chars().filter_map(fold).collect();
    (folded.len() >= RUNNING && folded.contains(&'。') && is_chinese(paragraph)).then_some(folded)
}

/// Where the words of `folded` begin.
fn words(folded: &[char]) -> Vec<bool> {
    let text: String = folded.iter().collect();
    let mut begins = vec![false; folded.len()];
    let mut at = 0;
    for word in lexicon::segment(&text) {
        begins[at] = true;
        at += word.text.chars().count();
    }
    begins
}

impl Default for Settings {
    /// What the shipped model was learned with.
    fn default() -> Self {
        Self { bits: 21, rows: 16, rate: 0.2, vector_rate: 0.05, others: 2, rounds: 3 }
    }
}

/// Learns the first layer from `documents`, in a random order, beside the encoder of the
/// file `encoder`.
///
/// # Errors
/// If that is none.
pub fn learn_text(documents: &[&[String]], encoder: &[u8], how: &Settings) -> Result<SeamModel, TableError> {
    let reader = Reader::of(Encoder::from_bytes(encoder)?);
    let mut vectors = Rows::new(how.rows, how.vector_rate);
    let mut weights = AdaGrad::new(how.bits, how.rate, DECAY);
    let mut rng = Rng::new(1, 1);
    let mut texts: Vec<Text> = documents.iter().map(|document| Text::of(document)).collect();
    texts.retain(|text| !text.running.is_empty());
    for _ in 0..how.rounds {
        for last in (1..texts.len()).rev() {
            texts.swap(last, rng.below(last + 1));
        }
        for at in 0..texts.len() {
            // Other documents of the page: the one before, in this order.
            let other = &texts[at.saturating_sub(1)];
            learn_document(&texts[at], other, how.others, &mut weights, &mut vectors, &mut rng);
        }
    }
    Ok(SeamModel { learned: Learned { weights, vectors, reader }, calibrations: [Calibration::NONE; 2] })
}

fn learn_document(
    text: &Text,
    other: &Text,
    others: usize,
    weights: &mut AdaGrad,
    vectors: &mut Rows,
    rng: &mut Rng,
) {
    for (paragraph, begins) in text.running.iter().zip(&text.words) {
        for at in 1..paragraph.len() {
            if ends_sentence(paragraph[at - 1]) {
                continue;
            }
            let here = ends(paragraph, at);
            let left_units = here.left_units();
            let left = vectors.sum(&left_units);
            let mut back = [0.0; WIDTH];
            tie(weights, vectors, &here, &left, &mut back, true);
            for turn in 0..others {
                let from = if turn % 2 == 0 { text } else { other };
                let there = here.with_right(cut(from, rng));
                if there != here {
                    tie(weights, vectors, &there, &left, &mut back, false);
                }
            }
            vectors.step(&left_units, &back);
            if at % 3 == 0 && is_han(paragraph[at]) && is_han(paragraph[at - 1]) {
                step(weights, &here.word_starts(), !begins[at]);
                step(weights, &here.word_ends(), !begins[at]);
            }
        }
    }
    for start in &text.starts {
        for _ in 0..4 {
            step(weights, &Ends { left: ['\0'; REACH], right: *start }.starts(), false);
            step(weights, &cut(text, rng).starts(), true);
        }
    }
    for end in &text.ends {
        for _ in 0..2 {
            step(weights, &Ends { left: *end, right: ['\0'; REACH] }.ends(), false);
            step(weights, &cut(text, rng).ends(), true);
        }
    }
}

/// A place inside a sentence of `text`.
fn cut(text: &Text, rng: &mut Rng) -> Ends {
    loop {
        let paragraph = &text.running[rng.below(text.running.len())];
        let at = 1 + rng.below(paragraph.len() - 1);
        if !ends_sentence(paragraph[at - 1]) {
            return ends(paragraph, at);
        }
    }
}

fn ends(paragraph: &[char], at: usize) -> Ends {
    let mut ends = Ends { left: ['\0'; REACH], right: ['\0'; REACH] };
    for (place, c) in ends.left.iter_mut().zip(paragraph[..at].iter().rev()) {
        *place = *c;
    }
    for (place, c) in ends.right.iter_mut().zip(&paragraph[at..]) {
        *place = *c;
    }
    ends
}

fn tie(
    w: &mut AdaGrad,
    vectors: &mut Rows,
    ends: &Ends,
    left: &[f32; WIDTH],
    back: &mut [f32; WIDTH],
    truth: bool,
) {
    let features = ends.ties();
    let units = ends.right_units();
    let right = vectors.sum(&units);
    let score = w.score(&features) + dot(left, &right);
    let error = 1.0 / (1.0 + (-score).exp()) - if truth { 1.0 } else { 0.0 };
    for feature in &features {
        w.step(*feature, error);
    }
    for (b, r) in back.iter_mut().zip(&right) {
        *b += error * r;
    }
    let forth: [f32; WIDTH] = std::array::from_fn(|i| error * left[i]);
    vectors.step(&units, &forth);
}

fn step(weights: &mut AdaGrad, features: &[Feature], right: bool) {
    let claim = 1.0 / (1.0 + (-weights.score(features)).exp());
    let error = claim - if right { 1.0 } else { 0.0 };
    for feature in features {
        weights.step(*feature, error);
    }
}
