//! Reads the units one after the other and cuts them for the workers.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::budget::Budget;
use super::desk::Desk;
use super::format::{FormatName, Slice};
use super::journal::{Checkpoint, Entry, Looked, kept_place};
use super::pool::{Event, Kind, Numbered, Task};
use super::unit::{Seen, Unit};
use super::{Form, Options};
use crate::error::{Error, Result};
use crate::io::Part;
use crate::io::archive::NameEncoding;

/// Nothing more can be handed on: the run has stopped.
struct Stopped;

/// What is known of the output folder.
pub(super) struct Past {
    /// What earlier runs did.
    done: Looked,
    /// The places given away, if two units may want the same.
    claimed: Option<HashSet<[u8; 16]>>,
}

/// See the module.
pub(super) struct Reader<'a> {
    desk: &'a Desk<'a>,
    budget: &'a Budget,
    tasks: Sender<Task>,
    events: Sender<Numbered>,
    past: Option<Past>,
    next: u64,
}

impl Past {
    pub(super) fn new(done: Looked, may_clash: bool) -> Self {
        Self { done, claimed: may_clash.then(HashSet::new) }
    }

    /// Claims the place of `unit`.
    fn claim(&mut self, unit: &Unit, root: &Path) -> Result<()> {
        let refuse = |problem: &str| {
            let problem = format!("{problem}; name another one");
            Err(Error::Output { path: root.join(&unit.place), problem })
        };
        if super::folder::is_reserved(&unit.place) {
            return refuse("this is where the run itself is told of");
        }
        let Some(claimed) = &mut self.claimed else { return Ok(()) };
        let hash = blake3::hash(unit.place.as_os_str().as_encoded_bytes());
        let short = hash.as_bytes().first_chunk().expect("it has 32 bytes");
        if claimed.insert(*short) { Ok(()) } else { refuse("two results would be written to this file") }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        desk: &'a Desk<'a>,
        budget: &'a Budget,
        tasks: Sender<Task>,
        events: Sender<Numbered>,
        past: Option<Past>,
    ) -> Self {
        Self { desk, budget, tasks, events, past, next: 0 }
    }

    /// Reads all `units`.
    pub(super) fn read(mut self, units: impl Iterator<Item = Result<Unit>>) {
        for unit in units {
            let read = match unit {
                Ok(unit) => self.unit(unit),
                Err(error @ Error::Setup(_)) => self.send(Event::Stop(error)).and(Err(Stopped)),
                Err(error) => self.send(Event::Failed(place_of(&error), error)),
            };
            if read.is_err() {
                return;
            }
        }
    }

    fn unit(&mut self, unit: Unit) -> Result<(), Stopped> {
        let unit = Arc::new(unit);
        if let (Some(past), Some(folder)) = (&mut self.past, &self.desk.folder)
            && let Err(error) = past.claim(&unit, folder.root())
        {
            return self.send(Event::Failed(unit.name(), error));
        }
        let seen = match unit.look() {
            Ok(seen) => seen,
            Err(error) => return self.send(Event::Failed(unit.name(), error)),
        };
        if let Some(entry) = self.done_earlier(&unit, &seen) {
            return self.send(Event::Done(unit, Box::new(entry)));
        }
        match self.desk.options.format_of(&unit) {
            FormatName::Text => self.whole(unit, seen),
            name => self.parts(&unit, seen, name),
        }
    }

    /// A unit of one piece.
    fn whole(&mut self, unit: Arc<Unit>, seen: Seen) -> Result<(), Stopped> {
        let cut = FormatName::Text.format().cut(&unit, self.desk.options, None);
        match cut.and_then(|mut cut| cut.next()) {
            Ok(Some(slice)) => self.task(slice, |_| Kind::Whole(unit, seen)),
            Ok(None) => Ok(()),
            Err(error) => self.send(Event::Failed(unit.name(), error)),
        }
    }

    /// A unit of any number of pieces.
    fn parts(&mut self, unit: &Arc<Unit>, seen: Seen, name: FormatName) -> Result<(), Stopped> {
        let format = name.format();
        let mut from = self.checkpoint(unit, &seen);
        let mut cut = from.as_ref().map(|from| format.cut(unit, self.desk.options, Some(&from.mark)));
        if !matches!(cut, Some(Ok(_))) {
            // Never begun, or no longer what it was.
            from = None;
            cut = Some(format.cut(unit, self.desk.options, None));
        }
        let mut cut = match cut.expect("just made") {
            Ok(cut) => cut,
            Err(error) => return self.send(Event::Failed(unit.name(), error)),
        };
        self.send(Event::Begin(Arc::clone(unit), seen, cut.compression(), from.map(Box::new)))?;
        let ended = loop {
            match cut.next() {
                Ok(Some(slice)) => self.task(slice, Kind::Part)?,
                Ok(None) => break cut.hash(),
                Err(error) => break Err(error),
            }
        };
        self.send(Event::End(ended))
    }

    fn task(
        &mut self,
        slice: Slice,
        kind: impl FnOnce(Option<super::format::Mark>) -> Kind,
    ) -> Result<(), Stopped> {
        let weight = self.budget.take(slice.piece.weight()).ok_or(Stopped)?;
        let task = Task { number: self.next, weight, piece: slice.piece, kind: kind(slice.mark) };
        self.next += 1;
        self.tasks.send(task).map_err(|_| Stopped)
    }

    fn send(&mut self, event: Event) -> Result<(), Stopped> {
        let weight = self.budget.take(0).ok_or(Stopped)?;
        let number = self.next;
        self.next += 1;
        self.events.send(Numbered { number, weight, event }).map_err(|_| Stopped)
    }

    /// What an earlier run made of `unit`, if it would come out the same now:
    /// the output is there, and the input has the size and the time it had, or
    /// else the hash.
    fn done_earlier(&self, unit: &Unit, seen: &Seen) -> Option<Entry> {
        let past = self.past.as_ref()?;
        let entry = past.done.entry(&unit.place)?;
        let output = self.desk.folder.as_ref()?.root().join(&unit.place);
        let there = std::fs::metadata(output).is_ok_and(|found| found.len() == entry.output);
        let options = self.desk.options;
        let unpacked = options.format_of(unit).is_unpacked().then_some(options.limits);
        let same = entry.made_with == self.desk.options.made_with(unit)
            && (entry.records.is_some() || !self.desk.records)
            && entry.size == seen.size
            && there
            && (entry.modified == seen.modified
                || unit.hash(unpacked).is_ok_and(|hash| hash.to_hex().as_str() == entry.hash));
        same.then_some(entry)
    }

    /// How far an earlier run came with `unit`.
    fn checkpoint(&self, unit: &Unit, seen: &Seen) -> Option<Checkpoint> {
        let past = self.past.as_ref()?;
        let checkpoint = past.done.checkpoint(&unit.place)?;
        let root = self.desk.folder.as_ref()?.root();
        let has = |path, len| std::fs::metadata(path).is_ok_and(|found| found.len() >= len);
        let entry = &checkpoint.entry;
        let there = match checkpoint.kept {
            Some(kept) => has(root.join(kept_place(&unit.place)), kept),
            None => has(Part::name(&root.join(&unit.place)), entry.output),
        };
        let unchanged = checkpoint.mark.hash.is_some()
            || unit.path.is_some() && (entry.size, entry.modified) == (seen.size, seen.modified);
        let same = entry.made_with == self.desk.options.made_with(unit)
            && (entry.records.is_some() || !self.desk.records);
        (there && unchanged && same).then_some(checkpoint)
    }
}

impl Options {
    pub(super) fn format_of(&self, unit: &Unit) -> FormatName {
        self.format.unwrap_or_else(|| FormatName::of(unit.path()))
    }

    /// A hash of all that decides what becomes of `unit`, but for its bytes.
    pub(super) fn made_with(&self, unit: &Unit) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(blake3::hash(bytes).as_bytes());
        };
        part(env!("CARGO_PKG_VERSION").as_bytes());
        part(unit.cleaner.hash.as_bytes());
        part(&unit.cleaner.decided(unit.path()));
        // The records tell the name it had.
        part(unit.path().as_os_str().as_encoded_bytes());
        part(&self.max_document.to_le_bytes());
        let limits = [self.limits.ratio, self.limits.free, self.limits.size.unwrap_or(u64::MAX)];
        part(&limits.map(u64::to_le_bytes).concat());
        part(self.knowledge.as_ref().map_or(&[][..], |knowledge| knowledge.hash()));
        part(&[u8::from(self.keep_encoding), u8::from(self.form == Form::Text)]);
        let name = self.format_of(unit);
        part(name.name().as_bytes());
        part(self.name_encoding.map_or("", NameEncoding::name).as_bytes());
        if name != FormatName::Text {
            for field in [Some(&self.text_field), self.id_field.as_ref(), self.repairs_field.as_ref()] {
                part(field.map_or(&[][..], |field| field.as_bytes()));
            }
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

/// The file that `error` names.
fn place_of(error: &Error) -> String {
    match error {
        Error::Io { path, .. } | Error::Output { path, .. } => path.to_string_lossy().into_owned(),
        _ => String::new(),
    }
}
