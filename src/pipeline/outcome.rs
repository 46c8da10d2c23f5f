//! What became of each repair, told in places of the source file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::identity::{Occurrences, Surroundings, identify, identify_note};
use crate::chars::is_opening;
use crate::decode::Decoded;
use crate::edit::{Confidence, Edit, Note, OffsetMap, Repair, Replacement, RuleId, Verdict};
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
    /// Stays the same as long as rule, change and the source around it do: 16
    /// hexadecimal digits, and `-2` and so on where it is not the first of its
    /// kind in the source. Other repairs, and whether they are made, play no part.
    pub id: String,
    /// What a person decided about it.
    pub ruling: Option<Verdict>,
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
    /// As that of a repair.
    pub id: String,
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
    /// Rejected ones.
    pub rejected: usize,
    /// Notes.
    pub notes: usize,
}

impl Outcome {
    pub(super) fn new(
        repair: &Repair,
        status: Status,
        step: usize,
        text: &str,
        map: &OffsetMap,
        source: &Decoded,
    ) -> Self {
        let edits = placed(repair, text, map);
        let id = match &repair.ruling {
            Some(ruling) => ruling.id.clone(),
            None => identify(repair.rule.as_str(), &edits, source),
        };
        Self {
            id,
            ruling: repair.ruling.as_ref().map(|ruling| ruling.verdict),
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
    pub(super) fn new(note: Note, map: &OffsetMap, source: &Decoded) -> Self {
        let place = map.to_source(note.span);
        let id = identify_note(&note.rule, place, source);
        Self { id, rule: note.rule, message: note.message, source: place, at: note.span }
    }
}

/// The edits of `repair`, which is about `text`, with their places.
pub(super) fn placed(repair: &Repair, text: &str, map: &OffsetMap) -> Vec<Placed> {
    let place = |edit: &Edit| Placed {
        at: edit.span,
        source: home(edit, text, map),
        before: text[edit.span.range()].to_owned(),
        after: edit.new_text(text).to_owned(),
        moved_from: match edit.replacement {
            Replacement::Moved(from) => Some(from),
            Replacement::Text(_) => None,
        },
    };
    repair.edits.iter().map(place).collect()
}

/// The source of what `edit` replaces. An opening mark that is put in stands
/// with what it opens, though something else was removed before it.
fn home(edit: &Edit, text: &str, map: &OffsetMap) -> SourceSpan {
    let opens = edit.new_text(text).chars().next_back().is_some_and(is_opening);
    if edit.span.is_empty() && opens {
        let place = map.anchor_of_next(edit.span.start);
        SourceSpan::new(place, place)
    } else {
        map.to_source(edit.span)
    }
}

/// Gives those that look the same down to their surroundings the number of
/// their place in `source`; what is left then, several repairs of one place
/// that differ in blanks alone, the order.
pub(super) fn number_twins(outcomes: &mut [Outcome], notes: &mut [NoteAt], source: &Decoded) {
    // One that was decided on has the whole id its decision was looked up by.
    let repairs = outcomes.iter_mut().map(|outcome| {
        let at = outcome.ruling.is_none().then(|| Surroundings::of(source, outcome.start()));
        (&mut outcome.id, at)
    });
    let notes = notes.iter_mut().map(|note| {
        let at = Surroundings::of(source, note.source.start);
        (&mut note.id, Some(at))
    });
    let mut ids: Vec<_> = repairs.chain(notes).collect();
    let occurrences = Occurrences::of(&source.text, ids.iter().filter_map(|(_, at)| at.as_ref()));
    let mut seen: HashMap<String, u32> = HashMap::with_capacity(ids.len());
    for (id, at) in &mut ids {
        if let Some(at) = at {
            **id = occurrences.number(id, at);
        }
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            **id = format!("{id}.{count}");
        }
    }
}
