//! `textmend completions`.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::Ending;
use crate::args::{Arguments, CompletionsArgs};
use crate::results::Results;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Ending> {
    let mut out = Results::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "textmend", &mut out);
    out.finish()?;
    Ok(Ending::default())
}
