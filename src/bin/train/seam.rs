//! `train seam`: which blocks continue which.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use textmend::eval::damage::{Rates, Rng};
use textmend::train::seam::{
    Page, SeamModel, Settings, calibrate_pairs, learn_pages, learn_text, pages, report,
};
use textmend::train::{Corpus, Part};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to learn from: a paragraph a line, blank lines between documents. The
    /// first 8 tenths are learned from, the next calibrates, the last is reported on
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// Calibrate with the first half of this one too, and report on the other;
    /// nothing is learned from it
    #[arg(long, value_name = "CORPUS")]
    tune: Vec<PathBuf>,
    /// Report on the last tenth of this one too
    #[arg(long, value_name = "CORPUS")]
    report: Vec<PathBuf>,
    /// Learn the second layer alone: take the first one from these weights, and
    /// the vectors beside them
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The encoder of what stands on both sides, of `train encoder`
    #[arg(long, value_name = "FILE", default_value = "models/seam-encoder.bin")]
    encoder: PathBuf,
    /// Rounds of learning the second layer, each from pages of its own
    #[arg(long, default_value_t = 8)]
    rounds: u64,
    /// Times the documents are laid out as pages in a round, each time damaged anew
    #[arg(long, default_value_t = 16)]
    turns: usize,
    /// One page in so many comes in pieces of a few blocks too
    #[arg(long, default_value_t = 2)]
    pieces: usize,
    /// Where to write the weights; the vectors go beside them
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let corpora = read(&args.corpora)?;
    let tuning = read(&args.tune)?;
    let mut model = first_layer(args, &corpora)?;
    let halves = tuning.iter().map(|corpus| corpus.documents.split_at(corpus.documents.len() / 2));
    let apart: Vec<&[Vec<String>]> = corpora.iter().map(|corpus| corpus.part(Part::Tune)).collect();
    let others: Vec<&[Vec<String>]> = halves.clone().map(|(first, _)| first).collect();
    learn_second_layer(args, &apart, &others, &mut model)?;
    let [weights, vectors] = model.to_files();
    std::fs::write(&args.output, weights)?;
    std::fs::write(vectors_beside(&args.output), vectors)?;
    for (path, corpus) in args.corpora.iter().zip(&corpora) {
        tell(path, corpus.part(Part::Test), &model)?;
    }
    for (path, (_, second)) in args.tune.iter().zip(halves) {
        tell(path, second, &model)?;
    }
    for (path, corpus) in args.report.iter().zip(read(&args.report)?) {
        tell(path, corpus.part(Part::Test), &model)?;
    }
    Ok(())
}

fn read(paths: &[PathBuf]) -> Result<Vec<Corpus>> {
    Ok(paths.iter().map(|path| Corpus::read(path)).collect::<Result<_, _>>()?)
}

fn first_layer(args: &Args, corpora: &[Corpus]) -> Result<SeamModel> {
    let settings = Settings::default();
    let file = |path: &Path| std::fs::read(path).with_context(|| format!("can't read {}", path.display()));
    let encoder = file(&args.encoder)?;
    if let Some(from) = &args.from {
        let (weights, vectors) = (file(from)?, file(&vectors_beside(from))?);
        return Ok(SeamModel::from_files(&weights, &vectors, &encoder, &settings)?);
    }
    let documents: Vec<&[String]> =
        corpora.iter().flat_map(|corpus| corpus.part(Part::Train)).map(Vec::as_slice).collect();
    Ok(learn_text(&documents, &encoder, &settings)?)
}

fn vectors_beside(weights: &Path) -> PathBuf {
    weights.with_file_name("seam-vectors.bin")
}

/// Learns from pages of three quarters of each of `apart`, and calibrates with
/// the rest of them and with `others`.
fn learn_second_layer(
    args: &Args,
    apart: &[&[Vec<String>]],
    others: &[&[Vec<String>]],
    model: &mut SeamModel,
) -> Result<()> {
    let parts = apart.iter().map(|documents| documents.split_at(documents.len() * 3 / 4));
    let (learned, held): (Vec<_>, Vec<_>) = parts.unzip();
    learn_pages(model, args.rounds, |round| pages_of(&learned, args, FIRST_ROUND + round))?;
    let held: Vec<_> = held.iter().chain(others).copied().collect();
    calibrate_pairs(&pages_of(&held, args, HELD)?, model);
    Ok(())
}

/// Seeds of pages: those that calibrate, those that are reported on, and those of
/// the first round of learning, which the others follow.
const HELD: u64 = 2;
const REPORT: u64 = 3;
const UNDAMAGED: u64 = 4;
const FIRST_ROUND: u64 = 100;

/// Pages of all `parts`, and some of them once more in pieces.
fn pages_of(parts: &[&[Vec<String>]], args: &Args, seed: u64) -> Result<Vec<Page>> {
    let mut all = Vec::new();
    for documents in parts {
        all.extend(pages(documents, &Rates::default(), seed, args.turns)?);
    }
    let mut rng = Rng::new(6, seed);
    let pieces: Vec<Page> = all.iter().step_by(args.pieces).flat_map(|page| page.pieces(&mut rng)).collect();
    all.extend(pieces);
    Ok(all)
}

fn tell(path: &Path, documents: &[Vec<String>], model: &SeamModel) -> Result<()> {
    println!("{}: {}", path.display(), report(&pages(documents, &Rates::default(), REPORT, 3)?, model));
    println!("undamaged: {}", report(&pages(documents, &Rates::none(), UNDAMAGED, 1)?, model));
    Ok(())
}
