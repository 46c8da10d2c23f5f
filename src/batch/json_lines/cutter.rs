//! Cuts JSON Lines at line ends, without a look at what is between them.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Lines, Verbatim};
use crate::batch::Options;
use crate::batch::format::{Cut, MARK, Mark, Slice};
use crate::batch::unit::{Unit, Unpacked};
use crate::error::{Error, Result};
use crate::io::compression::Compression;

/// What a piece has at least, in bytes: small enough to be spread over workers,
/// large enough that handing it over costs nothing.
const PIECE: usize = 64 << 10;

/// See [`Cut`].
pub(super) struct Cutter {
    unit: Arc<Unit>,
    reader: Unpacked,
    /// Read, and not yet part of a piece.
    buffer: Vec<u8>,
    /// The longest line that is looked at.
    limit: usize,
    /// Whether the line in the buffer is the rest of one that was too long.
    skipping: bool,
    /// Nothing more is to be read; the error is what ended it.
    ended: Option<Option<Error>>,
    hasher: blake3::Hasher,
    /// Bytes in the pieces so far.
    offset: u64,
    lines: u64,
    last_mark: u64,
}

impl Cutter {
    pub(super) fn new(unit: &Arc<Unit>, options: &Options, from: Option<&Mark>) -> Result<Self> {
        let mut cutter = Self {
            unit: Arc::clone(unit),
            reader: unit.open(options.limits)?,
            buffer: Vec::new(),
            limit: usize::try_from(options.max_document).unwrap_or(usize::MAX).max(PIECE),
            skipping: false,
            ended: None,
            hasher: blake3::Hasher::new(),
            offset: 0,
            lines: 0,
            last_mark: 0,
        };
        if let Some(mark) = from {
            cutter.go_to(mark)?;
        }
        Ok(cutter)
    }

    /// Reads on to `mark`.
    fn go_to(&mut self, mark: &Mark) -> Result<()> {
        let path = self.unit.path().to_owned();
        let io = |source| Error::of_reading(&path, source);
        self.hasher.update_reader((&mut self.reader).take(mark.offset)).map_err(io)?;
        if self.hasher.count() != mark.offset
            || Some(self.hasher.finalize().to_hex().as_str()) != mark.hash.as_deref()
        {
            let changed = "this file is not what it was when the earlier run read it";
            return Err(io(io::Error::other(changed)));
        }
        (self.offset, self.lines, self.last_mark) = (mark.offset, mark.lines, mark.offset);
        Ok(())
    }

    /// Reads until the buffer holds `wanted` bytes, or there are no more.
    fn fill(&mut self, wanted: usize) {
        let room = wanted.saturating_sub(self.buffer.len());
        if room == 0 || self.ended.is_some() {
            return;
        }
        match (&mut self.reader).take(room as u64).read_to_end(&mut self.buffer) {
            Ok(read) if read < room => self.ended = Some(None),
            Ok(_) => {}
            Err(source) => {
                self.ended = Some(Some(Error::of_reading(self.unit.path(), source)));
            }
        }
    }

    /// Where the next piece ends, and whether it holds whole lines. That must
    /// follow from where it begins alone: a run that goes on cuts as one that
    /// was not stopped.
    fn cut(&mut self) -> Option<(usize, bool)> {
        self.fill(PIECE);
        let mut searched = self.buffer.len().min(PIECE);
        let found = if self.skipping {
            memchr::memchr(b'\n', &self.buffer)
        } else {
            memchr::memrchr(b'\n', &self.buffer[..searched])
        };
        if let Some(at) = found {
            return Some((at + 1, !self.skipping));
        }
        while !self.skipping {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[searched..]) {
                return Some((searched + at + 1, true));
            }
            if self.ended.is_some() || self.buffer.len() > self.limit {
                break;
            }
            searched = self.buffer.len();
            self.fill(searched * 2);
        }
        let left = self.buffer.len();
        (left > 0).then_some((left, !self.skipping && self.ended.is_some()))
    }

    fn mark(&mut self) -> Option<Mark> {
        if self.skipping || self.offset - self.last_mark < MARK {
            return None;
        }
        self.last_mark = self.offset;
        let hash = self.hasher.finalize().to_hex().to_string();
        Some(Mark { offset: self.offset, lines: self.lines, hash: Some(hash) })
    }

    /// A part of a line that is too long: its first one tells so.
    fn verbatim(&mut self, bytes: Vec<u8>) -> Verbatim {
        let first = !std::mem::replace(&mut self.skipping, bytes.last() != Some(&b'\n'));
        let place = format!("{}:{}", self.unit.name(), self.lines + 1);
        let problem = format!("{place}: {}", too_long(self.limit as u64));
        self.lines += u64::from(!self.skipping);
        Verbatim { bytes, failure: first.then_some((place, problem)) }
    }
}

impl Cut for Cutter {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some((end, whole)) = self.cut() else {
            return match self.ended.as_mut().and_then(Option::take) {
                Some(error) => Err(error),
                None => Ok(None),
            };
        };
        let rest = self.buffer.split_off(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        self.hasher.update(&bytes);
        self.offset += bytes.len() as u64;
        if !whole {
            let piece = Box::new(self.verbatim(bytes));
            return Ok(Some(Slice { piece, mark: self.mark() }));
        }
        let before = self.lines;
        self.lines += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let piece = Box::new(Lines { unit: Arc::clone(&self.unit), bytes, before });
        Ok(Some(Slice { piece, mark: self.mark() }))
    }

    fn hash(&self) -> Result<blake3::Hash> {
        Ok(self.hasher.finalize())
    }

    fn compression(&self) -> Option<Compression> {
        self.reader.compression()
    }
}

/// What is said of a line longer than `limit`.
pub(super) fn too_long(limit: u64) -> String {
    format!("this line is longer than the {limit} bytes of --max-document; it is passed on as it is")
}
