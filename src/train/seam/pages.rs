//! Pages with split paragraphs, made from whole documents.

use std::collections::HashSet;
use std::sync::Arc;

use crate::chars::is_gap;
use crate::decode::decode;
use crate::document::Document;
use crate::edit::Confidence;
use crate::error::Result;
use crate::eval::damage::{self, Rates, Rng, articles};
use crate::pipeline::Pipeline;
use crate::rules::{RuleSet, Selection};
use crate::stages::rejoin::ngrams::fold;
use crate::stages::rejoin::seam::Place;

/// A page and what it was made of.
#[derive(Debug)]
pub struct Page {
    /// As extraction left it.
    pub(crate) document: Document,
    /// The text it was made of.
    gold: Arc<Gold>,
}

/// What is known of the text that a page was made of.
#[derive(Debug, Default)]
struct Gold {
    /// Which characters stand next to each other in a line.
    places: HashSet<(Nearest, Nearest)>,
    /// How lines begin.
    beginnings: HashSet<Nearest>,
    /// How they end, backwards.
    ends: HashSet<Nearest>,
}

/// Characters of each side of a seam by which it is known.
const KNOWN_BY: usize = 6;

/// Blocks of a piece of a page, at most.
const MOST_IN_PIECE: usize = 5;

/// The characters of one side, the nearest first.
type Nearest = [char; KNOWN_BY];

impl Page {
    /// A page with the text `damaged`, made of `gold`.
    fn new(damaged: String, gold: &str) -> Self {
        let mut known = Gold::default();
        for line in gold.lines() {
            let chars: Vec<char> = line.chars().collect();
            let before = |at: usize| nearest(chars[..at].iter().rev().copied());
            let behind = |at: usize| nearest(chars[at..].iter().copied());
            known.beginnings.insert(behind(0));
            known.ends.insert(before(chars.len()));
            let inside = (1..chars.len()).filter(|&at| !is_gap(chars[at - 1]) && !is_gap(chars[at]));
            known.places.extend(inside.map(|at| (before(at), behind(at))));
        }
        Self { document: Document::new(damaged), gold: Arc::new(known) }
    }

    /// The page in pieces of a few blocks each: what people paste, rather than
    /// what extractors write.
    #[must_use]
    pub fn pieces(&self, rng: &mut Rng) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut rest = self.document.blocks();
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(rest.len().min(2 + rng.below(MOST_IN_PIECE - 1)));
            let blocks: Vec<&str> = piece.iter().map(|block| self.document.slice(block.span)).collect();
            pieces.push(Self { document: Document::new(blocks.join("\n\n")), gold: Arc::clone(&self.gold) });
            rest = behind;
        }
        pieces
    }

    /// Whether the blocks around `place` were one paragraph. A headline that ends with a
    /// title and a paragraph that begins with the name of who bears it are none, though both
    /// may stand next to each other elsewhere.
    pub(crate) fn is_true(&self, place: Place) -> bool {
        let text = |index: usize| self.document.slice(self.document.blocks()[index].span);
        let [before, behind] = [nearest(text(place.left).chars().rev()), nearest(text(place.right).chars())];
        let are_whole = self.gold.ends.contains(&before) && self.gold.beginnings.contains(&behind);
        !are_whole && self.gold.places.contains(&(before, behind))
    }
}

/// The first of `chars` that are text, folded.
fn nearest(chars: impl Iterator<Item = char>) -> Nearest {
    let mut nearest = ['\0'; KNOWN_BY];
    nearest.iter_mut().zip(chars.filter_map(fold)).for_each(|(place, c)| *place = c);
    nearest
}

/// Pages made of `documents`, as `rejoin` gets to see them: what stands twice
/// is gone. About as long together as the documents, `turns` times.
///
/// # Errors
/// If the rules that are shipped can't be read.
pub fn pages(documents: &[Vec<String>], rates: &Rates, seed: u64, turns: usize) -> Result<Vec<Page>> {
    let selection =
        Selection { only: vec!["normalise".to_owned(), "dedup".to_owned()], ..Selection::default() };
    let pipeline = Pipeline::new(RuleSet::embedded()?, selection, Confidence::Likely)?;
    let text: String = documents.iter().map(|document| document.join("\n") + "\n\n").collect();
    let articles = articles(&text);
    let wanted = text.chars().count() * turns;
    let mut made = 0;
    let page = |page: damage::Page| {
        let cleaned = pipeline.clean(decode(page.input.as_bytes(), Some(encoding_rs::UTF_8)));
        Page::new(cleaned.text, &page.gold)
    };
    let enough = |page: &damage::Page| {
        made += page.gold.chars().count();
        made <= wanted + 7_000
    };
    Ok(damage::pages(&articles, rates, seed).take_while(enough).map(page).collect())
}
