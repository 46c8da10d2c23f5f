//! What stands before a place, and what stands behind it, as vectors whose product says
//! how well the one goes on in the other. n-grams ([`ngrams`](super::ngrams)) know what
//! met in the text they were learned from; this knows what is alike, and sees farther.
//!
//! Two encoders (Gillick et al., "End-to-end retrieval in continuous space", 2018), each
//! of dilated causal convolutions (van den Oord et al., "WaveNet: a generative model for
//! raw audio", 2016) that look away from the place. All sums are in one order and
//! without fused steps, so that they are the same on every processor.

mod reader;
mod stored;

pub(crate) use reader::Reader;

/// Code points of either side that are seen.
pub(crate) const SEEN: usize = 1 << LEVELS;
/// Convolutions, each of which looks twice as far as the one before.
pub(crate) const LEVELS: usize = 5;
/// Numbers of the vector of a character.
pub(crate) const CHARACTER: usize = 32;
/// Numbers that stand for a position between the levels.
pub(crate) const CHANNELS: usize = 112;
/// Numbers of what comes out.
pub(crate) const WIDTH: usize = 64;

/// What one side of a place comes to.
pub(crate) type Vector = [f32; WIDTH];

/// Both encoders, and the vectors of characters that they share.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    /// Characters with a vector of their own, in order.
    characters: Vec<char>,
    /// Of all other characters, and of each of those: [`CHARACTER`] numbers.
    pub(crate) vectors: Vec<f32>,
    /// What reads backwards from a place, and what reads on.
    pub(crate) sides: [Side; 2],
}

/// The numbers of [`Encoder::sides`] that belong to what stands before.
pub(crate) const BEFORE: usize = 0;
/// … and behind.
pub(crate) const BEHIND: usize = 1;

/// The numbers of an encoder.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// From the vector of a character to channels.
    pub(crate) first: Dense,
    pub(crate) levels: Vec<Level>,
    /// From the channels of the nearest position to what comes out.
    pub(crate) last: Dense,
}

/// A matrix, a row for each number that goes in, and what is added.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// A convolution that looks at two places. It adds to what came in.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// What the place itself gives.
    pub(crate) here: Dense,
    /// What the place farther off gives.
    pub(crate) there: Vec<f32>,
}

impl Encoder {
    /// One for `characters`, sorted, whose numbers are all 0.
    pub(crate) fn zeros(characters: Vec<char>) -> Self {
        debug_assert!(characters.is_sorted());
        let dense = |rows: usize, columns: usize| Dense {
            weights: vec![0.0; rows * columns],
            bias: vec![0.0; columns],
        };
        let level = || Level { here: dense(CHANNELS, CHANNELS), there: vec![0.0; CHANNELS * CHANNELS] };
        let side = || Side {
            first: dense(CHARACTER, CHANNELS),
            levels: (0..LEVELS).map(|_| level()).collect(),
            last: dense(CHANNELS, WIDTH),
        };
        let vectors = vec![0.0; (1 + characters.len()) * CHARACTER];
        Self { characters, vectors, sides: [side(), side()] }
    }

    /// All of its numbers, in lists.
    pub(crate) fn numbers_mut(&mut self) -> Vec<&mut [f32]> {
        let mut lists = vec![self.vectors.as_mut_slice()];
        for side in &mut self.sides {
            let Side { first, levels, last } = side;
            lists.extend(first.numbers_mut());
            for Level { here, there } in levels {
                lists.extend(here.numbers_mut());
                lists.push(there);
            }
            lists.extend(last.numbers_mut());
        }
        lists
    }

    /// The row of [`vectors`](Self::vectors) of `c`, as [`fold`](super::ngrams::fold) made it.
    pub(crate) fn row(&self, c: char) -> usize {
        self.characters.binary_search(&c).map_or(0, |at| at + 1)
    }
}

impl Dense {
    fn numbers_mut(&mut self) -> [&mut [f32]; 2] {
        [&mut self.weights, &mut self.bias]
    }
}

/// How well what has the vector `before` goes on in what has the vector `behind`: a
/// logarithm of odds against places taken by chance, but for a constant.
pub(crate) fn flow(before: &Vector, behind: &Vector) -> f32 {
    before.iter().zip(behind).map(|(a, b)| a * b).sum()
}
