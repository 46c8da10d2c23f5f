//! `train`: learns the weights under `models/` from text.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("usage: train MODEL CORPUS…");
    ExitCode::from(2)
}
