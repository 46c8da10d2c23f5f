//! The report as one HTML page: source and clean text side by side, every
//! repair marked where it was made.
//!
//! Text from a document, its name or a rule can never become markup: the page
//! is an askama template, which escapes whatever it is given, and only the
//! style and the script that lie beside this file are exempt. That was chosen
//! over data that a script lays out because such a page can be read, searched
//! and printed where scripts don't run. As a second lock, a
//! Content-Security-Policy lets only this very style and script in, by hash,
//! and nothing from outside.
//!
//! Making a page decides nothing: it shows what the records and the cleaned
//! document say. Its cost is that of sorting the marks.

mod document;
mod glyphs;
mod marks;
mod rows;
mod segments;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::records::DocumentRecords;
use crate::pipeline::{Cleaned, Status};
use document::{DocumentView, ROWS};

static STYLE: &str = include_str!("view.css");
/// One script: each file may use what those before it declare.
static SCRIPT: &str = concat!(
    include_str!("view.js"),
    include_str!("store.js"),
    include_str!("server.js"),
    include_str!("review.js"),
    include_str!("start.js"),
);

/// Every status, in the order of the columns.
static STATUSES: [Status; 4] = [Status::Applied, Status::Suggested, Status::Superseded, Status::Rejected];

/// A document to show.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What it is called, and what decisions on it call it.
    pub name: &'a str,
    /// What was done to it.
    pub records: &'a DocumentRecords,
    /// What came of it; its outcomes and notes in the order of the records.
    pub cleaned: &'a Cleaned,
}

/// One self-contained HTML file that shows `documents` and every repair and
/// note of each, in place. Where more than eight repairs lie on the same
/// characters, the eight foremost are marked; the list has them all.
#[must_use]
pub fn page(documents: &[Page<'_>]) -> String {
    let documents: Vec<_> = documents.iter().map(|page| DocumentView::new(page, &|_| false)).collect();
    let listed = documents.iter().map(DocumentView::listed).collect();
    render(&View { style: STYLE, script: SCRIPT, policy: policy(false), live: false, listed, documents })
}

/// The page of a review that a server keeps: the list of `documents`; each is
/// fetched when it is looked at.
#[must_use]
pub fn live(documents: Vec<Listed>) -> String {
    render(&View {
        style: STYLE,
        script: SCRIPT,
        policy: policy(true),
        live: true,
        listed: documents,
        documents: Vec::new(),
    })
}

/// What the page of a review shows of its document `number`; `is_done` says
/// which notes, by id, are ticked off.
#[must_use]
pub fn fragment(document: &Page<'_>, number: usize, is_done: &dyn Fn(&str) -> bool) -> String {
    render(&Fragment { document: DocumentView::new(document, is_done), d: number })
}

fn render(template: &impl Template) -> String {
    template.render().expect("a string takes all, and the template calls nothing that fails")
}

/// The Content-Security-Policy of the page: this style and this script, and
/// nothing else; a `live` one may ask the server it came from.
#[must_use]
pub fn policy(live: bool) -> String {
    let connect = if live { " connect-src 'self';" } else { "" };
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}';{connect} base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// `text` as a source that a Content-Security-Policy allows.
pub(crate) fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// What `status` is called, in words and as a class.
fn name(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Suggested => "suggested",
        Status::Superseded => "superseded",
        Status::Rejected => "rejected",
    }
}

/// A document in the list of all.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// How many repairs it has.
    pub repairs: usize,
    /// How many of them wait for a decision.
    pub open: usize,
}

#[derive(Template)]
#[template(path = "page.html")]
struct View<'a> {
    style: &'static str,
    script: &'static str,
    policy: String,
    live: bool,
    listed: Vec<Listed>,
    documents: Vec<DocumentView<'a>>,
}

#[derive(Template)]
#[template(path = "document.html")]
struct Fragment<'a> {
    document: DocumentView<'a>,
    d: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_style_and_script_go_in_unescaped() {
        let template = include_str!("page.html");
        let unescaped: Vec<_> = template.lines().filter(|line| line.contains("|safe")).collect();
        assert_eq!(unescaped, ["<style>{{ style|safe }}</style>", "<script>{{ script|safe }}</script>"]);
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("</"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains("</"));
    }
}
