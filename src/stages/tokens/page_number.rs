//! Rule `tokens/page-number`: the number of a page between the lines of its
//! text. Only a sequence tells it from any other number.

use std::sync::LazyLock;

use regex::Regex;

use super::paging::{Row, masthead, removal, rows};
use crate::chars::is_gap;
use crate::document::{Block, Document};
use crate::edit::Edit;
use crate::span::Span;
use crate::stages::Proposer;

/// Lines at the edge of a page among which its number stands.
const EDGE: usize = 2;

/// A shape of page numbers.
struct Shape {
    form: Form,
    /// Compiled once a line might have it.
    pattern: LazyLock<Regex>,
}

static NUMBERS: [Shape; 4] = [
    Shape {
        form: Form::Dashed,
        pattern: LazyLock::new(|| pattern(r"^[-–—－·]+\s*(?<number>\d{1,4})\s*[-–—－·]+$")),
    },
    Shape {
        form: Form::Labelled,
        pattern: LazyLock::new(|| {
            pattern(
                r"^(?:第\s*(?<number>\d{1,4})\s*[页頁](?:[\s，,/]*共\s*\d{1,4}\s*[页頁])?|(?i:page)\s+(?<english>\d{1,4})(?:\s+of\s+\d{1,4})?)$",
            )
        }),
    },
    Shape { form: Form::Bare, pattern: LazyLock::new(|| pattern(r"^(?<number>[1-9]\d{0,2})$")) },
    // Behind the last line of the page, joined to it by whoever joined lines.
    Shape {
        form: Form::Dashed,
        pattern: LazyLock::new(|| pattern(r"(?<glued>[-–—－]\s+(?<number>\d{1,4})\s+[-–—－])$")),
    },
];

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

/// How a number is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `— 4 —`
    Dashed,
    /// `第 4 页`, `第 4 页 共 9 页`, `Page 4 of 9`
    Labelled,
    /// `4`
    Bare,
}

/// A number that may be that of a page.
struct Candidate {
    /// The row it stands in.
    row: usize,
    form: Form,
    number: u32,
    /// Where it is glued to the row, in the row.
    glued: Option<Span>,
}

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let may_be_number = |block: &Block| read(document.slice(block.span)).is_some();
    if !document.blocks().iter().any(may_be_number) {
        return;
    }
    let rows = rows(document);
    let has_pages = rows.iter().any(|row| row.opens_page && row.line > 0);
    let candidates: Vec<_> = (0..rows.len()).filter_map(|row| candidate(&rows, row)).collect();
    for form in [Form::Dashed, Form::Labelled, Form::Bare] {
        let of_form = candidates.iter().filter(|candidate| candidate.form == form);
        let may_be = of_form.filter(|candidate| {
            let (below, above) = if form == Form::Bare { (1, 0) } else { (EDGE, EDGE) };
            let mut foot = rows.iter().skip(candidate.row).take(below);
            let mut head = rows[..=candidate.row].iter().rev().take(above);
            if has_pages {
                foot.any(|row| row.closes_page) || head.any(|row| row.opens_page)
            } else {
                form != Form::Bare
            }
        });
        let may_be: Vec<_> = may_be.collect();
        for run in may_be.chunk_by(|a, b| b.number == a.number + 1 && b.row > a.row + 1) {
            let is_sequence = run.len() > 1 && run.iter().any(|candidate| candidate.glued.is_none());
            if is_sequence && (has_pages || stands_at_page_ends(&rows, run)) {
                remove(document, &rows, run, proposer);
            }
        }
    }
}

/// Whether `line` is the number of a page, or ends with one in dashes.
pub(super) fn ends_with_number(line: &str) -> bool {
    read(line).is_some_and(|(form, ..)| form != Form::Bare)
}

fn read(line: &str) -> Option<(Form, u32, Option<Span>)> {
    let tail = &line[line.ceil_char_boundary(line.len().saturating_sub(40))..];
    let may_be = tail.ends_with(|c: char| c.is_ascii_digit() || is_dash(c) || matches!(c, '页' | '頁'));
    if !may_be {
        return None;
    }
    // What each pattern needs to match at all.
    let may_match = [
        line.starts_with(is_dash),
        line.starts_with(['第', 'p', 'P']),
        line.len() <= 3 * char::MAX_LEN_UTF8,
        tail.ends_with(is_dash),
    ];
    NUMBERS.iter().enumerate().filter(|(index, _)| may_match[*index]).find_map(
        |(index, Shape { form, pattern })| {
            let last = index + 1 == NUMBERS.len();
            let (part, offset) = if last { (tail, line.len() - tail.len()) } else { (line, 0) };
            let found = pattern.captures(part)?;
            let number = found.name("number").or_else(|| found.name("english"))?.as_str().parse().ok()?;
            let glued = last.then(|| found.name("glued")).flatten();
            Some((*form, number, glued.map(|at| Span::new(offset + at.start(), offset + at.end()))))
        },
    )
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '－' | '·')
}

fn candidate(rows: &[Row<'_>], row: usize) -> Option<Candidate> {
    let (form, number, glued) = read(rows[row].text)?;
    Some(Candidate { row, form, number, glued })
}

/// Without form feeds, numbers in dashes may be those of chapters: something
/// has to stand there that no chapter begins or the text ends with.
fn stands_at_page_ends(rows: &[Row<'_>], run: &[&Candidate]) -> bool {
    run.iter().any(|candidate| {
        let next = rows.get(candidate.row + 1);
        candidate.glued.is_some() || next.is_none_or(|next| masthead(next.text).is_some())
    })
}

fn remove(document: &Document, rows: &[Row<'_>], run: &[&Candidate], proposer: &mut Proposer<'_>) {
    let (first, last) = (run[0].number, run[run.len() - 1].number);
    let message = format!("a page number: one of a sequence from {first} to {last}");
    for candidate in run {
        let row = &rows[candidate.row];
        let span = match candidate.glued {
            Some(glued) => {
                let start = row.text[..glued.start].trim_end_matches(is_gap).len();
                Span::new(row.span.start + start, row.span.start + glued.end)
            }
            None => removal(document, row),
        };
        proposer.repair(vec![Edit::delete(span)], &message);
    }
}
