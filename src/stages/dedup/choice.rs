//! Which of two copies is the better one.

use std::cmp::Ordering;

use super::passage::{Passage, is_mark, is_unreadable};
use crate::chars::{ends_sentence, is_closing, is_gap, is_han};
use crate::document::{BlockKind, Document};
use crate::lexicon::word_across;

/// The copy to keep, the one to drop, and why, to be read behind "kept because".
pub(super) struct Choice {
    /// Index of the passage that stays.
    pub kept: usize,
    /// Index of the other.
    pub dropped: usize,
    /// The reason.
    pub reason: &'static str,
    /// Whether the kept copy completes the block before it and the other does not.
    pub completes: bool,
}

/// Chooses between the passages `first` and `second`, which stand in this order.
pub(super) fn choose(document: &Document, passages: &[Passage], first: usize, second: usize) -> Choice {
    let (a, b) = (Merits::of(document, &passages[first]), Merits::of(document, &passages[second]));
    let (order, reason) = a.compare(&b);
    let completes = a.completes != b.completes;
    match order {
        Ordering::Less => Choice { kept: second, dropped: first, reason, completes },
        _ => Choice { kept: first, dropped: second, reason, completes },
    }
}

struct Merits {
    /// How much speaks for the block before running on into this one: that it
    /// is prose and breaks off, that a word stands across the gap.
    completes: u8,
    broken: usize,
    marks: usize,
}

impl Merits {
    fn of(document: &Document, passage: &Passage) -> Self {
        let text = document.slice(passage.span);
        Self {
            completes: completes(document, passage),
            broken: broken(text),
            marks: text.chars().filter(|c| is_mark(*c)).count(),
        }
    }

    fn compare(&self, other: &Self) -> (Ordering, &'static str) {
        let steps = [
            (self.completes.cmp(&other.completes), "it completes the paragraph before it"),
            (other.broken.cmp(&self.broken), "fewer of its characters are damaged"),
            (self.marks.cmp(&other.marks), "its quotation marks are intact"),
        ];
        let decided = steps.into_iter().find(|(order, _)| order.is_ne());
        decided.unwrap_or((Ordering::Equal, "it comes first"))
    }
}

/// How well the passage goes on from the block before it. A short head of a
/// paragraph looks like a headline: then only a word across is evidence.
fn completes(document: &Document, passage: &Passage) -> u8 {
    let Some(before) = passage.block.checked_sub(1).map(|index| document.blocks()[index]) else { return 0 };
    let left = document.slice(before.span);
    let may_run_on = before.is_prose() || before.kind == BlockKind::Headline;
    if !may_run_on || left.chars().next_back().is_none_or(ends_thought) {
        return 0;
    }
    let word = word_across(left, document.slice(passage.span)).is_some();
    u8::from(before.is_prose()) + u8::from(word)
}

fn ends_thought(c: char) -> bool {
    ends_sentence(c) || is_closing(c) || matches!(c, ':' | '：' | '.' | '"')
}

/// Characters that damage left: unreadable ones, gaps between Han, ASCII
/// punctuation behind Han.
pub(crate) fn broken(text: &str) -> usize {
    let mut count = 0;
    let (mut last, mut in_gap) = (' ', false);
    for c in text.chars() {
        if is_gap(c) {
            in_gap = true;
            continue;
        }
        let gap = in_gap && is_han(last) && is_han(c);
        let ascii = is_han(last) && matches!(c, ',' | ';' | ':' | '(' | ')' | '?' | '!');
        count += usize::from(is_unreadable(c)) + usize::from(gap) + usize::from(ascii);
        (last, in_gap) = (c, false);
    }
    count
}
