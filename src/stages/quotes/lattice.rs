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

impl Worth {
    /// What the same parts are worth together with `other`.
    pub(crate) fn plus(mut self, other: Self) -> Self {
        let lists = [
            (&mut self.pairs, other.pairs),
            (&mut self.unused, other.unused),
            (&mut self.shared, other.shared),
        ];
        for (sums, others) in lists {
            sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += other);
        }
        self
    }
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
    let odds = Odds::of(pairs, worth);
    let ahead = Forward::of(ends, pairs, &odds);
    let back = Backward::of(ends, pairs, &odds);
    let all = ahead.outside[ends];
    let of_pair = |(pair, odds): (&Pair, &f64)| {
        ahead.opened[pair.open].times(*odds).share_with(back.closed[pair.close], all)
    };
    Marginals {
        pairs: pairs.iter().zip(&odds.pairs).map(of_pair).collect(),
        #[cfg(any(feature = "train", test))]
        unused: (0..ends).map(|end| ahead.outside[end].share_with(back.outside[end + 1], all)).collect(),
        #[cfg(any(feature = "train", test))]
        shared: (0..ends)
            .map(|end| ahead.closed[end].times(odds.shared(end)).share_with(back.opening[end], all))
            .collect(),
    }
}

/// What the parts of a reading are worth against leaving the same ends unused,
/// so that every sum over readings begins with 1 and only grows.
struct Odds<'a> {
    pairs: Vec<f64>,
    worth: &'a Worth,
}

impl<'a> Odds<'a> {
    /// The logarithm of odds that are as good as certainty.
    const MOST: f64 = 500.0;

    fn of(pairs: &[Pair], worth: &'a Worth) -> Self {
        let mut sum = 0.0;
        let sums = worth.unused.iter().map(|worth| {
            sum += f64::from(*worth);
            sum
        });
        let unused: Vec<f64> = std::iter::once(0.0).chain(sums).collect();
        let of_pair = |(pair, worth): (&Pair, &f32)| {
            Self::from_log(f64::from(*worth) - (unused[pair.close + 1] - unused[pair.open]))
        };
        Self { pairs: pairs.iter().zip(&worth.pairs).map(of_pair).collect(), worth }
    }

    /// Of two quotations that share `end`, each of which was set against it.
    fn shared(&self, end: usize) -> f64 {
        Self::from_log(f64::from(self.worth.shared[end]) + f64::from(self.worth.unused[end]))
    }

    fn from_log(log: f64) -> f64 {
        log.min(Self::MOST).exp()
    }
}

/// A sum, which may be far greater than floats are: a value, and how often it is
/// to be multiplied by [`UNIT`](Self::UNIT).
#[derive(Clone, Copy, Debug)]
struct Large {
    value: f64,
    units: i32,
}

impl Large {
    /// 2^256: as far from 1 as from what is too great for a float, with odds in
    /// between.
    const UNIT: f64 = {
        let root = (1_u64 << 32) as f64;
        let square = root * root;
        square * square * square * square
    };
    const ZERO: Self = Self { value: 0.0, units: 0 };
    const ONE: Self = Self { value: 1.0, units: 0 };

    #[inline]
    fn is_zero(self) -> bool {
        self.value == 0.0
    }

    #[inline]
    fn plus(self, other: Self) -> Self {
        let units = self.units.max(other.units);
        Self { value: self.in_units(units) + other.in_units(units), units }.settled()
    }

    #[inline]
    fn times(self, factor: f64) -> Self {
        Self { value: self.value * factor, ..self }.settled()
    }

    /// Which part of `all` this times `other` is.
    #[expect(clippy::cast_possible_truncation, reason = "a probability")]
    fn share_with(self, other: Self, all: Self) -> f32 {
        let both = Self { value: self.value * other.value, units: self.units + other.units };
        (both.in_units(all.units) / all.value) as f32
    }

    /// The value for as many units.
    #[inline]
    fn in_units(self, units: i32) -> f64 {
        if units == self.units { self.value } else { self.value * Self::power(self.units - units) }
    }

    /// Hardly ever asked for.
    #[cold]
    fn power(units: i32) -> f64 {
        Self::UNIT.powi(units)
    }

    #[inline]
    fn settled(mut self) -> Self {
        while self.value > Self::UNIT {
            self.value /= Self::UNIT;
            self.units += 1;
        }
        self
    }
}

/// Sums over the readings of what comes before an end.
struct Forward {
    /// Outside any quotation, the end not yet looked at.
    outside: Vec<Large>,
    /// A quotation closes at the end.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    closed: Vec<Large>,
    /// A quotation may open at the end.
    opened: Vec<Large>,
}

impl Forward {
    fn of(ends: usize, pairs: &[Pair], odds: &Odds<'_>) -> Self {
        let mut outside = vec![Large::ONE; ends + 1];
        let mut closed = vec![Large::ZERO; ends];
        let mut opened = vec![Large::ZERO; ends];
        let mut rest = pairs.iter().zip(&odds.pairs).peekable();
        for end in 0..ends {
            let before = outside[end];
            let mut sum = Large::ZERO;
            while let Some((pair, odds)) = rest.next_if(|(pair, _)| pair.close == end) {
                sum = sum.plus(opened[pair.open].times(*odds));
            }
            // Nearly everywhere none closes.
            let shared = if sum.is_zero() { sum } else { sum.times(odds.shared(end)) };
            opened[end] = before.plus(shared);
            outside[end + 1] = before.plus(sum);
            closed[end] = sum;
        }
        Self { outside, closed, opened }
    }
}

/// Sums over the readings of what comes behind an end.
struct Backward {
    /// Outside any quotation, the end not yet looked at.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    outside: Vec<Large>,
    /// A quotation has closed at the end.
    closed: Vec<Large>,
    /// A quotation opens at the end.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    opening: Vec<Large>,
}

impl Backward {
    fn of(ends: usize, pairs: &[Pair], odds: &Odds<'_>) -> Self {
        let mut outside = vec![Large::ONE; ends + 1];
        let mut closed = vec![Large::ZERO; ends];
        // Whole for an end once all behind it have been looked at.
        let mut opening = vec![Large::ZERO; ends];
        let mut rest = pairs.iter().zip(&odds.pairs).rev().peekable();
        for end in (0..ends).rev() {
            let (behind, sum) = (outside[end + 1], opening[end]);
            let shared = if sum.is_zero() { sum } else { sum.times(odds.shared(end)) };
            closed[end] = behind.plus(shared);
            outside[end] = behind.plus(sum);
            while let Some((pair, odds)) = rest.next_if(|(pair, _)| pair.close == end) {
                opening[pair.open] = opening[pair.open].plus(closed[end].times(*odds));
            }
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
    fn sums_may_be_greater_than_floats() {
        // A thousand quotations, one behind the other, each of which is e^20 times
        // as likely as none.
        let pairs: Vec<Pair> = (0..1000).map(|n| Pair { open: 2 * n, close: 2 * n + 1 }).collect();
        let worth = Worth { pairs: vec![20.0; 1000], unused: vec![0.0; 2000], shared: vec![0.0; 2000] };
        let found = marginals(2000, &pairs, &worth);
        let alone = 1.0 / (1.0 + (-20.0_f32).exp());
        assert!(found.pairs.iter().all(|share| (share - alone).abs() < 1e-6));
        assert!(found.unused.iter().all(|share| *share < 1e-8));
    }

    #[test]
    fn a_block_without_pairs_has_one_reading() {
        let worth = Worth { pairs: Vec::new(), unused: vec![3.0], shared: vec![0.0] };
        assert_eq!(marginals(1, &[], &worth).unused, [1.0]);
    }
}
