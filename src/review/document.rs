//! Documents under review.

use crate::pipeline::{Cleaned, Status};
use crate::report::records::DocumentRecords;

/// A document to review.
#[derive(Clone, Debug)]
pub struct Source {
    /// What decisions call it: its path with `/`, seen from the folder of the
    /// decisions file, or `-` for standard input.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A document, cleaned as far as it was decided on.
#[derive(Debug)]
pub struct Reviewed {
    /// What decisions call it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What came of it.
    pub cleaned: Cleaned,
    /// The same as records.
    pub records: DocumentRecords,
}

/// How far a review has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// Repairs that somebody decided on.
    pub decided: usize,
    /// Suggestions that nobody decided on.
    pub pending: usize,
}

impl Reviewed {
    /// How many of its repairs became `status`.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.records.repairs.iter().filter(|repair| repair.status == status).count()
    }
}
