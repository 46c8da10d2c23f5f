//! Blocks extracted twice.
//!
//! Page assembly takes a column twice, or the tail of a paragraph once behind
//! its head and once where the column ends. The two copies then are the same to
//! the letter, or differ as far as damage goes.
//!
//! **A duplicate** is a passage of running prose (see `passage`) that stands
//! twice within the reach of a page, whole or as the head or tail of a longer
//! block, where the difference is damage alone: spaces, widths of punctuation,
//! quotation marks, U+FFFD and private-use characters.
//!
//! A paragraph that stands whole in one place and in parts in another is joined
//! where the parts stand (`split_copy`).
//!
//! **No duplicate** is what is meant to recur: a slogan, headline, byline,
//! dateline, caption, list entry, table row or line of verse, all of them short
//! or not prose; a notice about copyright, contributions or the like; what
//! stands three times or more (a refrain: suggested, not applied); and
//! sentences that differ in a number or a word, which say two things. Two
//! reports of one event share paragraphs: whole copies more than a column
//! apart, and of a single paragraph more than a few blocks, are suggested,
//! unless one of them completes a broken paragraph. A
//! disclaimer of other wording that stands under exactly two articles of one
//! page can't be told from a duplicate: one copy of it is removed, and the
//! report shows it.
//!
//! Most documents hold no copy, which a glance tells (`glance`) before anything
//! is made of their passages.
//!
//! Where lines are broken at a column edge a line is less than a passage; its
//! copies are found once the lines are joined, in a later round.

mod alike;
mod choice;
mod elsewhere;
mod glance;
mod near_block;
mod passage;
mod plan;
mod removal;
mod sketch;
mod split_copy;
mod tail_block;
mod tally;

#[cfg(feature = "batch")]
pub(crate) use choice::broken;
pub(crate) use passage::passages;
#[cfg(feature = "batch")]
pub(crate) use passage::{Passage, is_meant_to_recur};

use super::{CodeRule, Stage};

/// The stage `dedup`.
pub static STAGE: Stage = Stage {
    name: "dedup",
    code: &[
        CodeRule { ids: &["dedup/copy-elsewhere"], propose: elsewhere::propose },
        CodeRule {
            ids: &["dedup/exact-block", "dedup/near-block", "dedup/split-copy", "dedup/tail-block"],
            propose: plan::propose,
        },
    ],
};
