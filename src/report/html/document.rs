//! One document as the template lays it out.

use std::collections::BTreeMap;

use super::marks::{self, Item};
use super::rows::{self, Chunk, Kept};
use super::segments::{self, Segment, Side};
use super::{Listed, Page, STATUSES, glyphs, name};
use crate::decisions::Change;
use crate::edit::{Confidence, Inverse, Origin};
use crate::places::CodePoints;
use crate::report::records::{DocumentRecords, EditRecord, NoteRecord, RepairRecord};
use crate::span::Span;

/// Rows that a browser lays out, or leaves out, together: to ask that of each of
/// ten thousand takes longer than to lay them out.
pub(super) const ROWS: usize = 32;

pub(super) struct DocumentView<'a> {
    pub(super) name: &'a str,
    pub(super) records: &'a DocumentRecords,
    /// The statuses that occur, with how many repairs have each.
    pub(super) statuses: Vec<(&'static str, usize)>,
    pub(super) rules: Vec<RuleView<'a>>,
    /// In source order.
    pub(super) repairs: Vec<RepairView<'a>>,
    pub(super) notes: Vec<NoteView<'a>>,
    pub(super) rows: Vec<RowView<'a>>,
    /// How sure repairs can be.
    pub(super) confidences: [Confidence; 3],
}

pub(super) struct RuleView<'a> {
    pub(super) id: &'a str,
    /// Repairs by status, as in [`DocumentView::statuses`].
    pub(super) counts: Vec<usize>,
}

pub(super) struct RepairView<'a> {
    pub(super) number: usize,
    pub(super) record: &'a RepairRecord,
    pub(super) status: &'static str,
    /// The rule, by number.
    pub(super) rule: usize,
    /// The row it stands in.
    pub(super) row: usize,
    pub(super) changes: Vec<Shown>,
    /// Where it begins, in code points of the source.
    pub(super) at: usize,
    /// What it does, as a decision on it tells.
    pub(super) change: Change,
    /// What was decided.
    pub(super) decision: Option<String>,
}

/// An edit in a list.
pub(super) struct Shown {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) moved: bool,
}

pub(super) struct NoteView<'a> {
    pub(super) record: &'a NoteRecord,
    pub(super) row: usize,
    /// Whether it was ticked off.
    pub(super) done: bool,
}

pub(super) struct RowView<'a> {
    /// Whether there is anything to see.
    pub(super) marked: bool,
    pub(super) cells: [Cell<'a>; 2],
}

pub(super) struct Cell<'a> {
    pub(super) side: &'static str,
    /// Number of the first line; 0 if the cell is empty.
    pub(super) line: usize,
    pub(super) segments: Vec<Segment<'a>>,
}

impl<'a> DocumentView<'a> {
    /// The view of `page`; `is_done` says which notes, by id, are ticked off.
    pub(super) fn new(page: &Page<'a>, is_done: &dyn Fn(&str) -> bool) -> Self {
        let records = page.records;
        let rows = rows_of(page);
        let row_of = first_rows(&rows);
        let row = |item: Item| row_of.get(&item).copied().unwrap_or(0);
        let (statuses, rules) = count(records);
        let repairs = records.repairs.iter().enumerate();
        let mut repairs: Vec<_> = repairs
            .map(|(number, record)| {
                let rule = rules.partition_point(|rule| rule.id < record.rule.as_str());
                let change = page.cleaned.repairs[number].change(&page.cleaned.source);
                RepairView::new(number, record, change, rule, row(Item::Repair(number)))
            })
            .collect();
        repairs.sort_by_key(|repair| (repair.at, repair.number));
        let notes = records.notes.iter().enumerate();
        let notes = notes.map(|(number, record)| NoteView {
            record,
            row: row(Item::Note(number)),
            done: is_done(&record.id),
        });
        let confidences = [Confidence::Certain, Confidence::Likely, Confidence::Doubtful];
        Self { name: page.name, records, statuses, rules, repairs, notes: notes.collect(), rows, confidences }
    }

    pub(super) fn listed(&self) -> Listed {
        let open = |repair: &&RepairView<'_>| repair.status == "suggested" && repair.decision.is_none();
        Listed {
            name: self.name.to_owned(),
            repairs: self.repairs.len(),
            open: self.repairs.iter().filter(open).count(),
        }
    }
}

impl<'a> RepairView<'a> {
    fn new(number: usize, record: &'a RepairRecord, change: Change, rule: usize, row: usize) -> Self {
        Self {
            number,
            record,
            status: name(record.status),
            rule,
            row,
            changes: changes(record),
            at: record.edits.iter().map(|edit| edit.chars.start).min().unwrap_or(0),
            change,
            decision: record.decision.map(|verdict| verdict.to_string()),
        }
    }
}

impl RepairView<'_> {
    /// How sure it is, with the figure behind it if there is one.
    pub(super) fn confidence(&self) -> String {
        match self.record.score {
            Some(score) => format!("{} ({score:.2})", self.record.confidence),
            None => self.record.confidence.to_string(),
        }
    }
}

impl Segment<'_> {
    /// The items as the script reads them: `r0 n3`.
    pub(super) fn names(&self) -> String {
        let names = self.items.iter().map(|item| match item {
            Item::Repair(number) => format!("r{number}"),
            Item::Note(number) => format!("n{number}"),
        });
        names.collect::<Vec<_>>().join(" ")
    }
}

/// The statuses that occur, and what each rule did; both with their counts.
fn count(records: &DocumentRecords) -> (Vec<(&'static str, usize)>, Vec<RuleView<'_>>) {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut totals = [0; 4];
    for repair in &records.repairs {
        let column = STATUSES.iter().position(|status| *status == repair.status).unwrap_or(0);
        counts.entry(repair.rule.as_str()).or_default()[column] += 1;
        totals[column] += 1;
    }
    let shown: Vec<_> = (0..STATUSES.len()).filter(|&column| totals[column] > 0).collect();
    let statuses = shown.iter().map(|&column| (name(STATUSES[column]), totals[column])).collect();
    let rules = counts
        .into_iter()
        .map(|(id, counts)| RuleView { id, counts: shown.iter().map(|&column| counts[column]).collect() });
    (statuses, rules.collect())
}

/// What a repair changes, in the words of a list.
fn changes(repair: &RepairRecord) -> Vec<Shown> {
    let leaving = marks::leaving(repair);
    let is_rest = |edit: &&EditRecord| !leaving.contains(&edit.at);
    let change = |edit: &EditRecord| Shown {
        before: glyphs::line(&edit.before),
        after: glyphs::line(&edit.after),
        moved: edit.moved_from.is_some(),
    };
    repair.edits.iter().filter(is_rest).map(change).collect()
}

/// The first row in which each item is marked.
fn first_rows(rows: &[RowView<'_>]) -> BTreeMap<Item, usize> {
    let mut found = BTreeMap::new();
    for side in 0..2 {
        for (number, row) in rows.iter().enumerate() {
            for item in row.cells[side].segments.iter().flat_map(|segment| &segment.items) {
                found.entry(*item).or_insert(number);
            }
        }
    }
    found
}

fn rows_of<'a>(page: &Page<'a>) -> Vec<RowView<'a>> {
    let (source, clean) = (page.cleaned.source.text.as_str(), page.cleaned.text.as_str());
    let points = CodePoints::new(source);
    let inverse = Inverse::new(&page.cleaned.offsets);
    let (source_chunks, clean_chunks) = (rows::chunks(source), rows::chunks(clean));
    let aligned = rows::align(source, &source_chunks, &clean_chunks, &kept(page, &inverse, &points));
    let spans = |chunks: &[Chunk]| chunks.iter().map(|chunk| chunk.span).collect::<Vec<Span>>();
    let mut marks = marks::of_source(page, &points);
    let mut left = segments::cut(source, &spans(&source_chunks), &mut marks, Side::Source).into_iter();
    let mut marks = marks::of_clean(page, &inverse);
    let mut right = segments::cut(clean, &spans(&clean_chunks), &mut marks, Side::Clean).into_iter();
    let line = |chunks: &[Chunk], at: &std::ops::Range<usize>| {
        if at.is_empty() { 0 } else { chunks[at.start].line }
    };
    let row = |row: rows::Row| {
        let take = |cells: &mut std::vec::IntoIter<Vec<Segment<'a>>>, count| {
            cells.by_ref().take(count).flatten().collect::<Vec<_>>()
        };
        let segments = [take(&mut left, row.source.len()), take(&mut right, row.clean.len())];
        let marked = segments.iter().flatten().any(|segment| !segment.items.is_empty());
        let [left, right] = segments;
        let lines = (line(&source_chunks, &row.source), line(&clean_chunks, &row.clean));
        let cells = [
            Cell { side: "source", line: lines.0, segments: left },
            Cell { side: "clean", line: lines.1, segments: right },
        ];
        RowView { marked, cells }
    };
    aligned.into_iter().map(row).collect()
}

/// What stands on both sides, in source order.
///
/// The records tell the places of what was changed in bytes and in code points,
/// and what was kept lies between: so the way from source bytes to the decoded
/// text is known without decoding again.
fn kept(page: &Page<'_>, inverse: &Inverse, points: &CodePoints<'_>) -> Vec<Kept> {
    let records = page.records;
    let edits = records.repairs.iter().flat_map(|repair| &repair.edits).map(|edit| (edit.bytes, edit.chars));
    let exceptions = records.document.exceptions.iter().map(|other| (other.bytes, other.chars));
    let mut known: Vec<_> = edits
        .chain(exceptions)
        .flat_map(|(bytes, chars)| [(bytes.start, chars.start), (bytes.end, chars.end)])
        .collect();
    known.sort_unstable();
    let mut found: Vec<Kept> = Vec::new();
    let (mut source_end, mut text_end) = (None, 0);
    for piece in inverse.kept() {
        let Origin::Source { start, .. } = piece.origin else { continue };
        if source_end != Some(start) {
            let next = known.partition_point(|(byte, _)| *byte <= start);
            let point = next.checked_sub(1).map(|index| known[index]);
            text_end = point.filter(|(byte, _)| *byte == start).map_or(text_end, |(_, p)| points.offset(p));
        }
        let kept = Kept { source: text_end, clean: piece.text.start, len: piece.text.len() };
        found.push(kept);
        text_end += kept.len;
        source_end = Some(piece.source().end);
    }
    found
}
