//! What a repair does, told in the source alone, so that a person's decision on
//! it can be held against it in the next run.

use super::outcome::{Outcome, Placed};
use crate::chars::{closing_of, is_line_end};
use crate::decisions::Change;
use crate::decode::Decoded;

/// A stretch between two edits, or an edit, is told whole up to this many
/// characters.
const WHOLE: usize = 240;

/// Characters of each end of a longer one that are told.
const TOLD: usize = 40;

/// Characters on each side that belong to the phrase of a repair.
const SIDE: usize = 4;

/// Letters that have to stand beside a change for it to mean something.
const LETTERS: usize = 3;

/// The longest phrase, in characters.
const LONGEST_PHRASE: usize = 60;

impl Outcome {
    /// What it does, told in `source`, the text it was proposed for.
    #[must_use]
    pub fn change(&self, source: &Decoded) -> Change {
        change(&self.edits, source)
    }
}

pub(super) fn change(edits: &[Placed], source: &Decoded) -> Change {
    let mut told = Change { before: String::new(), after: String::new(), is_whole: true, phrase: None };
    let mut last: Option<usize> = None;
    for edit in edits {
        let (from, to) = place(edit, source);
        if let Some(last) = last {
            let between = source.text.get(last..from);
            told.is_whole &= between.is_some_and(is_short);
            let between = shortened(between.unwrap_or("…"));
            told.before.push_str(&between);
            told.after.push_str(&between);
        }
        let after = written(edit, edits, source);
        told.is_whole &= is_short(&source.text[from..to]) && is_short(after);
        told.before.push_str(&shortened(&source.text[from..to]));
        told.after.push_str(&shortened(after));
        last = Some(to);
    }
    if told.is_whole
        && let (Some(first), Some(to)) = (edits.first(), last)
    {
        told.phrase = phrase(&told, &source.text, (place(first, source).0, to));
    }
    told
}

fn place(edit: &Placed, source: &Decoded) -> (usize, usize) {
    (source.text_offset(edit.source.start), source.text_offset(edit.source.end))
}

/// What `edit` writes; of moved text, what the source has.
fn written<'a>(edit: &'a Placed, edits: &[Placed], source: &'a Decoded) -> &'a str {
    let from = edit.moved_from.and_then(|from| edits.iter().find(|other| other.at == from));
    match from {
        Some(from) => {
            let (from, to) = place(from, source);
            &source.text[from..to]
        }
        None => &edit.after,
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= WHOLE || text.chars().nth(WHOLE).is_none()
}

fn shortened(text: &str) -> String {
    if is_short(text) {
        return text.to_owned();
    }
    let head: String = text.chars().take(TOLD).collect();
    let tail = text.char_indices().rev().nth(TOLD - 1).map_or(0, |(at, _)| at);
    format!("{head}…{}", &text[tail..])
}

fn phrase(told: &Change, text: &str, (from, to): (usize, usize)) -> Option<String> {
    let (before, after) = (&told.before, &told.after);
    let length = after.chars().count();
    if before.chars().count().max(length) > LONGEST_PHRASE {
        return None;
    }
    if length >= 4
        && let (Some(first), Some(last)) = (after.chars().next(), after.chars().next_back())
        && closing_of(first) == Some(last)
    {
        return Some(after.clone());
    }
    let on_line = |c: &char| !is_line_end(*c);
    let left: Vec<char> = text[..from].chars().rev().take_while(on_line).take(SIDE).collect();
    let right: Vec<char> = text[to..].chars().take_while(on_line).take(SIDE).collect();
    if left.iter().chain(&right).filter(|c| c.is_alphanumeric()).count() < LETTERS {
        return None;
    }
    let (left, right): (String, String) = (left.into_iter().rev().collect(), right.into_iter().collect());
    Some(format!("{left}[{before}→{after}]{right}"))
}
