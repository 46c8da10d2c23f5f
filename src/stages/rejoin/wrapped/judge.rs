//! Whether there is a column edge at all: which widths to try, and which of
//! the paragraphs found are to be believed.

use super::Break;
use super::evidence::{Flow, flow};
use super::fit::{Paragraph, Setting};
use super::rows::{COLUMN, Gap, Row};
use crate::document::Document;
use crate::span::Span;

/// Narrowest and widest column looked for.
const WIDTHS: std::ops::RangeInclusive<i32> = 20..=120;

/// Most widths tried on one document.
const MOST_WIDTHS: usize = 10;

/// Rows that have to end at an edge for it to be one.
const FEWEST_ROWS: usize = 4;

/// Line ends a run of paragraphs must have inside for the run to be believed.
const FEWEST_BREAKS: usize = 3;

/// The settings that the widths of `rows` suggest, widest first.
pub(super) fn settings(rows: &[Row]) -> Vec<Setting> {
    let (first, last) = (*WIDTHS.start(), *WIDTHS.end());
    let mut counts = vec![0_usize; usize::try_from(last + 4).expect("positive")];
    let mut widest_latin = 0;
    for row in rows.iter().filter(|row| !row.gapped && !row.spaced && !row.ends_sentence) {
        let columns = (row.low + row.high) / 2 / COLUMN;
        if (first..=last).contains(&columns) {
            counts[usize::try_from(columns).expect("in range")] += 1;
            if row.latin {
                widest_latin = widest_latin.max((row.low + COLUMN - 1) / COLUMN);
            }
        }
    }
    let around = |at: usize| counts[at - 1] + counts[at] + counts[at + 1];
    let mut peaks: Vec<(usize, i32)> = (first..=last)
        .zip(usize::try_from(first).expect("positive")..)
        .filter(|(_, at)| counts[*at] > 0 && around(*at) >= FEWEST_ROWS)
        .map(|(columns, at)| (around(at), columns))
        .collect();
    peaks.sort_by_key(|(count, columns)| (std::cmp::Reverse(*count), *columns));
    peaks.truncate(MOST_WIDTHS);
    let mut widths: Vec<_> = peaks.into_iter().map(|(_, columns)| columns).collect();
    if widest_latin > 0 {
        widths.push(widest_latin);
    }
    widths.sort_unstable();
    widths.dedup();
    let setting = |width: i32, indent: i32| Setting { width: width * COLUMN, indent: indent * COLUMN };
    widths.iter().rev().flat_map(|width| [setting(*width, 0), setting(*width, 4)]).collect()
}

/// Widths that differ by no more are one column's, measured twice.
const SAME_COLUMN: i32 = 8 * COLUMN;

/// The breaks inside those of `paragraphs` that stand in a run which reads as
/// wrapped text.
pub(super) fn accepted(document: &Document, rows: &[Row], paragraphs: &[Paragraph]) -> Vec<Vec<Break>> {
    let wrapped = |paragraph: &Paragraph| paragraph.setting.width > 0;
    let runs: Vec<(&[Paragraph], Tally)> = paragraphs
        .chunk_by(|a, b| {
            wrapped(a) == wrapped(b) && (a.setting.width - b.setting.width).abs() <= SAME_COLUMN
        })
        .filter(|run| wrapped(&run[0]))
        .map(|run| (run, Tally::of(document, rows, run)))
        .inspect(|(run, t)| if std::env::var("DBG").is_ok() { eprintln!("run {} w {} breaks {} on {} ends {} odd {}", document.slice(rows[run[0].start].span), run[0].setting.width/4, t.breaks, t.on, t.ends, t.odd) })
        .collect();
    let edges: Vec<i32> = runs
        .iter()
        .filter(|(_, tally)| tally.is_wrapped() && tally.breaks >= FEWEST_BREAKS)
        .map(|(run, _)| run[0].setting.width)
        .collect();
    let known = |width: i32| edges.iter().any(|edge| (edge - width).abs() <= SAME_COLUMN / 2);
    let mut found = Vec::new();
    for (run, tally) in &runs {
        if tally.is_wrapped() && (tally.breaks >= FEWEST_BREAKS || known(run[0].setting.width)) {
            found.extend(run.iter().map(|paragraph| breaks_of(document, rows, paragraph)));
            found.extend(headlines(document, rows, run).map(|found| vec![found]));
        }
    }
    found.retain(|list| !list.is_empty());
    found
}

/// What the line ends of a run of paragraphs look like.
struct Tally {
    breaks: usize,
    on: usize,
    ends: usize,
    odd: usize,
}

impl Tally {
    fn of(document: &Document, rows: &[Row], run: &[Paragraph]) -> Self {
        let mut tally = Self { breaks: 0, on: 0, ends: 0, odd: 0 };
        for paragraph in run {
            for pair in rows[paragraph.start..paragraph.end].windows(2) {
                tally.breaks += 1;
                match flow(document, &pair[0], &pair[1]) {
                    Flow::On => tally.on += 1,
                    Flow::Open => {}
                    Flow::Ends => tally.ends += 1,
                }
            }
            tally.odd += usize::from(!rows[paragraph.end - 1].ends_sentence);
        }
        tally
    }

    /// Whether the line ends inside the paragraphs cut words and clauses, as an
    /// edge does, and few of the others stop in mid-sentence.
    fn is_wrapped(&self) -> bool {
        self.on * 4 >= self.breaks && self.ends * 3 <= self.breaks && self.odd <= self.breaks
    }
}

/// Line ends inside headlines: set in larger type, their lines end before the
/// edge of the column, so only a word or a bracket cut in two tells.
fn headlines<'a>(
    document: &'a Document,
    rows: &'a [Row],
    run: &'a [Paragraph],
) -> impl Iterator<Item = Break> + 'a {
    run.windows(2).filter_map(move |pair| {
        let (upper, lower) = (&rows[pair[0].start], &rows[pair[1].start]);
        let single = pair.iter().all(|paragraph| paragraph.end == paragraph.start + 1);
        let headline = |row: &Row| !row.ends_sentence && !row.gapped && !row.latin && row.lead == 0;
        let shaped = lower.before == Gap::LineEnd
            && !matches!(upper.last, '，' | '、' | '；' | '：' | ',')
            && upper.high >= 20 * COLUMN
            && lower.low <= upper.high;
        (single && shaped && headline(upper) && headline(lower) && flow(document, upper, lower) == Flow::On)
            .then(|| Break {
                span: Span::new(upper.span.end, lower.span.start),
                blank: false,
                latin: false,
                doubtful: false,
            })
    })
}

fn breaks_of(document: &Document, rows: &[Row], paragraph: &Paragraph) -> Vec<Break> {
    let pairs = rows[paragraph.start..paragraph.end].windows(2);
    pairs
        .map(|pair| Break {
            span: Span::new(pair[0].span.end, pair[1].span.start),
            blank: pair[1].before == Gap::Blank,
            latin: pair[0].latin && pair[1].latin,
            doubtful: flow(document, &pair[0], &pair[1]) == Flow::Ends && paragraph.setting.indent == 0,
        })
        .collect()
}
