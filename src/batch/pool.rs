//! The threads of a run: one reader, the workers, and the consumer, which is
//! the thread that called. Workers live as long as the run: a fresh thread has
//! to build again what a pattern keeps for each.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::budget::Budget;
use super::consumer::{Consumer, Deliver};
use super::desk::Desk;
use super::format::{Mark, Piece, Worked};
use super::journal::{Checkpoint, Entry};
use super::reader::{Past, Reader};
use super::unit::{Seen, Unit};
use super::{Observer, Outcome};
use crate::error::{Error, Result};
use crate::io::compression::Compression;

/// Bytes in flight for each worker: enough that none waits for the others.
const IN_FLIGHT: usize = 2 << 20;

/// What a worker has to do.
pub(super) struct Task {
    pub(super) number: u64,
    pub(super) weight: usize,
    pub(super) piece: Box<dyn Piece>,
    /// What becomes of the result.
    pub(super) kind: Kind,
}

/// What a piece is to its unit.
pub(super) enum Kind {
    /// All of it.
    Whole(Arc<Unit>, Seen),
    /// One of many.
    Part(Option<Mark>),
}

/// What the consumer gets, in the order of the numbers.
pub(super) struct Numbered {
    pub(super) number: u64,
    /// What it gives back to the budget.
    pub(super) weight: usize,
    pub(super) event: Event,
}

/// Something that happened to a unit.
pub(super) enum Event {
    /// A unit that is one piece is done.
    Whole(Arc<Unit>, Seen, Worked),
    /// A unit of many pieces begins, or is gone on with.
    Begin(Arc<Unit>, Seen, Option<Compression>, Option<Box<Checkpoint>>),
    /// A piece of it is done.
    Part(Worked, Option<Mark>),
    /// It has ended, with the hash of what was read, or with what ended it too
    /// soon.
    End(Result<blake3::Hash>),
    /// A unit was done by an earlier run.
    Done(Arc<Unit>, Box<Entry>),
    /// A unit could not be begun.
    Failed(String, Error),
    /// The run can't go on.
    Stop(Error),
}

/// Runs `units` through the workers, to `deliver`.
pub(super) fn run(
    units: impl Iterator<Item = Result<Unit>> + Send,
    desk: &Desk<'_>,
    past: Option<Past>,
    deliver: impl Deliver,
    observer: &mut dyn Observer,
) -> Result<Outcome> {
    let workers = desk.options.workers.max(1);
    let budget = Budget::new(workers * IN_FLIGHT + IN_FLIGHT / 2);
    // The budget bounds both.
    let (tasks, todo) = crossbeam_channel::unbounded();
    let (events, done) = crossbeam_channel::unbounded();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (todo, events) = (todo.clone(), events.clone());
            scope.spawn(move || work(&todo, &events, desk));
        }
        drop(todo);
        let reader = Reader::new(desk, &budget, tasks, events, past);
        scope.spawn(move || reader.read(units));
        let consumer = Consumer::new(deliver, observer, desk.options.pages);
        let ended = consume(done, &budget, consumer);
        // Whoever still waits learns that it was for nothing.
        budget.close();
        ended
    })
}

/// What each worker does, until there is nothing to do.
fn work(todo: &Receiver<Task>, events: &Sender<Numbered>, desk: &Desk<'_>) {
    for task in todo {
        // A document that a rule fails on is a failure among others; what else
        // fails is a fault of the run, which must not go on as if nothing was.
        let worked = catch_unwind(AssertUnwindSafe(|| task.piece.work(desk)));
        let event = match (task.kind, worked) {
            (Kind::Whole(unit, seen), Ok(worked)) => Event::Whole(unit, seen, worked),
            (Kind::Part(mark), Ok(worked)) => Event::Part(worked, mark),
            (_, Err(_)) => Event::Stop(Error::Fault { path: "a worker".into() }),
        };
        // Nobody listens once the run has stopped.
        if events.send(Numbered { number: task.number, weight: task.weight, event }).is_err() {
            return;
        }
    }
}

/// Takes what happens in order.
fn consume(
    done: Receiver<Numbered>,
    budget: &Budget,
    mut consumer: Consumer<'_, impl Deliver>,
) -> Result<Outcome> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    let mut stopped = None;
    'all: for numbered in done {
        early.insert(numbered.number, numbered);
        while let Some(numbered) = early.remove(&next) {
            next += 1;
            if let Err(error) = consumer.take(numbered.event) {
                stopped = Some(error);
                break 'all;
            }
            budget.give_back(numbered.weight);
        }
    }
    consumer.finish(stopped)
}
