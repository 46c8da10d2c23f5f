//! One decision as it stands in the file.

use serde::{Deserialize, Serialize};

use crate::decisions::{Decision, Scope};
use crate::edit::{RuleId, Verdict};

/// What is said to a repair or a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// The repair is to be made.
    Accept,
    /// It is not to be made.
    Reject,
    /// Other text is to stand there.
    Edit,
    /// The note was looked at.
    Done,
    /// The note was looked at too soon.
    Open,
}

impl Word {
    /// As a line of the file has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Edit => "edit",
            Self::Done => "done",
            Self::Open => "open",
        }
    }
}

/// A line of a decisions file. Keys that are not known are left alone: a later
/// version may have written them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionLine {
    /// The repair, where one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The note, where one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_id: Option<String>,
    /// What was decided.
    pub decision: Word,
    /// How far it reaches; a note has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The document, with `/`, seen from the folder of the file; `-` for
    /// standard input. For a phrase, where it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The rule that proposed it.
    pub rule: RuleId,
    /// What it was to replace: the source from its first edit to its last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it was to make of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The reviewer's own text in place of `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For the scope `phrase`, what has to be found again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// Who decided.
    #[serde(default)]
    pub who: String,
    /// When: RFC 3339 in UTC, to the second.
    #[serde(default)]
    pub when: String,
    /// Why, or anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a line decides on: a later line on the same target counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject<'a> {
    Occurrence { document: &'a str, id: &'a str },
    Rule { document: &'a str, rule: &'a str },
    Phrase { rule: &'a str, phrase: &'a str },
    Note { document: &'a str, id: &'a str },
}

impl DecisionLine {
    /// What the line decides on, or what is missing for it to decide anything.
    pub(super) fn subject(&self) -> Result<Subject<'_>, String> {
        let need = |key: &str, value: &'_ Option<String>| match value {
            Some(_) => Ok(()),
            None => Err(format!("`{key}` is missing")),
        };
        let rule = self.rule.as_str();
        if let Some(id) = &self.note_id {
            need("document", &self.document)?;
            return match self.decision {
                Word::Done | Word::Open => {
                    Ok(Subject::Note { document: self.document.as_deref().unwrap_or_default(), id })
                }
                _ => Err("a note is `done` or `open`".to_owned()),
            };
        }
        if matches!(self.decision, Word::Done | Word::Open) {
            return Err("`done` and `open` are for notes, and `note_id` is missing".to_owned());
        }
        if self.decision == Word::Edit {
            need("text", &self.text)?;
            if self.scope.is_some_and(|scope| scope != Scope::Occurrence) {
                return Err("an edit is for one occurrence".to_owned());
            }
        }
        let document = self.document.as_deref().unwrap_or_default();
        match self.scope.unwrap_or(Scope::Occurrence) {
            Scope::Occurrence => {
                need("id", &self.id)?;
                need("document", &self.document)?;
                Ok(Subject::Occurrence { document, id: self.id.as_deref().unwrap_or_default() })
            }
            Scope::Rule => {
                need("document", &self.document)?;
                Ok(Subject::Rule { document, rule })
            }
            Scope::Phrase => {
                need("phrase", &self.phrase)?;
                Ok(Subject::Phrase { rule, phrase: self.phrase.as_deref().unwrap_or_default() })
            }
        }
    }

    /// The decision, if it is one on repairs.
    pub(super) fn decision(&self) -> Option<Decision> {
        let verdict = match self.decision {
            Word::Accept => Verdict::Accept,
            Word::Reject => Verdict::Reject,
            Word::Edit => Verdict::Edit,
            Word::Done | Word::Open => return None,
        };
        let shared = |text: &Option<String>| text.as_deref().map(Into::into);
        Some(Decision {
            verdict,
            text: shared(&self.text),
            before: shared(&self.before),
            after: shared(&self.after),
        })
    }
}
