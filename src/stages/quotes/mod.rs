//! Quotation marks that extraction stripped to a gap, or to nothing.
//!
//! What the whole document says about its marks is `evidence`; `gaps` leaves
//! aside the spaces that belong there; `ends` and `pairs` say where a quotation
//! could begin and end; `features` says what speaks for and against each end,
//! `between` the same of pairs, and a learned model what that is worth; `lattice` weighs all readings of a block
//! against each other, so that each quotation gets the probability that it was
//! there; `confidence` says what that is worth. A pair of marks is one repair.
//! What stands in marks inside a quotation is found by the second look, once
//! the outer marks are there.

mod between;
mod confidence;
mod ends;
pub(crate) mod evidence;
mod features;
mod gaps;
mod lattice;
mod measures;
mod pairs;
mod reading;
mod spaces;
mod speech;
mod title;

use std::sync::LazyLock;

use self::confidence::DocumentWide;
use super::{CodeRule, Proposer, Stage};
use crate::chars::ends_sentence;
use crate::document::Document;
use crate::edit::Edit;
use crate::model::Table;

pub(crate) use ends::{End, Side};
pub(crate) use evidence::Evidence;
pub(crate) use gaps::Gaps;
pub(crate) use lattice::Pair;
#[cfg(feature = "train")]
pub(crate) use lattice::marginals;
#[cfg(feature = "train")]
pub(crate) use reading::Parts;
pub(crate) use reading::{Reading, Scale, of_block};

/// The stage `quotes`.
pub static STAGE: Stage = Stage {
    name: "quotes",
    code: &[CodeRule {
        ids: &[
            "quotes/stripped-pair",
            "quotes/lost-closing-mark",
            "quotes/lost-opening-mark",
            "quotes/stripped-speech",
            "quotes/lost-speech-marks",
            "quotes/stripped-title-marks",
        ],
        propose,
    }],
};

/// What the model learned; MODEL.md says from what.
static MODEL: LazyLock<Table<'static>> = LazyLock::new(|| {
    Table::from_bytes(include_bytes!("../../../models/quotes.bin")).expect("the shipped weights are whole")
});

/// How far the sums of the model can be believed.
static SCALE: LazyLock<Scale> = LazyLock::new(|| Scale::from_table(&MODEL));

/// Probability from which a quotation is looked at at all.
const LEAST: f32 = 0.10;

fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let Some(evidence) = Evidence::of(document) else { return };
    let evidence = evidence.with_archive(proposer.elsewhere().phrases());
    let mut readings = Vec::new();
    let mut titles = Vec::new();
    for block in document.blocks() {
        let Some(gaps) = Gaps::of(document, block, &evidence) else { continue };
        titles.extend(title::propose(document, &gaps, proposer));
        for reading in of_block(document, &gaps, block.kind) {
            let shares = reading.marginals(&evidence, &*MODEL, &SCALE).pairs;
            readings.push((reading, shares));
        }
    }
    let support = Support::of(readings.iter().map(|(reading, shares)| (reading, shares.as_slice())));
    let found: Vec<_> =
        readings.iter().map(|(reading, shares)| (reading, quotations(reading, shares, support))).collect();
    let phrases = found.iter().flat_map(|(reading, quotations)| {
        quotations
            .iter()
            .map(|quotation| (document.slice(reading.content(quotation.pair)), quotation.probability))
    });
    let document_wide = DocumentWide::of(support, phrases);
    for (reading, quotations) in &found {
        for quotation in quotations {
            let ends = [quotation.pair.open, quotation.pair.close].map(|end| reading.ends[end].side);
            if !ends.into_iter().any(|side| matches!(side, Side::Gap(gap) if titles.contains(&gap))) {
                offer(document, reading, quotation, &evidence, &document_wide, proposer);
            }
        }
    }
    speech::suggest(document, &evidence, proposer);
}

/// A pair of ends that is worth proposing.
struct Quotation {
    pair: Pair,
    probability: f32,
}

/// The quotations of a reading that are worth proposing, in text order, none
/// overlapping another; `shares` are those of its pairs.
fn quotations(reading: &Reading<'_>, shares: &[f32], support: Support) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = (reading.pairs.iter().zip(shares))
        .map(|(pair, share)| {
            let calibration = MODEL.calibration(calibration_class(reading, *pair, support));
            Quotation { pair: *pair, probability: calibration.probability(log_odds(*share)) }
        })
        .filter(|quotation| quotation.probability >= LEAST)
        .collect();
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.pair.open.cmp(&b.pair.open)));
    let mut kept: Vec<Quotation> = Vec::new();
    for quotation in found {
        let apart = |other: &Quotation| {
            quotation.pair.close <= other.pair.open || other.pair.close <= quotation.pair.open
        };
        if kept.iter().all(apart) {
            kept.push(quotation);
        }
    }
    kept.sort_by_key(|quotation| quotation.pair.open);
    kept
}

/// How many of a document's gaps its quotations with both gaps account for, in
/// steps. Where marks vanished without a trace many gaps stay over, and two
/// neighbouring ones are less surely a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Support(usize);

impl Support {
    /// How many steps there are.
    pub(crate) const STEPS: usize = 5;

    /// Its step, under [`Self::STEPS`]; 0 where too few gaps tell nothing.
    fn step(self) -> usize {
        self.0
    }

    /// That of a document with these readings and the shares of their pairs.
    pub(crate) fn of<'a>(readings: impl Iterator<Item = (&'a Reading<'a>, &'a [f32])>) -> Self {
        let (mut gaps, mut paired) = (0.0_f32, 0.0_f32);
        for (reading, shares) in readings {
            gaps += reading.ends.iter().filter(|end| end.is_gap()).map(|_| 1.0).sum::<f32>();
            let both = reading.pairs.iter().zip(shares).filter(|(pair, _)| reading.class(**pair) == 2);
            paired += both.map(|(_, share)| 2.0 * share).sum::<f32>();
        }
        Self(match paired / gaps.max(1.0) {
            _ if gaps < 4.0 => 0,
            low if low < 0.55 => 1,
            low if low < 0.70 => 2,
            low if low < 0.85 => 3,
            _ => 4,
        })
    }
}

/// Quotations are calibrated by which of their marks left a gap, and by how well
/// the document's gaps pair.
pub(crate) fn calibration_class(reading: &Reading<'_>, pair: Pair, support: Support) -> usize {
    Scale::LEN + reading.class(pair) * Support::STEPS + support.step()
}

/// The logarithm of the odds of `share`, kept finite.
pub(crate) fn log_odds(share: f32) -> f32 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    (share / (1.0 - share)).ln()
}

/// Proposes `quotation` under the rule for its kind of damage.
fn offer(
    document: &Document,
    reading: &Reading<'_>,
    quotation: &Quotation,
    evidence: &Evidence,
    document_wide: &DocumentWide<'_>,
    proposer: &mut Proposer<'_>,
) {
    let content = reading.content(quotation.pair);
    let quoted = document.slice(content);
    let (open, close) = (reading.ends[quotation.pair.open], reading.ends[quotation.pair.close]);
    let (id, why) = match (open.is_gap(), close.is_gap()) {
        (true, true) if quoted.ends_with(ends_sentence) => ("quotes/stripped-speech", "a gap on both sides"),
        (false, true) if quoted.ends_with(ends_sentence) => {
            ("quotes/stripped-speech", "a gap behind it, the opening mark gone")
        }
        (true, true) => ("quotes/stripped-pair", "a gap on both sides"),
        (true, false) => ("quotes/lost-closing-mark", "a gap before it, the closing mark gone"),
        (false, _) => ("quotes/lost-opening-mark", "a gap behind it, the opening mark gone"),
    };
    let Some(confidence) = confidence::of(document, reading, quotation, evidence, document_wide) else {
        return;
    };
    let Some(mut proposer) = proposer.under(id) else { return };
    let marks = evidence.marks(document, content);
    let shown: String = if quoted.chars().count() > 24 {
        quoted.chars().take(22).chain(['…']).collect()
    } else {
        quoted.to_owned()
    };
    let edit = |end: End, mark: char| match end.side {
        Side::Gap(span) => Edit::replace(span, mark),
        Side::Place(offset) => Edit::insert(offset, mark),
    };
    let edits = vec![edit(open, marks.0), edit(close, marks.1)];
    proposer.repair_scored(
        confidence,
        quotation.probability,
        edits,
        &format!("{}{shown}{}: {why}", marks.0, marks.1),
    );
}
