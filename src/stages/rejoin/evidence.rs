//! What two ends say for themselves, by rules: a word broken where they would
//! meet, the end of a sentence at a start, a word at an end that wants another.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use super::seam::End;
use crate::chars::{ends_sentence, is_cjk_punctuation, is_closing, is_han, is_opening};
use crate::lexicon::{self, WordAcross};

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
/// Han characters of a first clause too short to begin a paragraph with.
const SHORT_CLAUSE: usize = 4;

/// What two ends say about whether they belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// They do, beyond chance.
    For,
    /// They don't: the right side starts with half a word, and the other half is
    /// not at the end of the left one; or it starts as paragraphs do behind what
    /// may be a summary, which has no full stop.
    Against,
    /// Nothing.
    None,
}

/// What the rules see where one block would go on in another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    /// What they make of it.
    pub(super) evidence: Evidence,
    /// How the right side starts, as a class.
    pub(super) start: u64,
    /// The right side is the end of a sentence.
    pub(super) is_tail: bool,
    /// The last word of the left side waits for another.
    pub(super) wants_more: bool,
    /// The right side starts with a word that opens paragraphs.
    pub(super) is_opening: bool,
    /// A sentence ends in the left side.
    has_sentence: bool,
}

/// What a block says about being broken off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    wants_more: bool,
    /// A sentence ends in it.
    has_sentence: bool,
}

impl Before {
    /// Of the block with this `text`, of which it is known whether it
    /// [has a sentence](has_sentence).
    pub(super) fn of(text: &str, has_sentence: bool) -> Self {
        Self { wants_more: wants_more(text), has_sentence }
    }
}

/// What a block says about being the rest of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind {
    start: Start,
    /// It starts with a closing bracket or mark.
    closes: bool,
    is_opening: bool,
}

impl Behind {
    pub(super) fn of(text: &str) -> Self {
        let is_opening = opens_paragraph(text);
        Self {
            start: Start::knowing(text, is_opening),
            closes: text.chars().next().is_some_and(is_closing),
            is_opening,
        }
    }
}

impl Signs {
    /// The signs where `behind` would go on from `before`, which ends with
    /// `end`; `word` and `bracket` are what stands across.
    pub(super) fn of(
        before: Before,
        behind: Behind,
        end: End,
        word: Option<&WordAcross>,
        bracket: Option<char>,
    ) -> Self {
        // OCR engines see marks where there are none.
        let start = if behind.closes && bracket.is_none() { Start::Fresh } else { behind.start };
        let mut signs = Self {
            evidence: Evidence::None,
            start: start.class(),
            is_tail: start == Start::Tail,
            wants_more: before.wants_more,
            is_opening: behind.is_opening,
            has_sentence: before.has_sentence,
        };
        signs.evidence = signs.weigh(start, end, word, bracket.is_some());
        signs
    }

    fn weigh(&self, start: Start, end: End, word: Option<&WordAcross>, bracket: bool) -> Evidence {
        let starts_in_clause = matches!(start, Start::Open { clause } if clause <= SHORT_CLAUSE);
        match (start, word) {
            _ if bracket => Evidence::For,
            (Start::Fresh, _) if self.is_opening && end != End::Clause && !self.has_sentence => {
                Evidence::Against
            }
            (Start::Fresh, _) => Evidence::None,
            (_, Some(across)) if across.broken || starts_in_clause => Evidence::For,
            (Start::Tail, _) => Evidence::For,
            (Start::Broken, _) => Evidence::Against,
            (Start::Open { .. }, _) if starts_in_clause && self.has_sentence || self.wants_more => {
                Evidence::For
            }
            _ => Evidence::None,
        }
    }
}

/// Whether a sentence ends in `text`.
pub(super) fn has_sentence(text: &str) -> bool {
    static STOP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("。"));
    STOP.find(text.as_bytes()).is_some()
}

/// Whether `text` starts with what opens paragraphs that don't go on from
/// anything: a word of the list, a date, an ordinal, a mark.
pub(super) fn opens_paragraph(text: &str) -> bool {
    lexicon::PARAGRAPH_OPENINGS.longest_prefix(text).is_some() || DATED.is_match(text)
}

/// Dates, ordinals and marks at the start of a paragraph.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[0-9０-９]{1,4}(?:年|月|日|时)|第[一二三四五六七八九十]|[“‘「『【（(])")
        .expect("a fixed pattern")
});

/// Whether the last word of `text` can't end a sentence of a newspaper.
fn wants_more(text: &str) -> bool {
    let start = text.char_indices().rev().take(8).last().map_or(0, |(at, _)| at);
    let words = lexicon::segment(&text[start..]);
    let Some(last) = words.last() else { return false };
    lexicon::UNFINISHED_WORDS.has(last.text)
        || lexicon::tag(last.text).is_some_and(|tag| tag == "p" || tag == "vshi")
}

impl Start {
    pub(super) fn of(text: &str) -> Self {
        Self::knowing(text, opens_paragraph(text))
    }

    /// How `text` starts, of which it is known whether it opens a paragraph.
    fn knowing(text: &str, opens_paragraph: bool) -> Self {
        let first = text.chars().next();
        if first.is_some_and(|c| matches!(c, '，' | '、' | '；' | '。' | '：' | '！' | '？') || is_closing(c))
        {
            return Self::Tail;
        }
        if opens_paragraph {
            return Self::Fresh;
        }
        let (mut han, mut len) = (0, 0);
        for c in text.chars().take(CLAUSE).take_while(|c| is_han(*c)) {
            han += 1;
            len += c.len_utf8();
        }
        let (clause, behind) = (&text[..len], text[len..].chars().next());
        let words = lexicon::segment(clause);
        let open = Self::Open { clause: han };
        let Some(word) = words.first() else { return open };
        match (han, behind) {
            (1 | 2, Some(c)) if ends_sentence(c) => return Self::Tail,
            (1, Some(c)) if is_cjk_punctuation(c) && !is_opening(c) => return Self::Broken,
            _ => {}
        }
        let tag = lexicon::tag(word.text).unwrap_or_default();
        if word.text.chars().count() == 1 && is_bound(word.text, tag, clause) {
            return Self::Broken;
        }
        let names = ["nr", "ns", "nt", "t", "r", "c", "d", "p"];
        if names.iter().any(|name| tag.starts_with(name)) { Self::Fresh } else { open }
    }

    fn class(self) -> u64 {
        match self {
            Self::Fresh => 0,
            Self::Broken => 1,
            Self::Tail => 2,
            Self::Open { clause } => 3 + clause.div_ceil(SHORT_CLAUSE) as u64,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_told_apart() {
        assert_eq!(Start::of("近日，镇里修好了老桥。"), Start::Fresh);
        assert_eq!(Start::of("验员逐件核对，确保合格。"), Start::Broken);
        assert_eq!(Start::of("会。镇长林有禾说，"), Start::Tail);
        assert_eq!(Start::of("，逐户上门讲解。"), Start::Tail);
    }

    #[test]
    fn some_ends_want_another_word() {
        assert!(wants_more("靠的就是干部们始终坚持"));
        assert!(wants_more("镇里修好了通往学校的"));
        assert!(!wants_more("镇里修好了老桥"));
    }
}
