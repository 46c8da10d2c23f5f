//! Rule `rejoin/stray-block`: a paragraph of another article in the middle of
//! one, told by the words it shares.

use std::collections::{BTreeMap, BTreeSet};

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

/// Looks for paragraphs that belong to another article of the page.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let articles = articles(document);
    if articles.len() < 2 {
        return;
    }
    let blocks = document.blocks();
    let words: Vec<BTreeSet<(char, char)>> =
        blocks.iter().map(|block| bigrams(document.slice(block.span))).collect();
    let spread = spread(&words);
    for (own, article) in articles.iter().enumerate() {
        for &index in article.iter().skip(1).filter(|&&index| blocks[index].is_prose()) {
            if document.slice(blocks[index].span).chars().count() < MIN_LEN {
                continue;
            }
            let share = |other: &[usize]| share(&words, &spread, index, other);
            let here = share(article);
            let there = articles.iter().enumerate().filter(|(other, _)| *other != own);
            let best = there.map(|(other, blocks)| (share(blocks), other)).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((there, other)) = best
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

/// In how many blocks each pair of characters stands.
fn spread(words: &[BTreeSet<(char, char)>]) -> BTreeMap<(char, char), usize> {
    let mut spread = BTreeMap::new();
    for pair in words.iter().flatten() {
        *spread.entry(*pair).or_default() += 1;
    }
    spread
}

/// Which part of the block at `index`, by weight, the blocks `others` share;
/// a pair that stands in many blocks weighs little.
fn share(
    words: &[BTreeSet<(char, char)>],
    spread: &BTreeMap<(char, char), usize>,
    index: usize,
    others: &[usize],
) -> f64 {
    let weight = |pair: &(char, char)| 1.0 / spread.get(pair).map_or(1.0, |count| *count as f64);
    let (mut shared, mut all) = (0.0, 0.0);
    for pair in &words[index] {
        all += weight(pair);
        if others.iter().any(|&other| other != index && words[other].contains(pair)) {
            shared += weight(pair);
        }
    }
    if all > 0.0 { shared / all } else { 0.0 }
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
