//! What a model of `quotes` makes of text whose marks are known.

use std::fmt;

use super::calibrate;
use super::marks::Page;
use crate::model::Calibration;
use crate::stages::quotes::{Side, log_odds};

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

/// A calibration for each class.
pub(super) fn calibrations(verdicts: &[Verdict]) -> Vec<Calibration> {
    let of_class = |class: usize| -> Vec<(f32, bool)> {
        verdicts.iter().filter(|v| v.class == class).map(|v| (v.score, v.right)).collect()
    };
    (0..3).map(|class| calibrate(&of_class(class))).collect()
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
            .map(|v| (calibrations[v.class].probability(v.score), v.right))
            .filter(|(p, _)| (*low..high).contains(p))
            .collect();
        let count = inside.len().max(1) as f32;
        let mean = inside.iter().map(|(p, _)| p).sum::<f32>() / count;
        let right = inside.iter().filter(|(_, right)| *right).count() as f32 / count;
        let _ = writeln!(table, "{low:.2} to {high:.2}  {:8}  {mean:.3}  {right:.3}", inside.len());
    }
    table
}
