//! What is damaged and how to mend it, one stage a kind of damage.
//!
//! A stage looks at a [`Document`] and proposes; it never makes text, and no
//! stage knows of another. Most rules are patterns in `rules/<stage>/`; what a
//! pattern can't say is a function here, in the file of the rule's name.

pub mod dedup;
pub mod normalise;
pub mod quotes;
pub mod rejoin;
pub mod tokens;
pub mod width;

use crate::document::Document;
use crate::edit::{Confidence, Edit, Note, Repair, RuleId};
use crate::elsewhere::Elsewhere;
use crate::rules::{Matcher, Rule, RuleSet, Selection};
use crate::span::Span;

/// A kind of damage.
#[derive(Debug)]
pub struct Stage {
    /// Its name: the folder of its rules.
    pub name: &'static str,
    /// The rules that are functions, by id.
    pub code: &'static [CodeRule],
}

/// Rules that a pattern can't express, which one look at the text serves.
#[derive(Debug)]
pub struct CodeRule {
    /// The ids, each of which has a file with `code = true`.
    pub ids: &'static [&'static str],
    /// Looks and proposes.
    pub propose: fn(&Document, &mut Proposer<'_>),
}

/// What a stage may know besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The rules in force.
    pub rules: &'a RuleSet,
    /// Which of them are to run.
    pub selection: &'a Selection,
    /// What other documents say about this one.
    pub elsewhere: &'a Elsewhere,
}

/// What a stage found.
#[derive(Debug, Default)]
pub struct Proposals {
    /// Damage it would mend, and how.
    pub repairs: Vec<Repair>,
    /// Damage it can only point at.
    pub notes: Vec<Note>,
}

/// Takes down what a rule proposes.
#[derive(Debug)]
pub struct Proposer<'a> {
    /// Those of the ids of a [`CodeRule`] that are in force; the first one
    /// speaks unless another is [named](Proposer::under).
    rules: Vec<&'a Rule>,
    elsewhere: &'a Elsewhere,
    proposals: &'a mut Proposals,
}

impl Stage {
    /// What the rules of this stage that are in force make of `document`.
    #[must_use]
    pub fn propose(&self, document: &Document, context: &Context<'_>) -> Proposals {
        let mut proposals = Proposals::default();
        for rule in context.rules.of_stage(self.name).filter(|rule| context.selection.has(&rule.id)) {
            if let Matcher::Pattern(pattern) = &rule.matcher {
                let mut proposer =
                    Proposer { rules: vec![rule], elsewhere: context.elsewhere, proposals: &mut proposals };
                for hit in pattern.find(document.text(), document.ascii()) {
                    proposer.repair(vec![Edit::replace(hit.span, hit.replacement)], &rule.summary);
                }
            }
        }
        for code in self.code {
            let rules: Vec<_> = code.ids.iter().filter_map(|id| context.rules.get(id)).collect();
            let in_force =
                |rule: &&Rule| matches!(rule.matcher, Matcher::Code) && context.selection.has(&rule.id);
            let rules: Vec<_> = rules.into_iter().filter(in_force).collect();
            if !rules.is_empty() {
                (code.propose)(
                    document,
                    &mut Proposer { rules, elsewhere: context.elsewhere, proposals: &mut proposals },
                );
            }
        }
        proposals
    }
}

impl<'a> Proposer<'a> {
    /// What other documents say about this one.
    #[must_use]
    pub fn elsewhere(&self) -> &'a Elsewhere {
        self.elsewhere
    }

    /// The same for the rule called `id`, if it is in force.
    pub fn under(&mut self, id: &str) -> Option<Proposer<'_>> {
        let rule = *self.rules.iter().find(|rule| rule.id.as_str() == id)?;
        Some(Proposer { rules: vec![rule], elsewhere: self.elsewhere, proposals: self.proposals })
    }

    /// Proposes `edits` with the confidence of the rule.
    pub fn repair(&mut self, edits: Vec<Edit>, message: &str) {
        self.repair_as(self.rules[0].confidence, edits, message);
    }

    /// Proposes `edits` with a confidence of their own.
    pub fn repair_as(&mut self, confidence: Confidence, edits: Vec<Edit>, message: &str) {
        self.push(confidence, None, edits, message);
    }

    /// Proposes `edits` with the probability, from 0 to 1, that a model gave
    /// them, and the confidence that follows from it.
    pub fn repair_scored(&mut self, confidence: Confidence, score: f32, edits: Vec<Edit>, message: &str) {
        self.push(confidence, Some(score), edits, message);
    }

    fn push(&mut self, confidence: Confidence, score: Option<f32>, mut edits: Vec<Edit>, message: &str) {
        edits.sort_by_key(|edit| edit.span);
        let rule = self.rules[0].id.clone();
        let message = message.to_owned();
        self.proposals.repairs.push(Repair { rule, confidence, score, message, edits, ruling: None });
    }

    /// Points at `span`, which no repair can mend.
    pub fn note(&mut self, span: Span, message: &str) {
        let rule: RuleId = self.rules[0].id.clone();
        self.proposals.notes.push(Note { rule, message: message.to_owned(), span });
    }
}
