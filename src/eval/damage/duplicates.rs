//! What can stand twice so that an editor sees that it was written once.

use std::collections::BTreeSet;
use std::ops::Range;

use super::layout::{Block, Role};
use super::rng::Rng;
use crate::chars::is_han;

/// Han characters of a copy: what is shorter may be said twice.
const MIN_HAN: usize = 30;

/// Paragraphs of an article that are taken again together.
const PART: (usize, usize) = (2, 5);

/// Whether a copy of `text` is plain.
pub(super) fn is_long_enough(text: &str) -> bool {
    text.chars().filter(|c| is_han(*c)).count() >= MIN_HAN
}

/// Whether `block` is a paragraph that can be taken twice. Captions, notices,
/// entries of lists and what stands behind a label may be meant to recur.
pub(super) fn can_be_copied(block: &Block) -> bool {
    let text = &block.text;
    let is_caption =
        text.starts_with(['图', '圖', '△', '▲']) || text.trim_end_matches('）').ends_with(['摄', '攝']);
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十（(".contains(c);
    let is_entry =
        text.trim_start_matches(number).starts_with(['、', '.', '．', '）', ')']) && text.starts_with(number);
    let is_labelled = text.chars().take(11).any(|c| c == '：');
    let is_plain = !is_caption && !is_entry && !is_labelled;
    block.role == Role::Paragraph && is_plain && is_long_enough(text) && text.contains('。')
}

/// Some paragraphs in a row of the last article of `blocks`, none of them in
/// `copied`.
pub(super) fn part_of_article(
    blocks: &[Block],
    copied: &BTreeSet<usize>,
    rng: &mut Rng,
) -> Option<Range<usize>> {
    let article = blocks.last()?.article;
    let count = rng.within(PART.0, PART.1);
    let fits =
        |at: usize| blocks[at].article == article && can_be_copied(&blocks[at]) && !copied.contains(&at);
    let starts: Vec<usize> =
        (0..(blocks.len() + 1).saturating_sub(count)).filter(|at| (*at..at + count).all(fits)).collect();
    let start = *rng.pick(&starts)?;
    Some(start..start + count)
}
