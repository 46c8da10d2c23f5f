//! Which blocks of a document go, and in favour of which.
//!
//! The three rules `dedup/exact-block`, `dedup/near-block` and `dedup/tail-block`
//! share one plan, so that no two of them remove both copies of a text: a block
//! that stays for one decision takes part in no other until that one is carried
//! out and the text is looked at again.

use std::collections::HashSet;

use super::alike::Alike;
use super::choice::{Choice, choose};
use super::glance::{Glimpse, Shared, glimpses, may_hold_look_alikes};
use super::near_block::{Difference, difference, pairs};
use super::passage::{Passage, REACH, has_label, is_meant_to_recur};
use super::removal;
use super::split_copy::{SplitCopy, split_copies};
use super::tail_block::parts;
use crate::document::Document;
use crate::edit::{Confidence, Edit};
use crate::stages::Proposer;

/// Blocks from one copy to the other at most, for whole paragraphs in a row: what one
/// column of a page holds. Of the paragraphs that undamaged reports on one event
/// share within the length of a page, about one in ten stands closer.
const NEIGHBOURHOOD: usize = 12;
/// The same for a single paragraph.
const NEIGHBOURHOOD_OF_ONE: usize = 4;

/// How a block is the same as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sameness {
    /// To the letter.
    Exact,
    /// But for damage, or for a few characters.
    Near,
    /// As its head or tail.
    Part,
}

/// One copy goes, another stays.
struct Decision {
    sameness: Sameness,
    choice: Choice,
    /// Not sure enough to be applied.
    is_doubtful: bool,
}

/// Proposes what the plan says, each decision under the rule for its sameness.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let glimpses = glimpses(document);
    let has_look_alikes = may_hold_look_alikes(document, &glimpses);
    let shared = Shared::of(document, &glimpses);
    let is_asked =
        |glimpse: &&Glimpse| has_look_alikes || shared.passages.binary_search(&glimpse.block).is_ok();
    let passages: Vec<_> =
        glimpses.iter().filter(is_asked).map(|glimpse| Passage::of(document, glimpse)).collect();
    if passages.is_empty() {
        return;
    }
    let split = split_copies(document, &passages, &shared.heads);
    let mut engaged = HashSet::new();
    for copy in &split {
        join_parts(document, &passages, copy, proposer);
        let is_part = |passage: &Passage| copy.parts.contains(&passage.block);
        engaged
            .extend((0..passages.len()).filter(|index| *index == copy.whole || is_part(&passages[*index])));
    }
    let look_alikes = if has_look_alikes { look_alikes(document, &passages) } else { Vec::new() };
    for decision in plan(document, &passages, look_alikes, engaged) {
        let (id, what) = match decision.sameness {
            Sameness::Exact => ("dedup/exact-block", "the same text stands on"),
            Sameness::Near => ("dedup/near-block", "nearly the same text stands on"),
            Sameness::Part => ("dedup/tail-block", "all of this stands again in"),
        };
        let Some(mut proposer) = proposer.under(id) else { continue };
        let Choice { kept, dropped, reason, .. } = decision.choice;
        let name = removal::name_of(document, passages[kept].block);
        let message = format!("{what} {name}, kept because {reason}");
        let edits = vec![Edit::delete(removal::span_of(document, passages[dropped].block))];
        if decision.is_doubtful {
            proposer.repair_as(Confidence::Doubtful, edits, &message);
        } else {
            proposer.repair(edits, &message);
        }
    }
}

/// Joins the parts of a paragraph where the first stands; the whole copy goes.
fn join_parts(document: &Document, passages: &[Passage], copy: &SplitCopy, proposer: &mut Proposer<'_>) {
    let Some(mut proposer) = proposer.under("dedup/split-copy") else { return };
    let blocks = document.blocks();
    let mut edits = vec![Edit::delete(removal::span_of(document, passages[copy.whole].block))];
    for pair in copy.parts.windows(2) {
        let (left, right) = (blocks[pair[0]].span, blocks[pair[1]].span);
        if pair[1] > pair[0] + 1 {
            edits.extend(Edit::relocate(right, left.end));
        }
        // The break before the part goes with it.
        edits.push(Edit::delete(blocks[pair[1] - 1].span.end..right.start));
    }
    let name = removal::name_of(document, copy.parts[0]);
    let message = format!(
        "all of this stands in {} parts from {name} on, and shows that they are one",
        copy.parts.len()
    );
    proposer.repair(edits, &message);
}

fn plan(
    document: &Document,
    passages: &[Passage],
    look_alikes: Vec<Decision>,
    mut engaged: HashSet<usize>,
) -> Vec<Decision> {
    let mut decisions = copies(document, passages);
    decisions.extend(look_alikes);
    decisions.extend(fragments(passages));
    decisions.retain(|decision| !is_meant_to_recur(document.slice(passages[decision.choice.dropped].span)));
    // What is sure comes first; within that the order of the three holds.
    decisions.sort_by_key(|decision| decision.is_doubtful);
    decisions.retain(|Decision { choice, .. }| {
        let is_free = !engaged.contains(&choice.kept) && !engaged.contains(&choice.dropped);
        if is_free {
            engaged.extend([choice.kept, choice.dropped]);
        }
        is_free
    });
    decisions
}

/// Passages with one skeleton.
fn copies(document: &Document, passages: &[Passage]) -> Vec<Decision> {
    let alike = Alike::of(passages.iter().map(|passage| passage.skeleton.as_str()));
    let mut groups: Vec<_> = alike.groups().collect();
    groups.sort_unstable();
    let mut decisions = Vec::new();
    for group in &groups {
        for pair in group.windows(2) {
            let (first, second) = (&passages[pair[0]], &passages[pair[1]]);
            if second.span.start - first.span.end > REACH {
                continue;
            }
            let same = document.slice(first.span) == document.slice(second.span);
            let sameness = if same { Sameness::Exact } else { Sameness::Near };
            let choice = choose(document, passages, pair[0], pair[1]);
            // A copy that completes a broken paragraph was not written there.
            let is_doubtful =
                group.len() > 2 || !choice.completes && may_be_meant(document, passages, pair[0], pair[1]);
            decisions.push(Decision { sameness, choice, is_doubtful });
        }
    }
    decisions
}

/// Whether somebody may have written the same twice: two reports that share
/// their background, two entries with one label.
fn may_be_meant(document: &Document, passages: &[Passage], first: usize, second: usize) -> bool {
    let most = if is_in_row(passages, first, second) { NEIGHBOURHOOD } else { NEIGHBOURHOOD_OF_ONE };
    let is_far = passages[second].block - passages[first].block > most;
    is_far || has_label(document.slice(passages[first].span))
}

/// Whether the passages next to `first` and `second` are copies as well.
fn is_in_row(passages: &[Passage], first: usize, second: usize) -> bool {
    let same = |a: Option<&Passage>, b: Option<&Passage>| {
        a.zip(b).is_some_and(|(a, b)| a.block != b.block && a.skeleton == b.skeleton)
    };
    let before = |at: usize| at.checked_sub(1).map(|before| &passages[before]);
    same(before(first), before(second)) || same(passages.get(first + 1), passages.get(second + 1))
}

/// Passages that differ in a few characters.
fn look_alikes(document: &Document, passages: &[Passage]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for (first, second) in pairs(passages) {
        if passages[first].skeleton == passages[second].skeleton {
            continue;
        }
        let Some(found) = difference(&passages[first].skeleton, &passages[second].skeleton) else { continue };
        let choice = choose(document, passages, first, second);
        let is_doubtful = match found {
            Difference::Slight => true,
            Difference::Unreadable { only_first, only_second } => {
                if choice.dropped == first {
                    only_first
                } else {
                    only_second
                }
            }
        };
        decisions.push(Decision { sameness: Sameness::Near, choice, is_doubtful });
    }
    decisions
}

/// Passages that are the head or tail of another.
fn fragments(passages: &[Passage]) -> Vec<Decision> {
    let decide = |found: super::tail_block::Part| Decision {
        sameness: Sameness::Part,
        choice: Choice {
            kept: found.whole,
            dropped: found.part,
            reason: "it is the whole paragraph",
            completes: false,
        },
        is_doubtful: !found.is_cut,
    };
    parts(passages).into_iter().map(decide).collect()
}
