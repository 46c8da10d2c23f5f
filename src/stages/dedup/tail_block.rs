//! The rule `dedup/tail-block`: the head or tail of a longer block.

use std::collections::HashMap;

use super::passage::{Passage, REACH};
use super::plan::{Sameness, propose_all};
use crate::chars::{ends_sentence, is_closing};
use crate::document::Document;
use crate::span::Span;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    propose_all(document, Sameness::Part, proposer);
}

/// Code points at an end of a passage by which its longer copy is looked up.
const KEY: usize = 16;
/// An end shared by more passages than this is a set phrase.
const CROWD: usize = 16;

/// A passage that is the head or tail of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// The shorter passage.
    pub part: usize,
    /// The longer one.
    pub whole: usize,
    /// Whether it is cut inside a sentence, as columns are and summaries are not.
    pub is_cut: bool,
}

/// The parts among `passages`, by position.
pub(super) fn parts(passages: &[Passage]) -> Vec<Part> {
    let mut parts = Vec::new();
    for key in [head as fn(&str) -> &str, tail] {
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, passage) in passages.iter().enumerate() {
            holders.entry(key(&passage.skeleton)).or_default().push(index);
        }
        for (part, passage) in passages.iter().enumerate() {
            let holders = &holders[key(&passage.skeleton)];
            if holders.len() > CROWD {
                continue;
            }
            parts.extend(holders.iter().filter_map(|whole| as_part(passages, part, *whole)));
        }
    }
    parts.sort_by_key(|found| (found.part, !found.is_cut, found.whole));
    parts.dedup_by_key(|found| found.part);
    parts
}

fn as_part(passages: &[Passage], part: usize, whole: usize) -> Option<Part> {
    let (short, long) = (&passages[part], &passages[whole]);
    if short.skeleton.len() >= long.skeleton.len() || apart(short.span, long.span) > REACH {
        return None;
    }
    let is_cut = if long.skeleton.ends_with(&short.skeleton) {
        !is_sentence_end(&long.skeleton[..long.skeleton.len() - short.skeleton.len()])
    } else if long.skeleton.starts_with(&short.skeleton) {
        !is_sentence_end(&short.skeleton)
    } else {
        return None;
    };
    Some(Part { part, whole, is_cut })
}

/// Bytes between two spans.
fn apart(a: Span, b: Span) -> usize {
    a.start.max(b.start).saturating_sub(a.end.min(b.end))
}

/// Whether a sentence ends where `text` does. In a skeleton the full stop is
/// the ASCII one; a colon may introduce what follows as a thing of its own.
fn is_sentence_end(text: &str) -> bool {
    text.chars()
        .rev()
        .find(|c| !is_closing(*c))
        .is_none_or(|c| ends_sentence(c) || matches!(c, '.' | ':' | ';'))
}

fn head(skeleton: &str) -> &str {
    &skeleton[..skeleton.char_indices().nth(KEY).map_or(skeleton.len(), |(i, _)| i)]
}

fn tail(skeleton: &str) -> &str {
    &skeleton[skeleton.char_indices().rev().nth(KEY - 1).map_or(0, |(i, _)| i)..]
}
