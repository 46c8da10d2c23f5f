//! Rules `rejoin/split-paragraph` (the rest stands in the next block),
//! `rejoin/interleaved-paragraph` (other blocks stand between), and the notes
//! `rejoin/lost-text` and `rejoin/cut-off` where the rest is gone. For text
//! with a paragraph a line; hard-wrapped lines are another rule's business, also where
//! only a part of the text has them.

use std::cell::LazyCell;

use super::evidence::Start;
use super::pairing::{Pair, follows_prose, judged};
use super::seam::{Place, Seam, breaks_off};
use super::wrapped;
use crate::chars::{columns, is_chinese, is_gap};
use crate::document::{Block, BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::lexicon;
use crate::span::Span;
use crate::stages::Proposer;

/// Columns under which nine of ten lines of hard-wrapped text lie.
const WRAPPED_COLUMNS: usize = 84;

/// Looks for paragraphs that break off.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    if is_wrapped(document) {
        return;
    }
    let most = if has_columns(document) { Confidence::Doubtful } else { Confidence::Certain };
    let mut whole = vec![false; document.blocks().len()];
    let mut moved = whole.clone();
    let lines = LazyCell::new(|| wrapped::line_ends(document));
    for (pair, probability) in judged(document) {
        let place = pair.seam.place;
        // The rule for lines joins these, all of a paragraph at once.
        if is_line_end(document, place) && lines.contains(&document.blocks()[place.left].span.end) {
            whole[place.left] = true;
            continue;
        }
        let confidence = confidence(document, &pair.seam, probability).min(most);
        whole[place.left] = confidence >= Confidence::Likely;
        // What moves in this pass is looked at again where it comes to stand.
        if !moved[place.left] {
            moved[place.right] = !place.is_near();
            join(document, &pair, confidence, probability, proposer);
        }
    }
    for index in (0..whole.len()).filter(|&index| !whole[index] && is_fragment(document, index)) {
        note_loss(document, index, proposer);
    }
}

/// Whether nothing but a line end stands between the blocks of `place`: they may be lines of
/// a paragraph.
fn is_line_end(document: &Document, place: Place) -> bool {
    let blocks = document.blocks();
    let between = Span::new(blocks[place.left].span.end, blocks[place.right].span.start);
    place.is_near() && document.slice(between).matches('\n').nth(1).is_none()
}

/// Probability from which a join is certain.
const CERTAIN: f32 = 0.995;

fn confidence(document: &Document, seam: &Seam, probability: f32) -> Confidence {
    if probability >= CERTAIN {
        Confidence::Certain
    } else if probability >= likely(document, seam) {
        Confidence::Likely
    } else {
        Confidence::Doubtful
    }
}

/// The probability from which a join is applied. Headlines are whole as they are, but a
/// short block below running text may be the beginning of a paragraph, which a word across
/// says (one across other blocks, if it was broken). Of what is joined from .8 to .85, one
/// in eight was wrong on tuning pages. What ends with a semicolon is an item of a list more
/// often than cut there: of 3,900 splits of tuning pages eleven are behind one, and
/// twelve of forty joins on undamaged pages were. Of Traditional text only essays were learned
/// from, whose authors break sentences into lines.
fn likely(document: &Document, seam: &Seam) -> f32 {
    let block = &document.blocks()[seam.place.left];
    let text = document.slice(block.span);
    let is_near = seam.place.is_near();
    let is_broken = seam.word.as_ref().is_some_and(|word| word.broken);
    let is_in_phrase = is_broken || is_near && seam.word.is_some();
    let is_title = is_title(text);
    let is_headline =
        block.kind == BlockKind::Headline && !(is_in_phrase && follows_prose(document, seam.place.left));
    let of_block = if is_title && !is_broken {
        CERTAIN
    } else if text.ends_with(['；', ';']) {
        0.95
    } else if is_title || is_headline {
        0.92
    } else if is_near {
        0.8
    } else {
        0.85
    };
    if lexicon::is_mostly_simplified(text) { of_block } else { of_block.max(0.95) }
}

/// Whether `text` is in parts, begins or ends with brackets, and has no comma, as long
/// headlines are: `全县水渠通水 各村敲锣打鼓`, `【兴修水利】石溪镇水渠通水`, `修渠的年代（1953—1967）`.
fn is_title(text: &str) -> bool {
    let has_brackets = text.starts_with('【') || text.ends_with(['）', ')']);
    (text.contains(is_gap) || has_brackets) && !text.contains(['，', '。'])
}

/// Whether lines hold pieces of several columns, as `pdftotext -layout` writes them: what
/// stands in the next line may be of another column then.
fn has_columns(document: &Document) -> bool {
    /// Lines that do, at least, and at least one of so many.
    const LEAST: (usize, usize) = (3, 8);
    /// Columns of text of a piece that is no cell of a table.
    const PIECE: usize = 24;
    let wide_gap = [b"  ".as_slice(), "\u{3000}\u{3000}".as_bytes()];
    if !wide_gap.iter().any(|gap| memchr::memmem::find(document.text().as_bytes(), gap).is_some()) {
        return false;
    }
    let is_apart = |block: &&Block| {
        let pieces = document.slice(block.span).split("  ").flat_map(|piece| piece.split("\u{3000}\u{3000}"));
        pieces.filter(|piece| columns(piece) >= PIECE).nth(1).is_some()
    };
    let blocks = document.blocks();
    blocks.iter().filter(is_apart).nth(LEAST.0.max(blocks.len() / LEAST.1) - 1).is_some()
}

/// Whether nine of ten lines are short: then lines are no paragraphs.
fn is_wrapped(document: &Document) -> bool {
    let blocks = document.blocks();
    let mut long = blocks.iter().filter(|block| !is_short(document.slice(block.span)));
    // One too many, and the others needn't be looked at.
    let too_many = blocks.len() - blocks.len() * 9 / 10;
    blocks.len() >= 12 && long.nth(too_many - 1).is_none()
}

/// Whether `text` takes no more than [`WRAPPED_COLUMNS`]. A character takes at
/// least one column and at most one a byte, so that long and very short text
/// needn't be looked at.
fn is_short(text: &str) -> bool {
    const LONGEST: usize = 4 * WRAPPED_COLUMNS;
    text.len() <= WRAPPED_COLUMNS || text.len() <= LONGEST && columns(text) <= WRAPPED_COLUMNS
}

/// Whether the block is running text without an end.
fn is_fragment(document: &Document, index: usize) -> bool {
    let block = &document.blocks()[index];
    let text = document.slice(block.span);
    breaks_off(document, index)
        && is_chinese(text)
        && (block.kind != BlockKind::Headline || follows_prose(document, index) && !text.contains(' '))
}

fn join(
    document: &Document,
    pair: &Pair,
    confidence: Confidence,
    probability: f32,
    proposer: &mut Proposer<'_>,
) {
    let blocks = document.blocks();
    let place = pair.seam.place;
    let (block, tail) = (&blocks[place.left], &blocks[place.right]);
    let moves = !place.is_near();
    let id = if moves { "rejoin/interleaved-paragraph" } else { "rejoin/split-paragraph" };
    let Some(mut proposer) = proposer.under(id) else { return };
    let message = format!("goes on in line {}: {}", document.position(tail.span.start).0, pair.seam.reason());
    let edits = if moves {
        let mut edits = Edit::relocate(tail.span, block.span.end).to_vec();
        // The break before the part that moves goes with it.
        edits.push(Edit::delete(blocks[place.right - 1].span.end..tail.span.start));
        edits
    } else {
        vec![Edit::delete(block.span.end..tail.span.start)]
    };
    proposer.repair_scored(confidence, probability, edits, &message);
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
    if let Some(next) = next.filter(|next| next.kind == BlockKind::Body)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::rejoin::pairing::LEARNED;
    use crate::stages::rejoin::seam::Seams;

    #[test]
    fn a_short_block_needs_more_unless_a_word_stands_across() {
        let rest = "抓出成效。这几年村里修了三条路，也修好了渠道，日子越过越好。";
        let least = |block: &str| {
            let document = Document::new(format!("镇里的老渠去年冬天修好了。\n\n{block}{rest}\n"));
            let pairs = judged(&document);
            assert!(!pairs.is_empty(), "{block}");
            likely(&document, &pairs[0].0.seam)
        };
        assert!(least("感谢乡亲们提供的文化广\n\n场和灯光，让大家能聚在一起。") < 0.9);
        assert!(least("会议指出，要切实把\n\n这项工作抓紧抓好，") > 0.9);
    }

    #[test]
    fn what_ends_like_an_item_of_a_list_needs_more() {
        let least = |end: &str| {
            let text = format!(
                "镇里的老渠去年冬天修好了，水能流到每一块田里{end}\n\n从石溪镇的水闸到柳塘乡的泵站，乡亲们都在修渠，今年的庄稼比往年收得多。\n"
            );
            let document = Document::new(text);
            let seams = Seams::of(&document, &*LEARNED);
            likely(&document, &seams.read(seams.places()[0]))
        };
        assert!(least("，") < 0.9);
        assert!(least("；") > 0.9);
    }

    #[test]
    fn a_long_headline_in_parts_is_a_title() {
        for title in [
            "全县二十个村子的水渠全部通水 各村敲锣打鼓迎来头道水",
            "【兴修水利】石溪镇水渠通水",
            "石溪镇修渠的年代（1953—1967）",
        ] {
            assert!(is_title(title), "{title}");
        }
        for text in [
            "镇里的老渠 去年修好，今年又",
            "镇里的老渠去年冬天修好",
            "【兴修水利】昨天，石溪镇的水渠",
            "昨天，石溪镇的水渠（二期）",
        ] {
            assert!(!is_title(text), "{text}");
        }
    }
}
