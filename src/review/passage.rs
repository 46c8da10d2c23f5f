//! A repair in its paragraph, before and after.

use std::ops::Range;

use crate::chars::is_line_end;
use crate::decode::Decoded;
use crate::pipeline::{Outcome, Placed};

/// Characters of an unchanged stretch that are shown on each side of a change
/// if its paragraph is long.
const SHOWN: usize = 120;

/// The source around a repair, and the same with this repair made and no other.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Passage {
    /// As it is in the source.
    pub before: Vec<Part>,
    /// As it would be.
    pub after: Vec<Part>,
}

/// A stretch of a [`Passage`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// What it is to the repair.
    pub kind: PartKind,
    /// Its text, line ends included; of one left out, nothing.
    pub text: String,
}

/// What a [`Part`] is to the repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// It stays.
    Kept,
    /// Removed, on the side before.
    Removed,
    /// Written, on the side after.
    Written,
    /// Left out here: it is long, and stays.
    Gap,
}

impl Passage {
    /// The paragraph, or paragraphs, of `outcome` in `source`.
    #[must_use]
    pub fn of(outcome: &Outcome, source: &Decoded) -> Self {
        let text = &source.text;
        let mut edits: Vec<(Range<usize>, &str)> =
            outcome.edits.iter().map(|edit| (place(edit, source), &*edit.after)).collect();
        edits.sort_by_key(|(place, _)| (place.start, place.end));
        let (Some(first), Some(last)) = (edits.first(), edits.iter().map(|(place, _)| place.end).max())
        else {
            return Self::default();
        };
        let start = text[..first.0.start].rfind(is_line_end).map_or(0, |at| at + 1);
        let end = text[last..].find(is_line_end).map_or(text.len(), |at| last + at);
        let mut passage = Self::default();
        let mut done = start;
        for (place, after) in &edits {
            // Where other repairs moved text about, places may overlap: what
            // was told is not told again.
            let from = place.start.max(done);
            passage.keep(&text[done..from], done == start, false);
            passage.before.push_unless_empty(PartKind::Removed, &text[from..place.end.max(from)]);
            passage.after.push_unless_empty(PartKind::Written, after);
            done = place.end.max(from);
        }
        passage.keep(&text[done..end.max(done)], false, true);
        passage
    }

    fn keep(&mut self, text: &str, is_first: bool, is_last: bool) {
        let (head, tail) = if text.chars().count() <= 2 * SHOWN {
            (text, None)
        } else {
            let head = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
            let tail = text.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
            (&text[..head], Some(&text[tail..]))
        };
        for side in [&mut self.before, &mut self.after] {
            if tail.is_none() || !is_first {
                side.push_unless_empty(PartKind::Kept, head);
            }
            if let Some(tail) = tail {
                side.push(Part { kind: PartKind::Gap, text: String::new() });
                if !is_last {
                    side.push_unless_empty(PartKind::Kept, tail);
                }
            }
        }
    }
}

trait Parts {
    fn push_unless_empty(&mut self, kind: PartKind, text: &str);
}

impl Parts for Vec<Part> {
    fn push_unless_empty(&mut self, kind: PartKind, text: &str) {
        match self.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.push(Part { kind, text: text.to_owned() }),
        }
    }
}

fn place(edit: &Placed, source: &Decoded) -> Range<usize> {
    source.text_offset(edit.source.start)..source.text_offset(edit.source.end)
}
