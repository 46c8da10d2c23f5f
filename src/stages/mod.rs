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

/// A rule that a pattern can't express.
#[derive(Debug)]
pub struct CodeRule {
    /// The id, which has a file with `code = true`.
    pub id: &'static str,
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
}

/// What a stage found.
#[derive(Debug, Default)]
pub struct Proposals {
    /// Damage it would mend, and how.
    pub repairs: Vec<Repair>,
    /// Damage it can only point at.
    pub notes: Vec<Note>,
}

/// Takes down what one rule proposes.
#[derive(Debug)]
pub struct Proposer<'a> {
    rule: &'a Rule,
    proposals: &'a mut Proposals,
}

impl Stage {
    /// What the rules of this stage that are in force make of `document`.
    #[must_use]
    pub fn propose(&self, document: &Document, context: &Context<'_>) -> Proposals {
        let mut proposals = Proposals::default();
        for rule in context.rules.of_stage(self.name).filter(|rule| context.selection.has(&rule.id)) {
            let mut proposer = Proposer { rule, proposals: &mut proposals };
            match &rule.matcher {
                Matcher::Pattern(pattern) => {
                    for hit in pattern.find(document.text()) {
                        proposer.repair(vec![Edit::replace(hit.span, hit.replacement)], &rule.summary);
                    }
                }
                Matcher::Code => {
                    if let Some(code) = self.code.iter().find(|code| code.id == rule.id.as_str()) {
                        (code.propose)(document, &mut proposer);
                    }
                }
            }
        }
        proposals
    }
}

impl Proposer<'_> {
    /// Proposes `edits` with the confidence of the rule.
    pub fn repair(&mut self, edits: Vec<Edit>, message: &str) {
        self.repair_as(self.rule.confidence, edits, message);
    }

    /// Proposes `edits` with a confidence of their own.
    pub fn repair_as(&mut self, confidence: Confidence, mut edits: Vec<Edit>, message: &str) {
        edits.sort_by_key(|edit| edit.span);
        let rule = self.rule.id.clone();
        self.proposals.repairs.push(Repair {
            rule,
            confidence,
            score: None,
            message: message.to_owned(),
            edits,
        });
    }

    /// Points at `span`, which no repair can mend.
    pub fn note(&mut self, span: Span, message: &str) {
        let rule: RuleId = self.rule.id.clone();
        self.proposals.notes.push(Note { rule, message: message.to_owned(), span });
    }
}
