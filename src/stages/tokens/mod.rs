//! Stray words, letter-spacing, doubled characters, running heads.

use super::Stage;

/// The stage `tokens`.
pub static STAGE: Stage = Stage { name: "tokens", code: &[] };
