//! What both sides of a seam say together.

use super::sides::{Left, Right};
use super::{End, Seam};
use crate::chars::is_han;
use crate::document::Document;
use crate::lexicon;
use crate::model::{Feature, Template};
use crate::stages::rejoin::evidence::Signs;

impl Seam {
    /// The features of both sides together, which `tie` so well; those of what
    /// stands elsewhere and of what they share come later.
    pub(super) fn features(
        &self,
        document: &Document,
        left: &Left<'_>,
        right: &Right<'_>,
        tie: f32,
    ) -> [Feature; 27] {
        let mut features = [Template(300).value(left.kind as u64).and(right.kind as u64); 27];
        features[1] = features[0].and(left.end as u64 + 50);
        let parts: [&[Feature]; 4] = [
            &self.of_the_ends(left, right, tie),
            &self.of_the_place(left, tie),
            &self.of_the_rules(left, right, tie),
            &self.of_the_page(document, tie),
        ];
        let rest = parts.into_iter().flatten();
        features[2..].iter_mut().zip(rest).for_each(|(slot, feature)| *slot = *feature);
        features
    }

    /// What the characters and words that meet say.
    fn of_the_ends(&self, left: &Left<'_>, right: &Right<'_>, tie: f32) -> [Feature; 9] {
        let word = self.word_class();
        let (head, tail) = (right.head, left.tail);
        [
            Template(301).value(step(tie, 0.5)),
            Template(304).value(step(tie, 1.5)).and(step(right.start, 1.5)),
            Template(306).value(word).and(left.end as u64),
            Template(307).value(word).and(step(tie, 1.0)),
            Template(320).value(left.end as u64).and(step(tie, 1.0)),
            Template(321).value(step(head, 1.0)).and(word),
            Template(322).value(step(tail, 1.0)).and(word),
            Template(323).value(step(head, 2.0)).and(step(tail, 2.0)).and(self.word.is_some().into()),
            Template(324).value(step(head, 2.0)).and(step(tie, 2.0)),
        ]
    }

    /// What their places on the page say.
    fn of_the_place(&self, left: &Left<'_>, tie: f32) -> [Feature; 3] {
        let far = self.far();
        let bracket = match (self.bracket, left.open_bracket) {
            (Some(_), _) => 1,
            (None, Some(_)) => 2,
            (None, None) => 0,
        };
        [
            Template(305).value((self.right - self.left).min(6) as u64),
            Template(308).value(bracket).and(far),
            Template(318).value(far).and(step(tie, 1.0)),
        ]
    }

    /// What the rules say.
    fn of_the_rules(&self, left: &Left<'_>, right: &Right<'_>, tie: f32) -> [Feature; 8] {
        let Signs { evidence, start, wants_more, is_opening, has_sentence, .. } = self.signs;
        let far = self.far();
        let word = self.word.as_ref().map_or(0, |word| 1 + u64::from(word.broken));
        let evidence = Template(330).value(evidence as u64).and(far);
        [
            evidence.and(left.kind as u64).and(right.kind as u64),
            evidence.and(1 + step(tie, 1.0)),
            Template(331).value(start).and(word).and(far),
            Template(332).value(wants_more.into()).and(start).and(far),
            Template(333).value(wants_more.into()).and(step(right.start, 2.0)),
            Template(334)
                .value(is_opening.into())
                .and(has_sentence.into())
                .and(left.end as u64)
                .and(left.kind as u64),
            Template(335).value(left.last_mark).and(start).and(far),
            Template(336).value(has_sentence.into()).and(step(tie, 1.5)).and(step(right.start, 2.0)).and(far),
        ]
    }

    /// What weighs more, or less, where there is little else on the page.
    fn of_the_page(&self, document: &Document, tie: f32) -> [Feature; 5] {
        let (size, far, word) = (page_size(document), self.far(), self.word_class());
        [
            Template(350).value(size).and(word).and(far),
            Template(351).value(size).and(step(tie, 1.0)).and(far),
            Template(353).value(size).and(self.signs.evidence as u64).and(far),
            Template(354).value(word).and(step(tie, 1.0)).and(far),
            Template(355).value(self.in_list.into()).and(self.signs.start).and(far),
        ]
    }

    /// What the document's own words say.
    pub(super) fn of_elsewhere(&self, document: &Document) -> Feature {
        elsewhere_feature(elsewhere(document, self.left, self.right), self.far())
    }

    pub(super) fn far(&self) -> u64 {
        u64::from(!self.is_near())
    }

    fn word_class(&self) -> u64 {
        self.word.as_ref().map_or(0, |across| {
            let frequency = lexicon::frequency(&across.word).max(1).ilog2().min(16) / 3;
            1 + u64::from(across.broken) * 8 + u64::from(frequency)
        })
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

/// How many classes [`step`] knows.
pub(super) const STEPS: usize = 25;

/// The class of `score`, each `width` wide.
pub(super) fn step(score: f32, width: f32) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 24")]
    {
        ((score / width).round().clamp(-12.0, 12.0) + 12.0) as u64
    }
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
    let count = text.chars().take(LIMITS[LIMITS.len() - 1]).count();
    LIMITS.iter().filter(|limit| count >= **limit).count() as u64
}

/// Bytes around a seam in which the document's own words are looked for.
const WINDOW: usize = 16_384;

/// The feature of `elsewhere`, a class.
pub(super) fn elsewhere_feature(elsewhere: u64, far: u64) -> Feature {
    Template(313).value(far).and(elsewhere)
}

/// The classes of [`elsewhere`].
pub(super) const ELSEWHERE: [u64; 8] = [0, 1, 2, 3, 4, 5, 6, 9];

/// How many characters of the string across the seam of the blocks `left` and
/// `right` stand elsewhere, near.
fn elsewhere(document: &Document, left: usize, right: usize) -> u64 {
    let text = document.text();
    let (left, right) = (document.blocks()[left].span, document.blocks()[right].span);
    let (before, behind) = (document.slice(left), document.slice(right));
    let (Some(last), Some(first)) = (before.chars().next_back(), behind.chars().next()) else { return 9 };
    if !is_han(last) || !is_han(first) {
        return 9;
    }
    if !document.pairs().has(last, first) {
        return 0;
    }
    let from = text.floor_char_boundary(left.start.saturating_sub(WINDOW));
    let to = text.floor_char_boundary((right.end + WINDOW).min(text.len()));
    let l: Vec<char> = before.chars().rev().take(3).take_while(|c| is_han(*c)).collect();
    let r: Vec<char> = behind.chars().take(3).take_while(|c| is_han(*c)).collect();
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
