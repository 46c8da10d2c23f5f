//! Which two ends of a block could hold a quotation between them. Generous: a
//! pair that can't be one is left to its score.

use super::ends::{Characters, Closing, End, Opening};
use super::lattice::Pair;
use crate::chars::{closing_of, ends_sentence};

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
    let mut pairs = Vec::with_capacity(ends.len());
    let all: Vec<usize> = (0..ends.len()).collect();
    let gaps: Vec<usize> = all.iter().copied().filter(|end| ends[*end].is_gap()).collect();
    let mut next_gap = 0;
    for (open, end) in ends.iter().enumerate() {
        next_gap += usize::from(gaps.get(next_gap) == Some(&open));
        let Some(opening) = end.opens else { continue };
        let max = match (opening, starts_speech(characters, end)) {
            (Opening::Bare, _) => MAX_BARE,
            (_, true) => MAX_SPEECH,
            (Opening::Gap, false) => MAX_BETWEEN_GAPS,
            (_, false) => MAX_PHRASE,
        };
        // Only a gap opens what anything but a gap closes.
        let closers = if opening == Opening::Gap { &all[open + 1..] } else { &gaps[next_gap..] };
        closed_by(characters, ends, (open, opening), closers, max, &mut pairs);
    }
    pairs.sort_unstable_by_key(|pair| (pair.close, pair.open));
    pairs
}

/// Adds what can close the quotation of at most `max` code points opened at the
/// end number `open`, of the ends behind it that could.
fn closed_by(
    characters: &Characters<'_>,
    ends: &[End],
    (open, opening): (usize, Opening),
    closers: &[usize],
    max: usize,
    pairs: &mut Vec<Pair>,
) {
    let from = ends[open].right;
    let mut brackets = Brackets::behind(characters, from);
    for close in closers.iter().copied() {
        let end = &ends[close];
        let len = end.left - from;
        if len > max || !brackets.are_clear(end.left) {
            return;
        }
        let Some(closing) = end.closes else { continue };
        let fits = match closing {
            Closing::Bare => opening == Opening::Gap && len <= MAX_BARE,
            Closing::Gap => true,
            _ => opening == Opening::Gap,
        };
        let between_gaps = opening == Opening::Gap && closing == Closing::Gap;
        let short = len <= if between_gaps { MAX_BETWEEN_GAPS } else { MAX_PHRASE };
        if fits && len > 0 && brackets.are_closed() && (short || characters.ends_sentence(end.left)) {
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

/// The brackets behind the opening end of a quotation, one after the other.
struct Brackets<'a> {
    characters: &'a Characters<'a>,
    /// Where those stand that come next.
    rest: &'a [usize],
    /// What closes those that are open, the last one first closed.
    open: Vec<char>,
}

impl<'a> Brackets<'a> {
    fn behind(characters: &'a Characters<'a>, from: usize) -> Self {
        let all = &characters.brackets;
        Self { characters, rest: &all[all.partition_point(|at| *at < from)..], open: Vec::new() }
    }

    /// Whether a quotation can go on up to `to`: no mark stands there, and no
    /// bracket closes that wasn't opened.
    fn are_clear(&mut self, to: usize) -> bool {
        while let Some((at, rest)) = self.rest.split_first().filter(|(at, _)| **at < to) {
            let c = self.characters.chars[*at];
            if matches!(c, '“' | '”' | '「' | '」') {
                return false;
            }
            match closing_of(c) {
                Some(close) => self.open.push(close),
                None if self.open.pop() != Some(c) => return false,
                None => {}
            }
            self.rest = rest;
        }
        true
    }

    fn are_closed(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ends;
    use super::*;
    use crate::span::Span;

    /// What the pairs of `text` hold, whose spaces are all gaps.
    fn contents(text: &str) -> Vec<String> {
        let characters = Characters::of(text, 0);
        let gaps: Vec<Span> =
            memchr::memchr_iter(b' ', text.as_bytes()).map(|at| Span::new(at, at + 1)).collect();
        let ends = ends::of(&characters, &gaps);
        let content = |pair: &Pair| characters.slice(ends[pair.open].right, ends[pair.close].left).to_owned();
        of(&characters, &ends).iter().map(content).collect()
    }

    #[test]
    fn a_quotation_holds_no_marks_and_whole_brackets() {
        let found = contents("他，要把 清（旧）渠 做好。");
        assert!(found.contains(&"清（旧）渠".to_owned()));
        assert!(found.iter().all(|content| content.contains('（') == content.contains('）')), "{found:?}");
        let found = contents("他，要把 清“旧渠”的 做好。");
        assert!(found.iter().all(|content| !content.contains(['“', '”'])), "{found:?}");
    }

    #[test]
    fn only_a_gap_opens_what_anything_else_closes() {
        let found = contents("甲乙丙，丁戊 己庚");
        assert!(found.contains(&"丁戊".to_owned()) && found.contains(&"己庚".to_owned()));
        assert!(!found.contains(&"甲乙丙".to_owned()), "{found:?}");
    }
}
