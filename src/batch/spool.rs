//! A file that grows, and of which only the beginning counts after a crash: as
//! much as the journal speaks of.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::io::Pending;

/// See the module.
pub(super) struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    len: u64,
}

impl Spool {
    /// Opens the spool at `path`, of which `len` bytes count.
    pub(super) fn open(path: PathBuf, len: u64) -> Result<Self> {
        let opened = || {
            let mut file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.set_len(len)?;
            file.seek(SeekFrom::Start(len))?;
            Ok(BufWriter::new(file))
        };
        let file = opened().map_err(|source| Error::Io { path: path.clone(), source })?;
        Ok(Self { path, file, len })
    }

    /// Bytes in it.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Adds `bytes`; gives where they lie: start and length.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(u64, u64)> {
        self.file.write_all(bytes).map_err(|source| self.error(source))?;
        let place = (self.len, bytes.len() as u64);
        self.len += place.1;
        Ok(place)
    }

    /// Makes sure that what was added outlives a power cut.
    pub(super) fn sync(&mut self) -> Result<()> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(|source| self.error(source))
    }

    /// Reads it from its beginning to where it ended when it was opened.
    pub(super) fn read(&self) -> Result<io::Take<BufReader<File>>> {
        let file = File::open(&self.path).map_err(|source| self.error(source))?;
        Ok(BufReader::new(file).take(self.len))
    }

    /// Writes the stretches in `order` to the file at `path`.
    pub(super) fn copy(&self, order: &[(u64, u64)], path: &Path) -> Result<()> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let mut out = Pending::create(path)?;
        let mut spool = File::open(&self.path).map_err(io)?;
        for (start, len) in order {
            spool.seek(SeekFrom::Start(*start)).map_err(io)?;
            io::copy(&mut (&mut spool).take(*len), &mut out).map_err(io)?;
        }
        out.commit()
    }

    /// Removes it.
    pub(super) fn remove(self) -> Result<()> {
        std::fs::remove_file(&self.path).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Io { path: self.path.clone(), source }
    }
}
