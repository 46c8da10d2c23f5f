//! Documents held against what was decided about them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::document::{Progress, Reviewed, Source};
use super::file::DecisionsFile;
use super::item::{Filter, Item, is_pending};
use super::line::{DecisionLine, Subject, Word};
use super::passage::Passage;
use super::say::{Done, Say, Stale, Target};
use crate::decisions::{Decisions, Scope};
use crate::decode::{Decoded, decode};
use crate::edit::RuleId;
use crate::elsewhere::Elsewhere;
use crate::error::{Error, Result};
use crate::pipeline::Cleaned;
use crate::report::records::DocumentRecords;
use crate::textmend::Textmend;

/// A review. All it knows is in the documents and in the decisions file: what
/// is decided is on disk before a method returns.
#[derive(Debug)]
pub struct Session {
    documents: Vec<Reviewed>,
    /// What cleans each of them.
    cleaners: Vec<Arc<Textmend>>,
    file: DecisionsFile,
    decisions: Decisions,
    who: String,
}

impl Session {
    /// Cleans `documents` under the decisions in the file at `decisions`, which
    /// need not exist. `who` is the name under which will be decided.
    ///
    /// # Errors
    /// As [`DecisionsFile::read`].
    pub fn open(textmend: Textmend, documents: Vec<Source>, decisions: PathBuf, who: String) -> Result<Self> {
        let textmend = Arc::new(textmend);
        let documents = documents.into_iter().map(|source| (source, Arc::clone(&textmend))).collect();
        Self::open_each(documents, decisions, who)
    }

    /// As [`open`](Self::open), where each document has its own configuration.
    ///
    /// # Errors
    /// As [`DecisionsFile::read`].
    pub fn open_each(
        documents: Vec<(Source, Arc<Textmend>)>,
        decisions: PathBuf,
        who: String,
    ) -> Result<Self> {
        let file = DecisionsFile::read(&decisions)?;
        let decisions = file.decisions();
        let (sources, cleaners): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
        let documents =
            sources.into_iter().zip(&cleaners).map(|(source, textmend): (Source, &Arc<Textmend>)| {
                let decoded = decode(&source.bytes, textmend.encoding());
                let cleaned = clean(textmend, &decisions, &source.name, decoded);
                let records = DocumentRecords::new(&source.name, &source.bytes, &cleaned);
                Reviewed { name: source.name, bytes: source.bytes, cleaned, records }
            });
        let documents = documents.collect();
        Ok(Self { documents, cleaners, file, decisions, who })
    }

    /// The documents, in the order in which they were given.
    #[must_use]
    pub fn documents(&self) -> &[Reviewed] {
        &self.documents
    }

    /// The file of decisions.
    #[must_use]
    pub fn file(&self) -> &DecisionsFile {
        &self.file
    }

    /// The repairs that `filter` lets through, document by document, in source
    /// order. Making an item costs its passage; for thousands, filter first or
    /// ask [`items_at`](Self::items_at) for those that are shown.
    #[must_use]
    pub fn items(&self, filter: &Filter) -> Vec<Item<'_>> {
        let lines = self.by_subject();
        let mut items = Vec::new();
        for (number, index) in self.indices(filter) {
            let item = self.make(&lines, number, index);
            if filter.finds(&item) {
                items.push(item);
            }
        }
        items
    }

    /// The places of the repairs that `filter` lets through, whatever it
    /// searches for: numbers of documents, and of repairs in them.
    #[must_use]
    pub fn indices(&self, filter: &Filter) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for (number, document) in self.documents.iter().enumerate() {
            let repairs = document.records.repairs.iter().enumerate();
            let mut here: Vec<_> = repairs.filter(|(_, repair)| filter.admits(number, repair)).collect();
            here.sort_by_key(|(_, repair)| repair.edits.iter().map(|edit| edit.bytes.start).min());
            found.extend(here.into_iter().map(|(index, _)| (number, index)));
        }
        found
    }

    /// The items at these places, as [`indices`](Self::indices) gives them;
    /// places where nothing is are left out.
    #[must_use]
    pub fn items_at(&self, places: &[(usize, usize)]) -> Vec<Item<'_>> {
        let lines = self.by_subject();
        let exists = |(number, index): &&(usize, usize)| {
            self.documents.get(*number).is_some_and(|found| *index < found.records.repairs.len())
        };
        places.iter().filter(exists).map(|(number, index)| self.make(&lines, *number, *index)).collect()
    }

    /// Repair number `index` of document number `document`.
    #[must_use]
    pub fn item(&self, document: usize, index: usize) -> Option<Item<'_>> {
        self.items_at(&[(document, index)]).pop()
    }

    fn make<'a>(
        &'a self,
        lines: &HashMap<Subject<'a>, &'a DecisionLine>,
        number: usize,
        index: usize,
    ) -> Item<'a> {
        let document = &self.documents[number];
        let (repair, outcome) = (&document.records.repairs[index], &document.cleaned.repairs[index]);
        let change = outcome.change(&document.cleaned.source);
        let (name, rule) = (document.name.as_str(), repair.rule.as_str());
        let occurrence = lines.get(&Subject::Occurrence { document: name, id: &repair.id });
        let narrow: &HashMap<Subject<'_>, &'a DecisionLine> = lines;
        let phrase = change.phrase.as_deref();
        let phrase = phrase.and_then(|phrase| narrow.get(&Subject::Phrase { rule, phrase }));
        let of_rule = lines.get(&Subject::Rule { document: name, rule });
        let decision = repair.decision.and_then(|_| occurrence.or(phrase).or(of_rule)).copied();
        Item {
            document: number,
            index,
            repair,
            decision,
            is_pending: is_pending(repair),
            passage: Passage::of(outcome, &document.cleaned.source),
            change,
        }
    }

    /// The line that counts for each subject.
    fn by_subject(&self) -> HashMap<Subject<'_>, &DecisionLine> {
        self.file.lines().filter_map(|line| Some((line.subject().ok()?, line))).collect()
    }

    /// How far the review of document number `document` has come.
    #[must_use]
    pub fn progress(&self, document: usize) -> Progress {
        let repairs = self.documents.get(document).map_or(&[][..], |found| &found.records.repairs);
        Progress {
            decided: repairs.iter().filter(|repair| repair.decision.is_some()).count(),
            pending: repairs.iter().filter(|repair| is_pending(repair)).count(),
        }
    }

    /// Decides on `target`; `note` is what the reviewer adds. It is on disk
    /// when this returns, and the documents it concerns are cleaned anew.
    ///
    /// # Errors
    /// [`Error::Decision`] for a repair that does not exist, a phrase that means
    /// nothing, or an edit of a stretch too long to be shown; [`Error::Io`].
    pub fn decide(&mut self, target: &Target, say: &Say, scope: Scope, note: Option<&str>) -> Result<Done> {
        self.decide_all(std::slice::from_ref(target), say, scope, note)
    }

    /// As [`decide`](Self::decide), on several at once: all are written, or none
    /// if one can't be decided on.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn decide_all(
        &mut self,
        targets: &[Target],
        say: &Say,
        scope: Scope,
        note: Option<&str>,
    ) -> Result<Done> {
        let mut lines = Vec::with_capacity(targets.len());
        for target in targets {
            lines.push(self.line(target, say, scope, note)?);
        }
        self.write(lines)
    }

    /// Ticks the note `id` of document number `document` off, or takes that
    /// back.
    ///
    /// # Errors
    /// [`Error::Decision`] if there is no such note; [`Error::Io`].
    pub fn tick(&mut self, document: usize, id: &str, is_done: bool) -> Result<Done> {
        let reviewed = self.documents.get(document);
        let found = reviewed.and_then(|found| {
            found
                .records
                .notes
                .iter()
                .find(|note| note.id == id)
                .map(|note| (found.name.clone(), note.rule.clone()))
        });
        let Some((name, rule)) = found else { return Err(unknown(id)) };
        let word = if is_done { Word::Done } else { Word::Open };
        let mut line = self.blank(word, rule);
        line.note_id = Some(id.to_owned());
        line.document = Some(name);
        self.write(vec![line])
    }

    /// Whether the note `id` of document number `document` was ticked off.
    #[must_use]
    pub fn is_ticked(&self, document: usize, id: &str) -> bool {
        let Some(document) = self.documents.get(document) else { return false };
        let subject = Subject::Note { document: &document.name, id };
        let last = self.file.lines().rev().find(|line| line.subject().as_ref() == Ok(&subject));
        last.is_some_and(|line| line.decision == Word::Done)
    }

    /// Takes the last decision in the file back, whoever made it; `None` if it
    /// holds none.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn undo(&mut self) -> Result<Option<Done>> {
        let Some(line) = self.file.take_last()? else { return Ok(None) };
        let documents = self.renew(std::slice::from_ref(&line));
        Ok(Some(Done { lines: vec![line], documents }))
    }

    /// The decisions on repairs of these documents that nothing proposed can be
    /// held against: the text around them has changed, or what they were made
    /// about is no longer proposed.
    #[must_use]
    pub fn stale(&self) -> Vec<Stale<'_>> {
        let lines = self.by_subject();
        let mut stale = Vec::new();
        for (number, document) in self.documents.iter().enumerate() {
            for id in &document.cleaned.stale {
                let line = lines.get(&Subject::Occurrence { document: &document.name, id });
                stale.extend(line.map(|line| Stale { document: number, line }));
            }
        }
        stale
    }

    /// Takes in what others wrote to the file meanwhile, and gives the numbers
    /// of the documents that were cleaned anew.
    ///
    /// # Errors
    /// As [`DecisionsFile::read`].
    pub fn refresh(&mut self) -> Result<Vec<usize>> {
        if !self.file.refresh()? {
            return Ok(Vec::new());
        }
        self.decisions = self.file.decisions();
        let all: Vec<_> = (0..self.documents.len()).collect();
        all.iter().for_each(|document| self.clean_anew(*document));
        Ok(all)
    }

    fn line(&self, target: &Target, say: &Say, scope: Scope, note: Option<&str>) -> Result<DecisionLine> {
        let (document, id) = match target {
            Target::Repair { document, id } => (*document, id),
            Target::Rule { document, rule } => return self.line_on_rule(*document, rule, say, note),
        };
        let reviewed = self.documents.get(document).ok_or_else(|| unknown(id))?;
        let outcome =
            reviewed.cleaned.repairs.iter().find(|outcome| outcome.id == *id).ok_or_else(|| unknown(id))?;
        if scope == Scope::Rule {
            return self.line_on_rule(document, outcome.rule.as_str(), say, note);
        }
        let (before, after, phrase, is_whole) = self.proposed(document, outcome);
        let mut line = self.blank(say.word(), outcome.rule.clone());
        line.scope = Some(scope);
        line.document = Some(reviewed.name.clone());
        line.note = note.map(str::to_owned);
        line.id = (scope == Scope::Occurrence).then(|| id.clone());
        (line.before, line.after) = (Some(before), Some(after));
        if scope == Scope::Phrase {
            let problem = "there is too little around it for a phrase, or it is too long; decide on this one";
            line.phrase = Some(phrase.ok_or_else(|| refused(id, problem))?);
            return refuse_edit(say, line);
        }
        if let Say::Edit(text) = say {
            if !is_whole {
                return Err(refused(id, "it reaches too far to be edited; accept or reject it"));
            }
            if Some(text) == line.before.as_ref() {
                line.decision = Word::Reject;
            } else {
                line.text = Some(text.clone());
            }
        }
        Ok(line)
    }

    fn line_on_rule(
        &self,
        document: usize,
        rule: &str,
        say: &Say,
        note: Option<&str>,
    ) -> Result<DecisionLine> {
        let name = self.documents.get(document).ok_or_else(|| unknown(rule))?.name.clone();
        let mut line = self.blank(say.word(), RuleId::new(rule));
        line.scope = Some(Scope::Rule);
        line.document = Some(name);
        line.note = note.map(str::to_owned);
        refuse_edit(say, line)
    }

    /// Before, after and phrase of what the rule proposed, and whether they are
    /// whole. Of a repair that was edited the file knows, since its edits are
    /// the reviewer's by now.
    fn proposed(
        &self,
        document: usize,
        outcome: &crate::pipeline::Outcome,
    ) -> (String, String, Option<String>, bool) {
        let reviewed = &self.documents[document];
        if outcome.ruling == Some(crate::edit::Verdict::Edit) {
            let subject = Subject::Occurrence { document: &reviewed.name, id: &outcome.id };
            let line = self.file.lines().rev().find(|line| line.subject().as_ref() == Ok(&subject));
            if let Some(DecisionLine { before: Some(before), after: Some(after), .. }) = line {
                return (before.clone(), after.clone(), None, true);
            }
        }
        let change = outcome.change(&reviewed.cleaned.source);
        (change.before, change.after, change.phrase, change.is_whole)
    }

    fn blank(&self, decision: Word, rule: RuleId) -> DecisionLine {
        let now = jiff::Timestamp::now();
        DecisionLine {
            id: None,
            note_id: None,
            decision,
            scope: None,
            document: None,
            rule,
            before: None,
            after: None,
            text: None,
            phrase: None,
            who: self.who.clone(),
            when: format!("{now:.0}"),
            note: None,
        }
    }

    fn write(&mut self, lines: Vec<DecisionLine>) -> Result<Done> {
        self.refresh()?;
        self.file.append(&lines)?;
        let documents = self.renew(&lines);
        Ok(Done { lines, documents })
    }

    /// Cleans the documents anew that `lines` are about.
    fn renew(&mut self, lines: &[DecisionLine]) -> Vec<usize> {
        self.decisions = self.file.decisions();
        let concerned = |document: &Reviewed| {
            lines.iter().any(|line| match line.subject() {
                Ok(Subject::Phrase { rule, phrase }) => document.cleaned.repairs.iter().any(|outcome| {
                    outcome.rule.as_str() == rule
                        && outcome.change(&document.cleaned.source).phrase.as_deref() == Some(phrase)
                }),
                Ok(Subject::Note { .. }) | Err(_) => false,
                Ok(_) => line.document.as_deref() == Some(&document.name),
            })
        };
        let numbers = (0..self.documents.len()).filter(|number| concerned(&self.documents[*number]));
        let numbers: Vec<_> = numbers.collect();
        numbers.iter().for_each(|number| self.clean_anew(*number));
        numbers
    }

    fn clean_anew(&mut self, number: usize) {
        let document = &mut self.documents[number];
        let source = document.cleaned.source.clone();
        document.cleaned = clean(&self.cleaners[number], &self.decisions, &document.name, source);
        document.records = DocumentRecords::new(&document.name, &document.bytes, &document.cleaned);
    }
}

fn clean(textmend: &Textmend, decisions: &Decisions, name: &str, source: Decoded) -> Cleaned {
    textmend.clean_under(source, &Elsewhere::default(), &decisions.rulings(name))
}

fn refuse_edit(say: &Say, line: DecisionLine) -> Result<DecisionLine> {
    match say {
        Say::Edit(_) => Err(refused(line.rule.as_str(), "text of one's own is for one occurrence")),
        _ => Ok(line),
    }
}

fn unknown(id: &str) -> Error {
    refused(id, "nothing of that id is in these documents; see `textmend review --list`")
}

fn refused(id: &str, problem: &str) -> Error {
    Error::Decision { id: id.to_owned(), problem: problem.to_owned() }
}
