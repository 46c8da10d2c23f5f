//! Does one block go on where another breaks off? What speaks for and against
//! it, as features of a linear model.

use super::cohesion::{Words, step_of};
use super::evidence::{Before, Behind, Signs};
use super::ngrams::{Ends, Learned, Vectors};
use crate::chars::{closing_of, ends_sentence, is_closing, is_gap, is_han};
use crate::document::{Block, BlockKind, Document};
use crate::lexicon::{self, WordAcross};
use crate::model::{Feature, Template, Weights};

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
    /// How the left side ends.
    pub(super) end: End,
    /// Whether the left side is an item of a list.
    pub(super) in_list: bool,
    ends: Ends,
    /// What rules say.
    pub(super) signs: Signs,
    shared: Shared,
}

/// How much blocks around a seam are about the same, as classes.
#[derive(Clone, Copy, Debug)]
struct Shared {
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

impl Shared {
    fn of(left: usize, right: usize, words: &mut Words<'_>) -> Self {
        let mut shared = |a: usize, b: usize| step_of(words.shared(a, b));
        Self {
            sides: shared(left, right),
            above: left.checked_sub(1).map_or(99, |above| shared(above, right)),
            below: shared(left, right + 1),
            behind: shared(right, right + 1),
            between: if right == left + 1 { 99 } else { shared(left, left + 1) },
        }
    }
}

impl<W: Weights, V: Vectors> Learned<W, V> {
    /// The log-odds that the blocks around `seam` belong together, whatever
    /// else is on the page.
    pub(crate) fn score(&self, document: &Document, seam: &Seam) -> f32 {
        self.weights.score(&seam.features(document, self))
    }
}

/// A block that breaks off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// Its number.
    index: usize,
    before: Before,
    end: End,
    open_bracket: Option<char>,
    in_list: bool,
}

impl Left {
    /// The block `index` of `document`.
    pub(super) fn of(document: &Document, index: usize) -> Self {
        let text = document.slice(document.blocks()[index].span);
        Self {
            index,
            before: Before::of(text),
            end: End::of(text),
            open_bracket: open_bracket(text),
            in_list: is_list_item(document, index),
        }
    }
}

impl Seam {
    /// Looks at the place where `left`, a block of `document`, would meet the
    /// block `right`, which says `behind` of itself.
    pub(super) fn between(
        document: &Document,
        left: &Left,
        right: usize,
        behind: Behind,
        words: &mut Words<'_>,
    ) -> Self {
        let text = |index: usize| document.slice(document.blocks()[index].span);
        let (before, rest) = (text(left.index), text(right));
        let word = lexicon::word_across(before, rest);
        let bracket = left.open_bracket.filter(|open| closes_first(rest, *open));
        Self {
            left: left.index,
            right,
            signs: Signs::of(left.before, behind, left.end, word.as_ref(), bracket),
            shared: Shared::of(left.index, right, words),
            word,
            bracket,
            in_list: left.in_list,
            ends: Ends::between(before, rest),
            end: left.end,
        }
    }

    /// What the model looks at.
    pub(crate) fn features<W: Weights, V: Vectors>(
        &self,
        document: &Document,
        learned: &Learned<W, V>,
    ) -> Vec<Feature> {
        let scores = Scores::of(&self.ends, learned);
        let mut features = self.of_the_ends(document, &scores).to_vec();
        features.extend(self.of_the_blocks(document, &scores));
        features.extend(self.of_the_place(document, &scores, learned));
        features.extend(self.of_the_rules(document, &scores));
        features.extend(self.of_what_is_shared(document, &scores));
        features.extend(self.of_the_page(document, &scores));
        features
    }

    /// What weighs more, or less, where there is little else on the page.
    fn of_the_page(&self, document: &Document, scores: &Scores) -> [Feature; 6] {
        let size = match document.blocks().len() {
            0..=2 => 0,
            3 => 1,
            4..=6 => 2,
            _ => 3,
        };
        let far = self.far();
        let word = self.word_class();
        [
            Template(350).value(size).and(word).and(far),
            Template(351).value(size).and(step(scores.tie, 1.0)).and(far),
            Template(352).value(size).and(step(scores.start, 2.0)).and(far),
            Template(353).value(size).and(self.signs.evidence as u64).and(far),
            Template(354).value(word).and(step(scores.tie, 1.0)).and(far),
            Template(355).value(self.in_list.into()).and(self.signs.start).and(far),
        ]
    }

    /// What the rules say.
    fn of_the_rules(&self, document: &Document, scores: &Scores) -> [Feature; 8] {
        let blocks = document.blocks();
        let (left, right) = (blocks[self.left].kind, blocks[self.right].kind);
        let Signs { evidence, start, wants_more, is_opening, has_sentence, .. } = self.signs;
        let word = self.word.as_ref().map_or(0, |word| 1 + u64::from(word.broken));
        let evidence = Template(330).value(evidence as u64).and(self.far());
        [
            evidence.and(left as u64).and(right as u64),
            evidence.and(1 + step(scores.tie, 1.0)),
            Template(331).value(start).and(word).and(self.far()),
            Template(332).value(wants_more.into()).and(start).and(self.far()),
            Template(333).value(wants_more.into()).and(step(scores.start, 2.0)),
            Template(334)
                .value(is_opening.into())
                .and(has_sentence.into())
                .and(self.end as u64)
                .and(left as u64),
            Template(335).value(self.last_mark(document)).and(start).and(self.far()),
            Template(336)
                .value(has_sentence.into())
                .and(step(scores.tie, 1.5))
                .and(step(scores.start, 2.0))
                .and(self.far()),
        ]
    }

    /// What the words say that both sides and their neighbours have.
    fn of_what_is_shared(&self, document: &Document, scores: &Scores) -> [Feature; 8] {
        let blocks = document.blocks();
        let Shared { sides, above, below, behind, between } = self.shared;
        let size = length(document.slice(blocks[self.right].span)) / 2;
        let far = self.far();
        [
            Template(340).value(sides).and(size).and(far),
            Template(341).value(sides).and(step(scores.start, 2.0)).and(far),
            Template(342).value(above).and(size).and(far),
            Template(343).value(below).and(behind).and(far),
            Template(344).value(sides).and(below).and(far),
            Template(345).value(sides.max(above)).and(step(scores.tie, 2.0)).and(far),
            Template(346).value(between).and(sides),
            Template(347).value(behind).and(step(scores.start, 2.0)).and(far),
        ]
    }

    /// The last character of the left side, if it is a mark.
    fn last_mark(&self, document: &Document) -> u64 {
        let before = document.slice(document.blocks()[self.left].span);
        before.chars().next_back().filter(|c| !c.is_alphanumeric()).map_or(0, |c| u64::from(u32::from(c)))
    }

    /// What the characters and words that meet say.
    fn of_the_ends(&self, document: &Document, scores: &Scores) -> [Feature; 14] {
        let blocks = document.blocks();
        let is_headline = blocks[self.left].kind == BlockKind::Headline;
        let Scores { tie, start, end, head, tail } = *scores;
        let word = self.word_class();
        [
            Template(301).value(step(tie, 0.5)),
            Template(302).value(step(start, 0.5)),
            Template(303).value(step(end, 0.5)).and(u64::from(is_headline)),
            Template(304).value(step(tie, 1.5)).and(step(start, 1.5)),
            Template(306).value(word).and(self.end as u64),
            Template(307).value(word).and(step(tie, 1.0)),
            Template(320).value(self.end as u64).and(step(tie, 1.0)),
            Template(321).value(step(head, 1.0)).and(word),
            Template(322).value(step(tail, 1.0)).and(word),
            Template(323).value(step(head, 2.0)).and(step(tail, 2.0)).and(self.word.is_some().into()),
            Template(324).value(step(head, 2.0)).and(step(tie, 2.0)),
            Template(326).value(step(head, 2.0)).and(step(start, 2.0)),
            Template(308).value(self.bracket_class(document)).and(self.far()),
            Template(313).value(self.far()).and(elsewhere(document, &blocks[self.left], &blocks[self.right])),
        ]
    }

    /// What the two blocks look like.
    fn of_the_blocks(&self, document: &Document, scores: &Scores) -> [Feature; 6] {
        let blocks = document.blocks();
        let (left, right) = (&blocks[self.left], &blocks[self.right]);
        let (before, behind) = (document.slice(left.span), document.slice(right.span));
        let kinds = Template(300).value(left.kind as u64).and(right.kind as u64);
        [
            kinds,
            kinds.and(self.end as u64 + 50),
            Template(309).value(length(before)).and(u64::from(before.contains('。'))).and(left.kind as u64),
            Template(310).value(length(behind)).and(u64::from(behind.contains('。'))),
            Template(311).value(clause(behind)).and(step(scores.start, 2.0)),
            Template(312).value(End::of(behind) as u64).and(self.far()),
        ]
    }

    /// What their places on the page say.
    fn of_the_place<W: Weights, V: Vectors>(
        &self,
        document: &Document,
        scores: &Scores,
        learned: &Learned<W, V>,
    ) -> [Feature; 9] {
        let left = document.blocks()[self.left];
        let far = self.far();
        let above = neighbour(document, self.left.checked_sub(1));
        let has_gap = document.slice(left.span).contains(is_gap);
        let between = document
            .blocks()
            .get(self.left + 1)
            .map_or(99, |next| step(learned.start(&Ends::between("", document.slice(next.span))), 2.0));
        [
            Template(305).value((self.right - self.left).min(6) as u64),
            Template(314).value(far).and(neighbour(document, self.right.checked_sub(1).filter(|_| far == 1))),
            Template(315).value(far).and(between),
            Template(316).value(above).and(left.kind as u64),
            Template(317).value(neighbour(document, Some(self.right + 1))).and(far),
            Template(318).value(far).and(step(scores.tie, 1.0)),
            Template(319).value(far).and(step(scores.start, 1.0)),
            Template(325).value(far).and(step(scores.head, 2.0)),
            Template(327).value(left.kind as u64).and(u64::from(has_gap)).and(above),
        ]
    }

    /// Whether no other block stands between.
    pub(crate) fn is_near(&self) -> bool {
        self.right == self.left + 1
    }

    /// The number of the calibration for its score.
    pub(crate) fn calibration(&self) -> usize {
        usize::from(!self.is_near())
    }

    fn far(&self) -> u64 {
        u64::from(!self.is_near())
    }

    /// Why the two might belong together.
    pub(super) fn reason(&self) -> String {
        match (&self.word, self.bracket) {
            (Some(across), _) => format!("`{}` stands across the break", across.word),
            (None, Some(bracket)) => format!("`{bracket}` opens before the break and is closed behind it"),
            (None, None) => "the one breaks off, and the other reads on".to_owned(),
        }
    }

    fn word_class(&self) -> u64 {
        self.word.as_ref().map_or(0, |across| {
            let frequency = lexicon::frequency(&across.word).max(1).ilog2().min(16) / 3;
            1 + u64::from(across.broken) * 8 + u64::from(frequency)
        })
    }

    fn bracket_class(&self, document: &Document) -> u64 {
        let before = document.slice(document.blocks()[self.left].span);
        match (self.bracket, open_bracket(before)) {
            (Some(_), _) => 1,
            (None, Some(_)) => 2,
            (None, None) => 0,
        }
    }
}

/// What the first layer says about two ends, each a logarithm of odds.
struct Scores {
    tie: f32,
    start: f32,
    end: f32,
    /// Whether the right side starts inside a word.
    head: f32,
    /// Whether the left side ends inside a word.
    tail: f32,
}

impl Scores {
    fn of<W: Weights, V: Vectors>(ends: &Ends, learned: &Learned<W, V>) -> Self {
        Self {
            tie: learned.tie(ends),
            start: learned.start(ends),
            end: learned.end(ends),
            head: learned.starts_in_word(ends),
            tail: learned.ends_in_word(ends),
        }
    }
}

/// The class of `score` among 25, each `width` wide.
fn step(score: f32, width: f32) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 24")]
    {
        ((score / width).round().clamp(-12.0, 12.0) + 12.0) as u64
    }
}

/// Whether the block at `index` ends with a semicolon, and what stands above it
/// ends as an item of a list does, or with the colon before one.
fn is_list_item(document: &Document, index: usize) -> bool {
    let last = |index: usize| {
        document.slice(document.blocks()[index].span).trim_end_matches(is_gap).chars().next_back()
    };
    matches!(last(index), Some('；' | ';'))
        && index.checked_sub(1).is_some_and(|above| matches!(last(above), Some('；' | ';' | '：' | ':')))
}

/// What kind of block stands at `index`, and how it ends.
fn neighbour(document: &Document, index: Option<usize>) -> u64 {
    index
        .and_then(|index| document.blocks().get(index))
        .map_or(99, |block| block.kind as u64 * 8 + End::of(document.slice(block.span)) as u64)
}

/// A class for the length of `text`.
fn length(text: &str) -> u64 {
    let count = text.chars().count();
    [8, 16, 24, 32, 42, 60, 100].iter().filter(|limit| count >= **limit).count() as u64
}

/// Characters up to the first punctuation, at most 12.
fn clause(text: &str) -> u64 {
    text.chars().take(12).take_while(|c| is_han(*c) || c.is_alphanumeric()).count() as u64
}

/// Bytes around a seam in which the document's own words are looked for.
const WINDOW: usize = 16_384;

/// How many characters of the string across the seam stand elsewhere, near.
fn elsewhere(document: &Document, left: &Block, right: &Block) -> u64 {
    let text = document.text();
    let (before, behind) = (document.slice(left.span), document.slice(right.span));
    let from = text.floor_char_boundary(left.span.start.saturating_sub(WINDOW));
    let to = text.floor_char_boundary((right.span.end + WINDOW).min(text.len()));
    let l: Vec<char> = before.chars().rev().take(3).take_while(|c| is_han(*c)).collect();
    let r: Vec<char> = behind.chars().take(3).take_while(|c| is_han(*c)).collect();
    let has = |l: &[char], r: &[char]| {
        let whole: String = l.iter().rev().chain(r).collect();
        memchr::memmem::find(&text.as_bytes()[from..to], whole.as_bytes()).is_some()
    };
    let (Some(last), Some(first)) = (l.first(), r.first()) else { return 9 };
    if !document.pairs().has(*last, *first) || !has(&l[..1], &r[..1]) {
        return 0;
    }
    let longer = [(2, 1), (1, 2), (2, 2), (3, 2), (2, 3)];
    1 + longer.iter().filter(|(a, b)| l.len() >= *a && r.len() >= *b && has(&l[..*a], &r[..*b])).count()
        as u64
}

/// The innermost bracket that `text` leaves open.
fn open_bracket(text: &str) -> Option<char> {
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        if closing_of(c).is_some() {
            open.push(c);
        } else if is_closing(c) && open.last().is_some_and(|o| closing_of(*o) == Some(c)) {
            open.pop();
        }
    }
    open.pop()
}

/// Whether `text` closes `open` before it opens another of its kind.
fn closes_first(text: &str, open: char) -> bool {
    let close = closing_of(open);
    text.chars().take(200).find(|c| Some(*c) == close || *c == open).is_some_and(|c| Some(c) == close)
}
