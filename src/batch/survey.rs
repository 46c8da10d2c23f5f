//! A look at a whole archive before it is cleaned: the same units, read the
//! same way, but nothing is repaired and nothing written.

use std::path::Path;
use std::sync::Arc;

use super::consumer::Deliver;
use super::desk::Desk;
use super::format::{Mark, Worked};
use super::journal::{Checkpoint, Entry};
use super::pool;
use super::unit::{Seen, Setting, Unit};
use super::{Observer, Options, Outcome};
use crate::across::{Findings, Survey};
use crate::error::{Error, Result};
use crate::io::compression::Compression;

/// What the documents of `units` share. Files that grow with the archive lie in
/// `folder`, without a name; they are gone when the survey ends, however it
/// ends.
///
/// What can't be read is told to `observer`, and is no part of it.
///
/// # Errors
/// [`Error::Io`] if `folder` can't be written to.
pub fn survey(
    units: impl Iterator<Item = Result<Unit>> + Send,
    options: &Options,
    folder: &Path,
    observer: &mut dyn Observer,
) -> Result<Findings> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.to_owned(), source })?;
    let mut survey = Survey::new(folder)?;
    let desk = Desk::looking(options);
    pool::run(units, &desk, None, Collect { survey: &mut survey }, observer)?;
    survey.finish()
}

/// Collects what was seen, in the order of the archive.
struct Collect<'a> {
    survey: &'a mut Survey,
}

impl Collect<'_> {
    fn add(&mut self, worked: Worked) -> Result<()> {
        for (name, look) in worked.looks {
            self.survey.add(&name, look)?;
        }
        Ok(())
    }
}

impl Deliver for Collect<'_> {
    fn whole(&mut self, _: &Unit, _: &Seen, worked: Worked) -> Result<()> {
        self.add(worked)
    }

    fn begin(
        &mut self,
        _: &Arc<Unit>,
        _: &Seen,
        _: Option<Compression>,
        _: Option<Checkpoint>,
    ) -> Result<()> {
        Ok(())
    }

    fn part(&mut self, worked: Worked, _: Option<Mark>) -> Result<()> {
        self.add(worked)
    }

    fn end(&mut self, _: Option<blake3::Hash>) -> Result<()> {
        Ok(())
    }

    fn done(&mut self, _: &Unit, _: &Entry) -> Result<()> {
        Ok(())
    }

    fn finish(self, _: &Outcome, _: &[Setting]) -> Result<()> {
        Ok(())
    }

    fn stop(self) {}
}
