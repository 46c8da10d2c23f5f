//! The report as one HTML page: source and clean text side by side.

use askama::Template;

use super::records::DocumentRecords;
use crate::pipeline::Cleaned;

/// A document to show.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What was done to it.
    pub records: &'a DocumentRecords,
    /// Its decoded source text.
    pub source: &'a str,
    /// What came of it; its outcomes and notes in the order of the records.
    pub cleaned: &'a Cleaned,
}

#[derive(Template)]
#[template(path = "page.html")]
struct View<'a> {
    documents: &'a [Page<'a>],
}

/// One self-contained HTML file that shows `documents` and every repair and
/// note of each, in place.
#[must_use]
pub fn page(documents: &[Page<'_>]) -> String {
    View { documents }.render().expect("a string takes all, and the template calls nothing that fails")
}
