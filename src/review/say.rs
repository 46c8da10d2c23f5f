//! What is said to repairs, and what comes of it.

use super::line::{DecisionLine, Word};

/// What a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A repair.
    Repair {
        /// The number of its document.
        document: usize,
        /// Its id.
        id: String,
    },
    /// All that a rule proposes in a document.
    Rule {
        /// The number of the document.
        document: usize,
        /// The rule.
        rule: String,
    },
}

/// What is said to a repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// Make it.
    Accept,
    /// Leave the text alone.
    Reject,
    /// Let this stand in place of [`Change::before`](crate::decisions::Change).
    Edit(String),
}

/// What came of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What was written to the file, or taken out of it.
    pub lines: Vec<DecisionLine>,
    /// The numbers of the documents that were cleaned anew.
    pub documents: Vec<usize>,
}

/// A decision that nothing can be held against any more.
#[derive(Clone, Debug)]
pub struct Stale<'a> {
    /// The number of the document.
    pub document: usize,
    /// The decision.
    pub line: &'a DecisionLine,
}

impl Say {
    pub(super) fn word(&self) -> Word {
        match self {
            Self::Accept => Word::Accept,
            Self::Reject => Word::Reject,
            Self::Edit(_) => Word::Edit,
        }
    }
}
