//! Quotation marks that extraction stripped to a gap, or to nothing.
//!
//! What the whole document says about its marks is `evidence`, what stands next to
//! its gaps `beside`; `gaps` leaves aside the spaces that belong there; `ends` and
//! `pairs` say where a quotation could begin and end; `features` says what speaks
//! for and against each end, `between` the same of pairs, and a learned `model` what
//! that is worth; `lattice` weighs all readings of a block against each other, so
//! that each quotation gets the probability that it was there; `candidates` are the
//! likeliest, `recurrence` where else their phrases stand; `trust` says how far that can
//! be trusted, and `confidence` what it is worth. A pair of marks is one repair.
//! That a quotation holds others is part of its reading: its gaps speak for it then, and
//! not against it. The inner marks are put by the second look, once the outer ones are
//! there.

mod beside;
mod between;
mod candidates;
#[cfg(feature = "cnn")]
pub(crate) mod cnn;
mod confidence;
mod ends;
pub(crate) mod evidence;
mod features;
mod gaps;
mod keys;
mod lattice;
mod measures;
mod model;
mod pairs;
mod reading;
mod recurrence;
mod spaces;
mod speech;
mod title;
mod trust;

use super::{CodeRule, Proposer, Stage};
use crate::chars::ends_sentence;
use crate::document::{Block, BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::span::Span;

pub(crate) use candidates::{Candidate, candidates};
use confidence::Known;
pub(crate) use ends::{End, Side};
pub(crate) use evidence::Evidence;
pub(crate) use gaps::Gaps;
pub(crate) use lattice::Pair;
#[cfg(feature = "train")]
pub(crate) use lattice::{Marginals, Worth};
use model::MODEL;
#[cfg(feature = "train")]
pub(crate) use reading::{Parts, Scale, Scaled, Scorer};
pub(crate) use reading::{Reading, of_block};
pub(crate) use trust::Traces;
#[cfg(feature = "train")]
pub(crate) use trust::{FEATURES, Features, Trust};

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

fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let Some(evidence) = Evidence::of(document) else { return };
    let evidence = evidence.with_archive(proposer.elsewhere().phrases());
    let with_gaps = |block| Gaps::of(document, block, &evidence).map(|gaps| (block, gaps));
    let blocks: Vec<(&Block, Gaps)> = document.blocks().iter().filter_map(with_gaps).collect();
    let titles: Vec<Span> =
        blocks.iter().flat_map(|(_, gaps)| title::propose(document, gaps, proposer)).collect();
    let marks_are_kept = marks_are_kept(&blocks, &evidence);
    let mut readings = Vec::new();
    for (block, gaps) in &blocks {
        if marks_are_kept && gaps.get(1).is_none() {
            continue; // a headline in halves
        }
        for reading in of_block(document, gaps, block.kind) {
            let shares = reading.marginals(&evidence, &MODEL.scorers).pairs;
            readings.push((reading, shares));
        }
    }
    let traces = Traces::of(readings.iter().map(|(reading, shares)| (reading, shares.as_slice())));
    let found = candidates(document, &evidence, &readings, &traces);
    let trust = |reading: &Reading<'_>, candidate: &Candidate| {
        MODEL.trust.probability(reading.class(candidate.pair), &candidate.features)
    };
    let all = readings.iter().zip(&found).flat_map(|((reading, _), candidates)| {
        candidates.iter().map(move |candidate| (reading, candidate, trust(reading, candidate)))
    });
    let known = Known::of(document, &traces, all);
    for ((reading, _), candidates) in readings.iter().zip(&found) {
        let is_title = |end: usize| matches!(reading.ends[end].side, Side::Gap(gap) if titles.contains(&gap));
        let judged = candidates.iter().filter_map(|candidate| {
            let pair = candidate.pair;
            let probability = trust(reading, candidate);
            let confidence = confidence::of(document, reading, candidate, probability, &traces, &known)?;
            let is_free = ![pair.open, pair.close].into_iter().any(is_title);
            is_free.then_some(Judged { pair, confidence, probability })
        });
        let judged: Vec<Judged> = judged.collect();
        for (number, quotation) in judged.iter().enumerate() {
            let beside =
                quotation.beside(number.checked_sub(1).map(|before| &judged[before]), judged.get(number + 1));
            offer(document, reading, quotation, beside, &evidence, proposer);
        }
    }
    speech::suggest(document, &evidence, proposer);
}

/// Whether only headlines have gaps, and phrases stand in marks: what strips marks
/// strips those of paragraphs as well.
fn marks_are_kept(blocks: &[(&Block, Gaps)], evidence: &Evidence<'_>) -> bool {
    evidence.has_marks() && blocks.iter().all(|(block, _)| block.kind == BlockKind::Headline)
}

/// The logarithm of the odds of `share`, kept finite.
pub(crate) fn log_odds(share: f32) -> f32 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    (share / (1.0 - share)).ln()
}

/// A quotation that is worth a look, and how sure it is.
struct Judged {
    pair: Pair,
    confidence: Confidence,
    probability: f32,
}

impl Judged {
    /// Whether its opening and its closing mark stand beside one that takes the
    /// gap they share with the quotation `before` or `behind`: the surer of the
    /// two takes it, since no threshold applies the other one alone.
    fn beside(&self, before: Option<&Self>, behind: Option<&Self>) -> (bool, bool) {
        let sure = |judged: &Self| (judged.confidence, judged.probability);
        (
            before.is_some_and(|before| before.pair.close == self.pair.open && sure(before) > sure(self)),
            behind.is_some_and(|behind| behind.pair.open == self.pair.close && sure(behind) >= sure(self)),
        )
    }
}

/// Proposes `quotation` under the rule for its kind of damage. Marks that stand
/// `beside` another, which takes their gap, are put in.
fn offer(
    document: &Document,
    reading: &Reading<'_>,
    quotation: &Judged,
    beside: (bool, bool),
    evidence: &Evidence<'_>,
    proposer: &mut Proposer<'_>,
) {
    let Judged { pair, confidence, probability } = *quotation;
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
    let (start, end) = (content.start, content.end);
    let open = if beside.0 { Edit::insert(start, marks.0) } else { put(open, marks.0) };
    let close = if beside.1 { Edit::insert(end, marks.1) } else { put(close, marks.1) };
    let message = format!("{}{shown}{}: {why}", marks.0, marks.1);
    proposer.repair_scored(confidence, probability, vec![open, close], &message);
}

/// Puts `mark` at `end`, in the place of its gap if it is one.
fn put(end: End, mark: char) -> Edit {
    match end.side {
        Side::Gap(gap) => Edit::replace(gap, mark),
        Side::Place(offset) => Edit::insert(offset, mark),
    }
}
