//! What the document as a whole says about its quotation marks.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::gaps::looks_like_name;
use super::measures::{SIGNS, is_label, sign};
use crate::chars::is_han;
use crate::document::{Block, Document};
use crate::elsewhere::Phrases;
use crate::span::Span;

/// Evidence from the whole document.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// Short phrases by how often each stands in quotation marks and between
    /// two gaps.
    phrases: HashMap<String, Seen>,
    /// What other documents of the archive have in quotation marks.
    archive: Arc<Phrases>,
    /// How many phrases stand in quotation marks.
    marked: usize,
    /// How many stand between two gaps.
    between: usize,
    /// Of the blocks with gaps inside, how many there are and how many of them
    /// have an odd number of gaps.
    gapped: (usize, usize),
    /// How many gaps stand behind each kind of character, and behind all.
    behind: [usize; SIGNS],
    /// How many blocks begin with a label and a gap.
    labels: usize,
    /// Whether a space behind a full stop is how the document parts sentences.
    pub(super) spaced_sentences: bool,
    /// Whether figures are set off from Chinese text by spaces.
    pub(super) spaced_figures: bool,
    /// Whether Latin letters are.
    pub(super) spaced_latin: bool,
    /// Whether the document uses 「」.
    corner_brackets: bool,
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

impl Evidence {
    /// Looks at `document`; `None` if no line of it has a gap.
    pub(crate) fn of(document: &Document) -> Option<Self> {
        let text = document.text();
        if !text.contains(' ') {
            return None;
        }
        let (marked, between) = (marked_phrases(text), between_gaps(document));
        let mut phrases: HashMap<String, Seen> = HashMap::new();
        for phrase in &marked {
            phrases.entry((*phrase).to_owned()).or_default().marked += 1;
        }
        for phrase in &between {
            phrases.entry((*phrase).to_owned()).or_default().between += 1;
        }
        Some(Self {
            phrases,
            archive: Arc::default(),
            marked: marked.len(),
            between: between.len(),
            gapped: count_gapped(document),
            behind: count_behind(text),
            labels: count_labels(document),
            spaced_sentences: has_spaced_sentences(text),
            spaced_figures: are_set_off(text, |c| c.is_ascii_digit()),
            spaced_latin: are_set_off(text, |c| c.is_ascii_alphabetic()),
            corner_brackets: uses_corner_brackets(text),
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
        let seen = self.phrases.get(phrase).copied().unwrap_or_default();
        let up_to_two = |count: usize| count.min(2) as u64;
        let known = usize::from(self.archive.are_quoted(phrase));
        (up_to_two(seen.marked + known), up_to_two(seen.between.saturating_sub(usize::from(itself))))
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
        let (blocks, odd) = self.gapped;
        match odd * 100 / blocks.max(1) {
            _ if blocks < 3 => 0,
            0..=15 => 1,
            16..=30 => 2,
            31..=45 => 3,
            _ => 4,
        }
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

    /// The marks that speech takes.
    pub(super) fn speech_marks(&self) -> (char, char) {
        if self.corner_brackets { ('「', '」') } else { ('“', '”') }
    }

    /// The pair of marks that `content` takes: those of the document, and the
    /// inner ones inside others of their kind.
    pub(super) fn marks(&self, document: &Document, content: Span) -> (char, char) {
        let (outer, inner) = if self.corner_brackets {
            (('「', '」'), ('『', '』'))
        } else {
            (('“', '”'), ('‘', '’'))
        };
        if stands_inside(document, content, outer) { inner } else { outer }
    }
}

/// Code points of the longest phrase kept as known.
const MAX_PHRASE: usize = 20;

fn uses_corner_brackets(text: &str) -> bool {
    let count = |marks: [&str; 2]| marks.iter().map(|mark| text.matches(mark).count()).sum::<usize>();
    let (corner, curly) = (count(["「", "」"]), count(["“", "”"]));
    if corner + curly > 0 {
        return corner > curly;
    }
    is_traditional(text)
}

/// Whether more characters of `text` are among the [`TRADITIONAL`] ones than
/// among the [`SIMPLIFIED`] ones, what is in both lists left aside.
fn is_traditional(text: &str) -> bool {
    static ONLY: LazyLock<[Vec<char>; 2]> = LazyLock::new(|| {
        [(TRADITIONAL, SIMPLIFIED), (SIMPLIFIED, TRADITIONAL)].map(|(list, other)| {
            let mut only: Vec<char> = list.chars().filter(|c| !other.contains(*c)).collect();
            only.sort_unstable();
            only
        })
    });
    let [traditional, simplified] = &*ONLY;
    let (mut more, mut fewer) = (0, 0);
    for c in text.chars() {
        more += usize::from(traditional.binary_search(&c).is_ok());
        fewer += usize::from(simplified.binary_search(&c).is_ok());
    }
    more > fewer
}

/// What stands in quotation marks on one line, if short and without gaps.
pub(crate) fn marked_phrases(text: &str) -> Vec<&str> {
    let mut phrases = Vec::new();
    for (open, close) in [('“', '”'), ('「', '」')] {
        for (at, _) in text.match_indices(open) {
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
pub(crate) fn between_gaps(document: &Document) -> Vec<&str> {
    let mut phrases = Vec::new();
    for block in document.blocks() {
        let text = document.slice(block.span);
        if memchr::memchr_iter(b' ', text.as_bytes()).nth(1).is_none() {
            continue;
        }
        let parts: Vec<_> = text.split(' ').collect();
        let inner = parts.len().saturating_sub(1);
        let is_phrase = |part: &&str| {
            (1..=MAX_PHRASE).contains(&part.chars().count())
                && part.chars().all(|c| is_han(c) || c.is_ascii_digit())
                && !looks_like_name(part)
        };
        phrases.extend(parts[1.min(inner)..inner].iter().filter(|part| is_phrase(part)));
    }
    phrases
}

/// How many gaps stand behind each kind of character.
fn count_behind(text: &str) -> [usize; SIGNS] {
    let mut counts = [0; SIGNS];
    for at in memchr::memchr_iter(b' ', text.as_bytes()) {
        let before = text[..at].chars().next_back().filter(|c| *c != '\n');
        if let Some(count) = usize::try_from(sign(before)).ok().and_then(|sign| counts.get_mut(sign)) {
            *count += 1;
        }
    }
    counts
}

/// How many blocks begin with a label and a gap.
fn count_labels(document: &Document) -> usize {
    const REACH: usize = 14; // code points: the longest label, a colon and a gap
    let begins = |block: &&Block| {
        let text = document.slice(block.span);
        let reach = text.len().min(REACH * char::MAX_LEN_UTF8);
        if memchr::memchr(b' ', &text.as_bytes()[..reach]).is_none() {
            return false;
        }
        let head: Vec<char> = text.chars().take(REACH).collect();
        head.iter().position(|c| *c == ' ').is_some_and(|at| is_label(&head, at))
    };
    document.blocks().iter().filter(begins).count()
}

fn count_gapped(document: &Document) -> (usize, usize) {
    let prose = document.blocks().iter().filter(|block| block.is_prose());
    let gaps = prose.map(|block| memchr::memchr_iter(b' ', document.slice(block.span).as_bytes()).count());
    gaps.filter(|gaps| *gaps > 0).fold((0, 0), |(blocks, odd), gaps| (blocks + 1, odd + gaps % 2))
}

/// Whether more than a few sentences, and at least every eighth, have a space
/// behind them with more text on the line.
fn has_spaced_sentences(text: &str) -> bool {
    let is_end = |at: &usize| text[..*at].ends_with(['。', '！', '？']);
    let spaced = memchr::memchr_iter(b' ', text.as_bytes()).filter(is_end).count();
    spaced >= 4 && spaced * 8 >= text.matches(['。', '！', '？']).count()
}

/// Whether at least every ninth place where a character of `kind` meets Chinese
/// has a gap, and more than one does.
fn are_set_off(text: &str, kind: fn(char) -> bool) -> bool {
    let meet = |a: char, b: char| (is_han(a) && kind(b)) || (kind(a) && is_han(b));
    let parts = |at: &usize| {
        let (before, behind) = (text[..*at].chars().next_back(), text[at + 1..].chars().next());
        before.zip(behind).is_some_and(|(before, behind)| meet(before, behind))
    };
    let spaced = memchr::memchr_iter(b' ', text.as_bytes()).filter(parts).count();
    // Most texts needn't be read for the places without a gap.
    if spaced < 2 {
        return false;
    }
    let tight = text.chars().zip(text.chars().skip(1)).filter(|(a, b)| meet(*a, *b)).count();
    spaced * 8 >= tight
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
