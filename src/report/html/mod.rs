//! The report as one HTML page: source and clean text side by side, every
//! repair marked where it was made.
//!
//! Text from a document, its name or a rule can never become markup: the page
//! is an askama template, which escapes whatever it is given, and only the
//! style and the script that lie beside this file are exempt. That was chosen
//! over data that a script lays out because such a page can be read, searched
//! and printed where scripts don't run. As a second lock, a
//! Content-Security-Policy lets only this very style and script in, by hash,
//! and nothing from outside.
//!
//! Making a page decides nothing: it shows what the records and the cleaned
//! document say. Its cost is that of sorting the marks.

mod glyphs;
mod marks;
mod rows;
mod segments;

use std::collections::BTreeMap;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::records::{DocumentRecords, NoteRecord, RepairRecord};
use crate::edit::{Inverse, Origin};
use crate::pipeline::{Cleaned, Status};
use crate::places::CodePoints;
use crate::span::Span;
use marks::Item;
use rows::{Chunk, Kept};
use segments::{Segment, Side};

static STYLE: &str = include_str!("view.css");
static SCRIPT: &str = include_str!("view.js");

/// Every status, in the order of the columns.
static STATUSES: [Status; 4] = [Status::Applied, Status::Suggested, Status::Superseded, Status::Rejected];

/// A document to show.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What was done to it.
    pub records: &'a DocumentRecords,
    /// What came of it; its outcomes and notes in the order of the records.
    pub cleaned: &'a Cleaned,
}

/// One self-contained HTML file that shows `documents` and every repair and
/// note of each, in place. Where more than eight repairs lie on the same
/// characters, the eight foremost are marked; the list has them all.
#[must_use]
pub fn page(documents: &[Page<'_>]) -> String {
    let view = View {
        style: STYLE,
        script: SCRIPT,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
        documents: documents.iter().map(DocumentView::new).collect(),
    };
    view.render().expect("a string takes all, and the template calls nothing that fails")
}

/// `text` as a source that a Content-Security-Policy allows.
pub(crate) fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// What `status` is called, in words and as a class.
fn name(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Suggested => "suggested",
        Status::Superseded => "superseded",
        Status::Rejected => "rejected",
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct View<'a> {
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    documents: Vec<DocumentView<'a>>,
}

struct DocumentView<'a> {
    records: &'a DocumentRecords,
    /// The statuses that occur, with how many repairs have each.
    statuses: Vec<(&'static str, usize)>,
    rules: Vec<RuleView<'a>>,
    /// In source order.
    repairs: Vec<RepairView<'a>>,
    notes: Vec<NoteView<'a>>,
    rows: Vec<RowView<'a>>,
}

struct RuleView<'a> {
    id: &'a str,
    /// Repairs by status, as in [`DocumentView::statuses`].
    counts: Vec<usize>,
}

struct RepairView<'a> {
    number: usize,
    record: &'a RepairRecord,
    status: &'static str,
    /// The rule, by number.
    rule: usize,
    /// The row it stands in.
    row: usize,
    changes: Vec<Change>,
}

struct Change {
    before: String,
    after: String,
    moved: bool,
}

struct NoteView<'a> {
    record: &'a NoteRecord,
    row: usize,
}

struct RowView<'a> {
    /// Whether there is anything to see.
    marked: bool,
    cells: [Cell<'a>; 2],
}

struct Cell<'a> {
    side: &'static str,
    /// Number of the first line; 0 if the cell is empty.
    line: usize,
    segments: Vec<Segment<'a>>,
}

impl<'a> DocumentView<'a> {
    fn new(page: &Page<'a>) -> Self {
        let records = page.records;
        let rows = rows_of(page);
        let row_of = first_rows(&rows);
        let row = |item: Item| row_of.get(&item).copied().unwrap_or(0);
        let (statuses, rules) = count(records);
        let mut repairs: Vec<_> = records
            .repairs
            .iter()
            .enumerate()
            .map(|(number, record)| RepairView {
                number,
                record,
                status: name(record.status),
                rule: rules.partition_point(|rule| rule.id < record.rule.as_str()),
                row: row(Item::Repair(number)),
                changes: changes(record),
            })
            .collect();
        repairs
            .sort_by_key(|repair| (repair.record.edits.iter().map(|e| e.chars.start).min(), repair.number));
        let notes = records.notes.iter().enumerate();
        let notes = notes.map(|(number, record)| NoteView { record, row: row(Item::Note(number)) });
        Self { records, statuses, rules, repairs, notes: notes.collect(), rows }
    }
}

impl RepairView<'_> {
    /// How sure it is, with the figure behind it if there is one.
    fn confidence(&self) -> String {
        match self.record.score {
            Some(score) => format!("{} ({score:.2})", self.record.confidence),
            None => self.record.confidence.to_string(),
        }
    }
}

impl Segment<'_> {
    /// The items as the script reads them: `r0 n3`.
    fn names(&self) -> String {
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
fn changes(repair: &RepairRecord) -> Vec<Change> {
    let leaving = marks::leaving(repair);
    let is_rest = |edit: &&super::records::EditRecord| !leaving.contains(&edit.at);
    let change = |edit: &super::records::EditRecord| Change {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_style_and_script_go_in_unescaped() {
        let template = include_str!("page.html");
        let unescaped: Vec<_> = template.lines().filter(|line| line.contains("|safe")).collect();
        assert_eq!(unescaped, ["<style>{{ style|safe }}</style>", "<script>{{ script|safe }}</script>"]);
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("</"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains("</"));
    }
}
