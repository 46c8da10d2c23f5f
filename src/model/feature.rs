//! Features as 64-bit hashes.

/// The odd constant of Fibonacci hashing: 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A feature that holds: its template and its values, hashed. The same on every
/// platform and in every version, since the weights are stored by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Feature(u64);

/// What a kind of feature begins with, so that equal values of different kinds
/// differ. A number is used once in a model, and never again for another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(pub u16);

impl Template {
    /// The feature that has no value: it holds or not.
    #[must_use]
    #[inline]
    pub fn holds(self) -> Feature {
        Feature(mix(GOLDEN, u64::from(self.0)))
    }

    /// The feature with a number or a class for value.
    #[must_use]
    #[inline]
    pub fn value(self, value: u64) -> Feature {
        self.holds().and(value)
    }

    /// The feature with characters for value.
    #[must_use]
    #[inline]
    pub fn chars(self, chars: impl IntoIterator<Item = char>) -> Feature {
        chars.into_iter().fold(self.holds(), |feature, c| feature.and(u64::from(u32::from(c))))
    }
}

impl Feature {
    /// This feature together with one more value.
    #[must_use]
    #[inline]
    pub fn and(self, value: u64) -> Self {
        Self(mix(self.0, value))
    }

    /// Its place in a table of 2^`bits` weights.
    #[must_use]
    #[inline]
    pub fn place(self, bits: u32) -> usize {
        // The high bits of a product are the well mixed ones.
        usize::try_from(self.0.wrapping_mul(GOLDEN) >> (64 - bits)).expect("a table fits in memory")
    }
}

#[inline]
fn mix(state: u64, value: u64) -> u64 {
    let mixed = (state ^ value.wrapping_add(GOLDEN)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_feature_never_changes() {
        let feature = Template(3).chars("春水".chars()).and(7);
        assert_eq!(feature.place(22), 134_827);
    }

    #[test]
    fn order_and_template_tell_features_apart() {
        assert_ne!(Template(1).chars("甲乙".chars()), Template(1).chars("乙甲".chars()));
        assert_ne!(Template(1).value(5), Template(2).value(5));
    }
}
