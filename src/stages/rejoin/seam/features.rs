//! What both sides of a seam say together.

use super::{End, Place};
use crate::chars::is_han;
use crate::document::Document;
use crate::lexicon::{self, WordAcross};
use crate::model::{Feature, Template};

/// What meets at a seam: classes of what each side is, and how well the two fit
/// together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Met {
    pub(super) left_kind: u64,
    pub(super) right_kind: u64,
    pub(super) end: u64,
    /// The right block is so much farther down.
    pub(super) distance: u64,
    /// A class for how many blocks the page has.
    pub(super) size: u64,
    /// A sentence ends in the left block.
    pub(super) has_sentence: bool,
    /// The left block is an item of a list.
    pub(super) in_list: bool,
    /// The mark the left block ends with, or 0.
    pub(super) last_mark: u64,
    /// How well both sides tie.
    pub(super) tie: f32,
    /// How likely the right side starts inside a paragraph.
    pub(super) start: f32,
    /// How likely the right side starts inside a word.
    pub(super) head: f32,
    /// How likely the left side ends inside a word.
    pub(super) tail: f32,
    /// What takes the longest to tell.
    pub(super) told: Told,
}

/// What of [`Met`] a dictionary has to be asked for, as classes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// The word across the seam: how common it is, above [`BROKEN`] if it was broken; 0
    /// for none.
    pub(super) word: u64,
    /// Whether a bracket that is open is closed (1), or not (2).
    pub(super) bracket: u64,
    pub(super) evidence: u64,
    /// How the right side starts.
    pub(super) start: u64,
    pub(super) wants_more: bool,
    pub(super) is_opening: bool,
}

/// By how much the class of a broken word is above that of a compound.
const BROKEN: u64 = 8;

/// The class of the word `across` a seam.
pub(super) fn word_class(across: Option<&WordAcross>) -> u64 {
    across.map_or(0, |across| {
        let frequency = lexicon::frequency(&across.word).max(1).ilog2().min(16) / 3;
        1 + u64::from(across.broken) * BROKEN + u64::from(frequency)
    })
}

impl Met {
    /// All features, but for those of what stands elsewhere and of what the blocks
    /// share.
    #[cfg(feature = "train")]
    pub(super) fn features(&self) -> Vec<Feature> {
        [self.plain().as_slice(), &self.of_words(), &self.of_signs()].concat()
    }

    /// Those that nothing of what is [told](Told) changes.
    pub(super) fn plain(&self) -> [Feature; 10] {
        let Self { left_kind, right_kind, end, size, tie, start, .. } = *self;
        let (far, has_sentence) = (self.far(), u64::from(self.has_sentence));
        let kinds = Template(300).value(left_kind).and(right_kind);
        [
            kinds,
            kinds.and(end + 50),
            Template(301).value(step(tie, 0.5)),
            Template(304).value(step(tie, 1.5)).and(step(start, 1.5)),
            Template(320).value(end).and(step(tie, 1.0)),
            Template(324).value(step(self.head, 2.0)).and(step(tie, 2.0)),
            Template(305).value(self.distance.min(6)),
            Template(318).value(far).and(step(tie, 1.0)),
            Template(336).value(has_sentence).and(step(tie, 1.5)).and(step(start, 2.0)).and(far),
            Template(351).value(size).and(step(tie, 1.0)).and(far),
        ]
    }

    /// Those of the word across the seam.
    pub(super) fn of_words(&self) -> [Feature; 7] {
        let Self { end, size, tie, head, tail, told: Told { word, .. }, .. } = *self;
        [
            Template(306).value(word).and(end),
            Template(307).value(word).and(step(tie, 1.0)),
            Template(321).value(step(head, 1.0)).and(word),
            Template(322).value(step(tail, 1.0)).and(word),
            Template(323).value(step(head, 2.0)).and(step(tail, 2.0)).and((word > 0).into()),
            Template(350).value(size).and(word).and(self.far()),
            Template(354).value(word).and(step(tie, 1.0)).and(self.far()),
        ]
    }

    /// Those of what rules see.
    pub(super) fn of_signs(&self) -> [Feature; 10] {
        let Told { word, bracket, evidence, start, wants_more, is_opening } = self.told;
        let (far, has_sentence) = (self.far(), u64::from(self.has_sentence));
        let word = u64::from(word > 0) + u64::from(word > BROKEN);
        let rules = Template(330).value(evidence).and(far);
        [
            Template(308).value(bracket).and(far),
            rules.and(self.left_kind).and(self.right_kind),
            rules.and(1 + step(self.tie, 1.0)),
            Template(331).value(start).and(word).and(far),
            Template(332).value(wants_more.into()).and(start).and(far),
            Template(333).value(wants_more.into()).and(step(self.start, 2.0)),
            Template(334).value(is_opening.into()).and(has_sentence).and(self.end).and(self.left_kind),
            Template(335).value(self.last_mark).and(start).and(far),
            Template(353).value(self.size).and(evidence).and(far),
            Template(355).value(self.in_list.into()).and(start).and(far),
        ]
    }

    /// Those of how well the left side goes on in the right one, as far as the encoder
    /// sees.
    pub(super) fn of_flow(&self, flow: f32) -> [Feature; 7] {
        let Told { word, evidence, .. } = self.told;
        let word = u64::from(word > 0) + u64::from(word > BROKEN);
        let far = self.far();
        [
            Template(360).value(step(flow, 1.0)).and(far),
            Template(361).value(step(flow, 1.5)).and(step(self.tie, 1.5)).and(far),
            Template(362).value(step(flow, 1.5)).and(step(self.start, 2.0)),
            Template(363).value(step(flow, 1.0)).and(word),
            Template(364).value(self.size).and(step(flow, 1.0)).and(far),
            Template(365).value(evidence).and(step(flow, 1.5)).and(far),
            Template(366).value(self.end).and(step(flow, 1.5)),
        ]
    }

    /// Whether other blocks stand between, as a class.
    pub(super) fn far(&self) -> u64 {
        u64::from(self.distance > 1)
    }
}

/// A class for how many blocks there are.
pub(super) fn page_size(document: &Document) -> u64 {
    match document.blocks().len() {
        0..=2 => 0,
        3 => 1,
        4..=6 => 2,
        _ => 3,
    }
}

/// The class of `score`, each `width` wide: rounded to the nearest, halves away
/// from 0. Without [`f32::round`], which is a call on most processors.
pub(super) fn step(score: f32, width: f32) -> u64 {
    let wide = (score / width).clamp(-12.0, 12.0);
    #[expect(clippy::cast_possible_truncation, reason = "from -12 to 12")]
    let whole = wide as i32;
    let rest = wide - whole as f32;
    (whole + i32::from(rest >= 0.5) - i32::from(rest <= -0.5) + 12).unsigned_abs().into()
}

/// What kind of block stands at `index`, and how it ends.
pub(super) fn neighbour(document: &Document, index: Option<usize>) -> u64 {
    index
        .and_then(|index| document.blocks().get(index))
        .map_or(99, |block| block.kind as u64 * 8 + End::of(document.slice(block.span)) as u64)
}

/// A class for the length of `text`.
pub(super) fn length(text: &str) -> u64 {
    const LIMITS: [usize; 7] = [8, 16, 24, 32, 42, 60, 100];
    // No character takes more bytes than four.
    if text.len() >= 4 * LIMITS[LIMITS.len() - 1] {
        return LIMITS.len() as u64;
    }
    let count = text.chars().count();
    LIMITS.iter().filter(|limit| count >= **limit).count() as u64
}

/// Bytes around a seam in which the document's own words are looked for.
const WINDOW: usize = 16_384;

/// The feature of how many characters of the string across `place` stand elsewhere.
pub(super) fn elsewhere_feature(document: &Document, place: Place) -> Feature {
    Template(313).value(u64::from(!place.is_near())).and(elsewhere(document, place))
}

/// How many characters of the string across `place` stand elsewhere, near.
fn elsewhere(document: &Document, Place { left, right }: Place) -> u64 {
    let text = document.text();
    let (left, right) = (document.blocks()[left].span, document.blocks()[right].span);
    let (before, behind) = (document.slice(left), document.slice(right));
    let l: Vec<char> = before.chars().rev().take(3).take_while(|c| is_han(*c)).collect();
    let r: Vec<char> = behind.chars().take(3).take_while(|c| is_han(*c)).collect();
    if l.is_empty() || r.is_empty() {
        return 9;
    }
    // Most stand side by side nowhere, and the text needn't be searched.
    if !document.pairs().may_have(l[0], r[0]) {
        return 0;
    }
    let from = text.floor_char_boundary(left.start.saturating_sub(WINDOW));
    let to = text.floor_char_boundary((right.end + WINDOW).min(text.len()));
    let has = |l: &[char], r: &[char]| {
        let whole: String = l.iter().rev().chain(r).collect();
        memchr::memmem::find(&text.as_bytes()[from..to], whole.as_bytes()).is_some()
    };
    if !has(&l[..1], &r[..1]) {
        return 0;
    }
    let longer = [(2, 1), (1, 2), (2, 2), (3, 2), (2, 3)];
    1 + longer.iter().filter(|(a, b)| l.len() >= *a && r.len() >= *b && has(&l[..*a], &r[..*b])).count()
        as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_the_nearest() {
        for score in (-4000..4000_i16).map(|n| f32::from(n) / 250.0) {
            for width in [0.5, 1.0, 1.5, 2.0] {
                let nearest = (score / width).round().clamp(-12.0, 12.0);
                assert_eq!(step(score, width) as f32, nearest + 12.0);
            }
        }
    }
}
