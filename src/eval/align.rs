//! Which character of gold each content character of a text is.
//!
//! Blocks may have been moved, cut, removed or doubled, so no single path leads
//! through both texts. Each block is covered by the longest stretches it has in
//! common with gold, found through the k-grams of gold; what is left between
//! two stretches that follow each other is aligned by an edit script; and a
//! block that is too short or too damaged for that is placed as a whole. The
//! cost grows with the length of the texts, not with its square.

mod gaps;

use std::collections::HashMap;
use std::ops::Range;

use super::content::Content;

/// Length of the k-grams that stretches are found by.
const GRAM: usize = 4;

/// Places of one k-gram that are tried; what occurs more often is no anchor.
const MAX_PLACES: usize = 64;

/// A stretch as long as this is no chance; a shorter one has to follow the one
/// before, or to be a whole block.
const SURE: usize = 8;

/// How far a stretch that follows the one before may lie from its end.
const NEAR: usize = 48;

/// Where the content characters of a text stand in gold.
#[derive(Debug)]
pub(super) struct Alignment {
    /// For each content character of the text its place in gold.
    to_gold: Vec<Option<usize>>,
    /// For each content character of gold the first of its places in the text
    /// and how many there are, as a range of `places`.
    starts: Vec<usize>,
    places: Vec<usize>,
}

/// Characters `text..text + len` are `gold..gold + len`.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    text: usize,
    gold: usize,
    len: usize,
}

impl Stretch {
    fn text_end(self) -> usize {
        self.text + self.len
    }

    fn gold_end(self) -> usize {
        self.gold + self.len
    }
}

/// Gold, made ready to be found in.
pub(super) struct Index {
    folded: Vec<char>,
    /// Where each k-gram begins, in order.
    grams: HashMap<[char; GRAM], Vec<usize>>,
    /// Blocks too short to hold a k-gram.
    short_blocks: HashMap<Vec<char>, Vec<usize>>,
}

impl Index {
    pub(super) fn new(gold: &Content) -> Self {
        let folded: Vec<char> = gold.folded(0..gold.chars.len()).collect();
        let mut grams: HashMap<[char; GRAM], Vec<usize>> = HashMap::with_capacity(folded.len());
        for (at, gram) in folded.windows(GRAM).enumerate() {
            grams.entry(gram.try_into().expect("windows of that length")).or_default().push(at);
        }
        let mut short_blocks: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
        for block in gold.blocks.iter().filter(|block| block.chars.len() < GRAM) {
            short_blocks.entry(folded[block.chars.clone()].to_vec()).or_default().push(block.chars.start);
        }
        Self { folded, grams, short_blocks }
    }

    /// Aligns `text` with gold.
    pub(super) fn align(&self, text: &Content) -> Alignment {
        let folded: Vec<char> = text.folded(0..text.chars.len()).collect();
        let mut search = Search {
            index: self,
            text,
            folded: &folded,
            to_gold: vec![None; folded.len()],
            claims: vec![0; self.folded.len()],
        };
        let stretches = search.stretches();
        search.claim_short_blocks();
        gaps::fill(&mut search, &stretches);
        gaps::place_blocks(&mut search);
        let to_gold = search.to_gold;
        Alignment::new(to_gold, self.folded.len())
    }

    fn places(&self, at: &[char]) -> &[usize] {
        let places = at.first_chunk::<GRAM>().and_then(|gram| self.grams.get(gram));
        places.map_or(&[], Vec::as_slice)
    }
}

/// An alignment in the making.
struct Search<'a> {
    index: &'a Index,
    text: &'a Content,
    folded: &'a [char],
    to_gold: Vec<Option<usize>>,
    /// How many characters of the text are said to be each one of gold.
    claims: Vec<u32>,
}

impl Search<'_> {
    /// Covers each block with its longest stretches of gold, in order.
    fn stretches(&mut self) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        for block in &self.text.blocks {
            let mut at = block.chars.start;
            while at < block.chars.end {
                let Some(stretch) = self.longest(at, &block.chars, found.last()) else {
                    at += 1;
                    continue;
                };
                let stretch = self.settle_overlap(stretch, block.chars.start, &mut found);
                self.claim(stretch);
                at = stretch.text_end();
                found.push(stretch);
            }
        }
        found
    }

    /// The longest stretch of gold that begins at `at`, the one that follows
    /// `last` and those nothing else has claimed put first.
    fn longest(&self, at: usize, block: &Range<usize>, last: Option<&Stretch>) -> Option<Stretch> {
        let rest = &self.folded[at..block.end];
        let expected = last.map_or(0, |last| last.gold_end());
        let follows = |gold: usize| {
            last.is_some_and(|last| {
                gold + NEAR > last.gold_end()
                    && gold < last.gold_end() + NEAR
                    && gold > last.gold
                    && at - last.text_end() < NEAR
            })
        };
        let places = self.index.places(rest);
        let places = if places.len() > MAX_PLACES {
            // Of a common phrase only what follows can be told apart.
            let near = places.partition_point(|place| *place < expected);
            &places[near.saturating_sub(1)..(near + 2).min(places.len())]
        } else {
            places
        };
        let best = places.iter().map(|gold| {
            let len = common(rest, &self.index.folded[*gold..]);
            let bonus = if follows(*gold) { SURE } else { 0 };
            let claims = self.claims[*gold..gold + len].iter().filter(|claims| **claims > 0).count();
            (len + bonus, std::cmp::Reverse(claims), std::cmp::Reverse(gold.abs_diff(expected)), *gold, len)
        });
        let (worth, _, _, gold, len) = best.max()?;
        let whole = len == block.len();
        (worth >= SURE || whole).then_some(Stretch { text: at, gold, len })
    }

    /// Characters that a stretch and the one before it in the same block both
    /// take for the same ones of gold are doubled: the later ones count.
    fn settle_overlap(&mut self, stretch: Stretch, block_start: usize, found: &mut [Stretch]) -> Stretch {
        if let Some(last) = found.last_mut()
            && last.text >= block_start
            && last.gold < stretch.gold
            && stretch.gold < last.gold_end()
            && last.gold_end() - stretch.gold < SURE
        {
            let doubled = last.gold_end() - stretch.gold;
            last.len -= doubled;
            for at in last.text_end()..last.text_end() + doubled {
                self.unset(at);
            }
        }
        stretch
    }

    fn claim(&mut self, stretch: Stretch) {
        for offset in 0..stretch.len {
            self.set(stretch.text + offset, stretch.gold + offset);
        }
    }

    fn set(&mut self, text: usize, gold: usize) {
        self.unset(text);
        self.to_gold[text] = Some(gold);
        self.claims[gold] += 1;
    }

    fn unset(&mut self, text: usize) {
        if let Some(gold) = self.to_gold[text].take() {
            self.claims[gold] -= 1;
        }
    }

    /// Blocks shorter than a k-gram are found whole, the first not yet taken.
    fn claim_short_blocks(&mut self) {
        for block in self.text.blocks.iter().filter(|block| block.chars.len() < GRAM) {
            let places = self.index.short_blocks.get(&self.folded[block.chars.clone()]);
            let free = places.into_iter().flatten().min_by_key(|place| (self.claims[**place], **place));
            if let Some(gold) = free.copied() {
                self.claim(Stretch { text: block.chars.start, gold, len: block.chars.len() });
            }
        }
    }
}

/// How many characters `a` and `b` begin with together.
fn common(a: &[char], b: &[char]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

impl Alignment {
    fn new(to_gold: Vec<Option<usize>>, gold_len: usize) -> Self {
        let mut starts = vec![0; gold_len + 1];
        for gold in to_gold.iter().flatten() {
            starts[gold + 1] += 1;
        }
        for at in 0..gold_len {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut places = vec![0; starts[gold_len]];
        for (text, gold) in to_gold.iter().enumerate() {
            if let Some(gold) = gold {
                places[next[*gold]] = text;
                next[*gold] += 1;
            }
        }
        Self { to_gold, starts, places }
    }

    /// The place in gold of a content character of the text.
    pub(super) fn to_gold(&self, text: usize) -> Option<usize> {
        self.to_gold[text]
    }

    /// The places in the text of a content character of gold, in order.
    pub(super) fn in_text(&self, gold: usize) -> &[usize] {
        &self.places[self.starts[gold]..self.starts[gold + 1]]
    }

    /// Whether the text holds a content character of gold at all.
    pub(super) fn holds(&self, gold: usize) -> bool {
        !self.in_text(gold).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places in gold of the characters of `text`.
    fn places(gold: &str, text: &str) -> Vec<Option<usize>> {
        let (gold, text) = (Content::new(gold), Content::new(text));
        Index::new(&gold).align(&text).to_gold
    }

    fn all(range: Range<usize>) -> Vec<Option<usize>> {
        range.map(Some).collect()
    }

    const A: &str = "渠里的水一直流到村口的老槐树下";
    const B: &str = "晒谷场上的喇叭准时响起戏文声";

    #[test]
    fn moved_removed_and_doubled_blocks_are_found() {
        let (a, b) = (A.chars().count(), B.chars().count());
        let gold = format!("{A}\n{B}");
        assert_eq!(places(&gold, &format!("{B}\n{A}")), [all(a..a + b), all(0..a)].concat());
        assert_eq!(places(&gold, B), all(a..a + b));
        assert_eq!(places(&gold, &format!("{A}\n{B}\n{A}")), [all(0..a + b), all(0..a)].concat());
    }

    #[test]
    fn what_gold_holds_twice_is_found_twice() {
        let gold = format!("{A}\n{B}\n{A}");
        let len = gold.chars().count() - 2;
        assert_eq!(places(&gold, &gold), all(0..len));
    }

    #[test]
    fn marks_gaps_and_width_are_no_matter() {
        assert_eq!(places("“清渠，润田”会战", "清渠, 润田 会 战"), all(0..7));
    }

    #[test]
    fn what_is_not_in_gold_has_no_place() {
        let found = places("疏通沟渠和水塘六十三处", "疏通沟渠 and 水塘六十三处");
        assert_eq!(found[..4], all(0..4));
        assert_eq!(found[4..7], [None; 3]);
        assert_eq!(found[7..], all(5..11));
        let doubled = places("字节跳动发布新的大模型", "字字节节跳跳动动发布新的大模型");
        assert_eq!(doubled.iter().flatten().count(), 11);
    }
}
