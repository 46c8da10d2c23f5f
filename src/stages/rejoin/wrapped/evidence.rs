//! What the text says about a line end, whatever its place on the page.

use super::rows::{Row, cannot_begin};
use crate::chars::{is_han, is_opening};
use crate::document::Document;
use crate::lexicon::word_across;

/// Whether the text runs on over a line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// It does: a word, a bracket or a clause is cut in two.
    On,
    /// Nothing says so.
    Open,
    /// A sentence ends there.
    Ends,
}

/// Characters that a Chinese headline or paragraph hardly ends with.
const NEVER_LAST: &str = "，、,的地和與与及或在将將把被对對从從向为為是并並其该該以";

/// Judges the line end between `left` and `right`.
pub(super) fn flow(document: &Document, left: &Row, right: &Row) -> Flow {
    let half_width = !left.latin && matches!(right.first, ',' | ';' | ')');
    if cannot_begin(right.first)
        || half_width
        || (is_opening(left.last) && left.last != '[')
        || left.opens && right.closes
    {
        return Flow::On;
    }
    if left.ends_sentence {
        return Flow::Ends;
    }
    if NEVER_LAST.contains(left.last) {
        return Flow::On;
    }
    if left.latin || right.latin {
        let goes_on = right.first.is_lowercase() || matches!(left.last, ',' | '-');
        return if goes_on { Flow::On } else { Flow::Open };
    }
    if left.last.is_ascii_digit() && matches!(right.first, '年' | '月' | '日' | '个' | '個' | '%' | '％')
    {
        return Flow::On;
    }
    let both_han = is_han(left.last) && is_han(right.first);
    if both_han && word_across(document.slice(left.span), document.slice(right.span)).is_some() {
        return Flow::On;
    }
    Flow::Open
}
