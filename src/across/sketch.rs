//! MinHash: a few numbers that two texts share as far as they share their
//! shingles.

/// Code points a shingle. Damage of one character costs three shingles.
const SHINGLE: usize = 3;
/// Bands of a signature.
pub(super) const BANDS: usize = 12;
/// Smallest hashes a band. With 12 bands of 5, two passages that share s of
/// their shingles meet in a band with probability 1 - (1 - s⁵)¹²: .99 for
/// s = .8, .32 for .5.
const ROWS: usize = 5;
const BINS: usize = BANDS * ROWS;
/// What an empty bin holds.
const EMPTY: u32 = u32::MAX;

/// The keys of the bands of `text`: with one key in common two texts are worth
/// comparing. One-permutation hashing (Li, Owen, Zhang 2012): each shingle is
/// hashed once, and counts in the bin its hash falls into.
pub(super) fn band_keys(text: &str) -> [u64; BANDS] {
    let mut bins = [EMPTY; BINS];
    for hash in shingles(text) {
        let bin = (((hash >> 32) * BINS as u64) >> 32) as usize;
        bins[bin] = bins[bin].min(hash as u32);
    }
    let bins = densified(&bins);
    std::array::from_fn(|band| {
        let rows = &bins[band * ROWS..(band + 1) * ROWS];
        rows.iter().fold(band as u64, |key, row| mixed(key ^ u64::from(*row)))
    })
}

/// The share of shingles that two texts have in common (Jaccard similarity).
pub(super) fn similarity(a: &str, b: &str) -> f32 {
    let set = |text| {
        let mut hashes: Vec<u64> = shingles(text).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    };
    let (a, b) = (set(a), set(b));
    let shared = a.iter().filter(|hash| b.binary_search(hash).is_ok()).count();
    let all = a.len() + b.len() - shared;
    if all == 0 { 1.0 } else { shared as f32 / all as f32 }
}

/// A hash of each run of [`SHINGLE`] code points.
fn shingles(text: &str) -> impl Iterator<Item = u64> {
    // 21 bits a code point: the last three fill a number.
    let mut last: u64 = 0;
    let with_last = move |c: char| {
        last = ((last << 21) | u64::from(u32::from(c))) & ((1 << (21 * SHINGLE)) - 1);
        mixed(last)
    };
    text.chars().map(with_last).skip(SHINGLE - 1)
}

/// Each empty bin takes what another one holds, the same in all texts where
/// that one is filled (Shrivastava 2017, "Optimal densification").
fn densified(bins: &[u32; BINS]) -> [u32; BINS] {
    if bins.iter().all(|bin| *bin == EMPTY) {
        return *bins;
    }
    std::array::from_fn(|bin| {
        let mut from = bin;
        let mut attempt = 0;
        while bins[from] == EMPTY {
            attempt += 1;
            from = (mixed(((bin as u64) << 32) | attempt) % BINS as u64) as usize;
        }
        bins[from]
    })
}

/// A number whose bits all depend on all bits of `value` (the finaliser of
/// MurmurHash3, Appleby).
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let value = (value ^ (value >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    value ^ (value >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        "柳塘乡今年新修机耕路九条,路面铺了碎石,拖拉机可以一直开到地头,秋收的稻谷当天就能运进粮库.";

    fn shared_bands(a: &str, b: &str) -> usize {
        band_keys(a).iter().zip(band_keys(b)).filter(|(a, b)| **a == *b).count()
    }

    #[test]
    fn near_copies_meet_and_others_do_not() {
        assert_eq!(shared_bands(ONE, ONE), BANDS);
        let damaged = ONE.replace('铺', "\u{FFFD}");
        assert!(shared_bands(ONE, &damaged) > 0);
        assert!(similarity(ONE, &damaged) > 0.8);
        let other =
            "沙洲乡的果园昨日开园,首批早熟的梨已经上市,每斤卖到六元,比往年高出一成,果农说这样的价钱多年未见.";
        assert_eq!(shared_bands(ONE, other), 0);
        assert!(similarity(ONE, other) < 0.1);
    }

    #[test]
    fn short_texts_have_keys_too() {
        assert_eq!(band_keys(""), band_keys("种树"));
        assert_ne!(band_keys("种树修渠"), band_keys("种树修路"));
    }
}
