//! Which blocks of a page go on in which: all that break off and all that may
//! be a rest are weighed against each other, since each has one partner at
//! most.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::cohesion::Words;
use super::evidence::{Behind, Evidence};
use super::ngrams::Learned;
use super::seam::{End, Left, Seam};
use crate::chars::is_chinese;
use crate::document::{BlockKind, Document};
use crate::model::Table;

/// Blocks ahead that are looked at: more than stand between two parts.
const AHEAD: usize = 8;

/// What rules that speak for or against a pair still move its score by, besides
/// their learned weights: pages that were made lose lines more often, and break
/// words less often, than those of newspapers.
const RULES: f32 = 3.0;
/// The same, for a broken word with other blocks between its halves.
const RULES_FAR: f32 = 2.0;
/// The same, for two words that make a compound where the blocks meet.
const COMPOUND: f32 = 1.0;
/// The same, for the end of a sentence on a page of no more than [`SMALL`]
/// blocks: who pastes so little has left no line out.
const TAIL_ON_SMALL: f32 = 12.0;
/// Blocks of a page on which there is hardly another place for a rest.
const SMALL: usize = 3;

/// What was learned; `train seam` makes it.
static LEARNED: LazyLock<Learned<Table<'static>, Table<'static>>> = LazyLock::new(|| {
    let table = |bytes| Table::from_bytes(bytes).expect("the weights that are shipped are a table");
    Learned {
        weights: table(include_bytes!("../../../models/seam.bin")),
        vectors: table(include_bytes!("../../../models/seam-vectors.bin")),
    }
});

/// The pairs of `document`, the surest first, each with its probability.
pub(super) fn judged(document: &Document) -> Vec<(Pair, f32)> {
    let seams = seams(document);
    let scores: Vec<f32> =
        seams.iter().map(|seam| LEARNED.score(document, seam) + weight_of_rules(document, seam)).collect();
    let with_probability = |pair: Pair| {
        let probability = LEARNED.weights.calibration(pair.seam.calibration()).probability(pair.score);
        (pair, probability)
    };
    pairs(seams, &scores).into_iter().map(with_probability).collect()
}

/// What the rules add to the score of `seam`.
pub(crate) fn weight_of_rules(document: &Document, seam: &Seam) -> f32 {
    let blocks = document.blocks();
    let fits = blocks[seam.right].kind == BlockKind::Body && !is_headline(document, seam.left);
    let word = seam.word.as_ref();
    match (seam.signs.evidence, seam.is_near()) {
        _ if seam.in_list => -RULES,
        (Evidence::Against, _) => -RULES,
        _ if !fits => 0.0,
        (Evidence::For, true) if seam.signs.is_tail && blocks.len() <= SMALL => TAIL_ON_SMALL,
        (Evidence::For, true) => RULES,
        (Evidence::For, false) if word.is_some_and(|word| word.broken) => RULES_FAR,
        (Evidence::None, true) if word.is_some() => COMPOUND,
        _ => 0.0,
    }
}

/// Whether the block is a headline, and not the short beginning of a paragraph
/// that follows running text.
pub(super) fn is_headline(document: &Document, index: usize) -> bool {
    document.blocks()[index].kind == BlockKind::Headline && !follows_prose(document, index)
}

/// Whether the block before is running text that ends as it should.
pub(super) fn follows_prose(document: &Document, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| {
        let before = &document.blocks()[before];
        before.is_prose() && End::of(document.slice(before.span)) == End::Whole
    })
}

/// A block and its rest.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    /// Where they meet.
    pub(crate) seam: Seam,
    /// The log-odds that they belong together, all rivals weighed in.
    pub(crate) score: f32,
}

/// Code points under which a block is a line of verse or of a list, if the one
/// it would go on in is as short.
const SHORT: usize = 24;

/// The seams of `document` that are worth a look.
pub(crate) fn seams(document: &Document) -> Vec<Seam> {
    let blocks = document.blocks();
    let text = |index: usize| document.slice(blocks[index].span);
    // Most blocks are never asked for, and the others by all that stand above.
    let mut known: Vec<Option<bool>> = vec![None; blocks.len()];
    let mut is_chinese = |index: usize| *known[index].get_or_insert_with(|| is_chinese(text(index)));
    let mut behind: Vec<Option<Behind>> = vec![None; blocks.len()];
    let short = |index: usize| text(index).chars().nth(SHORT).is_none();
    let mut seams = Vec::new();
    let mut words = None;
    for index in (0..blocks.len()).filter(|&index| breaks_off(document, index)) {
        if !is_chinese(index) {
            continue;
        }
        let is_short = short(index);
        let ahead = index + 1..blocks.len().min(index + 1 + AHEAD);
        let mut left = None;
        for right in ahead {
            if !may_go_on(blocks[right].kind) || !is_chinese(right) || is_short && short(right) {
                continue;
            }
            let left = left.get_or_insert_with(|| Left::of(document, index));
            let behind = *behind[right].get_or_insert_with(|| Behind::of(text(right)));
            let words = words.get_or_insert_with(|| Words::of(document));
            seams.push(Seam::between(document, left, right, behind, words));
        }
    }
    seams
}

/// Whether the block ends without the end of a sentence.
pub(super) fn breaks_off(document: &Document, index: usize) -> bool {
    use BlockKind::{Body, Headline, Lead, ListItem};
    let block = &document.blocks()[index];
    matches!(block.kind, Body | Lead | ListItem | Headline)
        && End::of(document.slice(block.span)) != End::Whole
}

fn may_go_on(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Body | BlockKind::Headline | BlockKind::ListItem)
}

/// The log-odds of each of `seams` with its rivals weighed in, where `scores`
/// are those by itself.
pub(crate) fn weigh(seams: &[Seam], scores: &[f32]) -> Vec<f32> {
    let most = seams.iter().map(|seam| seam.right + 1).max().unwrap_or(0);
    let (mut of_left, mut of_right) = (vec![0.0; most], vec![0.0; most]);
    for (seam, score) in seams.iter().zip(scores) {
        of_left[seam.left] += score.exp();
        of_right[seam.right] += score.exp();
    }
    let weigh = |(seam, score): (&Seam, &f32)| {
        let rivals = of_left[seam.left] + of_right[seam.right] - 2.0 * score.exp();
        score - rivals.max(0.0).ln_1p()
    };
    seams.iter().zip(scores).map(weigh).collect()
}

/// The pairs among `seams`, whose log-odds by themselves are `scores`: the best
/// of each block that breaks off and each rest, the surest first.
pub(crate) fn pairs(seams: Vec<Seam>, scores: &[f32]) -> Vec<Pair> {
    let most = seams.iter().map(|seam| seam.right + 1).max().unwrap_or(0);
    let weighed = weigh(&seams, scores);
    let mut pairs: Vec<Pair> =
        seams.into_iter().zip(weighed).map(|(seam, score)| Pair { seam, score }).collect();
    pairs.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| order(&a.seam, &b.seam)));
    let (mut begun, mut ended) = (vec![false; most], vec![false; most]);
    pairs.retain(|Pair { seam, .. }| {
        let free = !begun[seam.left] && !ended[seam.right];
        if free {
            begun[seam.left] = true;
            ended[seam.right] = true;
        }
        free
    });
    pairs
}

fn order(a: &Seam, b: &Seam) -> Ordering {
    (a.left, a.right).cmp(&(b.left, b.right))
}
