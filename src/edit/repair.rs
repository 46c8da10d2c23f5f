//! One decision about one piece of damage.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// The name of a rule, `stage/name`: the path of its file under `rules/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// The id `id`, which should read `stage/name`.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    #[must_use]
    pub fn stage(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How sure a repair is, as the share of such repairs that are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A person has to decide.
    Doubtful,
    /// Wrong less than once in 20.
    Likely,
    /// Wrong less than once in 200.
    Certain,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Doubtful => "doubtful",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

/// What comes to stand where an [`Edit`] removes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// New text.
    Text(String),
    /// The text of another place, which another edit of the same [`Repair`]
    /// removes: it moves, and keeps where it came from.
    Moved(Span),
}

/// One replacement in the current text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What comes in its place.
    pub replacement: Replacement,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: impl Into<Span>, text: impl Into<String>) -> Self {
        Self { span: span.into(), replacement: Replacement::Text(text.into()) }
    }

    /// Removes `span`.
    pub fn delete(span: impl Into<Span>) -> Self {
        Self::replace(span, "")
    }

    /// Puts `text` in at `offset`, a byte offset of the current text.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), text)
    }

    /// The two edits that move `from` to `offset`, which must not lie inside.
    ///
    /// # Panics
    /// If `offset` lies inside `from`.
    #[must_use]
    pub fn relocate(from: Span, offset: usize) -> [Self; 2] {
        assert!(offset <= from.start || from.end <= offset, "text can't move into itself");
        [Self::delete(from), Self { span: Span::at(offset), replacement: Replacement::Moved(from) }]
    }

    /// The text that will stand here, given the text the edit is about.
    #[must_use]
    pub fn new_text<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.replacement {
            Replacement::Text(new) => new,
            Replacement::Moved(from) => &text[from.range()],
        }
    }
}

/// One decision: edits that are applied together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// The rule that proposes it.
    pub rule: RuleId,
    /// How sure it is.
    pub confidence: Confidence,
    /// The probability behind `confidence`, where a model gave one.
    pub score: Option<f32>,
    /// Why, for the person who reviews it.
    pub message: String,
    /// In text order, none overlapping another.
    pub edits: Vec<Edit>,
    /// What a person decided about it; a stage leaves this open.
    pub ruling: Option<Ruling>,
}

/// What a person can say to a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is to be made, however sure it is.
    Accept,
    /// It is not to be made.
    Reject,
    /// Other text is to stand there.
    Edit,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Edit => "edit",
        })
    }
}

/// A person's word on a [`Repair`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ruling {
    /// The id the repair was proposed under, which it keeps although its edits
    /// may be the person's own.
    pub id: String,
    /// What was said.
    pub verdict: Verdict,
}

impl Repair {
    /// Whether a person wants it made, so that no threshold counts.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.ruling.as_ref().is_some_and(|ruling| ruling.verdict != Verdict::Reject)
    }

    /// Where the repair begins, in bytes of the current text.
    #[must_use]
    pub fn start(&self) -> usize {
        self.edits.iter().map(|edit| edit.span.start).min().unwrap_or(0)
    }
}

/// Damage that can't be mended, or a place a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The rule that saw it.
    pub rule: RuleId,
    /// What was seen.
    pub message: String,
    /// Where, in the current text.
    pub span: Span,
}
