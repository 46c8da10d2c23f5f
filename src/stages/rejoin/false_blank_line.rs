//! `rejoin/false-blank-line`

use super::wrapped::{self, join};
use crate::document::Document;
use crate::edit::Confidence;
use crate::stages::Proposer;

/// Removes blank lines that stand inside a paragraph, with the line ends
/// around them.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    for breaks in wrapped::breaks(document) {
        let own = breaks.iter().filter(|found| found.blank && !wrapped::is_hyphenated(document, found));
        let (doubtful, sure): (Vec<_>, Vec<_>) = own.partition(|found| found.doubtful);
        if !sure.is_empty() {
            let edits = sure.into_iter().map(|found| join(document, found)).collect();
            proposer.repair(edits, "blank lines inside a paragraph");
        }
        for found in doubtful {
            let message = "blank lines after a full line: the paragraph may go on";
            proposer.repair_as(Confidence::Doubtful, vec![join(document, found)], message);
        }
    }
}
