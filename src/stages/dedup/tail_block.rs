//! The rule `dedup/tail-block`: the head or tail of a longer block.

use super::alike::Alike;
use super::glance::KEY;
use super::passage::{Passage, REACH};
use crate::lexicon::word_across;
use crate::span::Span;

/// An end shared by more passages than this is a set phrase.
const CROWD: usize = 16;

/// A passage that is the head or tail of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// The shorter passage.
    pub part: usize,
    /// The longer one.
    pub whole: usize,
    /// Whether it is cut as columns are and quotations are not: a tail inside a
    /// word, a head inside a sentence.
    pub is_cut: bool,
}

/// The parts among `passages`, by position.
pub(super) fn parts(passages: &[Passage]) -> Vec<Part> {
    let mut parts = Vec::new();
    for key in [head as fn(&str) -> &str, tail] {
        let alike = Alike::of(passages.iter().map(|passage| key(&passage.skeleton)));
        for holders in alike.groups().filter(|holders| holders.len() <= CROWD) {
            for part in &holders {
                parts.extend(holders.iter().filter_map(|whole| as_part(passages, *part, *whole)));
            }
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
    let is_cut = if let Some(head) = long.skeleton.strip_suffix(short.skeleton.as_str()) {
        // Reports of one event share sentences behind other attributions
        // (`据悉，…`), so only a word that the cut divides is evidence.
        word_across(head, &short.skeleton).is_some()
    } else if let Some(rest) = long.skeleton.strip_prefix(short.skeleton.as_str()) {
        // A caption or subhead quotes a whole sentence without its full stop.
        breaks_off(&short.skeleton) && !rest.starts_with(['.', '!', '?', ';'])
    } else {
        return None;
    };
    Some(Part { part, whole, is_cut })
}

/// Bytes between two spans.
fn apart(a: Span, b: Span) -> usize {
    a.start.max(b.start).saturating_sub(a.end.min(b.end))
}

/// Whether `text` stops inside a sentence: at a letter or a comma, and not at a
/// bracket, which closes a quotation with its source.
fn breaks_off(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ',')
}

fn head(skeleton: &str) -> &str {
    &skeleton[..skeleton.char_indices().nth(KEY).map_or(skeleton.len(), |(i, _)| i)]
}

fn tail(skeleton: &str) -> &str {
    &skeleton[skeleton.char_indices().rev().nth(KEY - 1).map_or(0, |(i, _)| i)..]
}
