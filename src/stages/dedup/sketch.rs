//! A few numbers by which look-alikes are found without comparing all passages
//! with all: the smallest hashes of their shingles (Broder, "On the resemblance
//! and containment of documents", 1997).

/// Smallest shingle hashes kept of each passage. Copies that differ in one
/// character of 25 share most of them.
pub(super) const SKETCH: usize = 8;
/// Code points a shingle: long enough that two passages share one only where
/// they share a phrase.
const SHINGLE: usize = 8;
/// Code points from which a block is no paragraph and is compared as a whole
/// only: comparing takes the length times the difference.
const LONGEST: usize = 5_000;

/// The sketch of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sketch {
    /// In order; the greatest number of all where there are fewer.
    least: [u64; SKETCH],
}

impl Sketch {
    /// Of the passage with this `skeleton`.
    pub(super) fn of(skeleton: &str) -> Self {
        let mut shingles = Shingles::default();
        let mut sketch = Self { least: [u64::MAX; SKETCH] };
        for c in skeleton.chars() {
            let hash = shingles.push(c);
            if shingles.count >= SHINGLE && hash < sketch.least[SKETCH - 1] {
                sketch.add(hash);
            }
        }
        if shingles.count > LONGEST {
            sketch.least = [u64::MAX; SKETCH];
        }
        sketch
    }

    fn add(&mut self, hash: u64) {
        let at = self.least.partition_point(|other| *other <= hash);
        self.least[at..].rotate_right(1);
        self.least[at] = hash;
    }

    /// The hashes, in order.
    pub(super) fn hashes(self) -> impl Iterator<Item = u64> {
        self.least.into_iter().filter(|hash| *hash != u64::MAX)
    }
}

/// A hash of the last [`SHINGLE`] characters, made from that of those before
/// (Karp and Rabin, 1987).
#[derive(Default)]
struct Shingles {
    hash: u64,
    /// The last characters, in a ring.
    last: [u64; SHINGLE],
    count: usize,
}

impl Shingles {
    /// An odd number without pattern: 2^64 divided by the golden ratio.
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    /// The power of it by which a character counts when it leaves.
    const LEAVING: u64 = {
        let (mut power, mut times) = (1u64, 0);
        while times < SHINGLE {
            power = power.wrapping_mul(Self::BASE);
            times += 1;
        }
        power
    };

    /// The hash with `c` for the newest character.
    fn push(&mut self, c: char) -> u64 {
        let point = u64::from(u32::from(c)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        let leaves = std::mem::replace(&mut self.last[self.count % SHINGLE], point);
        self.count += 1;
        self.hash = self.hash.wrapping_mul(Self::BASE).wrapping_add(point);
        self.hash = self.hash.wrapping_sub(leaves.wrapping_mul(Self::LEAVING));
        (self.hash ^ (self.hash >> 32)).wrapping_mul(Self::BASE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_are_told_by_what_they_hold() {
        let of = |text: &str| {
            let mut shingles = Shingles::default();
            let all: Vec<u64> = text.chars().map(|c| shingles.push(c)).collect();
            all[SHINGLE - 1..].to_vec()
        };
        let (first, second) = (of("甲乙丙丁戊己庚辛壬癸"), of("子丑甲乙丙丁戊己庚辛寅"));
        assert_eq!(first[0], second[2], "甲乙丙丁戊己庚辛");
        assert!(!second.contains(&first[1]) && !second.contains(&first[2]));
    }

    #[test]
    fn the_smallest_are_kept_in_order() {
        let sketch = Sketch::of("青禾县今年新建水渠多条,沿线村民用水更加方便,种粮积极性明显提高.");
        assert!(sketch.least.is_sorted() && sketch.hashes().count() == SKETCH);
        assert_eq!(Sketch::of("青禾县").hashes().count(), 0);
    }
}
