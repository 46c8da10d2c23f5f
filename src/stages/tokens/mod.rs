//! Stray words, letter-spacing, doubled characters. Runs before `quotes`,
//! which would read the gaps of a letter-spaced run as lost marks.

mod doubled_character;
mod letter_spacing;

use super::{CodeRule, Stage};

/// The stage `tokens`.
pub static STAGE: Stage = Stage {
    name: "tokens",
    code: &[
        CodeRule { ids: &["tokens/doubled-character"], propose: doubled_character::one },
        CodeRule { ids: &["tokens/doubled-run"], propose: doubled_character::run },
        CodeRule { ids: &["tokens/letter-spacing"], propose: letter_spacing::propose },
    ],
};
