//! Rules `rejoin/split-paragraph` (the rest stands in the next block),
//! `rejoin/interleaved-paragraph` (other blocks stand between), and the notes
//! `rejoin/lost-text` and `rejoin/cut-off` where the rest is gone. For text
//! with a paragraph a line; hard-wrapped lines are another rule's business.

use super::seam::{End, Seam, Start};
use crate::chars::columns;
use crate::document::{Block, BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::span::Span;
use crate::stages::Proposer;

/// Code points from which a block is long enough to be running text by itself.
const LONG: usize = 40;
/// Code points of a first clause too short to begin a paragraph with.
const SHORT_CLAUSE: usize = 4;
/// Blocks that may stand between the two parts of a paragraph.
const MAX_BETWEEN: usize = 5;
/// Columns under which nine of ten lines of hard-wrapped text lie.
const WRAPPED_COLUMNS: usize = 84;

/// Looks for paragraphs that break off.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    if is_wrapped(document) {
        return;
    }
    let blocks = document.blocks();
    let mut taken = vec![false; blocks.len()];
    let mut moved = vec![false; blocks.len()];
    for (index, block) in blocks.iter().enumerate() {
        // What moves in this pass is looked at again where it comes to stand.
        if moved[index] || !breaks_off(document, index) {
            continue;
        }
        match find_rest(document, index, &taken) {
            Some(rest) => {
                taken[rest.index] = true;
                moved[rest.index] = rest.moved;
                join(document, block, &rest, proposer);
            }
            None => note_loss(document, index, proposer),
        }
    }
}

/// Whether nine of ten lines are short: then lines are no paragraphs.
fn is_wrapped(document: &Document) -> bool {
    let mut widths: Vec<usize> =
        document.blocks().iter().map(|block| columns(document.slice(block.span))).collect();
    widths.sort_unstable();
    let tenth = widths.len() * 9 / 10;
    widths.len() >= 12 && widths.get(tenth).is_some_and(|width| *width <= WRAPPED_COLUMNS)
}

/// Whether the block is running text without an end. A short one without any
/// punctuation counts as well: what follows tells it from a headline.
fn breaks_off(document: &Document, index: usize) -> bool {
    let block = &document.blocks()[index];
    let text = document.slice(block.span);
    match block.kind {
        BlockKind::Body | BlockKind::Lead | BlockKind::ListItem => End::of(text) != End::Whole,
        BlockKind::Headline => {
            follows_prose(document, index) && !text.contains(' ') && End::of(text) != End::Whole
        }
        _ => false,
    }
}

/// Whether the block before is running text that ends as it should.
fn follows_prose(document: &Document, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| {
        let before = &document.blocks()[before];
        before.is_prose() && End::of(document.slice(before.span)) == End::Whole
    })
}

/// The rest of a paragraph.
struct Rest {
    index: usize,
    confidence: Confidence,
    why: String,
    /// Whether other blocks stand between.
    moved: bool,
}

fn find_rest(document: &Document, index: usize, taken: &[bool]) -> Option<Rest> {
    let blocks = document.blocks();
    let block = &blocks[index];
    let next = index + 1;
    let near = blocks.get(next).filter(|next_block| !taken[next] && can_continue(next_block)).and_then(
        |next_block| {
            let (confidence, why) = judge(document, block, &seam(document, block, next_block))?;
            Some(Rest { index: next, confidence, why, moved: false })
        },
    );
    if near.as_ref().is_some_and(|near| near.confidence == Confidence::Certain) {
        return near;
    }
    let far = (index + 2)..blocks.len().min(index + 2 + MAX_BETWEEN);
    let mut far =
        far.filter(|&far| !taken[far] && can_continue(&blocks[far]) && follows_whole(document, far));
    let far = far.find_map(|far| {
        let (confidence, why) = judge_far(block, &seam(document, block, &blocks[far]))?;
        Some(Rest { index: far, confidence, why, moved: true })
    });
    match (near, far) {
        (Some(near), Some(far)) => Some(if near.confidence >= far.confidence { near } else { far }),
        (near, far) => near.or(far),
    }
}

fn seam(document: &Document, left: &Block, right: &Block) -> Seam {
    Seam::between(document.slice(left.span), document.slice(right.span))
}

/// Whether the block could be the rest of a paragraph, by its looks.
fn can_continue(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Body)
}

/// Whether the block before `index` is complete, so that nothing else claims
/// the one at `index`.
fn follows_whole(document: &Document, index: usize) -> bool {
    End::of(document.slice(document.blocks()[index - 1].span)) == End::Whole
}

/// Whether the next block continues `block`.
fn judge(document: &Document, block: &Block, seam: &Seam) -> Option<(Confidence, String)> {
    let text = document.slice(block.span);
    let is_long = text.chars().count() >= LONG || text.contains('。');
    let strong = strong_evidence(seam);
    if let Some(why) = strong {
        let sure = is_long && seam.end != End::Clause;
        return Some((if sure { Confidence::Certain } else { Confidence::Likely }, why));
    }
    if block.kind == BlockKind::Headline || !is_long {
        return None;
    }
    match (seam.end, seam.start) {
        (_, Start::Broken | Start::Fresh) => None,
        (End::Wanting, _) => {
            Some((Confidence::Likely, "it breaks off behind a word that wants another".to_owned()))
        }
        (End::Clause, _) => Some((Confidence::Likely, "it breaks off behind a comma".to_owned())),
        (End::Open, Start::Open { clause }) if text.contains('。') => {
            let confidence = if clause <= SHORT_CLAUSE { Confidence::Likely } else { Confidence::Doubtful };
            Some((confidence, "it breaks off in a sentence, and the next block starts in one".to_owned()))
        }
        _ => None,
    }
}

/// Whether a block farther on continues `block`: only what can hardly be
/// chance counts.
fn judge_far(block: &Block, seam: &Seam) -> Option<(Confidence, String)> {
    let is_prose = matches!(block.kind, BlockKind::Body | BlockKind::Lead);
    let broken = seam.word.as_ref().is_some_and(|across| across.broken);
    if is_prose && broken && seam.end != End::Clause {
        strong_evidence(seam).map(|why| (Confidence::Likely, why))
    } else {
        None
    }
}

fn strong_evidence(seam: &Seam) -> Option<String> {
    if seam.end == End::Whole || seam.start == Start::Fresh && seam.bracket.is_none() {
        return None;
    }
    if let Some(across) = &seam.word {
        let starts_in_clause = matches!(seam.start, Start::Open { clause } if clause <= SHORT_CLAUSE);
        if across.broken || starts_in_clause {
            return Some(format!("`{}` stands across the break", across.word));
        }
    }
    if let Some(bracket) = seam.bracket {
        return Some(format!("`{bracket}` opens before the break and is closed behind it"));
    }
    (seam.start == Start::Tail).then(|| "the next block starts with the end of a sentence".to_owned())
}

fn join(document: &Document, block: &Block, rest: &Rest, proposer: &mut Proposer<'_>) {
    let blocks = document.blocks();
    let tail = &blocks[rest.index];
    let line = |offset: usize| document.position(offset).0;
    let id = if rest.moved { "rejoin/interleaved-paragraph" } else { "rejoin/split-paragraph" };
    let Some(mut proposer) = proposer.under(id) else { return };
    let message = format!("goes on in line {}: {}", line(tail.span.start), rest.why);
    let edits = if rest.moved {
        let mut edits = Edit::relocate(tail.span, block.span.end).to_vec();
        // The break before the part that moves goes with it.
        edits.push(Edit::delete(blocks[rest.index - 1].span.end..tail.span.start));
        edits
    } else {
        vec![Edit::delete(block.span.end..tail.span.start)]
    };
    proposer.repair_as(rest.confidence, edits, &message);
}

/// Notes a paragraph whose rest is not to be found.
fn note_loss(document: &Document, index: usize, proposer: &mut Proposer<'_>) {
    let blocks = document.blocks();
    let block = &blocks[index];
    let text = document.slice(block.span);
    let next = blocks.get(index + 1);
    let last = text
        .char_indices()
        .next_back()
        .map_or(block.span, |(at, _)| Span::new(block.span.start + at, block.span.end));
    if let Some(next) = next.filter(|next| can_continue(next))
        && Start::of(document.slice(next.span)) == Start::Broken
    {
        if let Some(mut proposer) = proposer.under("rejoin/lost-text") {
            proposer.note(last, "breaks off here, and the next paragraph starts in the middle of a word: text is lost between");
        }
        return;
    }
    // A summary stands above the byline; what follows a byline is the article.
    let above = index.checked_sub(1).map(|above| blocks[above].kind);
    let is_deck = !text.contains('。') && above.is_none_or(|kind| kind == BlockKind::Headline);
    let is_fragment = block.kind != BlockKind::Headline || starts_with_preposition(text);
    if !is_deck
        && is_fragment
        && let Some(mut proposer) = proposer.under("rejoin/cut-off")
    {
        proposer.note(last, "breaks off here; the rest is not on this page");
    }
}

/// `在…` is no headline, but the beginning of a sentence.
fn starts_with_preposition(text: &str) -> bool {
    ["在", "对", "从", "随着", "通过", "为", "按照", "根据", "由于"].iter().any(|word| text.starts_with(word))
}
