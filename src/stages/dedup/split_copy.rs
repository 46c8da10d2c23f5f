//! The rule `dedup/split-copy`: a paragraph that stands whole in one place and
//! in two or three parts in another. The whole one shows that the parts belong
//! together; they are joined where they stand, and the other copy goes.

use super::alike::Alike;
use super::glance::KEY;
use super::passage::{Passage, REACH, bones, skeleton};
use crate::document::Document;
use crate::span::Span;

/// A beginning shared by more passages than this is a set phrase.
const CROWD: usize = 16;
/// Parts at most; two if other blocks stand between.
const MAX_PARTS: usize = 3;
/// Blocks of other articles between two parts at most.
const MAX_BETWEEN: usize = 3;

/// A paragraph in parts, and its whole copy.
#[derive(Debug)]
pub(super) struct SplitCopy {
    /// Index of the passage that is whole.
    pub whole: usize,
    /// The blocks that are its parts, in order.
    pub parts: Vec<usize>,
}

/// The split copies of `document`, none sharing a block with another; `firsts`
/// are the blocks that could be the first part of one.
pub(super) fn split_copies(document: &Document, passages: &[Passage], firsts: &[usize]) -> Vec<SplitCopy> {
    let wholes = Alike::of(passages.iter().map(|passage| head(&passage.skeleton)));
    let mut taken = vec![false; document.blocks().len()];
    let mut found = Vec::new();
    let mut key = String::new();
    for first in firsts.iter().copied() {
        let text = document.slice(document.blocks()[first].span);
        key.clear();
        key.extend(bones(text).take(KEY));
        let mut holders = wholes.of_text(&key);
        if holders.len() > CROWD || holders.clone().all(|whole| passages[whole].block == first) {
            continue;
        }
        let start = skeleton(text);
        if !breaks_off(&start) {
            continue;
        }
        let copy = holders.find_map(|whole| {
            let passage = &passages[whole];
            let rest = passage.skeleton.strip_prefix(start.as_str()).filter(|rest| !rest.is_empty())?;
            let is_near = apart(document.blocks()[first].span, passage.span) <= REACH;
            let parts = rest_of(document, first, rest)?;
            let is_apart = !parts.contains(&passage.block) && !parts[1..].contains(&(passage.block + 1));
            (is_near && is_apart).then_some(SplitCopy { whole, parts })
        });
        let Some(copy) = copy else { continue };
        let blocks: Vec<usize> = copy.parts.iter().copied().chain([passages[copy.whole].block]).collect();
        if !blocks.iter().any(|block| taken[*block]) {
            blocks.iter().for_each(|block| taken[*block] = true);
            found.push(copy);
        }
    }
    found
}

/// The blocks from `first` on that make up the whole: what follows is `rest`.
fn rest_of(document: &Document, first: usize, rest: &str) -> Option<Vec<usize>> {
    let mut parts = vec![first];
    let mut rest = rest.to_owned();
    while !rest.is_empty() {
        let last = parts[parts.len() - 1];
        let candidates = (last + 1..document.blocks().len()).take(MAX_BETWEEN + 1);
        let next = candidates
            .map(|block| (block, skeleton(document.slice(document.blocks()[block].span))))
            .find(|(_, part)| !part.is_empty() && rest.starts_with(part.as_str()))?;
        rest.drain(..next.1.len());
        parts.push(next.0);
        let is_apart = parts.windows(2).any(|pair| pair[1] > pair[0] + 1);
        if parts.len() > if is_apart { 2 } else { MAX_PARTS } {
            return None;
        }
    }
    Some(parts)
}

/// Whether `skeleton` stops inside a sentence.
fn breaks_off(skeleton: &str) -> bool {
    let last = skeleton.trim_end_matches(')').chars().next_back();
    last.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '%'))
}

fn head(skeleton: &str) -> &str {
    &skeleton[..skeleton.char_indices().nth(KEY).map_or(skeleton.len(), |(at, _)| at)]
}

/// Bytes between two spans.
fn apart(a: Span, b: Span) -> usize {
    a.start.max(b.start).saturating_sub(a.end.min(b.end))
}
