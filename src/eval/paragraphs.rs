//! Paragraphs: whether the same stretch of content stands in one, and whether
//! those that were cut are whole again.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Page;
use super::align::Alignment;
use super::cases::{Case, line_of, shorten};
use super::content::{Block, Content};
use super::figures::{Count, Kind};
use super::pieces::Piece;

/// Content characters at an end of a paragraph that gold need not know: one
/// that stands twice, a speck.
const EDGE: usize = 2;

pub(super) fn score(page: &mut Page<'_>) {
    let paragraphs = page.gold.blocks.len();
    let before = right(page, page.input, page.input_pieces);
    let count = Count { needed: paragraphs, made: page.input.blocks.len(), right: before.len() };
    page.count(Kind::ParagraphsBefore, count);
    let after = right(page, page.cleaned, page.cleaned_pieces);
    let count = Count { needed: paragraphs, made: page.cleaned.blocks.len(), right: after.len() };
    page.count(Kind::Paragraphs, count);
    let right = verbatim(page.gold, page.cleaned);
    page.count(Kind::ParagraphsVerbatim, Count { right, ..count });
    for (number, block) in page.gold.blocks.iter().enumerate() {
        if !after.contains_key(&number) {
            let gold = page.gold.text[block.bytes.clone()].to_owned();
            let case = missed(page, block, &gold, before.contains_key(&number));
            page.cases.push(case);
        }
    }
}

/// The paragraphs of gold that are whole and alone in a block, with the block.
fn right(page: &Page<'_>, text: &Content, pieces: &[Piece]) -> BTreeMap<usize, usize> {
    let mut right = BTreeMap::new();
    for of_block in pieces.chunk_by(|a, b| a.block == b.block) {
        let [piece] = of_block else { continue };
        let held = held(&page.gold.blocks[piece.paragraph].chars, page.from_input);
        if is_whole(piece, &text.blocks[piece.block].chars, &held) {
            right.entry(piece.paragraph).or_insert(piece.block);
        }
    }
    right
}

/// What the input holds of a paragraph of gold: its first character, its last
/// and how many. The rest is lost, and nobody's to find.
fn held(paragraph: &Range<usize>, input: &Alignment) -> (Range<usize>, usize) {
    let mut held = paragraph.clone().filter(|at| input.holds(*at));
    let count = held.clone().count();
    let first = held.next().unwrap_or(paragraph.start);
    (first..held.next_back().map_or(first, |last| last) + 1, count)
}

fn is_whole(piece: &Piece, block: &Range<usize>, held: &(Range<usize>, usize)) -> bool {
    let (ends, count) = held;
    let strange = block.len() - piece.found;
    piece.gold.start <= ends.start
        && piece.gold.end >= ends.end
        && piece.text.start - block.start <= EDGE
        && block.end - piece.text.end <= EDGE
        && piece.found + (count / 50).max(1) >= *count
        && strange <= (block.len() / 20).max(2 * EDGE)
}

/// How many paragraphs of gold stand in `text` to the letter.
fn verbatim(gold: &Content, text: &Content) -> usize {
    let line = |content: &Content, block: &Block| content.text[block.bytes.clone()].trim().to_owned();
    let mut lines: HashMap<String, usize> = HashMap::new();
    for block in &text.blocks {
        *lines.entry(line(text, block)).or_default() += 1;
    }
    let mut take = |block| {
        lines.get_mut(&line(gold, block)).is_some_and(|left| {
            let found = *left > 0;
            *left = left.saturating_sub(1);
            found
        })
    };
    gold.blocks.iter().filter(|block| take(block)).count()
}

fn missed(page: &Page<'_>, block: &Block, gold: &str, was_right: bool) -> Case {
    let mut blocks: Vec<usize> = Vec::new();
    for at in block.chars.clone().flat_map(|gold| page.from_cleaned.in_text(gold)) {
        let number = page.cleaned.chars[*at].block;
        if !blocks.contains(&number) {
            blocks.push(number);
        }
    }
    let got: Vec<_> = blocks
        .iter()
        .map(|number| shorten(&page.cleaned.text[page.cleaned.blocks[*number].bytes.clone()]))
        .collect();
    Case {
        kind: Kind::Paragraphs,
        wrong: was_right,
        line: line_of(&page.gold.text, block.bytes.start),
        gold: shorten(gold),
        got: got.join(" ¶ "),
        input: String::new(),
        rule: None,
        at: blocks
            .first()
            .map(|number| &page.cleaned.blocks[*number].bytes)
            .map(|bytes| (bytes.start, bytes.end)),
    }
}
