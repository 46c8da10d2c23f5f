//! Paragraphs cut at a column, a page or a line end.

mod article;
mod cohesion;
pub(crate) mod encoder;
mod evidence;
mod hard_wrapped_line;
mod hyphen;
pub(crate) mod ngrams;
pub(crate) mod pairing;
pub(crate) mod seam;
mod split_paragraph;
mod topics;
mod wrapped;

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
        CodeRule {
            ids: &[
                "rejoin/hard-wrapped-line",
                "rejoin/false-blank-line",
                "rejoin/hyphenated-line-end",
                "rejoin/interleaved-columns",
            ],
            propose: hard_wrapped_line::propose,
        },
    ],
};
