//! Chance that is the same everywhere: PCG XSL 128/64, whose stream is fixed,
//! and what is drawn from it, done here so that no other crate can change it.

use rand_core::Rng as _;
use rand_pcg::Pcg64;

/// A source of chance. The same seed and stream give the same draws on every
/// platform and with every version of this crate.
#[derive(Clone, Debug)]
pub struct Rng(Pcg64);

impl Rng {
    /// The stream number `stream` of `seed`; the streams of one seed are
    /// independent.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(Pcg64::new(u128::from(seed), u128::from(stream)))
    }

    /// Whether something of probability `p` happens. Draws nothing for 0 and
    /// below, or for 1 and above.
    pub fn chance(&mut self, p: f64) -> bool {
        p > 0.0 && (p >= 1.0 || self.unit() < p)
    }

    /// A whole number of `0..n`; 0 for `n` = 0.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * n as u128;
        (wide >> 64) as usize
    }

    /// A whole number of `low..=high`.
    ///
    /// # Panics
    /// If `high` is less than `low`.
    pub fn within(&mut self, low: usize, high: usize) -> usize {
        assert!(low <= high, "an empty range");
        low + self.below(high - low + 1)
    }

    /// One of `things`, `None` if there is none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(things.len()))
    }

    /// Puts `things` in a random order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }

    /// A number of `[0, 1)` with 53 random bits.
    fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 * SCALE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_never_change() {
        let mut rng = Rng::new(7, 1);
        let drawn: Vec<_> = (0..8).map(|_| rng.below(1000)).collect();
        assert_eq!(drawn, [877, 532, 87, 281, 518, 887, 230, 603]);
        assert!((0..1000).all(|_| (3..=5).contains(&rng.within(3, 5))));
        let hits = (0..10_000).filter(|_| rng.chance(0.25)).count();
        assert!((2300..2700).contains(&hits), "{hits}");
    }
}
