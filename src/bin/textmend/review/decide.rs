//! Decides what the command line says.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use textmend::decisions::Scope;
use textmend::report::criticmarkup::Marked;
use textmend::report::terminal::safe;
use textmend::review::{DecisionLine, Filter, Imported, Say, Session, Target};

use super::args::DecideArgs;
use crate::Ending;
use crate::results::Results;

pub(super) fn run(session: &mut Session, args: &DecideArgs) -> Result<Ending> {
    let mut out = Results::new();
    let mut ending = Ending::default();
    if let Some(path) = &args.import {
        ending.failed = import(session, path, args.note.as_deref(), &mut out)?;
    }
    if args.undo {
        match session.undo()? {
            Some(done) => {
                for line in &done.lines {
                    writeln!(out, "taken back: {}", told(line))?;
                }
            }
            None => writeln!(out, "nothing was decided yet")?,
        }
    }
    // All is looked up before anything is written.
    let scope = if args.phrase { Scope::Phrase } else { Scope::Occurrence };
    let mut all: Vec<(Vec<Target>, Say, Scope)> = Vec::new();
    for (ids, say) in [(&args.accept, Say::Accept), (&args.reject, Say::Reject)] {
        let targets = ids.iter().map(|id| find(session, id)).collect::<Result<Vec<_>>>()?;
        all.push((targets, say, scope));
    }
    for edit in &args.edit {
        let (id, text) =
            edit.split_once('=').ok_or_else(|| anyhow!("--edit wants ID=TEXT, and `{edit}` has no `=`"))?;
        all.push((vec![find(session, id)?], Say::Edit(text.to_owned()), Scope::Occurrence));
    }
    for (rules, say) in [(&args.accept_rule, Say::Accept), (&args.reject_rule, Say::Reject)] {
        let mut targets = Vec::new();
        for rule in rules {
            targets.extend(of_rule(session, rule)?);
        }
        all.push((targets, say, Scope::Rule));
    }
    let notes = args.done.iter().map(|id| note(session, id)).collect::<Result<Vec<_>>>()?;
    for (targets, say, scope) in all.iter().filter(|(targets, ..)| !targets.is_empty()) {
        for line in &session.decide_all(targets, say, *scope, args.note.as_deref())?.lines {
            writeln!(out, "{}", told(line))?;
        }
    }
    for (document, id) in &notes {
        for line in &session.tick(*document, id, true)?.lines {
            writeln!(out, "{}", told(line))?;
        }
    }
    out.finish()?;
    let left = session.indices(&Filter::pending()).len();
    if !session.documents().is_empty() {
        eprintln!("{left} to decide in {}", safe(&session.file().path().to_string_lossy()));
    }
    Ok(ending)
}

/// Decides as the marked text at `path` does, and says whether some of it could
/// not be taken in.
fn import(session: &mut Session, path: &Path, note: Option<&str>, out: &mut Results) -> Result<bool> {
    let [document] = session.documents() else {
        bail!("--import is about one document: name it, and no other")
    };
    let bytes = textmend::io::read(path)?;
    let text = textmend::io::to_text(path, &bytes, None)?.text;
    let imported = Imported::read(&Marked::new(&document.cleaned), &text);
    let id = |number: &usize| document.cleaned.repairs[*number].id.clone();
    let mut unread: Vec<_> = imported.unread.iter().map(id).collect();
    let path = safe(&path.to_string_lossy());
    let mut groups: Vec<(Say, Vec<String>)> = Vec::new();
    for (number, say) in &imported.said {
        match groups.iter_mut().find(|(group, _)| group == say) {
            Some((_, ids)) => ids.push(id(number)),
            None => groups.push((say.clone(), vec![id(number)])),
        }
    }
    for (say, ids) in groups {
        // What is no longer proposed, once others are decided on, is told of.
        let (targets, gone): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| find(session, id).is_ok());
        unread.extend(gone);
        let targets: Vec<_> = targets.into_iter().map(|id| Target::Repair { document: 0, id }).collect();
        if !targets.is_empty() {
            for line in &session.decide_all(&targets, &say, Scope::Occurrence, note)?.lines {
                writeln!(out, "{}", told(line))?;
            }
        }
    }
    for line in &imported.changed {
        eprintln!("{path}:{line}: this was changed outside of the marks; it is not taken in");
    }
    for id in &unread {
        eprintln!("{path}: what was made of the marks of {id} can't be told; it is left open");
    }
    Ok(!imported.changed.is_empty() || !unread.is_empty())
}

/// The repair called `id`.
fn find(session: &Session, id: &str) -> Result<Target> {
    let mut found = session
        .documents()
        .iter()
        .enumerate()
        .filter(|(_, document)| document.records.repairs.iter().any(|repair| repair.id == id));
    match (found.next(), found.next()) {
        (Some((document, _)), None) => Ok(Target::Repair { document, id: id.to_owned() }),
        (Some((_, one)), Some((_, other))) => {
            bail!("{id} is in {} and in {}; name one of them alone", safe(&one.name), safe(&other.name))
        }
        (None, _) => bail!("no repair of these documents is `{id}`; see `textmend review --list --all`"),
    }
}

/// The documents where `rule` proposes something.
fn of_rule(session: &Session, rule: &str) -> Result<Vec<Target>> {
    let documents = session.documents().iter().enumerate();
    let has = documents
        .filter(|(_, document)| document.records.repairs.iter().any(|repair| repair.rule.as_str() == rule));
    let targets: Vec<_> = has.map(|(document, _)| Target::Rule { document, rule: rule.to_owned() }).collect();
    if targets.is_empty() {
        bail!("`{rule}` proposes nothing in these documents; see `textmend review --list --all`");
    }
    Ok(targets)
}

/// The note called `id`.
fn note(session: &Session, id: &str) -> Result<(usize, String)> {
    let documents = session.documents().iter().enumerate();
    let mut found = documents.filter(|(_, document)| document.records.notes.iter().any(|note| note.id == id));
    match (found.next(), found.next()) {
        (Some((document, _)), None) => Ok((document, id.to_owned())),
        (Some(_), Some(_)) => bail!("{id} is in several documents; name one of them alone"),
        (None, _) => bail!("no note on these documents is `{id}`; see `textmend review --notes`"),
    }
}

/// A decision in a line.
fn told(line: &DecisionLine) -> String {
    let word = line.decision.as_str();
    let id = line.id.as_ref().or(line.note_id.as_ref());
    let what = match (line.scope, id, &line.phrase) {
        (Some(Scope::Phrase), _, Some(phrase)) => format!("wherever it is {phrase}"),
        (_, Some(id), _) => id.clone(),
        _ => "all".to_owned(),
    };
    let document = line.document.as_deref().unwrap_or_default();
    format!("{word} {} {} in {}", line.rule, safe(&what), safe(document))
}
