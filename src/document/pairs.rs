//! The pairs of neighbouring Han characters of each block: what a text is about
//! shows in them without a dictionary. Each pair of a text has a number.

use super::Block;
use crate::chars::is_han;

/// Which pairs of Han characters stand in which block. The numbers of pairs are
/// given as they come, from 0.
#[derive(Debug, Default)]
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
        let mut pairs = Self::default();
        // Three bytes a character, and a few characters without a pair.
        pairs.numbers.reserve(text.len() / 3);
        // Of each pair, the block it was last seen in.
        let mut last: Vec<usize> = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let start = pairs.numbers.len();
            let mut head = None;
            // 0 for what is no Han character.
            let mut before = 0;
            for (at, here) in han(&text[block.span.range()]).enumerate() {
                if at == HEAD + 1 {
                    head = Some(pairs.numbers.len() - start);
                }
                if before != 0 && here != 0 {
                    let number = pairs.known.number(before << 32 | here);
                    match last.get_mut(number as usize) {
                        Some(last) if *last == index => {}
                        Some(last) => {
                            *last = index;
                            pairs.numbers.push(number);
                        }
                        None => {
                            last.push(index);
                            pairs.numbers.push(number);
                        }
                    }
                }
                before = here;
            }
            pairs.blocks.push((start, head.unwrap_or(pairs.numbers.len() - start)));
        }
        pairs
    }

    /// Whether the Han characters `a` and `b` stand side by side anywhere.
    #[must_use]
    pub fn has(&self, a: char, b: char) -> bool {
        self.known.find(u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))).is_ok()
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
    pub fn characters(&self, pair: u32) -> u64 {
        self.known.characters[pair as usize]
    }
}

/// The characters of `text` as numbers, with 0 for each that is not Han.
fn han(text: &str) -> impl Iterator<Item = u64> {
    let mut rest = text;
    std::iter::from_fn(move || {
        // U+5000 to U+9FFF, nearly all of them.
        if let [a @ 0xE5..=0xE9, b, c, ..] = *rest.as_bytes() {
            rest = &rest[3..];
            return Some(u64::from(a & 0x0F) << 12 | u64::from(b & 0x3F) << 6 | u64::from(c & 0x3F));
        }
        let mut chars = rest.chars();
        let c = chars.next()?;
        rest = chars.as_str();
        Some(if is_han(c) { u64::from(u32::from(c)) } else { 0 })
    })
}

/// The number of each pair: a table with open addressing, since a text has a
/// pair for nearly every character, and each is looked up once for it.
#[derive(Debug, Default)]
struct Known {
    /// Of each pair, its characters, the first one above.
    characters: Vec<u64>,
    /// The number of a pair and one, in the first free slot from the one that its
    /// hash names; 0 for a free one. A power of two of slots, half of them free.
    slots: Vec<u32>,
}

/// Slots of the first table: enough for most pages.
const SLOTS: usize = 1 << 13;

impl Known {
    /// The number of `pair`, which is given one if it has none.
    fn number(&mut self, pair: u64) -> u32 {
        if 2 * self.characters.len() >= self.slots.len() {
            self.grow();
        }
        self.find(pair).unwrap_or_else(|free| {
            let number = u32::try_from(self.characters.len()).expect("a text has fewer pairs than bytes");
            self.characters.push(pair);
            self.slots[free] = number + 1;
            number
        })
    }

    /// The number of `pair`, or the slot where it would stand.
    fn find(&self, pair: u64) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash(pair) & mask;
        loop {
            match self.slots.get(slot).copied().unwrap_or(0).checked_sub(1) {
                None => return Err(slot),
                Some(number) if self.characters[number as usize] == pair => return Ok(number),
                Some(_) => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(SLOTS);
        self.slots.clear();
        self.slots.resize(slots, 0);
        for (number, pair) in (1..).zip(&self.characters) {
            let mut slot = hash(*pair) & (slots - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// The high bits of a product are the well mixed ones (Fibonacci hashing).
fn hash(pair: u64) -> usize {
    (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

#[cfg(test)]
mod tests {
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
        assert!(pairs.has('水', '车') && !pairs.has('车', '水'));
    }

    #[test]
    fn a_head_ends_where_it_should() {
        let long: String = (0..600).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
        let document = Document::new(long);
        assert_eq!(document.pairs().of_head(0).len(), 400);
        assert_eq!(document.pairs().of_blocks(0, 1).len(), 599);
    }
}
