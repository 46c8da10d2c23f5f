//! What became of each repair, told in places of the source file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::decode::Decoded;
use crate::edit::{Confidence, Note, OffsetMap, Repair, RuleId};
use crate::span::{SourceSpan, Span};

/// What became of a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is in the clean text.
    Applied,
    /// Under the threshold: left to a person.
    Suggested,
    /// Lost a conflict with a stronger repair.
    Superseded,
    /// A person said no.
    Rejected,
}

/// A repair and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Stays the same as long as rule, change and the source around it do:
    /// 16 hexadecimal digits.
    pub id: String,
    /// The rule that proposed it.
    pub rule: RuleId,
    /// What became of it.
    pub status: Status,
    /// How sure it was.
    pub confidence: Confidence,
    /// The probability behind it, where a model gave one.
    pub score: Option<f32>,
    /// Why.
    pub message: String,
    /// The step whose text the edits are about, from 0.
    pub step: usize,
    /// The edits, in the order of that text.
    pub edits: Vec<Placed>,
}

/// An edit, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// In the text of its step.
    pub at: Span,
    /// In the source file.
    pub source: SourceSpan,
    /// What was replaced.
    pub before: String,
    /// What came in its place.
    pub after: String,
    /// Where that text stood, in the text of the step, if it was moved.
    pub moved_from: Option<Span>,
}

/// A note, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteAt {
    /// The rule that saw it.
    pub rule: RuleId,
    /// What was seen.
    pub message: String,
    /// In the clean text.
    pub at: Span,
    /// In the source file.
    pub source: SourceSpan,
}

/// How many repairs and notes there are of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Applied repairs.
    pub applied: usize,
    /// Suggested ones.
    pub suggested: usize,
    /// Superseded ones.
    pub superseded: usize,
    /// Notes.
    pub notes: usize,
}

/// Code points of the source on each side that are part of an id.
const ID_CONTEXT: usize = 12;

impl Outcome {
    pub(super) fn new(
        repair: &Repair,
        status: Status,
        step: usize,
        text: &str,
        map: &OffsetMap,
        source: &Decoded,
    ) -> Self {
        let edits: Vec<_> = repair
            .edits
            .iter()
            .map(|edit| Placed {
                at: edit.span,
                source: map.to_source(edit.span),
                before: text[edit.span.range()].to_owned(),
                after: edit.new_text(text).to_owned(),
                moved_from: match edit.replacement {
                    crate::edit::Replacement::Moved(from) => Some(from),
                    crate::edit::Replacement::Text(_) => None,
                },
            })
            .collect();
        Self {
            id: id_of(&repair.rule, &edits, source),
            rule: repair.rule.clone(),
            status,
            confidence: repair.confidence,
            score: repair.score,
            message: repair.message.clone(),
            step,
            edits,
        }
    }

    /// What makes two proposals the same one: the change and its places.
    pub(super) fn key(&self) -> (String, Vec<SourceSpan>) {
        (self.id.clone(), self.edits.iter().map(|edit| edit.source).collect())
    }

    /// Where it begins, in source bytes.
    #[must_use]
    pub fn start(&self) -> usize {
        self.edits.iter().map(|edit| edit.source.start).min().unwrap_or(0)
    }
}

impl NoteAt {
    pub(super) fn new(note: Note, map: &OffsetMap) -> Self {
        Self { rule: note.rule, message: note.message, source: map.to_source(note.span), at: note.span }
    }
}

/// The same rule making the same change in the same surroundings has the same
/// id, wherever it stands and whatever else was repaired.
fn id_of(rule: &RuleId, edits: &[Placed], source: &Decoded) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0xFF]); // never part of UTF-8
    };
    part(rule.as_str());
    for edit in edits {
        part(&edit.before);
        part(&edit.after);
        let (from, to) = (source.text_offset(edit.source.start), source.text_offset(edit.source.end));
        let before =
            source.text[..from].char_indices().rev().take(ID_CONTEXT).last().map_or(from, |(i, _)| i);
        let after =
            source.text[to..].char_indices().nth(ID_CONTEXT).map_or(source.text.len(), |(i, _)| to + i);
        part(&source.text[before..from]);
        part(&source.text[to..after]);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Outcomes that look the same down to their surroundings are told apart by
/// their order.
pub(super) fn number_twins(outcomes: &mut [Outcome]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for outcome in outcomes {
        let count = seen.entry(outcome.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            let twin = blake3::hash(format!("{} {count}", outcome.id).as_bytes());
            outcome.id = twin.to_hex()[..16].to_owned();
        }
    }
}
