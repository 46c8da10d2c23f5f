//! The rule `dedup/copy-elsewhere`: a passage that another document of the
//! archive holds as well, and keeps.

use super::passage::passages;
use super::removal;
use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let elsewhere = proposer.elsewhere();
    if elsewhere.has_no_copies() {
        return;
    }
    for passage in passages(document) {
        if let Some(name) = elsewhere.kept_in(&passage.fingerprint()) {
            let message = format!("the same passage stands in {name}, and stays there");
            proposer.repair(vec![Edit::delete(removal::span_of(document, passage.block))], &message);
        }
    }
}
