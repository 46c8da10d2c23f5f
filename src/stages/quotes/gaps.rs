//! The gaps of a block, without those that belong there.

use std::sync::LazyLock;

use regex::Regex;

use super::evidence::Evidence;
use crate::chars::{is_chinese, is_cjk_punctuation, is_han};
use crate::document::{Block, BlockKind, Document};
use crate::lexicon;
use crate::span::Span;

/// A block with the gaps that could stand for marks.
#[derive(Debug)]
pub(crate) struct Gaps {
    /// The block.
    pub(crate) block: Span,
    /// In text order.
    gaps: Vec<Span>,
}

static BYLINE_IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[（(【][^（）()【】，。]{0,24}(?:记者|記者|报道员|报道|通讯员|通訊員|实习生|摄影|编辑|编译|作者|评论员|研究员)[^（）()【】，。]{0,40}[）)】]|[（(]\p{Han}{2,4}(?:[ \u{3000}、]+\p{Han}{2,4})+[）)]",
    )
});
static SPEAKER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[^，。；！？“”]{2,60}[ \u{3000}][^，。；！？“” ]{2,12}："));
static DATELINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^.{0,40}?(?:[日社报報][电電讯訊]|消息)[ \u{3000}]"));
/// The subject terms of an official paper (GB/T 9704-1999) or an article.
static KEYWORDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:主题词|主題詞|关键词|關鍵詞|关键字|標籤|标签)[：:].*"));
static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[ \u{3000}](?:记者|記者|通讯员)?\p{Han}{2,4})+[ \u{3000}]*(?:摄|攝|文/图|报道|供图)[）)]?$")
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

impl Gaps {
    /// The gaps of `block`; `None` if it has none or is no place for marks.
    pub(crate) fn of(document: &Document, block: &Block, evidence: &Evidence) -> Option<Self> {
        let text = document.slice(block.span);
        if matches!(block.kind, BlockKind::Byline | BlockKind::Caption | BlockKind::TableRow) {
            return None;
        }
        let spaces = memchr::memchr_iter(b' ', text.as_bytes());
        let mut gaps: Vec<Span> = spaces
            .filter(|at| could_be_mark(text, *at, evidence))
            .map(|at| Span::new(block.span.start + at, block.span.start + at + 1))
            .collect();
        if gaps.is_empty() || !is_chinese(text) {
            return None;
        }
        let legitimate = legitimate(text);
        gaps.retain(|gap| {
            let at = gap.start - block.span.start;
            let next = legitimate.partition_point(|span| span.end <= at);
            legitimate.get(next).is_none_or(|span| at < span.start)
        });
        if uses_gaps_as_punctuation(text, gaps.len()) {
            return None;
        }
        leave_lists_of_names(document, &mut gaps);
        (!gaps.is_empty()).then_some(Self { block: block.span, gaps })
    }

    /// Those inside `span`.
    pub(super) fn inside(&self, span: Span) -> &[Span] {
        let from = self.gaps.partition_point(|gap| gap.start < span.start);
        let to = self.gaps.partition_point(|gap| gap.end <= span.end);
        &self.gaps[from..to.max(from)]
    }

    /// The gap number `index`.
    pub(super) fn get(&self, index: usize) -> Option<Span> {
        self.gaps.get(index).copied()
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Span)> {
        self.gaps.iter().copied().enumerate()
    }
}

/// Parts of `text`, in bytes, whose gaps belong there; sorted, none touching
/// another.
fn legitimate(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    if text.contains(['（', '(', '【']) {
        spans.extend(BYLINE_IN_BRACKETS.find_iter(text).map(|found| Span::from(found.range())));
    }
    spans.extend(DATELINE.find(text).map(|found| Span::from(found.range())));
    spans.extend(SPEAKER.find(text).map(|found| Span::from(found.range())));
    spans.extend(KEYWORDS.find(text).map(|found| Span::from(found.range())));
    spans.extend(CREDIT.find(text).map(|found| Span::from(found.range())));
    Span::merged(spans)
}

/// Whether a single space at `at` stands where a mark can: between Chinese
/// characters or punctuation, and beside figures and Latin letters only where
/// the document does not set those off with spaces. Beside arrows and other
/// signs a space belongs there.
fn could_be_mark(text: &str, at: usize, evidence: &Evidence) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    let (Some(before), Some(after)) = (before, after) else { return false };
    let figure = |c: char| c.is_ascii_digit() || matches!(c, '%' | '+');
    let latin = |c: char| c.is_ascii_alphabetic();
    let fits = |c: char| {
        is_han(c)
            || (figure(c) && !evidence.spaced_figures)
            || (latin(c) && !evidence.spaced_latin)
            || (is_cjk_punctuation(c) && !c.is_ascii() && c != '·')
    };
    let both_latin = [before, after].into_iter().all(|c| c.is_ascii());
    fits(before) && fits(after) && !both_latin
}

/// Whether spaces do the work of punctuation in `text`: then they are no marks.
fn uses_gaps_as_punctuation(text: &str, gaps: usize) -> bool {
    let punctuation = text.chars().filter(|c| is_cjk_punctuation(*c)).count();
    gaps >= 4 && gaps > 4 * punctuation
}

/// Takes out the gaps of `甲某某 乙某某 丙某`: two or more neighbouring parts
/// between gaps that look like the names of persons.
fn leave_lists_of_names(document: &Document, gaps: &mut Vec<Span>) {
    let parts: Vec<_> = gaps.windows(2).map(|pair| &document.text()[pair[0].end..pair[1].start]).collect();
    let is_name: Vec<_> = parts.iter().map(|part| looks_like_name(part)).collect();
    let in_list = |part: usize| {
        is_name[part] && (part > 0 && is_name[part - 1] || is_name.get(part + 1).copied().unwrap_or(false))
    };
    let listed: Vec<_> = (0..gaps.len())
        .map(|gap| (gap > 0 && in_list(gap - 1)) || (gap < is_name.len() && in_list(gap)))
        .collect();
    let mut listed = listed.into_iter();
    gaps.retain(|_| !listed.next().unwrap_or(false));
}

/// Whether `name` can be the name of a person and is no other word.
pub(super) fn looks_like_name(name: &str) -> bool {
    let len = name.chars().count();
    (2..=3).contains(&len)
        && name.chars().all(is_han)
        && lexicon::SURNAMES.longest_prefix(name).is_some()
        && lexicon::tag(name).is_none_or(|tag| tag == "nr")
}
