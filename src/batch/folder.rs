//! A run into a folder: each unit a file, with a journal beside them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::consumer::Deliver;
use super::format::{Assemble, Made, Mark, Worked};
use super::journal::{Checkpoint, Entry, Journal, Looked};
use super::tally::Failures;
use super::unit::{Seen, Setting, Unit};
use super::{Folder, Options, Outcome, Start, run_file};
use crate::error::{Error, Result};
use crate::io::{Inside, Part, Pending};

/// What the run itself keeps in the output folder.
const KEPT: &str = ".textmend";
/// What tells of it there.
const RUN_FILE: &str = "run.json";

/// Whether an output may not go to `place`.
pub(super) fn is_reserved(place: &Path) -> bool {
    place == Path::new(RUN_FILE) || place.starts_with(KEPT)
}

/// See the module.
pub(super) struct FolderRun<'a> {
    options: &'a Options,
    inside: Inside,
    journal: Journal,
    spool: Option<Spool>,
    /// Where the edit records go at the end.
    records: Option<PathBuf>,
    /// Where they lie in the spool, in the order of the units.
    order: Vec<(u64, u64)>,
    current: Option<Current>,
    /// Whether something came of it, now or earlier.
    has_results: bool,
}

/// A unit that is being written.
struct Current {
    place: PathBuf,
    part: Part,
    assemble: Box<dyn Assemble>,
    entry: Entry,
}

/// The edit records, in the order in which they came.
struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    len: u64,
}

/// Opens `folder` for a run: the folder itself, what is known of it, and where
/// results are delivered.
///
/// # Errors
/// [`Error::Journal`] if an earlier run was not brought to its end, and nothing
/// was said about it; [`Error::Io`] if the folder can't be written to.
pub(super) fn open<'a>(folder: &Folder, options: &'a Options) -> Result<(Inside, Looked, FolderRun<'a>)> {
    let inside = Inside::create(&folder.root)?;
    let kept = inside.prepare(&Path::new(KEPT).join("journal.redb"))?;
    let earlier = kept.exists();
    let journal = match Journal::open(&kept) {
        // A journal that can't be read is no obstacle to starting afresh.
        Err(Error::Journal { .. }) if folder.start == Start::Afresh && Journal::is_free(&kept) => {
            fs::remove_file(&kept).map_err(|source| Error::Io { path: kept.clone(), source })?;
            Journal::open(&kept)?
        }
        opened => opened?,
    };
    let unfinished = earlier && journal.is_unfinished()?;
    if unfinished && folder.start == Start::Fresh {
        let problem = "an earlier run into this folder was not brought to its end; \
                       --resume goes on with it, --afresh does everything again"
            .to_owned();
        return Err(Error::Journal { path: folder.root.clone(), problem });
    }
    let resume = folder.start == Start::Resume;
    journal.begin(resume)?;
    let past = journal.look(resume && earlier);
    if unfinished {
        inside.sweep(|part| resume && past.has_part(part, &folder.root))?;
    }
    let spooled = journal.spooled()?;
    let spool = inside.prepare(&Path::new(KEPT).join("edits.jsonl"))?;
    let spool = folder.records.is_some().then(|| Spool::open(spool, spooled)).transpose()?;
    let run = FolderRun {
        options,
        inside: inside.clone(),
        journal,
        spool,
        records: folder.records.clone(),
        order: Vec::new(),
        current: None,
        has_results: resume && earlier,
    };
    Ok((inside, past, run))
}

impl Spool {
    /// Opens the spool at `path`, of which `len` bytes count.
    fn open(path: PathBuf, len: u64) -> Result<Self> {
        let opened = || {
            let mut file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.set_len(len)?;
            file.seek(SeekFrom::Start(len))?;
            Ok(BufWriter::new(file))
        };
        let file = opened().map_err(|source| Error::Io { path: path.clone(), source })?;
        Ok(Self { path, file, len })
    }

    /// Adds `records`; gives where they lie.
    fn add(&mut self, records: &[u8]) -> Result<(u64, u64)> {
        let written = self.file.write_all(records);
        written.map_err(|source| Error::Io { path: self.path.clone(), source })?;
        let place = (self.len, records.len() as u64);
        self.len += place.1;
        Ok(place)
    }

    fn sync(&mut self) -> Result<()> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(|source| Error::Io { path: self.path.clone(), source })
    }

    /// Writes the stretches in `order` to the file at `path`.
    fn copy(&self, order: &[(u64, u64)], path: &Path) -> Result<()> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let mut out = Pending::create(path)?;
        let mut spool = File::open(&self.path).map_err(io)?;
        for (start, len) in order {
            spool.seek(SeekFrom::Start(*start)).map_err(io)?;
            io::copy(&mut (&mut spool).take(*len), &mut out).map_err(io)?;
        }
        out.commit()
    }
}

/// Adds `place` to `order`, as one stretch with the last if it follows it.
fn extend(order: &mut Vec<(u64, u64)>, place: (u64, u64)) {
    match order.last_mut() {
        _ if place.1 == 0 => {}
        Some(last) if last.0 + last.1 == place.0 => last.1 += place.1,
        _ => order.push(place),
    }
}

impl FolderRun<'_> {
    fn commit(&mut self) -> Result<()> {
        if let Some(spool) = &mut self.spool {
            spool.sync()?;
        }
        self.journal.commit(self.spool.as_ref().map_or(0, |spool| spool.len))
    }

    fn commit_if_due(&mut self) -> Result<()> {
        if self.journal.is_due() { self.commit() } else { Ok(()) }
    }

    fn remember(&mut self, records: Option<&Vec<(u64, u64)>>) {
        for place in records.into_iter().flatten() {
            extend(&mut self.order, *place);
        }
    }

    /// Leaves nothing behind where nothing came of the run.
    fn forget(self) {
        let inside = self.inside.clone();
        drop(self);
        inside.remove(KEPT);
    }
}

impl Current {
    fn new(unit: &Arc<Unit>, from: Option<Checkpoint>, run: &FolderRun<'_>) -> Result<Self> {
        let path = run.inside.prepare(&unit.place)?;
        let entry = from.map(|from| from.entry).unwrap_or_else(|| Entry {
            made_with: run.options.made_with(unit),
            records: run.spool.as_ref().map(|_| Vec::new()),
            ..Entry::default()
        });
        let part = Part::open(&path, entry.output)?;
        let assemble = run.options.format_of(unit).format().assemble();
        Ok(Self { place: unit.place.clone(), part, assemble, entry })
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Io { path: self.place.clone(), source }
    }
}

impl Deliver for FolderRun<'_> {
    fn whole(&mut self, unit: &Unit, seen: &Seen, worked: Worked) -> Result<()> {
        let (Made::Written(output), Some(hash)) = (worked.made, worked.hash) else { return Ok(()) };
        self.has_results = true;
        let records = match &mut self.spool {
            Some(spool) => Some(vec![spool.add(&worked.records)?]),
            None => None,
        };
        self.remember(records.as_ref());
        let entry = Entry {
            made_with: self.options.made_with(unit),
            size: seen.size,
            modified: seen.modified,
            hash: hash.to_hex().to_string(),
            output,
            tally: worked.tally,
            failures: worked.failures,
            records,
        };
        self.journal.done(&unit.place, entry);
        self.commit_if_due()
    }

    fn begin(&mut self, unit: &Arc<Unit>, from: Option<Checkpoint>) -> Result<()> {
        self.current = Some(Current::new(unit, from, self)?);
        Ok(())
    }

    fn part(&mut self, worked: Worked, mark: Option<Mark>) -> Result<()> {
        let mut current = self.current.take().expect("a unit has begun");
        let mut out = Counting { part: &mut current.part, count: 0 };
        let mut written = current.assemble.add(worked.made, &mut out);
        if let (Ok(()), Some(_)) = (&written, &mark) {
            written = current.assemble.pause(&mut out).map(drop);
        }
        current.entry.output += out.count;
        written.map_err(|source| current.error(source))?;
        current.entry.tally.merge(&worked.tally);
        current.entry.failures.merge(&worked.failures);
        if let (Some(spool), Some(records)) = (&mut self.spool, &mut current.entry.records) {
            extend(records, spool.add(&worked.records)?);
        }
        if let Some(mark) = mark {
            current.part.sync()?;
            let entry = current.entry.clone();
            self.journal.begun(&current.place, Checkpoint { mark, entry });
            self.has_results = true;
            self.commit()?;
        }
        self.current = Some(current);
        Ok(())
    }

    fn end(&mut self, seen: &Seen, hash: blake3::Hash, failures: &Failures) -> Result<()> {
        let mut current = self.current.take().expect("a unit has begun");
        let mut out = Counting { part: &mut current.part, count: 0 };
        let finished = current.assemble.finish(&mut out);
        current.entry.output += out.count;
        finished.map_err(|source| current.error(source))?;
        if failures.count > 0 && current.entry.output == 0 {
            return current.part.discard();
        }
        self.has_results = true;
        current.part.commit()?;
        self.remember(current.entry.records.as_ref());
        // What failed may be better the next time: it is tried again.
        if failures.count == 0 {
            let (size, modified, hash) = (seen.size, seen.modified, hash.to_hex().to_string());
            self.journal.done(&current.place, Entry { size, modified, hash, ..current.entry });
        }
        self.commit_if_due()
    }

    fn done(&mut self, _: &Unit, entry: &Entry) -> Result<()> {
        self.remember(entry.records.as_ref());
        Ok(())
    }

    fn finish(mut self, outcome: &Outcome, settings: &[Setting]) -> Result<()> {
        if !self.has_results {
            self.forget();
            return Ok(());
        }
        self.commit()?;
        if let (Some(spool), Some(path)) = (&self.spool, &self.records) {
            spool.copy(&self.order, path)?;
        }
        let told = run_file::told(outcome, settings, self.options);
        self.inside.replace(Path::new(RUN_FILE), &told)?;
        self.journal.finish()
    }

    fn stop(mut self) {
        if !self.has_results {
            return self.forget();
        }
        // What can't be written any more is done again.
        drop(self.commit());
    }
}

/// Counts what is written.
struct Counting<'a> {
    part: &'a mut Part,
    count: u64,
}

impl io::Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.part.write(bytes)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.part.flush()
    }
}
