//! Plain text: a file is a document. The worker that repairs it reads it and
//! writes it.

use std::sync::Arc;

use super::Options;
use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, Made, Mark, Piece, Plain, Slice, Worked};
use super::unit::Unit;
use crate::error::{Error, Result};
use crate::io;

/// See the module.
pub(super) struct PlainText;

impl Format for PlainText {
    fn cut(&self, unit: &Arc<Unit>, _: &Options, _: Option<&Mark>) -> Result<Box<dyn Cut>> {
        Ok(Box::new(Whole { unit: Some(Arc::clone(unit)) }))
    }

    fn assemble(&self) -> Box<dyn Assemble> {
        Box::new(Plain)
    }
}

struct Whole {
    unit: Option<Arc<Unit>>,
}

impl Cut for Whole {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some(unit) = self.unit.take() else { return Ok(None) };
        let weight = usize::try_from(unit.look()?.size).unwrap_or(usize::MAX);
        Ok(Some(Slice { piece: Box::new(TextFile { unit }), weight, mark: None }))
    }

    fn hash(&self) -> blake3::Hash {
        // The worker reads the file, so only it knows: see `Worked::hash`.
        blake3::hash(b"")
    }
}

struct TextFile {
    unit: Arc<Unit>,
}

impl Piece for TextFile {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked::default();
        match self.repair(desk, &mut worked) {
            Ok(()) => worked,
            Err(error) => Worked::failed(&self.unit.name(), &error),
        }
    }
}

impl TextFile {
    fn repair(&self, desk: &Desk<'_>, worked: &mut Worked) -> Result<()> {
        let path = self.unit.path();
        let limit = desk.options.max_document;
        // A file that says it is too large is not read at all.
        if self.unit.look()?.size > limit {
            return Err(Error::TooLarge { path: path.to_owned(), limit });
        }
        let source = io::read_limited(path, self.unit.open()?, limit)?;
        let cleaner = &self.unit.cleaner;
        let decoded = io::to_text(path, &source, cleaner.textmend.encoding())?;
        let name = self.unit.name();
        let title = Title { path: &name, line: None, id: None };
        let document = desk.clean(cleaner, &title, &source, decoded)?;
        let bytes = desk.render(&document, &title)?;
        worked.made = match &desk.folder {
            None => Made::Bytes(bytes),
            Some(folder) => {
                worked.hash = Some(blake3::hash(&source));
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
