//! Paragraphs cut at a column, a page or a line end.

mod false_blank_line;
mod hard_wrapped_line;
mod wrapped;

use super::{CodeRule, Stage};

/// The stage `rejoin`.
pub static STAGE: Stage = Stage {
    name: "rejoin",
    code: &[
        CodeRule { id: "rejoin/false-blank-line", propose: false_blank_line::propose },
        CodeRule { id: "rejoin/hard-wrapped-line", propose: hard_wrapped_line::propose },
    ],
};
