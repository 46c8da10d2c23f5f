//! How a block is taken out of the text.

use crate::document::{Document, Line};
use crate::span::Span;

/// Code points of the kept block that a message quotes.
const QUOTED: usize = 12;

/// What to delete so that block number `index` is gone: its line with the line
/// end, and one of two blank lines that would else meet. Form feeds stay, since
/// they divide pages.
pub(super) fn span_of(document: &Document, index: usize) -> Span {
    let lines = document.lines();
    let number = document.blocks()[index].line;
    let line = lines[number];
    if document.slice(line.terminator) == "\u{C}" {
        return line.span;
    }
    let is_blank = |line: &Line| document.slice(line.span).trim().is_empty();
    let is_plain = |line: &Line| is_blank(line) && document.slice(line.terminator) != "\u{C}";
    let mut span = Span::new(line.span.start, line.terminator.end);
    let before = number.checked_sub(1).map(|before| &lines[before]);
    match (before, lines.get(number + 1)) {
        (None, Some(after)) if is_plain(after) => span.end = after.terminator.end,
        (Some(before), Some(after)) if is_blank(before) && is_plain(after) => span.end = after.terminator.end,
        (Some(before), None) if is_plain(before) => span.start = before.span.start,
        _ => {}
    }
    span
}

/// Names block number `index`: its line, from 1, and how it begins.
pub(super) fn name_of(document: &Document, index: usize) -> String {
    let block = document.blocks()[index];
    let text = document.slice(block.span);
    let head: String = text.chars().take(QUOTED).collect();
    let more = if head.len() < text.len() { "…" } else { "" };
    format!("line {} ({head}{more})", block.line + 1)
}
