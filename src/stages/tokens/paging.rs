//! What pages leave in a text: where they end, what the lines at their edges
//! look like. Shared by the rules for running heads, page numbers and form
//! feeds, which each take the others' shapes for evidence.

use std::sync::LazyLock;

use regex::Regex;

use crate::chars::{columns, is_gap};
use crate::document::Document;
use crate::span::Span;

/// Columns a running head takes at most.
const WIDEST_HEAD: usize = 60;

/// Columns a section and the name of a paper take at most.
const WIDEST_PIECE: usize = 16;

/// Day of the week behind a date: only what is printed on the day says it.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[^，。；：！？,;!?]*\s)?\d{4}年\d{1,2}月\d{1,2}日[\s”“]*(?:星期|周|週)[一二三四五六日天](?:[\s”“]*第\s*(?<page>\d{1,3})\s*版)?$",
    )
});

/// What a head ends with: the number of the page, or the day of the week.
const ENDS: [char; 9] = ['版', '一', '二', '三', '四', '五', '六', '日', '天'];

/// The same without a date, as in `综合 某某周报 第8版`.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[一-鿿]{2,10}(?:\s+[一-鿿]{2,10})?\s+第\s*(?<page>\d{1,3})\s*版$"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

/// A line that holds text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Without the spaces around it.
    pub(super) text: &'a str,
    /// Where that stands.
    pub(super) span: Span,
    /// The number of the line, from 0.
    pub(super) line: usize,
    /// A form feed or the beginning of the text stands before it.
    pub(super) opens_page: bool,
    /// A form feed follows, or nothing at all.
    pub(super) closes_page: bool,
}

impl Row<'_> {
    /// Whether it may be a part of a head that came out in several lines: the
    /// section, or the name of the paper.
    pub(super) fn may_be_piece(&self) -> bool {
        self.text.len() <= 400 && squeezed_columns(self.text) <= WIDEST_PIECE
    }
}

/// What a line that may be a running head shows.
#[derive(Clone, Debug)]
pub(super) struct Masthead {
    /// Where the number of the page stands in the line.
    pub(super) page: Option<Span>,
    /// A date and a day of the week are part of it.
    pub(super) dated: bool,
}

/// The lines of `document` that hold text.
pub(super) fn rows(document: &Document) -> Vec<Row<'_>> {
    let mut rows = Vec::with_capacity(document.blocks().len());
    let lines = document.lines();
    let ends_page = |line: usize| document.slice(lines[line].terminator) == "\u{C}";
    let blocks = document.blocks();
    for (index, block) in blocks.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| blocks[before].line);
        let next = blocks.get(index + 1).map(|next| next.line);
        rows.push(Row {
            text: document.slice(block.span),
            span: block.span,
            line: block.line,
            opens_page: before.is_none_or(|before| (before..block.line).any(ends_page)),
            closes_page: next.is_none_or(|next| (block.line..next).any(ends_page)),
        });
    }
    rows
}

/// Reads `line` as a running head, if it has the shape of one.
pub(super) fn masthead(line: &str) -> Option<Masthead> {
    // What both patterns end with: most lines leave here.
    if line.len() > 400 || !line.ends_with(ENDS) || squeezed_columns(line) > WIDEST_HEAD {
        return None;
    }
    let may_be_dated = line.contains(['星', '周', '週']);
    let dated = may_be_dated.then(|| DATED.captures(line)).flatten();
    let is_dated = dated.is_some();
    let found = dated.or_else(|| line.ends_with('版').then(|| NUMBERED.captures(line)).flatten())?;
    let page = found.name("page").map(|page| Span::from(page.range()));
    Some(Masthead { page, dated: is_dated })
}

/// Columns of `line`, each run of spaces taken as one: what a head is set with
/// to reach both margins is no text.
fn squeezed_columns(line: &str) -> usize {
    line.split(is_gap).filter(|part| !part.is_empty()).map(|part| columns(part) + 1).sum()
}

/// What takes `row` away: its line with the line end; never a form feed, which
/// is another rule's.
pub(super) fn removal(document: &Document, row: &Row<'_>) -> Span {
    let line = document.lines()[row.line];
    let is_plain = |end: Span| !end.is_empty() && document.slice(end) != "\u{C}";
    Span::new(line.span.start, if is_plain(line.terminator) { line.terminator.end } else { line.span.end })
}
