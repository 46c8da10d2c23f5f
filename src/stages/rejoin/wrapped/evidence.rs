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

/// Whether the text can run on from `left` to a line with the text `below`, for a
/// first look: nearly all lines are told without being measured.
pub(super) fn may_run_on(document: &Document, left: &Row, below: &str) -> bool {
    let Some(first) = below.chars().next() else { return false };
    left.opens
        || is_opening(left.last)
        || NEVER_LAST.contains(left.last)
        || matches!(left.last, ',' | '-')
        || left.last.is_ascii_digit()
        || cannot_begin(first)
        || matches!(first, ',' | ';' | ')')
        || first.is_lowercase()
        || is_han(left.last) && is_han(first) && word_across(document.slice(left.span), below).is_some()
}

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

#[cfg(test)]
mod tests {
    use super::super::rows::{Gap, measure};
    use super::*;

    #[test]
    fn a_first_look_misses_no_text_that_runs_on() {
        let lines = [
            "镇里请来义务宣传",
            "员，逐户上门讲解",
            "（水车修好了",
            "全镇的人都来看）",
            "，河边",
            "共修好12",
            "个水车",
            "the water-",
            "wheel turns",
            "ABC",
            "老桥的",
            "老桥",
            "本报",
            ")",
            "a,",
            "“",
        ];
        let document = Document::new(lines.join("\n"));
        let row = |index: usize| {
            measure(document.text(), document.lines()[index].span, Gap::LineEnd).expect("no line is empty")
        };
        for (left, right) in
            (0..lines.len()).flat_map(|left| (0..lines.len()).map(move |right| (left, right)))
        {
            let (left, right) = (row(left), row(right));
            if flow(&document, &left, &right) == Flow::On {
                assert!(may_run_on(&document, &left, document.slice(right.span)), "{left:?} {right:?}");
            }
        }
    }
}
