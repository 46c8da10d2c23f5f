//! What the blocks around a seam are about, so far as it tells.

use super::Place;
use super::features::{STEPS, step};
use crate::model::{Feature, Template, Weights};
use crate::stages::rejoin::cohesion::{self, Words, class_of};

/// How much blocks around a seam are about the same, as classes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// The two blocks.
    sides: u64,
    /// The right one, and what stands before the left one.
    above: u64,
    /// The left one, and what stands behind the right one.
    below: u64,
    /// The right one, and what stands behind it.
    behind: u64,
    /// The left one, and what stands right behind it, if that is not the right one.
    between: u64,
}

/// The class of what does not exist.
const NOTHING: u64 = 99;
/// How many classes there are besides.
const CLASSES: usize = cohesion::CLASSES;

/// What is known without looking at what blocks share, as classes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// How long the right block is, under [`SIZES`].
    pub(super) size: u64,
    /// Whether it begins inside a paragraph: a step of 2.
    pub(super) start: u64,
    /// Whether the sides tie: a step of 2.
    pub(super) tie: u64,
    /// Whether other blocks stand between.
    pub(super) far: u64,
}

/// Classes of [`Known::size`].
const SIZES: usize = 4;

impl Known {
    /// That of a right block with `length` (a class among twice [`SIZES`]) and the
    /// scores `start` and `tie`.
    pub(super) fn of(length: u64, start: f32, tie: f32, far: u64) -> Self {
        Self { size: length / 2, start: step(start, 2.0), tie: step(tie, 2.0), far }
    }
}

impl Shared {
    /// The class of what the blocks at `place` share.
    pub(super) fn by_sides(Place { left, right }: Place, words: &mut Words<'_>) -> u64 {
        class_of(words.shared(left, right))
    }

    /// The class of what the right one shares with what stands before the left one.
    pub(super) fn with_above(Place { left, right }: Place, words: &mut Words<'_>) -> u64 {
        left.checked_sub(1).map_or(NOTHING, |above| class_of(words.shared(above, right)))
    }

    /// That of the seam at `place`.
    pub(super) fn of(place: Place, words: &mut Words<'_>) -> Self {
        let (sides, above) = (Self::by_sides(place, words), Self::with_above(place, words));
        let Place { left, right } = place;
        let mut shared = |a: usize, b: usize| class_of(words.shared(a, b));
        Self {
            sides,
            above,
            below: shared(left, right + 1),
            behind: shared(right, right + 1),
            between: if right == left + 1 { NOTHING } else { shared(left, left + 1) },
        }
    }

    /// The features that speak of it.
    pub(super) fn features(&self, known: Known) -> [Feature; 8] {
        let Self { sides, above, below, behind, between } = *self;
        let Known { size, start, tie, far } = known;
        [
            Template(340).value(sides).and(size).and(far),
            Template(341).value(sides).and(start).and(far),
            Template(342).value(above).and(size).and(far),
            Template(343).value(below).and(behind).and(far),
            Template(344).value(sides).and(below).and(far),
            Template(345).value(sides.max(above)).and(tie).and(far),
            Template(346).value(between).and(sides),
            Template(347).value(behind).and(start).and(far),
        ]
    }
}

/// The most that the features of [`Shared`] can weigh together, for what is
/// known without it.
#[derive(Debug)]
pub(super) struct Unasked([Reach; 2]);

/// That of the next block, or of those farther on. The first index is what is
/// known, the second the class of what the two sides share.
#[derive(Debug)]
struct Reach {
    by_size: [[f32; CLASSES]; SIZES],
    by_start: [[f32; CLASSES]; STEPS],
    by_tie: [[f32; CLASSES]; STEPS],
    by_sides: [f32; CLASSES],
    above: [f32; SIZES],
    behind: [f32; STEPS],
}

impl Unasked {
    /// That of `weights`.
    pub(super) fn of(weights: &impl Weights) -> Self {
        Self([Reach::of(weights, 0), Reach::of(weights, 1)])
    }

    /// The most for what is `known`.
    pub(super) fn over(&self, known: Known) -> f32 {
        most((0..CLASSES as u64).map(|sides| self.over_sides(known, sides)))
    }

    /// The most for what is `known` where the class of what the two blocks share is
    /// `sides`.
    pub(super) fn over_sides(&self, known: Known, sides: u64) -> f32 {
        let [size, start, tie, far, sides] =
            [known.size, known.start, known.tie, known.far, sides].map(|class| class as usize);
        let Reach { by_size, by_start, by_tie, by_sides, above, behind } = &self.0[far];
        by_size[size][sides]
            + by_start[start][sides]
            + by_tie[tie][sides]
            + by_sides[sides]
            + above[size]
            + behind[start]
    }

    /// The same where that of what stands before and the right block is `above`.
    pub(super) fn over_above(&self, known: Known, sides: u64, above: u64, weights: &impl Weights) -> f32 {
        let [size, start, far, class] =
            [known.size, known.start, known.far, sides].map(|class| class as usize);
        let Reach { by_size, by_start, by_sides, behind, .. } = &self.0[far];
        let shared = Shared { sides, above, below: 0, behind: 0, between: 0 };
        let [.., of_size, _, _, of_tie, _, _] = shared.features(known);
        by_size[size][class]
            + by_start[start][class]
            + by_sides[class]
            + behind[start]
            + weights.weight(of_size)
            + weights.weight(of_tie)
    }
}

impl Reach {
    fn of(weights: &impl Weights, far: u64) -> Self {
        // The value of one feature at a time, all classes it knows given.
        let value =
            |feature: usize, shared: Shared, known: Known| weights.weight(shared.features(known)[feature]);
        let classes = || (0..CLASSES as u64).chain([NOTHING]);
        let none = Shared { sides: 0, above: 0, below: 0, behind: 0, between: 0 };
        let known = Known { size: 0, start: 0, tie: 0, far };
        let by_sides = |sides: u64| {
            let of_below = |below: u64| {
                let below = Shared { sides, below, ..none };
                let behind = classes().map(|behind| value(3, Shared { behind, ..below }, known));
                value(4, below, known) + most(behind)
            };
            most(classes().map(of_below))
                + most(classes().map(|between| value(6, Shared { sides, between, ..none }, known)))
        };
        let by = |feature: usize, sides: u64, known: Known| {
            most(classes().map(|above| value(feature, Shared { sides, above, ..none }, known)))
        };
        let alone = |feature: usize, known: Known| {
            most(classes().map(|class| value(feature, Shared { above: class, behind: class, ..none }, known)))
        };
        Self {
            by_size: table(|size, sides| by(0, sides, Known { size, ..known })),
            by_start: table(|start, sides| by(1, sides, Known { start, ..known })),
            by_tie: table(|tie, sides| by(5, sides, Known { tie, ..known })),
            by_sides: row(by_sides),
            above: row(|size| alone(2, Known { size, ..known })),
            behind: row(|start| alone(7, Known { start, ..known })),
        }
    }
}

fn table<const ROWS: usize, const COLUMNS: usize>(value: impl Fn(u64, u64) -> f32) -> [[f32; COLUMNS]; ROWS] {
    std::array::from_fn(|first| row(|second| value(first as u64, second)))
}

fn row<const COLUMNS: usize>(value: impl Fn(u64) -> f32) -> [f32; COLUMNS] {
    std::array::from_fn(|class| value(class as u64))
}

/// The greatest of `values`.
pub(super) fn most(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::NEG_INFINITY, f32::max)
}
