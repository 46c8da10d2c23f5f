//! Reads text whose lines were broken at a column edge, and says where its
//! paragraphs run on, and where lines of several columns take turns. Text with one
//! paragraph a line has no such edge and comes out with nothing to join.

mod evidence;
mod fit;
mod judge;
mod rows;
mod weave;

use std::collections::HashSet;

use evidence::Flow;
use fit::Setting;
use rows::{Gap, Row};

pub(super) use weave::Weave;

use crate::chars::is_wide;
use crate::document::Document;
use crate::edit::Edit;
use crate::span::Span;

/// A line end inside a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// From the last character of a line to the first one of the next.
    pub(super) span: Span,
    /// Blank lines are part of it.
    pub(super) blank: bool,
    /// Mostly Latin text on both sides.
    pub(super) latin: bool,
    /// Letter-spaced text on both sides.
    pub(super) letter_spaced: bool,
    /// A new paragraph may begin here as well.
    pub(super) doubtful: bool,
}

impl Break {
    fn between(upper: &Row, lower: &Row) -> Self {
        Self {
            span: Span::new(upper.span.end, lower.span.start),
            blank: lower.before == Gap::Blank,
            latin: upper.latin && lower.latin,
            letter_spaced: upper.spaced && lower.spaced,
            doubtful: false,
        }
    }
}

/// Text whose lines were broken at a column edge.
pub(super) struct Wrapped {
    /// Its lines that hold text.
    rows: Vec<Row>,
    /// How its columns may be set.
    settings: Vec<Setting>,
}

impl Wrapped {
    /// That of `document`; `None` if nothing says that its lines were broken.
    pub(super) fn of(document: &Document) -> Option<Self> {
        // The settings are those of lines that end in the middle of a sentence, and
        // at an edge one of them is cut in the middle of a word or a phrase.
        let unfinished = rows::unfinished(document);
        let settings = judge::settings(unfinished.iter().map(|(_, row)| row));
        let goes_on = |(line, row): &(usize, Row)| {
            !row.ends_clause()
                && rows::below(document, *line)
                    .filter(|below| evidence::may_run_on(document, row, document.slice(*below)))
                    .and_then(|below| rows::measure(document.text(), below, Gap::LineEnd))
                    .is_some_and(|next| evidence::flow(document, row, &next) == Flow::On)
        };
        if settings.is_empty() || !unfinished.iter().any(goes_on) {
            return None;
        }
        Some(Self { rows: rows::rows_of(document), settings })
    }

    /// The line ends to remove, a list for each paragraph.
    pub(super) fn breaks(&self, document: &Document) -> Vec<Vec<Break>> {
        let paragraphs = fit::paragraphs(document, &self.rows, &self.settings);
        judge::accepted(document, &self.rows, &paragraphs)
    }

    /// The stretches in which lines of several columns take turns.
    pub(super) fn weaves(&self, document: &Document) -> Vec<Weave> {
        weave::of(document, &self.rows, &self.settings)
    }
}

/// Where the lines end that go on in the next one beyond doubt, as byte offsets.
pub(super) fn line_ends(document: &Document) -> HashSet<usize> {
    let breaks = Wrapped::of(document).map_or_else(Vec::new, |text| text.breaks(document));
    breaks.iter().flatten().filter(|found| !found.doubtful).map(|found| found.span.start).collect()
}

/// The edit that joins the lines around `found`: with a space where two words
/// meet.
pub(super) fn join(document: &Document, found: &Break) -> Edit {
    let text = document.text();
    let (before, after) =
        (text[..found.span.start].chars().next_back(), text[found.span.end..].chars().next());
    let (Some(before), Some(after)) = (before, after) else { return Edit::delete(found.span) };
    let words = before.is_alphabetic() && after.is_alphabetic() && !is_wide(before) && !is_wide(after);
    let spaced = if found.latin { before != '-' && before != '—' } else { words };
    Edit::replace(found.span, if spaced || found.letter_spaced { " " } else { "" })
}

/// Whether the line before `found` ends with a hyphen that follows a letter.
pub(super) fn is_hyphenated(document: &Document, found: &Break) -> bool {
    let text = document.text();
    let mut before = text[..found.span.start].chars().rev();
    let after = text[found.span.end..].chars().next();
    before.next() == Some('-')
        && before.next().is_some_and(|c| c.is_alphabetic() && !is_wide(c))
        && after.is_some_and(|c| c.is_alphabetic() && !is_wide(c))
}
