//! Rule `rejoin/stray-block`: a paragraph of another article in the middle of
//! one, told by the words it shares.

use std::collections::{BTreeSet, HashMap};

use crate::chars::is_han;
use crate::document::{BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::span::Span;
use crate::stages::Proposer;

/// Code points from which a paragraph says enough about what it is about.
const MIN_LEN: usize = 50;
/// How much nearer the other article has to be.
const RATIO: f64 = 3.0;
/// How much of the paragraph the other article has to share.
const MIN_SHARE: f64 = 0.12;

/// Articles before and behind the own one that are looked at: more than stand
/// on a page.
const NEIGHBOURS: usize = 24;

/// Looks for paragraphs that belong to another article of the page.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let articles = articles(document);
    if articles.len() < 2 {
        return;
    }
    let blocks = document.blocks();
    let words = Words::of(document, &articles);
    for (own, article) in articles.iter().enumerate() {
        for &index in article.iter().filter(|&&index| blocks[index].kind == BlockKind::Body) {
            if document.slice(blocks[index].span).chars().count() < MIN_LEN {
                continue;
            }
            let shares = words.shares(index, own);
            let here = shares.iter().find(|(other, _)| *other == own).map_or(0.0, |(_, share)| *share);
            let there = shares.into_iter().filter(|(other, _)| *other != own);
            let best = there.max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((other, there)) = best
                && there >= MIN_SHARE
                && there >= RATIO * here
            {
                tell(document, index, &articles[other], proposer);
            }
        }
    }
}

/// Blocks by article: a new one starts with a lead, at the first of the
/// headlines and bylines right before it.
fn articles(document: &Document) -> Vec<Vec<usize>> {
    let blocks = document.blocks();
    let is_head = |index: usize| matches!(blocks[index].kind, BlockKind::Headline | BlockKind::Byline);
    let mut starts: Vec<usize> = Vec::new();
    for lead in (0..blocks.len()).filter(|&index| blocks[index].kind == BlockKind::Lead) {
        let heads = (0..lead).rev().take_while(|&index| is_head(index)).count();
        starts.push(lead - heads);
    }
    let ends = starts.iter().skip(1).copied().chain([blocks.len()]);
    starts.iter().zip(ends).map(|(&start, end)| (start..end).collect()).collect()
}

fn bigrams(text: &str) -> BTreeSet<(char, char)> {
    let mut set = BTreeSet::new();
    let mut before = None;
    for c in text.chars() {
        if let Some(before) = before.filter(|_| is_han(c)) {
            set.insert((before, c));
        }
        before = is_han(c).then_some(c);
    }
    set
}

/// Which pairs of characters stand where.
struct Words {
    /// The pairs of each block, in order.
    blocks: Vec<BTreeSet<(char, char)>>,
    places: HashMap<(char, char), Places>,
}

/// Where a pair of characters stands.
#[derive(Default)]
struct Places {
    /// The number of blocks.
    blocks: usize,
    /// The articles, in order, each with the number of its blocks.
    articles: Vec<(usize, usize)>,
}

impl Words {
    fn of(document: &Document, articles: &[Vec<usize>]) -> Self {
        let mut homes = vec![None; document.blocks().len()];
        for (number, article) in articles.iter().enumerate() {
            article.iter().for_each(|&index| homes[index] = Some(number));
        }
        let blocks: Vec<_> =
            document.blocks().iter().map(|block| bigrams(document.slice(block.span))).collect();
        let mut places: HashMap<_, Places> = HashMap::new();
        for (pairs, home) in blocks.iter().zip(homes) {
            for pair in pairs {
                let places = places.entry(*pair).or_default();
                places.blocks += 1;
                match (home, places.articles.last_mut()) {
                    (Some(home), Some((last, count))) if *last == home => *count += 1,
                    (Some(home), _) => places.articles.push((home, 1)),
                    (None, _) => {}
                }
            }
        }
        Self { blocks, places }
    }

    /// Which part of the block at `index` of the article `own`, by weight, the
    /// other blocks of each article near it share; a pair that stands in many
    /// blocks weighs little.
    fn shares(&self, index: usize, own: usize) -> Vec<(usize, f64)> {
        let first = own.saturating_sub(NEIGHBOURS);
        let mut shared = vec![0.0; own - first + NEIGHBOURS + 1];
        let mut all = 0.0;
        for pair in &self.blocks[index] {
            let places = &self.places[pair];
            let weight = 1.0 / places.blocks as f64;
            all += weight;
            let from = places.articles.partition_point(|(article, _)| *article < first);
            for (article, count) in
                places.articles[from..].iter().take_while(|(article, _)| *article <= own + NEIGHBOURS)
            {
                if *article != own || *count > 1 {
                    shared[article - first] += weight;
                }
            }
        }
        let part = |shared: f64| if all > 0.0 { shared / all } else { 0.0 };
        shared.into_iter().enumerate().map(|(at, shared)| (first + at, part(shared))).collect()
    }
}

fn tell(document: &Document, index: usize, home: &[usize], proposer: &mut Proposer<'_>) {
    let blocks = document.blocks();
    let block = blocks[index].span;
    let first = document.slice(blocks[home[0]].span);
    let name: String = first.chars().take(16).collect();
    proposer.note(block, &format!("seems to belong to the article `{name}…`"));
    let end = blocks[*home.last().expect("an article has a block")].span.end;
    let gap = Span::new(blocks[index - 1].span.end, block.start);
    if (gap.start..=block.end).contains(&end) {
        return;
    }
    // The break before the paragraph moves with it.
    let edits = Edit::relocate(Span::new(gap.start, block.end), end).to_vec();
    let message = format!("belongs at the end of the article `{name}…`, by the words they share");
    proposer.repair_as(Confidence::Doubtful, edits, &message);
}
