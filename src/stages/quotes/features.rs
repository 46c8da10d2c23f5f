//! What speaks for and against a quotation that begins or ends at a place, and
//! what `between` needs to know of a block: the features whose weights the model
//! knows. Changing one here or there makes the weights stale: train anew.

use std::cell::OnceCell;
use std::ops::Range;

use super::ends::{Characters, Closing, End, Opening};
use super::evidence::Evidence;
use super::keys;
use super::lattice::Pair;
use super::measures::{Starts, Sums, Words, inside_marks, is_label, is_said_behind, sign, step};
use crate::document::BlockKind;
use crate::model::{Feature, Features, Template};

const OPEN: u16 = 0;
const CLOSE: u16 = 100;
const UNUSED: u16 = 200;
const SHARED: u16 = 300;
const NESTED: u16 = 500;

/// Code points from which what stands between two gaps is no entry of a list.
const LONGEST_ENTRY: usize = 45;

/// A block with all that its features are made of.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(super) characters: &'a Characters<'a>,
    pub(super) ends: &'a [End],
    /// What the block looks like.
    kind: BlockKind,
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) sums: Sums,
    /// Whether each position stands inside marks that are there.
    marked: Vec<bool>,
    /// Of each end that somebody asked about.
    words: Vec<OnceCell<Words>>,
    pub(super) starts: Starts,
    /// Of each end: the gaps before it.
    pub(super) gaps_before: Vec<usize>,
    /// Of each end: code points to the nearest gap before and behind it.
    pub(super) distances: Vec<(usize, usize)>,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        characters: &'a Characters<'a>,
        ends: &'a [End],
        kind: BlockKind,
        evidence: &'a Evidence<'a>,
    ) -> Self {
        let mut gaps_before = Vec::with_capacity(ends.len());
        let mut distances = vec![(usize::MAX, usize::MAX); ends.len()];
        let (mut count, mut last) = (0, None);
        for (end, distance) in ends.iter().zip(&mut distances) {
            gaps_before.push(count);
            distance.0 = last.map_or(usize::MAX, |last| end.left - last);
            if end.is_gap() {
                count += 1;
                last = Some(end.right);
            }
        }
        let mut next = None;
        for (end, distance) in ends.iter().zip(&mut distances).rev() {
            distance.1 = next.map_or(usize::MAX, |next: usize| next - end.right);
            if end.is_gap() {
                next = Some(end.left);
            }
        }
        let sums = Sums::of(&characters.traits);
        let marked = inside_marks(characters);
        let words = vec![OnceCell::new(); ends.len()];
        let starts = Starts::new(characters);
        Self { characters, ends, kind, evidence, sums, marked, words, starts, gaps_before, distances }
    }

    /// What the word lists say of the end at `index`.
    pub(super) fn words(&self, index: usize) -> &Words {
        self.words[index].get_or_init(|| Words::at(self.characters, &self.ends[index], &self.starts))
    }

    /// The class of block that a feature of position `at` may depend on.
    pub(super) fn setting(&self, at: usize) -> u64 {
        let kind = match self.kind {
            BlockKind::Headline => 0,
            BlockKind::Lead => 1,
            BlockKind::ListItem => 2,
            _ => 3,
        };
        kind * 2 + u64::from(self.marked[at])
    }

    /// The features of a quotation that opens at the end at `index`.
    pub(crate) fn opening(&self, index: usize, features: &mut impl Features) {
        let kind = self.ends[index].opens.map_or(0, |kind| match kind {
            Opening::Gap => 0,
            Opening::Start => 1,
            Opening::BehindPunctuation => 2,
            Opening::Bare => 3,
        });
        self.around::<OPEN>(index, kind, features);
    }

    /// The features of a quotation that closes at the end at `index`.
    pub(crate) fn closing(&self, index: usize, features: &mut impl Features) {
        let end = &self.ends[index];
        let kind = end.closes.map_or(0, |kind| match kind {
            Closing::Gap => 0,
            Closing::Finish => 1,
            Closing::BeforePunctuation => 2,
            Closing::BehindSentence => 3,
            Closing::Bare => 4,
        });
        self.around::<CLOSE>(index, kind, features);
        if self.characters.ends_sentence(end.left) {
            let said = is_said_behind(self.characters, end.right);
            features.push(Template(CLOSE + 60).value(u64::from(said)).and(kind));
        }
    }

    /// The features of a gap at `index` that no quotation accounts for.
    pub(crate) fn unused(&self, index: usize, features: &mut impl Features) {
        if self.ends[index].is_gap() {
            self.around::<UNUSED>(index, 0, features);
        }
    }

    /// The features of an end that closes one quotation and opens another.
    pub(crate) fn shared(&self, index: usize, features: &mut impl Features) {
        let end = &self.ends[index];
        self.around::<SHARED>(index, u64::from(end.is_gap()), features);
        let (before, behind) = self.distances[index];
        if end.is_gap() && before < LONGEST_ENTRY && behind < LONGEST_ENTRY {
            self.entries(end.left - before..end.left, end.right..end.right + behind, features);
        }
    }

    /// The features of `pair` where it stands inside another.
    pub(crate) fn nested(&self, pair: Pair, features: &mut impl Features) {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let gaps = u64::from(open.is_gap()) * 2 + u64::from(close.is_gap());
        let nested = Template(NESTED).value(gaps);
        features.push(nested);
        features.push(nested.and(step(close.left - open.right)));
    }

    /// What tells that `first` and `second`, which stand between gaps, are entries
    /// of a list: those are of a length and a pattern, and what goes on behind them
    /// speaks of both.
    fn entries(&self, first: Range<usize>, second: Range<usize>, features: &mut impl Features) {
        let chars = &self.characters.chars;
        let around = [self.characters.before(first.start - 1), self.characters.behind(second.end + 1)]
            .map(|c| c.map_or(0, |c| u64::from(u32::from(c))));
        let (first, second) = (&chars[first], &chars[second]);
        let differ = first.len().abs_diff(second.len()).min(3) as u64;
        let same = |at: fn(&[char]) -> Option<&char>| u64::from(at(first) == at(second));
        let (same_first, same_last) = (same(<[char]>::first), same(<[char]>::last));
        let is_common = |pair: &[char]| second.windows(2).any(|other| other == pair);
        let common = first.windows(2).filter(|pair| is_common(pair)).count().min(3) as u64;
        let sizes = Template(SHARED + 50).value(step(first.len())).and(step(second.len()));
        let clauses = [first, second]
            .map(|entry| entry.iter().filter(|c| matches!(c, '，' | '。')).count().min(2) as u64);
        features.push(sizes.and(differ));
        features.push(Template(SHARED + 51).value(differ).and(same_first).and(same_last).and(common));
        features.push(Template(SHARED + 52).value(around[1]).and(differ));
        features.push(Template(SHARED + 53).value(around[0]).and(differ));
        features.push(Template(SHARED + 54).value(clauses[0]).and(clauses[1]).and(differ));
        features.push(Template(SHARED + 55).value(around[1]).and(same_first | same_last).and(common));
    }

    /// What stands on both sides of the end at `index`.
    fn around<const BASE: u16>(&self, index: usize, kind: u64, features: &mut impl Features) {
        let end = &self.ends[index];
        let mark = u64::from(BASE / CLOSE);
        let setting = self.setting(end.left);
        let (before, behind) = self.distances[index];
        let (before, behind) = (step(before), step(behind));
        features.push_known(keys::PLACE.key([mark, kind, setting, before, behind]), |to| {
            let bare = Template(BASE).value(kind);
            to.push(bare);
            to.push(bare.and(setting));
            to.push(Template(BASE + 40).value(before).and(behind).and(kind));
        });
        self.grams::<BASE>(end, kind, features);
        let &Words { across, left, right, said, .. } = self.words(index);
        let said = u64::from(said);
        features.push_known(keys::AROUND.key([mark, kind, said, across, left, right]), |to| {
            to.push(Template(BASE + 41).value(said).and(kind));
            to.push(Template(BASE + 44).value(across).and(kind));
            to.push(Template(BASE + 45).value(left).and(right).and(kind));
            to.push(Template(BASE + 46).value(left).and(right).and(across).and(kind));
        });
        if end.is_gap() {
            let behind = sign(self.characters.before(end.left));
            let habit = self.evidence.habit(behind);
            let label = u64::from(is_label(&self.characters.chars, end.left));
            let labels = self.evidence.labels();
            features.push_known(keys::HABIT.key([mark, kind, behind, habit, label, labels]), |to| {
                to.push(Template(BASE + 42).value(behind).and(habit).and(kind));
                to.push(Template(BASE + 43).value(label).and(labels).and(kind));
            });
        }
    }

    /// Character n-grams on both sides of `end`.
    fn grams<const BASE: u16>(&self, end: &End, kind: u64, features: &mut impl Features) {
        let chars = &self.characters.chars;
        let (before, behind) = (&chars[..end.left], &chars[end.right..]);
        let mut push = |gram: Option<Feature>| {
            if let Some(gram) = gram {
                features.push(gram.and(kind));
            }
        };
        push(gram::<1, 0>(Template(BASE + 1), before, behind));
        push(gram::<0, 1>(Template(BASE + 11), before, behind));
        push(gram::<2, 0>(Template(BASE + 2), before, behind));
        push(gram::<0, 2>(Template(BASE + 12), before, behind));
        push(gram::<3, 0>(Template(BASE + 3), before, behind));
        push(gram::<0, 3>(Template(BASE + 13), before, behind));
        push(gram::<4, 0>(Template(BASE + 4), before, behind));
        push(gram::<0, 4>(Template(BASE + 14), before, behind));
        push(gram::<1, 1>(Template(BASE + 23), before, behind));
        push(gram::<2, 1>(Template(BASE + 25), before, behind));
        push(gram::<1, 2>(Template(BASE + 24), before, behind));
        push(gram::<2, 2>(Template(BASE + 26), before, behind));
    }
}

/// The last `BEFORE` characters of `before` and the first `BEHIND` of `behind`, if
/// there are as many.
#[inline]
fn gram<const BEFORE: usize, const BEHIND: usize>(
    template: Template,
    before: &[char],
    behind: &[char],
) -> Option<Feature> {
    let (before, behind) = (before.last_chunk::<BEFORE>()?, behind.first_chunk::<BEHIND>()?);
    Some(template.chars(before.iter().chain(behind).copied()))
}
