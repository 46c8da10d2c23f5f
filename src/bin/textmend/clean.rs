//! `textmend clean`.

use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use textmend::io::{Guard, Listing, Pending, check_folders};
use textmend::pipeline::Status;
use textmend::report::html::{self, Page};
use textmend::report::records::DocumentRecords;
use textmend::report::{diff, terminal};

use crate::Ending;
use crate::args::CleanArgs;
use crate::config::Setups;
use crate::job::{self, Input, Job};
use crate::results::{self, Results};

/// Where clean text, or the diff, goes.
#[derive(Debug)]
enum Destination {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

pub(crate) fn run(args: &CleanArgs) -> Result<Ending> {
    let (inputs, listing) = job::inputs(&args.input)?;
    let destination = destination(args, &inputs, &listing)?;
    forbid_overwriting(args, &inputs, &listing, &destination)?;
    let mut setups = Setups::new(&args.pipeline);
    let mut run = Run::new(args, destination)?;
    for problem in listing.problems {
        run.fail(&problem.into());
    }
    for input in &inputs {
        let setup = setups.for_folder(&input.folder())?;
        match input.repair(&setup).and_then(|job| run.deliver(input, job)) {
            Ok(()) => {}
            Err(error) => run.fail(&error),
        }
    }
    run.finish()
}

fn destination(args: &CleanArgs, inputs: &[Input], listing: &Listing) -> Result<Destination> {
    let many = inputs.len() > 1 || !listing.folders.is_empty();
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
    if !many && named_as_folder && matches!(inputs, [Input::Stdin]) {
        bail!("{}: this is a folder; what comes from standard input needs a file to go to", output.display());
    }
    Ok(if many || named_as_folder { Destination::Folder(output) } else { Destination::File(output) })
}

/// What is read stays, and two results never go to one place.
fn forbid_overwriting(
    args: &CleanArgs,
    inputs: &[Input],
    listing: &Listing,
    destination: &Destination,
) -> Result<()> {
    let mut guard = Guard::new(inputs.iter().filter_map(Input::path));
    match destination {
        Destination::Stdout => {}
        Destination::File(path) => guard.claim(path)?,
        Destination::Folder(folder) => {
            check_folders(folder, listing)?;
            for path in inputs.iter().filter_map(|input| place_in(folder, input)) {
                guard.claim(&path)?;
            }
        }
    }
    for path in args.edits.iter().chain(&args.report) {
        guard.claim(path)?;
    }
    Ok(())
}

fn place_in(folder: &Path, input: &Input) -> Option<PathBuf> {
    match input {
        Input::Stdin => None,
        Input::File(file) => Some(folder.join(&file.place)),
    }
}

/// A run of the command: where things go, and what has come of it.
struct Run<'a> {
    args: &'a CleanArgs,
    destination: Destination,
    stdout: Results,
    coloured: bool,
    edits: Option<Pending>,
    diff: Option<Pending>,
    report: Option<Pending>,
    /// Kept for the report, which tells of all at once.
    told: Vec<(DocumentRecords, Job)>,
    counts: Counts,
    ending: Ending,
}

#[derive(Debug, Default)]
struct Counts {
    documents: usize,
    applied: usize,
    suggested: usize,
    notes: usize,
}

impl<'a> Run<'a> {
    fn new(args: &'a CleanArgs, destination: Destination) -> Result<Self> {
        let diff = match &destination {
            Destination::File(path) if args.diff => Some(Pending::create(path)?),
            _ => None,
        };
        Ok(Self {
            args,
            coloured: matches!(destination, Destination::Stdout) && results::coloured(args.color),
            destination,
            stdout: Results::new(),
            edits: args.edits.as_deref().map(Pending::create).transpose()?,
            diff,
            report: args.report.as_deref().map(Pending::create).transpose()?,
            told: Vec::new(),
            counts: Counts::default(),
            ending: Ending::default(),
        })
    }

    fn fail(&mut self, error: &anyhow::Error) {
        crate::tell(error);
        self.ending.failed = true;
    }

    /// Hands out what came of a document.
    fn deliver(&mut self, input: &Input, job: Job) -> Result<()> {
        if self.args.diff {
            self.deliver_diff(&job).context("the diff could not be written")?;
        } else {
            self.deliver_text(input, job.cleaned.text.as_bytes())?;
        }
        self.ending.found |= self.args.exit_code && job.has_findings();
        self.counts.add(&job);
        if self.edits.is_none() && self.report.is_none() {
            return Ok(());
        }
        let records = job.records();
        if let Some(edits) = &mut self.edits {
            records.write(io::BufWriter::new(edits)).context("the records could not be written")?;
        }
        if self.report.is_some() {
            self.told.push((records, job));
        }
        Ok(())
    }

    fn deliver_text(&mut self, input: &Input, text: &[u8]) -> Result<()> {
        match &self.destination {
            Destination::Stdout => self.stdout.write_all(text).context("standard output")?,
            Destination::File(path) => textmend::io::replace(path, text)?,
            Destination::Folder(folder) => {
                let path = place_in(folder, input).expect("standard input goes to no folder");
                let parent = path.parent().unwrap_or(folder);
                fs::create_dir_all(parent)
                    .map_err(|source| textmend::Error::Io { path: parent.to_owned(), source })?;
                textmend::io::replace(&path, text)?;
            }
        }
        Ok(())
    }

    fn deliver_diff(&mut self, job: &Job) -> io::Result<()> {
        if self.coloured {
            let view = terminal::view(&job.name, &job.cleaned);
            return self.stdout.write_all(view.as_bytes());
        }
        let out: &mut dyn Write = match &mut self.diff {
            Some(file) => file,
            None => &mut self.stdout,
        };
        diff::unified(io::BufWriter::new(out), &job.name, &job.source, &job.cleaned.source, &job.cleaned.text)
    }

    fn finish(mut self) -> Result<Ending> {
        if let Some(report) = &mut self.report {
            let told = self.told.iter();
            let pages: Vec<_> = told.map(|(records, job)| Page { records, cleaned: &job.cleaned }).collect();
            report.write_all(html::page(&pages).as_bytes()).context("the report could not be written")?;
        }
        // A run that brought nothing to an end leaves nothing behind.
        if self.counts.documents > 0 {
            for file in [self.edits, self.diff, self.report].into_iter().flatten() {
                file.commit()?;
            }
        }
        self.stdout.finish()?;
        if io::stderr().is_terminal() && self.counts.documents > 0 {
            eprintln!("{}", self.counts);
        }
        Ok(self.ending)
    }
}

impl Counts {
    fn add(&mut self, job: &Job) {
        self.documents += 1;
        self.notes += job.cleaned.notes.len();
        for outcome in &job.cleaned.repairs {
            match outcome.status {
                Status::Applied => self.applied += 1,
                Status::Suggested => self.suggested += 1,
                Status::Superseded | Status::Rejected => {}
            }
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let done = of(self.documents, "document");
        let (repairs, notes) = (of(self.applied, "repair"), of(self.notes, "note"));
        write!(f, "{done}: {repairs} applied, {} suggested, {notes}", self.suggested)
    }
}
