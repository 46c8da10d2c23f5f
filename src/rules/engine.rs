//! Finds the places a pattern rule speaks of.

use regex::{CaptureLocations, Regex};

use crate::chars::is_chinese;
use crate::span::Span;

/// A compiled pattern rule.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Has a group `edit`, the only part that is replaced.
    regex: Regex,
    /// Number of the group `edit`.
    edit: usize,
    /// What comes in its place; `${name}` stands for a group of the pattern.
    replacement: String,
    limits: Limits,
}

/// Where a [`Pattern`] is not to look.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// Pairs of brackets inside which nothing is found.
    pub(super) outside: Vec<(char, char)>,
    /// Whether only lines that read as Chinese count.
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
    /// Compiles `pattern`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub(super) fn new(pattern: &str, replacement: &str, limits: Limits) -> Result<Self, String> {
        let regex =
            Regex::new(pattern).map_err(|error| format!("the pattern is no regular expression: {error}"))?;
        let edit = regex
            .capture_names()
            .position(|name| name == Some("edit"))
            .ok_or("the pattern has no group (?<edit>…) to say what is replaced")?;
        Ok(Self { regex, edit, replacement: replacement.to_owned(), limits })
    }

    /// The places in `text`, in order. After each the search goes on at the end
    /// of the group `edit`, so what stood behind it can stand before the next.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut groups = self.regex.capture_locations();
        let mut at = 0;
        while at <= text.len() && self.regex.captures_read_at(&mut groups, text, at).is_some() {
            let Some((start, end)) = groups.get(self.edit) else {
                let (_, end) = groups.get(0).expect("a match has a group 0");
                at = if end > at { end } else { step(text, at) };
                continue;
            };
            if self.limits.allow(text, start) {
                let replacement = self.expand(text, &groups);
                if replacement != text[start..end] {
                    hits.push(Hit { span: Span::new(start, end), replacement });
                }
            }
            at = if end > at { end } else { step(text, at) };
        }
        hits
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
            let group = self.regex.capture_names().position(|known| known == Some(name));
            if let Some((start, end)) = group.and_then(|group| groups.get(group)) {
                out.push_str(&text[start..end]);
            }
            rest = tail;
        }
        out + rest
    }
}

/// The next place behind `at` where a character begins, or past the end.
fn step(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

impl Limits {
    fn allow(&self, text: &str, at: usize) -> bool {
        let line = line_around(text, at);
        (!self.chinese || is_chinese(&text[line.range()]))
            && !self.outside.iter().any(|pair| is_inside(text, at, line, *pair))
    }
}

fn line_around(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    Span::new(start, text[at..].find('\n').map_or(text.len(), |end| at + end))
}

/// Whether byte `at` lies inside a pair `open` … `close` on its line.
fn is_inside(text: &str, at: usize, line: Span, (open, close): (char, char)) -> bool {
    let before = text[line.start..at].rfind([open, close]);
    let opened = before.is_some_and(|found| text[line.start + found..].starts_with(open));
    opened && text[at..line.end].contains(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pattern: &str, text: &str) -> Vec<(usize, usize)> {
        let pattern = Pattern::new(pattern, "X", Limits { outside: vec![('《', '》')], chinese: false })
            .expect("a good pattern");
        pattern.find(text).iter().map(|hit| (hit.span.start, hit.span.end)).collect()
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
        assert_eq!(spans(r"\p{Han}(?<edit>,)\p{Han}", "《好,走》好,走"), [(16, 17)]);
    }
}
