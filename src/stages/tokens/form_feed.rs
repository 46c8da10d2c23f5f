//! Rule `tokens/form-feed`: the page ends that extraction wrote into the text.

use super::page_number;
use super::paging::{masthead, rows};
use crate::chars::{is_gap, is_line_end};
use crate::document::Document;
use crate::edit::Edit;
use crate::span::Span;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    if !document.ascii().has(b'\x0C') || !is_extracted(document) {
        return;
    }
    let own = document.lines().iter().map(|line| document.slice(line.terminator));
    let line_end = own.into_iter().find(|end| !end.is_empty() && *end != "\u{C}").unwrap_or("\n").to_owned();
    for (at, _) in text.match_indices('\u{C}') {
        let span = Span::new(at, at + 1);
        let before = text[..at].trim_end_matches(is_gap);
        let is_needed = !before.is_empty() && !before.ends_with(is_line_end);
        let (edit, message) = if is_needed {
            (Edit::replace(span, line_end.as_str()), "the end of a page stands for the end of a line")
        } else {
            (Edit::delete(span), "the end of a page")
        };
        proposer.repair(vec![edit], message);
    }
}

/// Whether the form feeds are those of an extractor: one behind the last page
/// too, or running heads and page numbers beside them. In a text typed by hand
/// they part chapters and stay.
fn is_extracted(document: &Document) -> bool {
    let ends_with_one =
        document.text().trim_end_matches(|c| is_gap(c) || matches!(c, '\r' | '\n')).ends_with('\u{C}');
    let edges = || rows(document).into_iter().filter(|row| row.opens_page || row.closes_page);
    ends_with_one
        || edges().any(|row| masthead(row.text).is_some() || page_number::ends_with_number(row.text))
}
