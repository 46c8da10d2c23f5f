//! Lists repairs, notes and stale decisions.

use std::io::Write as _;

use anstyle::{AnsiColor, Effects, Style};
use anyhow::{Result, bail};
use serde::Serialize;
use textmend::pipeline::{Cleaned, Status};
use textmend::places::Positions;
use textmend::report::criticmarkup::{self, Marked};
use textmend::report::records::NoteRecord;
use textmend::report::terminal::{safe, visible};
use textmend::review::{DecisionLine, Filter, Item, Part, PartKind, Session};

use super::args::{ListFormat, ReviewArgs};
use super::shell;
use crate::Ending;
use crate::results::{self, Results};

const REMOVED: Style = AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH);
const WRITTEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);

/// An item as `--format json` gives it.
#[derive(Serialize)]
struct Listed<'a> {
    document: &'a str,
    /// In the source, from 1; columns in code points.
    line: usize,
    column: usize,
    id: &'a str,
    rule: &'a str,
    status: Status,
    confidence: textmend::edit::Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    message: &'a str,
    before: &'a str,
    after: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<&'a str>,
    passage: &'a textmend::review::Passage,
    pending: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'a DecisionLine>,
}

/// A note as `--format json` gives it.
#[derive(Serialize)]
struct ListedNote<'a> {
    document: &'a str,
    line: usize,
    column: usize,
    done: bool,
    #[serde(flatten)]
    note: &'a NoteRecord,
}

/// Lists what was asked for.
pub(super) fn run(session: &Session, args: &ReviewArgs) -> Result<Ending> {
    let mut out = Results::new();
    if args.filter.format == ListFormat::Criticmarkup {
        let [document] = session.documents() else {
            bail!("marks are for one document: name it, and no other")
        };
        write!(out, "{}", marked(&document.name, &document.cleaned)?)?;
    } else if args.filter.stale {
        for stale in session.stale() {
            let name = safe(&session.documents()[stale.document].name);
            match args.filter.format {
                ListFormat::Json => writeln!(out, "{}", serde_json::to_string(stale.line)?)?,
                ListFormat::Text | ListFormat::Criticmarkup => {
                    let id = stale.line.id.as_deref().unwrap_or_default();
                    writeln!(out, "{name}: {id} {} [stale]", stale.line.rule)?;
                }
            }
        }
    } else if args.filter.notes {
        notes(session, args, &mut out)?;
    } else {
        repairs(session, args, &mut out)?;
    }
    out.finish()?;
    Ok(Ending::default())
}

/// The source of `cleaned`, read from `name`, with every repair marked; tells
/// of those that can't be.
pub(crate) fn marked(name: &str, cleaned: &Cleaned) -> Result<String> {
    let text = &cleaned.source.text;
    let name = safe(name);
    if let Some(offset) = criticmarkup::own_mark(text) {
        let (line, _) = Positions::new(text).of(offset);
        bail!(
            "{name}:{line}: this text holds CriticMarkup of its own, and nobody could tell which marks are whose; review it in another way"
        );
    }
    let marked = Marked::new(cleaned);
    if marked.left_out > 0 {
        eprintln!(
            "{name}: {} repairs are not marked: they build on others, or share a place",
            marked.left_out
        );
    }
    Ok(marked.text())
}

/// Prints the commands that would decide on what waits for it.
pub(super) fn commands(session: &Session, args: &ReviewArgs) -> Result<Ending> {
    let mut out = Results::new();
    let filter = args.filter.filter();
    let paths = args.input.paths.iter().map(|path| shell(path)).collect::<Vec<_>>().join(" ");
    let decisions = args.decisions.iter().map(|path| format!(" --decisions {}", shell(path)));
    let command = format!("textmend review {paths}{}", decisions.collect::<String>());
    for item in session.items(&filter) {
        let (repair, change) = (item.repair, &item.change);
        let (rule, message) = (&repair.rule, safe(&repair.message));
        writeln!(
            out,
            "# {rule} [{}] {message}: {}",
            repair.confidence,
            in_line(&item.passage.before, false)
        )?;
        writeln!(out, "# {} → {}", visible(&change.before), visible(&change.after))?;
        writeln!(out, "{command} --accept {}  # or --reject, or --edit {0}=TEXT", repair.id)?;
    }
    let waiting = session.indices(&filter).len();
    if waiting == 0 {
        eprintln!("nothing to decide");
    } else {
        eprintln!("{waiting} to decide; each command above is one of the ways to");
    }
    out.finish()?;
    Ok(Ending::default())
}

fn repairs(session: &Session, args: &ReviewArgs, out: &mut Results) -> Result<()> {
    let coloured = results::coloured(args.filter.color);
    let filter = args.filter.filter();
    for (number, document) in session.documents().iter().enumerate() {
        let source = &document.cleaned.source;
        let positions = Positions::new(&source.text);
        for item in session.items(&Filter { document: Some(number), ..filter.clone() }) {
            let start = item.repair.edits.iter().map(|edit| edit.bytes.start).min().unwrap_or(0);
            let (line, column) = positions.of(source.text_offset(start));
            match args.filter.format {
                ListFormat::Json => {
                    writeln!(
                        out,
                        "{}",
                        serde_json::to_string(&listed(&document.name, (line, column), &item))?
                    )?;
                }
                ListFormat::Text | ListFormat::Criticmarkup => {
                    writeln!(out, "{}:{line}:{column}: {}", safe(&document.name), headline(&item))?;
                    writeln!(out, "  - {}", in_line(&item.passage.before, coloured))?;
                    writeln!(out, "  + {}", in_line(&item.passage.after, coloured))?;
                }
            }
        }
    }
    Ok(())
}

fn listed<'a>(document: &'a str, (line, column): (usize, usize), item: &'a Item<'a>) -> Listed<'a> {
    let repair = item.repair;
    Listed {
        document,
        line,
        column,
        id: &repair.id,
        rule: repair.rule.as_str(),
        status: repair.status,
        confidence: repair.confidence,
        score: repair.score,
        message: &repair.message,
        before: &item.change.before,
        after: &item.change.after,
        phrase: item.change.phrase.as_deref(),
        passage: &item.passage,
        pending: item.is_pending,
        decision: item.decision,
    }
}

fn headline(item: &Item<'_>) -> String {
    let repair = item.repair;
    let status = match repair.status {
        Status::Applied => "applied",
        Status::Suggested => "suggested",
        Status::Superseded => "superseded",
        Status::Rejected => "rejected",
    };
    let by = item.decision.map(|line| format!(" by {}", safe(&line.who))).unwrap_or_default();
    format!("{} {} [{}] {status}{by}: {}", repair.id, repair.rule, repair.confidence, safe(&repair.message))
}

/// A passage in one line, with what was changed in brackets, or in colour.
fn in_line(parts: &[Part], coloured: bool) -> String {
    let shown = |part: &Part| match (part.kind, coloured) {
        (PartKind::Kept, _) => part.text.lines().map(safe).collect::<Vec<_>>().join("⏎"),
        (PartKind::Gap, _) => " … ".to_owned(),
        (PartKind::Removed, true) => format!("{REMOVED}{}{REMOVED:#}", visible(&part.text)),
        (PartKind::Written, true) => format!("{WRITTEN}{}{WRITTEN:#}", visible(&part.text)),
        (PartKind::Removed, false) => format!("[-{}-]", visible(&part.text)),
        (PartKind::Written, false) => format!("{{+{}+}}", visible(&part.text)),
    };
    parts.iter().map(shown).collect()
}

fn notes(session: &Session, args: &ReviewArgs, out: &mut Results) -> Result<()> {
    for (number, document) in session.documents().iter().enumerate() {
        let source = &document.cleaned.source;
        let positions = Positions::new(&source.text);
        for note in &document.records.notes {
            let (line, column) = positions.of(source.text_offset(note.bytes.start));
            let done = session.is_ticked(number, &note.id);
            let name = &document.name;
            match args.filter.format {
                ListFormat::Json => {
                    let listed = ListedNote { document: name, line, column, done, note };
                    writeln!(out, "{}", serde_json::to_string(&listed)?)?;
                }
                ListFormat::Text | ListFormat::Criticmarkup => {
                    let (tick, message) = (if done { 'x' } else { ' ' }, safe(&note.message));
                    writeln!(
                        out,
                        "[{tick}] {}:{line}:{column}: {} {}: {message}",
                        safe(name),
                        note.id,
                        note.rule
                    )?;
                }
            }
        }
    }
    Ok(())
}
