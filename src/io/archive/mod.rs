//! Archives: tar (compressed or not) and zip, their members one after another.
//!
//! An archive is copied member by member: a text is replaced
//! ([`Member::with_contents`], in any thread, then [`Writer::put`]), everything else is
//! carried over as it is ([`Writer::copy`]). Order, names, modes, times,
//! folders, links and, in zip, the way each member is compressed stay. Members
//! whose names or links would leave the folder that an archive is unpacked to
//! are refused, and never renamed.

mod names;
mod place;
mod tar;
mod zip;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

pub use names::NameEncoding;

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
    /// What its name says; in the archive it may be encoded otherwise.
    pub name: String,
    /// Where it goes below an output folder.
    pub place: PathBuf,
    /// Its number among all members, from 0; those that are refused have one,
    /// too.
    pub number: u64,
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
    Tar(Box<tar::Reader<compression::Reader<Box<dyn BufRead + Send>>>>),
    Zip(Box<zip::Reader>),
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
        match format {
            Format::Tar => Self::tar(Box::new(BufReader::new(open(path)?)), path, limits),
            Format::Zip => {
                let zip = zip::Reader::open(path, limits)?;
                Ok(Self { path: path.to_owned(), inner: Inner::Zip(Box::new(zip)) })
            }
        }
    }

    /// The tar file, compressed or not, that `inner` gives; `path` is named in
    /// errors.
    ///
    /// # Errors
    /// [`Error::Io`] if its first bytes can't be read.
    pub fn tar(inner: Box<dyn BufRead + Send>, path: &Path, limits: Limits) -> Result<Self> {
        let inner = compression::Reader::detect(inner, path, limits)?;
        Ok(Self { path: path.to_owned(), inner: Inner::Tar(Box::new(tar::Reader::new(inner))) })
    }

    /// The same archive, whose names that are no UTF-8 are encoded like this.
    /// Without it, it is guessed: in a zip file by all names, in a tar file by
    /// those that came so far.
    #[must_use]
    pub fn with_names(mut self, encoding: Option<NameEncoding>) -> Self {
        match &mut self.inner {
            Inner::Tar(tar) => tar.names().give(encoding),
            Inner::Zip(zip) => zip.names().give(encoding),
        }
        self
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
            _ => Ok(Box::new(io::empty())),
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
    Zip(Box<zip::Packed>),
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
                packed.map(|packed| Packed(PackedInner::Zip(Box::new(packed)))).map_err(refuse)
            }
        }
    }
}

/// An archive being written, from members of one that is read. What is written
/// goes to the output that is lent for each call; a tar file that is to be
/// compressed needs one that does it ([`compression::Writer`]). The bytes
/// depend on the calls alone.
pub struct Writer(WriterInner);

enum WriterInner {
    Tar(tar::Writer),
    Zip(zip::Writer),
}

impl Writer {
    /// Begins an archive of the kind of that at `source`, from which members
    /// are carried over.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn new(source: &Path, format: Format) -> Result<Self> {
        Ok(Self(match format {
            Format::Tar => WriterInner::Tar(tar::Writer::default()),
            Format::Zip => WriterInner::Zip(zip::Writer::new(source)?),
        }))
    }

    /// Writes a member with new contents.
    ///
    /// # Errors
    /// What `out` says; or another archive's kind of member is given.
    pub fn put(&mut self, packed: Packed, out: &mut dyn Write) -> io::Result<()> {
        match (&mut self.0, packed.0) {
            (WriterInner::Tar(tar), PackedInner::Tar(bytes)) => tar.write(&bytes, out),
            (WriterInner::Zip(zip), PackedInner::Zip(packed)) => zip.put(*packed, out),
            _ => Err(io::Error::other("the member is of another kind of archive")),
        }
    }

    /// Carries a member over as it is. Then what
    /// [`Archive::next_stretch`] gives is given to [`stretch`](Self::stretch),
    /// and [`end_copy`](Self::end_copy) called, also after an error.
    ///
    /// # Errors
    /// What `out` says; [`Error::Damaged`] inside ([`Error::of_reading`]) if the
    /// source is.
    pub fn copy(&mut self, member: &Member, out: &mut dyn Write) -> io::Result<()> {
        match (&mut self.0, &member.head) {
            (WriterInner::Tar(tar), Head::Tar(head)) => tar.begin(head, member.size, out),
            (WriterInner::Zip(zip), Head::Zip(head)) => zip.copy(&member.name, head.index, out),
            _ => Err(io::Error::other("the member is of another kind of archive")),
        }
    }

    /// Writes more of the member that is carried over.
    ///
    /// # Errors
    /// What `out` says.
    pub fn stretch(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        match &mut self.0 {
            WriterInner::Tar(tar) => tar.stretch(bytes, out),
            WriterInner::Zip(_) => Ok(()),
        }
    }

    /// Ends a member that is carried over. Where the source broke off inside,
    /// zeros stand for the rest, so that the members after it stay readable;
    /// how many is returned.
    ///
    /// # Errors
    /// What `out` says.
    pub fn end_copy(&mut self, out: &mut dyn Write) -> io::Result<u64> {
        match &mut self.0 {
            WriterInner::Tar(tar) => tar.end(out),
            WriterInner::Zip(_) => Ok(0),
        }
    }

    /// Bytes of a tar file written so far; 0 for a zip file.
    #[must_use]
    pub fn given(&self) -> u64 {
        match &self.0 {
            WriterInner::Tar(tar) => tar.given(),
            WriterInner::Zip(_) => 0,
        }
    }

    /// Goes on with a tar file after so many bytes that another writer has
    /// [`given`](Self::given) out, all of whole members. A zip file ends with a
    /// list of all that is in it: it can only be written from its beginning.
    pub fn go_on(&mut self, given: u64) {
        if let WriterInner::Tar(tar) = &mut self.0 {
            tar.go_on(given);
        }
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match self.0 {
            WriterInner::Tar(tar) => tar.finish(out),
            WriterInner::Zip(zip) => zip.finish(out),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })
}
