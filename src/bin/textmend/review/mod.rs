//! `textmend review`. All ways to review stand on a [`Session`]: it is opened
//! here, and handed to the one that was asked for.

pub(crate) mod args;
mod decide;
mod list;
mod run;
mod terminal;
mod web;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Result, bail};
use textmend::batch::FormatName;
use textmend::review::{DecisionsFile, FILE_NAME, Session, Source};

use crate::Ending;
use crate::args::InputArgs;
use crate::config::Cleaners;
use crate::job::{self, Input};
use args::ReviewArgs;
pub(crate) use list::marked;

pub(crate) fn run(args: &ReviewArgs) -> Result<Ending> {
    if args.web && (args.filter.is_list() || args.decide.is_asked()) {
        bail!("--web lists and decides in the browser; leave it out, or what else is to be done");
    }
    let (mut session, failed) = open(args)?;
    let asks = !args.web && !args.decide.is_asked() && !args.filter.is_list();
    if asks && terminal::is_there() {
        let ending = terminal::run(session, args)?;
        return Ok(Ending { failed: ending.failed || failed, ..ending });
    }
    let ending = if args.web {
        web::serve(session, args.port)?
    } else if args.decide.is_asked() {
        decide::run(&mut session, &args.decide)?
    } else if args.filter.is_list() {
        list::run(&session, args)?
    } else {
        list::commands(&session, args)?
    };
    Ok(Ending { failed: ending.failed || failed, ..ending })
}

/// The session over what the arguments name, and whether something could not
/// be read; that was told.
fn open(args: &ReviewArgs) -> Result<(Session, bool)> {
    if args.input.paths.is_empty() && !args.decide.undo {
        bail!("nothing to review: name a file or a folder");
    }
    let input = InputArgs { paths: run::documents(&args.input.paths)? };
    let (inputs, listing) = if input.paths.is_empty() { Default::default() } else { job::inputs(&input)? };
    let mut failed = false;
    let mut fail = |error: anyhow::Error| {
        crate::tell(&error);
        failed = true;
    };
    listing.problems.into_iter().for_each(|problem| fail(problem.into()));
    let mut cleaners = Cleaners::new(&args.pipeline);
    let path = match &args.decisions {
        Some(path) => path.clone(),
        None => match inputs.first() {
            Some(input) => cleaners.decisions_of(&input.folder())?.unwrap_or_else(|| FILE_NAME.into()),
            None => cleaners.decisions_of(Path::new("."))?.unwrap_or_else(|| FILE_NAME.into()),
        },
    };
    let file = DecisionsFile::read(&path)?;
    let mut sources = Vec::new();
    for input in &inputs {
        let cleaner = cleaners.for_folder(&input.folder())?;
        match read(input, &file, cleaner.textmend.encoding()) {
            Ok(source) => sources.push((source, Arc::clone(&cleaner.textmend))),
            Err(error) => fail(error),
        }
    }
    Ok((Session::open_each(sources, path, who(args))?, failed))
}

fn read(
    input: &Input,
    file: &DecisionsFile,
    encoding: Option<&'static encoding_rs::Encoding>,
) -> Result<Source> {
    let path = input.path().unwrap_or(Path::new("-"));
    if FormatName::of(path) != FormatName::Text {
        bail!(
            "{}: a review is of text files; unpack it, or take its documents out, and name those",
            path.display()
        );
    }
    let bytes = match input {
        Input::Stdin => job::read_stdin()?,
        Input::File(file) => textmend::io::read(&file.path)?,
    };
    textmend::io::to_text(path, &bytes, encoding)?;
    Ok(Source { name: file.name_of(path), bytes })
}

/// The name under which is decided.
fn who(args: &ReviewArgs) -> String {
    let git = || {
        let asked = Command::new("git").args(["config", "user.name"]).output().ok()?;
        let name = String::from_utf8(asked.stdout).ok()?;
        Some(name.trim().to_owned()).filter(|name| asked.status.success() && !name.is_empty())
    };
    let logged_in = || ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    args.decide.who.clone().or_else(git).or_else(logged_in).unwrap_or_else(|| "unknown".to_owned())
}

/// The path of a file as a shell takes it.
fn shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
