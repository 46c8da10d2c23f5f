//! Hyphens at line ends: part of the word, or put there by the typesetter. The
//! document's own words decide.

use std::collections::HashSet;

use super::wrapped::Break;
use crate::document::Document;
use crate::edit::{Confidence, Edit};
use crate::lexicon::is_word;
use crate::span::Span;
use crate::stages::Proposer;

/// The Latin words of `document`, in lower case, hyphens inside them kept.
pub(super) fn words_of(document: &Document) -> HashSet<String> {
    let parts = document.text().split(|c: char| !is_part(c));
    parts.filter(|word| !word.is_empty() && !word.ends_with('-')).map(str::to_lowercase).collect()
}

/// Joins the two halves of the word around `found`, whose line ends with a hyphen.
pub(super) fn propose(
    document: &Document,
    found: &Break,
    words: &HashSet<String>,
    proposer: &mut Proposer<'_>,
) {
    let text = document.text();
    let hyphen = found.span.start - 1;
    let head = text[..hyphen].rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
    let tail = text[found.span.end..].split(|c: char| !is_part(c)).next().unwrap_or_default();
    let whole = format!("{head}{tail}").to_lowercase();
    let compound = format!("{head}-{tail}").to_lowercase();
    let without = vec![Edit::delete(Span::new(hyphen, found.span.end))];
    let with = vec![Edit::delete(found.span)];
    if words.contains(&compound) {
        proposer.repair(with, &format!("`{compound}` stands elsewhere in the document"));
    } else if words.contains(&whole) || is_word(&whole) {
        proposer.repair(without, &format!("`{whole}` is a word"));
    } else {
        let message = format!("`{whole}` or `{compound}`: neither stands elsewhere in the document");
        proposer.repair_as(Confidence::Doubtful, without, &message);
    }
}

fn is_part(c: char) -> bool {
    c == '-' || c == '\'' || (c.is_alphabetic() && !crate::chars::is_wide(c))
}
