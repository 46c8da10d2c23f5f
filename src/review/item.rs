//! What a reviewer is asked, and which of it.

use super::line::DecisionLine;
use super::passage::Passage;
use crate::decisions::Change;
use crate::edit::Confidence;
use crate::pipeline::Status;
use crate::report::records::RepairRecord;

/// A repair that may be decided on.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The number of its document in [`Session::documents`](super::Session::documents).
    pub document: usize,
    /// Its number in the document's repairs.
    pub index: usize,
    /// The repair.
    pub repair: &'a RepairRecord,
    /// The decision that it follows.
    pub decision: Option<&'a DecisionLine>,
    /// Whether it waits for one: a suggestion that nobody decided on.
    pub is_pending: bool,
    /// The repair in its paragraph.
    pub passage: Passage,
    /// What it does, as a decision on it tells.
    pub change: Change,
}

/// Which repairs are asked for. What is not said does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that wait for a decision, which is what a review asks.
    pub pending: bool,
    /// Only of this document, by its number.
    pub document: Option<usize>,
    /// Only these rules or stages.
    pub rules: Vec<String>,
    /// Only of these confidences.
    pub confidences: Vec<Confidence>,
    /// Only those that became one of these.
    pub statuses: Vec<Status>,
    /// Only those that have a decision, or that have none.
    pub decided: Option<bool>,
    /// Only those whose passage, reason, rule or id holds this text.
    pub search: Option<String>,
}

impl Filter {
    /// What a review asks by default: suggestions nobody decided on.
    #[must_use]
    pub fn pending() -> Self {
        Self { pending: true, ..Self::default() }
    }

    /// Whether it lets `repair` of document number `document` through, as far as
    /// can be told without its passage.
    pub(super) fn admits(&self, document: usize, repair: &RepairRecord) -> bool {
        let one_of = |names: &[String]| {
            names.iter().any(|name| name == repair.rule.as_str() || name == repair.rule.stage())
        };
        (!self.pending || is_pending(repair))
            && self.document.is_none_or(|only| only == document)
            && (self.rules.is_empty() || one_of(&self.rules))
            && (self.confidences.is_empty() || self.confidences.contains(&repair.confidence))
            && (self.statuses.is_empty() || self.statuses.contains(&repair.status))
            && self.decided.is_none_or(|decided| decided == repair.decision.is_some())
    }

    /// Whether it lets `item` through, whose repair it admits.
    pub(super) fn finds(&self, item: &Item<'_>) -> bool {
        let Some(wanted) = &self.search else { return true };
        let told = |parts: &[super::Part]| parts.iter().map(|part| &*part.text).collect::<String>();
        let repair = item.repair;
        [
            &repair.id,
            &repair.message,
            repair.rule.as_str(),
            &told(&item.passage.before),
            &told(&item.passage.after),
        ]
        .iter()
        .any(|text| text.contains(wanted.as_str()))
    }
}

pub(super) fn is_pending(repair: &RepairRecord) -> bool {
    repair.status == Status::Suggested && repair.decision.is_none()
}
