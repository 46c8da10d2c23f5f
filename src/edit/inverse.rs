//! The way from the source to the current text, for many questions.

use super::offset_map::{OffsetMap, Origin, Piece};
use crate::span::{SourceSpan, Span};

/// An [`OffsetMap`] read backwards. Building it costs a sort, an answer no
/// more than the kept runs it names.
#[derive(Clone, Debug)]
pub struct Inverse {
    /// The pieces that came from the source, in source order.
    kept: Vec<Piece>,
}

impl Inverse {
    /// Reads `map` backwards.
    #[must_use]
    pub fn new(map: &OffsetMap) -> Self {
        let from_source = |piece: &&Piece| matches!(piece.origin, Origin::Source { .. });
        let mut kept: Vec<_> = map.pieces().iter().filter(from_source).copied().collect();
        kept.sort_by_key(|piece| (piece.source(), piece.text));
        Self { kept }
    }

    /// The runs that came from the source, in source order.
    #[must_use]
    pub fn kept(&self) -> &[Piece] {
        &self.kept
    }

    /// Where the kept characters of `source` stand in the current text, in
    /// source order; empty if none was kept.
    #[must_use]
    pub fn to_text(&self, source: SourceSpan) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        let first = self.kept.partition_point(|piece| piece.source().end <= source.start);
        for piece in self.kept[first..].iter().take_while(|piece| piece.source().start < source.end) {
            let home = piece.source();
            let (from, to) = (home.start.max(source.start), home.end.min(source.end));
            if from >= to {
                continue;
            }
            let span = Span::new(text_at(piece, from), text_at(piece, to));
            match found.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => found.push(span),
            }
        }
        found
    }

    /// The place in the current text that stands for the source place before
    /// `byte`: right behind the nearest character kept from before it.
    #[must_use]
    pub fn place(&self, byte: usize) -> usize {
        let next = self.kept.partition_point(|piece| piece.source().start < byte);
        let before = next.checked_sub(1).and_then(|index| self.kept.get(index));
        match (before, self.kept.get(next)) {
            (Some(piece), _) => text_at(piece, byte.min(piece.source().end)),
            (None, Some(piece)) => piece.text.start,
            (None, None) => 0,
        }
    }
}

/// The place of source `byte`, which lies in `piece`, in the text; a byte
/// inside a character counts to the next.
fn text_at(piece: &Piece, byte: usize) -> usize {
    match piece.origin {
        Origin::Source { start, text_unit, source_unit } => {
            let text = (byte - start).div_ceil(source_unit as usize) * text_unit as usize;
            (piece.text.start + text).min(piece.text.end)
        }
        Origin::Written { .. } => piece.text.start,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Edit, Repair, RuleId, apply};
    use super::*;
    use crate::edit::Confidence;

    #[test]
    fn answers_as_the_map_does() {
        let text = "甲乙丙丁戊己";
        let mut map = OffsetMap::default();
        map.push_source(text.len(), 2, 3, 2);
        let mut edits = Edit::relocate((3..6).into(), 15).to_vec();
        edits.insert(1, Edit::replace(9..12, "X"));
        let repair = Repair {
            rule: RuleId::new("test/any"),
            confidence: Confidence::Certain,
            score: None,
            message: String::new(),
            edits,
            ruling: None,
        };
        let (text, map) = apply(text, &map, &[repair], 0);
        assert_eq!(text, "甲丙X戊乙己");
        let inverse = Inverse::new(&map);
        for from in 0..16 {
            for to in from..16 {
                let source = SourceSpan::new(from, to);
                let mut spans = inverse.to_text(source);
                spans.sort();
                let slow = map.to_text(source);
                let covered = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
                assert_eq!(covered(&spans), covered(&slow), "{source:?}");
            }
        }
        assert_eq!(inverse.place(8), "甲丙".len(), "where 丁 was");
        assert_eq!(inverse.place(2), 0);
        assert_eq!(inverse.place(14), text.len());
    }
}
