//! Does one block go on where another breaks off? Evidence from the two ends
//! that would meet.

use std::sync::LazyLock;

use regex::Regex;

use crate::chars::{closing_of, ends_sentence, is_cjk_punctuation, is_closing, is_gap, is_han, is_opening};
use crate::lexicon::{self, WordAcross};

/// What speaks for and against joining two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seam {
    /// A word that stands across the seam.
    pub(super) word: Option<WordAcross>,
    /// A bracket or mark that the left side opens and the right side closes.
    pub(super) bracket: Option<char>,
    /// How the left side ends.
    pub(super) end: End,
    /// How the right side starts.
    pub(super) start: Start,
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a sentence.
    Whole,
    /// Behind a comma or the like.
    Clause,
    /// Behind a word that wants another: a verb, a preposition, 的.
    Wanting,
    /// Behind any other word.
    Open,
}

/// How a block starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With what often begins a paragraph: a date, a connective, a name.
    Fresh,
    /// With a character that is no word by itself: its other half is missing.
    Broken,
    /// With punctuation, or a word and a full stop: the end of a sentence.
    Tail,
    /// With any other word.
    Open {
        /// Han characters up to the first other character, at most
        /// [`CLAUSE`].
        clause: usize,
    },
}

/// Han characters of a first clause that are looked at.
const CLAUSE: usize = 12;

/// Openings of paragraphs that don't go on from anything.
static FRESH: LazyLock<Regex> = LazyLock::new(|| {
    let openings = r"^(?:近日|日前|目前|当前|如今|今年|去年|前年|昨日|昨天|今天|当天|当日|连日来|近年来|近期|据|此外|另外|同时|随后|其中|为了?|自|随着|对于|针对|通过|一是|二是|三是|首先|其次|最后|接下来|下一步|截至|截止|会上|会议|活动|现场|记者|本报|此次|这次|本次|不仅|虽然|因此|但|然而|值得|数据显示|与此同时|[0-9０-９]{1,4}(?:年|月|日|时)|上午|下午|第[一二三四五六七八九十]|[“‘「『【（(])";
    Regex::new(openings).expect("a fixed pattern")
});

impl Seam {
    /// Looks at the place where `left` would meet `right`.
    pub(super) fn between(left: &str, right: &str) -> Self {
        let left = left.trim_end_matches(is_gap);
        let right = right.trim_start_matches(is_gap);
        let bracket = open_bracket(left).filter(|open| closes_first(right, *open));
        let start = match right.chars().next() {
            // OCR engines see marks where there are none.
            Some(c) if is_closing(c) && bracket.is_none() => Start::Fresh,
            _ => Start::of(right),
        };
        Self { word: lexicon::word_across(left, right), bracket, end: End::of(left), start }
    }
}

impl End {
    pub(super) fn of(text: &str) -> Self {
        let mut chars = text.trim_end_matches(is_gap).chars().rev();
        let last = chars.next();
        match last {
            None => Self::Whole,
            Some(c) if ends_sentence(c) || matches!(c, '：' | ':') => Self::Whole,
            // A credit, a source or an aside behind the last sentence.
            Some('）' | ')' | '】') => Self::Whole,
            Some(c) if is_closing(c) => match chars.next() {
                Some(before) if ends_sentence(before) => Self::Whole,
                _ => Self::Open,
            },
            Some('，' | '、' | ',') => Self::Clause,
            // Entries of a list end with a semicolon.
            Some(c) if !is_han(c) && !c.is_ascii_digit() && c != '%' => Self::Whole,
            Some(_) if wants_more(text) => Self::Wanting,
            Some(_) => Self::Open,
        }
    }
}

/// Whether the last word of `text` can't end a sentence of a newspaper.
fn wants_more(text: &str) -> bool {
    let tail: String = last_chars(text, 8);
    let words = lexicon::segment(&tail);
    let Some(last) = words.last() else { return false };
    matches!(
        last.text,
        "的" | "和"
            | "与"
            | "及"
            | "在"
            | "对"
            | "为"
            | "把"
            | "以"
            | "从"
            | "将"
            | "被"
            | "由"
            | "向"
            | "等"
            | "并"
            | "或"
            | "是"
            | "坚持"
            | "以及"
            | "通过"
            | "围绕"
            | "推动"
            | "成为"
            | "包括"
    ) || lexicon::tag(last.text).is_some_and(|tag| tag == "p" || tag == "vshi")
}

impl Start {
    pub(super) fn of(text: &str) -> Self {
        let first = text.chars().next();
        if first.is_some_and(|c| matches!(c, '，' | '、' | '；' | '。' | '：' | '！' | '？') || is_closing(c))
        {
            return Self::Tail;
        }
        if FRESH.is_match(text) {
            return Self::Fresh;
        }
        let clause: String = text.chars().take(CLAUSE).take_while(|c| is_han(*c)).collect();
        let behind = text[clause.len()..].chars().next();
        let words = lexicon::segment(&clause);
        let open = Self::Open { clause: clause.chars().count() };
        let Some(word) = words.first() else { return open };
        match (clause.chars().count(), behind) {
            (1 | 2, Some(c)) if ends_sentence(c) => return Self::Tail,
            (1, Some(c)) if is_cjk_punctuation(c) && !is_opening(c) => return Self::Broken,
            _ => {}
        }
        let tag = lexicon::tag(word.text).unwrap_or_default();
        if word.text.chars().count() == 1 && is_bound(word.text, &tag, &clause) {
            return Self::Broken;
        }
        let names = ["nr", "ns", "nt", "t", "r", "c", "d", "p"];
        if names.iter().any(|name| tag.starts_with(name)) { Self::Fresh } else { open }
    }
}

/// Whether a single character at the start of a block, which the segmenter found
/// no word with what follows for, is the second half of a word: it is no kind of
/// word that stands alone, no surname and not among the most common characters.
fn is_bound(word: &str, tag: &str, clause: &str) -> bool {
    let free = ["r", "p", "m", "d", "c", "q", "f", "t", "a"];
    let is_free = free.contains(&tag) || lexicon::SURNAMES.has(word);
    let often = lexicon::frequency(word) > 20_000;
    !is_free && !often && clause.chars().count() >= 2
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

fn last_chars(text: &str, count: usize) -> String {
    let start = text.char_indices().rev().take(count).last().map_or(0, |(at, _)| at);
    text[start..].to_owned()
}
