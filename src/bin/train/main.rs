//! `train`: learns the weights under `models/` from text.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[cfg(feature = "cnn")]
mod cnn;
mod encoder;
mod lexicon;
mod quotes;
mod seam;
mod texts;

/// Learns the weights of textmend's models from text.
#[derive(Debug, Parser)]
#[command(name = "train")]
struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, Subcommand)]
enum Model {
    /// The network that is weighed beside the model of quotes:
    /// `models/quotes-cnn.bin`.
    #[cfg(feature = "cnn")]
    Cnn(cnn::Args),
    /// How well what stands before a place goes on in what stands behind it:
    /// `models/seam-encoder.bin`.
    Encoder(encoder::Args),
    /// The dictionary, from the list of its words: `models/lexicon.bin`.
    Lexicon(lexicon::Args),
    /// Which quotation marks were stripped: `models/quotes.bin`.
    Quotes(quotes::Args),
    /// Which blocks continue which: `models/seam.bin` and
    /// `models/seam-vectors.bin`.
    Seam(seam::Args),
}

fn main() -> ExitCode {
    let done = match Args::parse().model {
        #[cfg(feature = "cnn")]
        Model::Cnn(args) => cnn::run(&args),
        Model::Encoder(args) => encoder::run(&args),
        Model::Lexicon(args) => lexicon::run(&args),
        Model::Quotes(args) => quotes::run(&args),
        Model::Seam(args) => seam::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
