//! `train lexicon`: the dictionary in the form it is shipped in.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The words: `dict.txt` of jieba, a word with frequency and part of speech a
    /// line
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// Where to write the dictionary
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let list = std::fs::read_to_string(&args.list).with_context(|| args.list.display().to_string())?;
    let file = textmend::train::dictionary(&list).map_err(anyhow::Error::msg)?;
    std::fs::write(&args.output, file).with_context(|| args.output.display().to_string())
}
