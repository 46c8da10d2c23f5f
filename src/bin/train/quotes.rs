//! `train quotes`.

use std::path::PathBuf;

use anyhow::Context;
use textmend::train::{self, Settings};

use super::texts::{Files, Texts};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// Learn nothing but how far the weights of this file can be trusted.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Where to write the weights.
    #[arg(short, long, default_value = "models/quotes.bin")]
    output: PathBuf,
    /// Binary logarithm of the number of weights; a weight is a byte.
    #[arg(long, default_value_t = 22)]
    bits: u32,
    /// How often weights are learned from nothing; what is kept is their mean.
    #[arg(long, default_value_t = 1)]
    runs: u64,
    /// How often the text is gone through in each run, each time damaged anew.
    #[arg(long, default_value_t = 20)]
    epochs: u64,
    /// What chance is drawn from; each run has the next one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The rate of learning.
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    /// The L2 penalty.
    #[arg(long, default_value_t = 1e-5)]
    decay: f32,
    /// The part of all features that is out of play on each page.
    #[arg(long, default_value_t = 0.6)]
    dropout: f32,
    /// The part of all pages that have gaps which mean nothing.
    #[arg(long, default_value_t = 0.04)]
    noise: f64,
    /// Weights nearer to 0 are dropped.
    #[arg(long, default_value_t = 0.01)]
    floor: f32,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Texts { lessons, held_out, others } = args.files.read()?;
    let settings = Settings {
        bits: args.bits,
        runs: args.runs,
        epochs: args.epochs,
        seed: args.seed,
        rate: args.rate,
        decay: args.decay,
        dropout: args.dropout,
        noise: args.noise,
        floor: args.floor,
    };
    let mut tell = |line: &str| anstream::eprintln!("{line}");
    let from = args
        .from
        .as_ref()
        .map(|file| std::fs::read(file).with_context(|| format!("can't read {}", file.display())));
    let from = from.transpose()?;
    let learned = train::quotes(&lessons, from.as_deref(), &held_out, &others, &settings, &mut tell)?;
    std::fs::write(&args.output, &learned.bytes)
        .with_context(|| format!("can't write {}", args.output.display()))?;
    anstream::println!("{}", learned.report);
    Ok(())
}
