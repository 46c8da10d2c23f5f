//! Quotation marks that extraction stripped.

use super::Stage;

/// The stage `quotes`.
pub static STAGE: Stage = Stage { name: "quotes", code: &[] };
