//! How much two blocks are about the same: the pairs of Han characters that
//! stand in both, those that few blocks around have weighing more.

use rustc_hash::FxHashMap;

use crate::document::{Document, Pairs};

/// Blocks around the two in which a pair is counted.
const AROUND: usize = 8;

/// How much the blocks of a document share, as it is asked for.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pairs: &'a Pairs,
    /// How many blocks there are.
    count: usize,
    /// Of each pair, the block it was last looked up for.
    marked: Vec<usize>,
    /// The block whose pairs are marked.
    marks_of: usize,
    /// What was answered: neighbours are asked for with every rival.
    answers: FxHashMap<(usize, usize), Option<f32>>,
}

/// Answers that are kept before those about blocks far above are dropped.
const KEPT: usize = 1024;

impl<'a> Words<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        Self {
            pairs: document.pairs(),
            count: document.blocks().len(),
            marked: Vec::new(),
            marks_of: usize::MAX,
            answers: FxHashMap::default(),
        }
    }

    /// How much of what they hold the blocks `a` and `b` share, from 0 to 1;
    /// `None` if the one has too little to tell by, or there is no such block.
    pub(super) fn shared(&mut self, a: usize, b: usize) -> Option<f32> {
        if a.max(b) >= self.count {
            return None;
        }
        if let Some(answer) = self.answers.get(&(a, b)) {
            return *answer;
        }
        let answer = self.compared(a, b);
        if self.answers.len() > KEPT {
            self.answers.retain(|(first, _), _| first + 4 * AROUND > a.min(b));
        }
        self.answers.insert((a, b), answer);
        answer
    }

    fn compared(&mut self, a: usize, b: usize) -> Option<f32> {
        let (of_a, of_b) = (self.pairs.of_head(a), self.pairs.of_head(b));
        if of_a.len().min(of_b.len()) < 4 {
            return None;
        }
        self.mark(a);
        let mut both = of_b.iter().filter(|pair| self.marked[**pair as usize] == a).peekable();
        if both.peek().is_none() {
            return Some(0.0);
        }
        let around = a.min(b).saturating_sub(AROUND)..self.count.min(a.max(b) + AROUND + 1);
        let weight = |pair: &u32| {
            let having = around.clone().filter(|block| self.pairs.of_head(*block).contains(pair)).count();
            1.0 / (having.max(2) - 1) as f32
        };
        let sum: f32 = both.map(weight).sum();
        Some(sum / ((of_a.len() * of_b.len()) as f32).sqrt())
    }

    /// Marks the pairs of the block `index`.
    fn mark(&mut self, index: usize) {
        if self.marks_of == index {
            return;
        }
        self.marks_of = index;
        self.marked.resize(self.pairs.count(), usize::MAX);
        for pair in self.pairs.of_head(index) {
            self.marked[*pair as usize] = index;
        }
    }
}

/// The class of `shared`, under 12.
pub(super) fn class_of(shared: Option<f32>) -> u64 {
    match shared {
        None => 0,
        Some(0.0) => 1,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
        Some(shared) => 2 + (9.0 + shared.log2() * 1.5).round().clamp(0.0, 9.0) as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_about_the_same_share_more() {
        let text = "青禾镇的水车修好了，河边的人都来看水车。\n邻县的茶园今年收成好，茶农忙着采茶。\n水车转起来，青禾镇的人笑了。\n";
        let document = Document::new(text.to_owned());
        let mut words = Words::of(&document);
        let mut shared = |a, b| words.shared(a, b).expect("long enough");
        assert!(shared(0, 2) > shared(0, 1));
        assert!(shared(0, 2) > shared(1, 2));
    }
}
