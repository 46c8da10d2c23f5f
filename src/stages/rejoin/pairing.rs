//! Which blocks of a page go on in which: all that break off and all that may
//! be a rest are weighed against each other, since each has one partner at
//! most.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::evidence::Evidence;
use super::ngrams::{Learned, Vectors};
use super::seam::{Ceiling, End, Place, Seam, Seams, Unshared};
use crate::document::{BlockKind, Document};
use crate::model::{Table, Weights};

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

/// The most that what takes long to tell can add to a score.
static CEILING: LazyLock<Ceiling> = LazyLock::new(|| Ceiling::of(&LEARNED.weights));

/// What rounding may take from a sum.
const ROUNDING: f32 = 1e-3;

/// The pairs of `document` with a probability of `least` or more, the surest
/// first, each with that probability.
pub(super) fn judged(document: &Document, least: f32) -> Vec<(Pair, f32)> {
    let (kept, scores) = seams_that_matter(document, least);
    let with_probability = |pair: Pair| {
        let calibration = LEARNED.weights.calibration(pair.seam.place.calibration());
        let probability = calibration.probability(pair.score);
        (probability >= least).then_some((pair, probability))
    };
    pairs(kept, &scores).into_iter().filter_map(with_probability).collect()
}

/// Those seams of `document` that could have a probability of `least`, and their
/// rivals, with their scores.
///
/// Most seams of a page are hopeless whatever the words across them and whatever
/// their blocks share, which is what takes the longest to tell, and rivals can only
/// take from a score.
fn seams_that_matter(document: &Document, least: f32) -> (Vec<Seam>, Vec<f32>) {
    let mut seams = Seams::of(document, &*LEARNED);
    let least = [0, 1].map(|number| LEARNED.weights.calibration(number).score(least) - ROUNDING);
    let mut found: Vec<Option<(Seam, f32)>> = vec![None; seams.places().len()];
    let mut hopeful = [vec![false; document.blocks().len()], vec![false; document.blocks().len()]];
    for (number, found) in found.iter_mut().enumerate() {
        let place = seams.places()[number];
        let least = least[place.calibration()];
        *found = scored_if_hopeful(document, &mut seams, place, least);
        if found.as_ref().is_some_and(|(_, score)| *score >= least) {
            hopeful[0][place.left] = true;
            hopeful[1][place.right] = true;
        }
    }
    for (number, found) in found.iter_mut().enumerate() {
        let place = seams.places()[number];
        if found.is_none() && (hopeful[0][place.left] || hopeful[1][place.right]) {
            *found = Some(scored(document, &mut seams, place));
        }
    }
    found.into_iter().flatten().unzip()
}

/// The seam at `place`, with its score, unless that can't be `least`.
fn scored_if_hopeful<W: Weights, V: Vectors>(
    document: &Document,
    seams: &mut Seams<'_, W, V>,
    place: Place,
    least: f32,
) -> Option<(Seam, f32)> {
    let without_rules = least - most_of_rules(document, seams, place);
    if !seams.can_reach(without_rules, place, &CEILING) {
        return None;
    }
    let (seam, unshared) = read(document, seams, place);
    if seams.most(place, unshared, &CEILING) < least {
        return None;
    }
    let unshared = seams.with_words(place, unshared);
    (seams.most(place, unshared, &CEILING) >= least).then(|| (seam, seams.score(place, unshared)))
}

/// The seam at `place`, with its score.
pub(crate) fn scored<W: Weights, V: Vectors>(
    document: &Document,
    seams: &mut Seams<'_, W, V>,
    place: Place,
) -> (Seam, f32) {
    let (seam, unshared) = read(document, seams, place);
    let unshared = seams.with_words(place, unshared);
    let score = seams.score(place, unshared);
    (seam, score)
}

/// The seam at `place`, and what it is worth with what the rules add, before
/// anybody asks for more.
fn read<W: Weights, V: Vectors>(
    document: &Document,
    seams: &Seams<'_, W, V>,
    place: Place,
) -> (Seam, Unshared) {
    let seam = seams.read(place);
    let unshared = seams.unshared(&seam).plus(weight_of_rules(document, &seam));
    (seam, unshared)
}

/// The most that the rules can add to the score of a seam at `place`.
fn most_of_rules<W: Weights, V: Vectors>(document: &Document, seams: &Seams<'_, W, V>, place: Place) -> f32 {
    match place.is_near() {
        _ if !fits(document, place) => 0.0,
        true if document.blocks().len() <= SMALL => TAIL_ON_SMALL,
        true => RULES,
        false if seams.may_have_word_across(place) => RULES_FAR,
        false => 0.0,
    }
}

/// Whether the rules may speak for a seam at `place`.
fn fits(document: &Document, place: Place) -> bool {
    document.blocks()[place.right].kind == BlockKind::Body && !is_headline(document, place.left)
}

/// What the rules add to the score of `seam`.
fn weight_of_rules(document: &Document, seam: &Seam) -> f32 {
    let word = seam.word.as_ref();
    match (seam.signs.evidence, seam.place.is_near()) {
        _ if seam.in_list => -RULES,
        (Evidence::Against, _) => -RULES,
        _ if !fits(document, seam.place) => 0.0,
        (Evidence::For, true) if seam.signs.is_tail && document.blocks().len() <= SMALL => TAIL_ON_SMALL,
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
    let most = seams.iter().map(|seam| seam.place.right + 1).max().unwrap_or(0);
    // A sure score drowns its rivals in single precision.
    let odds = |score: f32| f64::from(score).exp();
    let (mut of_left, mut of_right) = (vec![0.0; most], vec![0.0; most]);
    for (seam, score) in seams.iter().zip(scores) {
        of_left[seam.place.left] += odds(*score);
        of_right[seam.place.right] += odds(*score);
    }
    let weigh = |(seam, score): (&Seam, &f32)| {
        let rivals = of_left[seam.place.left] + of_right[seam.place.right] - 2.0 * odds(*score);
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
    let most = seams.iter().map(|seam| seam.place.right + 1).max().unwrap_or(0);
    let weighed = weigh(&seams, scores);
    let mut pairs: Vec<Pair> =
        seams.into_iter().zip(weighed).map(|(seam, score)| Pair { seam, score }).collect();
    pairs.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| order(&a.seam, &b.seam)));
    let (mut begun, mut ended) = (vec![false; most], vec![false; most]);
    pairs.retain(|Pair { seam, .. }| {
        let Place { left, right } = seam.place;
        let free = !begun[left] && !ended[right];
        if free {
            begun[left] = true;
            ended[right] = true;
        }
        free
    });
    pairs
}

fn order(a: &Seam, b: &Seam) -> Ordering {
    (a.place.left, a.place.right).cmp(&(b.place.left, b.place.right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ruled_out_could_not_have_been() {
        let texts = [
            include_str!("../../../tests/documents/damaged/mixed.txt"),
            include_str!("../../../tests/documents/damaged/splits-across-blocks.txt"),
            include_str!("../../../tests/documents/damaged/splits-adjacent.txt"),
            include_str!("../../../tests/documents/damaged/traditional-marks.txt"),
            include_str!("../../../examples/qinghe-daily.txt"),
            "镇里请来义务宣传\n员，逐户上门讲解。\n",
        ];
        for document in texts.map(|text| Document::new(text.to_owned())) {
            let mut seams = Seams::of(&document, &*LEARNED);
            for place in seams.places().to_vec() {
                let (_, score) = scored(&document, &mut seams, place);
                let least = score - ROUNDING;
                let without_rules = least - most_of_rules(&document, &seams, place);
                assert!(seams.can_reach(without_rules, place, &CEILING));
                let (_, unshared) = read(&document, &seams, place);
                assert!(seams.most(place, unshared, &CEILING) >= least);
                let unshared = seams.with_words(place, unshared);
                assert!(seams.most(place, unshared, &CEILING) >= least);
            }
        }
    }
}
