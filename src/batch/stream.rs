//! Everything into one stream: standard output, or one file.

use std::io::Write;
use std::sync::Arc;

use super::consumer::Deliver;
use super::format::{Assemble, Mark, Plain, Worked};
use super::journal::{Checkpoint, Entry};
use super::unit::{Seen, Setting, Unit};
use super::{Form, Options, Outcome};
use crate::error::{Error, Result};
use crate::io::compression::Compression;

/// What [`Error::Stream`] calls what is written, but for the records.
pub const OUTPUT: &str = "the output";

/// See the module.
pub(super) struct Stream<'a> {
    out: &'a mut dyn Write,
    records: Option<&'a mut dyn Write>,
    options: &'a Options,
    /// What puts the unit together that has begun.
    assemble: Box<dyn Assemble>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(
        out: &'a mut dyn Write,
        records: Option<&'a mut dyn Write>,
        options: &'a Options,
    ) -> Self {
        Self { out, records, options, assemble: Box::new(Plain) }
    }

    fn write(&mut self, worked: Worked) -> Result<()> {
        self.assemble.add(worked.made, self.out).map_err(error)?;
        if let Some(records) = &mut self.records {
            let written = records.write_all(&worked.records);
            written.map_err(|source| Error::Stream { what: "the records", source })?;
        }
        Ok(())
    }
}

fn error(source: std::io::Error) -> Error {
    Error::Stream { what: OUTPUT, source }
}

impl Deliver for Stream<'_> {
    fn whole(&mut self, _: &Unit, _: &Seen, worked: Worked) -> Result<()> {
        self.write(worked)
    }

    /// Compression is a matter of the stream.
    fn begin(
        &mut self,
        unit: &Arc<Unit>,
        _: &Seen,
        _: Option<Compression>,
        _: Option<Checkpoint>,
    ) -> Result<()> {
        if self.options.form == Form::Text {
            self.assemble = self.options.format_of(unit).format().assemble(unit, self.options)?;
        }
        Ok(())
    }

    fn part(&mut self, worked: Worked, _: Option<Mark>) -> Result<()> {
        self.write(worked)
    }

    fn end(&mut self, _: Option<blake3::Hash>) -> Result<()> {
        let mut assemble = std::mem::replace(&mut self.assemble, Box::new(Plain));
        assemble.finish(self.out).map_err(error)
    }

    fn done(&mut self, _: &Unit, _: &Entry) -> Result<()> {
        Ok(())
    }

    fn finish(self, _: &Outcome, _: &[Setting]) -> Result<()> {
        Ok(())
    }

    fn stop(self) {}
}
