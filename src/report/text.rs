//! Findings as lines of text that editors and `grep` can jump by.

use std::io::{self, Write};

use super::terminal::safe;
use crate::pipeline::{Cleaned, Status};
use crate::places::Positions;

/// Writes each finding as `path:line:col: rule [confidence] message`, in source
/// order: what would be repaired, what is only suggested, and notes (with
/// `[note]`). Lines and columns count from 1, columns in code points. Gives
/// the number of findings.
///
/// # Errors
/// Whatever `out` answers.
pub fn findings(mut out: impl Write, path: &str, cleaned: &Cleaned) -> io::Result<usize> {
    let source = &cleaned.source;
    let repairs = cleaned
        .repairs
        .iter()
        .filter(|outcome| matches!(outcome.status, Status::Applied | Status::Suggested))
        .map(|found| (found.start(), &found.rule, found.confidence.to_string(), &found.message));
    let notes =
        cleaned.notes.iter().map(|note| (note.source.start, &note.rule, "note".to_owned(), &note.message));
    let mut findings: Vec<_> = repairs.chain(notes).collect();
    findings.sort();
    let positions = Positions::new(&source.text);
    let path = safe(path);
    for (start, rule, sureness, message) in &findings {
        let (line, column) = positions.of(source.text_offset(*start));
        writeln!(out, "{path}:{line}:{column}: {rule} [{sureness}] {}", safe(message))?;
    }
    Ok(findings.len())
}
