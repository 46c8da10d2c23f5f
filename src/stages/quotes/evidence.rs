//! What the document as a whole says about its quotation marks.

use std::collections::HashSet;

use super::candidates::{Candidate, Kind};
use super::gaps::looks_like_name;
use crate::chars::is_han;
use crate::document::Document;
use crate::span::Span;

/// Evidence from the whole document.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Phrases that stand in quotation marks, or between two gaps in more than
    /// one place.
    known: HashSet<String>,
    /// Whether the marks that are there speak against stripping.
    pub(super) intact: bool,
    /// Whether any phrase stands between two gaps, the one looked at among
    /// them: without one, a lone gap says little.
    pub(super) stripped: bool,
    /// Whether a space behind a full stop is how the document parts sentences.
    pub(super) spaced_sentences: bool,
    /// Whether figures are set off from Chinese text by spaces.
    pub(super) spaced_figures: bool,
    /// Whether the document uses 「」.
    corner_brackets: bool,
}

/// Characters only Traditional text has, among the most common ones, and
/// their Simplified partners.
const TRADITIONAL: &str = "這個們來時會為國對說發學過與還開後間從業當將點現實經體進問";
const SIMPLIFIED: &str = "这个们来时会为国对说发学过与还开后间从业当将点现实经体进问";

impl Evidence {
    /// Looks at `document`; `None` if no line of it has a gap.
    pub(super) fn of(document: &Document) -> Option<Self> {
        let text = document.text();
        if !text.contains(' ') {
            return None;
        }
        let marked = marked_phrases(text);
        let between = between_gaps(document);
        let intact = marked.len() > 2 * between.len() + 1;
        let stripped = !between.is_empty();
        let corner_brackets = uses_corner_brackets(text);
        let mut known: HashSet<String> = marked.into_iter().map(str::to_owned).collect();
        let mut seen = HashSet::new();
        known.extend(between.into_iter().filter(|phrase| !seen.insert(*phrase)).map(str::to_owned));
        let spaced_sentences = has_spaced_sentences(text);
        Some(Self {
            known,
            intact,
            stripped,
            spaced_sentences,
            spaced_figures: has_spaced_figures(text),
            corner_brackets,
        })
    }

    /// Whether `phrase` is quoted elsewhere in the document.
    pub(super) fn knows(&self, phrase: &str) -> bool {
        self.known.contains(phrase)
    }

    /// The known phrase that `text` ends with, the longest one.
    pub(super) fn known_suffix<'a>(&self, text: &'a str) -> Option<&'a str> {
        let starts = text.char_indices().rev().take(MAX_PHRASE).map(|(at, _)| at);
        starts.map(|start| &text[start..]).filter(|phrase| self.knows(phrase)).last()
    }

    /// The known phrase that `text` begins with, the longest one.
    pub(super) fn known_prefix<'a>(&self, text: &'a str) -> Option<&'a str> {
        let ends = text.char_indices().take(MAX_PHRASE).map(|(at, c)| at + c.len_utf8());
        ends.map(|end| &text[..end]).filter(|phrase| self.knows(phrase)).last()
    }

    /// The marks that speech takes.
    pub(super) fn speech_marks(&self) -> (char, char) {
        if self.corner_brackets { ('「', '」') } else { ('“', '”') }
    }

    /// The pair of marks that `candidate` takes: those of the document, and the
    /// inner ones inside others of their kind.
    pub(super) fn marks(&self, document: &Document, candidate: &Candidate) -> (char, char) {
        if candidate.kind == Kind::Title {
            return ('〈', '〉');
        }
        let (outer, inner) = if self.corner_brackets {
            (('「', '」'), ('『', '』'))
        } else {
            (('“', '”'), ('‘', '’'))
        };
        if stands_inside(document, candidate.content, outer) { inner } else { outer }
    }
}

/// Code points of the longest phrase kept as known.
const MAX_PHRASE: usize = 20;

fn uses_corner_brackets(text: &str) -> bool {
    let count = |of: &str| text.chars().filter(|c| of.contains(*c)).count();
    let (corner, curly) = (count("「」"), count("“”"));
    if corner + curly > 0 {
        return corner > curly;
    }
    let only = |list: &'static str, other: &'static str| -> String {
        list.chars().filter(|c| !other.contains(*c)).collect()
    };
    count(&only(TRADITIONAL, SIMPLIFIED)) > count(&only(SIMPLIFIED, TRADITIONAL))
}

/// What stands in quotation marks on one line, if short and without gaps.
fn marked_phrases(text: &str) -> Vec<&str> {
    let mut phrases = Vec::new();
    for (open, close) in [('“', '”'), ('「', '」')] {
        for (at, _) in text.match_indices(open) {
            let inside = &text[at + open.len_utf8()..];
            let end = inside
                .char_indices()
                .take(MAX_PHRASE + 1)
                .find(|(_, c)| *c == close || *c == open || *c == '\n');
            if let Some((end, c)) = end
                && c == close
                && !inside[..end].contains(' ')
            {
                phrases.push(&inside[..end]);
            }
        }
    }
    phrases
}

/// Short runs of Han characters and figures between two single gaps of a line.
fn between_gaps(document: &Document) -> Vec<&str> {
    let mut phrases = Vec::new();
    for block in document.blocks() {
        let parts: Vec<_> = document.slice(block.span).split(' ').collect();
        let inner = parts.len().saturating_sub(1);
        let is_phrase = |part: &&str| {
            (1..=MAX_PHRASE).contains(&part.chars().count())
                && part.chars().all(|c| is_han(c) || c.is_ascii_digit())
                && !looks_like_name(part)
        };
        phrases.extend(parts[1.min(inner)..inner].iter().filter(|part| is_phrase(part)));
    }
    phrases
}

/// Whether more than a few sentences, and at least every eighth, have a space
/// behind them with more text on the line.
fn has_spaced_sentences(text: &str) -> bool {
    let ends = text.matches(['。', '！', '？']).count();
    let spaced = ["。 ", "！ ", "？ "].iter().map(|end| text.matches(end).count()).sum::<usize>();
    spaced >= 4 && spaced * 8 >= ends
}

/// Whether at least every ninth place where a figure meets Chinese has a gap,
/// and more than one does.
fn has_spaced_figures(text: &str) -> bool {
    let (mut tight, mut spaced) = (0, 0);
    let mut before = (' ', ' ');
    for c in text.chars() {
        let meet = |a: char, b: char| (is_han(a) && b.is_ascii_digit()) || (a.is_ascii_digit() && is_han(b));
        tight += usize::from(meet(before.1, c));
        spaced += usize::from(before.1 == ' ' && meet(before.0, c));
        before = (before.1, c);
    }
    spaced >= 2 && spaced * 8 >= tight
}

/// Whether `span` stands inside a pair of `marks` on its line, none of which is
/// farther away than a long paragraph goes.
fn stands_inside(document: &Document, span: Span, marks: (char, char)) -> bool {
    const REACH: usize = 6_000; // bytes: about 2,000 Han characters
    let text = document.text();
    let line = document.line_at(span.start).map_or(span, |line| document.lines()[line].span);
    let from = text.ceil_char_boundary(line.start.max(span.start.saturating_sub(REACH)));
    let to = text.floor_char_boundary(line.end.min(span.end + REACH));
    let before = &text[from..span.start];
    let after = &text[span.end..to];
    let is_at = |text: &str, at: Option<usize>, mark: char| at.is_some_and(|at| text[at..].starts_with(mark));
    is_at(before, before.rfind([marks.0, marks.1]), marks.0)
        && is_at(after, after.find([marks.0, marks.1]), marks.1)
}
