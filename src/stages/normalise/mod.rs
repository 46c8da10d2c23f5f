//! Characters that stand for other characters, or for nothing.

use super::Stage;

/// The stage `normalise`.
pub static STAGE: Stage = Stage { name: "normalise", code: &[] };
