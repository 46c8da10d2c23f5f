//! Keys of features with few values: features that depend on nothing but the
//! values of one key are worth the same whenever it comes up, so what they are
//! worth together is summed once and then looked up.

/// A group of features that depend on the same few values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<const VALUES: usize> {
    /// Its first key.
    start: usize,
    /// How many values there are in each place.
    sizes: [usize; VALUES],
}

impl<const VALUES: usize> Group<VALUES> {
    const fn behind<const OTHERS: usize>(other: Group<OTHERS>, sizes: [usize; VALUES]) -> Self {
        Self { start: other.end(), sizes }
    }

    const fn end(&self) -> usize {
        let (mut count, mut place) = (1, 0);
        while place < VALUES {
            count *= self.sizes[place];
            place += 1;
        }
        self.start + count
    }

    /// The key of `values`, each less than the size of its place.
    #[inline]
    pub(super) fn key(&self, values: [u64; VALUES]) -> usize {
        let mut key = 0;
        for (value, size) in values.into_iter().zip(self.sizes) {
            let value = usize::try_from(value).expect("few values");
            debug_assert!(value < size, "{value} is none of {size} values");
            key = key * size + value;
        }
        self.start + key
    }
}

/// Classes of pairs.
const CLASSES: usize = 4;
/// Values of [`length`](super::measures::length).
const LENGTHS: usize = 18;
/// Values of [`step`](super::measures::step).
const STEPS: usize = 9;
/// Kinds of characters.
const SIGNS: usize = super::measures::SIGNS;
/// Kinds of characters on both sides, see `Between::marks`.
const MARKS: usize = 16 * SIGNS;
/// Classes of stretches, see `View::stretch`.
const STRETCHES: usize = 1 + STEPS * 12;
/// Code points of a word, up to three.
const WORDS: usize = 4;
/// Kinds of openings or closings.
const KINDS: usize = 5;
/// Classes of blocks.
const SETTINGS: usize = 8;
/// Values of `Evidence::pairing`.
const PAIRINGS: usize = 5;

/// What a mark stands at: which mark, its kind, the block, distances.
pub(super) const PLACE: Group<5> = Group { start: 0, sizes: [4, KINDS, SETTINGS, STEPS, STEPS] };
/// Words around a mark: which mark, its kind, verbs, words across, before, behind.
pub(super) const AROUND: Group<6> = Group::behind(PLACE, [4, KINDS, 2, 16, 5, 5]);
/// A gap among others: which mark, its kind, what it stands behind, how often
/// gaps do, labels.
pub(super) const HABIT: Group<6> = Group::behind(AROUND, [4, KINDS, SIGNS, 16, 2, 5]);
/// Class, length, sentences, commas, whether all is Han.
pub(super) const SIZE: Group<5> = Group::behind(HABIT, [CLASSES, LENGTHS, 4, 5, 2]);
/// Class, sentences, commas, other marks, whether it ends and begins whole.
pub(super) const CLAUSES: Group<6> = Group::behind(SIZE, [CLASSES, 4, 5, 4, 2, 6]);
/// Class, distance before, length, distance behind, gaps inside, sentences.
pub(super) const GAPS: Group<6> = Group::behind(CLAUSES, [CLASSES, STEPS, LENGTHS, STEPS, 6, 2]);
/// Class, length, block, places in marks and between gaps.
pub(super) const SEEN: Group<5> = Group::behind(GAPS, [CLASSES, LENGTHS, SETTINGS, 3, 3]);
/// How gaps pair, class, gaps of the block and inside, those before by twos.
pub(super) const PAIRING: Group<5> = Group::behind(SEEN, [PAIRINGS, CLASSES, 8, 6, 2]);
/// Class, and what the document says of it.
pub(super) const DOCUMENT: Group<5> = Group::behind(PAIRING, [CLASSES, 4, 6, PAIRINGS, 2]);
/// Names and figures, class, length, what word it is.
pub(super) const CONTENT: Group<7> = Group::behind(DOCUMENT, [2, 2, 2, CLASSES, LENGTHS, 3, 2]);
/// Class, length, and words before and behind.
pub(super) const HEADS: Group<5> = Group::behind(CONTENT, [CLASSES, 11, WORDS, WORDS, WORDS]);
/// Class, characters outside, words, other marks.
pub(super) const OUTSIDE: Group<5> = Group::behind(HEADS, [CLASSES, MARKS, 2, 2, 4]);
/// Class, stretches before and behind.
pub(super) const BOTH: Group<3> = Group::behind(OUTSIDE, [CLASSES, STRETCHES, STRETCHES]);
/// Class, stretch before, length.
pub(super) const BEFORE: Group<3> = Group::behind(BOTH, [CLASSES, STRETCHES, LENGTHS]);
/// Class, stretch behind, length.
pub(super) const BEHIND: Group<3> = Group::behind(BEFORE, [CLASSES, STRETCHES, LENGTHS]);
/// Class, stretch before, what it ends with.
pub(super) const LEFT: Group<4> = Group::behind(BEHIND, [CLASSES, STRETCHES, SIGNS, WORDS]);
/// Class, stretch behind, what it begins with.
pub(super) const RIGHT: Group<4> = Group::behind(LEFT, [CLASSES, STRETCHES, SIGNS, WORDS]);
/// Class, characters outside, distances.
pub(super) const DISTANCES: Group<4> = Group::behind(RIGHT, [CLASSES, MARKS, STEPS, STEPS]);
/// Class, gaps before and behind by twos, those behind, how gaps pair, words.
pub(super) const REST: Group<7> = Group::behind(DISTANCES, [CLASSES, 2, 2, 4, PAIRINGS, WORDS, WORDS]);
/// Class, length, places behind a gap and before one.
pub(super) const BESIDE: Group<4> = Group::behind(REST, [CLASSES, 11, 3, 3]);

/// How many keys there are.
pub(super) const KEYS: usize = BESIDE.end();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_groups_lie_behind_each_other() {
        assert_eq!(PLACE.key([0; 5]), 0);
        assert_eq!(PLACE.key([3, 4, 7, 8, 8]) + 1, AROUND.key([0; 6]));
        assert_eq!(REST.key([3, 1, 1, 3, 4, 3, 3]) + 1, BESIDE.key([0; 4]));
        assert_eq!(BESIDE.key([3, 10, 2, 2]) + 1, KEYS);
        assert_eq!(SIZE.key([1, 2, 0, 4, 1]) - SIZE.key([1, 1, 0, 4, 1]), 40);
    }
}
