//! Tar and zip: each member that is a text, or JSON Lines, is repaired, all
//! else, markup, data and code included, is carried over as it is.

use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, FormatName, MARK, Made, Mark, Piece, Slice, Worked};
use super::unit::Unit;
use super::{Form, Options};
use super::{json_lines, kept};
use crate::error::{Error, Result};
use crate::io::archive::{self, Archive, Kind, Member, NameEncoding};
use crate::io::compression::{self, Compression};
use crate::io::{may_be_plain_text, read_limited, to_text};

/// See the module.
pub(super) struct Archived(pub(super) archive::Format);

impl Format for Archived {
    fn cut(&self, unit: &Arc<Unit>, options: &Options, from: Option<&Mark>) -> Result<Box<dyn Cut>> {
        let path = unit.path();
        let mut archive = match self.0 {
            archive::Format::Tar => Archive::tar(unit.open_raw()?, path, options.limits)?,
            archive::Format::Zip => Archive::open(path, self.0, options.limits)?,
        };
        archive = archive.with_names(options.name_encoding);
        let (done, offset) = from.map_or((0, 0), |from| (from.lines, from.offset));
        for _ in 0..done {
            let member = archive.next_member();
            if !matches!(member, Some(Ok(_) | Err(Error::Member { .. }))) {
                return Err(changed(path));
            }
        }
        Ok(Box::new(Members {
            unit: Arc::clone(unit),
            format: self.0,
            archive,
            limit: options.max_document,
            carried: None,
            next: VecDeque::new(),
            done,
            offset,
            last_mark: Some(offset),
        }))
    }

    fn assemble(&self, unit: &Unit, options: &Options) -> Result<Box<dyn Assemble>> {
        let writer = archive::Writer::new(unit.path(), self.0)?;
        Ok(Box::new(Rebuilt {
            unit: unit.clone(),
            format: self.0,
            names: options.name_encoding,
            writer: Some(writer),
            source: None,
        }))
    }

    fn keeps(&self) -> bool {
        self.0 == archive::Format::Zip
    }
}

/// What is done next to the archive that is written.
enum Act {
    Put(archive::Packed),
    Copy(Box<Member>),
    Stretch(Vec<u8>),
    EndCopy,
}

/// An archive that an earlier run read is another one now.
fn changed(path: &Path) -> Error {
    let problem = "this archive is not what it was when the earlier run read it";
    Error::Io { path: path.to_owned(), source: io::Error::other(problem) }
}

struct Members {
    unit: Arc<Unit>,
    format: archive::Format,
    archive: Archive,
    limit: u64,
    /// The member that is being carried over.
    carried: Option<Member>,
    /// What was cut already.
    next: VecDeque<Box<dyn Piece>>,
    /// Members that were met, those that are left out included.
    done: u64,
    /// Bytes of contents so far.
    offset: u64,
    /// Where the last mark was; none once there can be no more.
    last_mark: Option<u64>,
}

impl Members {
    /// The next piece; nothing at the end.
    fn piece(&mut self) -> Result<Option<Box<dyn Piece>>> {
        if let Some(piece) = self.next.pop_front() {
            return Ok(Some(piece));
        }
        if let Some(member) = &self.carried {
            return Ok(Some(match self.archive.next_stretch(member) {
                Ok(Some(bytes)) => act(Act::Stretch(bytes)),
                Ok(None) => {
                    self.carried = None;
                    act(Act::EndCopy)
                }
                Err(error) => {
                    self.broke_off();
                    self.carried = None;
                    self.next.push_back(act(Act::EndCopy));
                    self.failed(&error)
                }
            }));
        }
        let Some(member) = self.archive.next_member() else { return Ok(None) };
        self.done += 1;
        match member {
            Ok(member) => Ok(Some(self.member(member))),
            // Such a member is left out, and others follow.
            Err(error @ Error::Member { .. }) => Ok(Some(self.failed(&error))),
            Err(error) => Err(error),
        }
    }

    /// The rest of a tar file that breaks off can't be read a second time
    /// without the contents before it: no run goes on in it.
    fn broke_off(&mut self) {
        if self.format == archive::Format::Tar {
            self.last_mark = None;
        }
    }

    /// The place behind the last piece, if another run is to go on there.
    fn mark(&mut self) -> Option<Mark> {
        let last = self.last_mark?;
        if self.carried.is_some() || !self.next.is_empty() || self.offset - last < MARK {
            return None;
        }
        self.last_mark = Some(self.offset);
        Some(Mark { offset: self.offset, lines: self.done, hash: None })
    }

    fn member(&mut self, member: Member) -> Box<dyn Piece> {
        let path = self.unit.path().join(&member.place);
        if member.kind == Kind::Locked {
            let problem =
                "it is encrypted, or packed in a way that is not read; it stays as it is".to_owned();
            let (path, name) = (self.unit.path().to_owned(), member.name.clone());
            let carry = self.carry(member);
            self.next.push_back(carry);
            return self.failed(&Error::Member { path, member: name, problem });
        }
        if member.kind != Kind::File || !may_be_plain_text(&path) {
            return self.carry(member);
        }
        if member.size > self.limit {
            let error = Error::TooLarge { path, limit: self.limit };
            let carry = self.carry(member);
            self.next.push_back(carry);
            return self.failed(&error);
        }
        let mut bytes = Vec::new();
        let read = self.archive.contents(&member);
        let read = read.and_then(|contents| read_limited(&path, contents, self.limit, &mut bytes));
        let damage = read.err();
        if damage.is_some() {
            self.broke_off();
        }
        match damage {
            // Nothing of it is known: it stays what it is.
            Some(error) if bytes.is_empty() => {
                let carry = self.carry(member);
                self.next.push_back(carry);
                self.failed(&error)
            }
            damage => {
                let (unit, format) = (Arc::clone(&self.unit), self.format);
                Box::new(Contents { unit, format, member: Box::new(member), path, bytes, damage })
            }
        }
    }

    /// Begins to carry `member` over.
    fn carry(&mut self, member: Member) -> Box<dyn Piece> {
        self.carried = Some(member.clone());
        act(Act::Copy(Box::new(member)))
    }

    fn failed(&self, error: &Error) -> Box<dyn Piece> {
        let mut worked = Worked::default();
        worked.failures.push(self.unit.name(), error.to_string());
        Box::new(Ready(worked))
    }
}

impl Cut for Members {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some(piece) = self.piece()? else { return Ok(None) };
        self.offset += piece.weight() as u64;
        Ok(Some(Slice { piece, mark: self.mark() }))
    }

    fn hash(&self) -> Result<blake3::Hash> {
        self.unit.hash(None)
    }

    fn compression(&self) -> Option<Compression> {
        self.archive.compression()
    }
}

/// A piece that nothing has to be done to.
struct Ready(Worked);

fn act(act: Act) -> Box<dyn Piece> {
    let read = if let Act::Stretch(bytes) = &act { bytes.len() as u64 } else { 0 };
    let mut kept = Vec::new();
    if let Act::Copy(member) = &act {
        kept::put_number(member.number, &mut kept);
        kept::put_bytes(None, &mut kept);
    }
    Box::new(Ready(Worked { made: Made::Part(Box::new(act)), kept, read, ..Worked::default() }))
}

impl Piece for Ready {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = self.0;
        // What is not repaired has no place in a diff.
        if desk.options.form != Form::Text {
            worked.made = Made::Nothing;
        }
        worked
    }

    fn weight(&self) -> usize {
        usize::try_from(self.0.read).unwrap_or(usize::MAX)
    }
}

/// A member that may be repaired.
struct Contents {
    unit: Arc<Unit>,
    format: archive::Format,
    member: Box<Member>,
    /// The archive, and the place in it.
    path: PathBuf,
    bytes: Vec<u8>,
    /// What ended it too soon.
    damage: Option<Error>,
}

impl Piece for Contents {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked::default();
        if let Some(error) = &self.damage {
            worked.failures.push(self.path.to_string_lossy(), error.to_string());
        }
        let repaired = match self.repair(desk, &mut worked) {
            Ok(bytes) => bytes,
            Err(error) => {
                worked.failures.push(self.path.to_string_lossy(), error.to_string());
                // It stays as it is; a diff has no place for it.
                if desk.options.form == Form::Text { self.bytes.clone() } else { Vec::new() }
            }
        };
        worked.read = self.bytes.len() as u64;
        worked.made = match desk.options.form {
            Form::Text => match self.member.with_contents(self.unit.path(), &repaired) {
                Ok(packed) => {
                    if desk.folder.is_some() && self.format == archive::Format::Zip {
                        kept::put_number(self.member.number, &mut worked.kept);
                        kept::put_bytes(Some(&repaired), &mut worked.kept);
                    }
                    Made::Part(Box::new(Act::Put(packed)))
                }
                Err(error) => {
                    worked.failures.push(self.path.to_string_lossy(), error.to_string());
                    Made::Nothing
                }
            },
            _ => Made::Bytes(repaired),
        };
        worked
    }

    fn weight(&self) -> usize {
        self.bytes.len()
    }
}

impl Contents {
    /// What is written in place of the member.
    fn repair(&self, desk: &Desk<'_>, worked: &mut Worked) -> Result<Vec<u8>> {
        let limit = desk.options.max_document;
        let mut reader = compression::Reader::detect(&*self.bytes, &self.path, desk.options.limits)?;
        let packing = reader.compression();
        let mut source = Vec::new();
        read_limited(&self.path, &mut reader, limit, &mut source)?;
        let name = self.path.to_string_lossy();
        let bytes = match FormatName::of(&self.path) {
            FormatName::JsonLines => json_lines::repair(&source, 0, &name, &self.unit.cleaner, desk, worked),
            _ => self.text(&source, &name, desk, worked)?,
        };
        match packing.filter(|_| desk.options.form == Form::Text) {
            Some(packing) => compression::frame(packing, None, &bytes).map_err(|source| self.io(source)),
            None => Ok(bytes),
        }
    }

    fn text(&self, source: &[u8], name: &str, desk: &Desk<'_>, worked: &mut Worked) -> Result<Vec<u8>> {
        let cleaner = &self.unit.cleaner;
        let decoded = to_text(Path::new(name), source, cleaner.textmend.encoding())?;
        let title = Title { path: name, line: None, id: None };
        let document = desk.clean(cleaner, &title, source, decoded)?;
        let bytes = desk.render(&document, &title)?;
        desk.tell(document, &title, worked);
        Ok(bytes)
    }

    fn io(&self, source: io::Error) -> Error {
        Error::Io { path: self.path.clone(), source }
    }
}

/// The archive that is written.
struct Rebuilt {
    unit: Unit,
    format: archive::Format,
    names: Option<NameEncoding>,
    /// Until it is finished.
    writer: Option<archive::Writer>,
    /// The archive that is read, to recall its members.
    source: Option<Archive>,
}

impl Rebuilt {
    /// The member with this number. They are asked for in their order.
    fn member(&mut self, number: u64) -> Result<Member> {
        let path = self.unit.path();
        if self.source.is_none() {
            // Contents are not read, so that nothing of them is limited.
            let source = Archive::open(path, self.format, compression::Limits::default())?;
            self.source = Some(source.with_names(self.names));
        }
        let source = self.source.as_mut().expect("opened above");
        while let Some(member) = source.next_member() {
            match member {
                Ok(member) if member.number == number => return Ok(member),
                Ok(_) | Err(Error::Member { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(changed(path))
    }
}

impl Assemble for Rebuilt {
    fn add(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()> {
        let (Made::Part(part), Some(writer)) = (made, &mut self.writer) else { return Ok(()) };
        match *part.downcast::<Act>().expect("it was made by this format") {
            Act::Put(packed) => writer.put(packed, out),
            Act::Copy(member) => writer.copy(&member, out),
            Act::Stretch(bytes) => writer.stretch(&bytes, out),
            Act::EndCopy => writer.end_copy(out).map(drop),
        }
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish(out))
    }

    fn given(&self) -> u64 {
        self.writer.as_ref().map_or(0, archive::Writer::given)
    }

    fn go_on(&mut self, given: u64) {
        if let Some(writer) = &mut self.writer {
            writer.go_on(given);
        }
    }

    fn recall(&mut self, kept: &mut dyn BufRead) -> io::Result<Made> {
        let (number, contents) = (kept::number(kept)?, kept::bytes(kept)?);
        let member = self.member(number).map_err(io::Error::other)?;
        let act = match contents {
            None => Act::Copy(Box::new(member)),
            Some(contents) => {
                let packed = member.with_contents(self.unit.path(), &contents);
                Act::Put(packed.map_err(io::Error::other)?)
            }
        };
        Ok(Made::Part(Box::new(act)))
    }
}
