//! Tar files, block by block. The blocks of a header (with those of its long
//! names) are kept as they are and written again: what they say of owners,
//! times and extended attributes stays, whatever variant they are of. The
//! fields of a header are read by the library `tar`; its own archive type
//! would take the blocks apart.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ::tar::{EntryType, Header, PaxExtensions};

use super::place::{Links, place};
use super::{Head, Kind, Member};
use crate::error::{Error, Result};

const BLOCK: usize = 512;

/// Bytes a long name, or everything PAX says of a member, may take: more is
/// damage, or meant to fill the memory.
const LONGEST: u64 = 1 << 20;

/// Bytes handed on at once of a member that is carried over.
const STRETCH: u64 = 256 << 10;

/// A tar file is padded to a multiple of this, as `tar` does.
const RECORD: u64 = 10240;

pub(super) struct Reader<R: Read> {
    inner: R,
    /// Bytes read.
    at: u64,
    /// Bytes of the member that are not read yet, and what fills its last
    /// block.
    left: u64,
    padding: u64,
    done: bool,
    links: Links,
}

/// What stands before a member's own header.
#[derive(Default)]
struct Extensions {
    names: Vec<Vec<u8>>,
    links: Vec<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, at: 0, left: 0, padding: 0, done: false, links: Links::default() }
    }

    pub(super) fn inner(&self) -> &R {
        &self.inner
    }

    pub(super) fn next_member(&mut self, path: &Path) -> Option<Result<Member>> {
        if self.done {
            return None;
        }
        let member = self.pass_over(path).and_then(|()| self.read_member(path));
        if !matches!(member, Ok(Some(_)) | Err(Error::Member { .. })) {
            self.done = true;
        }
        member.transpose()
    }

    /// Contents of the last member, of `name`.
    pub(super) fn contents<'a>(&'a mut self, path: &'a Path, name: &str) -> Contents<'a, R> {
        Contents { reader: self, path, name: name.to_owned() }
    }

    pub(super) fn next_stretch(&mut self, path: &Path, name: &str) -> Result<Option<Vec<u8>>> {
        let mut stretch = Vec::new();
        let length = self.left.min(STRETCH);
        let read = self.contents(path, name).take(length).read_to_end(&mut stretch);
        match read {
            Ok(0) => Ok(None),
            // What was read before the error goes first.
            Err(error) if stretch.is_empty() => Err(Error::of_reading(path, error)),
            _ => Ok(Some(stretch)),
        }
    }

    fn damaged(&self, path: &Path, problem: impl Into<String>) -> Error {
        let place = format!("byte {} of the tar file", self.at);
        Error::Damaged { path: path.to_owned(), place, problem: problem.into() }
    }

    /// Reads to what follows the last member.
    fn pass_over(&mut self, path: &Path) -> Result<()> {
        let skip = self.left + self.padding;
        (self.left, self.padding) = (0, 0);
        let skipped = io::copy(&mut self.inner.by_ref().take(skip), &mut io::sink());
        let skipped = skipped.map_err(|error| Error::of_reading(path, error))?;
        self.at += skipped;
        if skipped < skip {
            return Err(self.damaged(path, "the file breaks off inside a member; those before it were read"));
        }
        Ok(())
    }

    /// The next block; none at the end of the file.
    fn block(&mut self, path: &Path) -> Result<Option<[u8; BLOCK]>> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.inner.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(self.damaged(path, "the file breaks off; the members before were read")),
                Ok(read) => {
                    filled += read;
                    self.at += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::of_reading(path, error)),
            }
        }
        Ok(Some(block))
    }

    fn read_member(&mut self, path: &Path) -> Result<Option<Member>> {
        let mut head = Vec::new();
        let mut before = Extensions::default();
        loop {
            let Some(block) = self.block(path)? else {
                let problem = match (self.at, head.is_empty()) {
                    (0, _) => "it is empty, and a tar file is not",
                    (_, true) => "its end mark is missing, so it may break off; all members here were read",
                    (_, false) => "the file breaks off; the members before were read",
                };
                return Err(self.damaged(path, problem));
            };
            if block == [0; BLOCK] {
                return if head.is_empty() {
                    self.read_end(path).map(|()| None)
                } else {
                    Err(self.damaged(path, "a long name has no member"))
                };
            }
            let header = self.checked(path, &block)?;
            head.extend(block);
            let size = header.entry_size().map_err(|error| self.damaged(path, error.to_string()))?;
            if !is_extension(header.entry_type()) {
                return self.member(path, &header, head, &before).map(Some);
            }
            let data = self.extension(path, size, &mut head)?;
            if let Err(problem) = before.add(header.entry_type(), &data) {
                return Err(self.damaged(path, problem));
            }
        }
    }

    fn checked(&self, path: &Path, block: &[u8; BLOCK]) -> Result<Header> {
        let mut header = Header::new_old();
        header.as_mut_bytes().copy_from_slice(block);
        let told = header.cksum();
        header.set_cksum();
        let right = header.cksum();
        header.as_mut_bytes().copy_from_slice(block);
        match (told, right) {
            (Ok(told), Ok(right)) if told == right => Ok(header),
            _ => Err(self.damaged(path, "what stands here is no header; the members before were read")),
        }
    }

    /// The data of a long name, or of what PAX says, added to `head`, too.
    fn extension(&mut self, path: &Path, size: u64, head: &mut Vec<u8>) -> Result<Vec<u8>> {
        if size > LONGEST {
            return Err(self.damaged(path, format!("a name or an attribute of {size} bytes")));
        }
        let mut data = Vec::new();
        while (data.len() as u64) < size {
            match self.block(path)? {
                Some(block) => data.extend(block),
                None => return Err(self.damaged(path, "the file breaks off; the members before were read")),
            }
        }
        if (head.len() + data.len()) as u64 > 4 * LONGEST {
            return Err(self.damaged(path, "one member has too many names and attributes"));
        }
        head.extend(&data);
        data.truncate(usize::try_from(size).expect("checked above"));
        Ok(data)
    }

    /// Reads what follows the end mark, which should be nothing.
    fn read_end(&mut self, path: &Path) -> Result<()> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            match self.inner.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => match buffer[..read].iter().position(|byte| *byte != 0) {
                    Some(offset) => {
                        self.at += offset as u64;
                        return Err(self.damaged(
                            path,
                            "something follows the end of the archive; all before it was read",
                        ));
                    }
                    None => self.at += read as u64,
                },
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::of_reading(path, error)),
            }
        }
    }

    fn member(
        &mut self,
        path: &Path,
        header: &Header,
        mut head: Vec<u8>,
        before: &Extensions,
    ) -> Result<Member> {
        let kind = header.entry_type();
        let mut more = kind.is_gnu_sparse() && header.as_gnu().is_some_and(::tar::GnuHeader::is_extended);
        while more {
            let block = self.block(path)?.ok_or_else(|| self.damaged(path, "the file breaks off"))?;
            head.extend(block);
            more = block[504] != 0;
            if head.len() as u64 > 4 * LONGEST {
                return Err(self.damaged(path, "a file has too many holes"));
            }
        }
        let size = header.entry_size().map_err(|error| self.damaged(path, error.to_string()))?;
        let size = before.size.unwrap_or(size);
        let bare = kind.is_dir() || kind.is_symlink() || kind.is_hard_link();
        if size > 0 && bare {
            return Err(
                self.damaged(path, "a folder or a link has contents, which programs read differently")
            );
        }
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
        let name = before.names.last().cloned().unwrap_or_else(|| header.path_bytes().into_owned());
        match self.admit(header, before, &name) {
            Ok((place, kind)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                Ok(Member { name, place, kind, size, head: Head::Tar(head) })
            }
            Err(problem) => {
                let member = String::from_utf8_lossy(&name).into_owned();
                let problem = format!("{problem}; it is left out");
                Err(Error::Member { path: path.to_owned(), member, problem })
            }
        }
    }

    /// Where the member goes and what it is, or why it is refused.
    fn admit(
        &mut self,
        header: &Header,
        before: &Extensions,
        name: &[u8],
    ) -> Result<(PathBuf, Kind), String> {
        if before.names.len() > 1 || before.links.len() > 1 {
            return Err("it has two names or two targets, which programs read differently".to_owned());
        }
        let place = place(name)?;
        if let Some(problem) = self.links.problem_above(&place) {
            return Err(problem);
        }
        let kind = header.entry_type();
        let kind = match kind {
            EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Kind::Folder,
            EntryType::Regular | EntryType::Continuous if before.sparse => Kind::Other,
            EntryType::Regular | EntryType::Continuous => Kind::File,
            EntryType::Directory => Kind::Folder,
            EntryType::Symlink | EntryType::Link => {
                let target = before.links.first().cloned();
                let target = target.or_else(|| header.link_name_bytes().map(Vec::from)).unwrap_or_default();
                let problem = if kind == EntryType::Link {
                    self.links.problem_with_hard(&target)
                } else {
                    self.links.add_symbolic(&place, &target)
                };
                problem.map_or(Ok(Kind::Link), Err)?
            }
            _ => Kind::Other,
        };
        if place.as_os_str().is_empty() && kind != Kind::Folder {
            return Err("its name is that of a folder".to_owned());
        }
        Ok((place, kind))
    }
}

impl Extensions {
    fn add(&mut self, kind: EntryType, data: &[u8]) -> Result<(), String> {
        let named = || data.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        match kind {
            EntryType::GNULongName => self.names.push(named()),
            EntryType::GNULongLink => self.links.push(named()),
            _ => {
                for record in PaxExtensions::new(data) {
                    let record = record.map_err(|_| "what PAX says of a member is malformed".to_owned())?;
                    self.add_record(kind, record.key_bytes(), record.value_bytes())?;
                }
            }
        }
        Ok(())
    }

    fn add_record(&mut self, kind: EntryType, key: &[u8], value: &[u8]) -> Result<(), String> {
        if !(matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(b"GNU.sparse.")) {
            return Ok(());
        }
        if kind == EntryType::XGlobalHeader {
            return Err("a name or a size is given to all members at once".to_owned());
        }
        match key {
            b"path" => self.names.push(value.to_vec()),
            b"linkpath" => self.links.push(value.to_vec()),
            b"size" => {
                let size = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                self.size = Some(size.ok_or("a size is no number")?);
            }
            _ => self.sparse = true,
        }
        Ok(())
    }
}

fn is_extension(kind: EntryType) -> bool {
    matches!(
        kind,
        EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader
    )
}

/// What is left of the contents of a member.
pub(super) struct Contents<'a, R: Read> {
    reader: &'a mut Reader<R>,
    path: &'a Path,
    name: String,
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

/// The blocks of a file with other contents: its header tells another size.
pub(super) fn with_contents(head: &[u8], contents: &[u8]) -> Vec<u8> {
    let mut bytes = without_size(head);
    let own = bytes.len() - BLOCK;
    let mut header = Header::new_old();
    header.as_mut_bytes().copy_from_slice(&bytes[own..]);
    // Numbers can be spelled in several ways: a right one stays as it is.
    if header.entry_size().ok() != Some(contents.len() as u64) {
        header.set_size(contents.len() as u64);
        header.set_cksum();
        bytes[own..].copy_from_slice(header.as_bytes());
    }
    bytes.extend(contents);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

/// The header blocks, without the size that PAX may tell.
fn without_size(head: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < head.len() {
        let mut header = Header::new_old();
        header.as_mut_bytes().copy_from_slice(&head[at..at + BLOCK]);
        at += BLOCK;
        let size = if is_extension(header.entry_type()) { header.entry_size().unwrap_or(0) } else { 0 };
        let size = usize::try_from(size).expect("checked when it was read");
        let data = &head[at..at + size];
        at += size.next_multiple_of(BLOCK);
        let records: Vec<_> = PaxExtensions::new(data).filter_map(std::result::Result::ok).collect();
        let sized = |record: &::tar::PaxExtension<'_>| record.key_bytes() == b"size";
        if header.entry_type() != EntryType::XHeader || !records.iter().any(sized) {
            bytes.extend(header.as_bytes());
            bytes.extend(data);
        } else {
            let mut kept = Vec::new();
            for record in records.iter().filter(|record| !sized(record)) {
                kept.extend(pax_record(record.key_bytes(), record.value_bytes()));
            }
            header.set_size(kept.len() as u64);
            header.set_cksum();
            bytes.extend(header.as_bytes());
            bytes.extend(kept);
        }
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes
}

/// `length key=value`, where the length counts its own digits.
fn pax_record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while rest + length.to_string().len() != length {
        length = rest + length.to_string().len();
    }
    [length.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// How far a tar file is written.
#[derive(Default)]
pub(super) struct Writer {
    written: u64,
    /// Bytes of the member that is carried over that are still to come.
    left: u64,
}

impl Writer {
    pub(super) fn write(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.written += bytes.len() as u64;
        out.write_all(bytes)
    }

    pub(super) fn begin(&mut self, head: &[u8], size: u64, out: &mut dyn Write) -> io::Result<()> {
        self.left = size;
        self.write(head, out)
    }

    pub(super) fn stretch(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| io::Error::other("a member has more bytes than its header tells"))?;
        self.write(bytes, out)
    }

    pub(super) fn end(&mut self, out: &mut dyn Write) -> io::Result<u64> {
        let missing = std::mem::take(&mut self.left);
        self.zeros(missing, out)?;
        self.fill(BLOCK as u64, out)?;
        Ok(missing)
    }

    /// The end mark.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.zeros(2 * BLOCK as u64, out)?;
        self.fill(RECORD, out)
    }

    /// Zeros up to a multiple of `size`.
    fn fill(&mut self, size: u64, out: &mut dyn Write) -> io::Result<()> {
        self.zeros(self.written.next_multiple_of(size) - self.written, out)
    }

    fn zeros(&mut self, count: u64, out: &mut dyn Write) -> io::Result<()> {
        self.written += io::copy(&mut io::repeat(0).take(count), out)?;
        Ok(())
    }
}
