//! What each side of a seam says by itself. What takes long is asked for when it
//! is needed.

use std::cell::OnceCell;

use super::End;
use super::features::{length, neighbour, page_size, step};
use crate::chars::{closing_of, is_closing, is_gap, is_han};
use crate::document::{Block, BlockKind, Document};
use crate::lexicon::{Ending, WordAcross};
use crate::model::{Feature, Template, Weights};
use crate::stages::rejoin::encoder::{self, Reader};
use crate::stages::rejoin::evidence::{Before, Behind, has_sentence, opens_paragraph};
use crate::stages::rejoin::ngrams::{Ends, Learned, REACH, Vectors, WIDTH};

/// What blocks say as one side of their seams, once that was asked.
#[derive(Debug)]
pub(super) struct Sides<T> {
    /// Of each block, the number of what it says.
    numbers: Vec<Option<u32>>,
    said: Vec<T>,
}

impl<T> Sides<T> {
    /// Of a document with so many `blocks`, none of which was asked.
    pub(super) fn of(blocks: usize) -> Self {
        Self { numbers: vec![None; blocks], said: Vec::new() }
    }

    /// Asks the block at `index`, if nobody did.
    pub(super) fn ask(&mut self, index: usize, ask: impl FnOnce() -> T) {
        if self.numbers[index].is_none() {
            self.numbers[index] = u32::try_from(self.said.len()).ok();
            self.said.push(ask());
        }
    }

    /// What the block at `index`, which was asked, says.
    pub(super) fn at(&self, index: usize) -> &T {
        let number = self.numbers[index].expect("both blocks of a seam were asked");
        &self.said[number as usize]
    }
}

/// A block that breaks off.
#[derive(Debug)]
pub(super) struct Left<'a> {
    /// Its number.
    pub(super) index: usize,
    pub(super) kind: BlockKind,
    text: &'a str,
    pub(super) end: End,
    /// A sentence ends in it.
    pub(super) has_sentence: bool,
    before: OnceCell<Before>,
    open_bracket: OnceCell<Option<char>>,
    pub(super) in_list: bool,
    /// Its last character, if that is a mark; 0 otherwise.
    pub(super) last_mark: u64,
    /// The words that its end begins.
    ending: OnceCell<Option<Ending<'a>>>,
    /// Its last characters as [`Ends`] has them.
    pub(super) characters: [char; REACH],
    vector: OnceCell<[f32; WIDTH]>,
    flow: OnceCell<encoder::Vector>,
    /// How much likelier it ends inside a word than with one.
    pub(super) tail: f32,
    /// How much likelier it was cut than ends there by itself.
    cut: f32,
    /// A class for how likely the next block starts inside a paragraph.
    next: u64,
    /// What its features weigh where the right block is the next one, and where
    /// it stands farther on.
    pub(super) scores: [f32; 2],
}

impl<'a> Left<'a> {
    /// The block `index` of `document`.
    pub(super) fn of<W: Weights, V: Vectors>(
        document: &'a Document,
        index: usize,
        learned: &Learned<W, V>,
    ) -> Self {
        let block = &document.blocks()[index];
        let text = document.slice(block.span);
        let ends = Ends::between(text, "");
        let next = document.blocks().get(index + 1).map(|next| Ends::between("", document.slice(next.span)));
        let last_mark = text.chars().next_back().filter(|c| !c.is_alphanumeric());
        let mut left = Self {
            index,
            kind: block.kind,
            text,
            end: End::of(text),
            has_sentence: has_sentence(text),
            before: OnceCell::new(),
            open_bracket: OnceCell::new(),
            in_list: is_list_item(document, index),
            last_mark: last_mark.map_or(0, |c| u64::from(u32::from(c))),
            ending: OnceCell::new(),
            characters: ends.left,
            vector: OnceCell::new(),
            flow: OnceCell::new(),
            tail: learned.ends_in_word(&ends),
            cut: learned.end(&ends),
            next: next.map_or(99, |next| step(learned.start(&next), 2.0)),
            scores: [0.0; 2],
        };
        let fixed = left.features(document);
        left.scores = [0, 1].map(|far| {
            learned.weights.score(&fixed) + learned.weights.score(&left.features_by_distance(far))
        });
        left
    }

    /// What speaks of it alone.
    pub(super) fn features(&self, document: &Document) -> [Feature; 7] {
        let (text, kind) = (self.text, self.kind as u64);
        let above = neighbour(document, self.index.checked_sub(1));
        let next = document.blocks().get(self.index + 1);
        let below = neighbour(document, Some(self.index + 1));
        let opening = u64::from(next.is_some_and(|next| opens_paragraph(document.slice(next.span))));
        [
            Template(328).value(below).and(kind),
            Template(329).value(below).and(above).and(u64::from(self.kind == BlockKind::Headline)),
            Template(337).value(opening).and(kind).and(above),
            Template(303).value(step(self.cut, 0.5)).and(u64::from(self.kind == BlockKind::Headline)),
            Template(309).value(length(text)).and(self.has_sentence.into()).and(kind),
            Template(316).value(above).and(kind),
            Template(327).value(kind).and(u64::from(text.contains(is_gap))).and(above),
        ]
    }

    /// The vectors of its last characters, summed.
    pub(super) fn vector<W, V: Vectors>(&self, learned: &Learned<W, V>) -> &[f32; WIDTH] {
        let ends = || Ends { left: self.characters, ..Ends::NONE };
        self.vector.get_or_init(|| learned.vectors.sum(&ends().left_units()))
    }

    /// What the encoder makes of its end.
    pub(super) fn flow(&self, reader: &Reader) -> &encoder::Vector {
        self.flow.get_or_init(|| reader.before(self.text))
    }

    /// What rules see in it.
    pub(super) fn before(&self) -> Before {
        *self.before.get_or_init(|| Before::of(self.text, self.has_sentence))
    }

    /// The innermost bracket that it leaves open.
    pub(super) fn open_bracket(&self) -> Option<char> {
        *self.open_bracket.get_or_init(|| open_bracket(self.text))
    }

    /// The word across the place where `right` would go on from it.
    pub(super) fn word_across(&self, right: &Right<'_>) -> Option<WordAcross> {
        self.ending.get_or_init(|| Ending::of(self.text)).as_ref()?.word_across(right.text)
    }

    /// What speaks of it and of whether the right block stands `far` away.
    pub(super) fn features_by_distance(&self, far: u64) -> [Feature; 1] {
        [Template(315).value(far).and(self.next)]
    }
}

/// A block that may go on.
#[derive(Debug)]
pub(super) struct Right<'a> {
    /// Its number.
    pub(super) index: usize,
    pub(super) kind: BlockKind,
    text: &'a str,
    behind: OnceCell<Behind>,
    /// A class for its length.
    pub(super) length: u64,
    /// Its first characters as [`Ends`] has them.
    pub(super) characters: [char; REACH],
    vector: OnceCell<[f32; WIDTH]>,
    flow: OnceCell<encoder::Vector>,
    /// How much likelier it starts inside a paragraph than one starts so.
    pub(super) start: f32,
    /// How much likelier it starts inside a word than with one.
    pub(super) head: f32,
    /// What its features weigh where it stands right behind the left block, and
    /// where it stands farther on.
    pub(super) scores: [f32; 2],
}

impl<'a> Right<'a> {
    /// The block `index` of `document`.
    pub(super) fn of<W: Weights, V: Vectors>(
        document: &'a Document,
        index: usize,
        learned: &Learned<W, V>,
    ) -> Self {
        let Block { span, kind, .. } = document.blocks()[index];
        let text = document.slice(span);
        let ends = Ends::between("", text);
        let mut right = Self {
            index,
            kind,
            text,
            behind: OnceCell::new(),
            length: length(text),
            characters: ends.right,
            vector: OnceCell::new(),
            flow: OnceCell::new(),
            start: learned.start(&ends),
            head: learned.starts_in_word(&ends),
            scores: [0.0; 2],
        };
        let fixed = right.features();
        right.scores = [0, 1].map(|far| {
            learned.weights.score(&fixed) + learned.weights.score(&right.features_by_distance(document, far))
        });
        right
    }

    /// What speaks of it alone.
    pub(super) fn features(&self) -> [Feature; 4] {
        let start = step(self.start, 2.0);
        [
            Template(302).value(step(self.start, 0.5)),
            Template(310).value(self.length).and(has_sentence(self.text).into()),
            Template(311).value(clause(self.text)).and(start),
            Template(326).value(step(self.head, 2.0)).and(start),
        ]
    }

    /// What speaks of it and of whether it stands `far` away from the left block.
    pub(super) fn features_by_distance(&self, document: &Document, far: u64) -> [Feature; 6] {
        let start = step(self.start, 2.0);
        let before = neighbour(document, self.index.checked_sub(1).filter(|_| far == 1));
        [
            Template(312).value(End::of(self.text) as u64).and(far),
            Template(314).value(far).and(before),
            Template(317).value(neighbour(document, Some(self.index + 1))).and(far),
            Template(319).value(far).and(step(self.start, 1.0)),
            Template(325).value(far).and(step(self.head, 2.0)),
            Template(352).value(page_size(document)).and(start).and(far),
        ]
    }

    /// The vectors of its first characters, summed.
    pub(super) fn vector<W, V: Vectors>(&self, learned: &Learned<W, V>) -> &[f32; WIDTH] {
        let ends = || Ends { right: self.characters, ..Ends::NONE };
        self.vector.get_or_init(|| learned.vectors.sum(&ends().right_units()))
    }

    /// What the encoder makes of its beginning.
    pub(super) fn flow(&self, reader: &Reader) -> &encoder::Vector {
        self.flow.get_or_init(|| reader.behind(self.text))
    }

    /// What rules see in it.
    pub(super) fn behind(&self) -> Behind {
        *self.behind.get_or_init(|| Behind::of(self.text))
    }

    /// Whether it closes `open` before it opens another of its kind.
    pub(super) fn closes_first(&self, open: char) -> bool {
        let close = closing_of(open);
        let first = self.text.chars().take(200).find(|c| Some(*c) == close || *c == open);
        first.is_some_and(|c| Some(c) == close)
    }
}

/// Whether the block at `index` ends with a semicolon, and what stands above it
/// ends as an item of a list does, or with the colon before one.
fn is_list_item(document: &Document, index: usize) -> bool {
    let last = |index: usize| {
        document.slice(document.blocks()[index].span).trim_end_matches(is_gap).chars().next_back()
    };
    matches!(last(index), Some('；' | ';'))
        && index.checked_sub(1).is_some_and(|above| matches!(last(above), Some('；' | ';' | '：' | ':')))
}

/// The innermost bracket that `text` leaves open.
fn open_bracket(text: &str) -> Option<char> {
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        if closing_of(c).is_some() {
            open.push(c);
        } else if is_closing(c) && open.last().is_some_and(|o| closing_of(*o) == Some(c)) {
            open.pop();
        }
    }
    open.pop()
}

/// Characters up to the first punctuation, at most 12.
fn clause(text: &str) -> u64 {
    text.chars().take(12).take_while(|c| is_han(*c) || c.is_alphanumeric()).count() as u64
}
