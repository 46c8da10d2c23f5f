//! `train lexicon`: the dictionary in the form it is shipped in.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The words: `dict.txt` of jieba, a word with frequency and part of speech a
    /// line
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// Which Simplified character each Traditional one is read as: `TSCharacters.txt`
    /// of OpenCC
    #[arg(long, value_name = "FILE")]
    variants: PathBuf,
    /// Where to write the dictionary
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let file = textmend::train::dictionary(&read(&args.list)?, &read(&args.variants)?)
        .map_err(anyhow::Error::msg)?;
    std::fs::write(&args.output, file).with_context(|| args.output.display().to_string())
}
