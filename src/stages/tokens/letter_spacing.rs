//! Rule `tokens/letter-spacing`: type set wide (`社 会 保 障`) comes out with
//! a gap behind every character.

use std::collections::BTreeSet;

use crate::chars::{is_cjk_punctuation, is_gap, is_han};
use crate::document::Document;
use crate::edit::{Confidence, Edit};
use crate::lexicon;
use crate::span::Span;
use crate::stages::Proposer;

/// Han characters from which a run counts. Three with gaps between may be a
/// list of single characters, a name set wide, or two lost marks.
const MIN_HAN: usize = 4;

/// Han characters from which a run is sure: labels and titles of four (`会 议
/// 纪 要`) are set wide on purpose.
const SURE_HAN: usize = 5;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    for line in document.lines() {
        for run in runs(document.slice(line.span)) {
            let confidence = confidence_of(&run.letters);
            let edits: Vec<_> = run
                .gaps
                .iter()
                .map(|gap| Edit::delete(line.span.start + gap.start..line.span.start + gap.end))
                .collect();
            let message = format!("letter-spaced: `{}`", run.letters);
            proposer.repair_as(confidence, edits, &message);
        }
    }
}

/// Single characters with one gap between each.
struct Run {
    letters: String,
    /// In the line.
    gaps: Vec<Span>,
}

/// Words speak for letter-spacing: single characters that only make a list
/// (`甲 乙 丙 丁`, `对 错 错 对`) hold few different words of two or more.
/// Nothing but words of two characters or four (`大 小 多 少 上 下`) may be such a list.
fn confidence_of(letters: &str) -> Confidence {
    let words = lexicon::segment(letters);
    let long: BTreeSet<_> = words.iter().map(|word| word.text).filter(|word| is_compound(word)).collect();
    let covered: usize = long.iter().map(|word| word.chars().count()).sum();
    let han = letters.chars().filter(|c| is_han(*c)).count();
    let only_pairs = covered == han && long.iter().all(|word| word.chars().count().is_multiple_of(2));
    if han < SURE_HAN || (only_pairs && letters.chars().all(is_han)) {
        Confidence::Doubtful
    } else if long.len() >= 3 && covered * 2 >= han {
        Confidence::Certain
    } else if long.len() == 2 && covered * 2 >= han {
        Confidence::Likely
    } else {
        Confidence::Doubtful
    }
}

fn is_compound(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(is_han)
}

fn runs(line: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run { letters: String::new(), gaps: Vec::new() };
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let end = at + c.len_utf8();
        let gap = single_gap(&line[end..]);
        if can_be_spaced(c) {
            run.letters.push(c);
            if gap > 0 && joins(c, line[end + gap..].chars().next()) {
                run.gaps.push(Span::new(end, end + gap));
                at = end + gap;
                continue;
            }
        }
        runs.extend(finish(&mut run));
        at = end;
    }
    runs.extend(finish(&mut run));
    runs
}

/// Takes the run if it is one, and starts anew.
fn finish(run: &mut Run) -> Option<Run> {
    let run = std::mem::replace(run, Run { letters: String::new(), gaps: Vec::new() });
    let han = run.letters.chars().filter(|c| is_han(*c)).count();
    (han >= MIN_HAN && run.gaps.len() + 1 >= han).then_some(run)
}

/// Length in bytes of the gap that `rest` begins with, if it is a single one
/// with text behind.
fn single_gap(rest: &str) -> usize {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some(gap), Some(next)) if is_gap(gap) && gap != '\t' && !is_gap(next) => gap.len_utf8(),
        _ => 0,
    }
}

fn can_be_spaced(c: char) -> bool {
    is_han(c) || is_cjk_punctuation(c) || c.is_ascii_digit()
}

/// Whether a letter-spaced run may go on from `c` over a gap to `next`. A gap
/// between two figures may part two numbers, unless the whole run is spaced;
/// `runs` only asks at single characters, so there it is.
fn joins(c: char, next: Option<char>) -> bool {
    next.is_some_and(|next| {
        can_be_spaced(next) && (is_han(c) || is_han(next) || (c.is_ascii_digit() && next.is_ascii_digit()))
    })
}
