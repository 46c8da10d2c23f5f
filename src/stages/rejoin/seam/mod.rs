//! Does one block go on where another breaks off? What speaks for and against
//! it, as features of a linear model.
//!
//! A page has ten blocks that could go on for each that breaks off, so what a
//! side says by itself (`sides`) is asked once for all its seams, and what the
//! two share with their neighbours (`shared`) only where it could turn the scale.

mod features;
mod shared;
mod sides;

use super::cohesion::Words;
use super::evidence::Signs;
use super::ngrams::{Ends, Learned, Vectors};
use crate::chars::{ends_sentence, is_chinese, is_closing, is_gap, is_han};
use crate::document::{BlockKind, Document};
use crate::lexicon::WordAcross;
#[cfg(feature = "train")]
use crate::model::Feature;
use crate::model::Weights;
use shared::{Known, Shared};
use sides::{Left, Right};

pub(crate) use shared::Ceiling;

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a sentence, or with a colon.
    Whole,
    /// Behind a comma.
    Clause,
    /// Behind a semicolon, a bracket or other punctuation.
    Mark,
    /// Behind a letter or a figure.
    Letter,
    /// Behind a Han character.
    Han,
}

impl End {
    pub(super) fn of(text: &str) -> Self {
        let mut chars = text.trim_end_matches(is_gap).chars().rev();
        match chars.next() {
            None | Some('：' | ':') => Self::Whole,
            Some(c) if ends_sentence(c) => Self::Whole,
            Some(c) if is_closing(c) && chars.next().is_some_and(ends_sentence) => Self::Whole,
            Some('，' | '、' | ',') => Self::Clause,
            Some(c) if is_han(c) => Self::Han,
            Some(c) if c.is_alphanumeric() => Self::Letter,
            Some(_) => Self::Mark,
        }
    }
}

/// The place where one block would go on in another.
#[derive(Clone, Debug)]
pub(crate) struct Seam {
    /// The block that breaks off.
    pub(crate) left: usize,
    /// The block that may go on.
    pub(crate) right: usize,
    /// A word that stands across the seam.
    pub(super) word: Option<WordAcross>,
    /// A bracket or mark that the left side opens and the right side closes.
    pub(super) bracket: Option<char>,
    /// Whether the left side is an item of a list.
    pub(super) in_list: bool,
    /// What rules say.
    pub(super) signs: Signs,
}

impl Seam {
    fn between(left: &Left<'_>, right: &Right<'_>) -> Self {
        let word = left.ending.as_ref().and_then(|ending| ending.word_across(right.text));
        let bracket = left.open_bracket.filter(|open| right.closes_first(*open));
        Self {
            left: left.index,
            right: right.index,
            signs: Signs::of(left.before, right.behind, left.end, word.as_ref(), bracket),
            word,
            bracket,
            in_list: left.in_list,
        }
    }

    /// Whether no other block stands between.
    pub(crate) fn is_near(&self) -> bool {
        self.right == self.left + 1
    }

    /// The number of the calibration for its score.
    pub(crate) fn calibration(&self) -> usize {
        usize::from(!self.is_near())
    }

    /// Why the two might belong together.
    pub(super) fn reason(&self) -> String {
        match (&self.word, self.bracket) {
            (Some(across), _) => format!("`{}` stands across the break", across.word),
            (None, Some(bracket)) => format!("`{bracket}` opens before the break and is closed behind it"),
            (None, None) => "the one breaks off, and the other reads on".to_owned(),
        }
    }
}

/// Blocks ahead that are looked at: more than stand between two parts.
const AHEAD: usize = 8;

/// Code points under which a block is a line of verse or of a list, if the one
/// it would go on in is as short.
const SHORT: usize = 24;

/// The seams of a document that are worth a look, and what they are worth.
#[derive(Debug)]
pub(crate) struct Seams<'a, W, V> {
    document: &'a Document,
    learned: &'a Learned<W, V>,
    seams: Vec<Seam>,
    /// The blocks that break off, in order.
    lefts: Vec<Left<'a>>,
    /// The blocks that may go on, in order.
    rights: Vec<Right<'a>>,
    words: Option<Words<'a>>,
}

impl<'a, W: Weights, V: Vectors> Seams<'a, W, V> {
    /// Looks at `document` with what was `learned`.
    pub(crate) fn of(document: &'a Document, learned: &'a Learned<W, V>) -> Self {
        let blocks = document.blocks();
        let text = |index: usize| document.slice(blocks[index].span);
        let short = |index: usize| text(index).chars().nth(SHORT).is_none();
        let mut page =
            Self { document, learned, seams: Vec::new(), lefts: Vec::new(), rights: Vec::new(), words: None };
        // Most blocks are never asked for, and the others by all that stand above.
        let mut known: Vec<Option<bool>> = vec![None; blocks.len()];
        let mut is_chinese = |index: usize| *known[index].get_or_insert_with(|| is_chinese(text(index)));
        for left in (0..blocks.len()).filter(|&index| breaks_off(document, index)) {
            if !is_chinese(left) {
                continue;
            }
            let is_short = short(left);
            let ahead = left + 1..blocks.len().min(left + 1 + AHEAD);
            for right in ahead {
                if may_go_on(blocks[right].kind) && is_chinese(right) && !(is_short && short(right)) {
                    page.add(left, right);
                }
            }
        }
        page
    }

    fn add(&mut self, left: usize, right: usize) {
        if self.lefts.last().is_none_or(|last| last.index != left) {
            self.lefts.push(Left::of(self.document, left, self.learned));
        }
        // The blocks ahead of the next block that breaks off are mostly known.
        let at = self.rights.partition_point(|known| known.index < right);
        if self.rights.get(at).is_none_or(|known| known.index != right) {
            self.rights.insert(at, Right::of(self.document, right, self.learned));
        }
        let left = &self.lefts[self.lefts.len() - 1];
        self.seams.push(Seam::between(left, &self.rights[at]));
    }

    fn sides(&self, seam: &Seam) -> (&Left<'a>, &Right<'a>) {
        let left = self.lefts.partition_point(|left| left.index < seam.left);
        let right = self.rights.partition_point(|right| right.index < seam.right);
        (&self.lefts[left], &self.rights[right])
    }

    /// All of them, by the blocks that break off.
    pub(crate) fn all(&self) -> &[Seam] {
        &self.seams
    }

    /// All of them, when there is nothing more to ask.
    pub(crate) fn into_all(self) -> Vec<Seam> {
        self.seams
    }

    /// What the model looks at where the seam number `seam` is.
    #[cfg(feature = "train")]
    pub(crate) fn features(&mut self, seam: usize) -> Vec<Feature> {
        let shared = self.shared(seam);
        let seam = &self.seams[seam];
        let (left, right) = self.sides(seam);
        let tie = self.tie(left, right);
        let mut features = left.features(self.document).to_vec();
        features.extend(left.features_by_distance(seam.far()));
        features.extend(right.features());
        features.extend(right.features_by_distance(self.document, seam.far()));
        features.extend(seam.features(self.document, left, right, tie));
        features.push(seam.of_elsewhere(self.document));
        features.extend(shared.features(Known::of(right.length, right.start, tie, seam.far())));
        features
    }

    /// What the seam number `seam` is worth before anybody looks for the
    /// document's own words, or asks what its blocks share.
    pub(crate) fn unshared(&self, seam: usize) -> Unshared {
        let seam = &self.seams[seam];
        let (left, right) = self.sides(seam);
        let tie = self.tie(left, right);
        let far = usize::from(!seam.is_near());
        let together = self.learned.weights.score(&seam.features(self.document, left, right, tie));
        Unshared {
            known: Known::of(right.length, right.start, tie, seam.far()),
            score: left.scores[far] + right.scores[far] + together,
            words: false,
        }
    }

    /// The same with the document's own words looked for.
    pub(crate) fn with_words(&self, seam: usize, unshared: Unshared) -> Unshared {
        let feature = self.seams[seam].of_elsewhere(self.document);
        Unshared { words: true, ..unshared.plus(self.learned.weights.weight(feature)) }
    }

    /// The log-odds that the blocks around the seam number `seam` belong
    /// together, whatever else is on the page; `unshared` is the seam's, its words
    /// looked for.
    pub(crate) fn score(&mut self, seam: usize, unshared: Unshared) -> f32 {
        let shared = self.shared(seam);
        unshared.score + self.learned.weights.score(&shared.features(unshared.known))
    }

    fn tie(&self, left: &Left<'_>, right: &Right<'_>) -> f32 {
        let ends = Ends { left: left.characters, right: right.characters };
        self.learned.tie(&ends, &left.vector, &right.vector)
    }

    fn shared(&mut self, seam: usize) -> Shared {
        let Seam { left, right, .. } = self.seams[seam];
        let words = self.words.get_or_insert_with(|| Words::of(self.document));
        Shared::of(left, right, words)
    }
}

/// What is known of a seam before anybody asks what its blocks share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unshared {
    known: Known,
    score: f32,
    /// Whether the document's own words have been looked for.
    words: bool,
}

impl Unshared {
    /// The same with `more` added.
    pub(crate) fn plus(self, more: f32) -> Self {
        Self { score: self.score + more, ..self }
    }

    /// The most that can come of it, once that is known.
    pub(crate) fn most(&self, ceiling: &Ceiling) -> f32 {
        let words = if self.words { 0.0 } else { ceiling.over_elsewhere(self.known) };
        self.score + ceiling.over(self.known) + words
    }
}

/// Whether the block ends without the end of a sentence.
pub(super) fn breaks_off(document: &Document, index: usize) -> bool {
    use BlockKind::{Body, Headline, Lead, ListItem};
    let block = &document.blocks()[index];
    matches!(block.kind, Body | Lead | ListItem | Headline)
        && End::of(document.slice(block.span)) != End::Whole
}

fn may_go_on(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Body | BlockKind::Headline | BlockKind::ListItem)
}
