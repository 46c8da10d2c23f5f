//! Whether there is a column edge at all: which widths to try, and which of
//! the paragraphs found are to be believed.

use super::Break;
use super::evidence::{Flow, flow};
use super::fit::{Paragraph, Setting, has_visible_indents};
use super::rows::{COLUMN, Gap, Row};
use crate::document::Document;

/// Narrowest and widest column looked for.
const WIDTHS: std::ops::RangeInclusive<i32> = 20..=120;

/// Most widths tried on one document.
const MOST_WIDTHS: usize = 10;

/// Rows that have to end at an edge for it to be one.
const FEWEST_ROWS: usize = 3;

/// Line ends a run of paragraphs must have inside for the run to be believed.
const FEWEST_BREAKS: usize = 3;

/// The settings that the widths of `rows` suggest, widest first.
pub(super) fn settings<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Setting> {
    let (first, last) = (*WIDTHS.start(), *WIDTHS.end());
    let mut counts = vec![0_usize; usize::try_from(last + 4).expect("positive")];
    let mut widest_latin = 0;
    for row in rows.filter(|row| !row.gapped && !row.spaced && !row.ends_sentence) {
        let columns = row.width() / COLUMN;
        if (first..=last).contains(&columns) {
            counts[usize::try_from(columns).expect("in range")] += 1;
            if row.latin {
                widest_latin = widest_latin.max((row.low + COLUMN - 1) / COLUMN);
            }
        }
    }
    let around = |at: usize| counts[at - 1] + counts[at] + counts[at + 1];
    let is_peak = |at: usize| counts[at - 2..=at + 2].iter().all(|count| *count <= counts[at]);
    let mut peaks: Vec<(usize, i32)> = (first..=last)
        .zip(usize::try_from(first).expect("positive")..)
        .filter(|(_, at)| around(*at) >= FEWEST_ROWS && is_peak(*at))
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
        .chunk_by(|a, b| wrapped(a) == wrapped(b) && (a.setting.width - b.setting.width).abs() <= SAME_COLUMN)
        .filter(|run| wrapped(&run[0]))
        .map(|run| (run, Tally::of(document, rows, run)))
        .collect();
    let edges: Vec<i32> = runs
        .iter()
        .filter(|(_, tally)| tally.is_wrapped() && tally.breaks >= FEWEST_BREAKS)
        .map(|(run, _)| run[0].setting.width)
        .collect();
    let known = |width: i32| edges.iter().any(|edge| (edge - width).abs() <= SAME_COLUMN / 2);
    let visible = has_visible_indents(rows);
    let mut found = Vec::new();
    for (run, tally) in &runs {
        let wrapped = tally.is_wrapped() && tally.breaks >= FEWEST_BREAKS;
        if wrapped || known(run[0].setting.width) && (tally.is_wrapped() || tally.may_be_wrapped()) {
            found.extend(run.iter().map(|paragraph| breaks_of(document, rows, paragraph, visible)));
            found.extend(headlines(document, rows, run).map(|found| vec![found]));
        } else if !edges.is_empty() {
            found.extend(narrow_headlines(document, rows, run).map(|found| vec![found]));
        }
    }
    found.retain(|list| !list.is_empty());
    found
}

/// What the line ends of a run of paragraphs look like.
#[derive(Default)]
struct Tally {
    /// Line ends inside paragraphs.
    breaks: usize,
    /// Those that cut a word, a bracket or a phrase.
    cuts: usize,
    /// Those with neither, in a line that holds the end of a sentence.
    stops: usize,
    /// Those at punctuation.
    clauses: usize,
    /// Those not at punctuation, in a line that holds some.
    prose: usize,
    /// Paragraphs that stop in mid-sentence.
    odd: usize,
}

impl Tally {
    fn of(document: &Document, rows: &[Row], run: &[Paragraph]) -> Self {
        let mut tally = Self::default();
        for paragraph in run {
            for pair in rows[paragraph.start..paragraph.end].windows(2) {
                tally.breaks += 1;
                if pair[0].ends_clause() {
                    tally.clauses += 1;
                    continue;
                }
                tally.prose += usize::from(pair[0].has_clause);
                if flow(document, &pair[0], &pair[1]) == Flow::On {
                    tally.cuts += 1;
                } else {
                    tally.stops += usize::from(pair[0].has_stop);
                }
            }
            tally.odd += usize::from(!rows[paragraph.end - 1].ends_sentence);
        }
        tally
    }

    /// Whether the line ends inside the paragraphs fall where an edge puts
    /// them, some in the middle of a word and most not at punctuation, and few
    /// of the others stop in mid-sentence. Verse and lists fail in one or more.
    fn is_wrapped(&self) -> bool {
        let running = self.cuts + self.stops;
        let cut = self.cuts > 0 && (self.cuts * 6 >= self.breaks || running * 4 >= self.breaks);
        cut && self.clauses * 2 <= self.breaks
            && self.odd <= self.breaks
            && (self.odd == 0 || self.odd < running)
    }

    /// Whether it reads as running text set to an edge found elsewhere in the
    /// document.
    fn may_be_wrapped(&self) -> bool {
        let prose = self.cuts.max(self.prose);
        self.clauses * 2 <= self.breaks
            && self.odd <= self.cuts + self.stops
            && prose * 2 >= self.breaks.max(1)
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
        (single && may_be_one_headline(upper, lower) && flow(document, upper, lower) == Flow::On)
            .then(|| Break::between(upper, lower))
    })
}

/// The same where the lines seemed to be paragraphs of a narrow column: two
/// lines and no more, or a bracket that opens in one and is closed in the next.
fn narrow_headlines<'a>(
    document: &'a Document,
    rows: &'a [Row],
    run: &'a [Paragraph],
) -> impl Iterator<Item = Break> + 'a {
    run.iter().flat_map(move |paragraph| {
        let own = &rows[paragraph.start..paragraph.end];
        own.windows(2).filter_map(move |pair| {
            let (upper, lower) = (&pair[0], &pair[1]);
            let told = own.len() == 2 || upper.opens && lower.closes;
            (told && may_be_one_headline(upper, lower) && flow(document, upper, lower) == Flow::On)
                .then(|| Break::between(upper, lower))
        })
    })
}

fn may_be_one_headline(upper: &Row, lower: &Row) -> bool {
    let headline = |row: &Row| !row.ends_sentence && !row.gapped && !row.latin && row.lead == 0;
    lower.before == Gap::LineEnd
        && !matches!(upper.last, '，' | '、' | '；' | '：' | ',')
        && upper.high >= 20 * COLUMN
        && lower.low <= upper.high
        && headline(upper)
        && headline(lower)
}

fn breaks_of(document: &Document, rows: &[Row], paragraph: &Paragraph, visible: bool) -> Vec<Break> {
    let own = &rows[paragraph.start..paragraph.end];
    let Setting { width, indent } = paragraph.setting;
    let apart = own[0].before != Gap::LineEnd;
    // Lines of which none holds or ends a sentence may as well be those of a list.
    let list = !own.iter().any(|row| row.has_stop || row.ends_sentence)
        && !own.windows(2).any(|pair| flow(document, &pair[0], &pair[1]) == Flow::On);
    own.windows(2)
        .enumerate()
        .map(|(index, pair)| {
            // A line too wide to be the first of a paragraph settles it, and so
            // does a piece of a line of type.
            let first_width = width - indent;
            let piece = index + 2 < own.len() && pair[1].high + 12 * COLUMN < first_width;
            let may_begin = if indent > 0 { pair[1].high <= first_width && !piece } else { !apart };
            let unsure = match flow(document, &pair[0], &pair[1]) {
                Flow::On => false,
                Flow::Open => index == 0 && pair[0].may_be_headline(),
                Flow::Ends => true,
            };
            Break { doubtful: list || !visible && may_begin && unsure, ..Break::between(&pair[0], &pair[1]) }
        })
        .collect()
}
