//! What an evaluation found, for people: a table of 80 columns.

use std::fmt::Write as _;

use super::cer::Rate;
use super::figures::Kind;
use super::results::Results;
use crate::report::terminal::safe;

/// The table.
#[must_use]
pub fn table(results: &Results) -> String {
    let mut out = String::new();
    if results.figures.pages > 0 {
        figures(&mut out, results);
        rates(&mut out, results);
    }
    if let Some(harm) = &results.harm {
        if !out.is_empty() {
            line(&mut out, "");
        }
        let rate = harm.per_100_000().unwrap_or(0.0);
        line(
            &mut out,
            &format!(
                "undamaged text: {} edits in {} characters, {rate:.2} in 100,000",
                harm.edits, harm.characters
            ),
        );
        for (rule, count) in &harm.by_rule {
            line(&mut out, &format!("  {rule:<40}{count:>8}"));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("a string takes all");
}

fn figures(out: &mut String, results: &Results) {
    let pages = results.figures.pages;
    let title = format!("{pages} page{}", if pages == 1 { "" } else { "s" });
    line(
        out,
        &format!(
            "{title:<27}{:>8}{:>8}{:>8}{:>10}{:>8}{:>8}",
            "needed", "made", "right", "precision", "recall", "F1"
        ),
    );
    for kind in Kind::ALL {
        let count = results.figures.count(kind);
        line(
            out,
            &format!(
                "{:<27}{:>8}{:>8}{:>8}{:>10}{:>8}{:>8}",
                kind.label(),
                count.needed,
                count.made,
                count.right,
                share(count.precision()),
                share(count.recall()),
                share(count.f1())
            ),
        );
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{share:.4}"))
}

fn rates(out: &mut String, results: &Results) {
    let (before, after) = (&results.figures.before, &results.figures.after);
    line(
        out,
        &format!(
            "\n{:<35}{:>11}{:>11}{:>11}{:>11}",
            "characters wrong, %", "before", "after", "before", "after"
        ),
    );
    line(out, &format!("{:<35}{:>22}{:>22}", "", "all pages as one", "mean of the pages"));
    let rows = [
        ("by paragraphs", before.aligned, after.aligned),
        ("  white space left out", before.aligned_no_space, after.aligned_no_space),
        ("as read", before.plain, after.plain),
        ("  white space left out", before.plain_no_space, after.plain_no_space),
    ];
    for (label, before, after) in rows {
        let percent = |rate: f64| format!("{:.3}", rate * 100.0);
        let cells = [before, after].map(Rate::micro).into_iter().chain([before, after].map(Rate::macro_mean));
        let cells: String = cells.map(|rate| format!("{:>11}", percent(rate))).collect();
        line(out, &format!("{label:<35}{cells}"));
    }
}

/// The first `most` cases of each kind, those done wrong before those missed.
#[must_use]
pub fn errors(results: &Results, most: usize) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        for wrong in [true, false] {
            let cases = results.pages.iter().flat_map(|page| page.cases.iter().map(move |case| (page, case)));
            let cases: Vec<_> = cases.filter(|(_, case)| case.kind == kind && case.wrong == wrong).collect();
            if cases.is_empty() {
                continue;
            }
            let what = if wrong { "wrong" } else { "missed" };
            line(&mut out, &format!("\n== {}, {what}: {}", kind.label().trim(), cases.len()));
            for (page, case) in cases.into_iter().take(most) {
                let rule = case.rule.as_ref().map_or_else(String::new, |rule| format!(" [{rule}]"));
                line(&mut out, &format!("{}:{}{rule}", safe(&page.name), case.line));
                for (label, text) in [("input", &case.input), ("gold", &case.gold), ("got", &case.got)] {
                    if !text.is_empty() {
                        line(&mut out, &format!("  {label:<6}{}", safe(text)));
                    }
                }
            }
        }
    }
    out
}
