//! What a run did, told in forms that people and tools read. A report only
//! shows: it decides nothing and makes no text of its own, but for
//! [`replay`](records::replay) and [`revert`](records::revert), which prove
//! that the records tell all.

pub mod html;
mod places;
pub mod records;

pub use places::CodePoints;
