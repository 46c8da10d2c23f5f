//! Plain text: a file is a document. The worker that repairs it reads it and
//! writes it.

use std::sync::Arc;

use super::Options;
use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, Made, Mark, Piece, Plain, Slice, Worked};
use super::unit::Unit;
use crate::error::{Error, Result};
use crate::io::{self, compression};

/// See the module.
pub(super) struct PlainText;

impl Format for PlainText {
    fn cut(&self, unit: &Arc<Unit>, _: &Options, _: Option<&Mark>) -> Result<Box<dyn Cut>> {
        Ok(Box::new(Whole { unit: Some(Arc::clone(unit)) }))
    }

    fn assemble(&self, _: &Unit, _: &Options) -> Result<Box<dyn Assemble>> {
        Ok(Box::new(Plain))
    }
}

struct Whole {
    unit: Option<Arc<Unit>>,
}

impl Cut for Whole {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some(unit) = self.unit.take() else { return Ok(None) };
        let size = unit.look()?.size;
        Ok(Some(Slice { piece: Box::new(TextFile { unit, size }), mark: None }))
    }

    fn hash(&self) -> Result<blake3::Hash> {
        // The worker reads the file, so only it knows: see `Worked::hash`.
        Ok(blake3::hash(b""))
    }
}

struct TextFile {
    unit: Arc<Unit>,
    size: u64,
}

impl Piece for TextFile {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked::default();
        match self.repair(desk, &mut worked) {
            Ok(()) => worked,
            Err(error) => Worked::failed(&self.unit.name(), &error),
        }
    }

    fn weight(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }
}

impl TextFile {
    fn repair(&self, desk: &Desk<'_>, worked: &mut Worked) -> Result<()> {
        let path = self.unit.path();
        let limit = desk.options.max_document;
        if desk.options.format.is_none() {
            io::expect_plain_text(path)?;
        }
        // A file that says it is too large is not read at all.
        if self.size > limit {
            return Err(Error::TooLarge { path: path.to_owned(), limit });
        }
        let mut reader = self.unit.open(desk.options.limits)?;
        let mut source = Vec::with_capacity(self.weight());
        match io::read_limited(path, &mut reader, limit, &mut source) {
            Ok(()) => {}
            // What could be unpacked is good.
            Err(error @ Error::Damaged { .. }) if !source.is_empty() => {
                worked.failures.push(self.unit.name(), error.to_string());
            }
            Err(error) => return Err(error),
        }
        let cleaner = &self.unit.cleaner;
        let decoded = io::to_text(path, &source, cleaner.textmend.encoding())?;
        let name = self.unit.name();
        let title = Title { path: &name, line: None, id: None };
        let document = desk.clean(cleaner, &title, &source, decoded)?;
        let mut bytes = desk.render(&document, &title)?;
        if let (Some(compression), Some(_)) = (reader.compression(), &desk.folder) {
            let packed = compression::frame(compression, None, &bytes);
            bytes = packed.map_err(|source| Error::Io { path: path.to_owned(), source })?;
        }
        worked.made = match &desk.folder {
            None => Made::Bytes(bytes),
            Some(folder) => {
                worked.hash = Some(document.hash());
                match folder.replace(&self.unit.place, &bytes) {
                    Ok(()) => Made::Written(bytes.len() as u64),
                    Err(error) if io::stops(&error) => {
                        worked.stop = Some(error);
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        desk.tell(document, &title, worked);
        Ok(())
    }
}
