//! Repairs text that OCR, PDF and page-layout extraction damaged: blocks
//! extracted twice, quotation marks stripped, paragraphs cut at a column break,
//! stray words, letter-spacing, punctuation of the wrong width.
//!
//! Every change is a [`Repair`](edit::Repair) that can be seen, judged and
//! taken back; ARCHITECTURE.md shows how the modules fit together.

#[cfg(feature = "batch")]
pub mod across;
#[cfg(feature = "batch")]
pub mod batch;
pub mod chars;
pub mod decisions;
pub mod decode;
pub mod document;
pub mod edit;
pub mod elsewhere;
pub mod error;
pub mod eval;
#[cfg(feature = "io")]
pub mod io;
pub mod lexicon;
pub mod model;
pub mod pipeline;
pub mod places;
pub mod report;
#[cfg(feature = "review")]
pub mod review;
pub mod rules;
pub mod span;
pub mod stages;
mod textmend;
#[cfg(feature = "train")]
pub mod train;

pub use error::{Error, Result};
pub use pipeline::Cleaned;
pub use span::{SourceSpan, Span};
pub use textmend::{Config, Input, Textmend};
