//! What a run into a folder has done, on disk, so that another run can go on.
//!
//! Kept in redb: pure Rust, so it builds wherever this crate does, with a
//! stable file format, crash-safe transactions and nothing to configure. SQLite
//! would need a C compiler for what is a table of keys and values. Each commit
//! waits for the disk, so they are batched: an output is renamed first and
//! recorded later, and what a crash loses is done again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use redb::{Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::format::Mark;
use super::tally::{Failures, Tally};
use crate::error::{Error, Result};
use crate::io::Part;

/// The folder of the journal, in the output folder.
pub(super) const KEPT: &str = ".textmend";

/// What is done, by place.
const DONE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("done");
/// What is half done, by place.
const BEGUN: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("begun");
/// What is known of the run.
const RUN: TableDefinition<'_, &str, u64> = TableDefinition::new("run");

/// How long a commit may wait for more.
const PATIENCE: Duration = Duration::from_millis(250);

/// Memory that the database may keep, in bytes.
const CACHE: usize = 4 << 20;

/// A unit that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// See `Options::made_with`.
    pub(super) made_with: String,
    /// Of the input, in bytes.
    pub(super) size: u64,
    /// Of the input, nanoseconds since 1970.
    pub(super) modified: u64,
    /// BLAKE3 of the input, hexadecimal.
    pub(super) hash: String,
    /// Of the output, in bytes.
    pub(super) output: u64,
    pub(super) tally: Tally,
    pub(super) failures: Failures,
    /// Where its edit records lie in the spool: start and length. `None` if
    /// none were asked for.
    pub(super) records: Option<Vec<(u64, u64)>>,
}

/// A unit of which a part is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// How far the input is done.
    pub(super) mark: Mark,
    /// What came of it so far.
    pub(super) entry: Entry,
    /// Bytes that what puts it together had given out, before they were
    /// packed.
    pub(super) given: u64,
    /// How much of what was made is kept at [`kept_place`], in bytes, for
    /// formats whose output can't be cut.
    pub(super) kept: Option<u64>,
}

impl Checkpoint {
    /// The beginning of a unit that becomes `entry`.
    pub(super) fn start(entry: Entry) -> Self {
        Self { mark: Mark { offset: 0, lines: 0, hash: None }, entry, given: 0, kept: None }
    }
}

/// See the module.
pub(super) struct Journal {
    path: PathBuf,
    database: Arc<Database>,
    waiting: Vec<(Vec<u8>, Change)>,
    committed: Instant,
}

enum Change {
    Done(Entry),
    Begun(Box<Checkpoint>),
}

/// What earlier runs did, for the reader.
pub(super) struct Looked {
    /// Nothing to go on with if there is none.
    database: Option<Arc<Database>>,
}

impl Journal {
    /// Opens the journal at `path`, or makes one.
    ///
    /// # Errors
    /// [`Error::Journal`] if another run has it open, or it is damaged.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let database = Database::builder().set_cache_size(CACHE).create(path).map_err(|error| {
            let problem = match error {
                DatabaseError::DatabaseAlreadyOpen => "another run is writing into this folder".to_owned(),
                error => format!("this journal can't be used ({error}); --afresh starts anew without it"),
            };
            Error::Journal { path: path.to_owned(), problem }
        })?;
        let database = Arc::new(database);
        let journal =
            Self { path: path.to_owned(), database, waiting: Vec::new(), committed: Instant::now() };
        // So that the tables are there to be read.
        journal.write(|_, _, _| Ok(()))?;
        Ok(journal)
    }

    /// Whether nobody has the journal at `path` open.
    pub(super) fn is_free(path: &Path) -> bool {
        !matches!(Database::open(path), Err(DatabaseError::DatabaseAlreadyOpen))
    }

    /// Whether there is a run that was not brought to its end.
    pub(super) fn is_unfinished(&self) -> Result<bool> {
        Ok(self.number("finished")? == Some(0))
    }

    /// How much of the spool the journal speaks of, in bytes.
    pub(super) fn spooled(&self) -> Result<u64> {
        Ok(self.number("spooled")?.unwrap_or(0))
    }

    fn number(&self, name: &str) -> Result<Option<u64>> {
        let read = || -> Result<_, redb::Error> {
            let table = self.database.begin_read()?.open_table(RUN)?;
            Ok(table.get(name)?.map(|number| number.value()))
        };
        read().map_err(|error| self.error(&error))
    }

    /// Begins a run, which knows of earlier ones if it is to `resume`.
    pub(super) fn begin(&self, resume: bool) -> Result<()> {
        self.write(|done, begun, run| {
            if !resume {
                done.retain(|_, _| false)?;
                begun.retain(|_, _| false)?;
                run.insert("spooled", 0)?;
            }
            run.insert("finished", 0)?;
            Ok(())
        })
    }

    /// What the reader may look at; nothing if the run is not to `resume`.
    pub(super) fn look(&self, resume: bool) -> Looked {
        Looked { database: resume.then(|| Arc::clone(&self.database)) }
    }

    /// Records that the unit at `place` is done. It is written with the next
    /// commit.
    pub(super) fn done(&mut self, place: &Path, entry: Entry) {
        self.waiting.push((key(place), Change::Done(entry)));
    }

    /// Records how far the unit at `place` is.
    pub(super) fn begun(&mut self, place: &Path, checkpoint: Checkpoint) {
        self.waiting.push((key(place), Change::Begun(Box::new(checkpoint))));
    }

    /// Whether it is time to commit.
    pub(super) fn is_due(&self) -> bool {
        !self.waiting.is_empty() && self.committed.elapsed() > PATIENCE
    }

    /// Commits what is waiting. `spooled` bytes of the spool are on disk.
    pub(super) fn commit(&mut self, spooled: u64) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.write(|done, begun, run| {
            for (place, change) in &waiting {
                match change {
                    Change::Done(entry) => {
                        done.insert(&place[..], &json(entry)[..])?;
                        begun.remove(&place[..])?;
                    }
                    Change::Begun(checkpoint) => {
                        begun.insert(&place[..], &json(checkpoint)[..])?;
                        // What it was before is no longer there.
                        done.remove(&place[..])?;
                    }
                }
            }
            run.insert("spooled", spooled)?;
            Ok(())
        })?;
        self.committed = Instant::now();
        Ok(())
    }

    /// The places of units of which a part is done.
    pub(super) fn half_done(&self) -> Result<Vec<PathBuf>> {
        let read = || -> Result<_, redb::Error> {
            let table = self.database.begin_read()?.open_table(BEGUN)?;
            let places = table.iter()?.map(|item| Ok(path_of(item?.0.value())));
            places.collect()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Records that the run came to its end.
    pub(super) fn finish(&self) -> Result<()> {
        self.write(|_, begun, run| {
            begun.retain(|_, _| false)?;
            run.insert("finished", 1)?;
            Ok(())
        })
    }

    fn write(
        &self,
        change: impl FnOnce(&mut Bytes<'_>, &mut Bytes<'_>, &mut Numbers<'_>) -> Result<(), redb::Error>,
    ) -> Result<()> {
        let write = || -> Result<_, redb::Error> {
            let transaction = self.database.begin_write()?;
            change(
                &mut transaction.open_table(DONE)?,
                &mut transaction.open_table(BEGUN)?,
                &mut transaction.open_table(RUN)?,
            )?;
            transaction.commit()?;
            Ok(())
        };
        write().map_err(|error| self.error(&error))
    }

    fn error(&self, error: &redb::Error) -> Error {
        let problem = format!("the journal could not be read or written: {error}");
        Error::Journal { path: self.path.clone(), problem }
    }
}

type Bytes<'a> = redb::Table<'a, &'static [u8], &'static [u8]>;
type Numbers<'a> = redb::Table<'a, &'static str, u64>;

impl Looked {
    /// What was made at `place`.
    pub(super) fn entry(&self, place: &Path) -> Option<Entry> {
        self.get(DONE, place)
    }

    /// How far the unit at `place` is.
    pub(super) fn checkpoint(&self, place: &Path) -> Option<Checkpoint> {
        self.get(BEGUN, place)
    }

    /// Whether `part`, a file half written or one of what is kept, belongs to a
    /// unit that can be gone on with in `root`.
    pub(super) fn has_part(&self, part: &Path, root: &Path) -> bool {
        let found = || -> Result<_, redb::Error> {
            let Some(database) = &self.database else { return Ok(false) };
            let table = database.begin_read()?.open_table(BEGUN)?;
            for item in table.iter()? {
                let item = item?;
                let place = path_of(item.0.value());
                if Part::name(&root.join(&place)) == part || root.join(kept_place(&place)) == part {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        found().unwrap_or(false)
    }

    /// What can't be read is as good as not there: it is done again. A
    /// transaction a look-up: one that stayed open would keep the file from
    /// reusing its pages.
    fn get<T: DeserializeOwned>(
        &self,
        table: TableDefinition<'_, &'static [u8], &'static [u8]>,
        place: &Path,
    ) -> Option<T> {
        let table = self.database.as_ref()?.begin_read().ok()?.open_table(table).ok()?;
        let value = table.get(&key(place)[..]).ok()??;
        serde_json::from_slice(value.value()).ok()
    }
}

fn key(place: &Path) -> Vec<u8> {
    place.as_os_str().as_encoded_bytes().to_owned()
}

/// Where what was made of the unit at `place` is kept until it is finished: a
/// temporary file in the folder of the journal.
pub(super) fn kept_place(place: &Path) -> PathBuf {
    let hash = blake3::hash(&key(place)).to_hex();
    Path::new(KEPT).join(format!(".textmend-{}.part", &hash[..32]))
}

#[cfg(unix)]
fn path_of(key: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(key).into()
}

#[cfg(not(unix))]
fn path_of(key: &[u8]) -> PathBuf {
    String::from_utf8_lossy(key).into_owned().into()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("numbers and strings are JSON")
}
