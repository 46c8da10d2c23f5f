//! The arguments of `textmend eval`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::args::PipelineArgs;

/// Score what `clean`, or another tool, makes of damaged text.
///
/// Needs the text as an editor would have it (gold). A file of the input belongs
/// to the file of the same name below the folder of gold, or to NAME.gold.txt
/// beside it. Every figure says how many repairs were needed, made and right.
/// `clean` is also run on gold, where every edit is wrong.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend eval --gold gold --input damaged
  textmend eval --gold page.gold.txt --input page.txt --errors 5
  textmend eval --gold gold --input damaged --cleaned others
  textmend eval --gold gold --input damaged --format json > figures.json
  textmend eval --gold gold --input damaged --floor figures.json
  textmend eval --undamaged news")]
pub(crate) struct EvalArgs {
    /// The text as an editor would have it: a file or a folder.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, requires = "input", required_unless_present = "undamaged")]
    pub(crate) gold: Option<PathBuf>,

    /// The damaged text: a file or a folder.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, requires = "gold")]
    pub(crate) input: Option<PathBuf>,

    /// Score this text, which another tool made of the input or of what is
    /// undamaged, and clean nothing.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) cleaned: Option<PathBuf>,

    /// Count the edits on this text, which has no damage: a file or a folder.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) undamaged: Option<PathBuf>,

    /// How to give the figures.
    #[arg(long, value_enum, default_value_t = EvalFormat::Text)]
    pub(crate) format: EvalFormat,

    /// Write to this file.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Add the first N errors of each kind to the table, or show the N worst
    /// pages (10 if not given) in HTML.
    #[arg(long, value_name = "N")]
    pub(crate) errors: Option<usize>,

    /// End with status 1 if a figure falls under the one in FILE, which
    /// `--format json` wrote.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) floor: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) pipeline: PipelineArgs,
}

/// A form for figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalFormat {
    /// A table.
    Text,
    /// One JSON object.
    Json,
    /// A page with the worst documents side by side.
    Html,
}
