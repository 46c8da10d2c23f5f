//! How much two blocks are about the same: the pairs of Han characters that
//! stand in both, those that few blocks around have weighing more.

use std::collections::HashMap;

use crate::chars::is_han;
use crate::document::Document;

/// Blocks around the two in which a pair is counted.
const AROUND: usize = 8;
/// Code points of a block that are looked at: its topic shows early.
const LOOKED_AT: usize = 400;

type Pair = (char, char);

/// The pairs of characters of the blocks around those last asked for.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// In the order of the pairs, by block.
    blocks: HashMap<usize, Vec<Pair>>,
    /// What was answered: neighbours are asked for with every rival.
    answers: HashMap<(usize, usize), Option<f32>>,
}

/// Blocks that are kept: those around any two that are compared, and more.
const KEPT: usize = 16 * AROUND;

impl Words {
    /// How much of what they hold the blocks `a` and `b` share, from 0 to 1;
    /// `None` if the one has too little to tell by, or there is no such block.
    pub(super) fn shared(&mut self, document: &Document, a: usize, b: usize) -> Option<f32> {
        let count = document.blocks().len();
        if a.max(b) >= count {
            return None;
        }
        if let Some(answer) = self.answers.get(&(a, b)) {
            return *answer;
        }
        let answer = self.compared(document, a, b);
        if self.blocks.len() > KEPT {
            let is_near = |block: usize| block + 4 * AROUND > a.min(b);
            self.blocks.retain(|block, _| is_near(*block));
            self.answers.retain(|(first, _), _| is_near(*first));
        }
        self.answers.insert((a, b), answer);
        answer
    }

    fn compared(&mut self, document: &Document, a: usize, b: usize) -> Option<f32> {
        let count = document.blocks().len();
        let around = a.min(b).saturating_sub(AROUND)..count.min(a.max(b) + AROUND + 1);
        for index in around.clone() {
            self.blocks.entry(index).or_insert_with(|| pairs(document, index));
        }
        let (a, b) = (&self.blocks[&a], &self.blocks[&b]);
        if a.len().min(b.len()) < 4 {
            return None;
        }
        let others: Vec<&[Pair]> = around.map(|index| self.blocks[&index].as_slice()).collect();
        let both = a.iter().filter(|pair| b.binary_search(pair).is_ok());
        let weight = |pair: &Pair| {
            let homes = others.iter().filter(|pairs| pairs.binary_search(pair).is_ok()).count();
            1.0 / (homes.max(2) - 1) as f32
        };
        let sum: f32 = both.map(weight).sum();
        Some(sum / ((a.len() * b.len()) as f32).sqrt())
    }
}

/// The class of `shared` among 12.
pub(super) fn step_of(shared: Option<f32>) -> u64 {
    match shared {
        None => 0,
        Some(0.0) => 1,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
        Some(shared) => 2 + (9.0 + shared.log2() * 1.5).round().clamp(0.0, 9.0) as u64,
    }
}

fn pairs(document: &Document, index: usize) -> Vec<Pair> {
    let text = document.slice(document.blocks()[index].span);
    let behind = text.chars().skip(1);
    let mut pairs: Vec<Pair> =
        text.chars().zip(behind).take(LOOKED_AT).filter(|(a, b)| is_han(*a) && is_han(*b)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_about_the_same_share_more() {
        let text = "青禾镇的水车修好了，河边的人都来看水车。\n邻县的茶园今年收成好，茶农忙着采茶。\n水车转起来，青禾镇的人笑了。\n";
        let document = Document::new(text.to_owned());
        let mut words = Words::default();
        let mut shared = |a, b| words.shared(&document, a, b).expect("long enough");
        assert!(shared(0, 2) > shared(0, 1));
        assert!(shared(0, 2) > shared(1, 2));
    }
}
