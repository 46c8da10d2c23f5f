//! All readings of a block at once: which quotations it could hold, and how
//! likely each is given all the others.
//!
//! A semi-Markov conditional random field (Sarawagi and Cohen, "Semi-Markov
//! conditional random fields for information extraction", NIPS 2004): a reading
//! is a set of quotations of which none overlaps another, its weight the sum of
//! what its quotations are worth. Forward and backward sums over all readings
//! give the exact probability of each quotation.

/// A quotation that could be: the numbers of its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The end that opens it.
    pub(crate) open: usize,
    /// The end that closes it.
    pub(crate) close: usize,
}

/// What the parts of a reading are worth, as logarithms.
#[derive(Debug, Default)]
pub(crate) struct Worth {
    /// Of each pair.
    pub(crate) pairs: Vec<f32>,
    /// Of each end, if no quotation begins or ends there.
    pub(crate) unused: Vec<f32>,
    /// Of each end, if one quotation ends and another begins there.
    pub(crate) shared: Vec<f32>,
}

/// The share of all readings, by weight, that hold something.
#[derive(Debug)]
pub(crate) struct Marginals {
    /// Each pair.
    pub(crate) pairs: Vec<f32>,
    /// Each end, unused.
    #[cfg(any(feature = "train", test))]
    pub(crate) unused: Vec<f32>,
    /// Each end, shared by two quotations.
    #[cfg(any(feature = "train", test))]
    pub(crate) shared: Vec<f32>,
}

/// The marginals of `pairs`, which are sorted by their closing end, over `ends`
/// ends.
pub(crate) fn marginals(ends: usize, pairs: &[Pair], worth: &Worth) -> Marginals {
    let ahead = Forward::of(ends, pairs, worth);
    let back = Backward::of(ends, pairs, worth);
    let all = ahead.outside[ends];
    #[expect(clippy::cast_possible_truncation, reason = "a probability")]
    let share = |log: f64| (log - all).exp() as f32;
    let of_pair = |(pair, worth): (&Pair, &f32)| {
        share(ahead.opened[pair.open] + f64::from(*worth) + back.closed[pair.close])
    };
    Marginals {
        pairs: pairs.iter().zip(&worth.pairs).map(of_pair).collect(),
        #[cfg(any(feature = "train", test))]
        unused: (0..ends)
            .map(|end| share(ahead.outside[end] + f64::from(worth.unused[end]) + back.outside[end + 1]))
            .collect(),
        #[cfg(any(feature = "train", test))]
        shared: (0..ends)
            .map(|end| share(ahead.closed[end] + f64::from(worth.shared[end]) + back.opening[end]))
            .collect(),
    }
}

/// The logarithm of the sum of two numbers of which the logarithms are given.
fn add(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Sums over the readings of what comes before an end.
struct Forward {
    /// Outside any quotation, the end not yet looked at.
    outside: Vec<f64>,
    /// A quotation closes at the end.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    closed: Vec<f64>,
    /// A quotation may open at the end.
    opened: Vec<f64>,
}

impl Forward {
    fn of(ends: usize, pairs: &[Pair], worth: &Worth) -> Self {
        let mut outside = vec![0.0; ends + 1];
        let mut closed = vec![f64::NEG_INFINITY; ends];
        let mut opened = vec![f64::NEG_INFINITY; ends];
        let mut rest = pairs.iter().zip(&worth.pairs).peekable();
        for end in 0..ends {
            while let Some((pair, worth)) = rest.next_if(|(pair, _)| pair.close == end) {
                closed[end] = add(closed[end], opened[pair.open] + f64::from(*worth));
            }
            opened[end] = add(outside[end], closed[end] + f64::from(worth.shared[end]));
            outside[end + 1] = add(outside[end] + f64::from(worth.unused[end]), closed[end]);
        }
        Self { outside, closed, opened }
    }
}

/// Sums over the readings of what comes behind an end.
struct Backward {
    /// Outside any quotation, the end not yet looked at.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    outside: Vec<f64>,
    /// A quotation has closed at the end.
    closed: Vec<f64>,
    /// A quotation opens at the end.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    opening: Vec<f64>,
}

impl Backward {
    fn of(ends: usize, pairs: &[Pair], worth: &Worth) -> Self {
        let mut outside = vec![0.0; ends + 1];
        let mut closed = vec![f64::NEG_INFINITY; ends];
        let mut opening = vec![f64::NEG_INFINITY; ends];
        let mut by_open: Vec<usize> = (0..pairs.len()).collect();
        by_open.sort_unstable_by_key(|index| pairs[*index].open);
        for end in (0..ends).rev() {
            while let Some(index) = by_open.pop_if(|index| pairs[*index].open == end) {
                let worth = f64::from(worth.pairs[index]);
                opening[end] = add(opening[end], worth + closed[pairs[index].close]);
            }
            closed[end] = add(outside[end + 1], f64::from(worth.shared[end]) + opening[end]);
            outside[end] = add(f64::from(worth.unused[end]) + outside[end + 1], opening[end]);
        }
        Self { outside, closed, opening }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three ends, and every pair of them.
    fn three() -> (Vec<Pair>, Worth) {
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|(open, close)| Pair { open, close }).to_vec();
        let worth =
            Worth { pairs: vec![0.5, -0.25, 1.0], unused: vec![0.1, 0.2, -0.3], shared: vec![-0.7; 3] };
        (pairs, worth)
    }

    #[test]
    fn marginals_are_shares_of_all_readings() {
        let (pairs, worth) = three();
        // The readings, one by one.
        let none = (0.1_f32 + 0.2 - 0.3).exp();
        let first = (0.5_f32 - 0.3).exp();
        let outer = (-0.25_f32).exp();
        let second = (0.1_f32 + 1.0).exp();
        let both = (0.5_f32 + 1.0 - 0.7).exp();
        let all = none + first + outer + second + both;
        let found = marginals(3, &pairs, &worth);
        let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-5, "{a} is not {b}");
        near(found.pairs[0], (first + both) / all);
        near(found.pairs[1], outer / all);
        near(found.pairs[2], (second + both) / all);
        near(found.unused[0], (none + second) / all);
        near(found.unused[2], (none + first) / all);
        near(found.shared[1], both / all);
    }

    #[test]
    fn a_block_without_pairs_has_one_reading() {
        let worth = Worth { pairs: Vec::new(), unused: vec![3.0], shared: vec![0.0] };
        assert_eq!(marginals(1, &[], &worth).unused, [1.0]);
    }
}
