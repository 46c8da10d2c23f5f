//! The contents of a member, as far as they are not read.

use std::io::{self, Read};
use std::path::Path;

use super::Reader;
use crate::error::Error;

/// What is left of the contents of a member.
pub(in crate::io::archive) struct Contents<'a, R: Read> {
    pub(super) reader: &'a mut Reader<R>,
    pub(super) path: &'a Path,
    pub(super) name: String,
}

impl<R: Read> Read for Contents<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = usize::try_from(self.reader.left).unwrap_or(usize::MAX).min(buffer.len());
        if length == 0 {
            return Ok(0);
        }
        let place = |place: &str| format!("member {:?}, {place}", self.name);
        match self.reader.inner.read(&mut buffer[..length]) {
            Ok(0) => {
                self.reader.done = true;
                let here = place(&format!("byte {} of the tar file", self.reader.at));
                let problem = "the file breaks off here; what came before was read".to_owned();
                let error = Error::Damaged { path: self.path.to_owned(), place: here, problem };
                Err(io::Error::new(io::ErrorKind::InvalidData, error))
            }
            Ok(read) => {
                self.reader.left -= read as u64;
                self.reader.at += read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.reader.done = true;
                Err(match Error::of_reading(self.path, error) {
                    Error::Damaged { path, place: at, problem } => {
                        let error = Error::Damaged { path, place: place(&at), problem };
                        io::Error::new(io::ErrorKind::InvalidData, error)
                    }
                    Error::Io { source, .. } => source,
                    other => io::Error::new(io::ErrorKind::InvalidData, other),
                })
            }
        }
    }
}
