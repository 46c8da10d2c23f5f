//! How well a candidate fits: points that add up, found by looking at how
//! marks are used in newspapers. They are no probabilities; what they are worth
//! as confidence is said in [`confidence`].

use super::candidates::{Candidate, Kind, Side, is_said_before, starts_with_number};
use super::evidence::Evidence;
use super::gaps::Gaps;
use crate::chars::{is_cjk_punctuation, is_han};
use crate::document::Document;
use crate::edit::Confidence;
use crate::lexicon::{self, QUOTED_HEADS, QUOTING_VERBS};

/// Points from which a candidate is worth applying.
const LIKELY: f32 = 2.0;

/// Frequency from which a word is too plain to be quoted by itself.
const PLAIN: usize = 2_000;

/// The points of `candidate`; under 0 it is none.
pub(super) fn score(document: &Document, gaps: &Gaps, candidate: &Candidate, evidence: &Evidence) -> f32 {
    let known = evidence.knows(document.slice(candidate.content));
    let base = match (candidate.open, candidate.close) {
        (Side::Gap(_), Side::Gap(_)) => 1.2,
        (Side::Gap(_), Side::Place(_)) => {
            0.2 - f32::from(u8::from(next_gap_is_near(document, gaps, candidate))) * 0.8
        }
        (Side::Place(_), _) => 0.2,
    };
    let frame = f32::from(u8::from(fits_before(document, candidate))) * 0.6
        + f32::from(u8::from(fits_behind(document, candidate))) * 0.6;
    let kind = match candidate.kind {
        Kind::Speech => 2.0,
        Kind::Title => 1.5,
        Kind::Phrase => shape(document, candidate),
    };
    let mut score = base + frame + kind;
    if is_letter_spaced(gaps, candidate) {
        score -= 3.0;
    }
    if known {
        score += 1.6;
    }
    if matches!(candidate.close, Side::Place(_)) && !fits_behind(document, candidate) && !known {
        score -= 1.0;
    }
    if !evidence.stripped && candidate.kind == Kind::Phrase && candidate.gaps.0 == candidate.gaps.1 {
        score -= 1.2;
    }
    if evidence.intact && !known {
        score -= 1.5;
    }
    if !gaps.is_prose && !known {
        score -= if frame > 1.0 { 0.3 } else { 2.5 };
    }
    score
}

/// How sure a candidate with that score is.
pub(super) fn confidence(candidate: &Candidate, score: f32) -> Confidence {
    let both = matches!((candidate.open, candidate.close), (Side::Gap(_), Side::Gap(_)));
    if score >= LIKELY + 2.0 && both {
        Confidence::Certain
    } else if score >= LIKELY {
        Confidence::Likely
    } else {
        Confidence::Doubtful
    }
}

/// Why, for the person who reviews it.
pub(super) fn reason(document: &Document, candidate: &Candidate, evidence: &Evidence) -> String {
    let mut reasons = Vec::new();
    match (candidate.open, candidate.close) {
        (Side::Gap(_), Side::Gap(_)) => reasons.push("a gap on both sides"),
        (Side::Gap(_), Side::Place(_)) => reasons.push("a gap before it, the closing mark gone"),
        (Side::Place(_), _) => reasons.push("a gap behind it, the opening mark gone"),
    }
    if evidence.knows(document.slice(candidate.content)) {
        reasons.push("quoted elsewhere in the document");
    }
    if fits_before(document, candidate) || fits_behind(document, candidate) {
        reasons.push("the words around it take a quotation");
    }
    reasons.join(", ")
}

/// Whether the phrase is a single character with other gaps close by: what is
/// left of a letter-spaced run.
fn is_letter_spaced(gaps: &Gaps, candidate: &Candidate) -> bool {
    const CLOSE: usize = 6; // bytes: two Han characters
    let (first, last) = candidate.gaps;
    let (Some(open), Some(close)) = (gaps.get(first), gaps.get(last)) else { return false };
    let before = first.checked_sub(1).and_then(|index| gaps.get(index));
    let after = gaps.get(last + 1);
    candidate.content.len() <= CLOSE / 2
        && (before.is_some_and(|gap| open.start - gap.end <= CLOSE)
            || after.is_some_and(|gap| gap.start - close.end <= CLOSE))
}

/// Whether the phrase is a date, as running heads have it between gaps.
fn is_date(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(['年', '月', '日', '时', '分', '版', '期'])
}

/// Points for what the phrase itself looks like.
fn shape(document: &Document, candidate: &Candidate) -> f32 {
    let text = document.slice(candidate.content);
    let len = text.chars().count();
    let mut points = match len {
        1 => 0.4,
        2..=10 => 1.0,
        11..=20 => 0.5,
        21..=30 => 0.0,
        _ => -0.8,
    };
    points -= 0.3 * text.chars().filter(|c| matches!(c, '，' | '；')).count().min(4) as f32;
    let words = lexicon::segment(text);
    let (first, last) =
        (words.first().map_or("", |word| word.text), words.last().map_or("", |word| word.text));
    if text.ends_with(['、', '，', '；', '：']) || is_date(text) {
        points -= 3.0;
    }
    // A comma with next to nothing behind it: two neighbours' halves.
    let rest = text.rfind(['，', '、', '；']).map_or(len, |at| text[at..].chars().count() - 1);
    if rest <= 2 && text.contains('，') {
        points -= 2.0;
    }
    if starts_badly(first) || ends_badly(last) {
        points -= 1.6;
    }
    if len <= 3 && words.len() <= 2 && ends_like_a_result(text) {
        points -= 1.2;
    }
    if matches!(candidate.close, Side::Place(_)) {
        points += open_end(document, candidate, first, last);
    }
    points
}

/// Whether the next gap is near, in the same clause or the next: then the two
/// are more likely a pair.
fn next_gap_is_near(document: &Document, gaps: &Gaps, candidate: &Candidate) -> bool {
    const NEAR: usize = 25;
    let Some(next) = gaps.get(candidate.gaps.1 + 1) else { return false };
    let between = &document.text()[candidate.content.end..next.start];
    !between.contains(['。', '；']) && between.chars().count() <= NEAR
}

/// A phrase whose closing mark is gone has to look like a name of something:
/// behind a noun, a phrase that begins with a verb goes on with the sentence.
fn open_end(document: &Document, candidate: &Candidate, first: &str, last: &str) -> f32 {
    let text = document.slice(candidate.content);
    let tag = |word: &str| lexicon::tag(word).unwrap_or_else(|| "n".to_owned());
    let mut points = 0.0;
    if starts_with_number(text) && text.chars().count() <= 4 {
        points += 0.6;
    }
    if tag(last).starts_with('n') || tag(last).starts_with('v') && text.chars().count() <= 4 {
        points += 0.2;
    }
    if QUOTED_HEADS.has(text) {
        points -= 1.5;
    }
    // A plain word more likely stands behind a closing mark whose partner is lost.
    if lexicon::frequency(text) >= PLAIN {
        points -= 1.2;
    }
    // Behind a full stop or a colon a gap begins speech, not a phrase.
    let before = document.text()[..candidate.content.start].trim_end_matches(' ').chars().next_back();
    if before.is_none_or(|c| matches!(c, '。' | '！' | '？' | '：' | '，' | '\n')) {
        points -= 2.0;
    }
    // Before 、 the quotation may go on.
    if document.text()[candidate.content.end..].starts_with('、') {
        points -= 0.9;
    }
    let len = text.chars().count();
    if len >= 6 && lexicon::segment(text).iter().any(|word| tag(word.text).starts_with('v')) {
        points -= 0.8;
    }
    if let Side::Gap(gap) = candidate.open
        && is_said_before(document, gap)
    {
        points -= 2.0;
    }
    let first_is_verb = tag(first).starts_with('v') && first.len() < text.len();
    if first_is_verb && !fits_before(document, candidate) {
        points -= 1.5;
    }
    if len > 7 {
        points -= 0.6;
    }
    if text.chars().all(|c| c.is_ascii_digit() || is_cjk_punctuation(c)) {
        points -= 2.0;
    }
    points
}

/// Words that a quotation does not begin with: they tie what comes to what was.
fn starts_badly(word: &str) -> bool {
    matches!(
        word,
        "的" | "了"
            | "等"
            | "和"
            | "与"
            | "及"
            | "或"
            | "着"
            | "地"
            | "得"
            | "一跃"
            | "并"
            | "则"
            | "之"
            | "后"
            | "而"
            | "也"
            | "就"
    ) || matches!(word.chars().next(), Some(c) if matches!(c, '、' | '，' | '）' | '》' | '。'))
}

/// Words that a quotation does not end with: they wait for what follows.
fn ends_badly(word: &str) -> bool {
    matches!(
        word,
        "的" | "和"
            | "与"
            | "为"
            | "在"
            | "以"
            | "把"
            | "将"
            | "从"
            | "被"
            | "是"
            | "成为"
            | "当好"
            | "开展"
            | "打造"
            | "并"
            | "对"
            | "向"
            | "由"
            | "个"
    )
}

/// `架好`, `建成`: a verb with its result, which wants an object.
fn ends_like_a_result(text: &str) -> bool {
    text.chars().count() == 2 && text.ends_with(['好', '成', '到', '着', '出', '在', '为'])
}

/// Whether what stands before the opening mark takes a quotation.
fn fits_before(document: &Document, candidate: &Candidate) -> bool {
    let at = match candidate.open {
        Side::Gap(gap) => gap.start,
        Side::Place(place) => place,
    };
    let before = &document.text()[..at];
    match before.chars().next_back() {
        None | Some('\n' | '“' | '《' | '、' | '：') => true,
        Some(c) if is_han(c) => QUOTING_VERBS.longest_suffix(before).is_some(),
        Some('，') if candidate.kind == Kind::Speech => match candidate.open {
            Side::Gap(gap) => is_said_before(document, gap),
            Side::Place(_) => false,
        },
        Some(_) => false,
    }
}

/// Whether what stands behind the closing mark goes on from a quotation.
pub(super) fn fits_behind(document: &Document, candidate: &Candidate) -> bool {
    let at = match candidate.close {
        Side::Gap(gap) => gap.end,
        Side::Place(place) => place,
    };
    let behind = &document.text()[at..];
    match behind.chars().next() {
        None | Some('\n' | '，' | '。' | '、' | '；' | '！' | '？' | '”' | '》' | '（') => true,
        Some(_) => QUOTED_HEADS.longest_prefix(behind).is_some(),
    }
}
