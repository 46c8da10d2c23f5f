//! The damaged page: blocks split, moved apart and taken twice, and the gold
//! beside it.

use std::collections::BTreeSet;

use super::breaks::places;
use super::duplicates;
use super::layout::{Block, Role};
use super::page::damage_characters;
use super::rates::{Counts, Kind, Rates};
use super::rng::Rng;
use crate::chars::{ends_sentence, is_closing, is_gap};

/// Code points of a paragraph that may be split, and of its parts.
const MIN_PARAGRAPH: usize = 50;
const MIN_HEAD: usize = 20;
const MIN_TAIL: usize = 4;
/// Code points from which a part may be split again.
const LONG: usize = 150;

/// A page being put together.
pub(super) struct Assembly<'a> {
    rates: &'a Rates,
    /// Whether the marks of this page are intact.
    marks_intact: bool,
    input: Vec<String>,
    /// The damaged text of each block, whole.
    damaged: Vec<String>,
    /// The blocks taken twice: what stands three times is a refrain.
    copied: BTreeSet<usize>,
    /// Copies and rests that are to come: blocks still to be written before.
    pending: Vec<(usize, String)>,
    pub(super) counts: Counts,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(rates: &'a Rates, marks_intact: bool, counts: Counts) -> Self {
        Self {
            rates,
            marks_intact,
            input: Vec::new(),
            damaged: Vec::new(),
            copied: BTreeSet::new(),
            pending: Vec::new(),
            counts,
        }
    }

    /// Writes `blocks` damaged; gives the paragraphs of the input. `blocks` come
    /// out in the order of gold: what is moved between the parts of a paragraph
    /// comes behind it.
    pub(super) fn write(mut self, blocks: &mut Vec<Block>, rng: &mut Rng) -> (Vec<String>, Counts) {
        let mut at = 0;
        while at < blocks.len() {
            let text = damage_characters(&blocks[at], self.rates, self.marks_intact, rng, &mut self.counts);
            self.damaged.push(text.clone());
            if self.pending.is_empty() && can_be_split(&blocks[at]) && rng.chance(self.rates.split) {
                self.split(blocks, at, &text, rng);
            } else {
                self.copy_block(&blocks[at], at, &text, rng);
            }
            let ends = blocks.get(at + 1).is_none_or(|next| next.article != blocks[at].article);
            if ends && self.pending.is_empty() && rng.chance(self.rates.article_twice) {
                self.copy_article(&blocks[..=at], rng);
            }
            at += 1;
        }
        for (_, text) in std::mem::take(&mut self.pending) {
            self.input.push(text);
        }
        (self.input, self.counts)
    }

    fn count(&mut self, kind: Kind) {
        *self.counts.entry(kind).or_default() += 1;
    }

    /// Writes a block, and what was to come behind it.
    fn put(&mut self, text: String) {
        self.input.push(text);
        for (left, _) in &mut self.pending {
            *left = left.saturating_sub(1);
        }
        let due = std::mem::take(&mut self.pending);
        for (left, text) in due {
            if left == 0 { self.input.push(text) } else { self.pending.push((left, text)) }
        }
    }

    /// Writes the block at `at`, damaged to `text`, in two parts or three.
    fn split(&mut self, blocks: &mut Vec<Block>, at: usize, text: &str, rng: &mut Rng) {
        let Some((head, mut tail)) = part(text, MIN_TAIL, rng) else {
            self.put(text.to_owned());
            return;
        };
        self.put(head);
        if tail.chars().count() >= LONG
            && rng.chance(self.rates.split_again)
            && let Some((middle, end)) = part(&tail, MIN_TAIL, rng)
        {
            self.count(Kind::Split);
            self.put(middle);
            tail = end;
        }
        let twice = rng.chance(self.rates.split_twice) && duplicates::is_long_enough(&tail);
        let between = rng.chance(self.rates.split_between);
        let apart = if between { bring_between(blocks, at, rng) } else { 0 };
        match apart {
            0 => {
                self.count(Kind::Split);
                self.put(tail.clone());
            }
            _ => {
                self.count(Kind::Interleaved);
                self.pending.push((apart, tail.clone()));
            }
        }
        if twice {
            self.copied.insert(at);
            self.count(Kind::TailTwice);
            self.pending.push((apart + rng.within(1, 3), tail));
        }
    }

    /// Writes the block, and perhaps a copy of it soon.
    fn copy_block(&mut self, block: &Block, at: usize, text: &str, rng: &mut Rng) {
        let twice =
            self.pending.is_empty() && duplicates::can_be_copied(block) && rng.chance(self.rates.block_twice);
        self.put(text.to_owned());
        if twice {
            self.copied.insert(at);
            self.count(Kind::BlockTwice);
            let copy = self.copy_of(block, text, rng);
            match rng.below(4) {
                0 => self.input.push(copy),
                wait => self.pending.push((wait, copy)),
            }
        }
    }

    fn copy_article(&mut self, blocks: &[Block], rng: &mut Rng) {
        let Some(range) = duplicates::part_of_article(blocks, &self.copied, rng) else { return };
        self.count(Kind::ArticleTwice);
        for at in range {
            let copy = self.copy_of(&blocks[at], &self.damaged[at], rng);
            self.input.push(copy);
        }
    }

    /// The second copy of a block: mostly the same, else damaged anew. Damage of
    /// a copy that goes is not counted.
    fn copy_of(&self, block: &Block, text: &str, rng: &mut Rng) -> String {
        if rng.chance(self.rates.copy_differs) {
            damage_characters(block, self.rates, self.marks_intact, rng, &mut Counts::new())
        } else {
            text.to_owned()
        }
    }
}

/// Parts `text` where a column could end; a gap there is lost.
fn part(text: &str, min_tail: usize, rng: &mut Rng) -> Option<(String, String)> {
    let place = *rng.pick(&places(text, MIN_HEAD, min_tail))?;
    let (head, tail) = text.split_at(place);
    Some((head.trim_matches(is_gap).to_owned(), tail.trim_matches(is_gap).to_owned()))
}

fn can_be_split(block: &Block) -> bool {
    let last = block.text.chars().rev().find(|c| !is_closing(*c));
    block.role == Role::Paragraph
        && last.is_some_and(ends_sentence)
        && block.text.chars().count() >= MIN_PARAGRAPH
}

/// Moves one or two blocks of another article behind the one at `at`, where
/// gold has them; gives how many.
fn bring_between(blocks: &mut Vec<Block>, at: usize, rng: &mut Rng) -> usize {
    let home = blocks[at].article;
    let starts: Vec<usize> = (at + 1..blocks.len())
        .filter(|from| blocks[*from].article != home && can_stand_between(&blocks[*from]))
        .collect();
    let Some(&from) = rng.pick(&starts) else { return 0 };
    let two = rng.chance(0.3) && blocks.get(from + 1).is_some_and(can_stand_between);
    let count = if two { 2 } else { 1 };
    let moved: Vec<Block> =
        blocks.drain(from..from + count).map(|block| Block { article: home, ..block }).collect();
    blocks.splice(at + 1..at + 1, moved);
    count
}

/// A whole paragraph, caption or credit.
fn can_stand_between(block: &Block) -> bool {
    let last = block.text.chars().rev().find(|c| !is_closing(*c));
    block.role == Role::Matter || (block.role == Role::Paragraph && last.is_some_and(ends_sentence))
}
