//! Reviewing repairs: what people decide is kept in a file, one decision a
//! line, and obeyed from then on.
//!
//! [`DecisionsFile`] reads and writes the file; a [`Session`] holds documents
//! against it and is all that a user interface needs.

mod document;
mod file;
mod import;
mod item;
mod line;
mod passage;
mod say;
mod session;
#[cfg(feature = "web")]
pub mod web;

pub use document::{Progress, Reviewed, Source};
pub use file::{DecisionsFile, FILE_NAME};
pub use import::Imported;
pub use item::{Filter, Item};
pub use line::{DecisionLine, Word};
pub use passage::{Part, PartKind, Passage};
pub use say::{Done, Say, Stale, Target};
pub use session::Session;
