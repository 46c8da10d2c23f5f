//! The clean text with what was removed put back where it stood: the text as
//! a person compares it. Built from the repairs and the way each character
//! came, never by comparing texts.

use crate::decode::Decoded;
use crate::edit::{Origin, Piece};
use crate::pipeline::{Cleaned, Status};
use crate::span::{SourceSpan, Span};

/// What happened to a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stands where it stood.
    Kept,
    /// It is in the source only, or stood here before it was moved.
    Removed,
    /// A repair wrote it.
    Written,
    /// It comes from another place of the source.
    Moved,
}

/// A run of text with one fate.
#[derive(Debug)]
pub(super) struct Fragment<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Where it stands in the decoded source, in bytes; for what was written,
    /// the place before which it was.
    pub place: usize,
    /// The outcomes that made it what it is, by index.
    pub outcomes: Vec<usize>,
}

/// The fragments in reading order.
pub(super) fn fragments(cleaned: &Cleaned) -> Vec<Fragment<'_>> {
    let source = &cleaned.source;
    let edits = applied_edits(cleaned);
    let moves = moves(cleaned);
    let gaps = gaps(source, cleaned, &moves);
    let mut gaps = gaps.into_iter().peekable();
    let removed = |span: SourceSpan| {
        let text = Span::new(source.text_offset(span.start), source.text_offset(span.end));
        let outcomes = edits.touching(span);
        Fragment { kind: Kind::Removed, text: &source.text[text.range()], place: text.start, outcomes }
    };
    let mut out: Vec<Fragment<'_>> = Vec::new();
    let mut kept_from = None;
    while let Some((_, span)) = gaps.next_if(|(after, _)| after.is_none()) {
        out.push(removed(span));
    }
    for (index, piece) in cleaned.offsets.pieces().iter().enumerate() {
        let home = piece.source();
        let (kind, outcomes) = match piece.origin {
            Origin::Written { author, .. } => (Kind::Written, vec![author as usize]),
            Origin::Source { .. } => match moves.holding(home) {
                Some(outcome) => (Kind::Moved, vec![outcome]),
                None => (Kind::Kept, Vec::new()),
            },
        };
        // One run of text can be many pieces, by the length of its characters.
        match (kind, kept_from, out.last_mut()) {
            (Kind::Kept, Some(start), Some(last)) => last.text = &cleaned.text[start..piece.text.end],
            _ => {
                let text = &cleaned.text[piece.text.range()];
                out.push(Fragment { kind, text, place: source.text_offset(home.start), outcomes });
                kept_from = (kind == Kind::Kept).then_some(piece.text.start);
            }
        }
        while let Some((_, span)) = gaps.next_if(|(after, _)| *after == Some(index)) {
            out.push(removed(span));
            kept_from = None;
        }
    }
    out.retain(|fragment| !fragment.text.is_empty());
    out
}

/// Source ranges that were moved, each with its outcome.
fn moves(cleaned: &Cleaned) -> Reaching {
    let mut moves = Vec::new();
    for (index, outcome) in applied(cleaned) {
        for from in outcome.edits.iter().filter_map(|edit| edit.moved_from) {
            moves
                .extend(outcome.edits.iter().filter(|edit| edit.at == from).map(|edit| (edit.source, index)));
        }
    }
    Reaching::new(moves)
}

/// The parts of the source that are not where they were, each with the index
/// of the piece it stood behind (`None` at the start); in the order of pieces.
fn gaps(source: &Decoded, cleaned: &Cleaned, moves: &Reaching) -> Vec<(Option<usize>, SourceSpan)> {
    let stays = |(_, piece): &(usize, &Piece)| {
        matches!(piece.origin, Origin::Source { .. }) && moves.holding(piece.source()).is_none()
    };
    let mut kept: Vec<_> = cleaned.offsets.pieces().iter().enumerate().filter(stays).collect();
    kept.sort_by_key(|(_, piece)| piece.source());
    let (mut last, mut end) = (None, source.bom);
    let mut gaps = Vec::new();
    for (index, piece) in kept {
        let home = piece.source();
        if home.start > end {
            gaps.push((last, SourceSpan::new(end, home.start)));
        }
        (last, end) = (Some(index), end.max(home.end));
    }
    let source_end = source.map.pieces().last().map_or(source.bom, |piece| piece.source().end);
    if source_end > end {
        gaps.push((last, SourceSpan::new(end, source_end)));
    }
    gaps.sort_by_key(|(after, span)| (*after, *span));
    gaps
}

fn applied(cleaned: &Cleaned) -> impl Iterator<Item = (usize, &crate::pipeline::Outcome)> {
    cleaned.repairs.iter().enumerate().filter(|(_, outcome)| outcome.status == Status::Applied)
}

/// The applied edits, which may have taken something of the source away.
fn applied_edits(cleaned: &Cleaned) -> Reaching {
    let places = |(index, outcome): (usize, &crate::pipeline::Outcome)| {
        outcome.edits.iter().map(move |edit| (edit.source, index)).collect::<Vec<_>>()
    };
    Reaching::new(applied(cleaned).flat_map(places).collect())
}

/// Source ranges, each with its outcome, which can be asked what lies where
/// without looking at all of them.
struct Reaching {
    /// In source order.
    spans: Vec<(SourceSpan, usize)>,
    /// For each of them, the furthest end of it and those before it.
    reach: Vec<usize>,
}

impl Reaching {
    fn new(mut spans: Vec<(SourceSpan, usize)>) -> Self {
        spans.sort_unstable();
        let mut furthest = 0;
        let reach = spans.iter().map(|(span, _)| {
            furthest = furthest.max(span.end);
            furthest
        });
        Self { reach: reach.collect(), spans }
    }

    /// The outcomes with a range in `span`, in the order of application.
    fn touching(&self, span: SourceSpan) -> Vec<usize> {
        let after = self.spans.partition_point(|(own, _)| own.start < span.end);
        let mut found: Vec<_> = (0..after)
            .rev()
            .take_while(|&at| self.reach[at] > span.start)
            .filter(|&at| self.spans[at].0.end > span.start)
            .map(|at| self.spans[at].1)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The outcome of the last range that holds all of `home`.
    fn holding(&self, home: SourceSpan) -> Option<usize> {
        let after = self.spans.partition_point(|(span, _)| span.start <= home.start);
        let mut near = (0..after).rev().take_while(|&at| self.reach[at] >= home.end);
        near.find(|&at| home.end <= self.spans[at].0.end).map(|at| self.spans[at].1)
    }
}
