//! What stands more often than it should, and what stands no more.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Page;
use super::align::Alignment;
use super::cases::{Case, around, line_of, shorten};
use super::content::Content;
use super::figures::{Count, Kind};

/// Content characters from which a stretch that stands twice is a duplicate.
const LEAST: usize = 8;

/// Damaged characters in a row that don't end a stretch.
const SLACK: usize = 3;

pub(super) fn score(page: &mut Page<'_>) {
    let paragraphs: Vec<_> = page.gold.blocks.iter().map(|block| block.chars.clone()).collect();
    for paragraph in paragraphs {
        let input = |gold: usize| page.from_input.in_text(gold).len();
        let cleaned = |gold: usize| page.from_cleaned.in_text(gold).len();
        let doubled = stretches(paragraph.clone(), SLACK, |gold| input(gold) > 1);
        let lost = stretches(paragraph, 0, |gold| input(gold) > 0 && cleaned(gold) == 0);
        let judged: Vec<_> =
            doubled.into_iter().map(|run| (is_single(page.from_cleaned, &run), run)).collect();
        for (right, run) in judged {
            page.count(Kind::Duplicates, Count { needed: 1, made: right.into(), right: right.into() });
            if !right {
                tell(page, &run, false);
            }
        }
        for run in lost {
            page.count(Kind::Duplicates, Count { made: 1, ..Count::default() });
            tell(page, &run, true);
        }
    }
    stray_lines(page);
}

/// The longest stretches of `range` of which `holds` is true, those too short
/// to mean anything left out.
fn stretches(range: Range<usize>, slack: usize, holds: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in range.filter(|at| holds(*at)) {
        match found.last_mut() {
            Some(last) if at - last.end <= slack => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found.retain(|stretch| stretch.len() >= LEAST);
    found
}

/// Whether a stretch stands once, but for a character in ten.
fn is_single(cleaned: &Alignment, run: &Range<usize>) -> bool {
    let single = run.clone().filter(|gold| cleaned.in_text(*gold).len() == 1).count();
    single * 10 >= run.len() * 9
}

/// Blocks of the input that gold does not hold have to go, the others to stay.
fn stray_lines(page: &mut Page<'_>) {
    let mut stray: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (text, folded, line) in blocks(page.input, page.from_input) {
        if !text {
            stray.entry(folded).or_insert((0, line)).0 += 1;
        }
    }
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for (_, folded, _) in blocks(page.cleaned, page.from_cleaned) {
        *left.entry(folded).or_default() += 1;
    }
    for (line, (needed, at)) in stray {
        let kept = left.get(&line).copied().unwrap_or(0).min(needed);
        let right = needed - kept;
        page.count(Kind::StrayLines, Count { needed, made: right, right });
        if kept > 0 {
            let text = shorten(&line);
            let got = text.clone();
            page.cases.push(Case {
                kind: Kind::StrayLines,
                wrong: false,
                line: at,
                gold: String::new(),
                got,
                input: text,
                rule: None,
                at: None,
            });
        }
    }
    short_lines_lost(page);
}

/// Each block: whether gold holds any good part of it, its content, its line.
fn blocks<'a>(
    text: &'a Content,
    alignment: &'a Alignment,
) -> impl Iterator<Item = (bool, String, usize)> + 'a {
    text.blocks.iter().map(|block| {
        let found = block.chars.clone().filter(|at| alignment.to_gold(*at).is_some()).count();
        let line = line_of(&text.text, block.bytes.start);
        (found * 4 > block.chars.len(), text.folded(block.chars.clone()).collect(), line)
    })
}

/// Blocks of gold too short for a stretch that the input holds whole and the
/// clean text not at all.
fn short_lines_lost(page: &mut Page<'_>) {
    let short: Vec<_> = page
        .gold
        .blocks
        .iter()
        .map(|block| block.chars.clone())
        .filter(|range| range.len() < LEAST)
        .collect();
    for range in short {
        let whole = range.clone().all(|gold| page.from_input.holds(gold));
        let gone = range.clone().all(|gold| !page.from_cleaned.holds(gold));
        if whole && gone {
            page.count(Kind::StrayLines, Count { made: 1, ..Count::default() });
            tell_of(page, Kind::StrayLines, &range, true);
        }
    }
}

fn tell(page: &mut Page<'_>, run: &Range<usize>, wrong: bool) {
    tell_of(page, Kind::Duplicates, run, wrong);
}

fn tell_of(page: &mut Page<'_>, kind: Kind, run: &Range<usize>, wrong: bool) {
    let places = page.from_cleaned.in_text(run.start + run.len() / 2);
    let case = Case {
        kind,
        wrong,
        line: line_of(&page.gold.text, page.gold.chars[run.start].at),
        gold: around(page.gold, run.start, run.end - 1),
        got: format!("{} times", places.len()),
        input: format!("{} times", page.from_input.in_text(run.start + run.len() / 2).len()),
        rule: None,
        at: places.last().map(|at| (page.cleaned.chars[*at].at, page.cleaned.end(*at))),
    };
    page.cases.push(case);
}
