//! The source with every repair marked as CriticMarkup, for people who review
//! in an editor: `{++written++}`, `{--removed--}`, `{~~old~>new~~}`, and behind
//! each `{>>id rule<<}`.
//!
//! A text that holds such marks itself is refused: nobody could tell which are
//! whose.

use std::collections::BTreeMap;

use crate::pipeline::{Cleaned, Outcome, Status};

/// What opens or closes a mark.
const MARKS: [&str; 10] = ["{++", "++}", "{--", "--}", "{~~", "~~}", "{>>", "<<}", "{==", "==}"];

/// A source with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// What stands before each mark, and behind the last: one more than marks.
    pub texts: Vec<String>,
    /// The marks, in source order.
    pub marks: Vec<Mark>,
    /// How many repairs are not marked: they build on others, or want a place
    /// that another has.
    pub left_out: usize,
}

/// An edit of a repair, marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The number of the repair in [`Cleaned::repairs`].
    pub repair: usize,
    /// What it would replace.
    pub before: String,
    /// What it would write.
    pub after: String,
    /// Whether it is made in the clean text.
    pub is_applied: bool,
    /// The id of the repair; with the rule at the last of its edits.
    pub comment: String,
}

/// Where `text` holds what CriticMarkup would take for a mark, in bytes.
#[must_use]
pub fn own_mark(text: &str) -> Option<usize> {
    MARKS.iter().filter_map(|mark| text.find(mark)).min()
}

impl Mark {
    /// The mark without its comment.
    #[must_use]
    pub fn bare(&self) -> String {
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => format!("{{++{}++}}", self.after),
            (false, true) => format!("{{--{}--}}", self.before),
            (false, false) => format!("{{~~{}~>{}~~}}", self.before, self.after),
        }
    }

    /// Its comment, with the signs around it.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{{>>{}<<}}", self.comment)
    }
}

impl Marked {
    /// Marks what was applied and what is suggested in the source of `cleaned`,
    /// which must have no [mark of its own](own_mark).
    #[must_use]
    pub fn new(cleaned: &Cleaned) -> Self {
        let mut taken = BTreeMap::new();
        let mut left_out = 0;
        let mut found: Vec<(usize, usize, Mark)> = Vec::new();
        for wanted in [Status::Applied, Status::Suggested] {
            for (number, outcome) in cleaned.repairs.iter().enumerate() {
                if outcome.status != wanted {
                    continue;
                }
                match marks_of(number, outcome, cleaned, &mut taken) {
                    Some(marks) => found.extend(marks),
                    None => left_out += 1,
                }
            }
        }
        found.sort_by_key(|(from, to, _)| (*from, *to));
        let text = &cleaned.source.text;
        let (mut texts, mut marks, mut done) = (Vec::new(), Vec::new(), 0);
        for (from, to, mark) in found {
            texts.push(text[done..from].to_owned());
            marks.push(mark);
            done = to;
        }
        texts.push(text[done..].to_owned());
        Self { texts, marks, left_out }
    }

    /// The text with its marks.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (text, mark) in self.texts.iter().zip(&self.marks) {
            out.push_str(text);
            out.push_str(&mark.bare());
            out.push_str(&mark.told());
        }
        out.push_str(self.texts.last().map_or("", |text| text));
        out
    }
}

/// The edits of `outcome` with their places, which are taken from then on;
/// `None` if they are not to be had.
fn marks_of(
    number: usize,
    outcome: &Outcome,
    cleaned: &Cleaned,
    taken: &mut BTreeMap<usize, usize>,
) -> Option<Vec<(usize, usize, Mark)>> {
    let source = &cleaned.source;
    let mut marks = Vec::new();
    for edit in &outcome.edits {
        let (from, to) = (source.text_offset(edit.source.start), source.text_offset(edit.source.end));
        let free = source.text[from..to] == edit.before && is_free(taken, from, to);
        let mark = Mark {
            repair: number,
            before: edit.before.clone(),
            after: edit.after.clone(),
            is_applied: outcome.status == Status::Applied,
            comment: outcome.id.clone(),
        };
        marks.push((from, to, mark));
        if !free {
            return None;
        }
    }
    marks.sort_by_key(|(from, to, _)| (*from, *to));
    if marks.windows(2).any(|pair| pair[1].0 < pair[0].1 || pair[0].0 == pair[1].0) {
        return None;
    }
    taken.extend(marks.iter().map(|(from, to, _)| (*from, *to)));
    let (.., last) = marks.last_mut()?;
    last.comment = format!("{} {}", outcome.id, outcome.rule);
    Some(marks)
}

/// Whether nothing of `from..to` is taken, and nothing begins where it does.
fn is_free(taken: &BTreeMap<usize, usize>, from: usize, to: usize) -> bool {
    let before = taken.range(..=from).next_back();
    let overlaps = before.is_some_and(|(start, end)| *end > from || *start == from);
    !overlaps && taken.range(from..to.max(from + 1)).next().is_none()
}
