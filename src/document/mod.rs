//! The text as it stands now, with views of its lines and blocks. Immutable:
//! looking changes nothing.

mod block;
mod kind;
mod pairs;
mod signs;

use std::sync::OnceLock;

pub use block::{Block, BlockKind};
pub use pairs::Pairs;
pub use signs::Signs;

use crate::chars::{Ascii, is_gap, is_line_end};
use crate::span::Span;

/// Text, seen as lines and blocks.
#[derive(Debug)]
pub struct Document {
    text: String,
    lines: Vec<Line>,
    blocks: Vec<Block>,
    signs: Signs,
    /// The lines with an odd character; found when somebody asks.
    odd_lines: OnceLock<Vec<Line>>,
    /// Made when somebody asks.
    pairs: OnceLock<Pairs>,
}

/// One line of a [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What stands on the line, its end not included.
    pub span: Span,
    /// The line end: LF, CR LF, CR or form feed; empty at the end of the text.
    pub terminator: Span,
}

impl Document {
    /// Looks at `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        let lines = split_lines(&text);
        let blocks = block::blocks_of(&text, &lines);
        let signs = Signs::of(&text);
        Self { text, lines, blocks, signs, odd_lines: OnceLock::new(), pairs: OnceLock::new() }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a quick look at the text says.
    #[must_use]
    pub fn signs(&self) -> &Signs {
        &self.signs
    }

    /// The lines that hold an [odd](Signs::odd) character, in order.
    #[must_use]
    pub fn odd_lines(&self) -> &[Line] {
        self.odd_lines.get_or_init(|| {
            let lines: &[Line] = if self.signs.odd { &self.lines } else { &[] };
            lines.iter().filter(|line| signs::is_odd(self.slice(line.span))).copied().collect()
        })
    }

    /// The characters of those lines, each with its byte offset.
    pub fn chars_of_odd_lines(&self) -> impl Iterator<Item = (usize, char)> {
        self.odd_lines()
            .iter()
            .flat_map(|line| self.slice(line.span).char_indices().map(|(at, c)| (line.span.start + at, c)))
    }

    /// Whether `line`, one of the [lines](Self::lines), is among those.
    #[must_use]
    pub fn is_odd(&self, line: &Line) -> bool {
        self.odd_lines().binary_search_by_key(&line.span.start, |odd| odd.span.start).is_ok()
    }

    /// The ASCII characters of the text.
    #[must_use]
    pub fn ascii(&self) -> &Ascii {
        &self.signs.ascii
    }

    /// The whole text, when there is nothing more to look at.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The text of `span`.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The lines, in order. A text that ends with a line end has no empty line
    /// behind it.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines that hold anything but spaces, as blocks, in order.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The pairs of Han characters of each block.
    #[must_use]
    pub fn pairs(&self) -> &Pairs {
        self.pairs.get_or_init(|| Pairs::of(&self.text, &self.blocks))
    }

    /// The line that holds byte `offset`; the last one at the end of the text.
    /// `None` only for the empty text.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> Option<usize> {
        let index = self.lines.partition_point(|line| line.terminator.end <= offset);
        (!self.lines.is_empty()).then(|| index.min(self.lines.len() - 1))
    }

    /// Line and column of byte `offset`, both from 1; columns count code points.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        self.line_at(offset).map_or((1, 1), |index| {
            let start = self.lines[index].span.start;
            (index + 1, self.text[start..offset].chars().count() + 1)
        })
    }

    /// What ends at byte `offset` on the same line, spaces left aside.
    #[must_use]
    pub fn char_before(&self, offset: usize) -> Option<char> {
        self.text[..offset].chars().rev().find(|c| !is_gap(*c)).filter(|c| !is_line_end(*c))
    }

    /// What begins at byte `offset` on the same line, spaces left aside.
    #[must_use]
    pub fn char_after(&self, offset: usize) -> Option<char> {
        self.text[offset..].chars().find(|c| !is_gap(*c)).filter(|c| !is_line_end(*c))
    }
}

fn split_lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for end in memchr::memchr3_iter(b'\n', b'\r', b'\x0C', bytes) {
        if end < start {
            continue; // the LF of a CR LF
        }
        let crlf = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
        let next = end + if crlf { 2 } else { 1 };
        lines.push(Line { span: Span::new(start, end), terminator: Span::new(end, next) });
        start = next;
    }
    if start < text.len() {
        lines.push(Line { span: Span::new(start, text.len()), terminator: Span::at(text.len()) });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_ends() {
        let document = Document::new("甲\r\n乙\r丙\n\u{C}丁".to_owned());
        let lines: Vec<_> =
            document.lines().iter().map(|l| (document.slice(l.span), document.slice(l.terminator))).collect();
        assert_eq!(lines, [("甲", "\r\n"), ("乙", "\r"), ("丙", "\n"), ("", "\u{C}"), ("丁", "")]);
        assert_eq!(document.position("甲\r\n乙".len()), (2, 2));
    }
}
