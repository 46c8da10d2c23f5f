//! Whole documents: damaged pages against what an editor would have made of
//! them, undamaged ones that nothing may touch. A snapshot under
//! `snapshots/documents/` shows what each damaged page becomes, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16LE};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use textmend::decode::{Decoded, decode, encode};
use textmend::document::Document;
use textmend::pipeline::{Cleaned, Outcome, Pipeline, Placed, Status};
use textmend::report::records::{DocumentRecords, replay, revert};

static STANDARD: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::standard().expect("the shipped rules are good"));

/// Undamaged pages that are not left alone yet. A page that is has to leave
/// this list: the test says so.
const KNOWN_HARM: &[&str] = &[
    "source-code", // width/ascii-comma: comments in Chinese
];

/// Damaged pages that come out farther from gold than they went in, for now.
const KNOWN_WORSE: &[&str] = &[];

/// A damaged page and what an editor would have made of it.
struct Page {
    name: String,
    damaged: String,
    gold: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text_files(folder: &str) -> Vec<PathBuf> {
    let folder = root().join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a folder that can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().trim_end_matches(".txt").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn damaged_pages() -> Vec<Page> {
    let paths = ["examples", "tests/documents/damaged"].into_iter().flat_map(text_files);
    paths
        .filter(|path| !name_of(path).ends_with(".gold") && name_of(path) != "articles")
        .map(|path| Page {
            name: name_of(&path),
            damaged: read(&path),
            gold: read(&path.with_extension("gold.txt")),
        })
        .collect()
}

/// Name and text of what nothing may touch: the undamaged pages, and what
/// editors made of the damaged ones.
fn undamaged_pages() -> Vec<(String, String)> {
    let gold = damaged_pages().into_iter().map(|page| (format!("{}.gold", page.name), page.gold));
    let intact = text_files("tests/documents/intact").into_iter().map(|path| (name_of(&path), read(&path)));
    intact.chain(gold).collect()
}

fn clean(text: &str) -> Cleaned {
    STANDARD.clean(decode(text.as_bytes(), Some(UTF_8)))
}

fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/documents"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn snapshots_show_every_damaged_page() {
    let mut wrong = Vec::new();
    for page in damaged_pages() {
        let cleaned = clean(&page.damaged);
        let told = format!("{}\n======== repairs\n{}", cleaned.text.trim_end(), tell(&cleaned));
        let seen = snapshots()
            .bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!(page.name.as_str(), told)));
        if seen.is_err() {
            wrong.push(page.name);
        }
    }
    assert!(wrong.is_empty(), "these snapshots changed: {}", wrong.join(", "));
}

#[test]
fn pages_come_nearer_to_gold() {
    let mut table = format!("{:<28}{:>8}{:>8}\n", "characters off", "before", "after");
    let mut wrong = Vec::new();
    let (mut all_before, mut all_after) = (0, 0);
    for page in damaged_pages() {
        let before = difference(&page.damaged, &page.gold);
        let after = difference(&clean(&page.damaged).text, &page.gold);
        writeln!(table, "{:<28}{before:>8}{after:>8}", page.name).expect("a string takes all");
        all_before += before;
        all_after += after;
        if (after > before) != KNOWN_WORSE.contains(&page.name.as_str()) {
            wrong.push(page.name);
        }
    }
    writeln!(table, "{:<28}{all_before:>8}{all_after:>8}", "all").expect("a string takes all");
    assert!(
        wrong.is_empty(),
        "these came out worse, or are listed and did not: {}\n{table}",
        wrong.join(", ")
    );
    snapshots().bind(|| insta::assert_snapshot!("figures", table));
}

#[test]
fn undamaged_pages_stay_as_they_are() {
    let (mut harm, mut healed) = (String::new(), Vec::new());
    for (name, text) in undamaged_pages() {
        let mut cleaned = clean(&text);
        let known = KNOWN_HARM.contains(&name.as_str());
        cleaned.repairs.retain(|outcome| outcome.status == Status::Applied);
        cleaned.notes.clear();
        if cleaned.text == text && cleaned.repairs.is_empty() {
            healed.extend(known.then_some(name));
        } else if !known {
            writeln!(harm, "{name}\n{}", tell(&cleaned)).expect("a string takes all");
        }
    }
    assert!(harm.is_empty(), "undamaged text was changed:\n{harm}");
    assert!(healed.is_empty(), "no harm is done to these any more, take them off the list: {healed:?}");
}

/// Suggestions and notes change nothing, but each costs a person's time.
#[test]
fn snapshot_counts_false_alarms() {
    let mut alarms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in undamaged_pages() {
        let mut cleaned = clean(&text);
        cleaned.repairs.retain(|outcome| outcome.status == Status::Suggested);
        // A cut-off article and a lost line are damage that gold keeps.
        if name.ends_with(".gold") {
            cleaned.notes.clear();
        }
        let told = tell(&cleaned);
        if !told.is_empty() {
            alarms.entry(name).or_default().push(told);
        }
    }
    let told: String = alarms.iter().map(|(name, told)| format!("{name}\n{}", told.concat())).collect();
    snapshots().bind(|| insta::assert_snapshot!("false-alarms", told));
}

#[test]
fn every_page_can_be_taken_back() {
    let damaged = damaged_pages().into_iter().map(|page| (page.name, page.damaged));
    for (name, text) in damaged.chain(undamaged_pages()) {
        for encoding in [UTF_8, GB18030, UTF_16LE] {
            check_the_way_back(&name, &text, encoding);
        }
    }
}

fn check_the_way_back(name: &str, text: &str, encoding: &'static Encoding) {
    let source = encode(text, encoding, false, []);
    let cleaned = STANDARD.clean(decode(&source, Some(encoding)));
    let records = DocumentRecords::new(name, &source, &cleaned);
    assert_eq!(replay(&source, &records).expect("replays"), cleaned.text, "{name} {}", encoding.name());
    assert_eq!(revert(&cleaned.text, &records).expect("reverts"), source, "{name} {}", encoding.name());
    let twice = clean(&cleaned.text);
    assert_eq!(twice.text, cleaned.text, "{name}: cleaning clean text changed it");
}

/// Characters to take out and put in to make `gold` of `text`. How many line
/// ends stand between paragraphs, and after the last, is no matter.
fn difference(text: &str, gold: &str) -> usize {
    let characters = |text: &str| -> Vec<char> {
        let paragraphs: Vec<_> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
        paragraphs.join("\n").chars().collect()
    };
    let changes = |op: DiffOp| match op {
        DiffOp::Equal { .. } => 0,
        DiffOp::Delete { old_len, .. } => old_len,
        DiffOp::Insert { new_len, .. } => new_len,
        DiffOp::Replace { old_len, new_len, .. } => old_len + new_len,
    };
    let (text, gold) = (characters(text), characters(gold));
    capture_diff_slices(Algorithm::Myers, &text, &gold).into_iter().map(changes).sum()
}

/// Repairs and notes, a line each, in the order of the source.
fn tell(cleaned: &Cleaned) -> String {
    let decoded = &cleaned.source;
    let source = Document::new(decoded.text.clone());
    let mut lines = Vec::new();
    for outcome in &cleaned.repairs {
        let offset = decoded.text_offset(outcome.start());
        let status = format!("{:?} {}", outcome.status, outcome.confidence).to_lowercase();
        lines.push((offset, outcome.rule.to_string(), status, edits_of(outcome, &source, decoded)));
    }
    for note in &cleaned.notes {
        let offset = decoded.text_offset(note.source.start);
        let place = in_context(&source, offset, decoded.text_offset(note.source.end), None);
        lines.push((offset, note.rule.to_string(), "note".to_owned(), place));
    }
    lines.sort();
    let mut told = String::new();
    for (offset, rule, status, what) in lines {
        let (line, column) = source.position(offset);
        writeln!(told, "{line}:{column} {rule} ({status}) {what}").expect("a string takes all");
    }
    told
}

/// The edits of a repair; of many, the first and how many follow.
fn edits_of(outcome: &Outcome, source: &Document, decoded: &Decoded) -> String {
    const MOST: usize = 3;
    let show = |edit: &Placed| {
        let (from, to) = (decoded.text_offset(edit.source.start), decoded.text_offset(edit.source.end));
        in_context(source, from, to, Some(edit))
    };
    let more = outcome.edits.len().saturating_sub(MOST);
    let shown = if more > 0 { 1 } else { MOST };
    let mut told = outcome.edits.iter().take(shown).map(show).collect::<Vec<_>>().join(" + ");
    if more > 0 {
        write!(told, " + {} more", outcome.edits.len() - shown).expect("a string takes all");
    }
    told
}

/// `before[old→new]after`, white space made visible.
fn in_context(source: &Document, from: usize, to: usize, edit: Option<&Placed>) -> String {
    const REACH: usize = 6;
    let text = source.text();
    let before = text[..from].char_indices().rev().take(REACH).last().map_or(from, |(start, _)| start);
    let after: String = text[to..].chars().take(REACH).collect();
    let middle = match edit {
        Some(edit) if edit.moved_from.is_some() => format!("→ {}, moved", shortened(&edit.after)),
        Some(edit) => format!("{}→{}", shortened(&edit.before), shortened(&edit.after)),
        None => shortened(&text[from..to]),
    };
    format!("{}[{middle}]{}", visible(&text[before..from]), visible(&after))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 24;
    let count = text.chars().count();
    if count <= LONGEST {
        return visible(text);
    }
    let head: String = text.chars().take(10).collect();
    let tail: String = text.chars().skip(count - 8).collect();
    format!("{}…({count})…{}", visible(&head), visible(&tail))
}

fn visible(text: &str) -> String {
    let mut seen = String::new();
    for c in text.chars() {
        match c {
            ' ' => seen.push('␣'),
            '\n' => seen.push('⏎'),
            '\r' => seen.push('␍'),
            '\u{C}' => seen.push('␌'),
            c if c.is_alphanumeric() || c.is_ascii_punctuation() => seen.push(c),
            c => seen.extend(c.escape_debug()),
        }
    }
    seen
}
