//! What is read, and how it is to be repaired.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use encoding_rs::Encoding;
use serde::Serialize;

use crate::edit::Confidence;
use crate::error::{Error, Result};
use crate::textmend::{Config, Textmend};

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
    pub textmend: Textmend,
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
        let textmend = Textmend::new(config)?;
        let rules_blake3 = textmend.rules().hash().to_hex().to_string();
        let setting = Setting { rules_blake3, apply, only, skip, encoding };
        let hash = blake3::hash(&serde_json::to_vec(&setting).expect("strings are JSON"));
        Ok(Self { textmend, setting, hash })
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

    /// Begins to read it.
    pub(super) fn open(&self) -> Result<Box<dyn Read + Send>> {
        match &self.path {
            None => Ok(Box::new(std::io::stdin())),
            Some(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(source) => Err(Error::Io { path: path.clone(), source }),
            },
        }
    }

    /// What it looks like now; nothing is known of standard input.
    pub(super) fn look(&self) -> Result<Seen> {
        let Some(path) = &self.path else { return Ok(Seen::default()) };
        let found = std::fs::metadata(path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        Ok(Seen { size: found.len(), modified })
    }

    /// BLAKE3 of what it holds.
    pub(super) fn hash(&self) -> Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        let read = hasher.update_reader(self.open()?);
        read.map_err(|source| Error::Io { path: self.path().to_owned(), source })?;
        Ok(hasher.finalize())
    }
}
