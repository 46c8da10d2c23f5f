//! `train cnn`.

use std::path::PathBuf;

use anyhow::Context as _;
use textmend::train::cnn::{self, Settings};

use super::texts::{Files, Texts};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// The linear model that the network is weighed beside.
    #[arg(long, value_name = "FILE", default_value = "models/quotes.bin")]
    linear: PathBuf,
    /// Where to write the network.
    #[arg(short, long, default_value = "models/quotes-cnn.bin")]
    output: PathBuf,
    /// How often the text is gone through, each time damaged anew.
    #[arg(long, default_value_t = 8)]
    epochs: u64,
    /// What chance is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The width of the first steps.
    #[arg(long, default_value_t = 0.002)]
    rate: f32,
    /// The part of a step that takes numbers back towards 0.
    #[arg(long, default_value_t = 0.2)]
    decay: f32,
    /// The part of all characters that are not seen.
    #[arg(long, default_value_t = 0.15)]
    unseen_characters: f64,
    /// The part of all pairs of characters that are not seen.
    #[arg(long, default_value_t = 0.5)]
    unseen_bigrams: f64,
    /// The part of all pages that have gaps which mean nothing.
    #[arg(long, default_value_t = 0.04)]
    noise: f64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Texts { lessons, held_out, others } = args.files.read()?;
    let settings = Settings {
        epochs: args.epochs,
        seed: args.seed,
        rate: args.rate,
        decay: args.decay,
        unseen_characters: args.unseen_characters,
        unseen_bigrams: args.unseen_bigrams,
        noise: args.noise,
    };
    let linear =
        std::fs::read(&args.linear).with_context(|| format!("can't read {}", args.linear.display()))?;
    let mut tell = |line: &str| anstream::eprintln!("{line}");
    let learned = cnn::cnn(&lessons, &linear, &held_out, &others, &settings, &mut tell)?;
    std::fs::write(&args.output, &learned.bytes)
        .with_context(|| format!("can't write {}", args.output.display()))?;
    anstream::println!("{}", learned.report);
    Ok(())
}
