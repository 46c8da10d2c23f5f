//! What is counted, and the figures that come of it.

use std::ops::AddAssign;

use super::cer::Distances;

/// What was needed, what was done, and what of both was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Repairs that gold asks for.
    pub needed: usize,
    /// Repairs that were made.
    pub made: usize,
    /// Repairs that were made as gold asks for.
    pub right: usize,
}

impl Count {
    /// The share of those made that are right; `None` if none was made.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.made)
    }

    /// The share of those needed that are right; `None` if none was needed.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.needed)
    }

    /// The harmonic mean of the two; `None` if none was needed and none made.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        share(2 * self.right, self.made + self.needed)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.needed += other.needed;
        self.made += other.made;
        self.right += other.right;
    }
}

/// A kind of damage, or of what may be right or wrong in a clean text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Quotation spans of gold that the input does not have whole.
    Quotes,
    /// Of those, spans where something is left at both ends: a gap or a mark.
    QuotesTwoGaps,
    /// … at one end.
    QuotesOneGap,
    /// … at neither.
    QuotesNoGap,
    /// Spans without the end of a sentence in them.
    QuotesPhrase,
    /// Spans with the end of a sentence in them.
    QuotesSpeech,
    /// Spans the input has whole: they have to stay so.
    QuotesKept,
    /// Paragraphs that hold the same stretch of content, of the input.
    ParagraphsBefore,
    /// … of the clean text.
    Paragraphs,
    /// Paragraphs of the clean text that are gold's to the letter.
    ParagraphsVerbatim,
    /// Places where a paragraph is cut.
    Splits,
    /// … and goes on in the next block.
    SplitsAdjacent,
    /// … and goes on behind other blocks, or before.
    SplitsAcross,
    /// … at the end of a line that was broken at the column edge.
    SplitsWrapped,
    /// Stretches that the input holds more than once, and gold once.
    Duplicates,
    /// Blocks that gold does not hold: running heads, page numbers.
    StrayLines,
    /// Foreign words where a character belongs, or nothing.
    StrayTokens,
    /// Gaps between two characters of a word, each one counted.
    LetterSpacing,
    /// Other gaps: beside punctuation, at the ends of a line.
    Spaces,
    /// Characters that stand twice.
    DoubledCharacters,
    /// Punctuation, digits and letters of the wrong width.
    Width,
    /// `……` and `——` that were lost, or read as something else.
    Dashes,
    /// Invisible characters, and code points that only look right.
    CodePoints,
    /// Whatever else differs: misread, lost and added characters.
    Other,
}

impl Kind {
    /// Every kind, in the order of the tables.
    pub const ALL: [Self; 24] = [
        Self::Quotes,
        Self::QuotesTwoGaps,
        Self::QuotesOneGap,
        Self::QuotesNoGap,
        Self::QuotesPhrase,
        Self::QuotesSpeech,
        Self::QuotesKept,
        Self::ParagraphsBefore,
        Self::Paragraphs,
        Self::ParagraphsVerbatim,
        Self::Splits,
        Self::SplitsAdjacent,
        Self::SplitsAcross,
        Self::SplitsWrapped,
        Self::Duplicates,
        Self::StrayLines,
        Self::StrayTokens,
        Self::LetterSpacing,
        Self::Spaces,
        Self::DoubledCharacters,
        Self::Width,
        Self::Dashes,
        Self::CodePoints,
        Self::Other,
    ];

    /// Its name in JSON; stays the same.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.names().0
    }

    /// Its name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Quotes => ("quotes", "quotation spans"),
            Self::QuotesTwoGaps => ("quotes_two_gaps", "  two gaps left"),
            Self::QuotesOneGap => ("quotes_one_gap", "  one gap left"),
            Self::QuotesNoGap => ("quotes_no_gap", "  no gap left"),
            Self::QuotesPhrase => ("quotes_phrase", "  phrases"),
            Self::QuotesSpeech => ("quotes_speech", "  whole sentences"),
            Self::QuotesKept => ("quotes_kept", "spans that were whole"),
            Self::ParagraphsBefore => ("paragraphs_before", "paragraphs, before"),
            Self::Paragraphs => ("paragraphs", "paragraphs, after"),
            Self::ParagraphsVerbatim => ("paragraphs_verbatim", "  to the letter"),
            Self::Splits => ("splits", "splits rejoined"),
            Self::SplitsAdjacent => ("splits_adjacent", "  adjacent"),
            Self::SplitsAcross => ("splits_across", "  across other blocks"),
            Self::SplitsWrapped => ("splits_wrapped", "  lines broken at an edge"),
            Self::Duplicates => ("duplicates", "duplicates removed"),
            Self::StrayLines => ("stray_lines", "stray lines removed"),
            Self::StrayTokens => ("stray_tokens", "stray tokens"),
            Self::LetterSpacing => ("letter_spacing", "letter-spacing"),
            Self::Spaces => ("spaces", "other gaps"),
            Self::DoubledCharacters => ("doubled_characters", "doubled characters"),
            Self::Width => ("width", "width"),
            Self::Dashes => ("dashes", "dashes and ellipses"),
            Self::CodePoints => ("code_points", "code points"),
            Self::Other => ("other", "other characters"),
        }
    }
}

/// All that was counted, on one page or on many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many pages.
    pub pages: usize,
    counts: [Count; Kind::ALL.len()],
    /// How far the input is from gold.
    pub before: Distances,
    /// How far the clean text is from gold.
    pub after: Distances,
}

impl Figures {
    pub(super) fn of_a_page() -> Self {
        Self { pages: 1, ..Self::default() }
    }

    /// What was counted of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> Count {
        self.counts[kind as usize]
    }

    pub(super) fn count_mut(&mut self, kind: Kind) -> &mut Count {
        &mut self.counts[kind as usize]
    }
}

impl AddAssign<&Self> for Figures {
    fn add_assign(&mut self, other: &Self) {
        self.pages += other.pages;
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += other;
        }
        self.before += other.before;
        self.after += other.after;
    }
}
