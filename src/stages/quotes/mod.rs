//! Quotation marks that extraction stripped to a gap, or to nothing.
//!
//! Four parts, so that one can be replaced without the others: what the whole
//! document says about its marks (`evidence`), which spans could have been
//! quoted (`candidates`), how well each one fits (`scoring`) and which of
//! them hold together (`decoding`). A pair of marks is one repair.

mod candidates;
mod decoding;
mod evidence;
mod gaps;
mod scoring;
mod speech;

use super::{CodeRule, Proposer, Stage};
use crate::document::Document;
use crate::edit::Edit;
use candidates::{Candidate, Kind, Side};
use evidence::Evidence;

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
    for block in document.blocks() {
        let Some(gaps) = gaps::Gaps::of(document, block, &evidence) else { continue };
        let found = candidates::of(document, &gaps, &evidence);
        let scored: Vec<_> = found
            .into_iter()
            .map(|candidate| (scoring::score(document, &gaps, &candidate, &evidence), candidate))
            .collect();
        for (score, candidate) in decoding::best(document, scored, gaps.len()) {
            offer(document, &candidate, score, &evidence, proposer);
        }
    }
    speech::suggest(document, &evidence, proposer);
}

/// Proposes `candidate` under the rule for its kind of damage.
fn offer(
    document: &Document,
    candidate: &Candidate,
    score: f32,
    evidence: &Evidence,
    proposer: &mut Proposer<'_>,
) {
    let confidence = scoring::confidence(candidate, score);
    let id = match candidate.kind {
        Kind::Title => "quotes/stripped-title-marks",
        Kind::Speech => "quotes/stripped-speech",
        Kind::Phrase if candidate.gaps.0 != candidate.gaps.1 => "quotes/stripped-pair",
        Kind::Phrase => match candidate.open {
            Side::Gap(_) => "quotes/lost-closing-mark",
            Side::Place(_) => "quotes/lost-opening-mark",
        },
    };
    let Some(mut proposer) = proposer.under(id) else { return };
    let marks = evidence.marks(document, candidate);
    let quoted = document.slice(candidate.content);
    let shown: String = if quoted.chars().count() > 24 {
        quoted.chars().take(22).chain(['…']).collect()
    } else {
        quoted.to_owned()
    };
    let message = match candidate.kind {
        Kind::Speech => format!("direct speech between gaps: {}{shown}{}", marks.0, marks.1),
        _ => format!("{}{shown}{}: {}", marks.0, marks.1, scoring::reason(document, candidate, evidence)),
    };
    proposer.repair_as(confidence, edits(candidate, marks), &message);
}

fn edits(candidate: &Candidate, (open, close): (char, char)) -> Vec<Edit> {
    let edit = |side: Side, mark: char| match side {
        Side::Gap(span) => Edit::replace(span, mark),
        Side::Place(offset) => Edit::insert(offset, mark),
    };
    vec![edit(candidate.open, open), edit(candidate.close, close)]
}
