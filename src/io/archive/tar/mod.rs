//! Tar files, block by block. The blocks of a header (with those of its long
//! names) are kept as they are and written again: what they say of owners,
//! times and extended attributes stays, whatever variant they are of. The
//! fields of a header are read by the library `tar`; its own archive type
//! would take the blocks apart.

mod contents;
mod extensions;
mod writer;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ::tar::{EntryType, Header};

pub(super) use writer::{Writer, with_contents};

use super::names::Names;
use super::place::{Links, place};
use super::{Head, Kind, Member};
use crate::error::{Error, Result};
use contents::Contents;
use extensions::{Extensions, is_extension};

const BLOCK: usize = 512;

/// Bytes a long name, or everything PAX says of a member, may take: more is
/// damage, or meant to fill the memory.
const LONGEST: u64 = 1 << 20;

/// Bytes handed on at once of a member that is carried over.
const STRETCH: u64 = 256 << 10;

pub(super) struct Reader<R: Read> {
    inner: R,
    /// Bytes read.
    at: u64,
    /// Bytes of the member that are not read yet, and what fills its last
    /// block.
    left: u64,
    padding: u64,
    done: bool,
    /// Members so far.
    count: u64,
    links: Links,
    names: Names,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            at: 0,
            left: 0,
            padding: 0,
            done: false,
            count: 0,
            links: Links::default(),
            names: Names::default(),
        }
    }

    pub(super) fn inner(&self) -> &R {
        &self.inner
    }

    pub(super) fn names(&mut self) -> &mut Names {
        &mut self.names
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
        let number = self.count;
        self.count += 1;
        let name = before.names.last().cloned().unwrap_or_else(|| header.path_bytes().into_owned());
        self.names.learn(&name);
        let raw = name;
        let name = self.names.read(&raw);
        match self.admit(header, before, &raw, &name) {
            Ok((place, kind)) => Ok(Member { name, place, number, kind, size, head: Head::Tar(head) }),
            Err(problem) => {
                let problem = format!("{problem}; it is left out");
                Err(Error::Member { path: path.to_owned(), member: name, problem })
            }
        }
    }

    /// Where the member goes and what it is, or why it is refused.
    fn admit(
        &mut self,
        header: &Header,
        before: &Extensions,
        raw: &[u8],
        name: &str,
    ) -> Result<(PathBuf, Kind), String> {
        if before.names.len() > 1 || before.links.len() > 1 {
            return Err("it has two names or two targets, which programs read differently".to_owned());
        }
        let place = place(raw, name)?;
        if let Some(problem) = self.links.problem_above(&place) {
            return Err(problem);
        }
        let kind = header.entry_type();
        let kind = match kind {
            EntryType::Regular | EntryType::Continuous if name.ends_with('/') => Kind::Folder,
            EntryType::Regular | EntryType::Continuous if before.sparse => Kind::Other,
            EntryType::Regular | EntryType::Continuous => Kind::File,
            EntryType::Directory => Kind::Folder,
            EntryType::Symlink | EntryType::Link => {
                let target = before.links.first().cloned();
                let target = target.or_else(|| header.link_name_bytes().map(Vec::from)).unwrap_or_default();
                let told = self.names.read(&target);
                let problem = if kind == EntryType::Link {
                    self.links.problem_with_hard(&told, &target)
                } else {
                    self.links.add_symbolic(&place, &told, &target)
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
