//! What stands before a place, and what stands behind it, as vectors whose product says
//! how well the one goes on in the other. n-grams ([`ngrams`](super::ngrams)) know what
//! met in the text they were learned from; this knows what is alike, and sees farther.
//!
//! Two encoders (Gillick et al., "End-to-end retrieval in continuous space", 2018), each
//! of dilated causal convolutions (van den Oord et al., "WaveNet: a generative model for
//! raw audio", 2016) that look away from the place. All sums are in one order and
//! without fused steps, so that they are the same on every processor.

mod stored;

use super::ngrams::fold;

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

    /// The row of [`vectors`](Self::vectors) of `c`, as [`fold`] made it.
    pub(crate) fn row(&self, c: char) -> usize {
        self.characters.binary_search(&c).map_or(0, |at| at + 1)
    }

    /// The vector of the end of `text`.
    pub(crate) fn before(&self, text: &str) -> Vector {
        self.read(BEFORE, text.chars().rev())
    }

    /// The vector of the beginning of `text`.
    pub(crate) fn behind(&self, text: &str) -> Vector {
        self.read(BEHIND, text.chars())
    }

    /// What one of the sides makes of `characters`, the nearest first.
    fn read(&self, side: usize, characters: impl Iterator<Item = char>) -> Vector {
        let Side { first, levels, last } = &self.sides[side];
        let mut states = [[0.0; CHANNELS]; SEEN];
        let mut seen = 0;
        for (state, c) in states.iter_mut().zip(characters.filter_map(fold)) {
            let row = self.row(c) * CHARACTER;
            first.apply(&self.vectors[row..row + CHARACTER], state);
            seen += 1;
        }
        // Only what the nearest position hears of.
        for (number, Level { here, there }) in levels.iter().enumerate() {
            let apart = 1 << number;
            for near in (0..seen).step_by(2 * apart) {
                let mut sum = states[near];
                here.apply(&rectified(&states[near]), &mut sum);
                if near + apart < seen {
                    multiply(&rectified(&states[near + apart]), there, &mut sum);
                }
                states[near] = sum;
            }
        }
        let mut vector = [0.0; WIDTH];
        last.apply(&rectified(&states[0]), &mut vector);
        vector
    }
}

impl Dense {
    fn numbers_mut(&mut self) -> [&mut [f32]; 2] {
        [&mut self.weights, &mut self.bias]
    }

    /// Adds to `sum` what `input` comes to.
    fn apply(&self, input: &[f32], sum: &mut [f32]) {
        sum.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum += bias);
        multiply(input, &self.weights, sum);
    }
}

/// Numbers that are summed at once: they stay in registers.
const BLOCK: usize = 16;

/// Adds to `sum` the product of `input` and `matrix`, which has a row for each number
/// of `input`.
fn multiply(input: &[f32], matrix: &[f32], sum: &mut [f32]) {
    let columns = sum.len();
    let (blocks, rest) = sum.as_chunks_mut::<BLOCK>();
    debug_assert!(rest.is_empty());
    // Half of what went through a rectifier is 0.
    let mut rows = [(0, 0.0); CHANNELS];
    let mut count = 0;
    for (row, number) in input.iter().enumerate().filter(|(_, number)| **number != 0.0) {
        rows[count] = (row * columns, *number);
        count += 1;
    }
    for (number, block) in blocks.iter_mut().enumerate() {
        let mut sums = *block;
        for (row, factor) in &rows[..count] {
            let weights = &matrix[row + number * BLOCK..][..BLOCK];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += factor * weight);
        }
        *block = sums;
    }
}

fn rectified(state: &[f32; CHANNELS]) -> [f32; CHANNELS] {
    state.map(|number| number.max(0.0))
}

/// How well what has the vector `before` goes on in what has the vector `behind`: a
/// logarithm of odds against places taken by chance, but for a constant.
pub(crate) fn flow(before: &Vector, behind: &Vector) -> f32 {
    before.iter().zip(behind).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use crate::stages::rejoin::encoder::flow;
    use crate::stages::rejoin::pairing::LEARNED;

    #[test]
    fn what_belongs_together_flows() {
        let encoder = &LEARNED.encoder;
        let parts = [
            ("青禾县今年修通了石溪渠，沿渠二十个村的三万亩", "水田都能按时灌溉，稻谷产量比去年增加了一成"),
            ("警方接到报案后立即赶到现场，经过调查，很快将", "犯罪嫌疑人抓获，被盗的两辆汽车已经找回"),
            ("这支球队在昨晚结束的比赛中以三比一战胜对手，", "连续第四年获得联赛冠军，主教练赛后说"),
            ("据气象台预报，受冷空气影响，未来三天我省大部", "分地区气温将下降六到八度，山区有小到中雪"),
        ];
        for (number, (before, _)) in parts.iter().enumerate() {
            let before = encoder.before(before);
            let flows = parts.map(|(_, behind)| flow(&before, &encoder.behind(behind)));
            let best = (0..parts.len()).max_by(|a, b| flows[*a].total_cmp(&flows[*b]));
            assert_eq!(best, Some(number), "{flows:?}");
        }
    }

    #[test]
    fn little_text_is_read_too() {
        let encoder = &LEARNED.encoder;
        assert_eq!(encoder.before(""), encoder.before(" \u{3000}“"), "gaps and marks are not seen");
        assert_ne!(encoder.before("水"), encoder.before(""));
        assert_ne!(encoder.before("水"), encoder.before("的水"), "farther characters count");
    }
}
