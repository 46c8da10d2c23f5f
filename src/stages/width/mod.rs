//! Punctuation of the wrong width.

use super::Stage;

/// The stage `width`.
pub static STAGE: Stage = Stage { name: "width", code: &[] };
