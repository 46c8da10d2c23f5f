//! `textmend clean`.

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use textmend::Error;
use textmend::batch::{self, Folder, Form, Options, Outcome, PageOf, Start};
use textmend::decisions::Decisions;
use textmend::io::compression::{self, Compression, Limits};
use textmend::io::{Guard, Pending, check_folders};
use textmend::report::html::{self, Page};
use textmend::review::FILE_NAME;

use crate::args::CleanArgs;
use crate::config::Cleaners;
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::results::{self, Results};
use crate::{Ending, across, summary};

/// Documents that a report shows: it is made in memory, and read by people.
const PAGES: usize = 2000;

/// Where clean text, or the diff, goes.
#[derive(Debug)]
enum Destination {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

pub(crate) fn run(args: &CleanArgs) -> Result<Ending> {
    let inputs = Inputs::new(args)?;
    let destination = destination(args, &inputs)?;
    forbid_overwriting(args, &inputs, &destination)?;
    let mut options = options(args, &destination);
    let root = match &destination {
        Destination::Folder(root) => Some(root.as_path()),
        _ => None,
    };
    options.knowledge = across::look(args, root, &options)?;
    let report = args.report.as_deref().map(Pending::create).transpose()?;
    let mut progress = Progress::new(&inputs, args.run.quiet);
    let outcome = match &destination {
        Destination::Folder(root) => into_folder(args, inputs, root, &options, &mut progress)?,
        _ => into_stream(args, inputs, &destination, &options, &mut progress)?,
    };
    if let Some(report) = report {
        write_report(report, &outcome, args)?;
    }
    summary::tell_stale(&outcome.tally.stale);
    Ok(Ending { found: args.exit_code && outcome.tally.has_findings(), failed: outcome.failures.count > 0 })
}

fn options(args: &CleanArgs, destination: &Destination) -> Options {
    let coloured = matches!(destination, Destination::Stdout) && results::coloured(args.color);
    let defaults = Options::default();
    Options {
        workers: args.run.jobs.map_or(defaults.workers, usize::from),
        max_document: args.documents.max_document,
        limits: Limits {
            ratio: args.documents.max_ratio,
            size: args.documents.max_unpacked,
            ..Limits::default()
        },
        format: args.documents.format.map(Into::into),
        name_encoding: args.documents.name_encoding,
        form: match (args.diff, coloured) {
            (false, _) => Form::Text,
            (true, false) => Form::Diff,
            (true, true) => Form::View,
        },
        keep_encoding: args.documents.keep_encoding,
        text_field: args.documents.text_field.clone(),
        id_field: args.documents.id_field.clone(),
        repairs_field: args.documents.repairs_field.clone(),
        pages: if args.report.is_some() { PAGES } else { 0 },
        knowledge: None,
    }
}

fn into_folder(
    args: &CleanArgs,
    inputs: Inputs,
    root: &Path,
    options: &Options,
    progress: &mut Progress,
) -> Result<Outcome> {
    let folder = Folder {
        root: root.to_owned(),
        start: match (args.run.resume, args.run.afresh) {
            (true, _) => Start::Resume,
            (false, true) => Start::Afresh,
            (false, false) => Start::Fresh,
        },
        records: args.edits.clone(),
        may_clash: inputs.may_clash(),
    };
    let units = inputs.units(Cleaners::new(&args.pipeline).obeying(args.decisions.as_deref()));
    let outcome = batch::run(units, batch::Destination::Folder(folder), options, progress);
    let took = progress.finish();
    let outcome = outcome?;
    if !args.run.quiet && outcome.has_results {
        eprint!("{}", summary::table(&outcome, took));
    }
    Ok(outcome)
}

fn into_stream(
    args: &CleanArgs,
    inputs: Inputs,
    destination: &Destination,
    options: &Options,
    progress: &mut Progress,
) -> Result<Outcome> {
    let mut edits = args.edits.as_deref().map(Pending::create).transpose()?;
    let units = inputs.units(Cleaners::new(&args.pipeline).obeying(args.decisions.as_deref()));
    let records = edits.as_mut().map(|edits| edits as &mut dyn Write);
    let (outcome, file) = match destination {
        Destination::File(path) => {
            let packing = Compression::of_name(path).filter(|_| !args.diff);
            let mut out = compression::Writer::new(Pending::create(path)?, packing, None);
            let destination = batch::Destination::Stream { out: &mut out, records };
            let outcome = batch::run(units, destination, options, progress);
            (outcome, Some(out))
        }
        _ => {
            let mut out = Results::new();
            let destination = batch::Destination::Stream { out: &mut out, records };
            let outcome = batch::run(units, destination, options, progress);
            out.finish()?;
            (outcome, None)
        }
    };
    progress.finish();
    let outcome = outcome.map_err(|error| named(error, args, destination))?;
    // A run that brought nothing to an end leaves nothing behind.
    if outcome.has_results {
        if let Some(out) = file {
            let finished = out.finish().map_err(|source| Error::Stream { what: batch::OUTPUT, source });
            finished.map_err(|error| named(error, args, destination))?.commit()?;
        }
        if let Some(edits) = edits {
            edits.commit()?;
        }
        if std::io::stderr().is_terminal() && !args.run.quiet {
            eprintln!("{}", summary::line(&outcome.tally));
        }
    }
    Ok(outcome)
}

/// The error, with the file that could not be written.
fn named(error: Error, args: &CleanArgs, destination: &Destination) -> Error {
    let path = |what| match destination {
        Destination::File(path) if what == batch::OUTPUT => path.clone(),
        _ if what == batch::OUTPUT => "standard output".into(),
        _ => args.edits.clone().unwrap_or_default(),
    };
    match error {
        Error::Stream { what, source } => Error::Io { path: path(what), source },
        error => error,
    }
}

fn write_report(mut report: Pending, outcome: &Outcome, args: &CleanArgs) -> Result<()> {
    if outcome.pages.is_empty() {
        return Ok(());
    }
    let documents = outcome.tally.documents;
    if documents > outcome.pages.len() as u64 {
        let shown = outcome.pages.len();
        eprintln!("the report shows the first {shown} of {documents} documents");
    }
    let decisions = match &args.decisions {
        Some(path) => Some(path.clone()),
        None => Cleaners::new(&args.pipeline).decisions_of(Path::new("."))?,
    };
    let names = names(&outcome.pages, decisions.as_deref())?;
    let pages = names.iter().zip(&outcome.pages);
    let pages = pages.map(|(name, page)| Page { name, records: &page.records, cleaned: &page.cleaned });
    let page = html::page(&pages.collect::<Vec<_>>());
    report.write_all(page.as_bytes()).context("the report could not be written")?;
    report.commit()?;
    Ok(())
}

/// What decisions that are exported from the report call its documents: as seen
/// from the folder of the `decisions`, or from this one.
fn names(pages: &[PageOf], decisions: Option<&Path>) -> Result<Vec<String>> {
    let file = std::path::absolute(decisions.unwrap_or(Path::new(FILE_NAME)))?;
    let seen = Decisions::seen_from(file.parent().unwrap_or(&file).to_owned());
    let name = |page: &PageOf| {
        let document = &page.records.document;
        let path = Path::new(&document.path);
        let path = if document.path == "-" { path.to_owned() } else { std::path::absolute(path)? };
        Ok(seen.name_of(&path) + &document.inside())
    };
    pages.iter().map(name).collect()
}

fn destination(args: &CleanArgs, inputs: &Inputs) -> Result<Destination> {
    let destination = chosen_destination(args, inputs)?;
    if !matches!(destination, Destination::Folder(_)) && (args.run.resume || args.run.afresh) {
        bail!("only a run into a folder keeps a journal that can be gone on with; add `-o FOLDER/`");
    }
    Ok(destination)
}

fn chosen_destination(args: &CleanArgs, inputs: &Inputs) -> Result<Destination> {
    let many = inputs.are_many();
    let Some(output) = args.output.clone() else {
        if many && !args.diff {
            bail!(
                "several files, or a folder, need a folder to go to: add `-o FOLDER` (or `--diff` to see what would change)"
            );
        }
        return Ok(Destination::Stdout);
    };
    if args.diff {
        return Ok(Destination::File(output));
    }
    if many && output.exists() && !output.is_dir() {
        bail!("{}: this is a file; several files, or a folder, need a folder to go to", output.display());
    }
    let named_as_folder = output.is_dir() || output.to_string_lossy().ends_with('/');
    if !many && named_as_folder && matches!(inputs, Inputs::Stdin) {
        bail!("{}: this is a folder; what comes from standard input needs a file to go to", output.display());
    }
    Ok(if many || named_as_folder { Destination::Folder(output) } else { Destination::File(output) })
}

/// What is read stays, and two results never go to one place. What lies in
/// folders is not known yet: the run looks after it.
fn forbid_overwriting(args: &CleanArgs, inputs: &Inputs, destination: &Destination) -> Result<()> {
    let read = inputs.files().map(|file| file.path.as_path()).chain(args.file_list.as_deref());
    let read = read.chain(args.decisions.as_deref());
    let mut guard = Guard::new(read);
    match destination {
        Destination::Stdout => {}
        Destination::File(path) => guard.claim(path)?,
        Destination::Folder(folder) => {
            check_folders(folder, inputs.folders())?;
            for file in inputs.files() {
                guard.claim(&folder.join(&file.place))?;
            }
        }
    }
    for path in args.edits.iter().chain(&args.report).chain(&args.across.duplicates) {
        guard.claim(path)?;
        if path.is_file() && inputs.folders().any(|folder| check_folders(path, [folder]).is_err()) {
            bail!("{}: this file lies in a folder that is read; name another one", path.display());
        }
    }
    Ok(())
}
