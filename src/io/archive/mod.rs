//! Archives: tar (compressed or not) and zip, their members one after another.
//!
//! An archive is copied member by member: a text is replaced
//! ([`Member::with_contents`], in any thread, then [`Writer::put`]), everything else is
//! carried over as it is ([`Writer::copy`]). Order, names, modes, times,
//! folders, links and, in zip, the way each member is compressed stay. Members
//! whose names or links would leave the folder that an archive is unpacked to
//! are refused, and never renamed.

mod place;
mod tar;
mod zip;

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::compression::{self, Compression, Limits};
use crate::error::{Error, Result};

/// What kind of archive a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// ustar, with GNU's or PAX's long names.
    Tar,
    /// Zip, up to zip64.
    Zip,
}

/// Bytes that [`Format::of_bytes`] has to see to tell a tar file.
pub const MAGIC: usize = 512;

impl Format {
    /// What a file is that begins with `bytes`, once it is unpacked; its first
    /// [`MAGIC`] ones are enough.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Some(Self::Zip);
        }
        bytes.get(257..262).filter(|magic| magic == b"ustar").map(|_| Self::Tar)
    }

    /// What the name of a file says, once the ending of a compression is taken
    /// off ([`Compression::unpacked_name`]).
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        if extension.eq_ignore_ascii_case("tar") {
            return Some(Self::Tar);
        }
        extension.eq_ignore_ascii_case("zip").then_some(Self::Zip)
    }
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file with contents that can be read, and replaced.
    File,
    /// A folder.
    Folder,
    /// A link that stays inside the archive.
    Link,
    /// A device, a file with holes, what later versions of the format know.
    Other,
    /// A file that is encrypted, or compressed in a way that is not read.
    Locked,
}

/// A member of an archive.
#[derive(Clone)]
pub struct Member {
    /// Its name as it stands in the archive.
    pub name: String,
    /// Where it goes below an output folder.
    pub place: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// Bytes of its contents, as the archive tells. More never come out of
    /// [`Archive::contents`].
    pub size: u64,
    head: Head,
}

/// What the formats need to write a member again.
#[derive(Clone)]
enum Head {
    /// The header blocks, with those of long names before it.
    Tar(Vec<u8>),
    Zip(zip::Head),
}

/// An archive being read.
pub struct Archive {
    path: PathBuf,
    inner: Inner,
}

enum Inner {
    Tar(tar::Reader<compression::Reader>),
    Zip(zip::Reader),
}

impl Archive {
    /// Opens the archive at `path`. `limits` are for the whole of a compressed
    /// tar file, and for each member of a zip file.
    ///
    /// # Errors
    /// [`Error::Io`] if the file can't be read, [`Error::Damaged`] if it is no
    /// archive of this `format`, or a zip file with members that overlap, with
    /// something before or after it, or without its end.
    pub fn open(path: &Path, format: Format, limits: Limits) -> Result<Self> {
        let inner = match format {
            Format::Tar => Inner::Tar(tar::Reader::new(compression::Reader::open(path, limits)?)),
            Format::Zip => Inner::Zip(zip::Reader::open(path, limits)?),
        };
        Ok(Self { path: path.to_owned(), inner })
    }

    /// How the archive as a whole is compressed.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        match &self.inner {
            Inner::Tar(tar) => tar.inner().compression(),
            Inner::Zip(_) => None,
        }
    }

    /// The next member, past what is left of the one before; none at the end.
    /// After [`Error::Member`] for one that is refused, others follow. After
    /// any other error none does.
    ///
    /// # Errors
    /// [`Error::Member`], [`Error::Damaged`], [`Error::Bomb`] or
    /// [`Error::Io`].
    pub fn next_member(&mut self) -> Option<Result<Member>> {
        match &mut self.inner {
            Inner::Tar(tar) => tar.next_member(&self.path),
            Inner::Zip(zip) => zip.next_member(&self.path),
        }
    }

    /// The contents of `member`, the last one that
    /// [`next_member`](Self::next_member) gave. Where they break off or are
    /// damaged, the error ([`Error::of_reading`]) names the member and comes
    /// after what could be read. Empty for all but files.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its header is, [`Error::Bomb`] if it tells a size
    /// beyond the limits.
    pub fn contents(&mut self, member: &Member) -> Result<Box<dyn Read + '_>> {
        match (&mut self.inner, &member.head) {
            (Inner::Zip(zip), Head::Zip(head)) if member.kind == Kind::File => {
                zip.contents(&self.path, member, head.index)
            }
            (Inner::Tar(tar), Head::Tar(_)) => Ok(Box::new(tar.contents(&self.path, &member.name))),
            _ => Ok(Box::new(std::io::empty())),
        }
    }

    /// The next stretch, at most 256 KiB, of what [`Writer::copy`] needs of the
    /// last member to carry it over; none at its end. From a zip file it needs
    /// nothing.
    ///
    /// # Errors
    /// As [`next_member`](Self::next_member).
    pub fn next_stretch(&mut self, member: &Member) -> Result<Option<Vec<u8>>> {
        match &mut self.inner {
            Inner::Tar(tar) => tar.next_stretch(&self.path, &member.name),
            Inner::Zip(_) => Ok(None),
        }
    }
}

/// A member with new contents, ready to be written.
pub struct Packed(PackedInner);

enum PackedInner {
    Tar(Vec<u8>),
    Zip(Box<::zip::write::PreparedZipFile>),
}

impl Member {
    /// This member with other contents, compressed as it was. Can be done in
    /// any thread; the bytes depend on the arguments alone.
    ///
    /// # Errors
    /// [`Error::Member`] if it is no [`Kind::File`], or too large for its
    /// format.
    pub fn with_contents(&self, archive: &Path, contents: &[u8]) -> Result<Packed> {
        let refuse =
            |problem: String| Error::Member { path: archive.to_owned(), member: self.name.clone(), problem };
        if self.kind != Kind::File {
            return Err(refuse("it is no file, so it has no contents to replace".to_owned()));
        }
        match &self.head {
            Head::Tar(head) => Ok(Packed(PackedInner::Tar(tar::with_contents(head, contents)))),
            Head::Zip(head) => {
                let packed = zip::with_contents(&self.name, head, contents);
                packed.map(|file| Packed(PackedInner::Zip(Box::new(file)))).map_err(refuse)
            }
        }
    }
}

/// An archive being written, from members of one that is read.
pub struct Writer<W: Write + Seek> {
    inner: WriterInner<W>,
}

enum WriterInner<W: Write + Seek> {
    Tar(tar::Writer<compression::Writer<W>>),
    Zip(Box<zip::Writer<W>>),
}

impl<W: Write + Seek> Writer<W> {
    /// Begins an archive of the kind of that at `source`, from which members
    /// are carried over. `compression` and `level` are for a tar file as a
    /// whole.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn new(
        inner: W,
        source: &Path,
        format: Format,
        compression: Option<Compression>,
        level: Option<u32>,
    ) -> Result<Self> {
        let inner = match format {
            Format::Tar => {
                WriterInner::Tar(tar::Writer::new(compression::Writer::new(inner, compression, level)))
            }
            Format::Zip => WriterInner::Zip(Box::new(zip::Writer::new(inner, source)?)),
        };
        Ok(Self { inner })
    }

    /// Writes a member with new contents.
    ///
    /// # Errors
    /// What the file says; or another archive's kind of member is given.
    pub fn put(&mut self, packed: Packed) -> std::io::Result<()> {
        match (&mut self.inner, packed.0) {
            (WriterInner::Tar(tar), PackedInner::Tar(bytes)) => tar.write(&bytes),
            (WriterInner::Zip(zip), PackedInner::Zip(file)) => zip.put(*file),
            _ => Err(std::io::Error::other("the member is of another kind of archive")),
        }
    }

    /// Carries a member over as it is. Then what
    /// [`Archive::next_stretch`] gave is given to [`stretch`](Self::stretch),
    /// and [`end_copy`](Self::end_copy) called, also after an error.
    ///
    /// # Errors
    /// What the file says; [`Error::Damaged`] inside if the source is.
    pub fn copy(&mut self, member: &Member) -> std::io::Result<()> {
        match (&mut self.inner, &member.head) {
            (WriterInner::Tar(tar), Head::Tar(head)) => tar.begin(head, member.size),
            (WriterInner::Zip(zip), Head::Zip(head)) => zip.copy(&member.name, head.index),
            _ => Err(std::io::Error::other("the member is of another kind of archive")),
        }
    }

    /// Writes more of the member that is carried over.
    ///
    /// # Errors
    /// What the file says.
    pub fn stretch(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match &mut self.inner {
            WriterInner::Tar(tar) => tar.stretch(bytes),
            WriterInner::Zip(_) => Ok(()),
        }
    }

    /// Ends a member that is carried over. Where the source broke off inside,
    /// zeros stand for the rest, so that the members after it stay readable;
    /// how many is returned.
    ///
    /// # Errors
    /// What the file says.
    pub fn end_copy(&mut self) -> std::io::Result<u64> {
        match &mut self.inner {
            WriterInner::Tar(tar) => tar.end(),
            WriterInner::Zip(_) => Ok(0),
        }
    }

    /// Ends the archive and gives back what it was written to.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish(self) -> std::io::Result<W> {
        match self.inner {
            WriterInner::Tar(tar) => tar.finish()?.finish(),
            WriterInner::Zip(zip) => zip.finish(),
        }
    }
}

/// The archive at `path`, for reading what is next to nothing more than once.
fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })
}
