//! Settles which proposals are applied.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::repair::{Confidence, Edit, Repair, Replacement};

/// Proposals sorted by what becomes of them. Each list is in text order.
#[derive(Debug, Default)]
pub struct Resolved {
    /// To be applied; no two touch the same text.
    pub applied: Vec<Repair>,
    /// Under the threshold.
    pub suggested: Vec<Repair>,
    /// Over the threshold, but in conflict with a stronger one.
    pub superseded: Vec<Repair>,
}

/// Chooses among `proposals` those of at least `threshold` that don't conflict.
///
/// What a person wants made wins, whatever its confidence; then the surer
/// repair, then the higher score, then the earlier place, then
/// the longer reach, then the rule's name, then what it says and does: the order of `proposals` plays no
/// part. Two repairs conflict when they replace the same text or insert at the
/// same place, or when one inserts inside what the other replaces.
#[must_use]
pub fn resolve(proposals: Vec<Repair>, threshold: Confidence) -> Resolved {
    let mut resolved = Resolved::default();
    let mut ranked = Vec::with_capacity(proposals.len());
    for repair in proposals {
        if repair.confidence >= threshold || repair.is_wanted() {
            ranked.push(repair);
        } else {
            resolved.suggested.push(repair);
        }
    }
    ranked.sort_by(rank);
    let mut taken = Taken::default();
    for repair in ranked {
        if taken.accepts(&repair.edits) {
            taken.take(&repair.edits);
            resolved.applied.push(repair);
        } else {
            resolved.superseded.push(repair);
        }
    }
    for list in [&mut resolved.applied, &mut resolved.suggested, &mut resolved.superseded] {
        list.sort_by(|a, b| a.start().cmp(&b.start()).then_with(|| rank(a, b)));
    }
    resolved
}

fn rank(a: &Repair, b: &Repair) -> Ordering {
    let reach = |repair: &Repair| repair.edits.iter().map(|edit| edit.span.len()).sum::<usize>();
    b.is_wanted()
        .cmp(&a.is_wanted())
        .then_with(|| b.confidence.cmp(&a.confidence))
        .then_with(|| b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0)))
        .then_with(|| a.start().cmp(&b.start()))
        .then_with(|| reach(b).cmp(&reach(a)))
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.message.cmp(&b.message))
        .then_with(|| a.edits.cmp(&b.edits))
}

/// The places accepted repairs have claimed.
#[derive(Default)]
struct Taken {
    /// Start to end of replaced ranges; disjoint.
    ranges: BTreeMap<usize, usize>,
    insertions: BTreeSet<usize>,
}

impl Taken {
    fn accepts(&self, edits: &[Edit]) -> bool {
        let mut own = Self::default();
        edits.iter().all(|edit| {
            let fits = !edit.is_idle() && self.is_free(edit) && own.is_free(edit);
            own.take(std::slice::from_ref(edit));
            fits && moves_own_text(edit, edits)
        }) && !edits.is_empty()
    }

    fn is_free(&self, edit: &Edit) -> bool {
        let (start, end) = (edit.span.start, edit.span.end);
        if start == end {
            let inside = self.ranges.range(..start).next_back().is_some_and(|(_, &e)| start < e);
            return !inside && !self.insertions.contains(&start);
        }
        let overlaps = self.ranges.range(..end).next_back().is_some_and(|(_, &e)| start < e);
        !overlaps && self.insertions.range(start + 1..end).next().is_none()
    }

    fn take(&mut self, edits: &[Edit]) {
        for edit in edits {
            if edit.span.is_empty() {
                self.insertions.insert(edit.span.start);
            } else {
                self.ranges.insert(edit.span.start, edit.span.end);
            }
        }
    }
}

impl Edit {
    /// Whether the edit changes nothing by its shape alone.
    fn is_idle(&self) -> bool {
        self.span.is_empty() && matches!(&self.replacement, Replacement::Text(text) if text.is_empty())
    }
}

/// Moved text has to be removed where it stood, by the same repair.
fn moves_own_text(edit: &Edit, edits: &[Edit]) -> bool {
    match edit.replacement {
        Replacement::Text(_) => true,
        Replacement::Moved(from) => edits.iter().any(|other| {
            other.span == from && matches!(&other.replacement, Replacement::Text(text) if text.is_empty())
        }),
    }
}
