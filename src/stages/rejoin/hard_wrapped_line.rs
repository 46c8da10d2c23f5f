//! `rejoin/hard-wrapped-line`

use super::wrapped::{self, Break, join};
use crate::document::Document;
use crate::edit::Confidence;
use crate::stages::Proposer;

/// Joins the lines of each paragraph; what stands before a blank line or a
/// hyphen is for other rules.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    for breaks in wrapped::breaks(document) {
        let own = breaks.iter().filter(|found| !found.blank && !wrapped::is_hyphenated(document, found));
        let (doubtful, sure): (Vec<&Break>, Vec<_>) = own.partition(|found| found.doubtful);
        if !sure.is_empty() {
            let edits = sure.iter().map(|found| join(document, found)).collect();
            proposer.repair(edits, "a paragraph broken into lines at the column edge");
        }
        for found in doubtful {
            let message = "the line is full and its sentence ends: a paragraph may end here or go on";
            proposer.repair_as(Confidence::Doubtful, vec![join(document, found)], message);
        }
    }
}
