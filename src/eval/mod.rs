//! How good a clean text is, told by the text an editor made: *gold*.
//!
//! Everything follows from two alignments, of gold with the input and of gold
//! with the clean text; nothing is taken from whoever damaged or repaired it.
//! A repair is *needed* where input and gold differ, *made* where input and
//! clean text differ, and *right* where both is so and clean text and gold
//! agree. The modules say what that means for each [`Kind`]. [`damage`] makes
//! pages to measure with.

mod align;
mod cases;
mod cer;
mod characters;
mod content;
mod copies;
pub mod damage;
mod figures;
mod floor;
mod harm;
mod html;
mod paragraphs;
mod pieces;
mod results;
mod spans;
mod splits;
mod table;

pub use cases::Case;
pub use cer::{Distances, Rate};
pub use figures::{Count, Figures, Kind};
pub use floor::below;
pub use harm::{Harm, differences};
pub use html::html;
pub use results::{Results, Scored};
pub use table::{errors, table};

use align::{Alignment, Index};
use content::Content;
use pieces::{Piece, pieces};

/// Three states of a page.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// As an editor would have it.
    pub gold: &'a str,
    /// As it was damaged.
    pub input: &'a str,
    /// As it was repaired.
    pub cleaned: &'a str,
}

/// What came of scoring a page.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// What was counted.
    pub figures: Figures,
    /// What was wrong or missed, kind by kind, in the order of the text.
    pub cases: Vec<Case>,
}

/// Scores a page.
#[must_use]
pub fn score(texts: Texts<'_>) -> Score {
    let (gold, input) = (Content::new(texts.gold), Content::new(texts.input));
    let cleaned = Content::new(texts.cleaned);
    let index = Index::new(&gold);
    let (from_input, from_cleaned) = (index.align(&input), index.align(&cleaned));
    let input_pieces = pieces(&input, &gold, &from_input);
    let cleaned_pieces = pieces(&cleaned, &gold, &from_cleaned);
    let mut page = Page {
        gold: &gold,
        input: &input,
        cleaned: &cleaned,
        from_input: &from_input,
        from_cleaned: &from_cleaned,
        input_pieces: &input_pieces,
        cleaned_pieces: &cleaned_pieces,
        figures: Figures::of_a_page(),
        cases: Vec::new(),
    };
    spans::score(&mut page);
    paragraphs::score(&mut page);
    splits::score(&mut page);
    copies::score(&mut page);
    characters::score(&mut page);
    page.figures.before = cer::distances(&gold, &input, &input_pieces);
    page.figures.after = cer::distances(&gold, &cleaned, &cleaned_pieces);
    let Page { figures, mut cases, .. } = page;
    cases.sort_by_key(|case| case.kind);
    Score { figures, cases }
}

/// A page being scored.
struct Page<'a> {
    gold: &'a Content,
    input: &'a Content,
    cleaned: &'a Content,
    from_input: &'a Alignment,
    from_cleaned: &'a Alignment,
    input_pieces: &'a [Piece],
    cleaned_pieces: &'a [Piece],
    figures: Figures,
    cases: Vec<Case>,
}

impl Page<'_> {
    fn count(&mut self, kind: Kind, count: Count) {
        *self.figures.count_mut(kind) += count;
    }

    /// Where the clean text has the content characters `first..=last` of gold.
    fn stretch_of_cleaned(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        stretch(self.cleaned, self.from_cleaned, first, last)
    }

    fn stretch_of_input(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        stretch(self.input, self.from_input, first, last)
    }
}

/// Where `text` has `first..=last` of gold in one block, or what it has of it
/// at the start.
fn stretch(text: &Content, alignment: &Alignment, first: usize, last: usize) -> Option<(usize, usize)> {
    let from = *(first..=last).find_map(|gold| alignment.in_text(gold).first())?;
    let ends = (first..=last).rev().flat_map(|gold| alignment.in_text(gold));
    let to = ends.copied().find(|to| *to >= from && text.in_one_block(from, *to));
    Some((from, to.unwrap_or(from)))
}
