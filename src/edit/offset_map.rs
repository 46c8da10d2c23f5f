//! Where every character of the current text came from.
//!
//! The current text is kept as a list of pieces: runs copied from the source,
//! and runs that a repair wrote. Moved text is a run whose source stands
//! elsewhere, so provenance survives every stage.

use crate::span::{SourceSpan, Span};

/// The way home from current text to source bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// In text order, without holes; none is empty.
    pieces: Vec<Piece>,
    /// Length of the current text in bytes.
    len: usize,
}

/// A run of current text with one origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands in the current text.
    pub text: Span,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a [`Piece`] came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Decoded from the source. Every `text_unit` bytes of text came from
    /// `source_unit` bytes of source: Han in GB18030 is 3 from 2.
    Source {
        /// First source byte.
        start: usize,
        /// Bytes of text a character.
        text_unit: u32,
        /// Bytes of source a character.
        source_unit: u32,
    },
    /// Written by a repair.
    Written {
        /// The source byte before which it was written.
        anchor: usize,
        /// The number of the repair, as given to [`apply`](super::apply).
        author: u32,
    },
}

impl Piece {
    /// The source bytes of the piece; empty at the anchor if it was written.
    #[must_use]
    pub fn source(&self) -> SourceSpan {
        SourceSpan::new(self.source_at(self.text.start), self.source_at(self.text.end))
    }

    fn source_at(&self, offset: usize) -> usize {
        match self.origin {
            Origin::Source { start, text_unit, source_unit } => {
                start + (offset - self.text.start) / text_unit as usize * source_unit as usize
            }
            Origin::Written { anchor, .. } => anchor,
        }
    }

    fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written { .. })
    }

    /// Whether `next`, which follows in the text, also follows in the source
    /// in the same units.
    fn runs_on_into(&self, next: &Origin) -> bool {
        match (self.origin, *next) {
            (
                Origin::Source { text_unit, source_unit, .. },
                Origin::Source { start, text_unit: t, source_unit: s },
            ) => text_unit == t && source_unit == s && self.source().end == start,
            (Origin::Written { author, anchor }, Origin::Written { author: a, anchor: b }) => {
                author == a && anchor == b
            }
            _ => false,
        }
    }
}

impl OffsetMap {
    /// Length in bytes of the text the map is for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The runs of the text, in text order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Adds a run of `len` bytes of text decoded from `source`, in which every
    /// character takes `text_unit` bytes of text and `source_unit` of source.
    pub fn push_source(&mut self, len: usize, source: usize, text_unit: u32, source_unit: u32) {
        self.push(len, Origin::Source { start: source, text_unit, source_unit });
    }

    /// Adds a run of `len` bytes that repair number `author` wrote before the
    /// source byte `anchor`.
    pub(super) fn write(&mut self, len: usize, anchor: usize, author: u32) {
        self.push(len, Origin::Written { anchor, author });
    }

    /// Adds what `other` says of `span`.
    pub(super) fn copy(&mut self, other: &Self, span: Span) {
        if span.is_empty() {
            return;
        }
        for piece in &other.pieces[other.piece_index(span.start)..] {
            if piece.text.start >= span.end {
                break;
            }
            let from = piece.text.start.max(span.start);
            let to = piece.text.end.min(span.end);
            let origin = match piece.origin {
                Origin::Source { text_unit, source_unit, .. } => {
                    Origin::Source { start: piece.source_at(from), text_unit, source_unit }
                }
                written => written,
            };
            self.push(to - from, origin);
        }
    }

    fn push(&mut self, len: usize, origin: Origin) {
        if len == 0 {
            return;
        }
        let start = self.len;
        self.len += len;
        if let Some(last) = self.pieces.last_mut()
            && last.runs_on_into(&origin)
        {
            last.text.end = self.len;
            return;
        }
        self.pieces.push(Piece { text: Span::new(start, self.len), origin });
    }

    /// The piece that holds byte `offset`, or the number of pieces at the end.
    fn piece_index(&self, offset: usize) -> usize {
        self.pieces.partition_point(|piece| piece.text.end <= offset)
    }

    /// The source place where something inserted at `offset` would stand:
    /// right behind the kept character before it, else before the one after.
    #[must_use]
    pub fn anchor(&self, offset: usize) -> usize {
        let next = self.piece_index(offset);
        if let Some(piece) = self.pieces.get(next)
            && piece.text.start < offset
        {
            return piece.source_at(offset);
        }
        match (next.checked_sub(1).and_then(|i| self.pieces.get(i)), self.pieces.get(next)) {
            (Some(before), _) => before.source().end,
            (None, Some(after)) => after.source().start,
            (None, None) => 0,
        }
    }

    /// As [`anchor`](Self::anchor), for what belongs to the text behind it, such
    /// as an opening mark: right before the kept character there, if there is
    /// one.
    #[must_use]
    pub fn anchor_of_next(&self, offset: usize) -> usize {
        let pieces = &self.pieces[self.piece_index(offset)..];
        match pieces.iter().find(|piece| !piece.is_written()) {
            Some(piece) => piece.source_at(offset.max(piece.text.start)),
            None => self.anchor(offset),
        }
    }

    /// The source bytes that `span` came from.
    ///
    /// Text that a repair wrote has no source of its own: a span of nothing
    /// else, like an empty one, gives the empty place it is anchored at. Where
    /// the span crosses text that was moved, the run it begins with counts.
    #[must_use]
    pub fn to_source(&self, span: Span) -> SourceSpan {
        let mut home: Option<SourceSpan> = None;
        let first = self.piece_index(span.start);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.text.start < span.end) {
            if piece.is_written() {
                continue;
            }
            let from = piece.source_at(piece.text.start.max(span.start));
            let to = piece.source_at(piece.text.end.min(span.end));
            match &mut home {
                None => home = Some(SourceSpan::new(from, to)),
                Some(home) if home.end <= from => home.end = to,
                Some(_) => break,
            }
        }
        home.unwrap_or_else(|| {
            let anchor = self.anchor(span.start);
            SourceSpan::new(anchor, anchor)
        })
    }

    /// The source bytes of every kept run of `span`, in text order, without
    /// what repairs wrote.
    #[must_use]
    pub fn runs_of(&self, span: Span) -> Vec<SourceSpan> {
        let pieces = self.pieces[self.piece_index(span.start)..].iter();
        pieces
            .take_while(|piece| piece.text.start < span.end)
            .filter(|piece| !piece.is_written())
            .map(|piece| {
                let (from, to) = (piece.text.start.max(span.start), piece.text.end.min(span.end));
                SourceSpan::new(piece.source_at(from), piece.source_at(to))
            })
            .collect()
    }

    /// Who wrote what `span` replaces, or what an insertion there would tear
    /// apart: the numbers given to [`apply`](super::apply), in text order.
    pub fn authors_of(&self, span: Span) -> impl Iterator<Item = u32> {
        let pieces = self.pieces[self.piece_index(span.start)..].iter();
        let touched = move |piece: &&Piece| {
            piece.text.start < span.end || (span.is_empty() && piece.text.start < span.start)
        };
        pieces.take_while(touched).filter_map(|piece| match piece.origin {
            Origin::Written { author, .. } => Some(author),
            Origin::Source { .. } => None,
        })
    }

    /// Where the kept characters of `source` stand in the current text, in
    /// text order; empty if none was kept.
    #[must_use]
    pub fn to_text(&self, source: SourceSpan) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        for piece in &self.pieces {
            let Origin::Source { start, text_unit, source_unit } = piece.origin else { continue };
            let home = piece.source();
            let (from, to) = (home.start.max(source.start), home.end.min(source.end));
            if from >= to {
                continue;
            }
            let place = |byte: usize| {
                piece.text.start + (byte - start).div_ceil(source_unit as usize) * text_unit as usize
            };
            let span = Span::new(place(from), place(to));
            match found.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => found.push(span),
            }
        }
        found
    }
}
