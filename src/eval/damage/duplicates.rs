//! What can stand twice so that an editor sees that it was written once.

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

/// Whether `block` is a paragraph that can be taken twice.
pub(super) fn can_be_copied(block: &Block) -> bool {
    block.role == Role::Paragraph && is_long_enough(&block.text) && block.text.contains('。')
}

/// Some paragraphs in a row at the end of `blocks`, of its last article.
pub(super) fn part_of_article(blocks: &[Block], rng: &mut Rng) -> Option<Range<usize>> {
    let article = blocks.last()?.article;
    let count = rng.within(PART.0, PART.1);
    let fits = |block: &Block| block.article == article && can_be_copied(block);
    let starts: Vec<usize> = (0..(blocks.len() + 1).saturating_sub(count))
        .filter(|at| blocks[*at..at + count].iter().all(fits))
        .collect();
    let start = *rng.pick(&starts)?;
    Some(start..start + count)
}
