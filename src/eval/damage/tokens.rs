//! English words that stand for Chinese ones.

use super::changes::{Damage, with_neighbours};
use super::rates::{Kind, Rates};
use super::rng::Rng;
use crate::chars::is_han;
use crate::lexicon;
use crate::span::Span;

/// Share of stray words with a space on either side. Both that were counted had
/// them; a choice.
const SPACED: f64 = 0.9;

/// Words that become English ones. Between Han characters and outside titles
/// only: an editor would take anything else for meant.
pub(super) fn plan(paragraph: &str, rates: &Rates, rng: &mut Rng) -> Vec<Damage> {
    let mut damage = Vec::new();
    let mut titles = 0;
    for word in lexicon::segment(paragraph) {
        titles += word.text.matches('《').count();
        titles -= word.text.matches('》').count().min(titles);
        let Some((english, rate)) = english(word.text, rates) else { continue };
        let span = Span::new(word.start, word.start + word.text.len());
        let stands_free = titles == 0
            && paragraph[..span.start].chars().next_back().is_some_and(is_han)
            && paragraph[span.end..].chars().next().is_some_and(is_han);
        if stands_free && rng.chance(rate) {
            let token = if rng.chance(SPACED) { format!(" {english} ") } else { english.to_owned() };
            let reach = with_neighbours(paragraph, span);
            damage.push(Damage { kind: Kind::StrayToken, reach, changes: vec![(span, token)] });
        }
    }
    damage
}

fn english(word: &str, rates: &Rates) -> Option<(&'static str, f64)> {
    Some(match word {
        "和" => ("and", rates.stray_and),
        "或" => ("or", rates.stray_or),
        "的" => ("of", rates.stray_others),
        "在" => ("in", rates.stray_others),
        "到" => ("to", rates.stray_others),
        "与" => ("with", rates.stray_others),
        _ => return None,
    })
}
