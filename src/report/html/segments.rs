//! Cuts a text at its marks, so that marks which overlap never have to nest.

use std::collections::BTreeSet;
use std::ops::Range;

use super::glyphs::{Run, runs};
use super::marks::{Item, Kind, Mark};
use crate::pipeline::Status;
use crate::span::Span;

/// A run of text under the same marks, or a caret.
#[derive(Debug)]
pub(super) struct Segment<'a> {
    /// The text, if nothing marks it.
    pub(super) plain: &'a str,
    /// The text, if something does.
    pub(super) runs: Vec<Run<'a>>,
    /// The element: `ins`, `del` or `mark`; empty if nothing marks it.
    pub(super) tag: &'static str,
    /// How it looks: class names.
    pub(super) class: String,
    /// The items that mark it, the foremost first.
    pub(super) items: Vec<Item>,
}

/// Which side of the page a text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Source,
    Clean,
}

/// Items named at one place. More is no use to a reader, and would let marks
/// piled up on the same text make the page grow with their square.
const MAX_ITEMS: usize = 8;

/// Marks in force at a place, the foremost first: by status, then the shorter.
type Active = BTreeSet<(u8, usize, usize)>;

/// The segments of `text`, cut at `marks` and at the ends of `chunks`, which
/// cover the text; one list a chunk.
pub(super) fn cut<'a>(
    text: &'a str,
    chunks: &[Span],
    marks: &mut [Mark],
    side: Side,
) -> Vec<Vec<Segment<'a>>> {
    marks.sort_by_key(|mark| (mark.span.start, mark.span.end, mark.item));
    let mut ends: Vec<_> = (0..marks.len()).filter(|&index| !marks[index].span.is_empty()).collect();
    ends.sort_by_key(|&index| marks[index].span.end);
    let (mut opening, mut closing) = (marks.iter().enumerate().peekable(), ends.into_iter().peekable());
    let key = |index: usize| (rank(&marks[index]), marks[index].span.len(), index);
    let mut active = Active::new();
    let mut cells = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let mut cell = Vec::new();
        let mut at = chunk.start;
        // A caret at the very end of the text has no next chunk to stand in.
        while at < chunk.end || (at == text.len() && opening.peek().is_some()) {
            while let Some(index) = closing.next_if(|&index| marks[index].span.end <= at) {
                active.remove(&key(index));
            }
            while let Some((index, mark)) = opening.next_if(|(_, mark)| mark.span.start <= at) {
                if mark.span.is_empty() {
                    cell.push(caret(mark, side));
                } else {
                    active.insert(key(index));
                }
            }
            let next_open = opening.peek().map_or(chunk.end, |(_, mark)| mark.span.start);
            let next_close = closing.peek().map_or(chunk.end, |&index| marks[index].span.end);
            let end = next_open.min(next_close).min(chunk.end);
            if at < end {
                cell.push(segment(text, at..end, &active, marks, side));
            }
            at = end;
        }
        cells.push(cell);
    }
    cells
}

fn segment<'a>(text: &'a str, at: Range<usize>, active: &Active, marks: &[Mark], side: Side) -> Segment<'a> {
    let mut on = active.iter().map(|&(_, _, index)| &marks[index]);
    let Some(foremost) = on.next() else {
        return Segment {
            plain: &text[at],
            runs: Vec::new(),
            tag: "",
            class: String::new(),
            items: Vec::new(),
        };
    };
    let mut items = vec![foremost.item];
    for mark in on.take(MAX_ITEMS - 1) {
        if !items.contains(&mark.item) {
            items.push(mark.item);
        }
    }
    Segment {
        plain: "",
        runs: runs(&text[at.clone()], text[at.end..].chars().next()),
        items,
        ..bare(foremost, side)
    }
}

fn caret<'a>(mark: &Mark, side: Side) -> Segment<'a> {
    let mut segment = bare(mark, side);
    segment.class.push_str(" caret");
    segment
}

/// The looks of `mark`, with no text yet.
fn bare<'a>(mark: &Mark, side: Side) -> Segment<'a> {
    let tag = match (mark.status, mark.kind, side) {
        (Some(Status::Applied), Kind::Delete | Kind::Replace, Side::Source) => "del",
        (Some(Status::Applied), Kind::Insert | Kind::Replace, Side::Clean) => "ins",
        _ => "mark",
    };
    let mut class = mark.kind.class().to_owned();
    if let Some(status) = mark.status {
        class.push(' ');
        class.push_str(super::name(status));
    }
    Segment { plain: "", runs: Vec::new(), tag, class, items: vec![mark.item] }
}

fn rank(mark: &Mark) -> u8 {
    match mark.status {
        Some(Status::Applied) => 0,
        Some(Status::Suggested) => 1,
        None => 2,
        Some(Status::Rejected) => 3,
        Some(Status::Superseded) => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize, number: usize, status: Status) -> Mark {
        let item = Item::Repair(number);
        Mark { span: Span::new(start, end), item, kind: Kind::Replace, status: Some(status) }
    }

    #[test]
    fn overlapping_marks_are_cut() {
        let mut marks = vec![
            mark(0, 4, 0, Status::Superseded),
            mark(2, 6, 1, Status::Applied),
            mark(6, 6, 2, Status::Applied),
        ];
        let cells = cut("abcdef", &[Span::new(0, 3), Span::new(3, 6)], &mut marks, Side::Source);
        let told: Vec<Vec<_>> = cells
            .iter()
            .map(|cell| {
                cell.iter()
                    .map(|s| (s.runs.iter().map(|r| r.text).collect::<String>(), s.items.len()))
                    .collect()
            })
            .collect();
        let told: Vec<Vec<_>> =
            told.iter().map(|c| c.iter().map(|(t, n)| (t.as_str(), *n)).collect()).collect();
        assert_eq!(told, [vec![("ab", 1), ("c", 2)], vec![("d", 2), ("ef", 1), ("", 1)]]);
        assert_eq!(cells[1][0].class, "replace applied");
    }

    #[test]
    fn a_pile_of_marks_stays_small() {
        let mut marks: Vec<_> = (0..2_000).map(|n| mark(n, 4_000 - n, n, Status::Superseded)).collect();
        let text = "x".repeat(4_000);
        let cells = cut(&text, &[Span::new(0, 4_000)], &mut marks, Side::Source);
        assert!(cells[0].iter().all(|segment| segment.items.len() <= MAX_ITEMS));
        assert_eq!(cells[0].len(), 3_999);
    }
}
