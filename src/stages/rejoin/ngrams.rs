//! How well two ends of text fit together, by the characters that would meet:
//! what was learned from running text. Works on the characters alone, so it is
//! the same for text with its quotation marks and text that lost them.

use super::encoder::Reader;
use crate::chars::is_gap;
use crate::model::{Feature, Table, Template, Weights};

/// Characters of each side that are looked at.
pub(crate) const REACH: usize = 6;

/// Stands where a text has no further character.
const NONE: char = '\0';

/// The characters on both sides of a place, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Before it.
    pub(crate) left: [char; REACH],
    /// Behind it.
    pub(crate) right: [char; REACH],
}

/// Numbers of a vector.
pub(crate) const WIDTH: usize = 32;

/// Something that knows the vector of a feature.
pub(crate) trait Vectors {
    /// Adds the vector of `feature` to `sum`.
    fn add(&self, feature: Feature, sum: &mut [f32; WIDTH]);

    /// The sum over `features`.
    fn sum(&self, features: &[Feature]) -> [f32; WIDTH] {
        let mut sum = [0.0; WIDTH];
        features.iter().for_each(|feature| self.add(*feature, &mut sum));
        sum
    }
}

impl Vectors for Table<'_> {
    fn add(&self, feature: Feature, sum: &mut [f32; WIDTH]) {
        for (sum, weight) in sum.iter_mut().zip(self.row(feature, WIDTH)) {
            *sum += weight;
        }
    }
}

/// What was learned: weights of what meets at a seam, and vectors for what
/// stands on either side, whose product says how well they fit.
#[derive(Clone, Debug)]
pub(crate) struct Learned<W, V> {
    /// The weights.
    pub(crate) weights: W,
    /// The vectors.
    pub(crate) vectors: V,
    /// What sees farther to both sides.
    pub(crate) reader: Reader,
}

impl<W: Weights, V: Vectors> Learned<W, V> {
    /// How much likelier the characters of `ends` meet than chance would have
    /// them meet, where the vectors of `left` and `right` sides are summed: a
    /// logarithm of odds, 0 for what was never seen.
    pub(crate) fn tie(&self, ends: &Ends, left: &[f32; WIDTH], right: &[f32; WIDTH]) -> f32 {
        self.weights.score(&ends.ties()) + dot(left, right)
    }

    /// How much likelier a text that begins as the right side of `ends` is the
    /// middle of a paragraph than the start of one.
    pub(crate) fn start(&self, ends: &Ends) -> f32 {
        self.weights.score(&ends.starts())
    }

    /// How much likelier a text that ends as the left side of `ends` was cut
    /// than ends there by itself, as headlines do.
    pub(crate) fn end(&self, ends: &Ends) -> f32 {
        self.weights.score(&ends.ends())
    }

    /// How much likelier the right side of `ends` starts inside a word than with
    /// one.
    pub(crate) fn starts_in_word(&self, ends: &Ends) -> f32 {
        self.weights.score(&ends.word_starts())
    }

    /// How much likelier the left side of `ends` ends inside a word than with
    /// one.
    pub(crate) fn ends_in_word(&self, ends: &Ends) -> f32 {
        self.weights.score(&ends.word_ends())
    }
}

/// The product of two vectors.
pub(crate) fn dot(a: &[f32; WIDTH], b: &[f32; WIDTH]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Ends {
    /// No text on either side.
    pub(crate) const NONE: Self = Self { left: [NONE; REACH], right: [NONE; REACH] };

    /// The characters that meet where `left` is followed by `right`.
    pub(crate) fn between(left: &str, right: &str) -> Self {
        Self { left: nearest(left.chars().rev()), right: nearest(right.chars()) }
    }

    /// The same left side with the right side of `other`.
    #[cfg(feature = "train")]
    pub(crate) fn with_right(self, other: Self) -> Self {
        Self { left: self.left, right: other.right }
    }

    /// The features of [`Learned::tie`]: characters of both sides together.
    pub(crate) fn ties(&self) -> [Feature; 5] {
        let [l1, l2, ..] = self.left;
        let [r1, r2, ..] = self.right;
        [
            Template(1).chars([l1, r1]),
            Template(2).chars([l2, l1, r1]),
            Template(3).chars([l1, r1, r2]),
            Template(4).chars([l2, r1]),
            Template(5).chars([l1, r2]),
        ]
    }

    /// What has a vector on the left side.
    pub(crate) fn left_units(&self) -> [Feature; 9] {
        units(60, self.left)
    }

    /// What has a vector on the right side.
    pub(crate) fn right_units(&self) -> [Feature; 9] {
        units(80, self.right)
    }

    /// The features of [`Learned::start`]: the right side alone.
    pub(crate) fn starts(&self) -> [Feature; SIDE] {
        one_sided(20, self.right)
    }

    /// The features of [`Learned::end`]: the left side alone.
    pub(crate) fn ends(&self) -> [Feature; SIDE] {
        one_sided(100, self.left)
    }

    /// The features of [`Learned::starts_in_word`].
    pub(crate) fn word_starts(&self) -> [Feature; SIDE] {
        one_sided(120, self.right)
    }

    /// The features of [`Learned::ends_in_word`].
    pub(crate) fn word_ends(&self) -> [Feature; SIDE] {
        one_sided(140, self.left)
    }
}

/// Features of one side.
pub(crate) const SIDE: usize = 11;

fn one_sided(template: u16, [a, b, c, d, e, f]: [char; REACH]) -> [Feature; SIDE] {
    [
        Template(template).holds(),
        Template(template + 1).chars([a]),
        Template(template + 2).chars([a, b]),
        Template(template + 3).chars([a, b, c]),
        Template(template + 4).chars([a, b, c, d]),
        Template(template + 5).chars([b]),
        Template(template + 6).chars([b, c]),
        Template(template + 7).chars([c]),
        Template(template + 8).chars([c, d]),
        Template(template + 9).chars([d]),
        Template(template + 10).chars([e, f]),
    ]
}

fn units(template: u16, [a, b, c, d, e, f]: [char; REACH]) -> [Feature; 9] {
    [
        Template(template).chars([a]),
        Template(template + 1).chars([b]),
        Template(template + 2).chars([c]),
        Template(template + 3).chars([d]),
        Template(template + 4).chars([e]),
        Template(template + 4).chars([f]),
        Template(template + 5).chars([a, b]),
        Template(template + 6).chars([b, c]),
        Template(template + 7).chars([a, b, c]),
    ]
}

fn nearest(chars: impl Iterator<Item = char>) -> [char; REACH] {
    let mut nearest = [NONE; REACH];
    for (place, c) in nearest.iter_mut().zip(chars.filter_map(fold)) {
        *place = c;
    }
    nearest
}

/// What stands for `c`: one digit for all, one letter for all Latin ones,
/// punctuation in full width; nothing for spaces and quotation marks, which
/// extraction strips.
pub(crate) fn fold(c: char) -> Option<char> {
    Some(match c {
        // Nearly all.
        '\u{4E00}'..='\u{9FFF}' => c,
        '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '"' | '\'' => return None,
        '0'..='9' | '０'..='９' => '0',
        'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => 'a',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        '?' => '？',
        '!' => '！',
        _ if is_gap(c) => return None,
        _ => c,
    })
}
