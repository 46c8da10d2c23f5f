//! What went wrong, place by place.

use super::content::Content;
use super::figures::Kind;

/// Content characters of context told on each side.
const CONTEXT: usize = 12;

/// Characters of a text told in a case.
const MAX_TOLD: usize = 120;

/// A repair that was made wrong, or was needed and not made.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it counts as.
    pub kind: Kind,
    /// Whether something was done that gold does not ask for; else something
    /// that gold asks for was not done.
    pub wrong: bool,
    /// The line, from 1: of the clean text for what is wrong in it, else of
    /// gold.
    pub line: usize,
    /// What gold has there.
    pub gold: String,
    /// What the clean text has there.
    pub got: String,
    /// What was there before.
    pub input: String,
    /// The rule that did it, with its score where it gave one, if that is known.
    pub rule: Option<String>,
    /// The bytes of the clean text (in NFC) it is about, if it is there.
    pub at: Option<(usize, usize)>,
}

/// `text[start..end]` with what surrounds it on its line, shortened.
pub(super) fn excerpt(text: &str, start: usize, end: usize) -> String {
    let line_end = |c: char| matches!(c, '\n' | '\r' | '\u{C}');
    let left = text[..start].char_indices().rev().take_while(|(_, c)| !line_end(*c)).take(CONTEXT).last();
    let from = left.map_or(start, |(at, _)| at);
    let right = text[end..].char_indices().take_while(|(_, c)| !line_end(*c)).nth(CONTEXT - 1);
    let rest = text[end..].find(line_end).map_or(text.len(), |at| end + at);
    let to = right.map_or(rest, |(at, c)| end + at + c.len_utf8());
    shorten(&text[from..to])
}

/// `text`, without its middle if it is long.
pub(super) fn shorten(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_TOLD {
        return text.to_owned();
    }
    let head: String = text.chars().take(MAX_TOLD / 2).collect();
    let tail: String = text.chars().skip(count - MAX_TOLD / 2).collect();
    format!("{head} [{} characters] {tail}", count - MAX_TOLD)
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1
}

/// What stands around the content characters `from..=to`.
pub(super) fn around(content: &Content, from: usize, to: usize) -> String {
    excerpt(&content.text, content.chars[from].at, content.end(to))
}
