//! The unit that is being written, and how far it can be gone on with.
//!
//! Most formats are written so that the output can be cut at a checkpoint. For
//! those that end with a list of all that is in them (zip, Parquet) what was
//! made is kept beside the journal, and the output is put together anew from
//! it: nothing is repaired twice.

use std::fs::File;
use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::sync::Arc;

use super::Options;
use super::format::{Assemble, Mark, Worked};
use super::journal::{Checkpoint, Entry, kept_place};
use super::spool::Spool;
use super::unit::Unit;
use crate::error::{Error, Result};
use crate::io::compression::{self, Compression};
use crate::io::{Inside, Part};

/// See the module.
pub(super) struct Current {
    pub(super) place: PathBuf,
    part: Part,
    /// Writes to the part, compressed if the input is.
    out: compression::Writer<File>,
    assemble: Box<dyn Assemble>,
    /// What was made so far, for a format that keeps it.
    kept: Option<Spool>,
    pub(super) has_output: bool,
    pub(super) entry: Entry,
}

impl Current {
    /// Begins `unit`, or goes on with it after `from`.
    pub(super) fn new(
        unit: &Arc<Unit>,
        compression: Option<Compression>,
        from: Checkpoint,
        inside: &Inside,
        options: &Options,
    ) -> Result<Self> {
        let path = inside.prepare(&unit.place)?;
        let Checkpoint { entry, given, kept, .. } = from;
        let format = options.format_of(unit).format();
        let part = Part::open(&path, entry.output)?;
        let out = compression::Writer::resumed(part.file()?, compression, None, entry.output);
        let assemble = format.assemble(unit, options)?;
        let spool = || Spool::open(inside.prepare(&kept_place(&unit.place))?, kept.unwrap_or(0));
        let kept = format.keeps().then(spool).transpose()?;
        let (place, has_output) = (unit.place.clone(), entry.output > 0);
        let mut current = Self { place, part, out, assemble, kept, has_output, entry };
        current.assemble.go_on(given);
        current.recall()?;
        Ok(current)
    }

    /// Puts together again what was kept.
    fn recall(&mut self) -> Result<()> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let mut kept = kept.read()?;
        while !kept.fill_buf().map_err(|source| self.error(source))?.is_empty() {
            let made = self.assemble.recall(&mut kept);
            let made = made.and_then(|made| self.assemble.add(made, &mut self.out));
            made.map_err(|source| self.error(source))?;
            self.has_output = true;
        }
        Ok(())
    }

    /// Adds what was made of the next piece; its records are not looked at.
    pub(super) fn add(&mut self, worked: Worked) -> Result<()> {
        self.has_output |= worked.made.is_something();
        let written = self.assemble.add(worked.made, &mut self.out);
        written.map_err(|source| self.error(source))?;
        if let Some(kept) = &mut self.kept {
            kept.add(&worked.kept)?;
        }
        self.entry.tally.merge(&worked.tally);
        self.entry.failures.merge(&worked.failures);
        Ok(())
    }

    /// What has to be known to go on from here, which is `mark` of the input;
    /// all of it is on disk.
    pub(super) fn checkpoint(&mut self, mark: Mark) -> Result<Checkpoint> {
        if let Some(kept) = &mut self.kept {
            kept.sync()?;
        } else {
            // What follows has to be readable without what lies before.
            self.out.finish_frame().map_err(|source| self.error(source))?;
            self.entry.output = self.out.written();
            self.part.sync()?;
        }
        let (given, kept) = (self.assemble.given(), self.kept.as_ref().map(Spool::len));
        Ok(Checkpoint { mark, entry: self.entry.clone(), given, kept })
    }

    /// Ends it: it gets its name.
    pub(super) fn finish(mut self) -> Result<Entry> {
        let finished = self.assemble.finish(&mut self.out);
        finished.map_err(|source| self.error(source))?;
        let io = |source| Error::Io { path: self.place.clone(), source };
        let file = self.out.finish().map_err(io)?;
        self.entry.output = file.metadata().map_err(io)?.len();
        self.part.commit()?;
        self.kept.map_or(Ok(()), Spool::remove)?;
        Ok(self.entry)
    }

    /// Leaves nothing of it.
    pub(super) fn discard(self) -> Result<()> {
        self.kept.map_or(Ok(()), Spool::remove)?;
        self.part.discard()
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Io { path: self.place.clone(), source }
    }
}
