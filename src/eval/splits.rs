//! Paragraphs of gold that the input holds in several blocks, and the joins
//! that were made.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Page;
use super::align::Alignment;
use super::cases::{Case, around, line_of};
use super::content::Content;
use super::figures::{Count, Kind};
use super::pieces::Piece;

/// Content characters of gold that may be missing where two pieces meet.
const MAX_HOLE: usize = 60;

/// A place where a paragraph is cut: content character `left` of gold ends a
/// piece, `right` is the first one that the next piece adds.
struct Junction {
    left: usize,
    right: usize,
    kind: Kind,
}

pub(super) fn score(page: &mut Page<'_>) {
    let wrapped = is_wrapped(page);
    let mut by_paragraph: Vec<Vec<&Piece>> = vec![Vec::new(); page.gold.blocks.len()];
    for piece in page.input_pieces {
        by_paragraph[piece.paragraph].push(piece);
    }
    for (number, pieces) in by_paragraph.iter().enumerate() {
        for junction in junctions(page, &page.gold.blocks[number].chars, pieces, wrapped) {
            let right = joined(page.cleaned, page.from_cleaned, junction.left, junction.right);
            let count = Count { needed: 1, made: right.into(), right: right.into() };
            page.count(Kind::Splits, count);
            page.count(junction.kind, count);
            if !right {
                tell(page, junction.kind, junction.left, junction.right);
            }
        }
    }
    false_joins(page, wrapped);
}

/// Whether the lines of the input are lines of a column, not paragraphs: more
/// blocks follow their neighbour closely than gold has paragraphs.
fn is_wrapped(page: &Page<'_>) -> bool {
    let close = page.input.blocks.iter().filter(|block| block.follows_closely).count();
    let blocks = page.input.blocks.len();
    close >= page.gold.blocks.len() && close + 1 < blocks || blocks > 2 * page.gold.blocks.len()
}

/// Covers a paragraph with as few pieces as will do; where one ends and the
/// next begins it is cut. No junctions if one piece is enough.
fn junctions(page: &Page<'_>, paragraph: &Range<usize>, pieces: &[&Piece], wrapped: bool) -> Vec<Junction> {
    let mut junctions = Vec::new();
    let mut at = paragraph.start;
    let mut last: Option<&Piece> = None;
    while let Some(next) = next_piece(pieces, at, last) {
        if let Some(last) = last
            && last.block != next.block
        {
            // Where pieces overlap, what has to come together is what stands
            // before the overlap and what stands behind it.
            let left = (last.gold.end - 1).min(next.gold.start.saturating_sub(1)).max(paragraph.start);
            let right = (last.gold.end.max(next.gold.start)..next.gold.end)
                .find(|gold| page.from_input.holds(*gold))
                .unwrap_or(next.gold.end - 1);
            let left =
                (paragraph.start..=left).rev().find(|gold| page.from_input.holds(*gold)).unwrap_or(left);
            let kind = kind(page, last.block, next.block, wrapped);
            junctions.push(Junction { left, right, kind });
        }
        at = next.gold.end;
        last = Some(next);
    }
    junctions
}

/// The piece that goes on at `at` and leads furthest; the closest one behind
/// `last` if several do.
fn next_piece<'a>(pieces: &[&'a Piece], at: usize, last: Option<&Piece>) -> Option<&'a Piece> {
    let ahead = || pieces.iter().filter(|piece| piece.gold.end > at && is_solid(piece));
    let from = ahead().map(|piece| piece.gold.start).min()?.max(at);
    let goes_on = ahead().filter(|piece| piece.gold.start <= from);
    let distance = |piece: &Piece| last.map_or(piece.block, |last| piece.block.abs_diff(last.block + 1));
    goes_on.max_by_key(|piece| (piece.gold.end, std::cmp::Reverse(distance(piece)))).copied()
}

/// Whether a piece is more than a chance likeness of a character or two.
fn is_solid(piece: &Piece) -> bool {
    piece.found >= 2 && piece.found * 2 > piece.text.len()
}

fn kind(page: &Page<'_>, from: usize, to: usize, wrapped: bool) -> Kind {
    let next = from + 1 == to;
    if next && wrapped && page.input.blocks[to].follows_closely {
        Kind::SplitsWrapped
    } else if next {
        Kind::SplitsAdjacent
    } else {
        Kind::SplitsAcross
    }
}

/// Whether `text` has the content characters `left` and `right` of gold in one
/// block, with about as much between them as gold.
fn joined(text: &Content, alignment: &Alignment, left: usize, right: usize) -> bool {
    let most = (right - left) + 8;
    alignment
        .in_text(left)
        .iter()
        .any(|a| alignment.in_text(right).iter().any(|b| a < b && b - a <= most && text.in_one_block(*a, *b)))
}

/// Joins of the clean text that the input and gold don't have.
fn false_joins(page: &mut Page<'_>, wrapped: bool) {
    let before: BTreeSet<(usize, usize)> = seams(page.input_pieces).map(|(a, b)| seam(a, b)).collect();
    let pieces = page.cleaned_pieces;
    for (a, b) in seams(pieces) {
        let (left, right) = seam(a, b);
        let in_gold = a.paragraph == b.paragraph && (left..left + MAX_HOLE).contains(&right);
        let in_input = before.contains(&(left, right)) || joined_anyhow(page, left, right);
        if in_gold || in_input || !is_solid(a) || !is_solid(b) {
            continue;
        }
        let block = |gold: usize| page.from_input.in_text(gold).first().map(|at| page.input.chars[*at].block);
        let (Some(from), Some(to)) = (block(left), block(right)) else { continue };
        let kind = kind(page, from, to, wrapped);
        page.count(Kind::Splits, Count { made: 1, ..Count::default() });
        page.count(kind, Count { made: 1, ..Count::default() });
        let at = page.cleaned.chars[b.text.start].at;
        let case = Case {
            kind,
            wrong: true,
            line: line_of(&page.cleaned.text, at),
            gold: format!("{} ¶ {}", around(page.gold, left, left), around(page.gold, right, right)),
            got: around(page.cleaned, a.text.end - 1, b.text.start),
            input: String::new(),
            rule: None,
            at: Some((at, at)),
        };
        page.cases.push(case);
    }
}

/// Pieces that follow each other in one block.
fn seams(pieces: &[Piece]) -> impl Iterator<Item = (&Piece, &Piece)> {
    pieces.windows(2).map(|pair| (&pair[0], &pair[1])).filter(|(a, b)| a.block == b.block)
}

fn seam(a: &Piece, b: &Piece) -> (usize, usize) {
    (a.gold.end - 1, b.gold.start)
}

/// Whether one block of the input has both characters, in this order.
fn joined_anyhow(page: &Page<'_>, left: usize, right: usize) -> bool {
    page.from_input
        .in_text(left)
        .iter()
        .any(|a| page.from_input.in_text(right).iter().any(|b| a < b && page.input.in_one_block(*a, *b)))
}

fn tell(page: &mut Page<'_>, kind: Kind, left: usize, right: usize) {
    let found = |gold: usize| page.from_cleaned.in_text(gold).first().copied();
    let told = |gold: usize| found(gold).map_or_else(String::new, |at| around(page.cleaned, at, at));
    let case = Case {
        kind,
        wrong: false,
        line: found(left).map_or(0, |at| line_of(&page.cleaned.text, page.cleaned.chars[at].at)),
        gold: around(page.gold, left, right),
        got: format!("{} ¶ {}", told(left), told(right)),
        input: String::new(),
        rule: None,
        at: found(left).map(|at| (page.cleaned.end(at), page.cleaned.end(at))),
    };
    page.cases.push(case);
}
