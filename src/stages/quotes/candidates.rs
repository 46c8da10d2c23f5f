//! The quotations of a document that are likely enough to be looked at, with
//! what tells how far that can be trusted.

use std::collections::HashMap;

use super::confidence::{Doubt, doubt};
use super::evidence::Evidence;
use super::lattice::Pair;
use super::reading::Reading;
use super::recurrence::Recurrence;
use super::speech::is_said_behind;
use super::trust::{FEATURES, Features, Traces, features};
use crate::chars::ends_sentence;
use crate::document::Document;

/// Share of all readings from which a quotation is looked at.
const LEAST: f32 = 0.10;
/// The same, for it to speak for the same phrase in another place.
const TELLING: f32 = 0.60;
/// Code points from which a phrase that stands beside a gap elsewhere tells
/// something: words of two or three stand anywhere.
const TELLING_PHRASE: usize = 4;
/// Code points within which a gap is close by.
const NEAR: usize = 12;

/// A reading and the shares of its pairs.
pub(crate) type Weighed<'a> = (Reading<'a>, Vec<f32>);

/// A quotation that could be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) pair: Pair,
    /// Its share of all readings.
    pub(crate) share: f32,
    /// What tells how far the share can be trusted.
    pub(crate) features: Features,
    /// What it quotes stands in marks elsewhere in the document.
    pub(super) is_marked: bool,
    /// It is likely quoted elsewhere too.
    pub(super) is_repeated: bool,
    /// It left one gap, and stands beside one on its other side elsewhere in the
    /// document.
    pub(super) has_other_gap: bool,
    /// How what it quotes stands in other places.
    pub(super) recurrence: Recurrence,
    /// Who said it stands right behind.
    pub(super) is_spoken: bool,
    /// Why a person has to decide.
    pub(crate) doubt: Option<Doubt>,
    /// The next gaps before and behind.
    pub(super) left_over: [LeftOver; 2],
}

/// A gap beside a quotation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeftOver {
    /// How much of it no quotation accounts for.
    pub(super) unused: f32,
    /// Whether it is close by.
    pub(super) is_near: bool,
}

/// The candidates of each of `readings`, in text order, none overlapping
/// another.
pub(crate) fn candidates(
    document: &Document,
    evidence: &Evidence,
    readings: &[Weighed<'_>],
    traces: &Traces,
) -> Vec<Vec<Candidate>> {
    let mut found: Vec<Vec<Candidate>> =
        readings.iter().map(|(reading, shares)| likeliest(document, reading, shares, evidence)).collect();
    let text = |reading: &Reading<'_>, pair| document.slice(reading.content(pair));
    let mut places: HashMap<&str, usize> = HashMap::new();
    for ((reading, _), candidates) in readings.iter().zip(&found) {
        for candidate in candidates.iter().filter(|candidate| candidate.share >= TELLING) {
            *places.entry(text(reading, candidate.pair)).or_default() += 1;
        }
    }
    for ((reading, _), candidates) in readings.iter().zip(&mut found) {
        for candidate in candidates {
            let text = text(reading, candidate.pair);
            let is_told = places.get(text).is_some_and(|places| *places > 1);
            candidate.is_repeated = is_told && text.chars().nth(1).is_some();
            candidate.features = features(document, reading, candidate, traces);
        }
    }
    found
}

/// The likeliest quotations of `reading` that don't overlap each other, in text
/// order; `shares` are those of its pairs.
fn likeliest(
    document: &Document,
    reading: &Reading<'_>,
    shares: &[f32],
    evidence: &Evidence,
) -> Vec<Candidate> {
    let mut found: Vec<(Pair, f32)> = reading
        .pairs
        .iter()
        .copied()
        .zip(shares.iter().copied())
        .filter(|(_, share)| *share >= LEAST)
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.open.cmp(&b.0.open)));
    let mut kept: Vec<(Pair, f32)> = Vec::new();
    for (pair, share) in found {
        if kept.iter().all(|(other, _)| pair.close <= other.open || other.close <= pair.open) {
            kept.push((pair, share));
        }
    }
    kept.sort_by_key(|(pair, _)| pair.open);
    let used = used(reading, shares);
    kept.iter().map(|(pair, share)| candidate(document, reading, (*pair, *share), &used, evidence)).collect()
}

/// How much of each end of `reading` its quotations use.
fn used(reading: &Reading<'_>, shares: &[f32]) -> Vec<f32> {
    let mut used = vec![0.0; reading.ends.len()];
    for (pair, share) in reading.pairs.iter().zip(shares) {
        used[pair.open] += share;
        used[pair.close] += share;
    }
    used
}

fn candidate(
    document: &Document,
    reading: &Reading<'_>,
    (pair, share): (Pair, f32),
    used: &[f32],
    evidence: &Evidence,
) -> Candidate {
    let (open, close) = (reading.ends[pair.open], reading.ends[pair.close]);
    let text = document.slice(reading.content(pair));
    let is_sentence = text.ends_with(ends_sentence);
    let is_gap = |end: &usize| reading.ends[*end].is_gap();
    let gaps = [open.is_gap(), close.is_gap()];
    let phrase = &reading.characters.chars[open.right..close.left];
    let beside = evidence.beside.count(phrase, gaps);
    let left_over =
        |end: usize, distance: usize| LeftOver { unused: 1.0 - used[end], is_near: distance < NEAR };
    let before = (0..pair.open).rev().find(is_gap);
    let behind = (pair.close + 1..reading.ends.len()).find(is_gap);
    let is_marked = evidence.seen(text, false).0 > 0 && text.chars().nth(1).is_some();
    // Where spaces part sentences, a gap behind one says nothing.
    let parts_sentences = evidence.spaced_sentences && is_sentence;
    Candidate {
        pair,
        share,
        features: [0.0; FEATURES],
        is_marked,
        is_repeated: false,
        has_other_gap: phrase.len() >= TELLING_PHRASE
            && gaps.iter().zip(beside).any(|(is_gap, elsewhere)| !is_gap && elsewhere > 0),
        recurrence: Recurrence::of(document.text(), open.side, close.side),
        is_spoken: close.is_gap() && is_sentence && is_said_behind(document, close.side.end()),
        doubt: if evidence.spaced_commas {
            // An engine that leaves gaps behind commas leaves them anywhere.
            Some(Doubt::Always)
        } else {
            doubt(document, reading, pair, text, is_marked, parts_sentences)
        },
        left_over: [
            before.map_or(LeftOver::default(), |end| left_over(end, open.left - reading.ends[end].right)),
            behind.map_or(LeftOver::default(), |end| left_over(end, reading.ends[end].left - close.right)),
        ],
    }
}
