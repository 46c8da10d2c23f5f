//! What a run says at its end.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::time::Duration;

use textmend::batch::{Outcome, RuleTally, Stale, Tally};
use textmend::report::terminal::safe;

/// Failures that are named again.
const NAMED: usize = 10;

/// The run in a line.
pub(crate) fn line(tally: &Tally) -> String {
    let of = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let found = tally.total();
    let done = of(tally.documents, "document");
    let (repairs, notes) = (of(found.applied, "repair"), of(found.notes, "note"));
    format!("{done}: {repairs} applied, {} suggested, {notes}", found.suggested)
}

/// Tells of decisions whose text has changed.
pub(crate) fn tell_stale(stale: &[Stale]) {
    for Stale { place, id } in stale.iter().take(NAMED) {
        let place = safe(place);
        eprintln!(
            "{place}: the decision on {id} is stale: what it was made about has changed; it is not obeyed"
        );
    }
    let rest = stale.len().saturating_sub(NAMED);
    if rest > 0 {
        eprintln!("and {rest} more stale decisions; `textmend review --list --stale` names them all");
    }
}

/// A table of what each rule found, and what could not be done.
pub(crate) fn table(outcome: &Outcome, took: Duration) -> String {
    let mut out = String::new();
    if outcome.earlier > 0 {
        writeln!(out, "done before: {} files", outcome.earlier).expect("a string takes all");
    }
    writeln!(out, "{}", line(&outcome.tally)).expect("a string takes all");
    let rules = &outcome.tally.rules;
    if !rules.is_empty() {
        let width = rules.keys().map(String::len).max().unwrap_or(0);
        // Where nobody decided, nothing is rejected, and nobody asks.
        let decided = outcome.tally.total().rejected > 0;
        let mut row = |name: &str, cells: [String; 4], rejected: &str| {
            let [a, b, c, d] = cells;
            let rejected = if decided { format!(" {rejected:>9}") } else { String::new() };
            writeln!(out, "  {name:width$} {a:>9} {b:>9} {c:>10} {d:>9}{rejected}")
                .expect("a string takes all");
        };
        row("", ["applied", "suggested", "superseded", "noted"].map(str::to_owned), "rejected");
        for (rule, RuleTally { applied, suggested, superseded, notes, rejected }) in rules {
            row(rule, [applied, suggested, superseded, notes].map(u64::to_string), &rejected.to_string());
        }
    }
    // What differs from run to run is for people who wait.
    if std::io::stderr().is_terminal() || took > Duration::from_secs(10) {
        let seconds = took.as_secs_f64().max(0.001);
        let rate = outcome.read as f64 / 1e6 / seconds;
        writeln!(out, "{seconds:.1} s, {rate:.1} MB/s").expect("a string takes all");
    }
    let failures = &outcome.failures;
    if failures.count > 0 {
        writeln!(out, "could not be done: {}", failures.count).expect("a string takes all");
        for failure in failures.first.iter().take(NAMED) {
            writeln!(out, "  {}", safe(&failure.problem)).expect("a string takes all");
        }
        let rest = failures.count.saturating_sub(NAMED as u64);
        if rest > 0 {
            writeln!(out, "  and {rest} more; run.json names the first 1000").expect("a string takes all");
        }
    }
    out
}
