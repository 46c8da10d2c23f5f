//! What a model of `quotes` makes of text whose marks are known.

use std::fmt;

use super::calibrate;
use super::marks::Page;
use crate::model::Calibration;
use crate::stages::quotes::{Scale, Side, Support, log_odds};

/// What a set of weights makes of a quotation that could be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    /// By which marks left a gap.
    pub(super) class: usize,
    /// Which calibration is for it.
    pub(super) calibration: usize,
    /// The log-odds of its share of all readings.
    pub(super) score: f32,
    /// Whether it was one.
    pub(super) right: bool,
}

/// Quotations fewer than this are calibrated with those of all documents.
const ENOUGH: usize = 300;

/// The calibrations of a table whose first ones are `scale`.
pub(super) fn calibrations(verdicts: &[Verdict], scale: &Scale) -> Vec<Calibration> {
    let those = |of: &dyn Fn(&&Verdict) -> bool| -> Vec<(f32, bool)> {
        verdicts.iter().filter(of).map(|v| (v.score, v.right)).collect()
    };
    let by_class: Vec<_> = (0..3).map(|class| calibrate(&those(&|v| v.class == class))).collect();
    let mut calibrations = scale.0.to_vec();
    for (class, all) in by_class.into_iter().enumerate() {
        for _ in 0..Support::STEPS {
            let number = calibrations.len();
            let own = those(&|v| v.class == class && v.calibration == number);
            calibrations.push(if own.len() < ENOUGH { all } else { calibrate(&own) });
        }
    }
    calibrations
}

/// Quotations that were, and what was made of those that could be.
#[derive(Default)]
pub(super) struct Tally {
    /// By which marks left a gap: none, the closing one, the opening one, both.
    needed: [usize; 4],
    pub(super) verdicts: Vec<Verdict>,
}

impl Tally {
    pub(super) fn count(&mut self, page: &Page) {
        for quotation in &page.quotations {
            let gap = |side| usize::from(matches!(side, Side::Gap(_)));
            self.needed[gap(quotation.open) * 2 + gap(quotation.close)] += 1;
        }
    }
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        for (sum, part) in self.needed.iter_mut().zip(other.needed) {
            *sum += part;
        }
        self.verdicts.extend(other.verdicts);
    }

    /// Recall at `precision`: of those that left both gaps, of those that left
    /// one, and of all.
    pub(super) fn recall_at(&self, precision: f64) -> String {
        let of = |classes: &[usize]| {
            let mut scores: Vec<(f32, bool)> = self
                .verdicts
                .iter()
                .filter(|v| classes.contains(&v.class))
                .map(|v| (v.score, v.right))
                .collect();
            scores.sort_by(|a, b| b.0.total_cmp(&a.0));
            let needed: usize = if classes.len() == 3 {
                self.needed.iter().sum()
            } else {
                classes.iter().map(|class| self.needed[class + 1]).sum()
            };
            let (mut right, mut best) = (0, 0);
            for (made, (_, is_right)) in scores.iter().enumerate() {
                right += usize::from(*is_right);
                if right as f64 >= precision * (made + 1) as f64 {
                    best = right;
                }
            }
            best as f64 / needed.max(1) as f64
        };
        format!(
            "recall at P {precision}: both {:.3} one {:.3} all {:.3}",
            of(&[2]),
            of(&[0, 1]),
            of(&[0, 1, 2])
        )
    }

    /// Precision, recall and F1 of all that are at least as likely as `least`.
    pub(super) fn line(&self, least: f32) -> String {
        let score = log_odds(least);
        let made = self.verdicts.iter().filter(|v| v.score >= score);
        let (made, right) = made.fold((0, 0), |(made, right), v| (made + 1, right + usize::from(v.right)));
        let needed: usize = self.needed.iter().sum();
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let f1 = share(2 * right, made + needed);
        format!("P {:.3} R {:.3} F {f1:.3} of {needed}", share(right, made), share(right, needed))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "gaps left      needed   at   precision  recall")?;
        for (class, name) in [(3, "both"), (2, "opening only"), (1, "closing only")] {
            for least in [0.5_f32, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] {
                let score = log_odds(least);
                let made = self.verdicts.iter().filter(|v| v.class + 1 == class && v.score >= score);
                let (made, right) =
                    made.fold((0, 0), |(made, right), v| (made + 1, right + usize::from(v.right)));
                let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
                let needed = self.needed[class];
                let (precision, recall) = (share(right, made), share(right, needed));
                writeln!(f, "{name:13} {needed:7}  {least:4.2}  {precision:8.3}  {recall:8.3}")?;
            }
        }
        let all: usize = self.needed.iter().sum();
        writeln!(f, "none: {} of {all}", self.needed[0])
    }
}

/// How often `verdicts` are right, by how likely `calibrations` call them.
pub(super) fn reliability(verdicts: &[Verdict], calibrations: &[Calibration]) -> String {
    use std::fmt::Write as _;

    const BOUNDS: [f32; 9] = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
    let mut table = "probability      number   mean  right\n".to_owned();
    for (index, low) in BOUNDS.iter().enumerate() {
        let high = BOUNDS.get(index + 1).copied().unwrap_or(1.0);
        let inside: Vec<(f32, bool)> = (verdicts.iter())
            .map(|v| (calibrations[v.calibration].probability(v.score), v.right))
            .filter(|(p, _)| (*low..high).contains(p))
            .collect();
        let count = inside.len().max(1) as f32;
        let mean = inside.iter().map(|(p, _)| p).sum::<f32>() / count;
        let right = inside.iter().filter(|(_, right)| *right).count() as f32 / count;
        let _ = writeln!(table, "{low:.2} to {high:.2}  {:8}  {mean:.3}  {right:.3}", inside.len());
    }
    table
}

/// From which probability on nine hundred and seventy in a thousand quotations
/// are right, by which marks left a gap and how well the gaps of the document
/// pair; and how many of all that were right that finds.
pub(super) fn thresholds(verdicts: &[Verdict], calibrations: &[Calibration]) -> String {
    use std::fmt::Write as _;

    let mut table = "class  support  right   least  found  at .6: precision  found\n".to_owned();
    for (number, calibration) in calibrations.iter().enumerate().skip(Scale::LEN) {
        let mut inside: Vec<(f32, bool)> = (verdicts.iter().filter(|v| v.calibration == number))
            .map(|v| (calibration.probability(v.score), v.right))
            .collect();
        inside.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all = inside.iter().filter(|(_, right)| *right).count();
        let (mut right, mut best) = (0, (1.0, 0));
        for (made, (probability, is_right)) in inside.iter().enumerate() {
            right += usize::from(*is_right);
            if right * 1000 >= 970 * (made + 1) {
                best = (*probability, right);
            }
        }
        let sure = inside.iter().filter(|(p, _)| *p >= 0.6);
        let (made, hits) =
            sure.fold((0, 0), |(made, hits), (_, right)| (made + 1, hits + usize::from(*right)));
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let (class, support) =
            ((number - Scale::LEN) / Support::STEPS, (number - Scale::LEN) % Support::STEPS);
        let _ = writeln!(
            table,
            "{class:5}  {support:7}  {all:5}   {:.3}  {:.3}            {:.3}   {:.3}",
            best.0,
            share(best.1, all),
            share(hits, made),
            share(hits, all)
        );
    }
    table
}
