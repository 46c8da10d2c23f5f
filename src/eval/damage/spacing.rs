//! Letter-spacing: a space behind every character of a stretch.

use super::changes::{Damage, with_neighbours};
use super::rates::{Kind, Rates};
use super::rng::Rng;
use crate::chars::{is_cjk_punctuation, is_gap, is_han};
use crate::span::Span;

/// Han characters of a letter-spaced stretch of running text: fewer may be a
/// list of single characters, and nobody can tell. The longest is a choice.
const RUN: (usize, usize) = (5, 14);

/// Han characters from which a headline is letter-spaced throughout.
const MIN_HEADLINE: usize = 7;

/// Share of stretches that begin where a clause begins. Both seen did; a choice.
const AT_CLAUSE: f64 = 0.6;

/// A stretch inside running text, clear of gaps that are meant: nobody could
/// tell where it ends.
pub(super) fn plan(paragraph: &str, rates: &Rates, rng: &mut Rng) -> Option<Damage> {
    // Elsewhere single characters with gaps may be names.
    if !paragraph.contains('。') || !rng.chance(rates.letter_spacing) {
        return None;
    }
    let at_clause = rng.chance(AT_CLAUSE);
    let length = rng.within(RUN.0, RUN.1);
    let starts: Vec<usize> = stretches(paragraph)
        .flat_map(|stretch| {
            let places: Vec<usize> =
                paragraph[stretch.range()].char_indices().map(|(at, _)| stretch.start + at).collect();
            let last = places.len().saturating_sub(RUN.0 - 1);
            places.into_iter().take(if at_clause { last.min(1) } else { last })
        })
        .collect();
    let start = *rng.pick(&starts)?;
    let run = paragraph[start..].chars().take(length).take_while(|c| is_han(*c));
    let span = Span::new(start, start + run.map(char::len_utf8).sum::<usize>());
    let gap_beside = paragraph[..span.start].ends_with(is_gap) || paragraph[span.end..].starts_with(is_gap);
    (!gap_beside).then(|| spaced(paragraph, span))
}

/// The whole of a headline.
pub(super) fn plan_headline(headline: &str, rates: &Rates, rng: &mut Rng) -> Option<Damage> {
    let fits = headline.chars().count() >= MIN_HEADLINE && headline.chars().all(is_han);
    (fits && rng.chance(rates.letter_spaced_headline)).then(|| spaced(headline, Span::new(0, headline.len())))
}

fn spaced(text: &str, span: Span) -> Damage {
    let inner = text[span.range()].char_indices().skip(1).map(|(at, _)| Span::at(span.start + at));
    let mut changes: Vec<_> = inner.map(|place| (place, " ".to_owned())).collect();
    // A figure behind stands off as well.
    if text[span.end..].chars().next().is_some_and(|c| c.is_ascii_digit()) {
        changes.push((Span::at(span.end), " ".to_owned()));
    }
    Damage { kind: Kind::LetterSpacing, reach: with_neighbours(text, span), changes }
}

/// Unbroken stretches of Han, bounded by punctuation or the ends before and by
/// anything behind.
fn stretches(text: &str) -> impl Iterator<Item = Span> {
    let mut stretches = Vec::new();
    let mut start: Option<usize> = None;
    let mut last = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        match (is_han(c), start) {
            // Brackets hold names.
            (true, None) if last.is_none_or(|c| is_cjk_punctuation(c) && c != '（') => start = Some(at),
            (false, Some(begin)) => {
                stretches.push(Span::new(begin, at));
                start = None;
            }
            _ => {}
        }
        last = Some(c);
    }
    stretches.into_iter()
}
