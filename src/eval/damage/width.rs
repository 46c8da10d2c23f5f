//! Half-width punctuation between Han characters.

use super::changes::{Damage, with_neighbours};
use super::rates::{Kind, Rates};
use super::rng::Rng;
use crate::chars::is_han;
use crate::span::Span;

/// Share of half-width signs with a space behind, as OCR writes them. A choice.
const SPACE_BEHIND: f64 = 0.1;

/// Signs that turn half-width. Between Han only: beside figures and Latin
/// letters half-width signs may be meant.
pub(super) fn plan(paragraph: &str, rates: &Rates, rng: &mut Rng) -> Vec<Damage> {
    let mut damage = Vec::new();
    for (at, c) in paragraph.char_indices() {
        let span = Span::new(at, at + c.len_utf8());
        if c == '（' {
            damage.extend(brackets(paragraph, span, rates, rng));
        } else if let Some(half) = half_width(c)
            && is_between_han(paragraph, span)
            && rng.chance(rates.width)
        {
            let behind = if rng.chance(SPACE_BEHIND) { " " } else { "" };
            let reach = with_neighbours(paragraph, span);
            let changes = vec![(span, format!("{half}{behind}"))];
            damage.push(Damage { kind: Kind::Width, reach, changes });
        }
    }
    damage
}

fn half_width(c: char) -> Option<char> {
    Some(match c {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '？' => '?',
        '！' => '!',
        _ => return None,
    })
}

/// The pair of brackets that `open` begins, if Han stand inside both and before.
fn brackets(paragraph: &str, open: Span, rates: &Rates, rng: &mut Rng) -> Option<Damage> {
    let inside = paragraph[open.end..].split_once('）')?.0;
    let close = Span::new(open.end + inside.len(), open.end + inside.len() + '）'.len_utf8());
    let is_plain = inside.chars().all(is_han) && !inside.is_empty();
    let after_han = paragraph[..open.start].chars().next_back().is_some_and(is_han);
    (is_plain && after_han && rng.chance(rates.width)).then(|| Damage {
        kind: Kind::Width,
        reach: with_neighbours(paragraph, Span::new(open.start, close.end)),
        changes: vec![(open, "(".to_owned()), (close, ")".to_owned())],
    })
}

fn is_between_han(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    before.is_some_and(is_han) && after.is_some_and(is_han)
}
