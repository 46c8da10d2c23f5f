//! What the blocks around a seam are about, so far as it tells.

use super::Place;
use super::features::{Met, step};
use crate::model::{Feature, Template};
use crate::stages::rejoin::cohesion::{Words, class_of};

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

/// What is known without looking at what blocks share, as classes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// How long the right block is.
    size: u64,
    /// Whether it begins inside a paragraph: a step of 2.
    start: u64,
    /// Whether the sides tie: a step of 2.
    tie: u64,
    /// Whether other blocks stand between.
    far: u64,
    /// What kind of block the left one is.
    kind: u64,
}

impl Known {
    /// That of a right block with the class `length` in a seam where so much is `met`.
    pub(super) fn of(length: u64, met: &Met) -> Self {
        Self {
            kind: met.left_kind,
            size: length / 2,
            start: step(met.start, 2.0),
            tie: step(met.tie, 2.0),
            far: met.far(),
        }
    }
}

impl Shared {
    /// That of the seam at `place`.
    pub(super) fn of(Place { left, right }: Place, words: &mut Words<'_>) -> Self {
        let mut shared = |a: usize, b: usize| class_of(words.shared(a, b));
        Self {
            sides: shared(left, right),
            above: left.checked_sub(1).map_or(NOTHING, |above| shared(above, right)),
            below: shared(left, right + 1),
            behind: shared(right, right + 1),
            between: if right == left + 1 { NOTHING } else { shared(left, left + 1) },
        }
    }

    /// The features that speak of it.
    pub(super) fn features(&self, known: Known) -> [Feature; 10] {
        let Self { sides, above, below, behind, between } = *self;
        let Known { size, start, tie, far, kind } = known;
        [
            Template(340).value(sides).and(size).and(far),
            Template(341).value(sides).and(start).and(far),
            Template(342).value(above).and(size).and(far),
            Template(343).value(below).and(behind).and(far),
            Template(344).value(sides).and(below).and(far),
            Template(345).value(sides.max(above)).and(tie).and(far),
            Template(346).value(between).and(sides),
            Template(347).value(behind).and(start).and(far),
            Template(348).value(between).and(sides).and(kind),
            Template(349).value(between).and(kind).and(tie),
        ]
    }
}
