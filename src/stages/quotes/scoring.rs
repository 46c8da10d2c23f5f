//! How well a candidate fits: points that add up.
//!
//! The features and what each is worth were set by hand while reading what they
//! do to news whose marks were stripped artificially; they are no
//! probabilities. What a sum is worth as confidence is said in [`confidence`].

use super::candidates::{Candidate, Kind, Side, is_said_before, starts_with_number};
use super::evidence::Evidence;
use super::gaps::{Gaps, looks_like_name};
use crate::chars::{is_cjk_punctuation, is_han};
use crate::document::Document;
use crate::edit::Confidence;
use crate::lexicon::{self, QUOTED_HEADS, QUOTING_VERBS, SINGLE_HEADS, TYING_WORDS, WAITING_WORDS};

/// Points from which a candidate is worth applying.
const LIKELY: f32 = 2.0;

/// Points from which one with a gap on both sides is certain.
const CERTAIN: f32 = 4.0;

/// Frequency from which a word is too plain to be quoted by itself.
const PLAIN: usize = 2_000;

/// The points of the features that hold.
fn sum(features: &[(bool, f32)]) -> f32 {
    features.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum()
}

/// The points of `candidate`; under 0 it is none.
pub(super) fn score(document: &Document, gaps: &Gaps, candidate: &Candidate, evidence: &Evidence) -> f32 {
    let known = evidence.knows(document.slice(candidate.content));
    let (before, behind) = (fits_before(document, candidate), fits_behind(document, candidate));
    let phrase = candidate.kind == Kind::Phrase;
    let open_ended = matches!(candidate.close, Side::Place(_));
    let one_gap = candidate.gaps.0 == candidate.gaps.1;
    let headline = !gaps.is_prose && !known;
    let features = [
        (candidate.has_both_gaps(), 1.2),
        (!candidate.has_both_gaps(), 0.2),
        (open_ended && next_gap_is_near(document, gaps, candidate), -0.8),
        (open_ended && !behind && !known, -1.0),
        (before, 0.6),
        (behind, 0.6),
        (candidate.kind == Kind::Speech, 2.0),
        (candidate.kind == Kind::Title, 1.5),
        (known, 1.6),
        (is_letter_spaced(gaps, candidate), -3.0),
        (phrase && one_gap && !evidence.stripped, -1.2),
        (evidence.intact && !known, -1.5),
        (headline && before && behind, -0.3),
        (headline && !(before && behind), -2.5),
    ];
    sum(&features) + if phrase { shape(document, candidate, known) } else { 0.0 }
}

/// How sure a candidate with that score is.
pub(super) fn confidence(candidate: &Candidate, score: f32) -> Confidence {
    if score >= CERTAIN && candidate.has_both_gaps() {
        Confidence::Certain
    } else if score >= LIKELY {
        Confidence::Likely
    } else {
        Confidence::Doubtful
    }
}

/// Why, for the person who reviews it.
pub(super) fn reason(document: &Document, candidate: &Candidate, evidence: &Evidence) -> String {
    let mut reasons = vec![match (candidate.open, candidate.close) {
        (Side::Gap(_), Side::Gap(_)) => "a gap on both sides",
        (Side::Gap(_), Side::Place(_)) => "a gap before it, the closing mark gone",
        (Side::Place(_), _) => "a gap behind it, the opening mark gone",
    }];
    if evidence.knows(document.slice(candidate.content)) {
        reasons.push("quoted elsewhere in the document");
    }
    if fits_before(document, candidate) || fits_behind(document, candidate) {
        reasons.push("the words around it take a quotation");
    }
    reasons.join(", ")
}

/// Points for what the phrase itself looks like.
fn shape(document: &Document, candidate: &Candidate, known: bool) -> f32 {
    let text = document.slice(candidate.content);
    let len = text.chars().count();
    let words: Vec<_> = lexicon::segment(text).into_iter().map(|word| word.text).collect();
    let (first, last) = (words.first().copied().unwrap_or(""), words.last().copied().unwrap_or(""));
    let clauses = text.chars().filter(|c| matches!(c, '，' | '；')).count();
    // A comma with next to nothing behind it: two neighbours' halves.
    let rest = text.rfind(['，', '、', '；']).map_or(len, |at| text[at..].chars().count() - 1);
    let features = [
        (len == 1, 0.4),
        ((2..=10).contains(&len), 1.0),
        ((11..=20).contains(&len), 0.5),
        (len > 30, -0.8),
        (clauses >= 1, -0.3),
        (clauses >= 2, -0.3),
        (clauses >= 3, -0.6),
        (text.ends_with(['、', '，', '；', '：']) || is_date(text), -3.0),
        (rest <= 2 && text.contains('，'), -2.0),
        (starts_badly(first) || ends_badly(last), -1.6),
        (!known && looks_like_name(text), -1.6),
        (!known && is_body(text), -1.5),
        (len == 2 && ends_like_a_result(text), -1.2),
    ];
    let open_ended = matches!(candidate.close, Side::Place(_));
    sum(&features) + if open_ended { open_end(document, candidate, &words) } else { 0.0 }
}

/// A phrase whose closing mark is gone has to look like the name of something.
fn open_end(document: &Document, candidate: &Candidate, words: &[&str]) -> f32 {
    let text = document.slice(candidate.content);
    let len = text.chars().count();
    let is_verb = |word: &&str| lexicon::tag(word).is_some_and(|tag| tag.starts_with('v'));
    let is_noun = |word: &&str| lexicon::tag(word).is_none_or(|tag| tag.starts_with('n'));
    let before = document.text()[..candidate.content.start].trim_end_matches(' ').chars().next_back();
    let announced = matches!(candidate.open, Side::Gap(gap) if is_said_before(document, gap));
    let starts_with_verb = words.len() > 1 && words.first().is_some_and(is_verb);
    sum(&[
        (starts_with_number(text) && len <= 4, 0.6),
        (words.last().is_some_and(|word| is_noun(word) || (len <= 4 && is_verb(word))), 0.2),
        // What takes a quotation is not quoted itself.
        (QUOTED_HEADS.has(text), -1.5),
        // A plain word more likely stands behind a closing mark whose partner is lost.
        (lexicon::frequency(text) >= PLAIN, -1.2),
        // Behind a full stop, a comma or a colon a gap begins speech.
        (before.is_none_or(|c| matches!(c, '。' | '！' | '？' | '：' | '，' | '\n')), -2.0),
        (announced, -2.0),
        // Before 、 the quotation may go on.
        (document.text()[candidate.content.end..].starts_with('、'), -0.9),
        (len >= 6 && words.iter().any(is_verb), -0.8),
        // Behind a noun, a phrase that begins with a verb goes on with the sentence.
        (starts_with_verb && !fits_before(document, candidate), -1.5),
        (len > 7, -0.6),
        (text.chars().all(|c| c.is_ascii_digit() || is_cjk_punctuation(c)), -2.0),
    ])
}

/// Whether the phrase is a single character with other gaps close by: what is
/// left of a letter-spaced run.
fn is_letter_spaced(gaps: &Gaps, candidate: &Candidate) -> bool {
    const HAN: usize = 3; // bytes
    let (first, last) = candidate.gaps;
    let (Some(open), Some(close)) = (gaps.get(first), gaps.get(last)) else { return false };
    let before = first.checked_sub(1).and_then(|index| gaps.get(index));
    let after = gaps.get(last + 1);
    candidate.content.len() <= HAN
        && (before.is_some_and(|gap| open.start - gap.end <= 2 * HAN)
            || after.is_some_and(|gap| gap.start - close.end <= 2 * HAN))
}

/// Whether the phrase is a date, a weekday or a page, as running heads and
/// sources have them between gaps.
fn is_date(text: &str) -> bool {
    let numbered = text.trim_start_matches('第').starts_with(|c: char| c.is_ascii_digit());
    (numbered && text.ends_with(['年', '月', '日', '时', '分', '版', '期'])) || text.starts_with("星期")
}

/// Whether the next gap is near, in the same clause or the next: then the two
/// are more likely a pair.
fn next_gap_is_near(document: &Document, gaps: &Gaps, candidate: &Candidate) -> bool {
    const NEAR: usize = 25;
    let Some(next) = gaps.get(candidate.gaps.1 + 1) else { return false };
    let between = &document.text()[candidate.content.end..next.start];
    !between.contains(['。', '；']) && between.chars().count() <= NEAR
}

/// Whether the phrase is the name of a body in the dictionary.
fn is_body(text: &str) -> bool {
    lexicon::tag(text).is_some_and(|tag| tag == "nt")
}

/// Whether the first word ties what comes to what was.
fn starts_badly(word: &str) -> bool {
    TYING_WORDS.has(word) || word.starts_with(['、', '，', '）', '》', '。'])
}

/// Whether the last word waits for what follows.
fn ends_badly(word: &str) -> bool {
    WAITING_WORDS.has(word) || (QUOTING_VERBS.has(word) && word.chars().nth(1).is_some())
}

/// `建好`, `写成`: a verb with its result, which wants an object.
fn ends_like_a_result(text: &str) -> bool {
    text.ends_with(['好', '成', '到', '着', '出', '在', '为'])
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
        Some(_) => {
            let single = document.slice(candidate.content).chars().nth(1).is_none();
            QUOTED_HEADS.longest_prefix(behind).is_some()
                || (single && SINGLE_HEADS.longest_prefix(behind).is_some())
        }
    }
}
