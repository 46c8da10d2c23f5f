//! `train`: learns the weights under `models/` from text.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod corpus;
mod quotes;

/// Learns the weights of textmend's models from text.
#[derive(Parser)]
#[command(name = "train")]
struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(Subcommand)]
enum Model {
    /// Which quotation marks were stripped: `models/quotes.bin`.
    Quotes(quotes::Args),
}

fn main() -> ExitCode {
    let done = match Args::parse().model {
        Model::Quotes(args) => quotes::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
