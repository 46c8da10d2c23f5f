//! Quotation spans: both marks at the right characters, and of the right kind.

use std::collections::{BTreeSet, HashSet};

use super::Page;
use super::cases::{Case, around, line_of};
use super::content::{Content, PAIRS};
use super::figures::{Count, Kind};
use crate::chars::is_gap;

/// Where a mark stands: before a content character of gold (a closing one
/// behind the one before it), or in text that gold does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    Gold(usize),
    /// The content of the block, and the place in it.
    Elsewhere(String, usize),
}

/// A pair of marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Span {
    start: Place,
    end: Place,
    open: char,
    close: char,
}

/// The marks of a text.
struct Marks {
    placed: HashSet<(char, Place)>,
    /// In order of their places.
    spans: BTreeSet<Span>,
    /// Marks without a partner in their block.
    lone: BTreeSet<(Place, char)>,
}

impl Marks {
    fn new(text: &Content, place: impl Fn(usize, usize, bool) -> Place) -> Self {
        let mut marks = Self { placed: HashSet::new(), spans: BTreeSet::new(), lone: BTreeSet::new() };
        let mut open: Vec<(char, Place)> = Vec::new();
        let mut block = usize::MAX;
        for mark in &text.marks {
            if mark.block != block {
                marks.lone.extend(open.drain(..).map(|(open, place)| (place, open)));
                block = mark.block;
            }
            let Some((opening, partner)) = role(mark.written) else { continue };
            let at = place(mark.block, mark.next, opening);
            marks.placed.insert((mark.written, at.clone()));
            if opening {
                open.push((mark.written, at));
            } else if let Some(depth) = open.iter().rposition(|(open, _)| *open == partner) {
                marks.lone.extend(open.drain(depth + 1..).map(|(open, place)| (place, open)));
                let (start_mark, start) = open.pop().expect("it is at that depth");
                marks.spans.insert(Span { start, end: at, open: start_mark, close: mark.written });
            } else {
                marks.lone.insert((at, mark.written));
            }
        }
        marks.lone.extend(open.into_iter().map(|(open, place)| (place, open)));
        marks
    }

    /// Whether both marks of a span are there, in one block or not.
    fn has(&self, span: &Span) -> bool {
        self.placed.contains(&(span.open, span.start.clone()))
            && self.placed.contains(&(span.close, span.end.clone()))
    }
}

/// Whether a mark opens, and its partner.
fn role(mark: char) -> Option<(bool, char)> {
    PAIRS.iter().find_map(|(open, close)| match mark {
        _ if mark == *open => Some((true, *close)),
        _ if mark == *close => Some((false, *open)),
        _ => None,
    })
}

/// Where in gold a mark of another text stands: by the closest content
/// character inside the quotation that gold has, or else outside.
fn place(
    text: &Content,
    alignment: &super::align::Alignment,
    block: usize,
    next: usize,
    opening: bool,
) -> Place {
    let range = &text.blocks[block].chars;
    let ahead = || (next..range.end).find_map(|at| alignment.to_gold(at));
    let behind = || (range.start..next).rev().find_map(|at| alignment.to_gold(at)).map(|at| at + 1);
    let found = if opening { ahead().or_else(behind) } else { behind().or_else(ahead) };
    found.map_or_else(
        || Place::Elsewhere(text.folded(range.clone()).collect(), next - range.start),
        Place::Gold,
    )
}

pub(super) fn score(page: &mut Page<'_>) {
    let gold = Marks::new(page.gold, |_, next, _| Place::Gold(next));
    let marks_of = |text, alignment| {
        Marks::new(text, |block, next, opening| place(text, alignment, block, next, opening))
    };
    let input = marks_of(page.input, page.from_input);
    let cleaned = marks_of(page.cleaned, page.from_cleaned);
    for span in &gold.spans {
        let restored = cleaned.has(span);
        if input.has(span) {
            let kept = Count { needed: 1, made: restored.into(), right: restored.into() };
            page.count(Kind::QuotesKept, kept);
            if !restored {
                tell(page, Kind::QuotesKept, span, false);
            }
            continue;
        }
        let count = Count { needed: 1, made: restored.into(), right: restored.into() };
        let kinds = kinds(page, span);
        kinds.iter().for_each(|kind| page.count(*kind, count));
        if !restored {
            tell(page, kinds[1], span, false);
        }
    }
    let wrong = cleaned.spans.iter().filter(|span| !input.has(span) && !gold.spans.contains(span));
    let lone = cleaned.lone.iter().filter(|(place, mark)| {
        let mark = (*mark, place.clone());
        !input.placed.contains(&mark) && !gold.placed.contains(&mark)
    });
    let lone = lone.map(|(place, mark)| Span {
        start: place.clone(),
        end: place.clone(),
        open: *mark,
        close: *mark,
    });
    for span in wrong.cloned().chain(lone) {
        let kinds = kinds(page, &span);
        kinds.iter().for_each(|kind| page.count(*kind, Count { made: 1, ..Count::default() }));
        tell(page, kinds[1], &span, true);
    }
}

/// What a span counts as.
fn kinds(page: &Page<'_>, span: &Span) -> [Kind; 3] {
    let left = usize::from(opening_left(page, &span.start)) + usize::from(closing_left(page, &span.end));
    let gaps = [Kind::QuotesNoGap, Kind::QuotesOneGap, Kind::QuotesTwoGaps][left];
    let sentence = match (&span.start, &span.end) {
        (Place::Gold(start), Place::Gold(end)) if start < end => {
            page.gold.chars[*start..*end].iter().any(|c| matches!(c.written, '。' | '！' | '？'))
        }
        _ => false,
    };
    [Kind::Quotes, gaps, if sentence { Kind::QuotesSpeech } else { Kind::QuotesPhrase }]
}

fn opening_left(page: &Page<'_>, place: &Place) -> bool {
    let Place::Gold(gold) = place else { return false };
    let first = |at: usize| page.input.blocks[page.input.chars[at].block].chars.start == at;
    in_input(page, *gold).iter().any(|at| {
        let before = if first(*at) { None } else { Some(at - 1) };
        is_trace(page.input.between(before, Some(*at)), before.is_none())
    })
}

fn closing_left(page: &Page<'_>, place: &Place) -> bool {
    let Place::Gold(gold) = place else { return false };
    let Some(last) = gold.checked_sub(1) else { return false };
    let ends = |at: usize| page.input.blocks[page.input.chars[at].block].chars.end == at + 1;
    in_input(page, last).iter().any(|at| {
        let after = if ends(*at) { None } else { Some(at + 1) };
        is_trace(page.input.between(Some(*at), after), after.is_none())
    })
}

fn in_input<'a>(page: &Page<'a>, gold: usize) -> &'a [usize] {
    if gold < page.gold.chars.len() { page.from_input.in_text(gold) } else { &[] }
}

/// Whether a mark may have stood here: there is one, or a gap inside a line.
fn is_trace(between: &str, at_edge: bool) -> bool {
    between.chars().any(|c| role(c).is_some() || c == '"' || (!at_edge && is_gap(c)))
}

fn tell(page: &mut Page<'_>, kind: Kind, span: &Span, wrong: bool) {
    let (Place::Gold(start), Place::Gold(end)) = (&span.start, &span.end) else { return };
    if page.gold.chars.is_empty() {
        return;
    }
    let first = (*start).min(page.gold.chars.len() - 1);
    let last = end.saturating_sub(1).clamp(first, page.gold.chars.len() - 1);
    let got = page.stretch_of_cleaned(first, last);
    let case = Case {
        kind,
        wrong,
        line: got.map_or_else(
            || line_of(&page.gold.text, page.gold.chars[first].at),
            |(from, _)| line_of(&page.cleaned.text, page.cleaned.chars[from].at),
        ),
        gold: around(page.gold, first, last),
        got: got.map_or_else(String::new, |(from, to)| around(page.cleaned, from, to)),
        input: page
            .stretch_of_input(first, last)
            .map_or_else(String::new, |(from, to)| around(page.input, from, to)),
        rule: None,
        at: got.map(|(from, to)| (page.cleaned.chars[from].at, page.cleaned.end(to))),
    };
    page.cases.push(case);
}
