//! The rule `dedup/exact-block`: the same text to the letter.

use super::plan::{Sameness, propose_all};
use crate::document::Document;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    propose_all(document, Sameness::Exact, proposer);
}
