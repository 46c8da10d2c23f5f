//! What an evaluation found, as one HTML page: the figures, and the worst
//! documents with gold and clean text side by side. As with the report, text
//! can't become markup (askama escapes it), and the page loads nothing.

use askama::Template;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::cases::Case;
use super::cer::Rate;
use super::figures::{Count, Kind};
use super::harm::Harm;
use super::results::{Results, Scored};
use crate::report::html::hash;

static STYLE: &str = include_str!("eval.css");

/// Cases that are listed of one document.
const MAX_CASES: usize = 40;

/// The page, with the `most` documents that are furthest from gold.
#[must_use]
pub fn html(results: &Results, most: usize) -> String {
    let mut worst: Vec<_> = results.pages.iter().filter(|page| page.gold != page.cleaned).collect();
    worst.sort_by(|a, b| {
        let rate = |page: &Scored| page.figures.after.aligned.micro();
        rate(b).total_cmp(&rate(a)).then_with(|| a.name.cmp(&b.name))
    });
    let view = View {
        style: STYLE,
        style_hash: hash(STYLE),
        pages: results.figures.pages,
        figures: Kind::ALL.iter().map(|kind| Row::new(*kind, results.figures.count(*kind))).collect(),
        rates: rates(results),
        harm: results.harm.as_ref(),
        worst: worst.into_iter().take(most).map(Document::new).collect(),
    };
    view.render().expect("a string takes all, and the template calls nothing that fails")
}

#[derive(Template)]
#[template(path = "eval.html")]
struct View<'a> {
    style: &'static str,
    style_hash: String,
    pages: usize,
    figures: Vec<Row>,
    rates: Vec<(&'static str, [String; 4])>,
    harm: Option<&'a Harm>,
    worst: Vec<Document<'a>>,
}

/// A line of the table.
struct Row {
    label: &'static str,
    /// Whether it is a part of the line above it.
    part: bool,
    count: Count,
    shares: [String; 3],
}

impl Row {
    fn new(kind: Kind, count: Count) -> Self {
        let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share:.4}"));
        Self {
            label: kind.label().trim(),
            part: kind.label().starts_with(' '),
            count,
            shares: [count.precision(), count.recall(), count.f1()].map(share),
        }
    }
}

fn rates(results: &Results) -> Vec<(&'static str, [String; 4])> {
    let (before, after) = (&results.figures.before, &results.figures.after);
    let row = |before: Rate, after: Rate| {
        [before.micro(), after.micro(), before.macro_mean(), after.macro_mean()]
            .map(|rate| format!("{:.3}", rate * 100.0))
    };
    vec![
        ("by paragraphs", row(before.aligned, after.aligned)),
        ("by paragraphs, white space left out", row(before.aligned_no_space, after.aligned_no_space)),
        ("as read", row(before.plain, after.plain)),
        ("as read, white space left out", row(before.plain_no_space, after.plain_no_space)),
    ]
}

/// A document side by side.
struct Document<'a> {
    name: &'a str,
    before: String,
    after: String,
    rows: Vec<Side>,
    cases: Vec<&'a Case>,
    more_cases: usize,
}

/// Paragraphs that are the same, or those of gold beside those of the clean
/// text.
enum Side {
    Same(usize),
    Differ([Vec<Segment>; 2]),
}

/// A run of text.
struct Segment {
    text: String,
    /// Whether the other side lacks it.
    alone: bool,
}

impl<'a> Document<'a> {
    fn new(page: &'a Scored) -> Self {
        let percent = |rate: Rate| format!("{:.3}", rate.micro() * 100.0);
        Self {
            name: &page.name,
            before: percent(page.figures.before.aligned),
            after: percent(page.figures.after.aligned),
            rows: side_by_side(&page.gold, &page.cleaned),
            cases: page.cases.iter().take(MAX_CASES).collect(),
            more_cases: page.cases.len().saturating_sub(MAX_CASES),
        }
    }
}

fn side_by_side(gold: &str, cleaned: &str) -> Vec<Side> {
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let (old, new) = (lines(gold), lines(cleaned));
    let sides = capture_diff_slices(Algorithm::Myers, &old, &new).into_iter().map(|op| match op {
        DiffOp::Equal { len, .. } => Side::Same(len),
        other => {
            let (_, old_range, new_range) = other.as_tag_tuple();
            Side::Differ(segments(&old[old_range].join("\n"), &new[new_range].join("\n")))
        }
    });
    sides.collect()
}

/// Two texts cut where they part.
fn segments(old: &str, new: &str) -> [Vec<Segment>; 2] {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let mut sides = [Vec::new(), Vec::new()];
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let alone = !matches!(op, DiffOp::Equal { .. });
        let (_, old_range, new_range) = op.as_tag_tuple();
        for (side, text) in sides.iter_mut().zip([&old[old_range], &new[new_range]]) {
            if !text.is_empty() {
                side.push(Segment { text: shown(text, alone), alone });
            }
        }
    }
    sides
}

/// Text that differs shows its spaces and line ends.
fn shown(text: &[char], alone: bool) -> String {
    let mut shown = String::new();
    for c in text {
        match c {
            ' ' if alone => shown.push('␣'),
            '\n' if alone => shown.push_str("⏎\n"),
            c => shown.push(*c),
        }
    }
    shown
}
