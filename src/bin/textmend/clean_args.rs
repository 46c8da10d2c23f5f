//! The arguments of `clean`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use textmend::batch::FormatName;
use textmend::io::archive::NameEncoding;

use crate::across::AcrossArgs;
use crate::args::{Color, InputArgs, PipelineArgs};

/// Repair text, and give the clean text or what would change.
///
/// One file, or standard input, goes to standard output or to the file of `-o`.
/// Several files, or a folder, need `-o FOLDER`; run.json there tells what was
/// done. What is read is never overwritten. The clean text is UTF-8; line ends
/// stay as they are.
///
/// Of .jsonl and .ndjson files the text of each record is repaired, of .parquet
/// files that of each row, of .tar and .zip files each text in them. Compressed
/// files (gz, zst, xz, bz2) are read, and in a folder written as they were;
/// elsewhere the name of the output says whether it is compressed.
///
/// Markup, data and code, as the names of files tell (.xml, .html, .csv, .json,
/// .py …), are left alone: not read in folders, carried over in archives.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend clean page.txt > clean.txt
  textmend clean page.txt -o clean.txt --edits page.jsonl --report page.html
  textmend clean page.txt --diff | patch page.txt
  pdftotext page.pdf - | textmend clean --only rejoin
  textmend clean --apply certain --skip quotes page.txt

Whole archives:
  textmend clean archive -o clean --edits clean.jsonl
  textmend clean archive -o clean --edits clean.jsonl --resume
  textmend clean archive -o clean --dedup-across=best --duplicates copies.jsonl --learn-phrases
  textmend clean 'archive/19*/**/*.txt' -o clean -j 8
  find archive -newer clean/run.json -type f | textmend clean --file-list - -o new
  textmend clean news.jsonl -o clean/ --text-field body --id-field url
  textmend clean news.jsonl.zst -o clean.jsonl.gz --repairs-field repairs
  textmend clean pages.tar.gz -o clean/
  textmend clean news.parquet -o clean.parquet --text-field body")]
pub(crate) struct CleanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Read the files that FILE names, one a line; `-` for standard input.
    ///
    /// In the output folder they keep the folders that their paths name.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file_list: Option<PathBuf>,

    /// Write to this file, or into this folder.
    #[arg(short, long, value_name = "FILE|FOLDER", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,

    /// Write a record of every repair to FILE, as JSON Lines; `revert` reads it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) edits: Option<PathBuf>,

    /// Write a page to FILE that shows source and clean text side by side.
    ///
    /// It is made in memory: of many documents it shows the first 2,000.
    #[arg(long, value_name = "FILE.html", value_hint = ValueHint::FilePath, conflicts_with = "resume")]
    pub(crate) report: Option<PathBuf>,

    /// Give a diff in place of the text.
    ///
    /// A unified diff for `patch`; with colours on, the changed lines with each
    /// changed character marked, and the rule that changed it. Of JSON Lines it
    /// shows the texts, which `patch` can do nothing with.
    #[arg(long, conflicts_with = "keep_encoding")]
    pub(crate) diff: bool,

    /// Do as was decided in FILE, which `textmend review` writes: what was
    /// rejected is not repaired, what was accepted is [default: `decisions` in
    /// textmend.toml, or none].
    ///
    /// Documents are named there as seen from its folder. A decision whose text
    /// has changed since is told on standard error, and not obeyed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) decisions: Option<PathBuf>,

    /// End with status 1 if anything was found.
    #[arg(long)]
    pub(crate) exit_code: bool,

    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) documents: DocumentArgs,

    #[command(flatten)]
    pub(crate) across: AcrossArgs,

    #[command(flatten)]
    pub(crate) run: RunArgs,

    #[command(flatten)]
    pub(crate) pipeline: PipelineArgs,
}

/// How documents lie in files.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is read and written")]
pub(crate) struct DocumentArgs {
    /// What the input is, once it is unpacked [default: by its name].
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<InputFormat>,

    /// How names in archives are encoded that are no UTF-8: gbk, big5, cp437 …
    /// [default: guessed].
    ///
    /// Their bytes stay as they are; it says what they are called in reports.
    #[arg(long, value_name = "LABEL", value_parser = name_encoding)]
    pub(crate) name_encoding: Option<NameEncoding>,

    /// The field of a record, or the column, that holds the text.
    ///
    /// All else keeps its bytes. A record without it is named and passed on as
    /// it is.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) text_field: String,

    /// The field that says what a record is called: edit records tell it.
    #[arg(long, value_name = "NAME")]
    pub(crate) id_field: Option<String>,

    /// Add a field to each record, with its repairs and notes as edit records;
    /// in Parquet a column of JSON.
    #[arg(long, value_name = "NAME", conflicts_with = "diff")]
    pub(crate) repairs_field: Option<String>,

    /// The largest document that is read; larger ones are named and skipped, and
    /// records that large are passed on.
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    pub(crate) max_document: u64,

    /// How many bytes each byte of a compressed file may unpack into, beyond the
    /// first 64 MiB: a file made to fill the disk unpacks into more.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) max_ratio: u64,

    /// How much a compressed file may unpack into at all [default: no limit].
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_unpacked: Option<u64>,

    /// Write clean text in the encoding of its source, with its byte order mark.
    ///
    /// A document with a character that this encoding lacks (a repair may have
    /// written it) is named and skipped. JSON Lines are always UTF-8.
    #[arg(long)]
    pub(crate) keep_encoding: bool,
}

/// How a run goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "How to run")]
pub(crate) struct RunArgs {
    /// How many documents are repaired at once [default: one a core].
    ///
    /// What comes out does not depend on it.
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Go on with what an earlier run into the same folder has done.
    ///
    /// What it did is not done again, unless the file, the rules or the options
    /// have changed since; what comes of it is the same as of one run. A file
    /// counts as unchanged if its size and time are the same, or else its
    /// content.
    #[arg(long, conflicts_with = "afresh")]
    pub(crate) resume: bool,

    /// Do everything again, whatever an earlier run left half done.
    #[arg(long)]
    pub(crate) afresh: bool,

    /// Show no progress and no summary; failures are still told.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// A kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// A file is a document.
    Text,
    /// A line is a JSON object with a text in it.
    Jsonl,
    /// A tar file.
    Tar,
    /// A zip file.
    Zip,
    /// A Parquet file.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl From<InputFormat> for FormatName {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Text => Self::Text,
            InputFormat::Jsonl => Self::JsonLines,
            InputFormat::Tar => Self::Tar,
            InputFormat::Zip => Self::Zip,
            #[cfg(feature = "parquet")]
            InputFormat::Parquet => Self::Parquet,
        }
    }
}

/// Reads the label of an encoding of names.
fn name_encoding(label: &str) -> Result<NameEncoding, String> {
    NameEncoding::for_label(label).map_err(|error| error.to_string())
}

/// Reads a number of bytes: `1000`, `500k`, `64M`, `2GiB`.
fn size(given: &str) -> Result<u64, String> {
    let digits = given.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match given[digits.len()..].to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return Err("a size is a number of bytes, with k, M or G if need be".to_owned()),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| "a size is a number of bytes, with k, M or G if need be".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!(
            [size("1000"), size("2k"), size("64MiB"), size("3gb")].map(Result::ok),
            [Some(1000), Some(2048), Some(64 << 20), Some(3 << 30)]
        );
        assert!(size("").is_err() && size("many").is_err() && size("3x").is_err());
    }
}
