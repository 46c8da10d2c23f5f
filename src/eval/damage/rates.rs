//! How often each kind of damage is done.
//!
//! What was counted was counted on one page set of a local newspaper as a
//! layout extractor left it: 11 articles, about 55 paragraphs, 6,000
//! characters, 100 marks. Where so little says nothing a figure is a choice,
//! and its field says so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A pair of quotation marks, or of 〈〉 inside 《》, is gone.
    Marks,
    /// `……` or `——` is gone.
    Dashes,
    /// A paragraph goes on in the next block.
    Split,
    /// A paragraph goes on behind blocks of another article.
    Interleaved,
    /// The rest of a split paragraph stands twice.
    TailTwice,
    /// A paragraph stands twice.
    BlockTwice,
    /// Several paragraphs of an article stand twice; counted once each time.
    ArticleTwice,
    /// A line is lost inside a paragraph, which falls in two.
    LostText,
    /// An article stops inside a sentence.
    CutOff,
    /// An English word stands for a Chinese one.
    StrayToken,
    /// A space behind every character of a stretch.
    LetterSpacing,
    /// One character stands twice.
    DoubledCharacter,
    /// Every character of a stretch stands twice.
    DoubledRun,
    /// Punctuation of half width between Han characters; a pair of brackets
    /// counts once.
    Width,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Marks,
        Self::Dashes,
        Self::Split,
        Self::Interleaved,
        Self::TailTwice,
        Self::BlockTwice,
        Self::ArticleTwice,
        Self::LostText,
        Self::CutOff,
        Self::StrayToken,
        Self::LetterSpacing,
        Self::DoubledCharacter,
        Self::DoubledRun,
        Self::Width,
    ];

    /// Its name, as `damage.json` and the command line have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::Dashes => "dashes",
            Self::Split => "split",
            Self::Interleaved => "interleaved",
            Self::TailTwice => "tail-twice",
            Self::BlockTwice => "block-twice",
            Self::ArticleTwice => "article-twice",
            Self::LostText => "lost-text",
            Self::CutOff => "cut-off",
            Self::StrayToken => "stray-token",
            Self::LetterSpacing => "letter-spacing",
            Self::DoubledCharacter => "doubled-character",
            Self::DoubledRun => "doubled-run",
            Self::Width => "width",
        }
    }
}

/// How often each kind of damage was done.
pub type Counts = BTreeMap<Kind, usize>;

/// What becomes of a mark: the probability that it leaves a gap (one ASCII
/// space); it leaves nothing otherwise. At the start and the end of a paragraph
/// it leaves nothing. Marks that meet (`”“`) leave one gap between them, with
/// the probability of an opening mark if one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GapRates {
    /// An opening mark inside a paragraph. Counted: about .95.
    pub opening: f64,
    /// A closing mark before a letter or figure. Counted before Han: about .88.
    pub closing_before_text: f64,
    /// A closing mark before punctuation. Counted: about .35.
    pub closing_before_punctuation: f64,
    /// Probability that `……` or `——` in a paragraph goes at all. Seen, not
    /// counted; a choice.
    pub dash_lost: f64,
    /// Probability that one that goes leaves a gap. A choice.
    pub dash: f64,
}

impl Default for GapRates {
    /// The rates counted in the field.
    fn default() -> Self {
        Self {
            opening: 0.95,
            closing_before_text: 0.88,
            closing_before_punctuation: 0.35,
            dash_lost: 0.05,
            dash: 0.9,
        }
    }
}

impl GapRates {
    /// Fewer gaps are left: what another extractor may do. A choice.
    #[must_use]
    pub fn few() -> Self {
        Self { opening: 0.70, closing_before_text: 0.70, closing_before_punctuation: 0.20, ..Self::default() }
    }

    /// Nearly every mark leaves a gap. A choice.
    #[must_use]
    pub fn many() -> Self {
        Self { opening: 0.98, closing_before_text: 0.98, closing_before_punctuation: 0.98, ..Self::default() }
    }
}

/// How often each kind of damage is done to a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// What marks leave.
    pub gaps: GapRates,
    /// Pages without any damage. A choice: good text has to stay good.
    pub undamaged_pages: f64,
    /// Pages whose marks are intact among the others. A choice: other
    /// extractors leave them.
    pub intact_marks_pages: f64,
    /// Paragraphs that go on in another block. Counted: 7 of about 55.
    pub split: f64,
    /// Split paragraphs of which a part is split again. Counted: 1 of 7.
    pub split_again: f64,
    /// Split paragraphs with other articles' blocks between the parts.
    /// Counted: 1 of 7; a choice, more, so that there is enough to measure.
    pub split_between: f64,
    /// Split paragraphs whose rest stands twice. Counted: 1 of 7.
    pub split_twice: f64,
    /// Paragraphs that stand twice. Seen elsewhere, not counted; a choice.
    pub block_twice: f64,
    /// Articles of which a part stands twice. Seen elsewhere, not counted; a
    /// choice.
    pub article_twice: f64,
    /// Copies whose characters were damaged anew, not like the first. A choice.
    pub copy_differs: f64,
    /// Paragraphs with a line lost inside. Counted: 1 of about 55.
    pub lost_text: f64,
    /// Articles that stop inside a sentence. Counted: 1 of 11.
    pub cut_off: f64,
    /// The word 和 given as `and`. Counted: 2 of about 60.
    pub stray_and: f64,
    /// The word 或 given as `or`. Not seen on the page; a choice.
    pub stray_or: f64,
    /// The words 的, 在, 到 and 与 given as `of`, `in`, `to`, `with`. Not seen
    /// in the field, and no editor knows which word stood there: 0.
    pub stray_others: f64,
    /// Paragraphs with a stretch that is letter-spaced. Counted: 1 of about 55.
    pub letter_spacing: f64,
    /// Headlines letter-spaced throughout. Seen elsewhere, not counted; a
    /// choice.
    pub letter_spaced_headline: f64,
    /// Paragraphs with one doubled character. Counted: 1 of about 55.
    pub doubled_character: f64,
    /// Paragraphs with a stretch of doubled characters. Seen elsewhere, not
    /// counted; a choice.
    pub doubled_run: f64,
    /// Full-width punctuation between Han given as half-width. Counted: 1 comma
    /// and 1 pair of brackets of about 600.
    pub width: f64,
}

impl Default for Rates {
    /// The rates counted in the field, where there are any.
    fn default() -> Self {
        Self {
            gaps: GapRates::default(),
            undamaged_pages: 0.05,
            intact_marks_pages: 0.1,
            split: 0.13,
            split_again: 0.14,
            split_between: 0.25,
            split_twice: 0.14,
            block_twice: 0.02,
            article_twice: 0.03,
            copy_differs: 0.2,
            lost_text: 0.018,
            cut_off: 0.09,
            stray_and: 0.033,
            stray_or: 0.033,
            stray_others: 0.0,
            letter_spacing: 0.018,
            letter_spaced_headline: 0.02,
            doubled_character: 0.018,
            doubled_run: 0.004,
            width: 0.0033,
        }
    }
}

impl Rates {
    /// No damage at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default().only(&[])
    }

    /// These rates for `kinds`, and 0 for all others. Pages without damage stay
    /// as many; the marks of `intact_marks_pages` too.
    #[must_use]
    pub fn only(mut self, kinds: &[Kind]) -> Self {
        let has = |kind| kinds.contains(&kind);
        let keep = |rate: &mut f64, kept: bool| *rate = if kept { *rate } else { 0.0 };
        if !has(Kind::Marks) {
            self.intact_marks_pages = 1.0;
        }
        keep(&mut self.gaps.dash_lost, has(Kind::Dashes));
        // Splits of one kind alone: every split is of that kind.
        let splits = [Kind::Split, Kind::Interleaved, Kind::TailTwice].map(has);
        keep(&mut self.split, splits.contains(&true));
        keep(&mut self.split_again, splits[0]);
        self.split_between = alone(self.split_between, splits, 1);
        self.split_twice = alone(self.split_twice, splits, 2);
        for (rate, kind) in [
            (&mut self.block_twice, Kind::BlockTwice),
            (&mut self.article_twice, Kind::ArticleTwice),
            (&mut self.lost_text, Kind::LostText),
            (&mut self.cut_off, Kind::CutOff),
            (&mut self.stray_and, Kind::StrayToken),
            (&mut self.stray_or, Kind::StrayToken),
            (&mut self.stray_others, Kind::StrayToken),
            (&mut self.letter_spacing, Kind::LetterSpacing),
            (&mut self.letter_spaced_headline, Kind::LetterSpacing),
            (&mut self.doubled_character, Kind::DoubledCharacter),
            (&mut self.doubled_run, Kind::DoubledRun),
            (&mut self.width, Kind::Width),
        ] {
            keep(rate, has(kind));
        }
        self
    }
}

/// The share of splits of the kind at `index`: all of them if plain ones are
/// not wanted, none if this one is not.
fn alone(share: f64, wanted: [bool; 3], index: usize) -> f64 {
    match (wanted[0], wanted[index]) {
        (_, false) => 0.0,
        (true, true) => share,
        (false, true) => 1.0,
    }
}
