//! The command line: reads arguments, calls the library, and is the only part
//! that prints and exits.

mod across;
mod args;
mod check;
mod clean;
mod clean_args;
mod completions;
mod config;
mod config_schema;
mod damage;
mod eval;
mod eval_args;
mod inputs;
mod job;
mod man;
mod progress;
mod results;
mod revert;
mod review;
mod rules;
mod summary;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

/// How a command ended, where nothing stopped it.
#[derive(Clone, Copy, Debug, Default)]
struct Ending {
    /// Something was found, and that was the question.
    found: bool,
    /// Something could not be done; it was told.
    failed: bool,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        if ending.failed {
            Self::from(2)
        } else if ending.found {
            Self::from(1)
        } else {
            Self::SUCCESS
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ending = match &arguments.command {
        Command::Clean(args) => clean::run(args),
        Command::Check(args) => check::run(args),
        Command::Revert(args) => revert::run(args),
        Command::Review(args) => review::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Damage(args) => damage::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
        Command::ConfigSchema => config_schema::run(),
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

/// Tells the person of something that could not be done.
fn tell(error: &anyhow::Error) {
    tell_of(&told(error));
}

/// As [`tell`], in words.
fn tell_of(problem: &str) {
    let error = textmend::report::terminal::safe(problem);
    anstream::eprintln!("{0}error:{0:#} {error}", anstyle::AnsiColor::Red.on_default().bold());
}

/// The error with its causes. One of the library tells of its own cause.
fn told(error: &anyhow::Error) -> String {
    let last = error.chain().position(|cause| cause.is::<textmend::Error>());
    let causes = error.chain().take(last.map_or(usize::MAX, |last| last + 1));
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
