//! Which article of a page a paragraph is about, by the pairs of characters it
//! shares. What few blocks have weighs more. Linear in the text: what stands in
//! many blocks is looked up for those paragraphs alone that it could decide.

use std::ops::Range;

use crate::document::{Document, Pairs};

/// How much nearer the other article has to be.
const RATIO: f64 = 3.0;
/// How much of the paragraph the other article has to share.
const MIN_SHARE: f64 = 0.12;
/// Articles before and behind the own one that are looked at: more than stand
/// on a page.
const NEIGHBOURS: usize = 24;
/// Blocks that have a pair, at most, in each of the steps in which the pairs of a
/// paragraph are looked up: the rarer, the sooner found, and the more it weighs.
const STEPS: [u32; 3] = [16, 128, 1024];
/// What rounding may take from a sum.
const ROUNDING: f64 = 1e-9;

/// Which pairs of characters stand in which article.
pub(super) struct Words<'a> {
    pairs: &'a Pairs,
    articles: &'a [Range<usize>],
    /// Of each pair, the blocks that have it.
    blocks: Vec<u32>,
    /// Made for the first paragraph that may belong to another article.
    homes: Option<Homes>,
    /// Of each pair that several blocks have, the article that was last entered
    /// with it, and in how many of its blocks it stands.
    entered: Vec<(u32, u32)>,
}

/// The articles that have each pair, in order.
struct Homes {
    articles: Vec<u32>,
    /// Where those of each pair start, and where the last one's end.
    starts: Vec<usize>,
    /// Where those of each pair start that are near the article entered last.
    near: Vec<usize>,
}

impl<'a> Words<'a> {
    /// The pairs of `document`, whose `articles` are ranges of blocks.
    pub(super) fn of(document: &'a Document, articles: &'a [Range<usize>]) -> Self {
        let pairs = document.pairs();
        let mut blocks = vec![0_u32; pairs.count()];
        for pair in pairs.of_blocks(0, document.blocks().len()) {
            blocks[*pair as usize] += 1;
        }
        let entered = vec![(u32::MAX, 0); blocks.len()];
        Self { pairs, articles, blocks, homes: None, entered }
    }

    /// Makes the article `own` with these `blocks` the one that paragraphs are
    /// taken from. Articles are entered in order.
    pub(super) fn enter(&mut self, own: usize, blocks: &Range<usize>) {
        let own = u32::try_from(own).expect("a text has fewer articles than bytes");
        let all = self.pairs.of_blocks(blocks.start, blocks.end).iter();
        for pair in all.filter(|pair| self.blocks[**pair as usize] > 1) {
            let (last, count) = &mut self.entered[*pair as usize];
            *count = if *last == own { *count + 1 } else { 1 };
            *last = own;
        }
    }

    /// The article that the block at `index` of the article `own` shares so
    /// much more with that it seems to belong there.
    pub(super) fn nearer(&mut self, index: usize, own: usize) -> Option<usize> {
        let wanted = self.wanted(index)?;
        let beyond = STEPS.map(|most| {
            let beyond = self.of_block(index).filter(|pair| self.blocks[*pair as usize] > most);
            beyond.map(|pair| self.weight(pair)).sum::<f64>()
        });
        let mut shared = self.none_shared(own);
        let mut least = 0;
        for (most, beyond) in STEPS.into_iter().zip(beyond) {
            let blocks = |pair: &u32| self.blocks[*pair as usize];
            let step: Vec<u32> =
                self.of_block(index).filter(|pair| (least..=most).contains(&blocks(pair))).collect();
            self.share(&step, own, &mut shared);
            let nearest = shared.iter().copied().fold(0.0, f64::max);
            if nearest + beyond + ROUNDING < wanted {
                return None;
            }
            least = most + 1;
        }
        self.decide(index, own)
    }

    /// How much another article has to share with the block at `index` of the
    /// article entered last; `None` if none can.
    fn wanted(&self, index: usize) -> Option<f64> {
        // What all of it weighs, what its own article has twice, and what any other
        // block has. Most pairs stand in no other block.
        let (mut alone, mut all, mut here, mut there) = (0_u32, 0.0, 0.0, 0.0);
        for pair in self.of_block(index) {
            let blocks = self.blocks[pair as usize];
            if blocks == 1 {
                alone += 1;
                continue;
            }
            let (weight, (_, own_blocks)) = (self.weight(pair), self.entered[pair as usize]);
            all += weight;
            here += if own_blocks > 1 { weight } else { 0.0 };
            there += if own_blocks < blocks { weight } else { 0.0 };
        }
        let wanted = (MIN_SHARE * (all + f64::from(alone))).max(RATIO * here);
        // No article shares more than what stands outside the own one.
        (wanted <= there + ROUNDING).then_some(wanted)
    }

    /// As [`nearer`](Self::nearer), where it may be so. Sums in the order of the
    /// characters, so that articles as near come out the same in any text.
    fn decide(&mut self, index: usize, own: usize) -> Option<usize> {
        let mut pairs: Vec<u32> = self.of_block(index).collect();
        pairs.sort_unstable_by_key(|pair| self.pairs.characters(*pair));
        let all: f64 = pairs.iter().map(|pair| self.weight(*pair)).sum();
        let twice = pairs.iter().filter(|pair| self.stands_twice(**pair));
        let here = twice.map(|pair| self.weight(*pair)).sum::<f64>() / all;
        let mut shared = self.none_shared(own);
        self.share(&pairs, own, &mut shared);
        let first = own.saturating_sub(NEIGHBOURS);
        let others = (first..).zip(shared).filter(|(article, _)| *article != own);
        let others = others.map(|(article, shared)| (article, shared / all));
        let (best, there) = others.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (there >= MIN_SHARE && there >= RATIO * here).then_some(best)
    }

    fn of_block(&self, index: usize) -> impl Iterator<Item = u32> + Clone + 'a {
        self.pairs.of_blocks(index, index + 1).iter().copied()
    }

    /// What `pair` weighs: the more blocks have it, the less.
    fn weight(&self, pair: u32) -> f64 {
        1.0 / f64::from(self.blocks[pair as usize])
    }

    /// Whether two blocks of the article entered last have `pair`, which stands
    /// there.
    fn stands_twice(&self, pair: u32) -> bool {
        self.entered[pair as usize].1 > 1
    }

    /// Nothing shared with any of the articles near `own`.
    fn none_shared(&self, own: usize) -> Vec<f64> {
        vec![0.0; own - own.saturating_sub(NEIGHBOURS) + NEIGHBOURS + 1]
    }

    /// Adds to `shared`, by weight, how much of `pairs` each of the articles near
    /// `own` has, that one left out.
    fn share(&mut self, pairs: &[u32], own: usize, shared: &mut [f64]) {
        let first = own.saturating_sub(NEIGHBOURS);
        let homes = self.homes.get_or_insert_with(|| Homes::of(self.pairs, self.articles));
        for &pair in pairs {
            let weight = 1.0 / f64::from(self.blocks[pair as usize]);
            for article in homes.near(pair, first, own + NEIGHBOURS).filter(|article| *article != own) {
                shared[article - first] += weight;
            }
        }
    }
}

impl Homes {
    fn of(pairs: &Pairs, articles: &[Range<usize>]) -> Self {
        let numbers = pairs.count();
        let mut ends = vec![0; numbers + 1];
        each_home(pairs, articles, |pair, _| ends[pair + 1] += 1);
        for at in 0..numbers {
            ends[at + 1] += ends[at];
        }
        let firsts = ends.clone();
        let mut homes = vec![0; ends[numbers]];
        each_home(pairs, articles, |pair, article| {
            homes[ends[pair]] = article;
            ends[pair] += 1;
        });
        Self { articles: homes, near: firsts.clone(), starts: firsts }
    }

    /// The articles from `first` to `last` that have `pair`. `first` never goes
    /// back.
    fn near(&mut self, pair: u32, first: usize, last: usize) -> impl Iterator<Item = usize> + '_ {
        let (near, end) = (&mut self.near[pair as usize], self.starts[pair as usize + 1]);
        *near += self.articles[*near..end].iter().take_while(|article| (**article as usize) < first).count();
        let articles = self.articles[*near..end].iter().map(|article| *article as usize);
        articles.take_while(move |article| *article <= last)
    }
}

/// Calls `found` with each pair of each article, once for both: an article may
/// have thousands of blocks.
fn each_home(pairs: &Pairs, articles: &[Range<usize>], mut found: impl FnMut(usize, u32)) {
    let mut last = vec![u32::MAX; pairs.count()];
    for (number, article) in (0_u32..).zip(articles) {
        for pair in pairs.of_blocks(article.start, article.end).iter().map(|pair| *pair as usize) {
            if last[pair] != number {
                last[pair] = number;
                found(pair, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_nearer_to_the_article_with_its_words() {
        let text = "青禾镇的水车转起来了。\n老水车修好了，青禾镇的人都来看。\n\
                    邻县的茶园开始采茶。\n水车匠人说，青禾镇的水车还能转十年。\n茶农在邻县的茶园里采茶。\n";
        let document = Document::new(text.to_owned());
        let articles = [0..2, 2..5];
        let mut words = Words::of(&document, &articles);
        words.enter(0, &articles[0]);
        assert_eq!(words.nearer(1, 0), None);
        words.enter(1, &articles[1]);
        assert_eq!(words.nearer(3, 1), Some(0));
        assert_eq!(words.nearer(4, 1), None);
    }
}
