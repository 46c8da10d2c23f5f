//! Short phrases that documents quote.

use crate::document::Document;
use crate::stages::quotes::evidence;

/// The phrases in quotation marks, sorted, each once.
pub(super) fn marked(document: &Document) -> Vec<Box<str>> {
    sorted(evidence::marked_phrases(document.text()))
}

/// The phrases between two gaps, sorted, each once.
pub(super) fn between(document: &Document) -> Vec<Box<str>> {
    sorted(evidence::between_gaps(document))
}

fn sorted(phrases: Vec<&str>) -> Vec<Box<str>> {
    let mut phrases: Vec<Box<str>> =
        phrases.into_iter().filter(|phrase| !phrase.is_empty()).map(Into::into).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases
}
