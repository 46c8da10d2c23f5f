//! A convolutional network that reads a text to both sides of each place: dilated
//! convolutions with residual connections (Yu and Koltun, "Multi-scale context
//! aggregation by dilated convolutions", ICLR 2016; He et al., "Identity mappings
//! in deep residual networks", ECCV 2016). It scores the same parts of a reading as
//! the linear model does, and is weighed beside it.

mod inputs;
mod stored;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, Axis, Slice};

#[cfg(feature = "train")]
pub(crate) use inputs::{BIGRAM, CHARACTER};
pub(crate) use inputs::{Input, Inputs};

use super::ends::End;
use super::features::View;
use super::lattice::Pair;
use super::measures::{LENGTHS, length};
use super::reading::{Parts, Reading, Scorer};
use super::trust::Trust;

/// Binary logarithm of the number of vectors.
pub(crate) const ROW_BITS: u32 = 15;
/// Numbers of a vector.
pub(crate) const WIDTH: usize = 32;
/// Vectors side by side at each position.
const SLOTS: usize = 3;
/// Numbers that stand for a position between the layers.
const CHANNELS: usize = 48;
/// How far apart the three places are that each layer looks at: all together see
/// 64 code points to both sides.
pub(crate) const DILATIONS: [usize; 7] = [1, 2, 4, 8, 16, 32, 1];
/// Numbers that an opening and a closing mark are matched by.
const MATCHED: usize = 32;
/// Gaps inside a pair that are told apart.
const MOST_INSIDE: usize = 3;
/// Lengths, gaps inside and classes of pairs.
const SPANS: usize = LENGTHS * (MOST_INSIDE + 1) * Trust::CLASSES;

/// What an end may be, each a score of its own.
pub(crate) const OPENING: usize = 0;
pub(crate) const CLOSING: usize = 1;
pub(crate) const UNUSED: usize = 2;
pub(crate) const SHARED: usize = 3;

/// The numbers of the network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Of the inputs, a row each.
    pub(crate) vectors: Array2<f32>,
    /// From the vectors of a position to channels.
    pub(crate) first: Array2<f32>,
    pub(crate) layers: Vec<Layer>,
    /// From channels to the scores of an end.
    pub(crate) ends: Array2<f32>,
    /// From channels to what an opening and a closing mark are matched by.
    pub(crate) matched: [Array2<f32>; 2],
    /// What pairs are worth by their [`spans`].
    pub(crate) spans: Array1<f32>,
}

/// A convolution that looks at three places.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// What the place before, the place itself and the place behind give.
    pub(crate) taps: [Array2<f32>; 3],
    pub(crate) bias: Array1<f32>,
}

/// What a network made of a text: a row for each position.
pub(crate) struct States {
    /// The vectors of the inputs.
    #[cfg_attr(not(feature = "train"), expect(dead_code, reason = "what is learned from"))]
    pub(crate) seen: Array2<f32>,
    /// What goes into each layer, and what comes out of the last.
    pub(crate) active: Vec<Array2<f32>>,
    /// What opening and closing marks are matched by.
    pub(crate) matched: [Array2<f32>; 2],
}

impl Network {
    /// One whose numbers are all 0.
    pub(crate) fn zeros() -> Self {
        let square = || Array2::zeros((CHANNELS, CHANNELS));
        let layer = || Layer { taps: [square(), square(), square()], bias: Array1::zeros(CHANNELS) };
        let matched = || Array2::zeros((CHANNELS, MATCHED));
        Self {
            vectors: Array2::zeros((1 << ROW_BITS, WIDTH)),
            first: Array2::zeros((SLOTS * WIDTH, CHANNELS)),
            layers: DILATIONS.map(|_| layer()).into(),
            ends: Array2::zeros((CHANNELS, 4)),
            matched: [matched(), matched()],
            spans: Array1::zeros(SPANS),
        }
    }

    /// All of its numbers: the vectors, and a list for each matrix.
    pub(crate) fn numbers_mut(&mut self) -> Vec<&mut [f32]> {
        let [opening, closing] = &mut self.matched;
        let mut matrices = vec![&mut self.vectors, &mut self.first, &mut self.ends, opening, closing];
        let mut lists = vec![&mut self.spans];
        for layer in &mut self.layers {
            matrices.extend(&mut layer.taps);
            lists.push(&mut layer.bias);
        }
        let matrices = matrices.into_iter().map(|matrix| matrix.as_slice_mut());
        let lists = lists.into_iter().map(|list| list.as_slice_mut());
        matrices.chain(lists).map(|numbers| numbers.expect("in one piece, as it was made")).collect()
    }

    /// What it makes of `inputs`.
    pub(crate) fn read(&self, inputs: &Inputs) -> States {
        let mut seen = Array2::zeros((inputs.positions, SLOTS * WIDTH));
        for Input { position, slot, row } in &inputs.all {
            let mut place = seen.row_mut(*position);
            let mut place = place.slice_axis_mut(Axis(0), columns(*slot));
            place += &self.vectors.row(*row);
        }
        let mut sum = seen.dot(&self.first);
        let rectify = |sum: &Array2<f32>| sum.mapv(|number| number.max(0.0));
        let mut active = vec![rectify(&sum)];
        for (layer, dilation) in self.layers.iter().zip(DILATIONS) {
            layer.add(&active[active.len() - 1], dilation, &mut sum);
            active.push(rectify(&sum));
        }
        let last = &active[active.len() - 1];
        let matched = self.matched.each_ref().map(|matrix| last.dot(matrix));
        States { seen, active, matched }
    }

    /// What the parts of `reading` are worth after `states`.
    pub(crate) fn score(&self, reading: &Reading<'_>, states: &States) -> Parts {
        let scores = states.last().dot(&self.ends);
        let scored = |score: usize| reading.ends.iter().map(|end| scores[[end.right, score]]).collect();
        let of_pair = |(pair, span): (&Pair, usize)| {
            let [open, close] = states.of_pair(reading, *pair);
            open.dot(&close) + self.spans[span]
        };
        let mut parts = Parts {
            opening: scored(OPENING),
            closing: scored(CLOSING),
            unused: scored(UNUSED),
            shared: scored(SHARED),
            pairs: reading.pairs.iter().zip(spans(reading)).map(of_pair).collect(),
            nested: vec![0.0; reading.pairs.len()],
        };
        // Only a gap is something left to account for.
        for (end, unused) in reading.ends.iter().zip(&mut parts.unused) {
            if !end.is_gap() {
                *unused = 0.0;
            }
        }
        parts
    }
}

impl Scorer for Network {
    fn parts(&self, reading: &Reading<'_>, view: &View<'_>) -> Parts {
        self.score(reading, &self.read(&Inputs::of(view)))
    }
}

impl States {
    /// What comes out of the last layer.
    pub(crate) fn last(&self) -> &Array2<f32> {
        &self.active[DILATIONS.len()]
    }

    /// What the marks of `pair` are matched by.
    pub(crate) fn of_pair(&self, reading: &Reading<'_>, pair: Pair) -> [ArrayView1<'_, f32>; 2] {
        let [open, close] = [pair.open, pair.close].map(|end| reading.ends[end].right);
        [self.matched[0].row(open), self.matched[1].row(close)]
    }
}

impl Layer {
    /// Adds to `sum` what the layer makes of `input`.
    fn add(&self, input: &Array2<f32>, dilation: usize, sum: &mut Array2<f32>) {
        *sum += &self.bias;
        for (tap, (from, to)) in self.taps.iter().zip(taps(input.nrows(), dilation)) {
            let input = input.slice_axis(Axis(0), from);
            general_mat_mul(1.0, &input, tap, 1.0, &mut sum.slice_axis_mut(Axis(0), to));
        }
    }
}

/// The columns of the vectors of `slot`.
pub(crate) fn columns(slot: usize) -> Slice {
    Slice::from(slot * WIDTH..(slot + 1) * WIDTH)
}

/// For each tap of a layer, which of `positions` rows it reads, and which it adds
/// to; beyond the ends of the text all is 0.
pub(crate) fn taps(positions: usize, dilation: usize) -> [(Slice, Slice); 3] {
    let (step, rest) = (dilation.min(positions), positions.saturating_sub(dilation));
    let (first, all, last) = (0..rest, 0..positions, step..positions);
    [(first.clone(), last.clone()), (all.clone(), all), (last, first)]
        .map(|(from, to)| (Slice::from(from), Slice::from(to)))
}

/// Of each pair of `reading` its class, how long it is and how many gaps it has inside,
/// as one number under [`SPANS`].
pub(crate) fn spans(reading: &Reading<'_>) -> Vec<usize> {
    let count = |gaps: &mut usize, end: &End| {
        *gaps += usize::from(end.is_gap());
        Some(*gaps)
    };
    let gaps: Vec<usize> = reading.ends.iter().scan(0, count).collect();
    let span = |pair: &Pair| {
        let [open, close] = [pair.open, pair.close].map(|end| &reading.ends[end]);
        let size = usize::try_from(length(close.left - open.right)).expect("a step");
        let inside = gaps[pair.close] - usize::from(close.is_gap()) - gaps[pair.open];
        (reading.class(*pair) * (MOST_INSIDE + 1) + inside.min(MOST_INSIDE)) * LENGTHS + size
    };
    reading.pairs.iter().map(span).collect()
}
