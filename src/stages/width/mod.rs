//! Punctuation of the wrong width. Runs last: the stages before it read the
//! wrong widths as evidence.

mod parentheses;

use super::{CodeRule, Stage};

/// The stage `width`.
pub static STAGE: Stage = Stage {
    name: "width",
    code: &[
        CodeRule { ids: &["width/ascii-parentheses"], propose: parentheses::ascii },
        CodeRule { ids: &["width/mixed-parentheses"], propose: parentheses::mixed },
    ],
};
