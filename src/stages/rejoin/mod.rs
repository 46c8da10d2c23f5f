//! Paragraphs cut at a column, a page or a line end.

use super::Stage;

/// The stage `rejoin`.
pub static STAGE: Stage = Stage { name: "rejoin", code: &[] };
