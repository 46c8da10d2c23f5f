//! A page with its gold.

use super::article::Article;
use super::assembly::Assembly;
use super::changes::Changes;
use super::layout::{Block, Role, lay_out};
use super::rates::{Counts, Kind, Rates};
use super::rng::Rng;
use super::{doubling, losses, marks, spacing, tokens, width};

/// A damaged page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// As an extractor would leave it: blocks with a blank line between.
    pub input: String,
    /// As an editor would make it of `input` alone: what is lost stays lost,
    /// and what stood between the parts of a paragraph stands behind it.
    pub gold: String,
    /// How often each kind of damage was done. For marks: pairs.
    pub counts: Counts,
}

/// Lays `articles` out as a page, and damages it.
#[must_use]
pub fn page(articles: &[Article], rates: &Rates, rng: &mut Rng) -> Page {
    let undamaged = rng.chance(rates.undamaged_pages);
    let none = Rates::none();
    let rates = if undamaged { &none } else { rates };
    let marks_intact = rng.chance(rates.intact_marks_pages);
    let mut counts = Counts::new();
    let blocks = lay_out(articles, rng);
    let mut blocks = losses::lose(blocks, rates, rng, &mut counts);
    let (input, counts) = Assembly::new(rates, marks_intact, counts).write(&mut blocks, rng);
    let gold = blocks.into_iter().map(|block| block.text);
    Page { input: text_of(input), gold: text_of(gold), counts }
}

fn text_of(blocks: impl IntoIterator<Item = String>) -> String {
    let mut text = blocks.into_iter().collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

/// The text of `block` with its characters damaged.
pub(super) fn damage_characters(
    block: &Block,
    rates: &Rates,
    marks_intact: bool,
    rng: &mut Rng,
    counts: &mut Counts,
) -> String {
    let text = &block.text;
    let mut changes = Changes::default();
    if !marks_intact {
        changes.add_all(marks::plan(text, &rates.gaps, rng));
        *counts.entry(Kind::Marks).or_default() += marks::count_pairs(text);
    }
    match block.role {
        Role::Matter => {}
        Role::Headline => changes.add_all(Vec::from_iter(spacing::plan_headline(text, rates, rng))),
        Role::Paragraph => {
            changes.add_all(Vec::from_iter(spacing::plan(text, rates, rng)));
            changes.add_all(Vec::from_iter(doubling::plan_run(text, rates, rng)));
            changes.add_all(Vec::from_iter(doubling::plan_one(text, rates, rng)));
            changes.add_all(tokens::plan(text, rates, rng));
            changes.add_all(width::plan(text, rates, rng));
        }
    }
    changes.apply(text, counts)
}
