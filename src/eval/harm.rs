//! What is done to text that needs nothing.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::pipeline::{Cleaned, Status};

/// Edits made on undamaged text, where each one is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Harm {
    /// Code points of the text.
    pub characters: usize,
    /// Repairs applied, or places changed where no repairs are known.
    pub edits: usize,
    /// The repairs by rule.
    pub by_rule: BTreeMap<String, usize>,
}

impl Harm {
    /// What the pipeline did to an an undamaged text.
    #[must_use]
    pub fn of(cleaned: &Cleaned) -> Self {
        let mut harm = Self { characters: cleaned.source.text.chars().count(), ..Self::default() };
        for outcome in cleaned.repairs.iter().filter(|outcome| outcome.status == Status::Applied) {
            harm.edits += 1;
            *harm.by_rule.entry(outcome.rule.as_str().to_owned()).or_default() += 1;
        }
        harm
    }

    /// Edits in 100,000 characters; `None` of no text.
    #[must_use]
    pub fn per_100_000(&self) -> Option<f64> {
        (self.characters > 0).then(|| self.edits as f64 * 100_000.0 / self.characters as f64)
    }

    /// The edits by stage, in the order of their names.
    #[must_use]
    pub fn by_stage(&self) -> BTreeMap<&str, usize> {
        let mut stages = BTreeMap::new();
        for (rule, count) in &self.by_rule {
            *stages.entry(rule.split('/').next().unwrap_or(rule)).or_default() += count;
        }
        stages
    }
}

impl AddAssign<&Self> for Harm {
    fn add_assign(&mut self, other: &Self) {
        self.characters += other.characters;
        self.edits += other.edits;
        for (rule, count) in &other.by_rule {
            *self.by_rule.entry(rule.clone()).or_default() += count;
        }
    }
}

/// What another tool did to an undamaged `text`: the places where `cleaned`
/// differs, neighbouring characters being one place.
#[must_use]
pub fn differences(text: &str, cleaned: &str) -> Harm {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (text.split_inclusive('\n').collect(), cleaned.split_inclusive('\n').collect());
    let mut edits = 0;
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (_, from, to) = op.as_tag_tuple();
        if !matches!(op, DiffOp::Equal { .. }) {
            let (from, to) = (old[from].concat(), new[to].concat());
            let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
            let ops = capture_diff_slices(Algorithm::Myers, &from, &to);
            edits += ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).count();
        }
    }
    Harm { characters: text.chars().count(), edits, by_rule: BTreeMap::new() }
}
