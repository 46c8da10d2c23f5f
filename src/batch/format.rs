//! What a file of documents has to say of itself: how it is cut into pieces,
//! and how it is put together again. Each format is a file of its own.

use std::any::Any;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use super::Options;
use super::archived::Archived;
use super::desk::{Desk, PageOf};
use super::json_lines::JsonLines;
use super::tally::{Failures, Tally};
use super::text::PlainText;
use super::unit::Unit;
use crate::across::Look;
use crate::error::{Error, Result};
use crate::io::archive;
use crate::io::compression::Compression;

/// How often another run can go on, in bytes of input.
pub(super) const MARK: u64 = 2 << 20;

/// The formats, by the names they go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatName {
    /// A file is a document.
    Text,
    /// A line is a JSON object with a document in one of its fields.
    JsonLines,
    /// A tar file of texts and JSON Lines.
    Tar,
    /// A zip file of them.
    Zip,
    /// A Parquet file with a column of documents.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl FormatName {
    /// What a file called `path` is, compressed or not.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let path = Compression::unpacked_name(path);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Self::JsonLines,
            "tar" => Self::Tar,
            "zip" => Self::Zip,
            #[cfg(feature = "parquet")]
            "parquet" => Self::Parquet,
            _ => Self::Text,
        }
    }

    pub(super) fn format(self) -> &'static dyn Format {
        match self {
            Self::Text => &PlainText,
            Self::JsonLines => &JsonLines,
            Self::Tar => &Archived(archive::Format::Tar),
            Self::Zip => &Archived(archive::Format::Zip),
            #[cfg(feature = "parquet")]
            Self::Parquet => &super::dataset::Dataset,
        }
    }

    /// As it is called in what is hashed.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::JsonLines => "jsonl",
            Self::Tar => "tar",
            Self::Zip => "zip",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
        }
    }

    /// Whether a unit is known by what it holds when it is unpacked.
    pub(super) fn is_unpacked(self) -> bool {
        matches!(self, Self::Text | Self::JsonLines)
    }
}

/// A kind of file with documents in it.
pub(super) trait Format: Send + Sync {
    /// Begins to cut `unit`, after `from` if an earlier run came that far.
    ///
    /// # Errors
    /// If it can't be read, or no longer begins as it did for `from`.
    fn cut(&self, unit: &Arc<Unit>, options: &Options, from: Option<&Mark>) -> Result<Box<dyn Cut>>;

    /// Begins to put `unit` together.
    ///
    /// # Errors
    /// If it can't be read, or can't be written again.
    fn assemble(&self, unit: &Unit, options: &Options) -> Result<Box<dyn Assemble>>;

    /// Whether what was made has to be kept ([`Worked::kept`]) for another run
    /// to go on: the output ends with a list of all that is in it, so it can't
    /// be cut.
    fn keeps(&self) -> bool {
        false
    }
}

/// Cuts a unit into pieces. This is done by one thread for all workers: it has
/// to be cheap.
pub(super) trait Cut: Send {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// If the rest can't be read. The unit ends there: what was cut so far is
    /// good.
    fn next(&mut self) -> Result<Option<Slice>>;

    /// BLAKE3 of all that was read, at the end: what [`Unit::hash`] gives.
    ///
    /// # Errors
    /// If the unit can't be read any more.
    fn hash(&self) -> Result<blake3::Hash>;

    /// How the unit as a whole is compressed.
    fn compression(&self) -> Option<Compression> {
        None
    }
}

/// A piece, as it was cut.
pub(super) struct Slice {
    pub(super) piece: Box<dyn Piece>,
    /// Where the next run can go on, if what came before is in the output.
    pub(super) mark: Option<Mark>,
}

/// A place in a unit between two pieces.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Mark {
    /// Bytes that lie before it.
    pub(super) offset: u64,
    /// Lines, members or rows that lie before it.
    pub(super) lines: u64,
    /// BLAKE3 of those bytes, hexadecimal; `None` where the file's size and
    /// time have to do.
    pub(super) hash: Option<String>,
}

/// A part of a unit: what a worker gets.
pub(super) trait Piece: Send {
    /// Repairs the documents in it.
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked;

    /// What it weighs, in bytes.
    fn weight(&self) -> usize;
}

/// What a worker made of a piece.
#[derive(Default)]
pub(super) struct Worked {
    pub(super) made: Made,
    /// What [`Assemble::recall`] gets `made` from again, for a format that
    /// [`keeps`](Format::keeps) it.
    pub(super) kept: Vec<u8>,
    /// Bytes of input, for a piece that is not a whole unit.
    pub(super) read: u64,
    pub(super) tally: Tally,
    pub(super) failures: Failures,
    /// The edit records, as lines.
    pub(super) records: Vec<u8>,
    pub(super) pages: Vec<PageOf>,
    /// What was seen, where nothing was repaired, by the names of documents.
    pub(super) looks: Vec<(String, Look)>,
    /// BLAKE3 of the input, for a piece that is a whole unit.
    pub(super) hash: Option<blake3::Hash>,
    /// Why nothing more can be written.
    pub(super) stop: Option<Error>,
}

/// What is to be written.
#[derive(Default)]
pub(super) enum Made {
    /// Nothing: it failed.
    #[default]
    Nothing,
    /// Bytes that stand in the output as they are, or make up a part of it.
    Bytes(Vec<u8>),
    /// The worker has written the unit; so many bytes.
    Written(u64),
    /// Something that [`Assemble`] of the same format understands.
    Part(Box<dyn Any + Send>),
}

impl Made {
    /// Whether there is anything to write.
    pub(super) fn is_something(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Written(_) | Self::Part(_) => true,
        }
    }
}

impl Worked {
    /// Nothing but `error`, which befell what is called `place`.
    pub(super) fn failed(place: &str, error: &Error) -> Self {
        let mut worked = Self::default();
        worked.failures.push(place, error.to_string());
        worked
    }
}

/// Puts a unit together from what workers made, in order. It owns no output:
/// what has to, keeps a buffer and empties it into `out`.
pub(super) trait Assemble {
    /// Adds what was made of the next piece.
    ///
    /// # Errors
    /// Whatever `out` answers.
    fn add(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()>;

    /// Ends the unit.
    ///
    /// # Errors
    /// Whatever `out` answers.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;

    /// Bytes it has given out, for formats where that matters.
    fn given(&self) -> u64 {
        0
    }

    /// Goes on after the bytes that another one has [`given`](Self::given) out.
    fn go_on(&mut self, _given: u64) {}

    /// What was made once, from what was kept of it.
    ///
    /// # Errors
    /// If `kept` can't be read, or is not what was kept.
    fn recall(&mut self, _kept: &mut dyn BufRead) -> io::Result<Made> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Bytes, one after the other.
pub(super) struct Plain;

impl Assemble for Plain {
    fn add(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()> {
        match made {
            Made::Bytes(bytes) => out.write_all(&bytes),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
