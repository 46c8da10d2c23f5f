//! Text that is lost, and stays lost in gold: lines missing inside a
//! paragraph, articles that stop.

use super::breaks::open_places;
use super::layout::{Block, Role};
use super::rates::{Counts, Kind, Rates};
use super::rng::Rng;
use crate::lexicon;

/// Code points of a paragraph that may lose text.
const MIN_PARAGRAPH: usize = 80;
/// Code points that stay on either side.
const MIN_PART: usize = 25;
/// Code points lost at a break: a line or two of a column.
const LOST: (usize, usize) = (14, 45);

/// Cuts articles off and drops lines.
pub(super) fn lose(blocks: Vec<Block>, rates: &Rates, rng: &mut Rng, counts: &mut Counts) -> Vec<Block> {
    let mut kept = Vec::with_capacity(blocks.len());
    for article in blocks.chunk_by(|a, b| a.article == b.article) {
        let cut = if rng.chance(rates.cut_off) { cut_off(article, rng) } else { None };
        let (whole, last) = match cut {
            Some((index, text)) => {
                *counts.entry(Kind::CutOff).or_default() += 1;
                (index, Some(Block { text, ..article[index].clone() }))
            }
            None => (article.len(), None),
        };
        for block in &article[..whole] {
            let parts = if rng.chance(rates.lost_text) { lose_line(block, rng) } else { None };
            match parts {
                Some(parts) => {
                    *counts.entry(Kind::LostText).or_default() += 1;
                    kept.extend(parts);
                }
                None => kept.push(block.clone()),
            }
        }
        kept.extend(last);
    }
    kept
}

/// The block in whose middle the article stops, and what is left of it.
fn cut_off(article: &[Block], rng: &mut Rng) -> Option<(usize, String)> {
    let last_half = article.len() / 2..article.len();
    let indices: Vec<usize> = last_half.filter(|at| is_running_text(&article[*at])).collect();
    let index = *rng.pick(&indices)?;
    let text = &article[index].text;
    let places = open_places(text, MIN_PART, 10);
    Some((index, text[..*rng.pick(&places)?].to_owned()))
}

/// The two parts of a block that lost a line. What is left has to show it: the
/// second part starts inside a word, and the two make no word together.
fn lose_line(block: &Block, rng: &mut Rng) -> Option<[Block; 2]> {
    if !is_running_text(block) {
        return None;
    }
    let text = &block.text;
    let places = open_places(text, MIN_PART, MIN_PART);
    let first = *rng.pick(&places)?;
    let words = lexicon::segment(text);
    let in_word = |at: usize| words.iter().any(|word| word.start < at && at < word.start + word.text.len());
    let seconds: Vec<usize> = places
        .into_iter()
        .filter(|second| *second > first && in_word(*second))
        .filter(|second| (LOST.0..=LOST.1).contains(&text[first..*second].chars().count()))
        .filter(|second| lexicon::word_across(&text[..first], &text[*second..]).is_none())
        .collect();
    let second = *rng.pick(&seconds)?;
    let part = |text: &str| Block { text: text.to_owned(), ..block.clone() };
    Some([part(&text[..first]), part(&text[second..])])
}

fn is_running_text(block: &Block) -> bool {
    block.role == Role::Paragraph && block.text.chars().count() >= MIN_PARAGRAPH
}
