//! The pieces that the paragraphs of gold lie in, in another text.

use std::ops::Range;

use super::align::Alignment;
use super::content::Content;

/// The widest hole in a piece, in content characters of gold: more than a line.
const MAX_HOLE: usize = 60;

/// A run of one block that goes through one paragraph of gold, forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The block of the text.
    pub(super) block: usize,
    /// The paragraph of gold.
    pub(super) paragraph: usize,
    /// From its first content character in the text to its last.
    pub(super) text: Range<usize>,
    /// From its first content character in gold to its last.
    pub(super) gold: Range<usize>,
    /// Content characters that both have.
    pub(super) found: usize,
}

/// The pieces of `text`, in its order.
pub(super) fn pieces(text: &Content, gold: &Content, alignment: &Alignment) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.chars.iter().enumerate() {
        let Some(place) = alignment.to_gold(at) else { continue };
        let paragraph = gold.chars[place].block;
        match pieces.last_mut() {
            Some(last)
                if last.block == c.block
                    && last.paragraph == paragraph
                    && (last.gold.end..last.gold.end + MAX_HOLE).contains(&place) =>
            {
                last.text.end = at + 1;
                last.gold.end = place + 1;
                last.found += 1;
            }
            _ => pieces.push(Piece {
                block: c.block,
                paragraph,
                text: at..at + 1,
                gold: place..place + 1,
                found: 1,
            }),
        }
    }
    pieces
}
