//! The lines of a text that hold something, and what each looks like.

use super::Line;
use super::kind::kind_of;
use crate::chars::is_gap;
use crate::span::Span;

/// A line that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The text of the line without the spaces around it.
    pub span: Span,
    /// The number of the line, from 0.
    pub line: usize,
    /// What it looks like.
    pub kind: BlockKind,
}

/// What a [`Block`] looks like. In text whose lines were broken at a column
/// edge a line is less than a paragraph, and the kind says little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    /// A short line without a full stop.
    Headline,
    /// Who wrote it: `记者 某某`, `（甲某某 乙某某）`.
    Byline,
    /// Says what a picture shows, or who took it.
    Caption,
    /// An entry of a list, with its number or bullet.
    ListItem,
    /// Cells with wide gaps between.
    TableRow,
    /// The first paragraph of an article: `本报讯（记者 某某）…`.
    Lead,
    /// Running text.
    Body,
}

impl Block {
    /// Whether the block is running text: a first paragraph or another one.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, BlockKind::Lead | BlockKind::Body)
    }
}

pub(super) fn blocks_of(text: &str, lines: &[Line]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let whole = &text[line.span.range()];
        let behind = whole.trim_start_matches(is_gap);
        let body = behind.trim_end_matches(is_gap);
        if body.is_empty() {
            continue;
        }
        let start = line.span.end - behind.len();
        let span = Span::new(start, start + body.len());
        blocks.push(Block { span, line: number, kind: kind_of(body) });
    }
    blocks
}
