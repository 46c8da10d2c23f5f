//! Findings as reviewdog's Diagnostic Format, a JSON object a line: its lines
//! and columns count from 1, lines end with LF, and columns count bytes of
//! UTF-8.

use std::io::{self, Write};

use serde::Serialize;

use crate::edit::Confidence;
use crate::pipeline::{Cleaned, Outcome, Status};

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'static str,
    source: Source,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Clone, Copy, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Clone, Copy, Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

/// Other text for a range.
#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// Writes what would be repaired, what is only suggested, and notes, in source
/// order. A repair comes with its suggestion: the text from its first edit to
/// its last with this repair made and no other; one that reaches too far for
/// that comes without.
///
/// # Errors
/// Whatever `out` answers.
pub fn findings(mut out: impl Write, path: &str, cleaned: &Cleaned) -> io::Result<()> {
    let places = Places::new(&cleaned.source.text);
    let told = |outcome: &&Outcome| matches!(outcome.status, Status::Applied | Status::Suggested);
    let repairs = cleaned.repairs.iter().filter(told).map(|outcome| repair(path, outcome, cleaned, &places));
    let notes = cleaned.notes.iter().map(|note| {
        let source = &cleaned.source;
        let (from, to) = (source.text_offset(note.source.start), source.text_offset(note.source.end));
        let diagnostic = Diagnostic {
            message: &note.message,
            location: Location { path, range: places.range(from, to) },
            severity: "INFO",
            source: Source { name: env!("CARGO_PKG_NAME") },
            code: Code { value: note.rule.as_str() },
            suggestions: Vec::new(),
        };
        (from, diagnostic)
    });
    let mut all: Vec<_> = repairs.chain(notes).collect();
    all.sort_by(|a, b| (a.0, a.1.code.value).cmp(&(b.0, b.1.code.value)));
    for (_, diagnostic) in all {
        serde_json::to_writer(&mut out, &diagnostic)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn repair<'a>(
    path: &'a str,
    outcome: &'a Outcome,
    cleaned: &Cleaned,
    places: &Places<'_>,
) -> (usize, Diagnostic<'a>) {
    let source = &cleaned.source;
    let from = source.text_offset(outcome.start());
    let to = outcome.edits.iter().map(|edit| source.text_offset(edit.source.end)).max().unwrap_or(from);
    let range = places.range(from, to);
    let change = outcome.change(source);
    let fits = change.is_whole && source.text[from..to] == change.before;
    let suggestions = fits.then_some(Suggestion { range, text: change.after });
    let diagnostic = Diagnostic {
        message: &outcome.message,
        location: Location { path, range },
        severity: match outcome.confidence {
            Confidence::Certain | Confidence::Likely => "WARNING",
            Confidence::Doubtful => "INFO",
        },
        source: Source { name: env!("CARGO_PKG_NAME") },
        code: Code { value: outcome.rule.as_str() },
        suggestions: suggestions.into_iter().collect(),
    };
    (from, diagnostic)
}

/// Finds lines and columns.
struct Places<'a> {
    /// Where each line begins.
    starts: Vec<usize>,
    text: &'a str,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        Self { starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(), text }
    }

    fn range(&self, from: usize, to: usize) -> Range {
        Range { start: self.of(from), end: self.of(to) }
    }

    fn of(&self, offset: usize) -> Position {
        debug_assert!(self.text.is_char_boundary(offset), "columns are whole characters");
        let line = self.starts.partition_point(|start| *start <= offset);
        Position { line, column: offset - self.starts[line - 1] + 1 }
    }
}
