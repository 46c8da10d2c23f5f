//! `textmend man`.

use anyhow::{Result, anyhow};
use clap::CommandFactory as _;

use crate::Ending;
use crate::args::{Arguments, ManArgs};
use crate::results::Results;

pub(crate) fn run(args: &ManArgs) -> Result<Ending> {
    let mut command = Arguments::command();
    command.build();
    for name in &args.command {
        let inner = command.find_subcommand(name).ok_or_else(|| {
            anyhow!("there is no command `{}`; see `textmend --help`", args.command.join(" "))
        })?;
        command = inner.clone();
    }
    let mut out = Results::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    out.finish()?;
    Ok(Ending::default())
}
