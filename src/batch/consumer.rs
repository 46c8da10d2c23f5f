//! Takes what became of the units in the order of the input: counts it, tells
//! of it, and hands it on.

use std::sync::Arc;

use super::format::{Made, Mark, Worked};
use super::journal::{Checkpoint, Entry};
use super::pool::Event;
use super::tally::Failures;
use super::unit::{Cleaner, Seen, Setting, Unit};
use super::{Observer, Outcome};
use crate::error::{Error, Result};
use crate::io::compression::Compression;

/// Where what was made goes. Whatever fails here stops the run.
pub(super) trait Deliver {
    /// A unit that is one piece.
    fn whole(&mut self, unit: &Unit, seen: &Seen, worked: Worked) -> Result<()>;
    /// A unit of many pieces begins; it is gone on with after a checkpoint.
    fn begin(
        &mut self,
        unit: &Arc<Unit>,
        seen: &Seen,
        compression: Option<Compression>,
        from: Option<Checkpoint>,
    ) -> Result<()>;
    /// A piece of it.
    fn part(&mut self, worked: Worked, mark: Option<Mark>) -> Result<()>;
    /// It has ended; too soon if there is no `hash` of all of it.
    fn end(&mut self, hash: Option<blake3::Hash>) -> Result<()>;
    /// A unit that an earlier run has done.
    fn done(&mut self, unit: &Unit, entry: &Entry) -> Result<()>;
    /// Nothing more comes.
    fn finish(self, outcome: &Outcome, settings: &[Setting]) -> Result<()>;
    /// Nothing more can come: keeps what there is.
    fn stop(self);
}

/// See the module.
pub(super) struct Consumer<'a, D> {
    deliver: D,
    observer: &'a mut dyn Observer,
    outcome: Outcome,
    /// How documents were repaired, in the order of their first.
    settings: Vec<Setting>,
    last: Option<Arc<Cleaner>>,
    pages: usize,
    /// The unit whose pieces come.
    unit: Option<Arc<Unit>>,
}

impl<'a, D: Deliver> Consumer<'a, D> {
    pub(super) fn new(deliver: D, observer: &'a mut dyn Observer, pages: usize) -> Self {
        let outcome = Outcome::default();
        Self { deliver, observer, outcome, settings: Vec::new(), last: None, pages, unit: None }
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// What stops the run.
    pub(super) fn take(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Whole(unit, seen, mut worked) => {
                self.meet(&unit);
                self.count(&mut worked)?;
                self.outcome.read += seen.size;
                self.outcome.has_results |= !matches!(worked.made, Made::Nothing);
                self.deliver.whole(&unit, &seen, worked)?;
            }
            Event::Begin(unit, seen, compression, from) => {
                self.meet(&unit);
                if let Some(from) = &from {
                    self.recall(&from.entry);
                    self.outcome.read_earlier += from.mark.offset;
                }
                self.deliver.begin(&unit, &seen, compression, from.map(|from| *from))?;
                self.unit = Some(unit);
            }
            Event::Part(mut worked, mark) => {
                self.count(&mut worked)?;
                self.outcome.read += worked.read;
                self.outcome.has_results |= worked.made.is_something();
                self.deliver.part(worked, mark)?;
            }
            Event::End(ended) => {
                let name = self.unit.take().expect("it has begun").name();
                if let Err(error) = &ended {
                    let mut failures = Failures::default();
                    failures.push(name, error.to_string());
                    self.fail(&failures);
                }
                self.outcome.has_results |= ended.is_ok();
                self.deliver.end(ended.ok())?;
            }
            Event::Done(unit, entry) => {
                self.meet(&unit);
                self.outcome.earlier += 1;
                self.outcome.read_earlier += entry.size;
                self.recall(&entry);
                self.deliver.done(&unit, &entry)?;
            }
            Event::Failed(place, error) => {
                let mut failures = Failures::default();
                failures.push(place, error.to_string());
                self.fail(&failures);
            }
            Event::Stop(error) => return Err(error),
        }
        self.observer.advanced(&self.outcome);
        Ok(())
    }

    /// Ends the run, which `stopped` has stopped.
    ///
    /// # Errors
    /// What stopped it, now or before.
    pub(super) fn finish(self, stopped: Option<Error>) -> Result<Outcome> {
        if let Some(error) = stopped {
            self.deliver.stop();
            return Err(error);
        }
        self.deliver.finish(&self.outcome, &self.settings)?;
        Ok(self.outcome)
    }

    /// Remembers how the documents of `unit` are repaired.
    fn meet(&mut self, unit: &Unit) {
        let setting = &unit.cleaner.setting;
        if self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &unit.cleaner)) {
            return;
        }
        self.last = Some(Arc::clone(&unit.cleaner));
        if !self.settings.contains(setting) {
            self.settings.push(setting.clone());
        }
    }

    fn count(&mut self, worked: &mut Worked) -> Result<()> {
        if let Some(error) = worked.stop.take() {
            return Err(error);
        }
        self.outcome.tally.merge(&worked.tally);
        self.fail(&worked.failures);
        let room = self.pages - self.outcome.pages.len();
        self.outcome.pages.extend(std::mem::take(&mut worked.pages).into_iter().take(room));
        Ok(())
    }

    /// Counts what an earlier run did.
    fn recall(&mut self, entry: &Entry) {
        self.outcome.has_results = true;
        self.outcome.tally.merge(&entry.tally);
        self.fail(&entry.failures);
    }

    fn fail(&mut self, failures: &Failures) {
        self.outcome.failures.merge(failures);
        for failure in &failures.first {
            self.observer.failed(failure);
        }
    }
}
