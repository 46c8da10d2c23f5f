//! The order of the stages, and the loop that runs them until nothing is left
//! to repair: each looks at the text once a round, and clean text cleaned again is
//! the same text because the last round has just seen that it proposes nothing.

mod change;
pub mod examples;
mod identity;
mod judge;
mod map;
mod outcome;

pub use map::Map;
pub use outcome::{Counts, NoteAt, Outcome, Placed, Status};

use std::collections::HashSet;

use crate::decisions::Rulings;
use crate::decode::Decoded;
use crate::document::Document;
use crate::edit::{Confidence, Note, OffsetMap, Repair, apply, resolve};
use crate::elsewhere::Elsewhere;
use crate::error::{Error, Result};
use crate::rules::{Matcher, RuleSet, Selection};
use crate::span::SourceSpan;
use crate::stages::{Context, Stage, dedup, normalise, quotes, rejoin, tokens, width};
use judge::{Judge, Judged};

/// The stages, in the order they run. Quotes and stray tokens come before
/// anything that closes a gap: in OCR text a gap is evidence.
pub static STAGES: [&Stage; 6] =
    [&normalise::STAGE, &dedup::STAGE, &rejoin::STAGE, &tokens::STAGE, &quotes::STAGE, &width::STAGE];

/// Rounds after which the loop gives up. Damage that hides damage takes three or
/// four; the limit is there for rules that undo each other.
const MAX_ROUNDS: usize = 24;

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
    /// The way from `text` home to the source bytes; [`map`](Self::map) answers
    /// questions about it.
    pub offsets: OffsetMap,
    /// What it was made of.
    pub source: Decoded,
    /// Every repair proposed, with what became of it: those applied in the
    /// order of application (an author number in `offsets` is an index here), then
    /// the others in source order.
    pub repairs: Vec<Outcome>,
    /// What could only be pointed at, in source order.
    pub notes: Vec<NoteAt>,
    /// How many times text was made; repairs name the step they belong to.
    pub steps: usize,
    /// The ids of decisions on single repairs that nothing proposed could be
    /// held against: their text has changed. Sorted.
    pub stale: Vec<String>,
}

impl Cleaned {
    /// What comes of `source` if nothing is done to it.
    #[must_use]
    pub fn untouched(source: Decoded) -> Self {
        Self {
            text: source.text.clone(),
            offsets: source.map.clone(),
            source,
            repairs: Vec::new(),
            notes: Vec::new(),
            steps: 0,
            stale: Vec::new(),
        }
    }
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
            let has_code = stage.code.iter().any(|code| code.ids.contains(&rule.id.as_str()));
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

    /// Which of the rules run.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The lowest confidence that is applied.
    #[must_use]
    pub fn threshold(&self) -> Confidence {
        self.threshold
    }

    /// Repairs `source`.
    #[must_use]
    pub fn clean(&self, source: Decoded) -> Cleaned {
        self.clean_knowing(source, &Elsewhere::default())
    }

    /// Repairs `source` in the light of what other documents say about it.
    #[must_use]
    pub fn clean_knowing(&self, source: Decoded, elsewhere: &Elsewhere) -> Cleaned {
        self.clean_under(source, elsewhere, &Rulings::default())
    }

    /// Repairs `source` as people decided: what they rejected is left alone,
    /// and takes no place from anything else; what they accepted is made,
    /// whatever its confidence; and where they wrote text of their own, that
    /// stands, and no other repair touches it.
    #[must_use]
    pub fn clean_under(&self, source: Decoded, elsewhere: &Elsewhere, rulings: &Rulings) -> Cleaned {
        let mut run = Run {
            pipeline: self,
            elsewhere,
            judge: (!rulings.is_empty()).then(|| Judge::new(rulings)),
            rejected: Vec::new(),
            document: Document::new(source.text.clone()),
            map: source.map.clone(),
            source,
            applied: Vec::new(),
            suggested: Vec::new(),
            superseded: Vec::new(),
            settled: Default::default(),
            steps: 0,
        };
        for _ in 0..MAX_ROUNDS {
            let steps = run.steps;
            run.round();
            if run.steps == steps {
                break;
            }
        }
        run.finish()
    }
}

/// A document on its way.
struct Run<'a> {
    pipeline: &'a Pipeline,
    elsewhere: &'a Elsewhere,
    /// Asks what people decided; nobody does where nothing is.
    judge: Option<Judge<'a>>,
    source: Decoded,
    document: Document,
    map: OffsetMap,
    applied: Vec<Outcome>,
    suggested: Vec<Outcome>,
    superseded: Vec<Outcome>,
    rejected: Vec<Outcome>,
    /// How each stage stands, once it has run.
    settled: [Option<Settled>; STAGES.len()],
    steps: usize,
}

/// What a stage left when it had nothing more to apply.
struct Settled {
    /// The step whose text it saw then: on the same text it would say the same.
    step: usize,
    /// What it pointed at.
    notes: Vec<NoteAt>,
}

impl Run<'_> {
    /// Runs every stage that has not yet seen the text as it is.
    fn round(&mut self) {
        for (number, stage) in STAGES.iter().enumerate() {
            if self.settled[number].as_ref().is_some_and(|settled| settled.step == self.steps) {
                continue;
            }
            let notes = self.look(stage);
            self.settled[number] = notes.map(|notes| Settled {
                step: self.steps,
                notes: notes.into_iter().map(|note| NoteAt::new(note, &self.map, &self.source)).collect(),
            });
        }
    }

    /// Lets `stage` look at the text, and applies what it proposes; gives its notes if
    /// that was nothing.
    fn look(&mut self, stage: &Stage) -> Option<Vec<Note>> {
        let Pipeline { rules, selection, .. } = self.pipeline;
        let context = Context { rules, selection, elsewhere: self.elsewhere };
        let proposals = stage.propose(&self.document, &context);
        let resolved = resolve(self.judged(proposals.repairs), self.pipeline.threshold);
        let suggested = self.place_all(&resolved.suggested, Status::Suggested);
        self.suggested.extend(suggested);
        let superseded = self.place_all(&resolved.superseded, Status::Superseded);
        self.superseded.extend(superseded);
        if resolved.applied.is_empty() {
            return Some(proposals.notes);
        }
        self.apply(&resolved.applied);
        None
    }

    /// Those of `repairs` that are to be settled; the others are taken down.
    fn judged(&mut self, repairs: Vec<Repair>) -> Vec<Repair> {
        let Some(judge) = &mut self.judge else { return repairs };
        let Judged { open, rejected, barred } =
            judge.judge(repairs, self.document.text(), &self.map, &self.source);
        let rejected = self.place_all(&rejected, Status::Rejected);
        self.rejected.extend(rejected);
        let barred = self.place_all(&barred, Status::Superseded);
        self.superseded.extend(barred);
        open
    }

    fn apply(&mut self, repairs: &[Repair]) {
        let first_author = u32::try_from(self.applied.len()).expect("fewer than 2^32 repairs");
        if let Some(judge) = &mut self.judge {
            judge.made(repairs, first_author);
        }
        let placed = self.place_all(repairs, Status::Applied);
        self.applied.extend(placed);
        let (text, map) = apply(self.document.text(), &self.map, repairs, first_author);
        self.document = Document::new(text);
        self.map = map;
        self.steps += 1;
    }

    fn place_all(&self, repairs: &[Repair], status: Status) -> Vec<Outcome> {
        let text = self.document.text();
        let place = |repair| Outcome::new(repair, status, self.steps, text, &self.map, &self.source);
        repairs.iter().map(place).collect()
    }

    fn finish(self) -> Cleaned {
        // What was suggested or lost a conflict in one step may have been
        // applied in a later one: then that is what became of it. A suggestion
        // whose place was repaired in another way lost to that repair.
        let mut settled: HashSet<_> = self.applied.iter().map(Outcome::key).collect();
        let touched = Touched::by(&self.applied);
        let stale = self.judge.as_ref().map(Judge::stale).unwrap_or_default();
        let mut others: Vec<_> =
            self.rejected.into_iter().chain(self.suggested).chain(self.superseded).collect();
        others.retain(|outcome| settled.insert(outcome.key()));
        for outcome in others.iter_mut().filter(|outcome| outcome.status != Status::Rejected) {
            if outcome.edits.iter().any(|edit| touched.has(edit.source)) {
                outcome.status = Status::Superseded;
            }
        }
        others.sort_by(|a, b| (a.start(), &a.rule, &a.id).cmp(&(b.start(), &b.rule, &b.id)));
        let mut repairs = self.applied;
        repairs.extend(others);
        // Where the rounds ran out, a stage may have noted an earlier text.
        let steps = self.steps;
        let settled = self.settled.into_iter().flatten().filter(|settled| settled.step == steps);
        let mut notes: Vec<_> = settled.flat_map(|settled| settled.notes).collect();
        notes.sort_by(|a, b| (a.source, &a.rule).cmp(&(b.source, &b.rule)));
        notes.dedup_by(|a, b| a.source == b.source && a.rule == b.rule);
        outcome::number_twins(&mut repairs, &mut notes, &self.source);
        Cleaned {
            text: self.document.into_text(),
            offsets: self.map,
            source: self.source,
            repairs,
            notes,
            steps: self.steps,
            stale,
        }
    }
}

/// The source bytes that applied repairs replaced.
struct Touched {
    /// Sorted and disjoint.
    spans: Vec<SourceSpan>,
}

impl Touched {
    fn by(outcomes: &[Outcome]) -> Self {
        let mut all: Vec<_> =
            outcomes.iter().flat_map(|outcome| &outcome.edits).map(|edit| edit.source).collect();
        all.sort();
        let mut spans: Vec<SourceSpan> = Vec::new();
        for span in all.into_iter().filter(|span| !span.is_empty()) {
            match spans.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => spans.push(span),
            }
        }
        Self { spans }
    }

    fn has(&self, span: SourceSpan) -> bool {
        let index = self.spans.partition_point(|touched| touched.end <= span.start);
        self.spans.get(index).is_some_and(|touched| touched.start < span.end)
    }
}
