//! Rule `tokens/running-head`: the head of a page that came out between the
//! lines of its text.

use std::collections::BTreeMap;

use regex::Regex;

use super::page_number;
use super::paging::{Masthead, Row, masthead, removal, rows};
use crate::document::Document;
use crate::edit::Edit;
use crate::span::Span;
use crate::stages::Proposer;

/// Lines of a page among which the pieces of its head stand.
const EDGE: usize = 5;

/// Most heads looked for in one text: a volume has one or two, and what has
/// more is a list of dates.
const MOST_SHAPES: usize = 50;

/// A place where a head stands.
struct Place {
    /// The head, without the spaces around it.
    span: Span,
    /// What goes with it.
    removal: Span,
    /// The number of the page, where it has one.
    page: Option<u32>,
    /// A form feed, the beginning of the text or a page number stands at it.
    at_edge: bool,
    /// It has the line for itself.
    whole: bool,
}

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let texts = document.blocks().iter().map(|block| document.slice(block.span));
    let heads: Vec<(usize, Masthead)> =
        texts.enumerate().filter_map(|(row, text)| masthead(text).map(|head| (row, head))).collect();
    if heads.is_empty() {
        return;
    }
    let rows = rows(document);
    let mut taken: Vec<Span> = Vec::new();
    for (shape, dated) in shapes(&rows, &heads) {
        let places = places(document, &rows, &shape);
        if !recurs(&places, dated) {
            continue;
        }
        let message = format!("a running head: it stands on {} pages", places.len());
        for place in places {
            if taken.iter().all(|span| span.end <= place.span.start || place.span.end <= span.start) {
                taken.push(place.span);
                proposer.repair(vec![Edit::delete(place.removal)], &message);
            }
        }
    }
    note_single(&rows, &heads, &taken, proposer);
}

/// What to look for, with whether it is dated: the heads with the number of a
/// page, which may be glued to other text elsewhere, and those without that
/// have the line for themselves more than once.
fn shapes(rows: &[Row<'_>], heads: &[(usize, Masthead)]) -> Vec<(String, bool)> {
    let mut shapes: BTreeMap<String, (usize, &Masthead)> = BTreeMap::new();
    for (index, head) in heads {
        shapes.entry(shape_of(rows[*index].text, head)).or_insert((0, head)).0 += 1;
    }
    let may_recur = shapes.into_iter().filter(|(_, (count, head))| *count > 1 || head.page.is_some());
    may_recur.map(|(shape, (_, head))| (shape, head.dated)).take(MOST_SHAPES).collect()
}

/// A pattern for the same head on another page: the section before the name of
/// the paper may be another one, and so is the number of the page.
fn shape_of(line: &str, head: &Masthead) -> String {
    let spaced = |part: &str| {
        let words: Vec<_> = part.split_whitespace().map(regex::escape).collect();
        words.join(r"\s+")
    };
    let Some(page) = head.page else { return spaced(line) };
    let (before, after) = (&line[..page.start], &line[page.end..]);
    let mut words = before.split_whitespace();
    let section = words.next().filter(|_| before.split_whitespace().count() > 4).unwrap_or_default();
    let before = before.strip_prefix(section).unwrap_or(before);
    let number = if section.is_empty() {
        String::new()
    } else {
        format!(r"(?:{}|(?m:^[ \t\u{{3000}}]*)\p{{Han}}{{2,6}})\s+", regex::escape(section))
    };
    format!(r"{number}{}\s*(?<page>\d{{1,3}})\s*{}", spaced(before), spaced(after))
}

fn places(document: &Document, rows: &[Row<'_>], shape: &str) -> Vec<Place> {
    let Ok(pattern) = Regex::new(shape) else { return Vec::new() };
    let text = document.text();
    let mut places = Vec::new();
    for found in pattern.captures_iter(text) {
        let all = found.get(0).expect("the whole match");
        let lead = all.len() - all.as_str().trim_start().len();
        let span = Span::new(all.start() + lead, all.end());
        let index = rows.partition_point(|row| row.span.end <= span.start);
        let Some(row) = rows.get(index).filter(|row| row.span.contains(span)) else { continue };
        let whole = row.span == span;
        let near = |at: Option<usize>| {
            at.and_then(|at| rows.get(at)).is_some_and(|row| page_number::ends_with_number(row.text))
        };
        let at_edge =
            row.opens_page || row.closes_page || near(index.checked_sub(1)) || near(Some(index + 1));
        places.push(Place {
            span,
            removal: if whole { removal(document, row) } else { span },
            page: found.name("page").and_then(|page| page.as_str().parse().ok()),
            at_edge,
            whole,
        });
    }
    places
}

/// Whether the places are those of one head on several pages, and not the
/// source that a collection names below each article: the numbers of the pages
/// go up, or page ends stand at them.
fn recurs(places: &[Place], dated: bool) -> bool {
    if places.len() < 2 {
        return false;
    }
    let ascends = places.windows(2).all(|pair| pair[0].page < pair[1].page) && places[0].page.is_some();
    let at_edges = places.iter().all(|place| place.at_edge && place.whole);
    let unnumbered = places.iter().all(|place| place.page.is_none());
    let interrupts = places.iter().any(|place| place.at_edge || !place.whole);
    ascends && (dated && interrupts || at_edges) || unnumbered && at_edges
}

/// Notes a head that nothing can be compared with.
fn note_single(rows: &[Row<'_>], heads: &[(usize, Masthead)], taken: &[Span], proposer: &mut Proposer<'_>) {
    for (index, head) in heads {
        let row = &rows[*index];
        let near = if head.dated { EDGE } else { 1 };
        let before = (0..near).filter_map(|back| index.checked_sub(back)).find(|at| rows[*at].opens_page);
        let opens = before.is_some_and(|first| rows[first..*index].iter().all(Row::may_be_piece));
        if head.page.is_some() && opens && !taken.contains(&row.span) {
            proposer.note(
                row.span,
                "looks like the running head of a page; there is no other page to compare it with",
            );
        }
    }
}
