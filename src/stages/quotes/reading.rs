//! A stretch of text with all quotations it could hold, and how likely each is.

use super::ends::{self, Characters, End, Opening};
use super::evidence::Evidence;
use super::features::View;
use super::gaps::Gaps;
use super::lattice::{Lattice, Marginals, Pair, Worth};
use super::pairs;
use crate::chars::ends_sentence;
use crate::document::{BlockKind, Document};
use crate::model::{Calibration, Sum, Table, Weights};
use crate::span::Span;

/// A stretch of a block, the quotations it could hold and where they could
/// begin and end.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) characters: Characters<'a>,
    pub(crate) ends: Vec<End>,
    /// Sorted by their closing end.
    pub(crate) pairs: Vec<Pair>,
    /// The numbers of those that could hold others, sorted by their opening end.
    holders: Vec<usize>,
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
        let holders = holders(&ends, &pairs);
        (!pairs.is_empty()).then_some(Self { characters, ends, pairs, holders, kind })
    }

    /// All that it could hold.
    pub(crate) fn lattice(&self) -> Lattice<'_> {
        Lattice { ends: self.ends.len(), pairs: &self.pairs, holders: &self.holders }
    }

    /// Whether it is a headline or another line that is no sentence, where gaps
    /// part what stands beside each other.
    pub(crate) fn is_headline(&self) -> bool {
        let sentence = ['，', '。', '；', '！', '？'];
        self.kind == BlockKind::Headline || !self.characters.text.contains(sentence)
    }

    /// The reading with what its features are made of.
    pub(crate) fn view<'b>(&'b self, evidence: &'b Evidence<'_>) -> View<'b> {
        View::new(&self.characters, &self.ends, self.kind, evidence)
    }

    /// What stands between the two ends of `pair`, in bytes of the document.
    pub(crate) fn content(&self, pair: Pair) -> Span {
        let offsets = &self.characters.offsets;
        Span::new(offsets[self.ends[pair.open].right], offsets[self.ends[pair.close].left])
    }

    /// How likely each quotation is, by what all of `scorers` say together.
    pub(crate) fn marginals(&self, evidence: &Evidence<'_>, scorers: &[Scaled<'_>]) -> Marginals {
        let view = self.view(evidence);
        let each = scorers.iter().map(|(scorer, scale)| scorer.parts(self, &view).worth(self, scale));
        let worth = each.reduce(Worth::plus).expect("somebody scores");
        self.lattice().marginals(&worth)
    }

    /// The sums of weights that a reading is worth.
    pub(crate) fn parts(&self, view: &View<'_>, weights: &impl Weights) -> Parts {
        let ends = self.ends.len();
        let (mut opens, mut closes) = (vec![false; ends], vec![false; ends]);
        for pair in &self.pairs {
            opens[pair.open] = true;
            closes[pair.close] = true;
        }
        let sum = |is_asked: bool, collect: &dyn Fn(&mut Sum<'_, _>)| {
            let mut sum = Sum::new(weights);
            if is_asked {
                collect(&mut sum);
            }
            sum.get()
        };
        let of_ends = |of: &dyn Fn(usize) -> f32| (0..ends).map(of).collect::<Vec<f32>>();
        let opening = of_ends(&|index| sum(opens[index], &|to| view.opening(index, to)));
        let closing = of_ends(&|index| sum(closes[index], &|to| view.closing(index, to)));
        let unused = of_ends(&|index| sum(self.ends[index].is_gap(), &|to| view.unused(index, to)));
        let shared = of_ends(&|index| sum(opens[index] && closes[index], &|to| view.shared(index, to)));
        let pairs = self.pairs.iter().map(|pair| sum(true, &|to| view.pair(*pair, to))).collect();
        let nested = self.pairs.iter().map(|pair| sum(true, &|to| view.nested(*pair, to))).collect();
        Parts { opening, closing, pairs, nested, unused, shared }
    }

    /// Which marks of `pair` left a gap: 0 the closing one, 1 the opening one,
    /// 2 both.
    pub(crate) fn class(&self, pair: Pair) -> usize {
        usize::from(self.ends[pair.open].is_gap()) * 2 + usize::from(self.ends[pair.close].is_gap()) - 1
    }
}

/// The numbers of those of `pairs` that could hold others: which have a gap inside, and
/// don't open where nothing shows it.
fn holders(ends: &[End], pairs: &[Pair]) -> Vec<usize> {
    let count = |gaps: &mut usize, end: &End| {
        *gaps += usize::from(end.is_gap());
        Some(*gaps)
    };
    let gaps: Vec<usize> = ends.iter().scan(0, count).collect();
    let could_hold = |number: &usize| {
        let Pair { open, close } = pairs[*number];
        let inside = gaps[close] - usize::from(ends[close].is_gap()) - gaps[open];
        inside > 0 && ends[open].opens != Some(Opening::Bare)
    };
    let mut holders: Vec<usize> = (0..pairs.len()).filter(could_hold).collect();
    holders.sort_by_key(|number| pairs[*number].open);
    holders
}

/// Something that was learned, which says what the parts of a reading are worth.
pub(crate) trait Scorer: Send + Sync {
    /// Those of `reading`, whose view is `view`.
    fn parts(&self, reading: &Reading<'_>, view: &View<'_>) -> Parts;
}

/// A scorer, and how far it can be believed.
pub(crate) type Scaled<'a> = (&'a dyn Scorer, Scale);

impl<W: Weights + Send + Sync> Scorer for W {
    fn parts(&self, reading: &Reading<'_>, view: &View<'_>) -> Parts {
        reading.parts(view, self)
    }
}

/// What the parts of a reading are worth, by what they speak of: sums of weights.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Of each end, as an opening mark; 0 where no pair opens.
    pub(crate) opening: Vec<f32>,
    /// Of each end, as a closing mark; 0 where no pair closes.
    pub(crate) closing: Vec<f32>,
    /// Of each pair, beyond its ends.
    pub(crate) pairs: Vec<f32>,
    /// Of each pair, if it stands inside another.
    pub(crate) nested: Vec<f32>,
    /// Of each end, if nothing begins or ends there.
    pub(crate) unused: Vec<f32>,
    /// Of each end, if one quotation ends and another begins there; 0 where that
    /// can't be.
    pub(crate) shared: Vec<f32>,
}

/// How far each kind of sum can be believed, and what is added to it: fitted on
/// text that the weights were not learned from, which knows that sums of many
/// rare features promise too much. For openings, closings, unused and shared
/// ends, and pairs by class.
#[derive(Clone, Debug)]
pub(crate) struct Scale(pub(crate) [Calibration; Self::LEN]);

impl Scale {
    /// Opening marks.
    pub(crate) const OPENING: usize = 0;
    /// Closing marks.
    pub(crate) const CLOSING: usize = 1;
    /// Ends unused.
    pub(crate) const UNUSED: usize = 2;
    /// Ends shared.
    pub(crate) const SHARED: usize = 3;
    /// Pairs, by class.
    pub(crate) const PAIR: usize = 4;
    /// How many there are.
    pub(crate) const LEN: usize = 7;
    /// Takes the sums as they are.
    #[cfg(feature = "train")]
    pub(crate) const NONE: Self = Self([Calibration::NONE; Self::LEN]);

    /// Number `index` of those that `table` holds in front of its calibrations.
    pub(crate) fn from_table(table: &Table<'_>, index: usize) -> Self {
        Self(std::array::from_fn(|kind| table.calibration(index * Self::LEN + kind)))
    }

    fn of(&self, kind: usize, sum: f32) -> f32 {
        self.0[kind].slope * sum + self.0[kind].offset
    }
}

impl Parts {
    /// What the parts of `reading` are worth under `scale`.
    pub(crate) fn worth(&self, reading: &Reading<'_>, scale: &Scale) -> Worth {
        let of_pair = |(pair, sum): (&Pair, &f32)| {
            scale.of(Scale::PAIR + reading.class(*pair), *sum)
                + scale.of(Scale::OPENING, self.opening[pair.open])
                + scale.of(Scale::CLOSING, self.closing[pair.close])
        };
        // Only a gap is something left to account for.
        let unused =
            |(end, sum): (&End, &f32)| if end.is_gap() { scale.of(Scale::UNUSED, *sum) } else { *sum };
        Worth {
            pairs: reading.pairs.iter().zip(&self.pairs).map(of_pair).collect(),
            nested: self.nested.clone(),
            unused: reading.ends.iter().zip(&self.unused).map(unused).collect(),
            shared: self.shared.iter().map(|sum| scale.of(Scale::SHARED, *sum)).collect(),
        }
    }
}
