//! Which blocks of a page go on in which: all that break off and all that may
//! be a rest are weighed against each other, since each has one partner at
//! most.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::evidence::Evidence;
use super::ngrams::Learned;
use super::seam::{Ceiling, End, Seam, Seams, Unshared};
use crate::document::{BlockKind, Document};
use crate::model::Table;

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

/// The most that what blocks share can add to a score.
static CEILING: LazyLock<Ceiling> = LazyLock::new(|| Ceiling::of(&LEARNED.weights));

/// What rounding may take from a sum.
const ROUNDING: f32 = 1e-3;

/// The pairs of `document` with a probability of `least` or more, the surest
/// first, each with that probability.
pub(super) fn judged(document: &Document, least: f32) -> Vec<(Pair, f32)> {
    let mut seams = Seams::of(document, &*LEARNED);
    let scores = scores_that_matter(document, &mut seams, least);
    let (kept, scores): (Vec<Seam>, Vec<f32>) =
        seams.into_all().into_iter().zip(scores).filter_map(|(seam, score)| Some((seam, score?))).unzip();
    let with_probability = |pair: Pair| {
        let probability = LEARNED.weights.calibration(pair.seam.calibration()).probability(pair.score);
        (probability >= least).then_some((pair, probability))
    };
    pairs(kept, &scores).into_iter().filter_map(with_probability).collect()
}

/// The scores of those `seams` of `document` that could have a probability of
/// `least` and of their rivals.
///
/// Most seams of a page are hopeless whatever their blocks share, which is what
/// takes the longest to tell, and rivals can only take from a score.
fn scores_that_matter(
    document: &Document,
    seams: &mut Seams<'_, Table<'static>, Table<'static>>,
    least: f32,
) -> Vec<Option<f32>> {
    let least = [0, 1].map(|number| LEARNED.weights.calibration(number).score(least) - ROUNDING);
    let unshared: Vec<Unshared> = (0..seams.all().len())
        .map(|number| seams.unshared(number).plus(weight_of_rules(document, &seams.all()[number])))
        .collect();
    let mut scores = vec![None; unshared.len()];
    let mut hopeful = [vec![false; document.blocks().len()], vec![false; document.blocks().len()]];
    for (number, unshared) in unshared.iter().enumerate() {
        let Seam { left, right, .. } = seams.all()[number];
        let least = least[seams.all()[number].calibration()];
        if unshared.most(&CEILING) < least {
            continue;
        }
        let unshared = seams.with_words(number, *unshared);
        if unshared.most(&CEILING) >= least {
            let score = seams.score(number, unshared);
            scores[number] = Some(score);
            if score >= least {
                hopeful[0][left] = true;
                hopeful[1][right] = true;
            }
        }
    }
    for (number, unshared) in unshared.iter().enumerate() {
        let Seam { left, right, .. } = seams.all()[number];
        if scores[number].is_none() && (hopeful[0][left] || hopeful[1][right]) {
            let unshared = seams.with_words(number, *unshared);
            scores[number] = Some(seams.score(number, unshared));
        }
    }
    scores
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

/// The log-odds of each of `seams` with its rivals weighed in, where `scores`
/// are those by itself.
pub(crate) fn weigh(seams: &[Seam], scores: &[f32]) -> Vec<f32> {
    let most = seams.iter().map(|seam| seam.right + 1).max().unwrap_or(0);
    // A sure score drowns its rivals in single precision.
    let odds = |score: f32| f64::from(score).exp();
    let (mut of_left, mut of_right) = (vec![0.0; most], vec![0.0; most]);
    for (seam, score) in seams.iter().zip(scores) {
        of_left[seam.left] += odds(*score);
        of_right[seam.right] += odds(*score);
    }
    let weigh = |(seam, score): (&Seam, &f32)| {
        let rivals = of_left[seam.left] + of_right[seam.right] - 2.0 * odds(*score);
        #[expect(clippy::cast_possible_truncation, reason = "a logarithm")]
        {
            score - rivals.max(0.0).ln_1p() as f32
        }
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
