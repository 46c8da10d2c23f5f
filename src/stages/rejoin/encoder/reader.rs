//! Reads single places, as blocks are asked about them.

use std::sync::OnceLock;

use super::{BEFORE, BEHIND, CHANNELS, CHARACTER, Dense, Encoder, Level, SEEN, Side, Vector, WIDTH};
use crate::stages::rejoin::ngrams::fold;

/// What stands for a position between the levels.
type State = [f32; CHANNELS];

/// An encoder that reads places. What it makes of a character before it looks any farther
/// is the same wherever the character stands, and is kept, a kilobyte each: more than half
/// of the work.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    encoder: Encoder,
    /// Of each side and row, once it was met.
    met: [Vec<OnceLock<Box<Met>>>; 2],
}

/// What the first level makes of a character.
#[derive(Clone, Debug)]
struct Met {
    /// Where it stands nearer to the place than its neighbour.
    here: State,
    /// What it adds to its neighbour where it stands farther off.
    there: State,
}

impl Reader {
    /// One that reads with `encoder`.
    pub(crate) fn of(encoder: Encoder) -> Self {
        let rows = encoder.vectors.len() / CHARACTER;
        let met = || (0..rows).map(|_| OnceLock::new()).collect();
        Self { encoder, met: [met(), met()] }
    }

    /// The vector of the end of `text`.
    pub(crate) fn before(&self, text: &str) -> Vector {
        self.read(BEFORE, text.chars().rev())
    }

    /// The vector of the beginning of `text`.
    pub(crate) fn behind(&self, text: &str) -> Vector {
        self.read(BEHIND, text.chars())
    }

    /// What one of the sides makes of `characters`, the nearest first. Of each level, only
    /// what the nearest position hears of.
    fn read(&self, side: usize, characters: impl Iterator<Item = char>) -> Vector {
        let Side { levels, last, .. } = &self.encoder.sides[side];
        let mut states = [[0.0; CHANNELS]; SEEN / 2];
        let mut seen = 0;
        for c in characters.filter_map(fold).take(SEEN) {
            let met = self.met(side, self.encoder.row(c));
            let state = &mut states[seen / 2];
            if seen % 2 == 0 {
                *state = met.here;
            } else {
                add(&met.there, state);
            }
            seen += 1;
        }
        for (number, Level { here, there }) in levels.iter().enumerate().skip(1) {
            let (apart, seen) = (1 << (number - 1), seen.div_ceil(2));
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

    fn met(&self, side: usize, row: usize) -> &Met {
        self.met[side][row].get_or_init(|| {
            let Side { first, levels, .. } = &self.encoder.sides[side];
            let Level { here, there } = &levels[0];
            let mut met = Box::new(Met { here: [0.0; CHANNELS], there: [0.0; CHANNELS] });
            first.apply(&self.encoder.vectors[row * CHARACTER..][..CHARACTER], &mut met.here);
            let active = rectified(&met.here);
            here.apply(&active, &mut met.here);
            multiply(&active, there, &mut met.there);
            met
        })
    }
}

impl Dense {
    /// Adds to `sum` what `input` comes to.
    fn apply(&self, input: &[f32], sum: &mut [f32]) {
        add(&self.bias, sum);
        multiply(input, &self.weights, sum);
    }
}

fn add(numbers: &[f32], sum: &mut [f32]) {
    sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
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

fn rectified(state: &State) -> State {
    state.map(|number| number.max(0.0))
}

#[cfg(test)]
mod tests {
    use crate::stages::rejoin::encoder::flow;
    use crate::stages::rejoin::pairing::LEARNED;

    #[test]
    fn what_belongs_together_flows() {
        let reader = &LEARNED.reader;
        let parts = [
            ("青禾县今年修通了石溪渠，沿渠二十个村的三万亩", "水田都能按时灌溉，稻谷产量比去年增加了一成"),
            ("警方接到报案后立即赶到现场，经过调查，很快将", "犯罪嫌疑人抓获，被盗的两辆汽车已经找回"),
            ("这支球队在昨晚结束的比赛中以三比一战胜对手，", "连续第四年获得联赛冠军，主教练赛后说"),
            ("据气象台预报，受冷空气影响，未来三天我省大部", "分地区气温将下降六到八度，山区有小到中雪"),
        ];
        for (number, (before, _)) in parts.iter().enumerate() {
            let before = reader.before(before);
            let flows = parts.map(|(_, behind)| flow(&before, &reader.behind(behind)));
            let best = (0..parts.len()).max_by(|a, b| flows[*a].total_cmp(&flows[*b]));
            assert_eq!(best, Some(number), "{flows:?}");
        }
    }

    #[test]
    fn little_text_is_read_too() {
        let reader = &LEARNED.reader;
        assert_eq!(reader.before(""), reader.before(" \u{3000}“"), "gaps and marks are not seen");
        assert_ne!(reader.before("水"), reader.before(""));
        assert_ne!(reader.before("水"), reader.before("的水"), "farther characters count");
    }
}
