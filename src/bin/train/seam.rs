//! `train seam`: which blocks continue which.

use std::path::{Path, PathBuf};

use anyhow::Result;
use textmend::eval::damage::Rates;
use textmend::train::seam::{SeamModel, Settings, calibrate_pairs, learn_pages, learn_text, pages, report};
use textmend::train::{Corpus, Part};

/// Times the pages of the second layer are gone through.
const ROUNDS: usize = 6;
/// Times the documents are laid out as pages, each time damaged anew.
const TURNS: usize = 8;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to learn from: a paragraph a line, blank lines between documents. The
    /// first 8 tenths are learned from, the next calibrates, the last is reported on
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// Calibrate with the first half of this one too, and report on the other
    #[arg(long, value_name = "CORPUS")]
    tune: Vec<PathBuf>,
    /// Report on the last tenth of this one too
    #[arg(long, value_name = "CORPUS")]
    report: Vec<PathBuf>,
    /// Where to write the weights; the vectors go beside them
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let corpora = read(&args.corpora)?;
    let tuning = read(&args.tune)?;
    let documents: Vec<&[String]> =
        corpora.iter().flat_map(|corpus| corpus.part(Part::Train)).map(Vec::as_slice).collect();
    let mut model = learn_text(&documents, &Settings::default());
    let halves = tuning.iter().map(|corpus| corpus.documents.split_at(corpus.documents.len() / 2));
    let mut apart: Vec<&[Vec<String>]> = corpora.iter().map(|corpus| corpus.part(Part::Tune)).collect();
    apart.extend(halves.clone().map(|(first, _)| first));
    learn_second_layer(&apart, &mut model)?;
    let [weights, vectors] = model.to_files();
    std::fs::write(&args.output, weights)?;
    std::fs::write(args.output.with_file_name("seam-vectors.bin"), vectors)?;
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

/// Learns from pages of three quarters of each of `apart`, and calibrates with
/// the others.
fn learn_second_layer(apart: &[&[Vec<String>]], model: &mut SeamModel) -> Result<()> {
    let (mut learned, mut held) = (Vec::new(), Vec::new());
    for documents in apart {
        let (first, last) = documents.split_at(documents.len() * 3 / 4);
        learned.extend(pages(first, &Rates::default(), 1, TURNS)?);
        held.extend(pages(last, &Rates::default(), 2, TURNS)?);
    }
    learn_pages(&learned, model, ROUNDS);
    calibrate_pairs(&held, model);
    Ok(())
}

fn tell(path: &Path, documents: &[Vec<String>], model: &SeamModel) -> Result<()> {
    println!("{}: {}", path.display(), report(&pages(documents, &Rates::default(), 3, 3)?, model));
    println!("undamaged: {}", report(&pages(documents, &Rates::none(), 4, 1)?, model));
    Ok(())
}
