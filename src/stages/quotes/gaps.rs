//! The gaps of a block, without those that belong there.

use std::sync::LazyLock;

use regex::Regex;

use super::evidence::Evidence;
use crate::chars::{is_chinese, is_cjk_punctuation, is_closing, is_han, is_opening};
use crate::document::{Block, BlockKind, Document};
use crate::lexicon::looks_like_name;
use crate::span::Span;

/// A block with the gaps that could stand for marks.
#[derive(Debug)]
pub(crate) struct Gaps {
    /// The block.
    pub(crate) block: Span,
    /// In text order.
    gaps: Vec<Span>,
}

/// What tells a byline in brackets.
static WRITER: LazyLock<Regex> =
    LazyLock::new(|| pattern("记者|記者|报道|通讯员|通訊員|实习生|摄影|编辑|编译|作者|评论员|研究员"));
static SPEAKER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[^，。；！？“”]{2,60}[ \u{3000}][^，。；！？“” ]{2,12}："));
static DATELINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^.{0,40}?(?:[日社报報][电電讯訊]|消息)[ \u{3000}]"));
/// The subject terms of an official paper (GB/T 9704-1999) or an article.
static KEYWORDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:主题词|主題詞|关键词|關鍵詞|关键字|標籤|标签)[：:].*"));
static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[ \u{3000}](?:记者|記者|通讯员)?[一-鿿]{2,4})+[ \u{3000}]*(?:摄|攝|文/图|报道|供图)[）)]?$")
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

impl Gaps {
    /// The gaps of `block`; `None` if it has none or is no place for marks.
    pub(crate) fn of(document: &Document, block: &Block, evidence: &Evidence<'_>) -> Option<Self> {
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
        let legitimate = legitimate(text, gaps.iter().map(|gap| gap.start - block.span.start));
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

/// A pattern, and whether it could match a text.
type Sign = (&'static LazyLock<Regex>, fn(&str) -> bool);

/// Parts of `text`, in bytes, whose gaps belong there; sorted, none touching
/// another. `gaps` are those it is asked for. Each pattern is run only where a
/// glance says that it could match.
fn legitimate(text: &str, gaps: impl Iterator<Item = usize>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for at in gaps {
        let is_seen = spans.last().is_some_and(|last| at < last.end);
        if !is_seen && let Some(brackets) = brackets_around(text, at) {
            let inside = &text[brackets.range()];
            spans.extend((inside.starts_with('[') || is_byline(inside)).then_some(brackets));
        }
    }
    let signs: [Sign; 4] = [
        (&DATELINE, begins_with_agency),
        (&SPEAKER, begins_with_speaker),
        (&KEYWORDS, |text| text.starts_with(['主', '关', '關', '標', '标'])),
        (&CREDIT, |text| text.trim_end_matches([')', '）']).ends_with(['摄', '攝', '图', '道'])),
    ];
    for (pattern, may_match) in signs {
        if may_match(text) {
            spans.extend(pattern.find(text).map(|found| Span::from(found.range())));
        }
    }
    Span::merged(spans)
}

/// Whether `text`, which stands in brackets, says who wrote something: it has a
/// [`WRITER`] in it, or is a list of names.
fn is_byline(text: &str) -> bool {
    /// Code points before and behind such a word, at most.
    const REACH: (usize, usize) = (24, 40);
    let mut ends = text.chars();
    let round = matches!((ends.next(), ends.next_back()), (Some('（' | '('), Some('）' | ')')));
    let inside = ends.as_str();
    let is_within = |text: &str, most: usize| text.chars().nth(most).is_none();
    let says_who = WRITER
        .find_iter(inside)
        .any(|word| is_within(&inside[..word.start()], REACH.0) && is_within(&inside[word.end()..], REACH.1));
    says_who || round && is_list_of_names(inside)
}

/// Whether `text` is words of two to four Han characters, set apart by spaces and `、`.
/// One of two characters may have a space inside, `周小满 林 禾`: so set, a name is as
/// wide as one of three.
fn is_list_of_names(text: &str) -> bool {
    let is_apart = |c: char| matches!(c, ' ' | '\u{3000}' | '、');
    if text.starts_with(is_apart) || text.ends_with(is_apart) || !text.contains(is_apart) {
        return false;
    }
    let words = || text.split(is_apart).filter(|word| !word.is_empty());
    let lengths: Vec<usize> = words().map(|word| word.chars().count()).collect();
    let are_names = |run: &[usize]| match run[0] {
        1 => run.len().is_multiple_of(2),
        _ => run.iter().all(|len| (2..=4).contains(len)),
    };
    words().all(|word| word.chars().all(is_han))
        && lengths.chunk_by(|a, b| (*a == 1) == (*b == 1)).all(are_names)
}

/// The brackets around `at`, with nothing between that a byline has no place for; or
/// square ones, which hold codes and figures.
fn brackets_around(text: &str, at: usize) -> Option<Span> {
    let ends = |c: char| matches!(c, '（' | '）' | '(' | ')' | '【' | '】' | '[' | ']' | '，' | '。');
    let (open, c) = text[..at].char_indices().rev().find(|(_, c)| ends(*c))?;
    if !is_opening(c) {
        return None;
    }
    let is_square = c == '[';
    let (close, c) = text[at..].char_indices().find(|(_, c)| ends(*c))?;
    (is_closing(c) && (c == ']') == is_square).then(|| Span::new(open, at + close + c.len_utf8()))
}

/// Whether a gap stands behind what the names of agencies end with, as near the
/// start as [`DATELINE`] needs it.
fn begins_with_agency(text: &str) -> bool {
    const REACH: usize = 43; // code points
    let mut before = ' ';
    text.chars().take(REACH).any(|c| {
        let last = std::mem::replace(&mut before, c);
        matches!(c, ' ' | '\u{3000}') && matches!(last, '电' | '電' | '讯' | '訊' | '息')
    })
}

/// Whether a colon stands behind a gap, with nothing that ends a clause before
/// it, as [`SPEAKER`] needs it.
fn begins_with_speaker(text: &str) -> bool {
    const REACH: usize = 74; // code points
    let mut has_gap = false;
    let clause =
        text.chars().take(REACH).take_while(|c| !matches!(c, '，' | '。' | '；' | '！' | '？' | '“' | '”'));
    clause.into_iter().any(|c| {
        has_gap |= matches!(c, ' ' | '\u{3000}');
        has_gap && c == '：'
    })
}

/// Whether a single space at `at` stands where a mark can: between Chinese
/// characters or punctuation, and beside figures and Latin letters only where
/// the document does not set those off with spaces. Beside arrows and other
/// signs a space belongs there.
fn could_be_mark(text: &str, at: usize, evidence: &Evidence<'_>) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    let (Some(before), Some(after)) = (before, after) else { return false };
    let figure = |c: char| c.is_ascii_digit() || matches!(c, '%' | '+');
    let latin = |c: char| c.is_ascii_alphabetic();
    let fits = |c: char| {
        is_han(c)
            || (figure(c) && !evidence.spaced_figures())
            || (latin(c) && !evidence.spaced_latin())
            || (is_cjk_punctuation(c) && !c.is_ascii() && c != '·')
    };
    let both_latin = [before, after].into_iter().all(|c| c.is_ascii());
    fits(before) && fits(after) && !both_latin
}

/// Whether spaces do the work of punctuation in `text`: then they are no marks.
fn uses_gaps_as_punctuation(text: &str, gaps: usize) -> bool {
    let most = gaps.saturating_sub(1) / 4;
    gaps >= 4 && text.chars().filter(|c| is_cjk_punctuation(*c)).nth(most).is_none()
}

/// Takes out the gaps of `甲某某 乙某某 丙某`: two or more neighbouring parts
/// between gaps that look like the names of persons.
fn leave_lists_of_names(document: &Document, gaps: &mut Vec<Span>) {
    if gaps.len() < 3 {
        return;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_stand_in_brackets() {
        for text in [
            "（记者 周小满）",
            "【本报通讯员 林有禾 摄影】",
            "（周小满 林有禾、于河）",
            "(周小满 林有禾)",
            "（周小满 林 禾）",
        ] {
            assert!(is_byline(text), "{text}");
        }
        let far = format!("（{} 记者）", "青".repeat(24));
        for text in [
            "（周小满）",
            "（周小满 的水车村民）",
            "【周小满 林有禾】",
            "（ 周小满 林有禾）",
            "（周小满 禾）",
            "（周 小 满）",
            &far,
        ] {
            assert!(!is_byline(text), "{text}");
        }
    }
}
