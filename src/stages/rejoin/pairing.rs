//! Which blocks of a page go on in which: all that break off and all that may
//! be a rest are weighed against each other, since each has one partner at
//! most.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::encoder::{Encoder, Reader};
use super::evidence::Evidence;
use super::ngrams::{Learned, Vectors};
use super::seam::{End, Glance, Place, Seam, Seams};
use crate::document::{BlockKind, Document};
use crate::model::{Table, Weights};

/// What rules that speak for or against a pair still move its score by, besides
/// their learned weights: pages that were made lose lines more often, and break
/// words less often, than those of newspapers.
const RULES: f32 = 4.0;
/// The same, for a broken word with other blocks between its halves.
const RULES_FAR: f32 = 2.0;
/// The same, for what may be chance: two words that make a compound where the blocks
/// meet, or a short clause at the start of a block.
const HINT: f32 = 1.75;
/// The same, for the end of a sentence on a page of no more than [`SMALL`]
/// blocks: who pastes so little has left no line out.
const TAIL_ON_SMALL: f32 = 15.0;
/// Blocks of a page on which there is hardly another place for a rest.
const SMALL: usize = 3;

/// What a seam has to be worth to be looked at any further, where its blocks are
/// neighbours and where they are not: a cascade (Viola and Jones 2001), of which nine in
/// ten seams of undamaged pages fail the first two steps, and all but one in a hundred the
/// last. None of 7,000 joins that may be likely fails, in pages made of documents that
/// nothing was learned from and in real ones: the lowest are worth -7.2, -8.7, -0.9 and
/// -1.2 at the four steps (neighbours), and -1.8, 1.2, 5.1 and 2.1.
const CASCADE: [Cascade; 2] = [
    Cascade { apart: -9.0, at_a_glance: -10.5, when_read: -1.5, on_its_page: -2.0 },
    Cascade { apart: -4.5, at_a_glance: -2.5, when_read: 1.0, on_its_page: 0.5 },
];

/// Scores under which a seam is hopeless.
struct Cascade {
    /// Before both sides are looked at together.
    apart: f32,
    /// At the first look.
    at_a_glance: f32,
    /// With what the dictionary and the rules say.
    when_read: f32,
    /// With what the rest of the page says, before the encoder is asked.
    on_its_page: f32,
}

/// What a rival is worth without the encoder that takes less than two in a hundred from the
/// odds of a pair. The encoder would raise one in a hundred of them by more than 3.
const NO_RIVAL: f32 = -4.0;

/// What was learned; `train seam` makes it.
pub(super) static LEARNED: LazyLock<Learned<Table<'static>, Table<'static>>> = LazyLock::new(|| {
    let table = |bytes| Table::from_bytes(bytes).expect("the weights that are shipped are a table");
    Learned {
        weights: table(include_bytes!("../../../models/seam.bin")),
        vectors: table(include_bytes!("../../../models/seam-vectors.bin")),
        reader: Reader::of(
            Encoder::from_bytes(include_bytes!("../../../models/seam-encoder.bin"))
                .expect("the encoder that is shipped is one"),
        ),
    }
});

/// The probability from which a pair is worth a suggestion.
const LEAST: f32 = 0.3;

/// The pairs of `document` with a probability of [`LEAST`] or more, the surest
/// first, each with that probability.
pub(super) fn judged(document: &Document) -> Vec<(Pair, f32)> {
    let (kept, scores) = seams_that_matter(document);
    likely(pairs(kept, &scores))
}

/// Those of `pairs` with a probability of [`LEAST`] or more, each with that.
fn likely(pairs: Vec<Pair>) -> Vec<(Pair, f32)> {
    let probability =
        |pair: &Pair| LEARNED.weights.calibration(pair.seam.place.calibration()).probability(pair.score);
    let all = pairs.into_iter().map(|pair| (probability(&pair), pair));
    all.filter(|(probability, _)| *probability >= LEAST)
        .map(|(probability, pair)| (pair, probability))
        .collect()
}

/// Those seams of `document` that could have a probability of [`LEAST`], and their
/// rivals, which can only take from a score, with their scores.
fn seams_that_matter(document: &Document) -> (Vec<Seam>, Vec<f32>) {
    let mut seams = Seams::of(document, &*LEARNED);
    let least = [0, 1].map(|number| LEARNED.weights.calibration(number).score(LEAST));
    // On a small page the rules may make up for anything.
    let is_small = document.blocks().len() <= SMALL;
    let mut found: Vec<Option<(Seam, f32)>> = vec![None; seams.places().len()];
    let mut hopeful = [vec![false; document.blocks().len()], vec![false; document.blocks().len()]];
    for (number, found) in found.iter_mut().enumerate() {
        let place = seams.places()[number];
        *found = if is_small {
            Some(scored(document, &mut seams, place))
        } else {
            scored_if_hopeful(document, &mut seams, place)
        };
        if found.as_ref().is_some_and(|(_, score)| *score >= least[place.calibration()]) {
            hopeful[0][place.left] = true;
            hopeful[1][place.right] = true;
        }
    }
    for (number, found) in found.iter_mut().enumerate() {
        let place = seams.places()[number];
        if found.is_none() && (hopeful[0][place.left] || hopeful[1][place.right]) {
            *found = Some(scored_from(NO_RIVAL, document, &mut seams, place));
        }
    }
    found.into_iter().flatten().unzip()
}

/// The seam at `place`, with its score, if it gets through the [`CASCADE`].
fn scored_if_hopeful<W: Weights, V: Vectors>(
    document: &Document,
    seams: &mut Seams<'_, W, V>,
    place: Place,
) -> Option<(Seam, f32)> {
    let cascade = &CASCADE[place.calibration()];
    if seams.apart(place) < cascade.apart {
        return None;
    }
    let glance = seams.glance(place);
    if glance.score < cascade.at_a_glance {
        return None;
    }
    let (seam, score) = read(document, seams, place, &glance);
    if score < cascade.when_read {
        return None;
    }
    let score = score + seams.around(place, &glance);
    (score >= cascade.on_its_page).then(|| {
        let score = score + seams.flow(&seam, &glance);
        (seam, score)
    })
}

/// The seam at `place`, with its score: the log-odds that its blocks belong together,
/// whatever else could go on there.
pub(crate) fn scored<W: Weights, V: Vectors>(
    document: &Document,
    seams: &mut Seams<'_, W, V>,
    place: Place,
) -> (Seam, f32) {
    scored_from(f32::NEG_INFINITY, document, seams, place)
}

/// The same, where the encoder is only asked about what is worth `least` without it.
fn scored_from<W: Weights, V: Vectors>(
    least: f32,
    document: &Document,
    seams: &mut Seams<'_, W, V>,
    place: Place,
) -> (Seam, f32) {
    let glance = seams.glance(place);
    let (seam, score) = read(document, seams, place, &glance);
    let score = score + seams.around(place, &glance);
    let flow = if score < least { 0.0 } else { seams.flow(&seam, &glance) };
    (seam, score + flow)
}

/// The seam at `place`, and what it is worth without the encoder and the rest of the
/// page, of which there was this `glance`.
fn read<W: Weights, V: Vectors>(
    document: &Document,
    seams: &Seams<'_, W, V>,
    place: Place,
    glance: &Glance,
) -> (Seam, f32) {
    let seam = seams.read(place);
    let score = glance.score + seams.told(&seam, glance) + weight_of_rules(document, &seam);
    (seam, score)
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
        (Evidence::For, true) if word.is_some() || seam.bracket.is_some() || seam.signs.is_tail => RULES,
        (Evidence::For, true) => HINT,
        (Evidence::For, false) if word.is_some_and(|word| word.broken) => RULES_FAR,
        (Evidence::None, true) if word.is_some() => HINT,
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
    fn what_fails_the_cascade_is_unlikely() {
        let texts = [
            include_str!("../../../tests/documents/damaged/mixed.txt"),
            include_str!("../../../tests/documents/damaged/splits-across-blocks.txt"),
            include_str!("../../../tests/documents/damaged/splits-adjacent.txt"),
            include_str!("../../../tests/documents/damaged/traditional-marks.txt"),
            include_str!("../../../examples/qinghe-daily.txt"),
        ];
        let (mut through, mut of) = (0, 0);
        for document in texts.map(|text| Document::new(text.to_owned())) {
            let mut seams = Seams::of(&document, &*LEARNED);
            let places = seams.places().to_vec();
            let all = places.iter().map(|place| scored(&document, &mut seams, *place));
            let (all, scores): (Vec<_>, Vec<_>) = all.unzip();
            let expected = likely(pairs(all, &scores));
            let found = judged(&document);
            let places =
                |found: &[(Pair, f32)]| found.iter().map(|(pair, _)| pair.seam.place).collect::<Vec<_>>();
            assert_eq!(places(&expected), places(&found));
            through += seams_that_matter(&document).0.len();
            of += scores.len();
        }
        assert!(through * 3 < of * 2, "{through} of {of}");
    }
}
