//! What is read, and how it is to be repaired.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use encoding_rs::Encoding;
use serde::Serialize;

use crate::decisions::{Decisions, Rulings};
use crate::edit::Confidence;
use crate::error::{Error, Result};
use crate::io::compression::{self, Limits};
use crate::textmend::{Config, Textmend};

/// Bytes read at once.
const BUFFER: usize = 64 << 10;

/// A file that is read, and unpacked on the way.
pub(super) type Unpacked = compression::Reader<Box<dyn BufRead + Send>>;

/// One input file.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The file; standard input if there is none.
    pub path: Option<PathBuf>,
    /// Where what it becomes goes below an output folder.
    pub place: PathBuf,
    /// What repairs it.
    pub cleaner: Arc<Cleaner>,
}

/// What repairs documents, and how it was configured; shared among units and
/// threads.
#[derive(Debug)]
pub struct Cleaner {
    /// The repairs.
    pub textmend: Arc<Textmend>,
    /// What people decided about them.
    pub(super) decisions: Decisions,
    pub(super) setting: Setting,
    /// The same for cleaners that make the same of everything.
    pub(super) hash: blake3::Hash,
}

/// How a run was configured, as run.json tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// BLAKE3 of the rules in force.
    pub rules_blake3: String,
    /// The lowest confidence that was applied.
    pub apply: Confidence,
    /// If not empty, nothing else ran.
    pub only: Vec<String>,
    /// What did not run.
    pub skip: Vec<String>,
    /// The encoding of the input, if it was given.
    pub encoding: Option<&'static str>,
}

/// What a file looked like when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: u64,
}

impl Cleaner {
    /// A cleaner as `config` asks for.
    ///
    /// # Errors
    /// As [`Textmend::new`].
    pub fn new(config: Config) -> Result<Self> {
        let (apply, only, skip) = (config.apply, config.only.clone(), config.skip.clone());
        let encoding = config.encoding.map(Encoding::name);
        let textmend = Arc::new(Textmend::new(config)?);
        let rules_blake3 = textmend.rules().hash().to_hex().to_string();
        let setting = Setting { rules_blake3, apply, only, skip, encoding };
        let hash = blake3::hash(&serde_json::to_vec(&setting).expect("strings are JSON"));
        Ok(Self { textmend, decisions: Decisions::default(), setting, hash })
    }

    /// The same, which obeys `decisions`.
    #[must_use]
    pub fn obeying(mut self, decisions: Decisions) -> Self {
        self.decisions = decisions;
        self
    }

    /// What was decided about the document at `path`; `inside` is what follows
    /// its name for one of many in a file.
    #[must_use]
    pub fn rulings(&self, path: &Path, inside: &str) -> Rulings {
        if self.decisions.is_empty() {
            return Rulings::default();
        }
        self.decisions.rulings(&(self.name_of(path) + inside))
    }

    /// What decisions call the document at `path`.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        if path == Path::new("-") {
            return "-".to_owned();
        }
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.decisions.name_of(&absolute)
    }

    /// A hash of what was decided about the file at `path` and all in it;
    /// nothing where nothing is.
    pub(super) fn decided(&self, path: &Path) -> Vec<u8> {
        if self.decisions.is_empty() {
            return Vec::new();
        }
        self.decisions.hash_for(&self.name_of(path)).map(Vec::from).unwrap_or_default()
    }
}

impl Unit {
    /// The file, as it was named; `-` for standard input.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new("-"))
    }

    /// The same, as text.
    pub(super) fn name(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    /// Begins to read it, unpacked if it is compressed. What reading meets is
    /// told by [`Error::of_reading`].
    pub(super) fn open(&self, limits: Limits) -> Result<Unpacked> {
        let path = self.path();
        compression::Reader::detect(self.open_raw()?, path, limits)
    }

    /// Begins to read it as it is.
    pub(super) fn open_raw(&self) -> Result<Box<dyn BufRead + Send>> {
        let Some(path) = &self.path else { return Ok(Box::new(BufReader::new(std::io::stdin()))) };
        let file = File::open(path).map_err(|source| Error::Io { path: path.clone(), source })?;
        Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
    }

    /// What it looks like now; nothing is known of standard input.
    pub(super) fn look(&self) -> Result<Seen> {
        let Some(path) = &self.path else { return Ok(Seen::default()) };
        let found = std::fs::metadata(path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        Ok(Seen { size: found.len(), modified })
    }

    /// BLAKE3 of what it holds: unpacked within `limits`, or as it is.
    pub(super) fn hash(&self, unpacked: Option<Limits>) -> Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        let read = match unpacked {
            Some(limits) => hasher.update_reader(self.open(limits)?).map(drop),
            None => hasher.update_reader(self.open_raw()?).map(drop),
        };
        read.map_err(|source| Error::of_reading(self.path(), source))?;
        Ok(hasher.finalize())
    }
}
