//! All readings of a block at once: which quotations it could hold, and how
//! likely each is given all the others.
//!
//! A semi-Markov conditional random field (Sarawagi and Cohen, "Semi-Markov
//! conditional random fields for information extraction", NIPS 2004): a reading
//! is a set of quotations that stand beside each other or one inside another, its weight
//! the sum of what its quotations, and the gaps that it leaves over, are worth. Forward and
//! backward sums over all readings give the exact probability of each quotation.

use std::ops::Range;

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
    /// Of each pair, what is added where it stands inside another.
    pub(crate) nested: Vec<f32>,
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
            (&mut self.nested, other.nested),
            (&mut self.unused, other.unused),
            (&mut self.shared, other.shared),
        ];
        for (sums, others) in lists {
            sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += other);
        }
        self
    }
}

/// The quotations that a text could hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lattice<'a> {
    /// How many ends there are.
    pub(crate) ends: usize,
    /// Sorted by their closing end.
    pub(crate) pairs: &'a [Pair],
    /// The numbers of those that could hold others, sorted by their opening end.
    pub(crate) holders: &'a [usize],
}

/// The share of all readings, by weight, that hold something.
#[derive(Debug)]
pub(crate) struct Marginals {
    /// Each pair, inside no other.
    pub(crate) pairs: Vec<f32>,
    /// Each pair, inside another.
    #[cfg(any(feature = "train", test))]
    pub(crate) nested: Vec<f32>,
    /// Each end, unused.
    #[cfg(any(feature = "train", test))]
    pub(crate) unused: Vec<f32>,
    /// Each end, shared by two quotations.
    #[cfg(any(feature = "train", test))]
    pub(crate) shared: Vec<f32>,
}

impl Lattice<'_> {
    /// The marginals of all that a reading could hold, whose parts are `worth` so much.
    pub(crate) fn marginals(&self, worth: &Worth) -> Marginals {
        let odds = Odds::of(self, worth);
        let whole = Sums::of(self, 0..self.ends, &odds.pairs, &odds);
        let pairs = (0..self.pairs.len()).map(|number| whole.share(self, number, &odds.pairs)).collect();
        #[cfg(any(feature = "train", test))]
        return self.with_nested(pairs, &whole, &odds);
        #[cfg(not(any(feature = "train", test)))]
        Marginals { pairs }
    }

    /// The marginals, where `pairs` are those of the pairs inside no other, and `whole`
    /// the sums they were made of.
    #[cfg(any(feature = "train", test))]
    fn with_nested(&self, pairs: Vec<f32>, whole: &Sums, odds: &Odds<'_>) -> Marginals {
        /// The share from which what stands inside a pair is looked at.
        const LEAST: f32 = 1e-5;
        let mut nested = vec![0.0; self.pairs.len()];
        let mut shared: Vec<f32> = (0..self.ends).map(|end| whole.shared(end, odds)).collect();
        for holder in self.holders.iter().copied().filter(|holder| pairs[*holder] > LEAST) {
            let Pair { open, close } = self.pairs[holder];
            let inside = Sums::of(self, open + 1..close, &odds.nested, odds);
            for number in self.within(&(open + 1..close)) {
                nested[number] += pairs[holder] * inside.share(self, number, &odds.nested);
            }
            for (end, shared) in (open + 1..close).zip(&mut shared[open + 1..close]) {
                *shared += pairs[holder] * inside.shared(end, odds);
            }
        }
        // An end that two pairs share is counted by both.
        let mut unused: Vec<f32> = shared.iter().map(|shared| 1.0 + shared).collect();
        for (pair, share) in self.pairs.iter().zip(pairs.iter().zip(&nested).map(|(a, b)| a + b)) {
            unused[pair.open] -= share;
            unused[pair.close] -= share;
        }
        Marginals { pairs, nested, unused, shared }
    }

    /// Whether the pair `holder` could hold the pair `number`.
    #[cfg(feature = "train")]
    pub(crate) fn holds(&self, holder: usize, number: usize) -> bool {
        let (outer, inner) = (self.pairs[holder], self.pairs[number]);
        outer.open < inner.open && inner.close < outer.close && self.holders.contains(&holder)
    }

    /// The numbers of the pairs that stand in `range`.
    fn within(&self, range: &Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
        let number = |end: usize| self.pairs.partition_point(|pair| pair.close < end);
        let from = range.start;
        (number(range.start)..number(range.end)).filter(move |number| self.pairs[*number].open >= from)
    }
}

/// What the parts of a reading are worth against leaving the same ends unused,
/// so that every sum over readings begins with 1 and only grows.
struct Odds<'a> {
    /// Of each pair, with all that could stand inside.
    pairs: Vec<f64>,
    /// Of each pair inside another.
    nested: Vec<f64>,
    worth: &'a Worth,
}

impl<'a> Odds<'a> {
    /// The logarithm of odds that are as good as certainty.
    const MOST: f64 = 500.0;

    fn of(lattice: &Lattice<'_>, worth: &'a Worth) -> Self {
        let log = |(pair, worth_of): (&Pair, &f32)| {
            let unused = worth.unused[pair.open] + worth.unused[pair.close];
            f64::from(*worth_of) - f64::from(unused)
        };
        let mut logs: Vec<f64> = lattice.pairs.iter().zip(&worth.pairs).map(log).collect();
        let nested =
            logs.iter().zip(&worth.nested).map(|(log, nested)| Self::from_log(log + f64::from(*nested)));
        let mut odds = Self { pairs: Vec::new(), nested: nested.collect(), worth };
        let pairs = lattice.pairs;
        for holders in lattice.holders.chunk_by(|a, b| pairs[*a].open == pairs[*b].open) {
            let from = pairs[holders[0]].open + 1;
            let to = holders.iter().map(|holder| pairs[*holder].close).max().unwrap_or(from);
            let inside = Forward::of(lattice, from..to, &odds.nested, &odds);
            for holder in holders {
                logs[*holder] += inside.outside[pairs[*holder].close - from].ln();
            }
        }
        odds.pairs = logs.into_iter().map(Self::from_log).collect();
        odds
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

    fn ln(self) -> f64 {
        self.value.ln() + f64::from(self.units) * Self::UNIT.ln()
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

/// Sums over the readings of a range of ends, from both sides.
struct Sums {
    from: usize,
    ahead: Forward,
    back: Backward,
    all: Large,
}

impl Sums {
    /// Those of `range`, where each pair has so much of `odds`.
    fn of(lattice: &Lattice<'_>, range: Range<usize>, odds: &[f64], of_ends: &Odds<'_>) -> Self {
        let ahead = Forward::of(lattice, range.clone(), odds, of_ends);
        let back = Backward::of(lattice, range.clone(), odds, of_ends);
        let all = ahead.outside[range.len()];
        Self { from: range.start, ahead, back, all }
    }

    /// The share of the readings that hold the pair `number`.
    fn share(&self, lattice: &Lattice<'_>, number: usize, odds: &[f64]) -> f32 {
        let Pair { open, close } = lattice.pairs[number];
        self.ahead.opened[open - self.from]
            .times(odds[number])
            .share_with(self.back.closed[close - self.from], self.all)
    }

    /// The share of the readings in which two pairs share `end`.
    #[cfg(any(feature = "train", test))]
    fn shared(&self, end: usize, odds: &Odds<'_>) -> f32 {
        let at = end - self.from;
        self.ahead.closed[at].times(odds.shared(end)).share_with(self.back.opening[at], self.all)
    }
}

/// Sums over the readings of what comes before an end, all of a range.
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
    fn of(lattice: &Lattice<'_>, range: Range<usize>, odds: &[f64], of_ends: &Odds<'_>) -> Self {
        let (from, ends) = (range.start, range.len());
        let mut outside = vec![Large::ONE; ends + 1];
        let mut closed = vec![Large::ZERO; ends];
        let mut opened = vec![Large::ZERO; ends];
        let mut rest = lattice.within(&range).peekable();
        for end in 0..ends {
            let before = outside[end];
            let mut sum = Large::ZERO;
            while let Some(number) = rest.next_if(|number| lattice.pairs[*number].close - from == end) {
                sum = sum.plus(opened[lattice.pairs[number].open - from].times(odds[number]));
            }
            // Nearly everywhere none closes.
            let shared = if sum.is_zero() { sum } else { sum.times(of_ends.shared(from + end)) };
            opened[end] = before.plus(shared);
            outside[end + 1] = before.plus(sum);
            closed[end] = sum;
        }
        Self { outside, closed, opened }
    }
}

/// Sums over the readings of what comes behind an end, all of a range.
struct Backward {
    /// A quotation has closed at the end.
    closed: Vec<Large>,
    /// A quotation opens at the end.
    #[cfg_attr(not(any(feature = "train", test)), expect(dead_code, reason = "what is learned from"))]
    opening: Vec<Large>,
}

impl Backward {
    fn of(lattice: &Lattice<'_>, range: Range<usize>, odds: &[f64], of_ends: &Odds<'_>) -> Self {
        let (from, ends) = (range.start, range.len());
        // Outside any quotation, from the end on.
        let mut outside = Large::ONE;
        let mut closed = vec![Large::ZERO; ends];
        // Whole for an end once all behind it have been looked at.
        let mut opening = vec![Large::ZERO; ends];
        let mut rest = lattice.within(&range).rev().peekable();
        for end in (0..ends).rev() {
            let sum = opening[end];
            let shared = if sum.is_zero() { sum } else { sum.times(of_ends.shared(from + end)) };
            closed[end] = outside.plus(shared);
            outside = outside.plus(sum);
            while let Some(number) = rest.next_if(|number| lattice.pairs[*number].close - from == end) {
                let open = lattice.pairs[number].open - from;
                opening[open] = opening[open].plus(closed[end].times(odds[number]));
            }
        }
        Self { closed, opening }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All sets of `pairs` of which none overlaps another, with whether each pair stands
    /// inside another of them; only `holders` may hold any, and nothing stands deeper.
    fn readings(lattice: &Lattice<'_>) -> Vec<Vec<(usize, bool)>> {
        let inside = |inner: Pair, outer: Pair| outer.open < inner.open && inner.close < outer.close;
        let apart = |a: Pair, b: Pair| a.close <= b.open || b.close <= a.open;
        let sets = (0..1_u32 << lattice.pairs.len()).map(|set| {
            (0..lattice.pairs.len()).filter(|number| set & (1 << number) != 0).collect::<Vec<usize>>()
        });
        let reading = |set: Vec<usize>| {
            let held = |number: usize| {
                set.iter().filter(|other| inside(lattice.pairs[number], lattice.pairs[**other])).count()
            };
            let fits = set.iter().all(|a| {
                set.iter().all(|b| {
                    let (first, second) = (lattice.pairs[*a], lattice.pairs[*b]);
                    let holds = inside(first, second) && lattice.holders.contains(b);
                    a == b || apart(first, second) || holds || inside(second, first)
                })
            });
            let is_flat = set.iter().all(|number| held(*number) < 2);
            (fits && is_flat).then(|| set.iter().map(|number| (*number, held(*number) == 1)).collect())
        };
        sets.filter_map(reading).collect()
    }

    /// Five ends, and all pairs of them.
    fn five() -> (Vec<Pair>, Worth) {
        let pairs: Vec<Pair> =
            (0..5).flat_map(|close| (0..close).map(move |open| Pair { open, close })).collect();
        let some = |count: usize, from: usize| {
            (0..count).map(|at| ((at * 7 + from) % 11) as f32 / 5.0 - 1.0).collect::<Vec<f32>>()
        };
        let worth = Worth {
            pairs: some(pairs.len(), 0),
            nested: some(pairs.len(), 3),
            unused: some(5, 5),
            shared: some(5, 8),
        };
        (pairs, worth)
    }

    #[test]
    fn marginals_are_shares_of_all_readings() {
        let (pairs, worth) = five();
        let holders = [3, 6, 7, 8]; // of four ends and of five
        let mut by_open = holders;
        by_open.sort_by_key(|number| pairs[*number].open);
        let lattice = Lattice { ends: 5, pairs: &pairs, holders: &by_open };
        let (mut all, mut flat, mut nested) = (0.0, vec![0.0; pairs.len()], vec![0.0; pairs.len()]);
        let (mut unused, mut shared) = ([0.0; 5], [0.0; 5]);
        for reading in readings(&lattice) {
            let uses = |end: usize| {
                reading
                    .iter()
                    .filter(|(pair, _)| [pairs[*pair].open, pairs[*pair].close].contains(&end))
                    .count()
            };
            let of_pairs: f32 = (reading.iter())
                .map(|(pair, is_nested)| {
                    worth.pairs[*pair] + if *is_nested { worth.nested[*pair] } else { 0.0 }
                })
                .sum();
            let of_ends = |end: usize| [worth.unused[end], 0.0, worth.shared[end]][uses(end)];
            let weight = (of_pairs + (0..5).map(of_ends).sum::<f32>()).exp();
            all += weight;
            for (pair, is_nested) in &reading {
                (if *is_nested { &mut nested } else { &mut flat })[*pair] += weight;
            }
            for end in 0..5 {
                match uses(end) {
                    0 => unused[end] += weight,
                    2 => shared[end] += weight,
                    _ => {}
                }
            }
        }
        let found = lattice.marginals(&worth);
        let near = |found: &[f32], expected: &[f32]| {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected / all).abs() < 1e-5, "{found} is not {}", expected / all);
            }
        };
        assert!(nested.iter().any(|weight| *weight > 0.0));
        near(&found.pairs, &flat);
        near(&found.nested, &nested);
        near(&found.unused, &unused);
        near(&found.shared, &shared);
    }

    #[test]
    fn sums_may_be_greater_than_floats() {
        // A thousand quotations, one behind the other, each of which is e^20 times
        // as likely as none.
        let pairs: Vec<Pair> = (0..1000).map(|n| Pair { open: 2 * n, close: 2 * n + 1 }).collect();
        let worth = Worth {
            pairs: vec![20.0; 1000],
            nested: vec![0.0; 1000],
            unused: vec![0.0; 2000],
            shared: vec![0.0; 2000],
        };
        let found = Lattice { ends: 2000, pairs: &pairs, holders: &[] }.marginals(&worth);
        let alone = 1.0 / (1.0 + (-20.0_f32).exp());
        assert!(found.pairs.iter().all(|share| (share - alone).abs() < 1e-6));
        assert!(found.unused.iter().all(|share| *share < 1e-6));
    }

    #[test]
    fn a_block_without_pairs_has_one_reading() {
        let worth = Worth { unused: vec![3.0], shared: vec![0.0], ..Worth::default() };
        assert_eq!(Lattice { ends: 1, pairs: &[], holders: &[] }.marginals(&worth).unused, [1.0]);
    }
}
