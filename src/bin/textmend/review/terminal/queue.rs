//! The repairs that are gone through, in order, and where one is among them.

use std::collections::{HashMap, HashSet};

use textmend::edit::Verdict;
use textmend::pipeline::Status;
use textmend::report::records::RepairRecord;
use textmend::review::{Filter, Session};

/// A repair by the number of its document and its id: that stays the same,
/// whatever is decided.
pub(super) type Key = (usize, String);

/// A repair in the queue.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    /// Its number in the document's repairs, as they are now.
    pub(super) index: usize,
}

/// What was said to a repair since the review was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Accepted,
    Rejected,
    Edited,
    Skipped,
}

impl Said {
    pub(super) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accept => Self::Accepted,
            Verdict::Reject => Self::Rejected,
            Verdict::Edit => Self::Edited,
        }
    }
}

/// The queue. What was decided stays in it, so that one can go back.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) filter: Filter,
    pub(super) entries: Vec<Entry>,
    /// The place of the one that is asked; `None` when all were.
    pub(super) at: Option<usize>,
    /// What was said to whom.
    pub(super) said: HashMap<Key, Said>,
}

impl Queue {
    /// The repairs of `session` that `filter` lets through.
    pub(super) fn new(session: &Session, filter: Filter, said: HashMap<Key, Said>) -> Self {
        let mut queue = Self { filter, entries: Vec::new(), at: None, said };
        queue.renew(session, &(0..session.documents().len()).collect::<Vec<_>>());
        queue.at = (!queue.entries.is_empty()).then_some(0);
        queue.at = queue.open_from(session, 0).or(queue.at);
        queue
    }

    /// Takes in that these documents were cleaned anew: what is no longer
    /// proposed is gone, and what is proposed now has come.
    pub(super) fn renew(&mut self, session: &Session, documents: &[usize]) {
        let current = self.current().map(|entry| entry.key.clone());
        for number in documents {
            let filter = Filter { document: Some(*number), ..self.filter.clone() };
            let found = if filter.search.is_some() {
                session.items(&filter).iter().map(|item| item.index).collect::<HashSet<_>>()
            } else {
                session.indices(&filter).into_iter().map(|(_, index)| index).collect()
            };
            self.renew_one(session, *number, &found);
        }
        let found = current.and_then(|key| self.place(&key));
        // One that is gone leaves its place to the next.
        self.at = match (found, self.at) {
            (None, Some(at)) if !self.entries.is_empty() => Some(at.min(self.entries.len() - 1)),
            (found, _) => found,
        };
    }

    fn renew_one(&mut self, session: &Session, number: usize, found: &HashSet<usize>) {
        let start = self.entries.partition_point(|entry| entry.key.0 < number);
        let end = self.entries.partition_point(|entry| entry.key.0 <= number);
        let known: HashSet<&str> =
            self.entries[start..end].iter().map(|entry| entry.key.1.as_str()).collect();
        let repairs = session.documents()[number].records.repairs.iter().enumerate();
        let mut here: Vec<_> = repairs
            .filter(|(index, repair)| found.contains(index) || known.contains(repair.id.as_str()))
            .collect();
        here.sort_by_key(|(_, repair)| repair.edits.iter().map(|edit| edit.bytes.start).min());
        let entry =
            |(index, repair): (usize, &RepairRecord)| Entry { key: (number, repair.id.clone()), index };
        let here: Vec<_> = here.into_iter().map(entry).collect();
        self.entries.splice(start..end, here);
    }

    pub(super) fn current(&self) -> Option<&Entry> {
        self.entries.get(self.at?)
    }

    pub(super) fn place(&self, key: &Key) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == *key)
    }

    /// Whether `entry` is still to be asked.
    pub(super) fn is_open(&self, session: &Session, entry: &Entry) -> bool {
        let repair = repair(session, entry);
        let waits = repair.status == Status::Suggested && repair.decision.is_none();
        !self.said.contains_key(&entry.key) && (waits || !self.filter.pending)
    }

    /// How many are still to be asked.
    pub(super) fn open(&self, session: &Session) -> usize {
        self.entries.iter().filter(|entry| self.is_open(session, entry)).count()
    }

    /// The place of the next open one from `place` on, and round to it.
    fn open_from(&self, session: &Session, place: usize) -> Option<usize> {
        let count = self.entries.len();
        (place..count).chain(0..place.min(count)).find(|place| self.is_open(session, &self.entries[*place]))
    }

    /// Goes to the next that is to be asked; to none if all were.
    pub(super) fn advance(&mut self, session: &Session) {
        let from = self.at.map_or(0, |at| at + 1);
        self.at = self.open_from(session, from);
    }

    /// Goes to the next or the one before, asked or not.
    pub(super) fn step(&mut self, is_forward: bool) {
        let last = self.entries.len().checked_sub(1);
        self.at = match (self.at, is_forward) {
            (None, false) => last,
            (None, true) => last.map(|_| 0),
            (Some(at), true) => last.map(|last| (at + 1).min(last)),
            (Some(at), false) => Some(at.saturating_sub(1)),
        };
    }
}

/// The repair of `entry`.
pub(super) fn repair<'a>(session: &'a Session, entry: &Entry) -> &'a RepairRecord {
    &session.documents()[entry.key.0].records.repairs[entry.index]
}
