//! The order of the stages, and the loop that runs them until nothing is left
//! to repair: clean text cleaned again is the same text because the last round
//! has just seen that it proposes nothing.

pub mod examples;
mod outcome;

pub use outcome::{Counts, NoteAt, Outcome, Placed, Status};

use std::collections::HashSet;

use crate::decode::Decoded;
use crate::document::Document;
use crate::edit::{Confidence, Note, OffsetMap, Repair, apply, resolve};
use crate::error::{Error, Result};
use crate::rules::{Matcher, RuleSet, Selection};
use crate::stages::{Context, Stage, dedup, normalise, quotes, rejoin, tokens, width};

/// The stages, in the order they run. Quotes and stray tokens come before
/// anything that closes a gap: in OCR text a gap is evidence.
pub static STAGES: [&Stage; 6] =
    [&normalise::STAGE, &dedup::STAGE, &rejoin::STAGE, &tokens::STAGE, &quotes::STAGE, &width::STAGE];

/// Rounds after which the loop gives up. Damage that hides damage takes two or
/// three; the limit is there for rules that undo each other.
const MAX_ROUNDS: usize = 8;

/// Cleans documents. Holds no state between them; share one among threads.
#[derive(Clone, Debug)]
pub struct Pipeline {
    rules: RuleSet,
    selection: Selection,
    threshold: Confidence,
}

/// A document that went through a [`Pipeline`].
#[derive(Clone, Debug)]
pub struct Cleaned {
    /// The clean text.
    pub text: String,
    /// The way from `text` home to the source bytes.
    pub map: OffsetMap,
    /// Every repair proposed, with what became of it: those applied in the
    /// order of application (an author number in `map` is an index here), then
    /// the others in source order.
    pub outcomes: Vec<Outcome>,
    /// What could only be pointed at, in source order.
    pub notes: Vec<NoteAt>,
    /// How many times text was made; outcomes name the step they belong to.
    pub steps: usize,
}

impl Pipeline {
    /// A pipeline of the `selection` among `rules` that applies repairs of at
    /// least `threshold`.
    ///
    /// # Errors
    /// [`Error::Unknown`] if `selection` names no rule and no stage;
    /// [`Error::Rule`] if a rule file asks for code that does not exist, or
    /// lies in a folder that is no stage.
    pub fn new(rules: RuleSet, selection: Selection, threshold: Confidence) -> Result<Self> {
        for rule in rules.rules() {
            let mistake = |problem: String| Error::Rule { path: rule.path.clone(), line: 1, problem };
            let stage = STAGES.iter().find(|stage| stage.name == rule.id.stage()).ok_or_else(|| {
                let names = STAGES.map(|stage| stage.name).join(", ");
                mistake(format!("`{}` is no stage; the stages are {names}", rule.id.stage()))
            })?;
            let has_code = stage.code.iter().any(|code| code.id == rule.id.as_str());
            if matches!(rule.matcher, Matcher::Code) && !has_code {
                return Err(mistake(format!("`code = true`, but no code is built in for `{}`", rule.id)));
            }
        }
        for name in selection.only.iter().chain(&selection.skip) {
            if !STAGES.iter().any(|stage| stage.name == name) && rules.get(name).is_none() {
                let hint = "; see `textmend rules list`".to_owned();
                return Err(Error::Unknown { kind: "rule or stage", name: name.clone(), hint });
            }
        }
        Ok(Self { rules, selection, threshold })
    }

    /// The pipeline of everything that is shipped, at the default threshold.
    ///
    /// # Errors
    /// As [`RuleSet::embedded`].
    pub fn standard() -> Result<Self> {
        Self::new(RuleSet::embedded()?, Selection::default(), Confidence::Likely)
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Repairs `source`.
    #[must_use]
    pub fn clean(&self, source: &Decoded) -> Cleaned {
        let mut run = Run {
            pipeline: self,
            source,
            document: Document::new(source.text.clone()),
            map: source.map.clone(),
            applied: Vec::new(),
            lost: Vec::new(),
            steps: 0,
        };
        let (mut suggested, mut notes) = (Vec::new(), Vec::new());
        for _ in 0..MAX_ROUNDS {
            let steps = run.steps;
            (suggested, notes) = run.round();
            if run.steps == steps {
                break;
            }
        }
        run.finish(suggested, notes)
    }
}

/// A document on its way.
struct Run<'a> {
    pipeline: &'a Pipeline,
    source: &'a Decoded,
    document: Document,
    map: OffsetMap,
    applied: Vec<Outcome>,
    lost: Vec<Outcome>,
    steps: usize,
}

impl Run<'_> {
    /// Runs every stage once; gives what was only suggested, and the notes.
    fn round(&mut self) -> (Vec<Outcome>, Vec<NoteAt>) {
        let (mut suggested, mut notes) = (Vec::new(), Vec::new());
        for stage in STAGES {
            let (repairs, noted) = self.run_stage(stage);
            suggested.extend(repairs.iter().map(|repair| self.place(repair, Status::Suggested)));
            notes.extend(noted.into_iter().map(|note| NoteAt::new(note, &self.map)));
        }
        (suggested, notes)
    }

    /// Runs `stage` until it has nothing left to apply.
    fn run_stage(&mut self, stage: &Stage) -> (Vec<Repair>, Vec<Note>) {
        let context = Context { rules: &self.pipeline.rules, selection: &self.pipeline.selection };
        for _ in 0..MAX_ROUNDS {
            let proposals = stage.propose(&self.document, &context);
            let resolved = resolve(proposals.repairs, self.pipeline.threshold);
            let lost: Vec<_> =
                resolved.superseded.iter().map(|repair| self.place(repair, Status::Superseded)).collect();
            self.lost.extend(lost);
            if resolved.applied.is_empty() {
                return (resolved.suggested, proposals.notes);
            }
            self.apply(&resolved.applied);
        }
        (Vec::new(), Vec::new())
    }

    fn apply(&mut self, repairs: &[Repair]) {
        let first_author = u32::try_from(self.applied.len()).expect("fewer than 2^32 repairs");
        let placed: Vec<_> = repairs.iter().map(|repair| self.place(repair, Status::Applied)).collect();
        self.applied.extend(placed);
        let (text, map) = apply(self.document.text(), &self.map, repairs, first_author);
        self.document = Document::new(text);
        self.map = map;
        self.steps += 1;
    }

    fn place(&self, repair: &Repair, status: Status) -> Outcome {
        Outcome::new(repair, status, self.steps, self.document.text(), &self.map, self.source)
    }

    fn finish(self, suggested: Vec<Outcome>, mut notes: Vec<NoteAt>) -> Cleaned {
        // A repair that lost a conflict may have been applied in a later step,
        // or be among the suggestions: then that is what became of it.
        let mut others: Vec<_> = suggested.into_iter().chain(self.lost).collect();
        let mut settled: HashSet<_> = self.applied.iter().map(Outcome::key).collect();
        others.retain(|outcome| settled.insert(outcome.key()));
        others.sort_by(|a, b| (a.start(), &a.rule, &a.id).cmp(&(b.start(), &b.rule, &b.id)));
        let mut outcomes = self.applied;
        outcomes.extend(others);
        outcome::number_twins(&mut outcomes);
        notes.sort_by(|a, b| (a.source, &a.rule).cmp(&(b.source, &b.rule)));
        notes.dedup_by(|a, b| a.source == b.source && a.rule == b.rule);
        Cleaned { text: self.document.text().to_owned(), map: self.map, outcomes, notes, steps: self.steps }
    }
}
