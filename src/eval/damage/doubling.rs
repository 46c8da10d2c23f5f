//! Characters that stand twice, where an editor can tell.

use super::changes::{Damage, with_neighbours};
use super::rates::{Kind, Rates};
use super::rng::Rng;
use crate::chars::is_han;
use crate::lexicon::{self, Word};
use crate::span::Span;

/// Characters of a doubled stretch. A choice.
const RUN: (usize, usize) = (4, 10);

/// How often a character stands as a word by itself in the text of the
/// dictionary from which its double may be two words.
const STANDS_ALONE: usize = 3_000;

/// Frequency from which a word is one that an editor knows: what looks doubled
/// in a rare name may be the name.
const KNOWN: usize = 20;

/// One doubled character, if `paragraph` gets one and has a place for it.
pub(super) fn plan_one(paragraph: &str, rates: &Rates, rng: &mut Rng) -> Option<Damage> {
    if !rng.chance(rates.doubled_character) {
        return None;
    }
    let words = lexicon::segment(paragraph);
    let places: Vec<Span> = words.iter().flat_map(|word| places(paragraph, word)).collect();
    let span = *rng.pick(&places)?;
    Some(doubled(paragraph, span, Kind::DoubledCharacter))
}

/// A stretch of doubled characters.
pub(super) fn plan_run(paragraph: &str, rates: &Rates, rng: &mut Rng) -> Option<Damage> {
    if !rng.chance(rates.doubled_run) {
        return None;
    }
    let length = rng.within(RUN.0, RUN.1);
    let chars: Vec<(usize, char)> = paragraph.char_indices().collect();
    let is_plain = |window: &&[(usize, char)]| {
        window.iter().all(|(_, c)| is_han(*c)) && window.windows(2).all(|pair| pair[0].1 != pair[1].1)
    };
    // One more on each side: a neighbour of the same kind would make three.
    let windows: Vec<_> = chars.windows(length + 2).filter(is_plain).collect();
    let window = rng.pick(&windows)?;
    let span = Span::new(window[1].0, window[length + 1].0);
    Some(doubled(paragraph, span, Kind::DoubledRun))
}

fn doubled(text: &str, span: Span, kind: Kind) -> Damage {
    let twice = |(at, c): (usize, char)| (Span::at(span.start + at), c.to_string());
    let changes = text[span.range()].char_indices().map(twice).collect();
    Damage { kind, reach: with_neighbours(text, span), changes }
}

/// The characters of `word` whose double can't be read as good Chinese.
fn places(text: &str, word: &Word<'_>) -> Vec<Span> {
    let chars: Vec<(usize, char)> = word.text.char_indices().collect();
    let is_name = || lexicon::tag(word.text).is_some_and(|tag| tag.starts_with("nr"));
    if chars.len() < 2 || lexicon::frequency(word.text) < KNOWN || is_name() {
        return Vec::new();
    }
    let span = |(at, c): (usize, char)| Span::new(word.start + at, word.start + at + c.len_utf8());
    chars.into_iter().map(span).filter(|span| is_plain_error(text, *span)).collect()
}

/// Whether doubling the character at `span` can only be an error: the double is
/// in no word (`谢谢`, `绿油油`), next to none (`高高兴兴`), and does not read as
/// the end of one word and the start of the next (`资源部部长`).
fn is_plain_error(text: &str, span: Span) -> bool {
    let c = &text[span.range()];
    let before = han_before(&text[..span.start]);
    let after = han_after(&text[span.end..]);
    let double = format!("{c}{c}");
    let alone = lexicon::frequency(c) >= STANDS_ALONE;
    let begins = alone || prefixes(after).any(|part| lexicon::is_word(&format!("{c}{part}")));
    let ends = alone || suffixes(before).any(|part| lexicon::is_word(&format!("{part}{c}")));
    let befores: Vec<&str> = suffixes(before).chain([""]).collect();
    let in_word = befores.iter().any(|before| {
        prefixes(after).chain([""]).any(|after| lexicon::is_word(&format!("{before}{double}{after}")))
    });
    let paired = |text: &str| text.chars().collect::<Vec<_>>().windows(2).any(|pair| pair[0] == pair[1]);
    let same_beside = before.ends_with(c) || after.starts_with(c) || before.ends_with('一');
    let is_doubtful = (begins && ends) || in_word || same_beside || paired(before) || paired(after);
    !is_doubtful
}

/// Up to three Han characters at the end of `text`.
fn han_before(text: &str) -> &str {
    let start = text.char_indices().rev().take(3).take_while(|(_, c)| is_han(*c)).last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}

/// Up to three Han characters at the start of `text`.
fn han_after(text: &str) -> &str {
    let end = text.char_indices().take(3).take_while(|(_, c)| is_han(*c)).last();
    &text[..end.map_or(0, |(at, c)| at + c.len_utf8())]
}

fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().rev().map(|(at, _)| &text[at..])
}

fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()])
}
