//! Text as the evaluation sees it: paragraphs of *content characters*, with
//! white space, quotation marks and what is invisible standing between them.
//! Content is what extraction keeps, so it is what texts are aligned by.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use crate::document::Document;

/// A text in NFC, taken apart.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) text: String,
    /// The content characters, in order.
    pub(super) chars: Vec<Char>,
    /// The lines that hold content: paragraphs, or what is left of them.
    pub(super) blocks: Vec<Block>,
    /// The quotation marks, in order.
    pub(super) marks: Vec<Mark>,
}

/// A content character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    /// As it is written.
    pub(super) written: char,
    /// As it is compared: half and full width are one.
    pub(super) folded: char,
    /// Its first byte in the text.
    pub(super) at: usize,
    /// The number of its block.
    pub(super) block: usize,
}

/// A line that holds content.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Its content characters.
    pub(super) chars: Range<usize>,
    /// Its bytes, without the line end.
    pub(super) bytes: Range<usize>,
    /// Whether only one line end stands between it and the block before.
    pub(super) follows_closely: bool,
}

/// A quotation mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) written: char,
    /// The content character that follows, in its block or behind it.
    pub(super) next: usize,
    pub(super) block: usize,
}

impl Content {
    pub(super) fn new(text: &str) -> Self {
        let document = Document::new(text.nfc().collect());
        let mut content =
            Self { text: String::new(), chars: Vec::new(), blocks: Vec::new(), marks: Vec::new() };
        let mut last_line = None;
        for block in document.blocks() {
            let line = document.lines()[block.line].span;
            let close = last_line.is_some_and(|last| last + 1 == block.line);
            if content.add_line(document.slice(line), line.start, close) {
                last_line = Some(block.line);
            }
        }
        content.text = document.text().to_owned();
        content
    }

    /// Takes in a line; whether it holds content.
    fn add_line(&mut self, line: &str, start: usize, follows_closely: bool) -> bool {
        let (first, first_mark, number) = (self.chars.len(), self.marks.len(), self.blocks.len());
        let mut before = None;
        for (at, c) in line.char_indices() {
            let after = line[at + c.len_utf8()..].chars().next();
            if is_mark(c, before, after) {
                self.marks.push(Mark { written: c, next: self.chars.len(), block: number });
            } else if is_content(c) {
                self.chars.push(Char { written: c, folded: fold(c), at: start + at, block: number });
            }
            before = Some(c);
        }
        if self.chars.len() == first {
            self.marks.truncate(first_mark);
            return false;
        }
        let bytes = start..start + line.len();
        self.blocks.push(Block { chars: first..self.chars.len(), bytes, follows_closely });
        true
    }

    /// What is written between the content characters `from` and `to`, neither
    /// included. `None` stands for the start and the end of their block.
    pub(super) fn between(&self, from: Option<usize>, to: Option<usize>) -> &str {
        let block = from.or(to).map(|index| &self.blocks[self.chars[index].block]);
        let start = from.map_or_else(|| block.map_or(0, |block| block.bytes.start), |from| self.end(from));
        let end = to.map_or_else(|| block.map_or(0, |block| block.bytes.end), |to| self.chars[to].at);
        &self.text[start..end.max(start)]
    }

    /// One past the last byte of a content character.
    pub(super) fn end(&self, index: usize) -> usize {
        self.chars[index].at + self.chars[index].written.len_utf8()
    }

    /// Whether nothing but characters of one block lies in `from..=to`.
    pub(super) fn in_one_block(&self, from: usize, to: usize) -> bool {
        self.chars[from].block == self.chars[to].block
    }

    pub(super) fn folded(&self, range: Range<usize>) -> impl Iterator<Item = char> + '_ {
        self.chars[range].iter().map(|c| c.folded)
    }
}

/// The marks that come in pairs, with their partners.
pub(super) const PAIRS: [(char, char); 5] =
    [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('〈', '〉')];

/// Whether `c`, between `before` and `after`, is a quotation mark, of whatever
/// shape. An apostrophe between letters is none.
fn is_mark(c: char, before: Option<char>, after: Option<char>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    match c {
        '’' | '\'' => !(letter(before) && letter(after)),
        '"' | '＂' | '＇' | '｢' | '｣' => true,
        _ => PAIRS.iter().any(|(open, close)| c == *open || c == *close),
    }
}

fn is_content(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Whether `c` takes no room: joiners, directional marks, variation selectors.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// `c` as it is compared: the compatibility form where that is one character,
/// and the ASCII mark that typists and OCR put for a full-width one.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let mut forms = std::iter::once(c).nfkc();
    let single = match (forms.next(), forms.next()) {
        (Some(form), None) => form,
        _ => c,
    };
    match single {
        '。' => '.',
        '•' | '・' | '‧' => '·',
        single => single,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_what_extraction_keeps() {
        let content = Content::new("“Don’t”，\u{200B}好。\r\n\r\n ” \n　３%\n");
        let folded: String = content.folded(0..content.chars.len()).collect();
        assert_eq!(folded, "Don’t,好.3%");
        assert_eq!(content.blocks.len(), 2);
        assert!(!content.blocks[1].follows_closely);
        assert_eq!(content.marks.iter().map(|mark| mark.next).collect::<Vec<_>>(), [0, 5]);
        assert_eq!(content.between(Some(4), Some(5)), "”");
        assert_eq!(content.between(None, Some(8)), "\u{3000}");
    }
}
