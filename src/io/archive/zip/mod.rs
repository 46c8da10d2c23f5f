//! Zip files, read by the list at their end, as every program reads them.
//! Where that list and the members' own headers tell different things, where
//! members overlap, and where something lies before or behind the archive, it
//! is refused: programs read such a file differently, or it is a bomb.

mod writer;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use ::zip::write::FullFileOptions;
use ::zip::{CompressionMethod, ZipArchive};

pub(super) use writer::{Packed, Writer, with_contents};

use super::names::Names;
use super::place::{Links, place};
use super::{Kind, Limits, Member};
use crate::error::{Error, Result};

type Source = BufReader<File>;

/// Members that tell a document or a program that is packed as a zip file.
const PACKAGES: &[&str] = &["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"];

/// Bytes the target of a link may take.
const LONGEST_TARGET: u64 = 4096;

/// Fields of a header that are not carried over as they are.
const ZIP64: u16 = 0x0001;
const TIMESTAMP: u16 = 0x5455;
const UNICODE_PATH: u16 = 0x7075;

#[derive(Clone)]
pub(super) struct Head {
    pub(super) index: usize,
    /// Its name and comment as they are, if the name is no UTF-8.
    legacy: Option<(Vec<u8>, Vec<u8>)>,
    options: Box<FullFileOptions<'static, 'static>>,
}

pub(super) struct Reader {
    archive: ZipArchive<Source>,
    next: usize,
    limits: Limits,
    links: Links,
    names: Names,
}

impl Reader {
    pub(super) fn open(path: &Path, limits: Limits) -> Result<Self> {
        let damaged = |problem: String| Error::Damaged {
            path: path.to_owned(),
            place: "the list of members at its end".to_owned(),
            problem,
        };
        let mut archive = archive(path)?;
        if archive.offset() != 0 {
            return Err(damaged(
                "something lies before the archive (is it a program that unpacks itself?)".to_owned(),
            ));
        }
        archive.validate_header_consistency().map_err(|error| damaged(error.to_string()))?;
        if !ends_with_its_end(path, archive.comment()).map_err(|error| Error::of_reading(path, error))? {
            return Err(damaged("something follows the end of the archive".to_owned()));
        }
        if PACKAGES.iter().any(|name| archive.index_for_name(name).is_some()) {
            return Err(Error::NotText {
                path: path.to_owned(),
                problem: "it is a document or a program that is packed as a zip file".to_owned(),
                hint: "extract its text first",
            });
        }
        let mut names = Names::default();
        archive.file_names_raw().for_each(|name| names.learn(name));
        Ok(Self { archive, next: 0, limits, links: Links::default(), names })
    }

    pub(super) fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    pub(super) fn next_member(&mut self, path: &Path) -> Option<Result<Member>> {
        if self.next == self.archive.len() {
            return None;
        }
        let index = self.next;
        self.next += 1;
        Some(self.member(index).map_err(|(name, problem)| Error::Member {
            path: path.to_owned(),
            member: name,
            problem: format!("{problem}; it is left out"),
        }))
    }

    pub(super) fn contents<'a>(
        &'a mut self,
        path: &'a Path,
        member: &Member,
        index: usize,
    ) -> Result<Box<dyn Read + 'a>> {
        let name = member.name.clone();
        let inner = self.archive.by_index(index).map_err(|error| damaged(path, &name, &error))?;
        // The library gives no more than a member tells, so this is all of it.
        if let Some(problem) = self.limits.exceeded(inner.compressed_size(), inner.size()) {
            let place = format!("member {name:?}");
            return Err(Error::Bomb { path: path.to_owned(), place, problem });
        }
        Ok(Box::new(Contents { inner, path, name }))
    }

    fn member(&mut self, index: usize) -> Result<Member, (String, String)> {
        let file = self
            .archive
            .by_index_raw(index)
            .map_err(|error| (format!("number {index}"), error.to_string()))?;
        let raw = file.name_raw().to_vec();
        let name = self.names.read(&raw);
        let legacy = std::str::from_utf8(&raw).is_err().then(|| (raw.clone(), file.comment_raw().to_vec()));
        let refuse = |problem: String| (name.clone(), problem);
        let (size, symlink, locked) = (file.size(), file.is_symlink(), is_locked(&file));
        let kind = kind_of(&file);
        let fields = extra_fields(&file.extra_data().unwrap_or_default());
        let options = options(&file, &fields, legacy.is_none());
        drop(file);
        let place = place(&raw, &name).map_err(refuse)?;
        let unicode = fields.iter().filter(|(id, _)| *id == UNICODE_PATH);
        if unicode.into_iter().any(|(_, data)| data.get(5..) != Some(&raw)) {
            return Err(refuse("it has two names, which programs read differently".to_owned()));
        }
        if let Some(problem) = self.links.problem_above(&place) {
            return Err(refuse(problem));
        }
        if symlink {
            let problem = if locked {
                Some("it is a link that is encrypted".to_owned())
            } else {
                self.link(index, &place)
            };
            problem.map_or(Ok(()), |problem| Err(refuse(problem)))?;
        }
        if place.as_os_str().is_empty() && kind != Kind::Folder {
            return Err(refuse("its name is that of a folder".to_owned()));
        }
        let options = Box::new(options.map_err(|error| refuse(error.to_string()))?);
        let number = index as u64;
        Ok(Member {
            name,
            place,
            number,
            kind,
            size,
            head: super::Head::Zip(Head { index, legacy, options }),
        })
    }

    /// Takes down a symbolic link, or says why it is refused.
    fn link(&mut self, index: usize, place: &Path) -> Option<String> {
        let mut target = Vec::new();
        let file = self.archive.by_index(index).map_err(|error| error.to_string());
        let read = file.and_then(|file| {
            file.take(LONGEST_TARGET + 1).read_to_end(&mut target).map_err(|error| error.to_string())
        });
        match read {
            Err(problem) => Some(problem),
            Ok(length) if length as u64 > LONGEST_TARGET => Some("it is a link to nowhere".to_owned()),
            Ok(_) => self.links.add_symbolic(place, &self.names.read(&target), &target),
        }
    }
}

fn archive(path: &Path) -> Result<ZipArchive<Source>> {
    ZipArchive::new(BufReader::new(super::open(path)?)).map_err(|error| match error {
        ::zip::result::ZipError::Io(source) if source.raw_os_error().is_some() => {
            Error::Io { path: path.to_owned(), source }
        }
        error => Error::Damaged {
            path: path.to_owned(),
            place: "the list of members at its end".to_owned(),
            problem: format!("{error}; is the file whole?"),
        },
    })
}

/// Whether the record that ends the archive, with its `comment`, ends the file.
fn ends_with_its_end(path: &Path, comment: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut end = [0; 4];
    let length = 22 + comment.len() as i64;
    if file.metadata()?.len() < length.unsigned_abs() {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-length))?;
    file.read_exact(&mut end)?;
    Ok(&end == b"PK\x05\x06")
}

fn is_locked(file: &::zip::read::ZipFile<'_, Source>) -> bool {
    let known = matches!(
        file.compression(),
        CompressionMethod::Stored
            | CompressionMethod::Deflated
            | CompressionMethod::Deflate64
            | CompressionMethod::Bzip2
            | CompressionMethod::Zstd
    );
    file.encrypted() || !known
}

fn kind_of(file: &::zip::read::ZipFile<'_, Source>) -> Kind {
    // The bits of a mode that tell what a file is, and those of a plain one.
    let special = file.unix_mode().is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000));
    if file.is_dir() {
        Kind::Folder
    } else if file.is_symlink() {
        Kind::Link
    } else if is_locked(file) {
        Kind::Locked
    } else if special {
        Kind::Other
    } else {
        Kind::File
    }
}

/// The fields of a header that the list of members repeats: id, data.
fn extra_fields(mut bytes: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut fields = Vec::new();
    while let [id0, id1, length0, length1, rest @ ..] = bytes {
        let length = usize::from(u16::from_le_bytes([*length0, *length1]));
        let Some((data, after)) = rest.split_at_checked(length) else { break };
        fields.push((u16::from_le_bytes([*id0, *id1]), data.to_vec()));
        bytes = after;
    }
    fields
}

/// How a file is written again: method, time, mode and extra fields as they
/// are. Nothing writes deflate64: plain deflate stands for it.
fn options(
    file: &::zip::read::ZipFile<'_, Source>,
    fields: &[(u16, Vec<u8>)],
    with_comment: bool,
) -> ::zip::result::ZipResult<FullFileOptions<'static, 'static>> {
    let mut options = file.options().into_full_options();
    if file.compression() == CompressionMethod::Deflate64 {
        options = options.compression_method(CompressionMethod::Deflated);
    }
    if with_comment && !file.comment().is_empty() {
        options = options.with_file_comment(file.comment());
    }
    for (id, data) in fields {
        match (*id, data.as_slice()) {
            (ZIP64, _) => {}
            (TIMESTAMP, [flags, a, b, c, d, ..]) if flags & 1 == 1 => {
                let modified = u32::from_le_bytes([*a, *b, *c, *d]);
                options = options.with_extended_timestamp(Some(modified), None, None)?;
            }
            (TIMESTAMP, _) => {}
            _ => options.add_extra_field(*id, data, false)?,
        }
    }
    Ok(options)
}

fn damaged(path: &Path, name: &str, problem: &dyn std::fmt::Display) -> Error {
    let problem = format!("{problem}; what came before it was read");
    Error::Damaged { path: path.to_owned(), place: format!("member {name:?}"), problem }
}

/// The contents of a member: no more than it tells, and what they should be by
/// its checksum. Errors name it.
struct Contents<'a> {
    inner: ::zip::read::ZipFile<'a, Source>,
    path: &'a Path,
    name: String,
}

impl Read for Contents<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(read) => Ok(read),
            Err(error) if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted => {
                Err(error)
            }
            Err(error) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, damaged(self.path, &self.name, &error)))
            }
        }
    }
}
