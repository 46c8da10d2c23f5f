//! A stretch of text with all quotations it could hold, and how likely each is.

use super::ends::{self, Characters, End};
use super::evidence::Evidence;
use super::features::View;
use super::gaps::Gaps;
use super::lattice::{self, Marginals, Pair, Worth};
use super::pairs;
use crate::chars::ends_sentence;
use crate::document::{BlockKind, Document};
use crate::model::{Feature, Weights};
use crate::span::Span;

/// A stretch of a block, the quotations it could hold and where they could
/// begin and end.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) characters: Characters<'a>,
    pub(crate) ends: Vec<End>,
    /// Sorted by their closing end.
    pub(crate) pairs: Vec<Pair>,
    kind: BlockKind,
}

/// Bytes from which a block is read in stretches, so that a text without line
/// ends is read as fast as one with.
const LONG: usize = 6_000;

/// The readings of a block, a stretch each.
pub(crate) fn of_block<'a>(document: &'a Document, gaps: &Gaps, kind: BlockKind) -> Vec<Reading<'a>> {
    stretches(document.slice(gaps.block), gaps.block.start)
        .into_iter()
        .filter_map(|stretch| Reading::of(document, gaps, stretch, kind))
        .collect()
}

/// `text` cut behind the first sentence end after every [`LONG`] bytes, or after
/// as many again where there is none.
fn stretches(text: &str, start: usize) -> Vec<Span> {
    let mut stretches = Vec::new();
    let mut from = 0;
    while text.len() - from > LONG {
        let least = text.ceil_char_boundary(from + LONG);
        let most = text.ceil_char_boundary((from + 2 * LONG).min(text.len()));
        let sentence = text[least..most].char_indices().find(|(_, c)| ends_sentence(*c));
        let to = sentence.map_or(most, |(at, c)| least + at + c.len_utf8());
        stretches.push(Span::new(start + from, start + to));
        from = to;
    }
    stretches.push(Span::new(start + from, start + text.len()));
    stretches
}

impl<'a> Reading<'a> {
    /// Reads `stretch`; `None` if nothing in it could be quoted.
    fn of(document: &'a Document, gaps: &Gaps, stretch: Span, kind: BlockKind) -> Option<Self> {
        let inside = gaps.inside(stretch);
        if inside.is_empty() {
            return None;
        }
        let characters = Characters::of(document.slice(stretch), stretch.start);
        let ends = ends::of(&characters, inside);
        let pairs = pairs::of(&characters, &ends);
        (!pairs.is_empty()).then_some(Self { characters, ends, pairs, kind })
    }

    /// Whether it is a headline or another line that is no sentence, where gaps
    /// part what stands beside each other.
    pub(crate) fn is_headline(&self) -> bool {
        let sentence = ['，', '。', '；', '！', '？'];
        self.kind == BlockKind::Headline || !self.characters.text.contains(sentence)
    }

    /// The reading with what its features are made of.
    pub(crate) fn view<'b>(&'b self, evidence: &'b Evidence) -> View<'b> {
        View::new(&self.characters, &self.ends, self.kind, evidence)
    }

    /// What stands between the two ends of `pair`, in bytes of the document.
    pub(crate) fn content(&self, pair: Pair) -> Span {
        let offsets = &self.characters.offsets;
        Span::new(offsets[self.ends[pair.open].right], offsets[self.ends[pair.close].left])
    }

    /// How likely each quotation is.
    pub(crate) fn marginals(&self, evidence: &Evidence, weights: &impl Weights) -> Marginals {
        lattice::marginals(self.ends.len(), &self.pairs, &self.worth(&self.view(evidence), weights))
    }

    /// What each part of a reading is worth.
    pub(crate) fn worth(&self, view: &View<'_>, weights: &impl Weights) -> Worth {
        let mut features: Vec<Feature> = Vec::new();
        let mut sum = |collect: &mut dyn FnMut(&mut Vec<Feature>)| {
            features.clear();
            collect(&mut features);
            weights.score(&features)
        };
        let ends = |sum: &mut dyn FnMut(&End) -> f32| self.ends.iter().map(sum).collect::<Vec<f32>>();
        let opening =
            ends(&mut |end| if end.opens.is_some() { sum(&mut |to| view.opening(end, to)) } else { 0.0 });
        let closing =
            ends(&mut |end| if end.closes.is_some() { sum(&mut |to| view.closing(end, to)) } else { 0.0 });
        let unused = ends(&mut |end| sum(&mut |to| view.unused(end, to)));
        let shared = ends(&mut |end| sum(&mut |to| view.shared(end, to)));
        let of_pair =
            |pair: &Pair| sum(&mut |to| view.pair(*pair, to)) + opening[pair.open] + closing[pair.close];
        let pairs = self.pairs.iter().map(of_pair).collect();
        Worth { pairs, unused, shared }
    }
}
