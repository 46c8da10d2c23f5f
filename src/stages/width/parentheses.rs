//! Parentheses of the wrong width or of two widths, always as pairs.

use crate::chars::{is_chinese, is_cjk_punctuation, is_han};
use crate::document::Document;
use crate::edit::Edit;
use crate::span::Span;
use crate::stages::Proposer;

/// A parenthesis with its partner, as places in the text.
struct Pair {
    open: Span,
    close: Span,
}

/// Rule `width/ascii-parentheses`: both ASCII, in Chinese text.
pub(super) fn ascii(document: &Document, proposer: &mut Proposer<'_>) {
    if !document.ascii().has(b'(') || !document.ascii().has(b')') {
        return;
    }
    for pair in pairs(document) {
        if document.slice(pair.open) == "(" && document.slice(pair.close) == ")" {
            widen(document, &pair, proposer, "ASCII parentheses in Chinese text");
        }
    }
}

/// Rule `width/mixed-parentheses`: one of each kind.
pub(super) fn mixed(document: &Document, proposer: &mut Proposer<'_>) {
    let has_ascii = document.ascii().has(b'(') || document.ascii().has(b')');
    if !has_ascii && !document.text().contains('〈') {
        return;
    }
    for pair in pairs(document) {
        let (open, close) = (document.slice(pair.open), document.slice(pair.close));
        if !matches!((open, close), ("(", ")") | ("（", "）")) {
            widen(document, &pair, proposer, &format!("`{open}` closed by `{close}`"));
        }
    }
}

fn widen(document: &Document, pair: &Pair, proposer: &mut Proposer<'_>, message: &str) {
    let inside = &document.text()[pair.open.end..pair.close.start];
    if !is_chinese(inside) || !stands_in_chinese(document, pair) {
        return;
    }
    let mut edits = Vec::new();
    for (span, wide) in [(with_gaps(document, pair.open), "（"), (with_gaps(document, pair.close), "）")] {
        if document.slice(span) != wide {
            edits.push(Edit::replace(span, wide));
        }
    }
    proposer.repair(edits, message);
}

/// Whether what stands before the pair, or behind it at the start of a line,
/// is Chinese: behind a Latin letter a parenthesis is a call or a gloss.
fn stands_in_chinese(document: &Document, pair: &Pair) -> bool {
    let fits =
        |c: char| is_han(c) || (is_cjk_punctuation(c) && !c.is_ascii()) || c.is_ascii_digit() || c == '%';
    match document.char_before(pair.open.start) {
        Some(before) => fits(before),
        None => document.char_after(pair.close.end).is_none_or(fits),
    }
}

/// An ASCII parenthesis with the spaces that typists and OCR engines put on
/// the outer side of it, between it and Chinese; those inside are no part.
fn with_gaps(document: &Document, mark: Span) -> Span {
    let text = document.text();
    match document.slice(mark) {
        "(" | "〈" => {
            let before = text[..mark.start].trim_end_matches(' ');
            let one_gap = mark.start - before.len() == 1 && before.chars().next_back().is_some_and(is_han);
            Span::new(if one_gap { before.len() } else { mark.start }, mark.end)
        }
        ")" => {
            let after = text[mark.end..].trim_start_matches(' ');
            let gap = text.len() - after.len() - mark.end;
            let one_gap =
                gap == 1 && after.chars().next().is_some_and(|c| is_han(c) || is_cjk_punctuation(c));
            Span::new(mark.start, if one_gap { mark.end + 1 } else { mark.end })
        }
        _ => mark,
    }
}

/// Parentheses that pair within a line that reads as Chinese, innermost first.
/// 〈 counts as one where no 〉 follows: OCR engines read （ so.
fn pairs(document: &Document) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for line in document.lines() {
        let text = document.slice(line.span);
        if !text.contains([')', '）']) || !is_chinese(text) {
            continue;
        }
        let angle_is_misread = !text.contains('〉');
        let mut open = Vec::new();
        for (offset, c) in text.char_indices() {
            let start = line.span.start + offset;
            let span = Span::new(start, start + c.len_utf8());
            match c {
                '(' | '（' => open.push(span),
                '〈' if angle_is_misread => open.push(span),
                ')' | '）' => pairs.extend(open.pop().map(|open| Pair { open, close: span })),
                _ => {}
            }
        }
    }
    pairs
}
