//! Which two ends of a block could hold a quotation between them. Generous: a
//! pair that can't be one is left to its score.

use super::ends::{Characters, Closing, End, Opening};
use super::lattice::Pair;
use crate::chars::{closing_of, ends_sentence, is_closing};

/// Code points of the longest phrase.
const MAX_PHRASE: usize = 45;
/// Code points of the longest phrase with a gap on both sides.
const MAX_BETWEEN_GAPS: usize = 100;
/// Code points of the longest phrase of which a mark vanished in the middle of
/// a clause.
const MAX_BARE: usize = 10;
/// Code points of the longest speech.
const MAX_SPEECH: usize = 500;

/// The pairs of `ends`, sorted by their closing end.
pub(crate) fn of(characters: &Characters<'_>, ends: &[End]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let next_gaps = next_gaps(ends);
    for (open, end) in ends.iter().enumerate() {
        if let Some(opening) = end.opens {
            let max = match (opening, starts_speech(characters, end)) {
                (Opening::Bare, _) => MAX_BARE,
                (_, true) => MAX_SPEECH,
                (Opening::Gap, false) => MAX_BETWEEN_GAPS,
                (_, false) => MAX_PHRASE,
            };
            // Only a gap opens what anything but a gap closes.
            if opening == Opening::Gap || next_gaps[open].saturating_sub(end.right) <= max {
                closed_by(characters, ends, (open, opening), max, &mut pairs);
            }
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.close, pair.open));
    pairs
}

/// Of each end: where the next gap behind it begins; the greatest number of all
/// where there is none.
fn next_gaps(ends: &[End]) -> Vec<usize> {
    let mut gaps = vec![usize::MAX; ends.len()];
    let mut next = usize::MAX;
    for (end, gap) in ends.iter().zip(&mut gaps).rev() {
        *gap = next;
        if end.is_gap() {
            next = end.left;
        }
    }
    gaps
}

/// Adds what can close the quotation of at most `max` code points opened at the
/// end number `open`.
fn closed_by(
    characters: &Characters<'_>,
    ends: &[End],
    (open, opening): (usize, Opening),
    max: usize,
    pairs: &mut Vec<Pair>,
) {
    let from = ends[open].right;
    let mut brackets = Vec::new();
    let mut at = from;
    for (close, end) in ends.iter().enumerate().skip(open + 1) {
        if end.left - from > max || !is_clear(&characters.chars[at..end.left], &mut brackets) {
            return;
        }
        at = end.left.max(at);
        let Some(closing) = end.closes else { continue };
        let len = end.left - from;
        let fits = match closing {
            Closing::Bare => opening == Opening::Gap && len <= MAX_BARE,
            Closing::Gap => true,
            _ => opening == Opening::Gap,
        };
        let whole = characters.before(end.left).is_some_and(ends_sentence);
        let between_gaps = opening == Opening::Gap && closing == Closing::Gap;
        let short = len <= if between_gaps { MAX_BETWEEN_GAPS } else { MAX_PHRASE };
        if fits && len > 0 && brackets.is_empty() && (short || whole) {
            pairs.push(Pair { open, close });
        }
        let ends_bare = closing == Closing::Gap && opening == Opening::Bare;
        if ends_bare {
            return;
        }
    }
}

/// Whether what somebody says could begin at `end`.
fn starts_speech(characters: &Characters<'_>, end: &End) -> bool {
    characters
        .before(end.left)
        .is_none_or(|c| ends_sentence(c) || matches!(c, '：' | ':' | '，' | '；' | '”' | '」'))
}

/// Whether a quotation can go on over `text`: no mark stands there, and no
/// bracket closes that wasn't opened. What opens and closes goes through
/// `brackets`.
fn is_clear(text: &[char], brackets: &mut Vec<char>) -> bool {
    text.iter().all(|c| {
        if matches!(c, '\u{4E00}'..='\u{9FFF}') {
            return true;
        }
        if matches!(c, '“' | '”' | '「' | '」') {
            return false;
        }
        if let Some(close) = closing_of(*c) {
            brackets.push(close);
            return true;
        }
        !is_closing(*c) || brackets.pop() == Some(*c)
    })
}
