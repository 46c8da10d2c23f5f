//! What the document as a whole says about its quotation marks.

use std::cell::OnceCell;
use std::sync::{Arc, LazyLock};

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::beside::{Beside, Sieve};
use super::measures::SIGNS;
use super::spaces::{self, Spaces};
use crate::document::Document;
use crate::elsewhere::Phrases;
use crate::span::Span;

/// Evidence from the whole document.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    text: &'a str,
    /// Short phrases by how often each stands in quotation marks and between
    /// two gaps.
    phrases: FxHashMap<&'a str, Seen>,
    /// What the phrases are told by at a glance.
    glance: Sieve,
    /// What stands beside gaps.
    pub(super) beside: Beside<'a>,
    /// What other documents of the archive have in quotation marks.
    archive: Arc<Phrases>,
    /// How many phrases stand in quotation marks.
    marked: usize,
    /// How many stand between two gaps.
    between: usize,
    /// How often gaps come in pairs, in steps.
    pairing: u64,
    /// How many gaps stand behind each kind of character, and behind all.
    behind: [usize; SIGNS],
    /// How many blocks begin with a label and a gap.
    labels: usize,
    /// Whether a space behind a full stop is how the document parts sentences.
    pub(super) spaced_sentences: bool,
    /// Whether spaces behind commas are so many that an OCR engine must have left them.
    pub(super) spaced_commas: bool,
    /// Whether figures are set off from Chinese text by spaces, once somebody asked.
    spaced_figures: OnceCell<bool>,
    /// Whether Latin letters are.
    spaced_latin: OnceCell<bool>,
    /// Whether the document uses 「」, once somebody asked.
    corner_brackets: OnceCell<bool>,
}

/// How often a phrase stands in a document.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    marked: usize,
    between: usize,
}

/// Characters only Traditional text has, among the most common ones, and
/// their Simplified partners.
const TRADITIONAL: &str = "這個們來時會為國對說發學過與還開後間從業當將點現實經體進問";
const SIMPLIFIED: &str = "这个们来时会为国对说发学过与还开后间从业当将点现实经体进问";

impl<'a> Evidence<'a> {
    /// Looks at `document`; `None` if no line of it has a gap.
    pub(crate) fn of(document: &'a Document) -> Option<Self> {
        let text = document.text();
        let spaces = Spaces::of(document)?;
        let (marked, between) = (marked_phrases(text), spaces.phrases());
        let mut phrases: FxHashMap<&str, Seen> = FxHashMap::default();
        marked.iter().for_each(|phrase| phrases.entry(phrase).or_default().marked += 1);
        between.iter().for_each(|phrase| phrases.entry(phrase).or_default().between += 1);
        let mut glance = Sieve::default();
        phrases.keys().for_each(|phrase| glance.add(glance_hash(phrase)));
        Some(Self {
            text,
            phrases,
            glance,
            archive: Arc::default(),
            marked: marked.len(),
            between: between.len(),
            pairing: pairing(spaces.count_blocks()),
            behind: spaces.count_behind(),
            labels: spaces.count_labels(),
            spaced_sentences: spaces.part_sentences(),
            spaced_commas: spaces.follow_commas(),
            spaced_figures: OnceCell::new(),
            spaced_latin: OnceCell::new(),
            corner_brackets: OnceCell::new(),
            beside: spaces.beside(),
        })
    }

    /// With what other documents are known to quote.
    pub(crate) fn with_archive(self, archive: Arc<Phrases>) -> Self {
        Self { archive, ..self }
    }

    /// How often `phrase` stands in marks and between two gaps elsewhere in the
    /// document, up to twice each, the archive counting as once in marks; `itself` says that the place looked at is
    /// one between two gaps.
    pub(super) fn seen(&self, phrase: &str, itself: bool) -> (u64, u64) {
        let is_likely = self.glance.may_hold(glance_hash(phrase));
        let seen = if is_likely { self.phrases.get(phrase).copied() } else { None }.unwrap_or_default();
        let up_to_two = |count: usize| count.min(2) as u64;
        let known = usize::from(self.archive.are_quoted(phrase));
        (up_to_two(seen.marked + known), up_to_two(seen.between.saturating_sub(usize::from(itself))))
    }

    /// Whether figures are set off from Chinese text by spaces.
    pub(super) fn spaced_figures(&self) -> bool {
        *self.spaced_figures.get_or_init(|| spaces::set_off(self.text, u8::is_ascii_digit))
    }

    /// Whether Latin letters are.
    pub(super) fn spaced_latin(&self) -> bool {
        *self.spaced_latin.get_or_init(|| spaces::set_off(self.text, u8::is_ascii_alphabetic))
    }

    /// How much of a habit gaps behind characters of the kind `sign` are.
    pub(super) fn habit(&self, sign: u64) -> u64 {
        let all: usize = self.behind.iter().sum();
        let here = usize::try_from(sign).ok().and_then(|sign| self.behind.get(sign)).copied().unwrap_or(0);
        let share = match here * 100 / all.max(1) {
            0..=10 => 0,
            11..=25 => 1,
            26..=50 => 2,
            _ => 3,
        };
        let count = match here {
            0..=1 => 0,
            2..=3 => 1,
            4..=9 => 2,
            _ => 3,
        };
        share * 4 + count
    }

    /// How many blocks begin with a label and a gap, up to four.
    pub(super) fn labels(&self) -> u64 {
        self.labels.min(4) as u64
    }

    /// Whether more than a phrase stands in marks.
    pub(super) fn has_marks(&self) -> bool {
        self.marked > 1
    }

    /// Whether the marks that are there speak against stripping.
    pub(super) fn intact(&self) -> bool {
        self.marked > 2 * self.between + 1
    }

    /// How far the marks that are there speak against stripping, in steps.
    pub(super) fn intactness(&self) -> u64 {
        match self.marked {
            0 => 0,
            marked if marked <= self.between => 1,
            _ => 2 + u64::from(self.intact()),
        }
    }

    /// How often gaps come in pairs, in steps: where marks vanished without a
    /// trace, many a block has an odd number of gaps.
    pub(super) fn pairing(&self) -> u64 {
        self.pairing
    }

    /// How many phrases stand between two gaps, in steps: where there is none,
    /// a lone gap says little.
    pub(super) fn strippedness(&self) -> u64 {
        match self.between {
            few @ 0..=2 => few as u64,
            3..=5 => 3,
            6..=12 => 4,
            _ => 5,
        }
    }

    fn corner_brackets(&self, document: &Document) -> bool {
        *self.corner_brackets.get_or_init(|| uses_corner_brackets(document.text()))
    }

    /// The marks that speech takes.
    pub(super) fn speech_marks(&self, document: &Document) -> (char, char) {
        if self.corner_brackets(document) { ('「', '」') } else { ('“', '”') }
    }

    /// The pair of marks that `content` takes: those of the document, and the
    /// inner ones inside others of their kind.
    pub(super) fn marks(&self, document: &Document, content: Span) -> (char, char) {
        let (outer, inner) = if self.corner_brackets(document) {
            (('「', '」'), ('『', '』'))
        } else {
            (('“', '”'), ('‘', '’'))
        };
        if stands_inside(document, content, outer) { inner } else { outer }
    }
}

/// Code points of the longest phrase kept as known.
pub(super) const MAX_PHRASE: usize = 20;

/// [`Evidence::pairing`], of so many blocks with gaps inside, of which so many have
/// an odd number of them.
fn pairing((blocks, odd): (usize, usize)) -> u64 {
    match odd * 100 / blocks.max(1) {
        _ if blocks < 3 => 0,
        0..=15 => 1,
        16..=30 => 2,
        31..=45 => 3,
        _ => 4,
    }
}

/// What most phrases differ by: length and first character.
fn glance_hash(phrase: &str) -> u64 {
    let first = phrase.chars().next().map_or(0, u32::from);
    (u64::from(first) << 32 | phrase.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where the four common marks stand.
static MARKS: LazyLock<[memmem::Finder<'static>; 4]> =
    LazyLock::new(|| ["“", "”", "「", "」"].map(memmem::Finder::new));

/// Whether one of the four common marks stands in `text`.
pub(super) fn holds_marks(text: &str) -> bool {
    MARKS.iter().any(|mark| mark.find(text.as_bytes()).is_some())
}

fn uses_corner_brackets(text: &str) -> bool {
    let count = |finder: &memmem::Finder<'_>| finder.find_iter(text.as_bytes()).count();
    let [curly_open, curly_close, corner_open, corner_close] = &*MARKS;
    let (corner, curly) = (count(corner_open) + count(corner_close), count(curly_open) + count(curly_close));
    if corner + curly > 0 {
        return corner > curly;
    }
    is_traditional(text)
}

/// Whether more characters of `text` are among the [`TRADITIONAL`] ones than
/// among the [`SIMPLIFIED`] ones, what is in both lists left aside.
fn is_traditional(text: &str) -> bool {
    const FIRST: u32 = 0x4E00;
    // What each character from U+4E00 on counts.
    static COUNTS: LazyLock<Vec<i8>> = LazyLock::new(|| {
        let mut counts = vec![0; 0x9FFF - FIRST as usize + 1];
        for (list, count) in [(TRADITIONAL, 1), (SIMPLIFIED, -1)] {
            list.chars().for_each(|c| counts[(u32::from(c) - FIRST) as usize] += count);
        }
        counts
    });
    let count = |c: char| COUNTS.get(u32::from(c).wrapping_sub(FIRST) as usize).copied().unwrap_or(0);
    text.chars().map(|c| isize::from(count(c))).sum::<isize>() > 0
}

/// What stands in quotation marks on one line, if short and without gaps.
pub(crate) fn marked_phrases(text: &str) -> Vec<&str> {
    let mut phrases = Vec::new();
    for (finder, open, close) in [(&MARKS[0], '“', '”'), (&MARKS[2], '「', '」')] {
        for at in finder.find_iter(text.as_bytes()) {
            let inside = &text[at + open.len_utf8()..];
            let end = inside
                .char_indices()
                .take(MAX_PHRASE + 1)
                .find(|(_, c)| *c == close || *c == open || *c == '\n');
            if let Some((end, c)) = end
                && c == close
                && !inside[..end].contains(' ')
            {
                phrases.push(&inside[..end]);
            }
        }
    }
    phrases
}

/// Short runs of Han characters and figures between two single gaps of a line.
#[cfg(feature = "batch")]
pub(crate) fn between_gaps(document: &Document) -> Vec<&str> {
    Spaces::of(document).map_or_else(Vec::new, |spaces| spaces.phrases())
}

/// Whether `span` stands inside a pair of `marks` on its line, none of which is
/// farther away than a long paragraph goes.
fn stands_inside(document: &Document, span: Span, marks: (char, char)) -> bool {
    const REACH: usize = 6_000; // bytes: about 2,000 Han characters
    let text = document.text();
    let line = document.line_at(span.start).map_or(span, |line| document.lines()[line].span);
    let from = text.ceil_char_boundary(line.start.max(span.start.saturating_sub(REACH)));
    let to = text.floor_char_boundary(line.end.min(span.end + REACH));
    let before = &text[from..span.start];
    let after = &text[span.end..to];
    let is_at = |text: &str, at: Option<usize>, mark: char| at.is_some_and(|at| text[at..].starts_with(mark));
    is_at(before, before.rfind([marks.0, marks.1]), marks.0)
        && is_at(after, after.find([marks.0, marks.1]), marks.1)
}
