//! Stray words, letter-spacing, doubled characters, and what pages leave in
//! the text. Runs before `quotes`, which would read the gaps of a letter-spaced
//! run or of a running head as lost marks.

mod broken_word;
mod doubled_character;
mod doubles;
mod form_feed;
mod letter_spacing;
mod nearby;
mod page_number;
mod paging;
mod running_head;

use super::{CodeRule, Stage};

/// The stage `tokens`.
pub static STAGE: Stage = Stage {
    name: "tokens",
    code: &[
        CodeRule {
            ids: &["tokens/doubled-character", "tokens/doubled-run"],
            propose: doubled_character::propose,
        },
        CodeRule { ids: &["tokens/letter-spacing"], propose: letter_spacing::propose },
        CodeRule { ids: &["tokens/running-head"], propose: running_head::propose },
        CodeRule { ids: &["tokens/page-number"], propose: page_number::propose },
        CodeRule { ids: &["tokens/form-feed"], propose: form_feed::propose },
    ],
};
