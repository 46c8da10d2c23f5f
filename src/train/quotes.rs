//! The model of the stage `quotes`: maximum likelihood of where the marks
//! stood, over all readings of each block.

use std::fmt::Write as _;

use super::marks::{Page, Quotation};
use super::scale::fit_scales;
use super::tally::{Tally, Trial, Verdict, fit_trust, reliability, thresholds};
use super::{AdaGrad, Average, Census, Dropout, Learner, noise};
use crate::eval::damage::{self, Article, GapRates, Kind, Rates, Rng, page};
use crate::model::{Calibration, Feature, Table, TableError};
use crate::stages::quotes::{
    Evidence, Gaps, Marginals, Pair, Parts, Reading, Scale, Scaled, Scorer, Side, Traces, Worth, candidates,
    log_odds, of_block,
};

/// Errors smaller than this are not learned from.
const NEGLIGIBLE: f32 = 1e-3;

/// A reading with the numbers of the pairs that were quotations.
pub(super) struct Lesson<'a> {
    pub(super) reading: Reading<'a>,
    right: Vec<usize>,
    /// The same of quotations inside those.
    nested: Vec<usize>,
}

/// One step of learning from each reading of `page`.
fn learn(page: &Page, weights: &mut impl Learner) {
    let Some(evidence) = Evidence::of(&page.document) else { return };
    for lesson in lessons(page, &evidence) {
        lesson.learn(&evidence, weights);
    }
}

/// What a model makes of `page`: of each quotation that is likelier than one
/// in a hundred, and of those that it would propose.
fn judge(page: &Page, scorers: &[Scaled<'_>], tally: &mut Tally) {
    let Some(evidence) = Evidence::of(&page.document) else { return };
    let (mut readings, mut truths) = (Vec::new(), Vec::new());
    for Lesson { reading, right, .. } in lessons(page, &evidence) {
        let shares = reading.marginals(&evidence, scorers).pairs;
        for (index, (pair, share)) in reading.pairs.iter().zip(&shares).enumerate() {
            if *share >= 0.01 {
                let (class, score) = (reading.class(*pair), log_odds(*share));
                tally.verdicts.push(Verdict { class, score, right: right.contains(&index) });
            }
        }
        truths.push(right.iter().map(|index| reading.pairs[*index]).collect::<Vec<Pair>>());
        readings.push((reading, shares));
    }
    let traces = Traces::of(readings.iter().map(|(reading, shares)| (reading, shares.as_slice())));
    let found = candidates(&page.document, &evidence, &readings, &traces);
    for (((reading, _), truths), candidates) in readings.iter().zip(&truths).zip(found) {
        for candidate in candidates.iter().filter(|candidate| candidate.doubt.is_none()) {
            tally.trials.push(Trial {
                class: reading.class(candidate.pair),
                features: candidate.features,
                lone: traces.lone_closing(),
                right: truths.contains(&candidate.pair),
            });
        }
    }
}

/// The readings of a page.
pub(super) fn lessons<'a>(page: &'a Page, evidence: &Evidence) -> Vec<Lesson<'a>> {
    let mut lessons = Vec::new();
    for block in page.document.blocks() {
        if let Some(gaps) = Gaps::of(&page.document, block, evidence) {
            let readings = of_block(&page.document, &gaps, block.kind);
            lessons.extend(readings.into_iter().map(|reading| Lesson::new(reading, &page.quotations)));
        }
    }
    lessons
}

impl<'a> Lesson<'a> {
    fn new(reading: Reading<'a>, quotations: &[Quotation]) -> Self {
        let number = |side: Side| reading.ends.iter().position(|end| end.side == side);
        let of_quotation = |quotation: &Quotation| {
            let pair = Pair { open: number(quotation.open)?, close: number(quotation.close)? };
            reading.pairs.iter().position(|other| *other == pair)
        };
        let of_depth = |depth: usize| {
            quotations.iter().filter(|quotation| quotation.depth == depth).filter_map(of_quotation).collect()
        };
        let (right, mut nested): (Vec<usize>, Vec<usize>) = (of_depth(0), of_depth(1));
        // What stands inside one that can't be seen, or shares a gap with it, can't be read.
        let is_held = |number: &usize| right.iter().any(|holder| reading.lattice().holds(*holder, *number));
        nested.retain(is_held);
        Self { reading, right, nested }
    }

    /// Moves `weights` towards the reading that was right.
    fn learn(&self, evidence: &Evidence, weights: &mut impl Learner) {
        let reading = &self.reading;
        let view = reading.view(evidence);
        let errors = self.errors(&reading.parts(&view, &*weights).worth(reading, &Scale::NONE));
        let mut steps = Steps { weights, features: Vec::new() };
        for (pair, error) in reading.pairs.iter().zip(&errors.pairs) {
            steps.take(*error, |to| view.pair(*pair, to));
        }
        for (pair, error) in reading.pairs.iter().zip(&errors.nested) {
            steps.take(*error, |to| view.nested(*pair, to));
        }
        for index in 0..reading.ends.len() {
            steps.take(errors.opening[index], |to| view.opening(index, to));
            steps.take(errors.closing[index], |to| view.closing(index, to));
            steps.take(errors.unused[index], |to| view.unused(index, to));
            steps.take(errors.shared[index], |to| view.shared(index, to));
        }
    }

    /// The slopes of the loss by what the parts of the reading are worth, which is
    /// `worth` at present: how much likelier each is held to be than it is.
    pub(super) fn errors(&self, worth: &Worth) -> Parts {
        let reading = &self.reading;
        let Marginals { mut pairs, mut nested, mut unused, mut shared } = reading.lattice().marginals(worth);
        pairs.iter_mut().zip(&nested).for_each(|(share, nested)| *share += nested);
        self.subtract_truth(&mut pairs, &mut nested, &mut unused, &mut shared);
        let (mut opening, mut closing) = (vec![0.0; reading.ends.len()], vec![0.0; reading.ends.len()]);
        for (pair, error) in reading.pairs.iter().zip(&pairs) {
            opening[pair.open] += error;
            closing[pair.close] += error;
        }
        Parts { opening, closing, pairs, nested, unused, shared }
    }

    /// Takes 1 off everything that the right reading holds.
    fn subtract_truth(&self, pairs: &mut [f32], nested: &mut [f32], unused: &mut [f32], shared: &mut [f32]) {
        let mut touched = vec![0; unused.len()];
        for index in self.right.iter().chain(&self.nested) {
            pairs[*index] -= 1.0;
            let Pair { open, close } = self.reading.pairs[*index];
            touched[open] += 1;
            touched[close] += 1;
        }
        for index in &self.nested {
            nested[*index] -= 1.0;
        }
        for (end, touched) in touched.into_iter().enumerate() {
            match touched {
                0 => unused[end] -= 1.0,
                2 => shared[end] -= 1.0,
                _ => {}
            }
        }
    }
}

/// Steps of learning, with a buffer for features.
struct Steps<'a, L> {
    weights: &'a mut L,
    features: Vec<Feature>,
}

impl<L: Learner> Steps<'_, L> {
    fn take(&mut self, error: f32, collect: impl Fn(&mut Vec<Feature>)) {
        if error.abs() < NEGLIGIBLE {
            return;
        }
        self.features.clear();
        collect(&mut self.features);
        for feature in &self.features {
            self.weights.step(*feature, error);
        }
    }
}

/// How the model of `quotes` is learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The binary logarithm of the number of weights.
    pub bits: u32,
    /// How often weights are learned from nothing; what is kept is their mean.
    pub runs: u64,
    /// How often the text is gone through in each run, each time with other damage.
    pub epochs: u64,
    /// What chance is drawn from; each run has the next one.
    pub seed: u64,
    /// The rate of learning.
    pub rate: f32,
    /// The L2 penalty.
    pub decay: f32,
    /// The part of all features that is out of play on each page.
    pub dropout: f32,
    /// The part of all pages that have gaps which mean nothing.
    pub noise: f64,
    /// Weights nearer to 0 are dropped.
    pub floor: f32,
}

/// What was learned.
#[derive(Debug)]
pub struct Learned {
    /// The file of weights.
    pub bytes: Vec<u8>,
    /// What it makes of the text that was held out, in words and figures.
    pub report: String,
}

/// Weights beyond this are clipped when they are stored.
const LIMIT: f32 = 4.0;

/// Learns from `articles`, or takes the weights of the file `from`, calibrates
/// on `held_out`, and reports on both that and `others`. `tell` hears how far it
/// has come.
///
/// # Errors
/// If `from` holds no weights.
pub fn quotes(
    articles: &[Vec<Article>],
    from: Option<&[u8]>,
    held_out: &[(String, Vec<Article>)],
    others: &[(String, Vec<Article>)],
    settings: &Settings,
    tell: &mut dyn FnMut(&str),
) -> Result<Learned, TableError> {
    let weights = match from {
        Some(file) => AdaGrad::from_table(&Table::from_bytes(file)?, settings.rate, settings.decay),
        None => learn_all(articles, settings, tell),
    };
    let uncalibrated = weights.to_bytes(LIMIT, settings.floor, &[]);
    let table = Table::from_bytes(&uncalibrated).expect("what was just written");
    let (calibrations, report) = calibrate(&[&table], held_out, others, settings.seed);
    Ok(Learned { bytes: weights.to_bytes(LIMIT, settings.floor, &calibrations), report })
}

/// How far each of `scorers` can be believed, and how far the shares that they
/// give together can be trusted, as a table holds it; and what they make of
/// `held_out` and `others`, in words and figures.
pub(super) fn calibrate(
    scorers: &[&dyn Scorer],
    held_out: &[(String, Vec<Article>)],
    others: &[(String, Vec<Article>)],
    seed: u64,
) -> (Vec<Calibration>, String) {
    let mut report = String::new();
    let scaled = fit_scales(&tuning_pages(held_out, 0.0, &mut Rng::new(seed, 2)), scorers);
    for (number, (_, scale)) in scaled.iter().enumerate() {
        for (kind, Calibration { slope, offset }) in scale.0.iter().enumerate() {
            let _ = writeln!(report, "scorer {number}, sums of kind {kind}: {slope:.3} times, {offset:+.3}");
        }
    }
    let mut tried = Tally::default();
    for draw in 0..DRAWS {
        // Every other draw is what a second look sees.
        let restored = if draw % 2 == 0 { 0.0 } else { RESTORED };
        for page in tuning_pages(held_out, restored, &mut Rng::new(seed, 3 + draw)) {
            judge(&page, &scaled, &mut tried);
        }
    }
    let trust = fit_trust(&tried.trials);
    let judged = judge_all(held_out, others, &scaled, seed, &mut report);
    let _ = writeln!(report, "{}", reliability(&judged.trials, &trust));
    let _ = writeln!(report, "{}", thresholds(&judged.trials, &trust));
    let scales = scaled.iter().flat_map(|(_, scale)| scale.0);
    (scales.chain(trust.rows()).collect(), report)
}

/// How often the pages that tell how far shares can be trusted are damaged anew.
const DRAWS: u64 = 4;

/// Rounds before the weights count for the average, unless they are the last.
const WARM_UP: u64 = 2;

/// The mean of weights learned from `articles` several times over, each time from
/// other pages of the same text: what single pages say by chance differs from one
/// run to the next (bagging: Breiman, "Bagging predictors", 1996; the loss is
/// convex, so that the mean of weights stands for the mean of what they say).
fn learn_all(articles: &[Vec<Article>], settings: &Settings, tell: &mut dyn FnMut(&str)) -> AdaGrad {
    let mut average = Average::default();
    for run in 0..settings.runs {
        let mut tell = |line: String| tell(&format!("run {run} of {}, {line}", settings.runs));
        learn_once(articles, settings, settings.seed + run, &mut average, &mut tell);
    }
    let mut weights = AdaGrad::new(settings.bits, settings.rate, settings.decay);
    average.put_into(&mut weights);
    weights
}

/// Learns weights from `articles`, damaged anew each time they are gone through; the
/// first time they are only looked at. `average` takes them after each round.
fn learn_once(
    articles: &[Vec<Article>],
    settings: &Settings,
    seed: u64,
    average: &mut Average,
    tell: &mut dyn FnMut(String),
) {
    let mut weights = AdaGrad::new(settings.bits, settings.rate, settings.decay);
    let mut census = Census::default();
    let mut rng = Rng::new(seed, 0);
    each_lesson(articles, settings.noise, &mut rng, |page| {
        census.turn_page();
        learn(&page, &mut census);
    });
    for epoch in 0..settings.epochs {
        tell(format!("epoch {epoch} of {}", settings.epochs));
        let mut seed = epoch << 32;
        each_lesson(articles, settings.noise, &mut rng, |page| {
            seed += 1;
            learn(&page, &mut Dropout::new(&mut weights, &census, settings.dropout, seed));
        });
        if epoch >= WARM_UP || epoch + 1 == settings.epochs {
            average.take(&weights);
        }
    }
}

/// Calls `learn` with a page for each run of `articles`, damaged by chance, in
/// any order.
pub(super) fn each_lesson(articles: &[Vec<Article>], noise: f64, rng: &mut Rng, mut learn: impl FnMut(Page)) {
    let mut pages: Vec<&[Article]> = articles.iter().flat_map(|outlet| in_pages(outlet, rng)).collect();
    rng.shuffle(&mut pages);
    for articles in pages {
        let articles = noise::spaced(articles, noise, rng);
        if let Some(page) = lesson(&articles, rng) {
            learn(page);
        }
    }
}

/// What `scorers` make of `held_out`, at each of the rates; `report` hears of
/// that and of `others`.
fn judge_all(
    held_out: &[(String, Vec<Article>)],
    others: &[(String, Vec<Article>)],
    scorers: &[Scaled<'_>],
    seed: u64,
    report: &mut String,
) -> Tally {
    let mut judged = Tally::default();
    // Its own stream, so that every model is told of on the same pages.
    let mut rng = Rng::new(seed, 1);
    for (preset, rates) in
        [("field", GapRates::default()), ("few", GapRates::few()), ("many", GapRates::many())]
    {
        let mut all = Tally::default();
        for (index, (outlet, articles)) in held_out.iter().chain(others).enumerate() {
            let mut tally = Tally::default();
            for articles in in_pages(articles, &mut rng) {
                if let Some(page) = damaged(articles, rates, 0.0, &mut rng) {
                    tally.count(&page);
                    judge(&page, scorers, &mut tally);
                }
            }
            let (line, recall) = (tally.line(0.5), tally.recall_at(0.97));
            let _ = writeln!(report, "{preset}, {outlet}: {line} {recall}\n{tally}");
            if index < held_out.len() {
                all.add(tally);
            }
        }
        let (line, recall) = (all.line(0.5), all.recall_at(0.97));
        let _ = writeln!(report, "{preset}, all: {line} {recall}\n{all}");
        judged.add(all);
    }
    judged
}

/// Pages of `held_out`, to choose with: at each of the rates, a part `restored`
/// of what left two gaps with its marks back.
pub(super) fn tuning_pages(held_out: &[(String, Vec<Article>)], restored: f64, rng: &mut Rng) -> Vec<Page> {
    let mut pages = Vec::new();
    for rates in [GapRates::default(), GapRates::few(), GapRates::many()] {
        for (_, articles) in held_out {
            for articles in in_pages(articles, rng) {
                pages.extend(damaged(articles, rates, restored, rng));
            }
        }
    }
    rng.shuffle(&mut pages);
    pages
}

/// `articles` in runs of one to six, as they stand on a page.
fn in_pages<'a>(mut articles: &'a [Article], rng: &mut Rng) -> Vec<&'a [Article]> {
    let mut pages = Vec::new();
    while !articles.is_empty() {
        let (page, rest) = articles.split_at(rng.within(1, 6).min(articles.len()));
        pages.push(page);
        articles = rest;
    }
    pages
}

/// A page whose marks are gone, to learn from: at the rates of the field or at
/// rates drawn for it, three in ten as a second look sees them.
fn lesson(articles: &[Article], rng: &mut Rng) -> Option<Page> {
    let mut share = |low: usize, high: usize| rng.within(low, high) as f64 / 100.0;
    let drawn = GapRates {
        opening: share(70, 98),
        closing_before_text: share(65, 98),
        closing_before_punctuation: share(15, 60),
        ..GapRates::default()
    };
    let gaps = if rng.chance(0.5) { GapRates::default() } else { drawn };
    let made = stripped(articles, gaps, rng);
    let restored = if rng.chance(0.3) { RESTORED } else { 0.0 };
    Page::of(&made.input, &made.gold, restored, rng)
}

/// How many of the quotations that left two gaps the first look finds.
const RESTORED: f64 = 0.95;

/// A page whose marks are gone at the rates `gaps`, a part `restored` of what
/// left two gaps back.
fn damaged(articles: &[Article], gaps: GapRates, restored: f64, rng: &mut Rng) -> Option<Page> {
    let made = stripped(articles, gaps, rng);
    Page::of(&made.input, &made.gold, restored, rng)
}

fn stripped(articles: &[Article], gaps: GapRates, rng: &mut Rng) -> damage::Page {
    page(articles, &Rates { gaps, ..Rates::default() }.only(&[Kind::Marks, Kind::Dashes]), rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::damage::articles;

    #[test]
    fn the_same_text_teaches_the_same_weights() {
        let text = articles(include_str!("../../examples/articles.txt"));
        let settings = Settings {
            bits: 12,
            runs: 2,
            epochs: 4,
            seed: 1,
            rate: 0.1,
            decay: 1e-5,
            dropout: 0.5,
            noise: 0.1,
            floor: 0.01,
        };
        let held_out = [("articles".to_owned(), text.clone())];
        let learn = || {
            quotes(std::slice::from_ref(&text), None, &held_out, &[], &settings, &mut |_| {})
                .expect("there is no file that could be wrong")
        };
        let learned = learn();
        assert_eq!(learned.bytes, learn().bytes);
        let table = Table::from_bytes(&learned.bytes).expect("a file of weights");
        let mut tally = Tally::default();
        let mut rng = Rng::new(5, 0);
        for _ in 0..20 {
            let page = damaged(&text, GapRates::many(), 0.0, &mut rng).expect("marks alone are damaged");
            judge(&page, &[(&table, Scale::from_table(&table, 0))], &mut tally);
        }
        // It has seen this very text: what it is sure of is mostly right.
        let sure: Vec<_> = tally.verdicts.iter().filter(|verdict| verdict.score > 1.0).collect();
        let right = sure.iter().filter(|verdict| verdict.right).count();
        assert!(right > 20 && right * 10 > sure.len() * 8, "{right} of {}", sure.len());
    }
}
