//! `train encoder`.

use std::path::PathBuf;

use anyhow::Context as _;
use textmend::train::seam::encoder::{Settings, learn_encoder};
use textmend::train::{Corpus, Part};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to learn from: a paragraph a line, blank lines between documents. The
    /// first 8 tenths are read.
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// Where to write the encoder.
    #[arg(short, long, default_value = "models/seam-encoder.bin")]
    output: PathBuf,
    /// Times the text is gone through.
    #[arg(long, default_value_t = Settings::default().epochs)]
    epochs: usize,
    /// What chance is drawn from.
    #[arg(long, default_value_t = Settings::default().seed)]
    seed: u64,
    /// The width of the first steps.
    #[arg(long, default_value_t = Settings::default().rate)]
    rate: f32,
    /// The part of a step that takes numbers back towards 0.
    #[arg(long, default_value_t = Settings::default().decay)]
    decay: f32,
    /// How often a character has to stand in the text to have a vector of its own.
    #[arg(long, default_value_t = Settings::default().least)]
    least: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let corpora = args.corpora.iter().map(|path| Corpus::read(path)).collect::<Result<Vec<_>, _>>()?;
    let documents: Vec<&[String]> =
        corpora.iter().flat_map(|corpus| corpus.part(Part::Train)).map(Vec::as_slice).collect();
    let settings = Settings {
        epochs: args.epochs,
        seed: args.seed,
        rate: args.rate,
        decay: args.decay,
        least: args.least,
    };
    let file = learn_encoder(&documents, &settings, &mut |line| anstream::eprintln!("{line}"));
    std::fs::write(&args.output, file).with_context(|| format!("can't write {}", args.output.display()))
}
