//! Which spans of a block could have been quoted. Generous: a span that can't
//! have been is left to the scores.

use super::evidence::Evidence;
use super::gaps::Gaps;
use crate::chars::{closing_of, ends_sentence, is_cjk_punctuation, is_closing, is_han, is_opening};
use crate::document::Document;
use crate::lexicon::{QUOTED_HEADS, SPEECH_VERBS};
use crate::span::Span;

/// A span that could have been quoted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Where the opening mark would stand.
    pub(super) open: Side,
    /// Where the closing mark would stand.
    pub(super) close: Side,
    /// What would stand between them.
    pub(super) content: Span,
    /// The gaps it explains, by number: first and last.
    pub(super) gaps: (usize, usize),
    /// What it would be.
    pub(super) kind: Kind,
}

impl Candidate {
    /// Whether both marks left a gap.
    pub(super) fn has_both_gaps(&self) -> bool {
        matches!((self.open, self.close), (Side::Gap(_), Side::Gap(_)))
    }
}

/// One end of a [`Candidate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// A gap, which the mark replaces.
    Gap(Span),
    /// A byte offset, where the mark is put in.
    Place(usize),
}

/// What a [`Candidate`] would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a name or a phrase.
    Phrase,
    /// What somebody said, one sentence or more.
    Speech,
    /// A title inside 《》.
    Title,
}

/// Code points of the longest phrase.
const MAX_PHRASE: usize = 45;
/// Code points of the longest phrase that lost its closing mark to nothing.
const MAX_OPEN_PHRASE: usize = 12;
/// Code points of the longest clause that says who spoke.
const MAX_ATTRIBUTION: usize = 30;
/// Code points of the longest speech.
const MAX_SPEECH: usize = 600;

/// The candidates of a block.
pub(super) fn of(document: &Document, gaps: &Gaps, evidence: &Evidence) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (index, gap) in gaps.iter() {
        if let Some(next) = gaps.get(index + 1) {
            found.extend(between(document, index, gap, next, evidence));
        }
        if gaps.is_prose || evidence.knows_after(document, gap, gaps.block) {
            found.extend(closed_by_nothing(document, gaps, index, gap));
        }
        found.extend(opened_by_nothing(document, gaps, index, gap, evidence));
        found.extend(closed_in_a_phrase(document, index, gap, evidence));
        if evidence.stripped && !evidence.spaced_sentences {
            found.extend(speech_from_the_start(document, gaps, index, gap));
        }
    }
    found
}

impl Evidence {
    /// Whether what stands behind `gap` up to the end of the block is known.
    fn knows_after(&self, document: &Document, gap: Span, block: Span) -> bool {
        let rest = &document.text()[gap.end..block.end];
        rest.len() <= MAX_PHRASE * 4 && self.knows(rest)
    }
}

/// The span between two neighbouring gaps.
fn between(
    document: &Document,
    index: usize,
    open: Span,
    close: Span,
    evidence: &Evidence,
) -> Option<Candidate> {
    let content = Span::new(open.end, close.start);
    let text = document.slice(content);
    if content.len() > MAX_SPEECH * 4 || text.contains(['“', '”', '「', '」']) || !is_balanced(text) {
        return None;
    }
    let len = text.chars().count();
    let kind = if !evidence.spaced_sentences && is_speech(document, open, close) {
        Kind::Speech
    } else if is_title_in_title(document, open, close) {
        Kind::Title
    } else {
        Kind::Phrase
    };
    let max = if kind == Kind::Speech { MAX_SPEECH } else { MAX_PHRASE };
    (len <= max && !has_sentence_end_inside(text, kind)).then_some(Candidate {
        open: Side::Gap(open),
        close: Side::Gap(close),
        content,
        gaps: (index, index + 1),
        kind,
    })
}

/// Whether every bracket that opens in `text` closes there, and the reverse.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    text.chars().all(|c| {
        if let Some(close) = closing_of(c) {
            open.push(close);
            return true;
        }
        !is_closing(c) || open.pop() == Some(c)
    }) && open.is_empty()
}

fn has_sentence_end_inside(text: &str, kind: Kind) -> bool {
    kind != Kind::Speech && text.contains('。')
}

/// Whole sentences between gaps, with somebody who says them before or behind.
fn is_speech(document: &Document, open: Span, close: Span) -> bool {
    let starts_whole = document
        .char_before(open.start)
        .is_none_or(|c| ends_sentence(c) || matches!(c, '：' | ':' | '，' | '”' | '；'));
    ends_whole(document, close)
        && starts_whole
        && (is_said_behind(document, close) || is_said_before(document, open))
}

/// Whether a sentence ends right before `gap`.
fn ends_whole(document: &Document, gap: Span) -> bool {
    document.text()[..gap.start].chars().next_back().is_some_and(ends_sentence)
}

/// Whether the clause behind `gap` says who spoke: `某村村民某某说，`.
fn is_said_behind(document: &Document, gap: Span) -> bool {
    let near = first_chars(&document.text()[gap.end..], MAX_ATTRIBUTION + 1);
    let clause = near.split(['，', '。', '：', '\n']).next().unwrap_or("");
    let len = clause.chars().count();
    (3..=MAX_ATTRIBUTION).contains(&len) && SPEECH_VERBS.longest_suffix(clause).is_some()
}

/// Speech from the start of the paragraph, where its opening mark vanished, to
/// the first gap, behind which stands who spoke.
fn speech_from_the_start(document: &Document, gaps: &Gaps, index: usize, gap: Span) -> Option<Candidate> {
    let content = Span::new(gaps.block.start, gap.start);
    let is_first = index == 0 && content.len() <= MAX_SPEECH * 4;
    let fits = is_first && ends_whole(document, gap) && is_said_behind(document, gap);
    (fits && is_balanced(document.slice(content)) && !document.slice(content).contains(['“', '「']))
        .then_some(Candidate {
            open: Side::Place(content.start),
            close: Side::Gap(gap),
            content,
            gaps: (index, index),
            kind: Kind::Speech,
        })
}

/// Characters that begin what is said of a quoted phrase.
const AUXILIARIES: [char; 12] = ['的', '变', '是', '不', '在', '已', '将', '被', '为', '对', '让', '能'];

/// A phrase known to be quoted right behind `gap`, whose closing mark vanished
/// before a character that is no punctuation.
fn closed_in_a_phrase(
    document: &Document,
    index: usize,
    gap: Span,
    evidence: &Evidence,
) -> Option<Candidate> {
    let phrase = evidence.known_prefix(&document.text()[gap.end..])?;
    let content = Span::new(gap.end, gap.end + phrase.len());
    let behind = &document.text()[content.end..];
    let goes_on = behind.starts_with(|c: char| is_han(c))
        && (QUOTED_HEADS.longest_prefix(behind).is_some_and(|head| head.chars().nth(1).is_some())
            || behind.starts_with(AUXILIARIES));
    (goes_on && phrase.chars().nth(1).is_some()).then_some(Candidate {
        open: Side::Gap(gap),
        close: Side::Place(content.end),
        content,
        gaps: (index, index),
        kind: Kind::Phrase,
    })
}

/// Whether what stands before `gap` announces speech: `某某说：`, `某某表示，`.
pub(super) fn is_said_before(document: &Document, gap: Span) -> bool {
    let before = document.text()[..gap.start].trim_end_matches(['：', '，', ':', ',']);
    before.len() < gap.start && SPEECH_VERBS.longest_suffix(before).is_some()
}

/// `《印发 … 的通知》`, `《青禾县 … 规划》`: inside 《》, behind a verb of
/// forwarding or with the name of a kind of paper at the end, and before what
/// says that it is forwarded.
fn is_title_in_title(document: &Document, open: Span, close: Span) -> bool {
    const FORWARDING: [&str; 8] = ["印发", "转发", "发布", "公布", "贯彻", "修改", "废止", "落实"];
    const FORWARDED: [&str; 12] = [
        "的通知",
        "的意见",
        "的决定",
        "的公告",
        "的批复",
        "的函",
        "的通告",
        "的措施",
        "实施细则",
        "若干措施",
        "解读",
        "手册",
    ];
    const MAX_BEFORE_PAPER: usize = 10;
    const PAPERS: [&str; 12] =
        ["规划", "办法", "条例", "标准", "方案", "意见", "细则", "规定", "措施", "计划", "纲要", "公约"];
    let (before, after) = (&document.text()[..open.start], &document.text()[close.end..]);
    let before = last_chars(before, MAX_PHRASE);
    let content = &document.text()[open.end..close.start];
    let inside = before.rfind(['《', '》', '\n']).is_some_and(|at| before[at..].starts_with('《'));
    let ends = |text: &str, words: &[&str]| words.iter().any(|word| text.ends_with(word));
    let near = first_chars(after, MAX_BEFORE_PAPER);
    let near = near.split(['》', '《', '，']).next().unwrap_or("");
    let forwarded = FORWARDED.iter().any(|word| near.contains(word));
    inside && forwarded && (ends(before, &FORWARDING) || ends(content, &PAPERS))
}

/// The span from `gap` to the next punctuation, its closing mark gone.
fn closed_by_nothing(document: &Document, gaps: &Gaps, index: usize, gap: Span) -> Option<Candidate> {
    let text = document.text();
    let limit = gaps.get(index + 1).map_or(gaps.block.end, |next| next.start);
    let behind = &text[gap.end..limit];
    let stop = behind.find(is_cjk_punctuation);
    let (end, at_end) = match stop {
        Some(end) => (end, false),
        None if limit == gaps.block.end => (behind.len(), true),
        None => return None,
    };
    let content = head_left_out(&behind[..end]);
    let len = content.chars().count();
    let next = behind[end..].chars().next();
    let is_stop = next.is_none_or(|c| !is_closing(c) && (!is_opening(c) || matches!(c, '（' | '(')));
    if len == 0 || len > MAX_OPEN_PHRASE || !is_stop || (at_end && gaps.is_prose) {
        return None;
    }
    let content = Span::new(gap.end, gap.end + content.len());
    Some(Candidate {
        open: Side::Gap(gap),
        close: Side::Place(content.end),
        content,
        gaps: (index, index),
        kind: Kind::Phrase,
    })
}

/// `两访要求` without `要求`: an abbreviation by number is quoted without the
/// noun that says what it is.
fn head_left_out(phrase: &str) -> &str {
    let stem = QUOTED_HEADS.longest_suffix(phrase).map(|head| &phrase[..phrase.len() - head.len()]);
    match stem {
        Some(stem) if starts_with_number(phrase) && (2..=4).contains(&stem.chars().count()) => stem,
        _ => phrase,
    }
}

/// Whether a paragraph begins with a phrase that it then defines: `一渠一长 即…`.
fn is_defined(phrase: &str, behind: &str) -> bool {
    let defines = ["即", "是指", "指的是"].iter().any(|word| behind.starts_with(word));
    defines && (2..=8).contains(&phrase.chars().count()) && phrase.chars().all(is_han)
}

/// Whether `phrase` begins with a Chinese number, as abbreviations by number do
/// (`两访`, `三查两改`).
pub(super) fn starts_with_number(phrase: &str) -> bool {
    phrase.starts_with(|c: char| "一二三四五六七八九十两百千双多".contains(c))
}

/// The span up to `gap`, its opening mark gone: a phrase known to be quoted, or
/// a number before a noun that takes a quoted one (`512 工作法`).
fn opened_by_nothing(
    document: &Document,
    gaps: &Gaps,
    index: usize,
    gap: Span,
    evidence: &Evidence,
) -> Option<Candidate> {
    let text = document.text();
    let start =
        index.checked_sub(1).and_then(|before| gaps.get(before)).map_or(gaps.block.start, |gap| gap.end);
    let before = &text[start..gap.start];
    let known = evidence.known_suffix(before);
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let heads = QUOTED_HEADS.longest_prefix(&text[gap.end..]).is_some_and(|head| head.chars().count() > 1);
    let content = match known {
        // A single character says too little away from its two gaps.
        Some(phrase) if phrase.chars().nth(1).is_some() => phrase,
        _ if (2..=5).contains(&digits) && heads => &before[before.len() - digits..],
        _ if is_defined(before, &text[gap.end..]) && index == 0 => before,
        _ => return None,
    };
    let content = Span::new(gap.start - content.len(), gap.start);
    Some(Candidate {
        open: Side::Place(content.start),
        close: Side::Gap(gap),
        content,
        gaps: (index, index),
        kind: Kind::Phrase,
    })
}

/// The first `count` code points of `text`.
fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

/// The last `count` code points of `text`.
fn last_chars(text: &str, count: usize) -> &str {
    count
        .checked_sub(1)
        .and_then(|last| text.char_indices().rev().nth(last))
        .map_or(text, |(start, _)| &text[start..])
}
