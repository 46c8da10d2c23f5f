//! Many files in one run: in parallel, in bounded memory, and so that a run
//! that was killed can be gone on with.
//!
//! A *unit* is one input file with one output. A reader cuts it into *pieces*
//! (`format`), workers repair them, and one consumer takes what they made in
//! the order of the input, so that output, records and counts do not depend on
//! the number of workers. What is in flight is limited by its bytes
//! (`budget`). Text files are read and written by the workers themselves:
//! only what has to be in order goes through the consumer.
//!
//! A run into a folder keeps a journal there (`journal`): what is done and
//! unchanged is not done again.

mod archived;
mod budget;
mod consumer;
mod current;
#[cfg(feature = "parquet")]
mod dataset;
mod desk;
mod folder;
mod format;
mod journal;
mod json_lines;
mod kept;
mod pool;
mod reader;
mod run_file;
mod spool;
mod stream;
mod survey;
mod tally;
mod text;
mod unit;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::across::Knowledge;
use crate::error::Result;
use crate::io::archive::NameEncoding;
use crate::io::compression::Limits;

pub use desk::PageOf;
pub use format::FormatName;
pub use stream::OUTPUT;
pub use survey::survey;
pub use tally::{Failure, Failures, RuleTally, Stale, Tally};
pub use unit::{Cleaner, Setting, Unit};

/// What is to be made of the documents, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that repair; at least 1.
    pub workers: usize,
    /// The most bytes a document (a file, or a record of one) may have.
    pub max_document: u64,
    /// How much a compressed file may unpack into.
    pub limits: Limits,
    /// What the input is; by its name if not said.
    pub format: Option<FormatName>,
    /// How names in archives are encoded that are no UTF-8; guessed if not said.
    pub name_encoding: Option<NameEncoding>,
    /// What is written.
    pub form: Form,
    /// Whether clean text is written in the encoding of its source, and not in
    /// UTF-8.
    pub keep_encoding: bool,
    /// The field of a record that holds the text.
    pub text_field: String,
    /// The field that says what a record is called.
    pub id_field: Option<String>,
    /// The field to be added, with the repairs of the record.
    pub repairs_field: Option<String>,
    /// How many documents are kept whole for a report; see [`Outcome::pages`].
    pub pages: usize,
    /// What the archive says about its documents; see [`survey`].
    pub knowledge: Option<Arc<Knowledge>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            max_document: 64 << 20,
            limits: Limits::default(),
            format: None,
            name_encoding: None,
            form: Form::Text,
            keep_encoding: false,
            text_field: "text".to_owned(),
            id_field: None,
            repairs_field: None,
            pages: 0,
            knowledge: None,
        }
    }
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The clean text.
    Text,
    /// A unified diff.
    Diff,
    /// A view of the changes for a terminal, with colours.
    View,
}

/// Where it is written.
pub enum Destination<'a> {
    /// Everything into one stream, in order; no journal is kept.
    Stream {
        /// The text, or what else was asked for.
        out: &'a mut dyn Write,
        /// The edit records.
        records: Option<&'a mut dyn Write>,
    },
    /// Each unit into a file of its own.
    Folder(Folder),
}

/// An output folder.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder; it is made if it is not there.
    pub root: PathBuf,
    /// What to do about an earlier run.
    pub start: Start,
    /// The file that the edit records go to.
    pub records: Option<PathBuf>,
    /// Whether a place may be claimed twice, so that it has to be looked
    /// after: several folders or files were named.
    pub may_clash: bool,
}

/// What a run does about an earlier one into the same folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Does everything; refuses if the earlier run was not brought to its end.
    Fresh,
    /// Does everything, whatever the earlier run left.
    Afresh,
    /// Does what is not done, or has changed since.
    Resume,
}

/// Is told how a run goes.
pub trait Observer {
    /// What was done so far.
    fn advanced(&mut self, so_far: &Outcome);
    /// Something could not be done.
    fn failed(&mut self, failure: &Failure);
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was counted, what earlier runs did included.
    pub tally: Tally,
    /// What could not be done.
    pub failures: Failures,
    /// Units that an earlier run had done.
    pub earlier: u64,
    /// Bytes of input that this run has done.
    pub read: u64,
    /// Bytes that an earlier run had done.
    pub read_earlier: u64,
    /// Whether anything was written.
    pub has_results: bool,
    /// The first documents, as many as were asked for.
    pub pages: Vec<PageOf>,
}

/// Cleans all `units`.
///
/// A unit that can't be cleaned is told to `observer` and does not stop the
/// others.
///
/// # Errors
/// Where the output can't be written, the journal is refused, or a unit stands
/// for an [`Error::Setup`](crate::Error::Setup). A run into a folder can then
/// be gone on with.
pub fn run<'a>(
    units: impl Iterator<Item = Result<Unit>> + Send,
    destination: Destination<'a>,
    options: &'a Options,
    observer: &mut dyn Observer,
) -> Result<Outcome> {
    match destination {
        Destination::Stream { out, records } => {
            let with_records = records.is_some();
            let deliver = stream::Stream::new(out, records, options);
            let desk = desk::Desk::new(options, with_records, None);
            pool::run(units, &desk, None, deliver, observer)
        }
        Destination::Folder(folder) => {
            let with_records = folder.records.is_some();
            let (inside, past, deliver) = folder::open(&folder, options)?;
            let desk = desk::Desk::new(options, with_records, Some(inside));
            let claims = folder.may_clash;
            pool::run(units, &desk, Some(reader::Past::new(past, claims)), deliver, observer)
        }
    }
}
