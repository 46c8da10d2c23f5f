//! `train quotes`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use textmend::train::{self, Corpus, Part, Settings};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Text to learn from: a paragraph a line, a blank line between articles.
    /// The last tenth of each file is left for telling how good the model is.
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// Other text to tell on how good the model is; nothing is learned from it.
    #[arg(long, value_name = "FILE")]
    report: Vec<PathBuf>,
    /// Learn nothing but how far the weights of this file can be trusted.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Where to write the weights.
    #[arg(short, long, default_value = "models/quotes.bin")]
    output: PathBuf,
    /// Binary logarithm of the number of weights; a weight is a byte.
    #[arg(long, default_value_t = 22)]
    bits: u32,
    /// How often the text is gone through, each time damaged anew.
    #[arg(long, default_value_t = 20)]
    epochs: u64,
    /// What chance is drawn from.
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
    let (mut lessons, mut held_out, mut reported) = (Vec::new(), Vec::new(), Vec::new());
    for file in &args.corpora {
        let corpus = Corpus::read(file)?;
        lessons.push(corpus.articles_of(Part::Train));
        held_out.push((name(file), corpus.articles_of(Part::Tune)));
    }
    for file in &args.report {
        reported.push((name(file), Corpus::read(file)?.articles()));
    }
    let settings = Settings {
        bits: args.bits,
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
    let learned = train::quotes(&lessons, from.as_deref(), &held_out, &reported, &settings, &mut tell)?;
    std::fs::write(&args.output, &learned.bytes)
        .with_context(|| format!("can't write {}", args.output.display()))?;
    anstream::println!("{}", learned.report);
    Ok(())
}

pub(crate) fn name(file: &Path) -> String {
    file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
