//! Zip files as they are written: new members compressed as they were, the
//! others copied from the archive that is read.

use std::io::{self, Cursor, Write};
use std::path::Path;

use ::zip::write::PreparedZipFile;
use ::zip::{ZipArchive, ZipWriter};

use super::{Head, Source, archive, damaged};
use crate::error::{Error, Result};
use crate::io::feed::{Feed, Outlet, Pieces};

/// A file with other contents, ready to be written.
pub(in crate::io::archive) enum Packed {
    Prepared(Box<PreparedZipFile>),
    /// In an archive of its own, from which it is copied with its name as it is.
    Alone(Vec<u8>),
}

/// A file with other contents, compressed as it was.
pub(in crate::io::archive) fn with_contents(
    name: &str,
    head: &Head,
    contents: &[u8],
) -> Result<Packed, String> {
    let prepare = |name: &str| PreparedZipFile::from_data(name, (*head.options).clone(), contents);
    let packed = match &head.legacy {
        None => prepare(name).map(|file| Packed::Prepared(Box::new(file))),
        Some((name, comment)) => {
            prepare(&stand_in(name)).and_then(|file| alone(file, name, comment)).map(Packed::Alone)
        }
    };
    packed.map_err(|error| error.to_string())
}

/// ASCII as long as `bytes`.
fn stand_in(bytes: &[u8]) -> String {
    "x".repeat(bytes.len())
}

/// An archive with nothing but `file`, which is to have this name. The library
/// writes names that are UTF-8, but copies any: so the name is put in place of
/// one as long.
fn alone(file: PreparedZipFile, name: &[u8], comment: &[u8]) -> ::zip::result::ZipResult<Vec<u8>> {
    // Before the name: in the member's own header, in the list of members.
    const OWN: usize = 30;
    const LISTED: usize = 46;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_prepared_file(file)?;
    let bytes = writer.finish()?.into_inner();
    let list = ZipArchive::new(Cursor::new(bytes.as_slice()))?.central_directory_start();
    let list = usize::try_from(list).expect("it lies in memory");
    let mut bytes = bytes;
    bytes[OWN..OWN + name.len()].copy_from_slice(name);
    bytes[list + LISTED..list + LISTED + name.len()].copy_from_slice(name);
    // The comment ends the list, and is counted in it.
    let fields = usize::from(u16::from_le_bytes([bytes[list + 30], bytes[list + 31]]));
    let end = list + LISTED + name.len() + fields;
    let tail = bytes.split_off(end);
    bytes.extend(comment);
    let count = u16::try_from(comment.len()).unwrap_or(0).to_le_bytes();
    bytes[list + 32..list + 34].copy_from_slice(&count);
    let length = u32::try_from(bytes.len() - list).unwrap_or(u32::MAX).to_le_bytes();
    bytes.extend(tail);
    let record = bytes.len() - 22;
    bytes[record + 12..record + 16].copy_from_slice(&length);
    Ok(bytes)
}

pub(in crate::io::archive) struct Writer {
    feed: Feed<Piece>,
}

enum Piece {
    New(Packed),
    /// The member of the source with this name and number.
    Same(String, usize),
}

impl Writer {
    pub(in crate::io::archive) fn new(source: &Path) -> Result<Self> {
        let archive = archive(source)?;
        let path = source.to_owned();
        Ok(Self { feed: Feed::new(move |pieces, outlet| write(&path, archive, &pieces, outlet)) })
    }

    pub(in crate::io::archive) fn put(&mut self, packed: Packed, out: &mut dyn Write) -> io::Result<()> {
        self.feed.give(Piece::New(packed), out)
    }

    pub(in crate::io::archive) fn copy(
        &mut self,
        name: &str,
        index: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.feed.give(Piece::Same(name.to_owned(), index), out)
    }

    pub(in crate::io::archive) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.feed.finish(out)
    }
}

/// Writes all pieces to `outlet`; members that stay the same come from
/// `source`, the archive at `path`.
fn write(path: &Path, mut source: ZipArchive<Source>, pieces: &Pieces<Piece>, outlet: Outlet) -> Result<()> {
    let told = |error| Error::Io { path: path.to_owned(), source: written(error) };
    let mut out = ZipWriter::new(outlet);
    out.set_raw_comment(source.comment().into()).map_err(told)?;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::New(Packed::Prepared(file)) => out.add_prepared_file(*file).map_err(told)?,
            Piece::New(Packed::Alone(bytes)) => {
                let mut alone = ZipArchive::new(Cursor::new(bytes)).map_err(told)?;
                out.raw_copy_file(alone.by_index_raw(0).map_err(told)?).map_err(told)?;
            }
            Piece::Same(name, index) => {
                let file = source.by_index_raw(index).map_err(|error| damaged(path, &name, &error))?;
                out.raw_copy_file(file).map_err(told)?;
            }
        }
    }
    let mut outlet = out.finish().map_err(told)?;
    outlet.flush().map_err(|source| Error::Io { path: path.to_owned(), source })
}

fn written(error: ::zip::result::ZipError) -> io::Error {
    match error {
        ::zip::result::ZipError::Io(error) => error,
        error => io::Error::other(error),
    }
}
