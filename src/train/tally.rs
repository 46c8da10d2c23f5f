//! What a model of `quotes` makes of text whose marks are known.

use std::fmt;

use super::logistic::{Example, fit};
use super::marks::Page;
use crate::stages::quotes::{FEATURES, Features, Side, Trust, log_odds};

/// What a set of weights makes of a quotation that could be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    /// By which marks left a gap.
    pub(super) class: usize,
    /// The log-odds of its share of all readings.
    pub(super) score: f32,
    /// Whether it was one.
    pub(super) right: bool,
}

/// A quotation that a person would be shown or that would be applied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial {
    /// By which marks left a gap.
    pub(super) class: usize,
    /// What tells how far its share can be trusted.
    pub(super) features: Features,
    /// The part of the document's closing gaps that are without their opening
    /// one.
    pub(super) lone: f32,
    /// Whether it was one.
    pub(super) right: bool,
}

/// How far shares can be trusted, learned from `trials`.
pub(super) fn fit_trust(trials: &[Trial]) -> Trust {
    let of_class = |class: usize| {
        let those = trials.iter().filter(|trial| trial.class == class);
        fit(&those.map(|trial| (trial.features, trial.right)).collect::<Vec<Example<FEATURES>>>())
    };
    Trust(std::array::from_fn(of_class))
}

/// Quotations that were, and what was made of those that could be.
#[derive(Default)]
pub(super) struct Tally {
    /// By which marks left a gap: none, the closing one, the opening one, both.
    needed: [usize; 4],
    pub(super) verdicts: Vec<Verdict>,
    pub(super) trials: Vec<Trial>,
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
        self.trials.extend(other.trials);
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

/// How often `trials` are right, by how likely `trust` calls them.
pub(super) fn reliability(trials: &[Trial], trust: &Trust) -> String {
    use std::fmt::Write as _;

    const BOUNDS: [f32; 9] = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
    let mut table = "probability      number   mean  right\n".to_owned();
    for (index, low) in BOUNDS.iter().enumerate() {
        let high = BOUNDS.get(index + 1).copied().unwrap_or(1.0);
        let inside: Vec<(f32, bool)> = (trials.iter())
            .map(|trial| (trust.probability(trial.class, &trial.features), trial.right))
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
/// are right, by whether both marks left a gap and how many closing gaps of the
/// document are without their opening one; and how many of all that were right
/// that finds.
pub(super) fn thresholds(trials: &[Trial], trust: &Trust) -> String {
    use std::fmt::Write as _;

    const LONE: [f32; 5] = [0.0, 0.05, 0.11, 0.17, 1.0];
    let mut table = "gaps  lone from    right   least  found  at .6: precision  found\n".to_owned();
    for (both, bounds) in [false, true].into_iter().flat_map(|both| LONE.windows(2).map(move |b| (both, b))) {
        let those =
            trials.iter().filter(|t| (t.class == 2) == both && (bounds[0]..bounds[1]).contains(&t.lone));
        let mut inside: Vec<(f32, bool)> =
            those.map(|t| (trust.probability(t.class, &t.features), t.right)).collect();
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
        let _ = writeln!(
            table,
            "{}  {:9.2}  {all:7}   {:.3}  {:.3}            {:.3}   {:.3}",
            if both { "both" } else { "one " },
            bounds[0],
            best.0,
            share(best.1, all),
            share(hits, made),
            share(hits, all)
        );
    }
    table
}
