//! Everything into one stream: standard output, or one file.

use std::io::Write;
use std::sync::Arc;

use super::Outcome;
use super::consumer::Deliver;
use super::format::{Mark, Worked};
use super::journal::{Checkpoint, Entry};
use super::tally::Failures;
use super::unit::{Seen, Setting, Unit};
use crate::batch::format::Made;
use crate::error::{Error, Result};

/// What [`Error::Stream`] calls what is written, but for the records.
pub const OUTPUT: &str = "the output";

/// See the module.
pub(super) struct Stream<'a> {
    out: &'a mut dyn Write,
    records: Option<&'a mut dyn Write>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(out: &'a mut dyn Write, records: Option<&'a mut dyn Write>) -> Self {
        Self { out, records }
    }

    fn write(&mut self, worked: Worked) -> Result<()> {
        if let Made::Bytes(bytes) = worked.made {
            self.out.write_all(&bytes).map_err(|source| Error::Stream { what: OUTPUT, source })?;
        }
        if let Some(records) = &mut self.records {
            let written = records.write_all(&worked.records);
            written.map_err(|source| Error::Stream { what: "the records", source })?;
        }
        Ok(())
    }
}

impl Deliver for Stream<'_> {
    fn whole(&mut self, _: &Unit, _: &Seen, worked: Worked) -> Result<()> {
        self.write(worked)
    }

    fn begin(&mut self, _: &Arc<Unit>, _: Option<Checkpoint>) -> Result<()> {
        Ok(())
    }

    fn part(&mut self, worked: Worked, _: Option<Mark>) -> Result<()> {
        self.write(worked)
    }

    fn end(&mut self, _: &Seen, _: blake3::Hash, _: &Failures) -> Result<()> {
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
