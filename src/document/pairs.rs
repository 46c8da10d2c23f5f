//! The pairs of neighbouring Han characters of each block: what a text is about
//! shows in them without a dictionary. Each pair of a text has a number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

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
    /// Of each pair, its characters, the first one above.
    characters: Vec<u64>,
    /// The number of each pair.
    known: Known,
}

/// Code points of a block that are its head: its topic shows early.
const HEAD: usize = 400;

impl Pairs {
    pub(super) fn of(text: &str, blocks: &[Block]) -> Self {
        let mut pairs = Self::default();
        // Of each pair, the block it was last seen in.
        let mut last: Vec<usize> = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let start = pairs.numbers.len();
            let mut head = None;
            let mut before = None;
            for (at, c) in text[block.span.range()].chars().enumerate() {
                if at == HEAD + 1 {
                    head = Some(pairs.numbers.len() - start);
                }
                let here = is_han(c).then_some(u64::from(u32::from(c)));
                if let (Some(before), Some(here)) = (before, here) {
                    let number = pairs.number(before << 32 | here, &mut last);
                    if last[number as usize] != index {
                        last[number as usize] = index;
                        pairs.numbers.push(number);
                    }
                }
                before = here;
            }
            pairs.blocks.push((start, head.unwrap_or(pairs.numbers.len() - start)));
        }
        pairs
    }

    fn number(&mut self, pair: u64, last: &mut Vec<usize>) -> u32 {
        let next = u32::try_from(self.characters.len()).expect("a text has fewer pairs than bytes");
        let number = *self.known.entry(pair).or_insert(next);
        if number == next {
            self.characters.push(pair);
            last.push(usize::MAX);
        }
        number
    }

    /// Whether the Han characters `a` and `b` stand side by side anywhere.
    #[must_use]
    pub fn has(&self, a: char, b: char) -> bool {
        self.known.contains_key(&(u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))))
    }

    /// How many pairs the text has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.characters.len()
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
        self.characters[pair as usize]
    }
}

type Known = HashMap<u64, u32, BuildHasherDefault<Mixer>>;

/// Mixes the bits of a pair: the keys are no one's choice but the text's, and
/// the map is never gone through.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
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
