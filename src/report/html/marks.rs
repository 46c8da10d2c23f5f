//! Which places of the source and of the clean text a repair or note speaks of.

use super::Page;
use crate::edit::{Inverse, Origin};
use crate::pipeline::{Outcome, Placed, Status};
use crate::places::CodePoints;
use crate::report::records::{Range, RepairRecord};
use crate::span::{SourceSpan, Span};

/// What a mark points at, by its number in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Repair(usize),
    Note(usize),
}

/// What is done at a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Delete,
    Insert,
    Replace,
    Move,
    Note,
}

/// A place of one side; an empty one is a caret between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// In the text of its side.
    pub(super) span: Span,
    pub(super) item: Item,
    pub(super) kind: Kind,
    /// `None` for a note.
    pub(super) status: Option<Status>,
}

impl Kind {
    fn of(before: &str, after: &str, moved: bool) -> Self {
        match (moved, before.is_empty(), after.is_empty()) {
            (true, ..) => Self::Move,
            (_, true, _) => Self::Insert,
            (_, _, true) => Self::Delete,
            _ => Self::Replace,
        }
    }

    /// The class it has in the page.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Replace => "replace",
            Self::Move => "move",
            Self::Note => "note",
        }
    }
}

/// The marks of the source text, in no order.
pub(super) fn of_source(page: &Page<'_>, points: &CodePoints<'_>) -> Vec<Mark> {
    let place = |chars: Range| {
        let start = points.offset(chars.start);
        Span::new(start, points.offset(chars.end).max(start))
    };
    let mut marks = Vec::new();
    for (number, repair) in page.records.repairs.iter().enumerate() {
        let leaving = leaving(repair);
        for edit in &repair.edits {
            let is_move = edit.moved_from.is_some() || leaving.contains(&edit.at);
            let kind = Kind::of(&edit.before, &edit.after, is_move);
            let item = Item::Repair(number);
            marks.push(Mark { span: place(edit.chars), item, kind, status: Some(repair.status) });
        }
    }
    for (number, note) in page.records.notes.iter().enumerate() {
        let item = Item::Note(number);
        marks.push(Mark { span: place(note.chars), item, kind: Kind::Note, status: None });
    }
    marks
}

/// The places of text that `repair` removes to put it elsewhere.
pub(super) fn leaving(repair: &RepairRecord) -> Vec<Range> {
    repair.edits.iter().filter_map(|edit| edit.moved_from).collect()
}

/// The marks of the clean text, in no order.
pub(super) fn of_clean(page: &Page<'_>, inverse: &Inverse) -> Vec<Mark> {
    let cleaned = page.cleaned;
    let written = written(page);
    let mut marks = Vec::new();
    for (number, outcome) in cleaned.repairs.iter().enumerate() {
        let mut add = |span: Span, kind: Kind| {
            marks.push(Mark { span, item: Item::Repair(number), kind, status: Some(outcome.status) });
        };
        if outcome.status == Status::Applied {
            let runs = &written[written.partition_point(|run| run.0 < number)..];
            let runs: Vec<_> = runs.iter().take_while(|run| run.0 == number).collect();
            mark_applied(outcome, &runs, inverse, &mut add);
        } else {
            mark_proposed(outcome, cleaned.steps, inverse, &mut add);
        }
    }
    for (number, note) in cleaned.notes.iter().enumerate() {
        marks.push(Mark { span: note.at, item: Item::Note(number), kind: Kind::Note, status: None });
    }
    marks.retain(|mark| mark.span.end <= cleaned.text.len());
    marks
}

/// What stands in the clean text that a repair wrote: its number, the source
/// byte it was written before, and where it stands; sorted.
type Written = (usize, usize, Span);

fn written(page: &Page<'_>) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for piece in page.cleaned.offsets.pieces() {
        if let Origin::Written { anchor, author } = piece.origin {
            written.push((author as usize, anchor, piece.text));
        }
    }
    written.sort_unstable();
    written
}

fn mark_applied(
    outcome: &Outcome,
    written: &[&Written],
    inverse: &Inverse,
    add: &mut impl FnMut(Span, Kind),
) {
    let edits = || outcome.edits.iter().filter(|edit| edit.moved_from.is_none());
    let mut writers: Vec<_> = edits().filter(|edit| !edit.after.is_empty()).collect();
    writers.sort_by_key(|edit| edit.source);
    for (_, anchor, span) in written {
        let next = writers.partition_point(|edit| edit.source.start < *anchor);
        let writer = writers.get(next).or(writers.last());
        add(*span, writer.map_or(Kind::Insert, |edit| Kind::of(&edit.before, &edit.after, false)));
    }
    // What a repair wrote may have been replaced by a later one.
    let stands = |edit: &Placed| {
        let found = written.binary_search_by_key(&edit.source.start, |(_, anchor, _)| *anchor);
        written.len() >= writers.len() || found.is_ok()
    };
    let sources = sources_of_moves(outcome);
    for edit in edits().filter(|edit| edit.after.is_empty() || !stands(edit)) {
        let moved = sources.contains(&edit.at);
        add(Span::at(inverse.place(edit.source.start)), Kind::of(&edit.before, &edit.after, moved));
        if moved {
            inverse.to_text(edit.source).into_iter().for_each(|span| add(span, Kind::Move));
        }
    }
}

/// The places from which `outcome` moves text.
fn sources_of_moves(outcome: &Outcome) -> Vec<Span> {
    outcome.edits.iter().filter_map(|edit| edit.moved_from).collect()
}

fn mark_proposed(outcome: &Outcome, steps: usize, inverse: &Inverse, add: &mut impl FnMut(Span, Kind)) {
    let sources = sources_of_moves(outcome);
    for edit in &outcome.edits {
        let kind =
            Kind::of(&edit.before, &edit.after, edit.moved_from.is_some() || sources.contains(&edit.at));
        // What was proposed last was proposed for the clean text itself.
        let spans = if outcome.step == steps { vec![edit.at] } else { kept(edit.source, inverse) };
        spans.into_iter().for_each(|span| add(span, kind));
    }
}

/// What was kept of `source`, or the place where it was.
fn kept(source: SourceSpan, inverse: &Inverse) -> Vec<Span> {
    let spans = inverse.to_text(source);
    if spans.is_empty() { vec![Span::at(inverse.place(source.start))] } else { spans }
}
