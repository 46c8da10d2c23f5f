//! Asks what people decided about what is proposed.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::change::change;
use super::identity::{Occurrences, Surroundings, identify};
use super::outcome::placed;
use crate::decisions::{Answer, Rulings, Scope};
use crate::decode::Decoded;
use crate::edit::{Edit, OffsetMap, Repair, Ruling, Verdict};
use crate::span::Span;

/// Holds proposals for one document against what was decided about it.
pub(super) struct Judge<'a> {
    rulings: &'a Rulings,
    /// Looked for when the first number is needed: most documents need none.
    occurrences: OnceCell<Occurrences>,
    /// The ids whose decision was obeyed.
    met: BTreeSet<String>,
    /// Authors of text that people wrote.
    own: FxHashSet<u32>,
}

/// Proposals, by what people say to them.
#[derive(Default)]
pub(super) struct Judged {
    /// To be settled as always; some with a word for them.
    pub(super) open: Vec<Repair>,
    /// Not to be made.
    pub(super) rejected: Vec<Repair>,
    /// They would change what a person wrote.
    pub(super) barred: Vec<Repair>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(rulings: &'a Rulings) -> Self {
        Self { rulings, occurrences: OnceCell::new(), met: BTreeSet::new(), own: FxHashSet::default() }
    }

    /// Sorts `repairs`, which were proposed for `text`.
    pub(super) fn judge(
        &mut self,
        repairs: Vec<Repair>,
        text: &str,
        map: &OffsetMap,
        source: &Decoded,
    ) -> Judged {
        let mut judged = Judged::default();
        for mut repair in repairs {
            self.rule_on(&mut repair, text, map, source);
            if repair.ruling.as_ref().is_some_and(|ruling| ruling.verdict == Verdict::Reject) {
                judged.rejected.push(repair);
            } else if repair.edits.iter().any(|edit| self.is_own(edit.span, map)) {
                judged.barred.push(repair);
            } else {
                judged.open.push(repair);
            }
        }
        judged
    }

    fn rule_on(&mut self, repair: &mut Repair, text: &str, map: &OffsetMap, source: &Decoded) {
        let edits = placed(repair, text, map);
        let start = edits.iter().map(|edit| edit.source.start).min().unwrap_or(0);
        let bare = identify(repair.rule.as_str(), &edits, source);
        let number = || {
            let occurrences = self.occurrences.get_or_init(|| Occurrences::all(&source.text));
            occurrences.number(&bare, &Surroundings::of(source, start))
        };
        let by_id = self.rulings.ids().next().is_some();
        let id = if by_id { number() } else { bare.clone() };
        let change = change(&edits, source);
        let Answer::Decided(decision, scope) = self.rulings.on(&id, repair.rule.as_str(), &change) else {
            return;
        };
        let id = if by_id { id } else { number() };
        let mut verdict = decision.verdict;
        if scope == Scope::Occurrence {
            self.met.insert(id.clone());
        }
        if let (Verdict::Edit, Some(own)) = (verdict, &decision.text) {
            let start = repair.edits.iter().map(|edit| edit.span.start).min().unwrap_or(0);
            let end = repair.edits.iter().map(|edit| edit.span.end).max().unwrap_or(start);
            if text[start..end] == **own {
                verdict = Verdict::Reject; // as it is, is as the person wants it
            } else {
                repair.edits = vec![Edit::replace(start..end, &**own)];
            }
        }
        repair.ruling = Some(Ruling { id, verdict });
    }

    /// Takes down that the repairs from number `first` on were made.
    pub(super) fn made(&mut self, repairs: &[Repair], first: u32) {
        let edited =
            |repair: &Repair| repair.ruling.as_ref().is_some_and(|ruling| ruling.verdict == Verdict::Edit);
        self.own
            .extend((first..).zip(repairs).filter(|(_, repair)| edited(repair)).map(|(author, _)| author));
    }

    fn is_own(&self, span: Span, map: &OffsetMap) -> bool {
        !self.own.is_empty() && map.authors_of(span).any(|author| self.own.contains(&author))
    }

    /// The ids of decisions that nothing proposed could be held against.
    pub(super) fn stale(&self) -> Vec<String> {
        self.rulings.ids().filter(|id| !self.met.contains(*id)).map(str::to_owned).collect()
    }
}
