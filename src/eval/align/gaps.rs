//! What lies between the stretches that text and gold have in common.

use std::collections::BTreeMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Search, Stretch};

/// The longest gap that is aligned character by character.
const MAX_GAP: usize = 600;

/// In a gap up to this long a single character in common counts.
const SMALL: usize = 24;

/// Width of the diagonals that places of a damaged block are counted on.
const BAND: usize = 16;

/// Aligns what lies between stretches that follow each other in both texts;
/// where they don't, what goes on behind the one and before the other.
pub(super) fn fill(search: &mut Search<'_>, stretches: &[Stretch]) {
    let end = Stretch { text: search.folded.len(), gold: search.index.folded.len(), len: 0 };
    let mut last = Stretch { text: 0, gold: 0, len: 0 };
    for next in stretches.iter().chain([&end]) {
        let text = last.text_end()..next.text;
        if !text.is_empty() {
            let gold = last.gold_end()..next.gold;
            if last.gold_end() <= next.gold && gold.len() <= text.len() + MAX_GAP {
                between(search, text, gold);
            } else {
                after(search, &text, last.gold_end());
                before(search, &text, next.gold);
            }
        }
        last = *next;
    }
}

fn between(search: &mut Search<'_>, text: Range<usize>, gold: Range<usize>) {
    if text.len() <= MAX_GAP && gold.len() <= 2 * MAX_GAP {
        align(search, text, gold, 0);
    }
}

/// The rest of the block behind a stretch goes on where that ended.
fn after(search: &mut Search<'_>, text: &Range<usize>, gold: usize) {
    let Some(last) = text.start.checked_sub(1) else { return };
    let block = &search.text.blocks[search.text.chars[last].block].chars;
    let text = text.start..text.end.min(block.end);
    let len = text.len() + text.len() / 4 + 4;
    let gold = gold..(gold + len).min(search.index.folded.len());
    if text.len() <= MAX_GAP {
        align(search, text.clone(), gold, text.len() / 2);
    }
}

/// The block before a stretch led up to where that begins.
fn before(search: &mut Search<'_>, text: &Range<usize>, gold: usize) {
    let Some(next) = search.text.chars.get(text.end) else { return };
    let block = &search.text.blocks[next.block].chars;
    let free = (text.start..text.end).rev().take_while(|at| search.to_gold[*at].is_none()).last();
    let text = free.unwrap_or(text.end).max(block.start)..text.end;
    let len = text.len() + text.len() / 4 + 4;
    if text.len() <= MAX_GAP {
        align(search, text.clone(), gold.saturating_sub(len)..gold, text.len() / 2);
    }
}

/// Aligns `text` with `gold` by an edit script, if at least `least` characters
/// are the same. A lone character in common counts only in a small gap.
fn align(search: &mut Search<'_>, text: Range<usize>, gold: Range<usize>, least: usize) {
    if text.is_empty() || gold.is_empty() {
        return;
    }
    let (new, old) = (&search.folded[text.clone()], &search.index.folded[gold.clone()]);
    let small = new.len().max(old.len()) <= SMALL;
    let mut stretches = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        if let DiffOp::Equal { old_index, new_index, len } = op
            && (small || len > 1)
        {
            stretches.push(Stretch { text: text.start + new_index, gold: gold.start + old_index, len });
        }
    }
    if stretches.iter().map(|stretch| stretch.len).sum::<usize>() >= least.max(1) {
        for stretch in stretches {
            search.claim(stretch);
        }
    }
}

/// Places the blocks that were hardly found: where most pairs of their
/// characters point, if a good part of them do.
pub(super) fn place_blocks(search: &mut Search<'_>) {
    let blocks = search.text.blocks.clone();
    let lost: Vec<_> = blocks
        .iter()
        .map(|block| block.chars.clone())
        .filter(|range| {
            let found = search.to_gold[range.clone()].iter().flatten().count();
            range.len() >= 4 && range.len() <= MAX_GAP && found * 2 < range.len()
        })
        .collect();
    if lost.is_empty() {
        return;
    }
    let mut pairs: BTreeMap<[char; 2], Vec<usize>> = BTreeMap::new();
    for (at, pair) in search.index.folded.windows(2).enumerate() {
        pairs.entry([pair[0], pair[1]]).or_default().push(at);
    }
    for range in lost {
        place(search, range, &pairs);
    }
}

fn place(search: &mut Search<'_>, range: Range<usize>, pairs: &BTreeMap<[char; 2], Vec<usize>>) {
    let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
    for (offset, pair) in search.folded[range.clone()].windows(2).enumerate() {
        let places = pairs.get(&[pair[0], pair[1]]).map_or(&[][..], Vec::as_slice);
        for gold in places.iter().take(super::MAX_PLACES) {
            // Counted from the block's length on, so that none is below zero.
            *votes.entry((gold + range.len() - offset) / BAND).or_default() += 1;
        }
    }
    let best = votes.keys().map(|band| {
        let both = votes[band] + votes.get(&(band + 1)).copied().unwrap_or(0);
        (both, std::cmp::Reverse(*band))
    });
    let Some((count, std::cmp::Reverse(band))) = best.max() else { return };
    if count * 4 < range.len() {
        return;
    }
    let from = (band * BAND).saturating_sub(range.len());
    let to = (from + range.len() + 3 * BAND).min(search.index.folded.len());
    align(search, range.clone(), from.min(to)..to, range.len() * 2 / 5);
}
