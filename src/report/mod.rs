//! What a run did, told in forms that people and tools read. A report only
//! shows: it decides nothing and makes no text of its own, but for
//! [`replay`](records::replay) and [`revert`](records::revert), which prove
//! that the records tell all.

pub mod criticmarkup;
pub mod diff;
mod fragments;
pub mod html;
pub mod rdjsonl;
pub mod records;
#[cfg(feature = "sarif")]
pub mod sarif;
pub mod terminal;
pub mod text;
