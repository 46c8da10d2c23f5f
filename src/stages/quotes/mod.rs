//! Quotation marks that extraction stripped to a gap, or to nothing.
//!
//! What the whole document says about its marks is `evidence`; `gaps` leaves
//! aside the spaces that belong there; `ends` and `pairs` say where a quotation
//! could begin and end; `features` says what speaks for and against each end,
//! `between` the same of pairs, and a learned model what that is worth; `lattice` weighs all readings of a block
//! against each other, so that each quotation gets the probability that it was
//! there; `candidates` are the likeliest, `trust` says how far that can be trusted,
//! and `confidence` what it is worth. A pair of marks is one repair.
//! What stands in marks inside a quotation is found by the second look, once
//! the outer marks are there.

mod between;
mod candidates;
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
mod trust;

use std::sync::LazyLock;

use super::{CodeRule, Proposer, Stage};
use crate::chars::ends_sentence;
use crate::document::Document;
use crate::edit::{Confidence, Edit};
use crate::model::Table;

pub(crate) use candidates::candidates;
pub(crate) use ends::{End, Side};
pub(crate) use evidence::Evidence;
pub(crate) use gaps::Gaps;
pub(crate) use lattice::Pair;
#[cfg(feature = "train")]
pub(crate) use lattice::marginals;
#[cfg(feature = "train")]
pub(crate) use reading::Parts;
pub(crate) use reading::{Reading, Scale, of_block};
#[cfg(feature = "train")]
pub(crate) use trust::{FEATURES, Features};
pub(crate) use trust::{Traces, Trust};

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

/// How far the shares that it gives can be trusted.
static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::from_table(&MODEL));

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
    let traces = Traces::of(readings.iter().map(|(reading, shares)| (reading, shares.as_slice())));
    let found = candidates(document, &evidence, &readings, &traces);
    for ((reading, _), candidates) in readings.iter().zip(&found) {
        for candidate in candidates {
            let ends = [candidate.pair.open, candidate.pair.close].map(|end| reading.ends[end].side);
            let probability = TRUST.probability(reading.class(candidate.pair), &candidate.features);
            let confidence = confidence::of(reading, candidate, probability, &traces);
            if let Some(confidence) = confidence
                && !ends.into_iter().any(|side| matches!(side, Side::Gap(gap) if titles.contains(&gap)))
            {
                offer(document, reading, candidate.pair, &evidence, (confidence, probability), proposer);
            }
        }
    }
    speech::suggest(document, &evidence, proposer);
}

/// The logarithm of the odds of `share`, kept finite.
pub(crate) fn log_odds(share: f32) -> f32 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    (share / (1.0 - share)).ln()
}

/// Proposes the quotation `pair` under the rule for its kind of damage.
fn offer(
    document: &Document,
    reading: &Reading<'_>,
    pair: Pair,
    evidence: &Evidence,
    (confidence, probability): (Confidence, f32),
    proposer: &mut Proposer<'_>,
) {
    let content = reading.content(pair);
    let quoted = document.slice(content);
    let (open, close) = (reading.ends[pair.open], reading.ends[pair.close]);
    let (id, why) = match (open.is_gap(), close.is_gap()) {
        (true, true) if quoted.ends_with(ends_sentence) => ("quotes/stripped-speech", "a gap on both sides"),
        (false, true) if quoted.ends_with(ends_sentence) => {
            ("quotes/stripped-speech", "a gap behind it, the opening mark gone")
        }
        (true, true) => ("quotes/stripped-pair", "a gap on both sides"),
        (true, false) => ("quotes/lost-closing-mark", "a gap before it, the closing mark gone"),
        (false, _) => ("quotes/lost-opening-mark", "a gap behind it, the opening mark gone"),
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
    proposer.repair_scored(confidence, probability, edits, &format!("{}{shown}{}: {why}", marks.0, marks.1));
}
