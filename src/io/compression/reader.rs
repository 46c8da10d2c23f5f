//! Reading a compressed file, part after part.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::decoder::{Decoder, Step};
use super::{Compression, Limits, MAGIC};
use crate::error::{Error, Result};

/// Bytes read from the file at once.
const BUFFER: usize = 64 << 10;

/// The contents of a file that may be compressed.
///
/// What can be unpacked before a file breaks off or is damaged is delivered;
/// then reading fails with an [`Error::Damaged`] inside the [`io::Error`]
/// ([`Error::of_reading`] gets it out), each time. A file never just ends
/// early. Whether bytes are the right ones is only known at the end of a part,
/// where its checksum is: after an error, those beyond
/// [`verified`](Reader::verified) may be damaged, too.
pub struct Reader<R = BufReader<File>> {
    inner: R,
    path: PathBuf,
    compression: Option<Compression>,
    limits: Limits,
    state: State,
    /// Parts begun.
    parts: u64,
    packed: u64,
    unpacked: u64,
    verified: u64,
}

enum State {
    Plain,
    /// Before a part, or at the end.
    Between,
    Inside(Decoder),
    Failed(Trouble),
}

#[derive(Clone)]
struct Trouble {
    bomb: bool,
    at: u64,
    problem: String,
}

impl Reader {
    /// Opens the file at `path`, compressed or not.
    ///
    /// # Errors
    /// [`Error::Io`] if it can't be opened or its first bytes can't be read.
    pub fn open(path: &Path, limits: Limits) -> Result<Self> {
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::detect(BufReader::with_capacity(BUFFER, file), path, limits)
    }
}

impl<R: BufRead> Reader<R> {
    /// Unpacks what `inner` gives, if its first bytes or the name in `path` say
    /// that it is compressed. Of a pipe, only what its first read gives is
    /// looked at.
    ///
    /// # Errors
    /// [`Error::Io`] if the first bytes can't be read.
    pub fn detect(mut inner: R, path: &Path, limits: Limits) -> Result<Self> {
        let first = inner.fill_buf().map_err(|source| Error::Io { path: path.to_owned(), source })?;
        let compression = Compression::told(&first[..first.len().min(MAGIC)], path);
        Ok(Self::new(inner, path, compression, limits))
    }

    /// Unpacks what `inner` gives; `path` is named where it fails.
    pub fn new(inner: R, path: &Path, compression: Option<Compression>, limits: Limits) -> Self {
        let state = if compression.is_some() { State::Between } else { State::Plain };
        Self {
            inner,
            path: path.to_owned(),
            compression,
            limits,
            state,
            parts: 0,
            packed: 0,
            unpacked: 0,
            verified: 0,
        }
    }

    /// How the file is compressed.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// Bytes of the file that are read.
    #[must_use]
    pub fn packed(&self) -> u64 {
        self.packed
    }

    /// Bytes it gave.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// Of these, the bytes up to the end of the last part that was whole.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.verified
    }

    fn error(&self, trouble: &Trouble) -> io::Error {
        let (path, problem) = (self.path.clone(), trouble.problem.clone());
        let place = format!("byte {} of the compressed file", trouble.at);
        let error = if trouble.bomb {
            Error::Bomb { path, place, problem }
        } else {
            Error::Damaged { path, place, problem }
        };
        io::Error::new(io::ErrorKind::InvalidData, error)
    }

    fn fail(&mut self, problem: impl Into<String>) {
        self.state = State::Failed(Trouble { bomb: false, at: self.packed, problem: problem.into() });
    }

    /// Passes over what may fill up the file between and after parts.
    fn skip_padding(&mut self) -> io::Result<()> {
        let padded = matches!(self.compression, Some(Compression::Gzip | Compression::Xz));
        while padded && self.parts > 0 {
            let input = self.inner.fill_buf()?;
            let zeros = input.iter().take_while(|byte| **byte == 0).count();
            self.inner.consume(zeros);
            self.packed += zeros as u64;
            if zeros == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Begins a part; false at the end of the file.
    fn begin(&mut self, compression: Compression) -> io::Result<bool> {
        self.skip_padding()?;
        let Some(&first) = self.inner.fill_buf()?.first() else {
            if self.parts == 0 {
                self.fail(format!("it is empty, and a {} file is not", compression.name()));
            }
            return Ok(self.parts == 0);
        };
        if !begins(compression, first) {
            self.fail(match self.parts {
                0 => format!("it is named like a {} file, and is none; rename it", compression.name()),
                _ => "something follows here that is not compressed; all before it was read".to_owned(),
            });
            return Ok(true);
        }
        match Decoder::new(compression) {
            Ok(decoder) => self.state = State::Inside(decoder),
            Err(problem) => self.fail(problem),
        }
        self.parts += 1;
        Ok(true)
    }

    /// Unpacks something; how much, and whether to go on.
    fn unpack(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let State::Inside(decoder) = &mut self.state else { return Ok(0) };
        let input = self.inner.fill_buf()?;
        let at_end = input.is_empty();
        let (step, problem) = match decoder.step(input, output) {
            Ok(step) => (step, None),
            Err((step, problem)) => (step, Some(problem)),
        };
        self.inner.consume(step.read);
        self.packed += step.read as u64;
        self.unpacked += step.written as u64;
        if let Some(problem) = problem {
            self.fail(format!("the data is damaged ({problem}); what came before it was read"));
        } else if step.ended {
            self.verified = self.unpacked;
            self.state = State::Between;
        } else if step == Step::default() {
            let problem = if at_end {
                "the file breaks off here; what came before was read"
            } else {
                "the data is damaged; what came before it was read"
            };
            self.fail(problem);
        }
        if let Some(problem) = self.limits.exceeded(self.packed, self.unpacked) {
            self.state = State::Failed(Trouble { bomb: true, at: self.packed, problem });
        }
        Ok(step.written)
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            match (&self.state, self.compression) {
                (State::Failed(trouble), _) => return Err(self.error(trouble)),
                (State::Between, Some(compression)) => {
                    if !self.begin(compression)? {
                        return Ok(0);
                    }
                }
                (State::Inside(_), _) => match self.unpack(output)? {
                    0 => {}
                    written => return Ok(written),
                },
                (State::Plain | State::Between, _) => {
                    let read = self.inner.read(output)?;
                    self.packed += read as u64;
                    self.unpacked += read as u64;
                    self.verified = self.unpacked;
                    return Ok(read);
                }
            }
        }
    }
}

fn begins(compression: Compression, first: u8) -> bool {
    match compression {
        Compression::Gzip => first == 0x1F,
        Compression::Zstd => matches!(first, 0x28 | 0x50..=0x5F),
        Compression::Xz => first == 0xFD,
        Compression::Bzip2 => first == b'B',
    }
}
