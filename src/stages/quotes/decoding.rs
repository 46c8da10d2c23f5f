//! Which candidates of a block hold together: the set with the highest sum of
//! scores in which no two overlap.

use super::candidates::{Candidate, Side};
use super::scoring;
use crate::document::Document;

/// What it costs to leave a gap of running text unexplained. Gaps that mean
/// nothing are rare, so a reading that explains them all is better.
const UNEXPLAINED: f32 = 0.6;

/// What it costs to read one gap as `”“`, which seldom happens.
const SHARED: f32 = 1.6;

/// The same before 等, which ends a list of quotations.
const SHARED_IN_LIST: f32 = 0.8;

/// What two that share a gap are worth to each other: a quotation takes another
/// beside it.
const NEIGHBOUR: f32 = 0.6;

/// Code points from which two neighbours may share a gap.
const MIN_SHARING: usize = 5;

/// The best reading of the first gaps of a block.
#[derive(Clone, Copy)]
struct Reading {
    total: f32,
    /// The last candidate in it, if the last gap closes or opens one.
    last: Option<Step>,
}

#[derive(Clone, Copy)]
struct Step {
    candidate: usize,
    /// Whether its opening gap also closes the candidate before it.
    shares: bool,
}

/// The best set among `scored`, in text order, with their scores. `gaps` is the
/// number of gaps of the block.
///
/// Dynamic programming over the gaps: each is left alone, belongs to one
/// candidate, or closes one and opens the next.
pub(super) fn best(document: &Document, scored: Vec<(f32, Candidate)>, gaps: usize) -> Vec<(f32, Candidate)> {
    let mut readings = vec![Reading { total: 0.0, last: None }];
    let by_last_gap = by_last_gap(&scored, gaps);
    for end in 1..=gaps {
        let mut reading = Reading { total: readings[end - 1].total - UNEXPLAINED, last: None };
        for &index in by_last_gap[end - 1].iter().filter(|index| scored[**index].0 > 0.0) {
            let (score, candidate) = &scored[index];
            let first = candidate.gaps.0;
            let mut consider = |total: f32, shares: bool| {
                if total > reading.total {
                    reading = Reading { total, last: Some(Step { candidate: index, shares }) };
                }
            };
            consider(readings[first].total + score, false);
            if let Some(Step { candidate: before, .. }) =
                readings.get(first + 1).and_then(|reading| reading.last)
                && can_share(document, &scored[before].1, candidate)
            {
                let cost = if ends_list(document, candidate) { SHARED_IN_LIST } else { SHARED };
                consider(readings[first + 1].total + score - cost, true);
            }
        }
        readings.push(reading);
    }
    trace(&readings, scored)
}

/// The candidates of the best reading.
fn trace(readings: &[Reading], scored: Vec<(f32, Candidate)>) -> Vec<(f32, Candidate)> {
    let mut scored: Vec<_> = scored.into_iter().map(Some).collect();
    let mut chosen = Vec::new();
    let mut end = readings.len() - 1;
    // Whether the candidate chosen last opens on the gap that closes the next.
    let mut followed = false;
    while end > 0 {
        let Some(step) = readings[end].last else {
            followed = false;
            end -= 1;
            continue;
        };
        let (mut score, mut candidate) =
            scored[step.candidate].take().expect("each candidate is chosen once");
        end = candidate.gaps.0;
        if followed {
            score += NEIGHBOUR;
        }
        followed = step.shares;
        if step.shares
            && let Side::Gap(gap) = candidate.open
        {
            candidate.open = Side::Place(gap.end);
            end += 1;
            score += NEIGHBOUR;
        }
        chosen.push((score, candidate));
    }
    chosen.reverse();
    chosen
}

/// Whether 等 follows, which closes a list.
fn ends_list(document: &Document, candidate: &Candidate) -> bool {
    matches!(candidate.close, Side::Gap(gap) if document.text()[gap.end..].starts_with('等'))
}

/// Whether the gap between the two can stand for `”“`.
fn can_share(document: &Document, first: &Candidate, second: &Candidate) -> bool {
    let both_gaps = |candidate: &Candidate| {
        candidate.has_both_gaps() && document.slice(candidate.content).chars().count() >= MIN_SHARING
    };
    first.close == second.open
        && both_gaps(first)
        && both_gaps(second)
        && scoring::fits_behind(document, second)
}

/// The numbers of the candidates by the last gap they explain.
fn by_last_gap(scored: &[(f32, Candidate)], gaps: usize) -> Vec<Vec<usize>> {
    let mut order = vec![Vec::new(); gaps];
    for (index, (_, candidate)) in scored.iter().enumerate() {
        order[candidate.gaps.1].push(index);
    }
    order
}
