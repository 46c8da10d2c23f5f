//! Holds rules to the examples in their files.

use std::fmt;
use std::sync::Arc;

use super::{Cleaned, Pipeline, Status};
use crate::decode::decode;
use crate::document::Document;
use crate::edit::Confidence;
use crate::elsewhere::Elsewhere;
use crate::error::Result;
use crate::rules::{Rule, RuleSet, Selection};
use crate::stages::dedup;

/// An example that does not come out as the rule file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The damaged text, or the text that was to stay.
    pub input: String,
    /// What the file says must come of it.
    pub expected: String,
    /// What came of it.
    pub got: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  given    {:?}\n  expected {}\n  got      {}", self.input, self.expected, self.got)
    }
}

/// Runs `rule` alone on each of its examples and gives those that fail. It runs
/// at its own confidence, so that what it is unsure of is tried as well.
///
/// # Errors
/// As [`Pipeline::new`].
pub fn failures(rules: &RuleSet, rule: &Rule) -> Result<Vec<Failure>> {
    let threshold = rule.confidence.min(Confidence::Likely);
    let pipeline = Pipeline::new(rules.clone(), Selection::just(rule.id.as_str()), threshold)?;
    let run = |input: &str| run(&pipeline, input, None);
    let mut failures = Vec::new();
    let mut expect = |input: &str, expected: String, got: String| {
        if expected != got {
            failures.push(Failure { input: input.to_owned(), expected, got });
        }
    };
    for fix in &rule.fixes {
        let got = self::run(&pipeline, &fix.input, fix.elsewhere.as_deref()).text;
        expect(&fix.input, quoted(&fix.output), quoted(&got));
    }
    for keep in &rule.keeps {
        let got = self::run(&pipeline, &keep.text, keep.elsewhere.as_deref()).text;
        expect(&keep.text, quoted(&keep.text), quoted(&got));
    }
    for note in &rule.notes {
        let cleaned = run(&note.text);
        let touched = cleaned.repairs.iter().any(|outcome| outcome.status == Status::Applied);
        let place = note.text.find(&note.at).map_or(0..0, |start| start..start + note.at.len());
        let noted =
            cleaned.notes.iter().any(|found| found.at.start < place.end && place.start < found.at.end);
        let told =
            |touched: bool, noted: bool| format!("changed: {touched}, noted at {:?}: {noted}", note.at);
        expect(&note.text, told(false, true), told(touched, noted));
    }
    for known in &rule.knowns {
        let got = run(&known.input).text;
        if got == known.output {
            let expected = "a failure: it is listed as [[known]], so make it a [[fix]]".to_owned();
            expect(&known.input, expected, quoted(&got));
        }
    }
    Ok(failures)
}

/// What `pipeline` makes of `input`, where another document of the archive
/// holds the text `elsewhere`.
#[must_use]
pub fn run(pipeline: &Pipeline, input: &str, elsewhere: Option<&str>) -> Cleaned {
    let source = decode(input.as_bytes(), Some(encoding_rs::UTF_8));
    let other = Document::new(elsewhere.unwrap_or_default().to_owned());
    let copies = dedup::passages(&other).into_iter().map(|passage| (passage.fingerprint(), "another".into()));
    pipeline.clean_knowing(source, &Elsewhere::new(Arc::new(copies.collect()), Arc::default()))
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}
