//! The rules for lines broken at the column edge: `rejoin/hard-wrapped-line`,
//! `rejoin/false-blank-line`, `rejoin/hyphenated-line-end` and, where lines of several
//! columns take turns, `rejoin/interleaved-columns`.

use super::hyphen;
use super::wrapped::{self, Break, Wrapped, join};
use crate::document::Document;
use crate::edit::Confidence;
use crate::stages::Proposer;

/// Parts the lines of columns that take turns, a repair for each stretch of them, and
/// joins the lines of each paragraph: one repair for its plain line ends, one for those
/// with blank lines, and one for each hyphen.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let Some(text) = Wrapped::of(document) else { return };
    if let Some(mut rule) = proposer.under("rejoin/interleaved-columns") {
        for weave in text.weaves(document) {
            weave.propose(&mut rule);
        }
    }
    let mut words = None;
    for breaks in text.breaks(document) {
        let (hyphenated, plain): (Vec<Break>, Vec<Break>) =
            breaks.into_iter().partition(|found| wrapped::is_hyphenated(document, found));
        let (blank, plain): (Vec<_>, Vec<_>) = plain.into_iter().partition(|found| found.blank);
        if let Some(mut rule) = proposer.under("rejoin/hard-wrapped-line") {
            let message = "a paragraph broken into lines at the column edge";
            let doubt = "the line is full and its sentence ends: a paragraph may end here or go on";
            propose_joins(document, &plain, message, doubt, &mut rule);
        }
        if let Some(mut rule) = proposer.under("rejoin/false-blank-line") {
            let message = "blank lines inside a paragraph";
            let doubt = "blank lines after a full line: the paragraph may go on";
            propose_joins(document, &blank, message, doubt, &mut rule);
        }
        if let Some(mut rule) = proposer.under("rejoin/hyphenated-line-end") {
            for found in &hyphenated {
                let words = words.get_or_insert_with(|| hyphen::words_of(document));
                hyphen::propose(document, found, words, &mut rule);
            }
        }
    }
}

fn propose_joins(document: &Document, breaks: &[Break], message: &str, doubt: &str, rule: &mut Proposer<'_>) {
    let sure = breaks.iter().filter(|found| !found.doubtful);
    let edits: Vec<_> = sure.map(|found| join(document, found)).collect();
    if !edits.is_empty() {
        rule.repair(edits, message);
    }
    for found in breaks.iter().filter(|found| found.doubtful) {
        rule.repair_as(Confidence::Doubtful, vec![join(document, found)], doubt);
    }
}
