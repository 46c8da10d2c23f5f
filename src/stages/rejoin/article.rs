//! Rule `rejoin/stray-block`: a paragraph of another article in the middle of
//! one, told by the words it shares.

use std::ops::Range;

use super::topics::Words;
use crate::document::{BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::span::Span;
use crate::stages::Proposer;

/// Code points from which a paragraph says enough about what it is about.
const MIN_LEN: usize = 50;

/// Looks for paragraphs that belong to another article of the page.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let articles = articles(document);
    if articles.len() < 2 {
        return;
    }
    let blocks = document.blocks();
    let mut words = Words::of(document, &articles);
    for (own, article) in articles.iter().enumerate() {
        words.enter(own, article);
        for index in article.clone().filter(|&index| blocks[index].kind == BlockKind::Body) {
            let text = document.slice(blocks[index].span);
            if text.chars().nth(MIN_LEN - 1).is_some()
                && let Some(other) = words.nearer(index, own)
            {
                tell(document, index, &articles[other], proposer);
            }
        }
    }
}

/// Blocks by article: a new one starts with a lead, at the first of the
/// headlines and bylines right before it.
fn articles(document: &Document) -> Vec<Range<usize>> {
    let blocks = document.blocks();
    let is_head = |index: usize| matches!(blocks[index].kind, BlockKind::Headline | BlockKind::Byline);
    let mut starts: Vec<usize> = Vec::new();
    for lead in (0..blocks.len()).filter(|&index| blocks[index].kind == BlockKind::Lead) {
        let heads = (0..lead).rev().take_while(|&index| is_head(index)).count();
        starts.push(lead - heads);
    }
    let ends = starts.iter().skip(1).copied().chain([blocks.len()]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

fn tell(document: &Document, index: usize, home: &Range<usize>, proposer: &mut Proposer<'_>) {
    let blocks = document.blocks();
    let block = blocks[index].span;
    let first = document.slice(blocks[home.start].span);
    let name: String = first.chars().take(16).collect();
    proposer.note(block, &format!("seems to belong to the article `{name}…`"));
    let end = blocks[home.end - 1].span.end;
    let gap = Span::new(blocks[index - 1].span.end, block.start);
    if (gap.start..=block.end).contains(&end) {
        return;
    }
    // The break before the paragraph moves with it.
    let edits = Edit::relocate(Span::new(gap.start, block.end), end).to_vec();
    let message = format!("belongs at the end of the article `{name}…`, by the words they share");
    proposer.repair_as(Confidence::Doubtful, edits, &message);
}
