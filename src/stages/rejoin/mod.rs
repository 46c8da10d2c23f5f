//! Paragraphs cut at a column, a page or a line end.

mod article;
mod seam;
mod split_paragraph;

use super::{CodeRule, Stage};

/// The stage `rejoin`.
pub static STAGE: Stage = Stage {
    name: "rejoin",
    code: &[
        CodeRule {
            ids: &[
                "rejoin/split-paragraph",
                "rejoin/interleaved-paragraph",
                "rejoin/lost-text",
                "rejoin/cut-off",
            ],
            propose: split_paragraph::propose,
        },
        CodeRule { ids: &["rejoin/stray-block"], propose: article::propose },
    ],
};
