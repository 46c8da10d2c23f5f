//! Blocks extracted twice.

use super::Stage;

/// The stage `dedup`.
pub static STAGE: Stage = Stage { name: "dedup", code: &[] };
