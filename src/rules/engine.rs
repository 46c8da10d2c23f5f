//! Finds the places a pattern rule speaks of.

use std::sync::{Arc, LazyLock, OnceLock};

use regex::{CaptureLocations, Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use super::needles::Needles;
use crate::chars::{Ascii, is_chinese, is_line_end};
use crate::span::Span;

/// A pattern rule.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Has a group `edit`, the only part that is replaced.
    source: String,
    /// Compiled once a text might have a match: most have none of most patterns.
    regex: Arc<OnceLock<Regex>>,
    /// Number of the group `edit`.
    edit: usize,
    /// What comes in its place; `${name}` stands for a group of the pattern.
    replacement: String,
    limits: Limits,
    /// What stands on every line with a match.
    needles: Option<Needles>,
}

/// Where a [`Pattern`] is not to look.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// Pairs of brackets inside which nothing is found.
    pub(super) outside: Vec<(char, char)>,
    /// Whether only lines that read as Chinese count, and of those no entries of a bibliography.
    pub(super) chinese: bool,
}

/// A place a [`Pattern`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What is to be replaced.
    pub span: Span,
    /// What is to come in its place.
    pub replacement: String,
}

impl Pattern {
    /// Reads `pattern`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub(super) fn new(pattern: &str, replacement: &str, limits: Limits) -> Result<Self, String> {
        let hir = ParserBuilder::new().crlf(true).build().parse(pattern).map_err(|e| no_expression(&e))?;
        let edit =
            group(&hir, "edit").ok_or("the pattern has no group (?<edit>…) to say what is replaced")?;
        Ok(Self {
            source: pattern.to_owned(),
            regex: Arc::default(),
            edit,
            replacement: replacement.to_owned(),
            limits,
            needles: Needles::of(&hir),
        })
    }

    /// Compiles it now, so that a pattern too large for that is known.
    ///
    /// # Errors
    /// A sentence that says so.
    pub(super) fn compile(&self) -> Result<(), String> {
        let regex = RegexBuilder::new(&self.source).crlf(true).build().map_err(|e| no_expression(&e))?;
        let _ = self.regex.set(regex);
        Ok(())
    }

    fn regex(&self) -> &Regex {
        let build = || RegexBuilder::new(&self.source).crlf(true).build();
        self.regex.get_or_init(|| build().expect("rules are compiled when they are loaded, or shipped"))
    }

    /// The places in `text`, in order. After each the search goes on at the end
    /// of the group `edit`, so what stood behind it can stand before the next.
    /// `ascii` are the ASCII characters of the text.
    #[must_use]
    pub fn find(&self, text: &str, ascii: &Ascii) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut view = LineView::default();
        let Some(needles) = &self.needles else {
            self.find_in(text, Span::new(0, text.len()), &mut view, &mut hits);
            return hits;
        };
        if !needles.may_be_in(ascii) {
            return hits;
        }
        let mut at = 0;
        while let Some(found) = needles.find(text, at) {
            let start = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..found]).map_or(0, |end| end + 1);
            let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[found..]);
            let line = Span::new(start, end.map_or(text.len(), |end| found + end));
            self.find_in(text, line, &mut view, &mut hits);
            if line.end == text.len() {
                break;
            }
            at = line.end + 1;
        }
        hits
    }

    /// Adds the places in `part` of `text`.
    fn find_in(&self, text: &str, part: Span, view: &mut LineView, hits: &mut Vec<Hit>) {
        let whole = &text[part.range()];
        let regex = self.regex();
        let mut groups = regex.capture_locations();
        let mut at = 0;
        while at <= whole.len() && regex.captures_read_at(&mut groups, whole, at).is_some() {
            let Some((start, end)) = groups.get(self.edit) else {
                let (_, end) = groups.get(0).expect("a match has a group 0");
                at = if end > at { end } else { step(whole, at) };
                continue;
            };
            let span = Span::new(part.start + start, part.start + end);
            if self.limits.allow(text, span.start, view) {
                let replacement = self.expand(whole, &groups);
                if replacement != whole[start..end] {
                    hits.push(Hit { span, replacement });
                }
            }
            at = if end > at { end } else { step(whole, at) };
        }
    }

    fn expand(&self, text: &str, groups: &CaptureLocations) -> String {
        if !self.replacement.contains('$') {
            return self.replacement.clone();
        }
        let mut out = String::new();
        let mut rest = self.replacement.as_str();
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let (name, tail) = rest[at + 2..].split_once('}').unwrap_or((&rest[at + 2..], ""));
            let group = self.regex().capture_names().position(|known| known == Some(name));
            if let Some((start, end)) = group.and_then(|group| groups.get(group)) {
                out.push_str(&text[start..end]);
            }
            rest = tail;
        }
        out + rest
    }
}

fn no_expression(error: &impl std::fmt::Display) -> String {
    format!("the pattern is no regular expression: {error}")
}

/// The number of the group of `hir` that is called `name`.
fn group(hir: &Hir, name: &str) -> Option<usize> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(name) => Some(capture.index as usize),
        HirKind::Capture(capture) => group(&capture.sub, name),
        HirKind::Repetition(repetition) => group(&repetition.sub, name),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().find_map(|part| group(part, name))
        }
        _ => None,
    }
}

/// The next place behind `at` where a character begins, or past the end.
fn step(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

/// A URL, up to a space or Chinese punctuation: it may hold Chinese itself.
static URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z]+://[^\s，。；：！？、）】》”]*").expect("a fixed pattern"));

/// The type of a document, which every entry of a bibliography has (GB/T 7714-2015, table B.1);
/// its punctuation is of half width.
static DOCUMENT_TYPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(?:[MCNJDRSPGAZ]|DB|CP|EB|CM|DS)(?:/(?:MT|DK|CD|OL))?\]").expect("a fixed pattern")
});

/// What the limits ask of a line, worked out once for all hits on it.
#[derive(Debug, Default)]
struct LineView {
    span: Option<Span>,
    is_chinese: bool,
    /// What stands inside brackets of the pattern, or in a URL; merged.
    protected: Vec<Span>,
}

impl Limits {
    /// Whether a hit at byte `at` counts. Hits come in text order, so `line`
    /// is looked at anew only when they reach the next one.
    fn allow(&self, text: &str, at: usize, line: &mut LineView) -> bool {
        if !self.chinese && self.outside.is_empty() {
            return true;
        }
        if line.span.is_none_or(|span| at < span.start || span.end < at) {
            *line = self.look(text, at);
        }
        let index = line.protected.partition_point(|span| span.end <= at);
        let is_protected = line.protected.get(index).is_some_and(|span| span.start <= at);
        (!self.chinese || line.is_chinese) && !is_protected
    }

    fn look(&self, text: &str, at: usize) -> LineView {
        let start = text[..at].rfind(is_line_end).map_or(0, |end| end + 1);
        let span = Span::new(start, text[at..].find(is_line_end).map_or(text.len(), |end| at + end));
        let line = &text[span.range()];
        let mut protected: Vec<Span> = Vec::new();
        for pair in &self.outside {
            protected.extend(
                enclosed(line, *pair).map(|inside| Span::new(start + inside.start, start + inside.end)),
            );
        }
        if self.chinese {
            protected
                .extend(URL.find_iter(line).map(|url| Span::new(start + url.start(), start + url.end())));
        }
        LineView {
            span: Some(span),
            is_chinese: self.chinese && is_chinese(line) && !is_reference(line),
            protected: Span::merged(protected),
        }
    }
}

/// Whether `line` is an entry of a bibliography.
fn is_reference(line: &str) -> bool {
    line.contains('[') && DOCUMENT_TYPE.is_match(line)
}

/// The parts of `line` inside a pair `open` … `close`, without another of the
/// two between, in bytes.
fn enclosed(line: &str, (open, close): (char, char)) -> impl Iterator<Item = Span> {
    let mut opened = None;
    line.match_indices([open, close]).filter_map(move |(at, mark)| {
        if mark.starts_with(open) {
            opened = Some(at + mark.len());
            return None;
        }
        opened.take().map(|start| Span::new(start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pattern: &str, text: &str) -> Vec<(usize, usize)> {
        let limits = Limits { outside: vec![('《', '》'), ('“', '”')], chinese: true };
        let pattern = Pattern::new(pattern, "X", limits).expect("a good pattern");
        pattern.find(text, &Ascii::of(text)).iter().map(|hit| (hit.span.start, hit.span.end)).collect()
    }

    #[test]
    fn neighbours_share_a_character() {
        assert_eq!(spans(r"\p{Han}(?<edit>,)\p{Han}", "好,走,吧"), [(3, 4), (7, 8)]);
    }

    #[test]
    fn empty_and_missing_groups_end() {
        assert_eq!(spans(r"(?<edit>)", "好").len(), 2);
        assert_eq!(spans(r"好(?<edit>吗)?", "好好吗"), [(6, 9)]);
    }

    #[test]
    fn brackets_protect() {
        let comma = r"\p{Han}(?<edit>,)\p{Han}";
        assert_eq!(spans(comma, "《好,走》好,走"), [(16, 17)]);
        assert_eq!(spans(comma, "《好“走”好,走》"), [], "behind a pair inside the pair");
        assert_eq!(spans(comma, "看 https://a.org/好,走 再看这份说明书好,走"), [(50, 51)]);
    }
}
