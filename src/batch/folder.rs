//! A run into a folder: each unit a file, with a journal beside them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::consumer::Deliver;
use super::current::Current;
use super::format::{Made, Mark, Worked};
use super::journal::{Checkpoint, Entry, Journal, KEPT, Looked, kept_place};
use super::spool::Spool;
use super::unit::{Seen, Setting, Unit};
use super::{Folder, Options, Outcome, Start, run_file};
use crate::error::{Error, Result};
use crate::io::compression::Compression;
use crate::io::{Inside, Part};

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
    /// The edit records, in the order in which they came.
    spool: Option<Spool>,
    /// Where the edit records go at the end.
    records: Option<PathBuf>,
    /// Where they lie in the spool, in the order of the units.
    order: Vec<(u64, u64)>,
    current: Option<Current>,
    /// Whether something came of it, now or earlier.
    has_results: bool,
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
        self.journal.commit(self.spool.as_ref().map_or(0, Spool::len))
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

    fn begin(
        &mut self,
        unit: &Arc<Unit>,
        seen: &Seen,
        compression: Option<Compression>,
        from: Option<Checkpoint>,
    ) -> Result<()> {
        let entry = || Entry {
            made_with: self.options.made_with(unit),
            size: seen.size,
            modified: seen.modified,
            records: self.spool.as_ref().map(|_| Vec::new()),
            ..Entry::default()
        };
        let from = from.unwrap_or_else(|| Checkpoint::start(entry()));
        self.current = Some(Current::new(unit, compression, from, &self.inside, self.options)?);
        Ok(())
    }

    fn part(&mut self, worked: Worked, mark: Option<Mark>) -> Result<()> {
        let current = self.current.as_mut().expect("a unit has begun");
        let records = self.spool.as_mut().map(|spool| spool.add(&worked.records)).transpose()?;
        if let (Some(place), Some(records)) = (records, &mut current.entry.records) {
            extend(records, place);
        }
        current.add(worked)?;
        if let Some(mark) = mark {
            let checkpoint = current.checkpoint(mark)?;
            self.journal.begun(&current.place, checkpoint);
            self.has_results = true;
            return self.commit();
        }
        self.commit_if_due()
    }

    fn end(&mut self, hash: Option<blake3::Hash>) -> Result<()> {
        let current = self.current.take().expect("a unit has begun");
        if hash.is_none() && !current.has_output {
            return current.discard();
        }
        let place = current.place.clone();
        let entry = current.finish()?;
        self.has_results = true;
        self.remember(entry.records.as_ref());
        // What failed may be better the next time: it is tried again.
        if let Some(hash) = hash {
            self.journal.done(&place, Entry { hash: hash.to_hex().to_string(), ..entry });
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
        // Of what is no longer read, or could not be read to its end.
        for place in self.journal.half_done()? {
            let root = self.inside.root();
            for left in [Part::name(&root.join(&place)), root.join(kept_place(&place))] {
                if let Err(source) = fs::remove_file(&left)
                    && source.kind() != ErrorKind::NotFound
                {
                    return Err(Error::Io { path: left, source });
                }
            }
        }
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
