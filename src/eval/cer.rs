//! Character error rate: edits (insertions, deletions, substitutions) a
//! character of gold. A character is an NFC grapheme cluster. How many line
//! ends stand between paragraphs, and spaces around a line, are no matter.
//!
//! *Aligned* compares each paragraph of gold with the pieces that the text has
//! of it, in gold's order, so that where a block stands costs nothing (that is
//! for the splits to tell); what no paragraph has a use for, second copies
//! included, counts as inserted. *Plain* is the edit distance of the texts in
//! the order they are read.

use std::collections::HashMap;
use std::ops::AddAssign;

use rapidfuzz::distance::levenshtein;
use unicode_segmentation::UnicodeSegmentation as _;

use super::content::Content;
use super::pieces::Piece;

/// Clusters of two texts, multiplied, up to which the plain distance is taken.
const MAX_PLAIN: usize = 20_000_000_000;

/// An error rate over pages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Edits.
    pub edits: usize,
    /// Characters of gold.
    pub characters: usize,
    /// Pages it was taken of.
    pub pages: usize,
    sum: f64,
}

impl Rate {
    fn of(edits: usize, characters: usize) -> Self {
        let sum = edits as f64 / characters.max(1) as f64;
        Self { edits, characters, pages: 1, sum }
    }

    /// Edits a character of all pages together.
    #[must_use]
    pub fn micro(self) -> f64 {
        self.edits as f64 / self.characters.max(1) as f64
    }

    /// The mean of the rates of the pages.
    #[must_use]
    pub fn macro_mean(self) -> f64 {
        self.sum / self.pages.max(1) as f64
    }
}

impl AddAssign for Rate {
    fn add_assign(&mut self, other: Self) {
        self.edits += other.edits;
        self.characters += other.characters;
        self.pages += other.pages;
        self.sum += other.sum;
    }
}

/// How far a text is from gold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Distances {
    /// By paragraphs, white space counted.
    pub aligned: Rate,
    /// By paragraphs, white space left out.
    pub aligned_no_space: Rate,
    /// As read, white space counted; of texts too long for it left out.
    pub plain: Rate,
    /// As read, white space left out.
    pub plain_no_space: Rate,
}

impl AddAssign for Distances {
    fn add_assign(&mut self, other: Self) {
        self.aligned += other.aligned;
        self.aligned_no_space += other.aligned_no_space;
        self.plain += other.plain;
        self.plain_no_space += other.plain_no_space;
    }
}

/// How far `text`, which holds gold in `pieces`, is from `gold`.
pub(super) fn distances(gold: &Content, text: &Content, pieces: &[Piece]) -> Distances {
    let mut clusters = Clusters::default();
    let (whole_gold, whole_text) = (clusters.of(&lines(gold)), clusters.of(&lines(text)));
    let (bare_gold, bare_text) = (whole_gold.bare(), whole_text.bare());
    let (edits, bare_edits) = aligned(gold, text, pieces, &mut clusters);
    let plain = |gold: &Ids, text: &Ids| {
        if gold.0.len().saturating_mul(text.0.len()) > MAX_PLAIN {
            return Rate::default();
        }
        Rate::of(gold.distance(text), gold.0.len())
    };
    Distances {
        aligned: Rate::of(edits, whole_gold.0.len()),
        aligned_no_space: Rate::of(bare_edits, bare_gold.0.len()),
        plain: plain(&whole_gold, &whole_text),
        plain_no_space: plain(&bare_gold, &bare_text),
    }
}

/// The lines of a text that hold content, without the spaces around them.
fn lines(text: &Content) -> String {
    let lines: Vec<_> = text.blocks.iter().map(|block| text.text[block.bytes.clone()].trim()).collect();
    lines.join("\n")
}

/// Edits by paragraphs, with and without white space.
fn aligned(gold: &Content, text: &Content, pieces: &[Piece], clusters: &mut Clusters) -> (usize, usize) {
    let mut share = Share::new(gold);
    for of_block in pieces.chunk_by(|a, b| a.block == b.block) {
        share.cut(text, of_block);
    }
    let mut with_pieces = vec![false; text.blocks.len()];
    pieces.iter().for_each(|piece| with_pieces[piece.block] = true);
    for (block, _) in text.blocks.iter().zip(with_pieces).filter(|(_, found)| !found) {
        share.extra.push(format!("\n{}", text.text[block.bytes.clone()].trim()));
    }
    let (mut edits, mut bare_edits) = (share.missing_ends, 0);
    for (block, parts) in gold.blocks.iter().zip(&mut share.parts) {
        let gold = clusters.of(gold.text[block.bytes.clone()].trim());
        let text = clusters.of(&assemble(parts, &mut share.extra));
        edits += gold.distance(&text);
        bare_edits += gold.bare().distance(&text.bare());
    }
    for extra in &share.extra {
        let extra = clusters.of(extra);
        edits += extra.0.len();
        bare_edits += extra.bare().0.len();
    }
    (edits, bare_edits)
}

/// A text, dealt out to the paragraphs of gold.
struct Share<'a> {
    parts: Vec<Vec<Part<'a>>>,
    /// What no paragraph has a use for.
    extra: Vec<String>,
    /// Paragraphs that begin inside a line.
    missing_ends: usize,
}

/// A piece with what stands around it up to the next.
struct Part<'a> {
    piece: Piece,
    text: &'a str,
}

impl<'a> Share<'a> {
    fn new(gold: &Content) -> Self {
        Self { parts: gold.blocks.iter().map(|_| Vec::new()).collect(), extra: Vec::new(), missing_ends: 0 }
    }

    /// Deals out a block: each piece takes what stands behind it, the first
    /// one what stands before it too.
    fn cut(&mut self, text: &'a Content, pieces: &[Piece]) {
        let block = &text.blocks[pieces[0].block];
        for (number, piece) in pieces.iter().enumerate() {
            let start = if number == 0 { block.bytes.start } else { text.chars[piece.text.start].at };
            let end = pieces.get(number + 1).map_or(block.bytes.end, |next| text.chars[next.text.start].at);
            if number > 0 && piece.paragraph != pieces[number - 1].paragraph {
                self.missing_ends += 1;
            }
            let part = Part { piece: piece.clone(), text: text.text[start..end].trim() };
            self.parts[piece.paragraph].push(part);
        }
    }
}

/// Puts the parts of a paragraph in gold's order; what is there already goes
/// to `extra`. Parts of different blocks stay apart by a line end.
fn assemble(parts: &mut [Part<'_>], extra: &mut Vec<String>) -> String {
    parts.sort_by_key(|part| {
        (part.piece.gold.start, std::cmp::Reverse(part.piece.gold.end), part.piece.block)
    });
    let mut text = String::new();
    let mut last: Option<&Piece> = None;
    let mut covered = 0;
    for part in parts.iter() {
        let piece = &part.piece;
        let doubled = covered.max(piece.gold.start) - piece.gold.start;
        if doubled * 2 > piece.gold.len() && piece.gold.end <= covered {
            extra.push(format!("\n{}", part.text));
            continue;
        }
        if last.is_some_and(|last| last.block != piece.block) {
            text.push('\n');
        }
        // Of an overlap the second copy is extra: so long as it is undamaged,
        // that is its length.
        let cut = part.text.char_indices().nth(doubled).map_or(part.text.len(), |(at, _)| at);
        let (twice, rest) = part.text.split_at(cut);
        if !twice.is_empty() {
            extra.push(twice.to_owned());
        }
        text.push_str(rest);
        covered = covered.max(piece.gold.end);
        last = Some(piece);
    }
    text
}

/// Grapheme clusters as numbers.
#[derive(Default)]
struct Clusters {
    numbers: HashMap<String, u32>,
}

/// A text in clusters; the sign of white space is the lowest bit.
struct Ids(Vec<u32>);

impl Clusters {
    fn of(&mut self, text: &str) -> Ids {
        let number = |cluster: &str| {
            if let Some(number) = self.numbers.get(cluster) {
                return *number;
            }
            let count = u32::try_from(self.numbers.len()).expect("fewer than 2^31 clusters");
            let number = count * 2 + u32::from(cluster.chars().all(char::is_whitespace));
            self.numbers.insert(cluster.to_owned(), number);
            number
        };
        Ids(text.graphemes(true).map(number).collect())
    }
}

impl Ids {
    fn bare(&self) -> Self {
        Self(self.0.iter().copied().filter(|id| id % 2 == 0).collect())
    }

    fn distance(&self, other: &Self) -> usize {
        levenshtein::distance(self.0.iter().copied(), other.0.iter().copied())
    }
}
