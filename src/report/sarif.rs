//! Findings as SARIF 2.1.0, for code hosts and editors.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_sarif::sarif::{
    Artifact, ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Invocation, Location, Message,
    MultiformatMessageString, Notification, PhysicalLocation, PropertyBag, Region, Replacement,
    ReportingConfiguration, ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Suppression,
    Tool, ToolComponent,
};

use crate::decode::Decoded;
use crate::edit::{Confidence, RuleId};
use crate::pipeline::{Cleaned, NoteAt, Outcome, Placed, Status};
use crate::places::Positions;
use crate::rules::RuleSet;
use crate::span::SourceSpan;

/// What a path of a URI may hold as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The findings of a run, gathered document by document.
#[derive(Debug, Default)]
pub struct Findings {
    rules: BTreeMap<RuleId, ReportingDescriptor>,
    artifacts: Vec<Artifact>,
    results: Vec<Finding>,
    problems: Vec<Notification>,
}

impl Findings {
    /// Adds what a run made of `source`, read from `path`: what would be
    /// repaired, what is only suggested, and notes, in source order; also what a
    /// person rejected, as suppressed. A repair
    /// that can be made in the source as it stands comes with its fix.
    pub fn add(&mut self, path: &str, cleaned: &Cleaned, rules: &RuleSet) {
        let document = Document {
            location: location_of(path),
            source: &cleaned.source,
            positions: Positions::new(&cleaned.source.text),
        };
        let artifact =
            Artifact::builder().location(document.location.clone()).encoding(cleaned.source.encoding.name());
        self.artifacts.push(artifact.build());
        let told = |outcome: &&Outcome| outcome.status != Status::Superseded;
        let repairs = cleaned
            .repairs
            .iter()
            .filter(told)
            .map(|outcome| (outcome.start(), &outcome.rule, document.repair(outcome)));
        let notes = cleaned.notes.iter().map(|note| (note.source.start, &note.rule, document.note(note)));
        let mut results: Vec<_> = repairs.chain(notes).collect();
        results.sort_by_key(|(start, rule, _)| (*start, *rule));
        for (_, id, result) in results {
            self.rules.entry(id.clone()).or_insert_with(|| descriptor(id, rules));
            self.results.push(result);
        }
    }

    /// Adds something that could not be done, such as a file that could not be
    /// read.
    pub fn add_problem(&mut self, message: &str) {
        self.problems.push(Notification::builder().message(told(message)).level("error").build());
    }

    /// The whole as a SARIF log.
    #[must_use]
    pub fn into_log(self) -> Sarif {
        let driver = ToolComponent::builder()
            .name(env!("CARGO_PKG_NAME"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(self.rules.into_values().collect::<Vec<_>>())
            .build();
        let invocation = Invocation::builder()
            .execution_successful(self.problems.is_empty())
            .tool_execution_notifications(self.problems)
            .build();
        let run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .column_kind("unicodeCodePoints")
            .newline_sequences(["\r\n", "\n", "\r"].map(str::to_owned).to_vec())
            .artifacts(self.artifacts)
            .invocations(vec![invocation])
            .results(self.results)
            .build();
        Sarif::builder()
            .schema("https://json.schemastore.org/sarif-2.1.0.json")
            .version("2.1.0")
            .runs(vec![run])
            .build()
    }
}

/// A document, while its findings are told.
struct Document<'a> {
    location: ArtifactLocation,
    source: &'a Decoded,
    positions: Positions<'a>,
}

impl Document<'_> {
    fn repair(&self, outcome: &Outcome) -> Finding {
        let edits = outcome.edits.iter();
        let start = outcome.start();
        let end = edits.map(|edit| edit.source.end).max().unwrap_or(start);
        let mut more = BTreeMap::from([
            ("confidence".to_owned(), outcome.confidence.to_string().into()),
            ("applied".to_owned(), (outcome.status == Status::Applied).into()),
        ]);
        if let Some(score) = outcome.score {
            more.insert("score".to_owned(), score.into());
        }
        let finding = Finding::builder()
            .rule_id(outcome.rule.as_str())
            .level(level_of(outcome.confidence))
            .message(told(&outcome.message))
            .locations(vec![self.place(SourceSpan::new(start, end))])
            .partial_fingerprints(BTreeMap::from([("textmend/v1".to_owned(), outcome.id.clone())]))
            .properties(PropertyBag::builder().additional_properties(more).build());
        // What a person rejected is told, and not counted.
        let suppressed = (outcome.status == Status::Rejected)
            .then(|| vec![Suppression::builder().kind("external").status("accepted").build()]);
        let mut finding = finding.build();
        finding.suppressions = suppressed;
        finding.fixes = self.fix(outcome).map(|fix| vec![fix]);
        finding
    }

    fn note(&self, note: &NoteAt) -> Finding {
        Finding::builder()
            .rule_id(note.rule.as_str())
            .level(ResultLevel::Note)
            .message(told(&note.message))
            .locations(vec![self.place(note.source)])
            .build()
    }

    /// The repair as replacements in the source; `None` if it builds on other
    /// repairs, and so can't be made in the source by itself.
    fn fix(&self, outcome: &Outcome) -> Option<Fix> {
        let replacements =
            outcome.edits.iter().map(|edit| self.replacement(edit)).collect::<Option<Vec<_>>>()?;
        let change = ArtifactChange::builder()
            .artifact_location(self.location.clone())
            .replacements(replacements)
            .build();
        Some(Fix::builder().description(told(&outcome.message)).artifact_changes(vec![change]).build())
    }

    fn replacement(&self, edit: &Placed) -> Option<Replacement> {
        let (start, end) = self.text_range(edit.source);
        (self.source.text[start..end] == edit.before).then(|| {
            let inserted = ArtifactContent::builder().text(edit.after.clone()).build();
            Replacement::builder().deleted_region(self.region(edit.source)).inserted_content(inserted).build()
        })
    }

    fn place(&self, span: SourceSpan) -> Location {
        let place = PhysicalLocation::builder()
            .artifact_location(self.location.clone())
            .region(self.region(span))
            .build();
        Location::builder().physical_location(place).build()
    }

    fn region(&self, span: SourceSpan) -> Region {
        let number = |count: usize| i64::try_from(count).expect("files are shorter than 2^63");
        let (start, end) = self.text_range(span);
        let (start_line, start_column) = self.positions.of(start);
        let (end_line, end_column) = self.positions.of(end);
        let first = self.positions.code_points_before(start);
        Region::builder()
            .start_line(number(start_line))
            .start_column(number(start_column))
            .end_line(number(end_line))
            .end_column(number(end_column))
            .char_offset(number(first))
            .char_length(number(self.positions.code_points_before(end) - first))
            .byte_offset(number(span.start))
            .byte_length(number(span.len()))
            .build()
    }

    fn text_range(&self, span: SourceSpan) -> (usize, usize) {
        (self.source.text_offset(span.start), self.source.text_offset(span.end))
    }
}

fn descriptor(id: &RuleId, rules: &RuleSet) -> ReportingDescriptor {
    let Some(rule) = rules.get(id.as_str()) else {
        return ReportingDescriptor::builder().id(id.as_str()).build();
    };
    let say = |text: &str| MultiformatMessageString::builder().text(text.trim()).build();
    let level = level_of(rule.confidence).to_string();
    ReportingDescriptor::builder()
        .id(id.as_str())
        .short_description(say(&rule.summary))
        .full_description(say(&rule.why))
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .build()
}

fn level_of(confidence: Confidence) -> ResultLevel {
    match confidence {
        Confidence::Certain | Confidence::Likely => ResultLevel::Warning,
        Confidence::Doubtful => ResultLevel::Note,
    }
}

fn told(text: &str) -> Message {
    Message::builder().text(text).build()
}

/// A relative path is seen from the folder the run was started in.
fn location_of(path: &str) -> ArtifactLocation {
    let path = path.strip_prefix("./").unwrap_or(path);
    let encoded = utf8_percent_encode(path, IN_PATH).to_string();
    let uri = if path.starts_with('/') { format!("file://{encoded}") } else { encoded };
    ArtifactLocation::builder().uri(uri).build()
}
