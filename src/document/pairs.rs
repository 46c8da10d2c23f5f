//! The pairs of neighbouring Han characters of each block: what a text is about
//! shows in them without a dictionary. Each pair of a text has a number.

use super::Block;
use crate::chars::{is_common_han, is_han};

/// Which pairs of Han characters stand in which block. The numbers of pairs are
/// given as they come, from 0.
#[derive(Debug)]
pub struct Pairs {
    /// Those of all blocks, one block behind the other.
    numbers: Vec<u32>,
    /// Where those of each block start in it, and how many of them stand in its
    /// head.
    blocks: Vec<(usize, usize)>,
    known: Known,
}

/// Code points of a block that are its head: its topic shows early.
const HEAD: usize = 400;

impl Pairs {
    pub(super) fn of(text: &str, blocks: &[Block]) -> Self {
        // Three bytes a character, and a few characters without a pair.
        let most = text.len() / 3;
        let mut pairs = Self {
            numbers: Vec::with_capacity(most),
            blocks: Vec::with_capacity(blocks.len()),
            known: Known::with_room_for(most),
        };
        for (block, Block { span, .. }) in (1..).zip(blocks) {
            let (start, text) = (pairs.numbers.len(), &text[span.range()]);
            let (head, rest) = text.split_at(end_of_head(text));
            let last = pairs.take(head, NO_HAN, block);
            pairs.blocks.push((start, pairs.numbers.len() - start));
            pairs.take(rest, last, block);
        }
        pairs
    }

    /// Takes the pairs of `text`, a part of the block number `block` that follows
    /// the character `before`, and gives its last one, each as its [`code`].
    fn take(&mut self, text: &str, mut before: u16, block: u32) -> u16 {
        let mut rest = text;
        loop {
            let here;
            (here, rest) = match rest.as_bytes() {
                // Nearly all of them: no need to look which character it is.
                [a, b, c, ..] if is_common_han(&[*a, *b, *c]) => {
                    let low = |byte: u8| u16::from(byte & 0x3F);
                    (u16::from(*a) << 12 | low(*b) << 6 | low(*c), &rest[3..])
                }
                [] => return before,
                _ => {
                    let mut chars = rest.chars();
                    (chars.next().map_or(NO_HAN, code), chars.as_str())
                }
            };
            if before != NO_HAN
                && here != NO_HAN
                && let Some(number) = self.known.number(pair(before, here), block)
            {
                self.numbers.push(number);
            }
            before = here;
        }
    }

    /// Whether the Han characters `a` and `b` stand side by side anywhere; `true` for those
    /// beyond the Basic Multilingual Plane, too, whose pairs aren't kept.
    #[must_use]
    pub fn may_have(&self, a: char, b: char) -> bool {
        let (a, b) = (code(a), code(b));
        a == NO_HAN || b == NO_HAN || self.known.has(pair(a, b))
    }

    /// How many pairs the text has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known.characters.len()
    }

    /// The pairs of the blocks from `first` up to `end`, each once for a block,
    /// in the order of the text.
    #[must_use]
    pub fn of_blocks(&self, first: usize, end: usize) -> &[u32] {
        let start = |index: usize| self.blocks.get(index).map_or(self.numbers.len(), |(start, _)| *start);
        &self.numbers[start(first)..start(end)]
    }

    /// The pairs among the first 400 code points of the block at `index`, each
    /// once.
    #[must_use]
    pub fn of_head(&self, index: usize) -> &[u32] {
        let (start, head) = self.blocks[index];
        &self.numbers[start..start + head]
    }

    /// The characters of `pair`, as a number that sorts as they do.
    #[must_use]
    pub fn characters(&self, pair: u32) -> u32 {
        self.known.characters[pair as usize]
    }
}

/// What stands for any character that makes no pair.
const NO_HAN: u16 = 0;

/// The code point of `c`; [`NO_HAN`] if it is no Han character, or one of those beyond
/// the Basic Multilingual Plane, which are too rare to tell what a text is about.
fn code(c: char) -> u16 {
    if is_han(c) { u16::try_from(u32::from(c)).unwrap_or(NO_HAN) } else { NO_HAN }
}

fn pair(before: u16, here: u16) -> u32 {
    u32::from(before) << 16 | u32::from(here)
}

/// Where the head of a block with this `text` ends: behind the second character
/// of its last pair.
fn end_of_head(text: &str) -> usize {
    let mut chars = text.chars();
    if text.len() > HEAD + 1 {
        chars.nth(HEAD);
        return text.len() - chars.as_str().len();
    }
    text.len()
}

/// The number of each pair: a table with open addressing, since a text has a
/// pair for nearly every character, and each is looked up once for it.
#[derive(Debug)]
struct Known {
    /// Of each pair, its characters, the first one above.
    characters: Vec<u32>,
    /// Each pair, in the first free slot from the one that its hash names. A power
    /// of two of slots, half of them free.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Its characters; 0 for a free slot.
    pair: u32,
    number: u32,
    /// The block it was last seen in.
    block: u32,
}

/// Slots of the first table: few for a line, enough for most pages.
const SLOTS: std::ops::RangeInclusive<usize> = 1 << 6..=1 << 14;

impl Known {
    /// With a table for a text of `most` pairs, of which three in four are new, or for
    /// the first of them.
    fn with_room_for(most: usize) -> Self {
        let slots = (most * 3 / 2).next_power_of_two().clamp(*SLOTS.start(), *SLOTS.end());
        Self { characters: Vec::with_capacity(most), slots: vec![Slot::default(); slots] }
    }

    /// The number of `pair`, which is given one if it has none; `None` if it was
    /// the same `block` that it was last asked for with.
    #[inline]
    fn number(&mut self, pair: u32, block: u32) -> Option<u32> {
        let at = self.slot_of(pair);
        let slot = &mut self.slots[at];
        if slot.pair == 0 {
            return Some(self.enter(at, pair, block));
        }
        let is_new = slot.block != block;
        slot.block = block;
        is_new.then_some(slot.number)
    }

    fn enter(&mut self, at: usize, pair: u32, block: u32) -> u32 {
        let number = u32::try_from(self.characters.len()).expect("a text has fewer pairs than bytes");
        self.slots[at] = Slot { pair, number, block };
        self.characters.push(pair);
        if 2 * self.characters.len() > self.slots.len() {
            self.grow();
        }
        number
    }

    fn has(&self, pair: u32) -> bool {
        self.slots[self.slot_of(pair)].pair == pair
    }

    /// The slot of `pair`, or the one where it would stand.
    #[inline]
    fn slot_of(&self, pair: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(pair) & mask;
        while self.slots[at].pair != pair && self.slots[at].pair != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let slots = vec![Slot::default(); 2 * self.slots.len()];
        for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|slot| slot.pair != 0) {
            let at = self.slot_of(slot.pair);
            self.slots[at] = slot;
        }
    }
}

/// The high bits of a product are the well mixed ones (Fibonacci hashing).
#[inline]
fn hash(pair: u32) -> usize {
    (u64::from(pair).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_pair_has_one_number_and_stands_once_in_a_block() {
        let document = Document::new("青禾青禾，水车\n水车，青禾镇\n\n1 a".to_owned());
        let pairs = document.pairs();
        assert_eq!(pairs.of_blocks(0, 1).len(), 3, "青禾, 禾青, 水车");
        assert_eq!(pairs.of_blocks(1, 2), [pairs.of_head(0)[2], pairs.of_head(0)[0], 3]);
        assert_eq!(pairs.of_blocks(0, 3).len(), 6);
        assert!(pairs.of_head(2).is_empty());
        assert_eq!(pairs.count(), 4);
        assert!(pairs.may_have('水', '车') && !pairs.may_have('车', '水'));
    }

    #[test]
    fn only_han_characters_of_the_basic_plane_make_pairs() {
        let text = "青a\u{E9}禾\u{3400}\u{3007}，\u{20000}\u{1F600}\u{F900}\u{4E00}\u{9FFF}。";
        let document = Document::new(text.to_owned());
        let characters: Vec<char> = text.chars().collect();
        for ends in characters.windows(2).filter(|ends| ends.iter().all(|c| is_han(*c) && *c < '\u{10000}')) {
            assert!(document.pairs().may_have(ends[0], ends[1]), "{ends:?}");
        }
        assert_eq!(document.pairs().count(), 4);
    }

    #[test]
    fn a_head_ends_where_it_should() {
        let long: String = (0..600).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
        let document = Document::new(long);
        assert_eq!(document.pairs().of_head(0).len(), 400);
        assert_eq!(document.pairs().of_blocks(0, 1).len(), 599);
        let short = Document::new("a".repeat(399) + "青禾镇");
        assert_eq!(short.pairs().of_head(0).len(), 1);
    }
}
