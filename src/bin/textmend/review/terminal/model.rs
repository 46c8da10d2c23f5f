//! The state of a review on a terminal. Decisions go to the [`Session`], which
//! has them on disk before it returns; here is only what is looked at.

use std::collections::HashMap;

use textmend::decisions::Scope;
use textmend::review::{DecisionLine, Done, Filter, Item, Say, Session, Target, Word};

use super::editor::Editor;
use super::menu::Menu;
use super::queue::{Key, Queue, Said, repair};

/// A review.
#[derive(Debug)]
pub(super) struct Review {
    pub(super) session: Session,
    pub(super) queue: Queue,
    pub(super) mode: Mode,
    /// What there is to say, and whether it is a problem.
    pub(super) message: Option<(String, bool)>,
    /// Lines the passage was moved by.
    pub(super) scroll: isize,
    /// What was decided since the review was opened, to be taken back.
    taken: Vec<Taken>,
    /// Whether the next `u` takes back what was decided by others, or before.
    is_sure: bool,
}

/// What keys mean at the moment.
#[derive(Debug)]
pub(super) enum Mode {
    /// One repair is asked for a decision.
    Asking,
    /// Text of one's own is written.
    Editing(Editor),
    Searching(Editor),
    Filtering(Menu),
    /// A rule is to be decided on as a whole, or only where it was shown.
    Sweeping(Sweep),
    /// The help, moved by so many lines.
    Help(u16),
}

/// A decision on a rule that reaches further than what is shown.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) say: Say,
    pub(super) rule: String,
    document: usize,
    /// Those of the queue.
    pub(super) shown: Vec<Key>,
    /// All that nobody decided on.
    pub(super) all: Vec<Key>,
}

/// Something that was decided.
#[derive(Debug)]
struct Taken {
    lines: Vec<DecisionLine>,
    keys: Vec<Key>,
}

impl Review {
    pub(super) fn new(session: Session, filter: Filter) -> Self {
        let queue = Queue::new(&session, filter, HashMap::new());
        let stale = session.stale().len();
        let told = format!("{stale} decisions are stale, their text has changed; see --stale");
        let message = (stale > 0).then_some((told, true));
        Self { session, queue, mode: Mode::Asking, message, scroll: 0, taken: Vec::new(), is_sure: false }
    }

    /// The repair that is asked.
    pub(super) fn item(&self) -> Option<Item<'_>> {
        let entry = self.queue.current()?;
        self.session.item(entry.key.0, entry.index)
    }

    /// How many repairs were accepted, rejected, edited and skipped.
    pub(super) fn tally(&self) -> [usize; 4] {
        let count = |wanted| self.queue.said.values().filter(|said| **said == wanted).count();
        [Said::Accepted, Said::Rejected, Said::Edited, Said::Skipped].map(count)
    }

    pub(super) fn tell(&mut self, told: String) {
        self.message = Some((told, false));
    }

    /// Forgets what was said for the last key.
    pub(super) fn begin(&mut self, is_undo: bool) {
        self.message = None;
        self.is_sure &= is_undo;
    }

    /// Decides on the repair that is asked, and goes to the next.
    pub(super) fn decide(&mut self, say: &Say) {
        let Some(key) = self.queue.current().map(|entry| entry.key.clone()) else { return };
        let target = Target::Repair { document: key.0, id: key.1.clone() };
        if self.write(&[target], say, Scope::Occurrence, vec![key]) {
            self.advance();
        }
    }

    pub(super) fn skip(&mut self) {
        let Some(key) = self.queue.current().map(|entry| entry.key.clone()) else { return };
        self.queue.said.entry(key).or_insert(Said::Skipped);
        self.advance();
    }

    /// Skips what is left of the rule in this document.
    pub(super) fn skip_rule(&mut self) {
        let Some((document, rule)) = self.rule() else { return };
        let keys = self.open_of(document, &rule);
        self.tell(format!("{} of {rule} skipped", keys.len()));
        for key in keys {
            self.queue.said.entry(key).or_insert(Said::Skipped);
        }
        self.advance();
    }

    /// Decides on what is left of the rule in this document; asks first where
    /// it also makes, or made, repairs that are not shown.
    pub(super) fn sweep(&mut self, say: Say) {
        let Some((document, rule)) = self.rule() else { return };
        let shown = self.open_of(document, &rule);
        let repairs = self.session.documents()[document].records.repairs.iter();
        let undecided = repairs.filter(|repair| repair.rule.as_str() == rule && repair.decision.is_none());
        let all: Vec<_> = undecided.map(|repair| (document, repair.id.clone())).collect();
        if shown.is_empty() {
            return self.tell("nothing is left of this rule in this document".to_owned());
        }
        let sweep = Sweep { say, rule, document, shown, all };
        if sweep.all.iter().all(|key| sweep.shown.contains(key)) {
            self.sweep_rule(sweep);
        } else {
            self.mode = Mode::Sweeping(sweep);
        }
    }

    /// Decides on all that the rule proposes.
    pub(super) fn sweep_rule(&mut self, sweep: Sweep) {
        let target = Target::Rule { document: sweep.document, rule: sweep.rule };
        self.end_sweep(&[target], &sweep.say, Scope::Rule, sweep.all);
    }

    /// Decides one by one on what is shown of the rule.
    pub(super) fn sweep_shown(&mut self, sweep: Sweep) {
        let target = |(document, id): &Key| Target::Repair { document: *document, id: id.clone() };
        let targets: Vec<_> = sweep.shown.iter().map(target).collect();
        self.end_sweep(&targets, &sweep.say, Scope::Occurrence, sweep.shown);
    }

    fn end_sweep(&mut self, targets: &[Target], say: &Say, scope: Scope, keys: Vec<Key>) {
        let count = keys.len();
        if !targets.is_empty() && self.write(targets, say, scope, keys) {
            let word = if *say == Say::Accept { "accepted" } else { "rejected" };
            self.tell(format!("{count} {word}; u takes that back"));
            self.advance();
        }
    }

    /// Takes the last decision back, and goes to what it was about. What was not
    /// decided here takes a second call.
    pub(super) fn undo(&mut self) {
        match self.session.refresh() {
            Ok(documents) => self.queue.renew(&self.session, &documents),
            Err(error) => return self.message = Some((error.to_string(), true)),
        }
        let Some(last) = self.session.file().lines().next_back().cloned() else {
            return self.tell("nothing was decided yet".to_owned());
        };
        let own = self.taken.pop_if(|taken| taken.lines.last() == Some(&last));
        if own.is_none() && !self.is_sure {
            self.is_sure = true;
            let told = told(&last);
            return self.tell(format!("u again takes back: {told}, by {}, {}", last.who, last.when));
        }
        self.is_sure = false;
        let count = own.as_ref().map_or(1, |taken| taken.lines.len());
        let mut keys = own.map(|taken| taken.keys).unwrap_or_default();
        for _ in 0..count {
            match self.session.undo() {
                Ok(Some(done)) => keys.extend(self.taken_back(&done)),
                Ok(None) => break,
                Err(error) => return self.message = Some((error.to_string(), true)),
            }
        }
        self.tell(format!("taken back: {}", told(&last)));
        self.ask_again(&keys);
    }

    /// Takes in that a line is gone, and gives the repairs it named.
    fn taken_back(&mut self, done: &Done) -> Vec<Key> {
        self.queue.renew(&self.session, &done.documents);
        let key = |line: &DecisionLine| Some((*done.documents.first()?, line.id.clone()?));
        done.lines.iter().filter_map(key).collect()
    }

    /// Forgets what was said to `keys`, as far as it does not hold any more, and
    /// goes to the first of them.
    fn ask_again(&mut self, keys: &[Key]) {
        let mut first = None;
        for key in keys {
            let place = self.queue.place(key);
            let entry = place.map(|place| &self.queue.entries[place]);
            let left = entry.and_then(|entry| repair(&self.session, entry).decision);
            match left {
                Some(verdict) => self.queue.said.insert(key.clone(), Said::of(verdict)),
                None => self.queue.said.remove(key),
            };
            first = [first, place].into_iter().flatten().min();
        }
        match first {
            Some(place) => self.queue.at = Some(place),
            None if self.queue.at.is_none() => self.queue.advance(&self.session),
            None => {}
        }
        self.scroll = 0;
    }

    /// Asks only for what `filter` lets through.
    pub(super) fn choose(&mut self, filter: Filter) {
        let said = std::mem::take(&mut self.queue.said);
        let before = std::mem::take(&mut self.queue.filter);
        let queue = Queue::new(&self.session, filter, said);
        if queue.entries.is_empty() {
            let said = queue.said;
            self.queue.filter = before;
            self.queue.said = said;
            self.message = Some(("nothing is like that; what was shown is still".to_owned(), true));
            return;
        }
        self.queue = queue;
        self.scroll = 0;
        self.tell(format!("{} repairs", self.queue.entries.len()));
    }

    pub(super) fn step(&mut self, is_forward: bool) {
        self.queue.step(is_forward);
        self.scroll = 0;
    }

    /// Begins to write text of one's own.
    pub(super) fn edit(&mut self) {
        let Some(item) = self.item() else { return };
        if item.change.is_whole {
            self.mode = Mode::Editing(Editor::new(&item.change.after));
        } else {
            let told = "it reaches too far to be edited; accept or reject it";
            self.message = Some((told.to_owned(), true));
        }
    }

    fn advance(&mut self) {
        self.queue.advance(&self.session);
        self.scroll = 0;
    }

    /// Decides; whether that went well. It is on disk before anything shows it.
    fn write(&mut self, targets: &[Target], say: &Say, scope: Scope, keys: Vec<Key>) -> bool {
        match self.session.decide_all(targets, say, scope, None) {
            Ok(done) => {
                self.queue.renew(&self.session, &done.documents);
                let said = match done.lines.first().map(|line| line.decision) {
                    Some(Word::Accept) => Said::Accepted,
                    Some(Word::Edit) => Said::Edited,
                    _ => Said::Rejected,
                };
                self.queue.said.extend(keys.iter().map(|key| (key.clone(), said)));
                self.taken.push(Taken { lines: done.lines, keys });
                true
            }
            Err(error) => {
                self.message = Some((error.to_string(), true));
                false
            }
        }
    }

    /// The document and the rule of the repair that is asked.
    fn rule(&self) -> Option<(usize, String)> {
        let entry = self.queue.current()?;
        Some((entry.key.0, repair(&self.session, entry).rule.as_str().to_owned()))
    }

    /// What is open of `rule` in `document`; the repair that is asked, too, if it
    /// was skipped before.
    fn open_of(&self, document: usize, rule: &str) -> Vec<Key> {
        let places = self.queue.entries.iter().enumerate();
        let wanted = places.filter(|(place, entry)| {
            let repair = repair(&self.session, entry);
            let is_asked = self.queue.at == Some(*place) && repair.decision.is_none();
            entry.key.0 == document
                && repair.rule.as_str() == rule
                && (is_asked || self.queue.is_open(&self.session, entry))
        });
        wanted.map(|(_, entry)| entry.key.clone()).collect()
    }
}

/// A decision in a few words.
fn told(line: &DecisionLine) -> String {
    let word = line.decision.as_str();
    let all = if line.scope == Some(Scope::Rule) { "all of " } else { "" };
    format!("{word} {all}{}", line.rule)
}
