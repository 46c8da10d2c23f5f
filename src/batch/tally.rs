//! What a run counts, and what it could not do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::pipeline::{Cleaned, Status};

/// How many documents there were, and what was found in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Documents read and repaired.
    pub documents: u64,
    /// Their length, in bytes of the source.
    pub bytes: u64,
    /// Documents that came out other than they went in.
    pub changed: u64,
    /// What each rule found.
    pub rules: BTreeMap<String, RuleTally>,
    /// Decisions whose text has changed, so that they were not obeyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<Stale>,
}

/// A decision that nothing proposed could be held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// The document, with the line or member in it.
    pub place: String,
    /// The repair it was about.
    pub id: String,
}

/// What a rule found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTally {
    /// Applied repairs.
    pub applied: u64,
    /// Suggested ones.
    pub suggested: u64,
    /// Those that lost to a stronger one.
    pub superseded: u64,
    /// Those a person refused.
    pub rejected: u64,
    /// Notes.
    pub notes: u64,
}

/// Something that could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The file, with the line or member in it.
    pub place: String,
    /// What is wrong, the place included.
    pub problem: String,
}

/// What could not be done: the first of it, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// The first, in order; at most [`Failures::KEPT`].
    pub first: Vec<Failure>,
    /// How many there are in all.
    pub count: u64,
}

impl Tally {
    /// Takes down which decisions were stale for the document at `place`.
    pub(super) fn add_stale(&mut self, place: &str, cleaned: &Cleaned) {
        let stale = |id: &String| Stale { place: place.to_owned(), id: id.clone() };
        self.stale.extend(cleaned.stale.iter().map(stale));
    }

    /// Counts a document of `bytes` bytes.
    pub(super) fn add(&mut self, bytes: usize, cleaned: &Cleaned) {
        self.documents += 1;
        self.bytes += bytes as u64;
        self.changed += u64::from(cleaned.steps > 0);
        for outcome in &cleaned.repairs {
            let rule = self.rule(outcome.rule.as_str());
            match outcome.status {
                Status::Applied => rule.applied += 1,
                Status::Suggested => rule.suggested += 1,
                Status::Superseded => rule.superseded += 1,
                Status::Rejected => rule.rejected += 1,
            }
        }
        for note in &cleaned.notes {
            self.rule(note.rule.as_str()).notes += 1;
        }
    }

    fn rule(&mut self, rule: &str) -> &mut RuleTally {
        if !self.rules.contains_key(rule) {
            self.rules.insert(rule.to_owned(), RuleTally::default());
        }
        self.rules.get_mut(rule).expect("just put there")
    }

    /// Adds what `other` counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.changed += other.changed;
        self.stale.extend(other.stale.iter().cloned());
        for (rule, theirs) in &other.rules {
            self.rule(rule).merge(theirs);
        }
    }

    /// What all rules found together.
    #[must_use]
    pub fn total(&self) -> RuleTally {
        let mut total = RuleTally::default();
        self.rules.values().for_each(|rule| total.merge(rule));
        total
    }

    /// Whether there is anything to tell of.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        let total = self.total();
        total.applied + total.suggested + total.notes > 0
    }
}

impl RuleTally {
    fn merge(&mut self, other: &Self) {
        self.applied += other.applied;
        self.suggested += other.suggested;
        self.superseded += other.superseded;
        self.rejected += other.rejected;
        self.notes += other.notes;
    }
}

impl Failures {
    /// How many failures are kept: those of a broken archive could fill the
    /// memory.
    pub const KEPT: usize = 1000;

    pub(super) fn push(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(Failure { place: place.into(), problem: problem.into() });
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let room = Self::KEPT.saturating_sub(self.first.len());
        self.first.extend(other.first.iter().take(room).cloned());
    }
}
