//! Damage to the characters of one paragraph, as a list of replacements that
//! keep out of each other's way.

use super::rates::{Counts, Kind};
use crate::span::Span;

/// One case of damage inside a paragraph.
#[derive(Debug)]
pub(super) struct Damage {
    pub(super) kind: Kind,
    /// What no other damage may touch: an editor sees what happened only if
    /// what stands around it is whole.
    pub(super) reach: Span,
    /// Replacements in the clean paragraph, in order.
    pub(super) changes: Vec<(Span, String)>,
}

/// The damage of a paragraph.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Damage>);

impl Changes {
    /// Adds `damage` if it stays clear of what is there.
    pub(super) fn add(&mut self, damage: Damage) {
        let reach = damage.reach;
        let is_clear = |other: &Damage| reach.end <= other.reach.start || other.reach.end <= reach.start;
        if self.0.iter().all(is_clear) {
            self.0.push(damage);
        }
    }

    /// Adds each of `damage` that stays clear of what is there.
    pub(super) fn add_all(&mut self, damage: Vec<Damage>) {
        for one in damage {
            self.add(one);
        }
    }

    /// The damaged paragraph; adds to `counts` what was done.
    pub(super) fn apply(&self, paragraph: &str, counts: &mut Counts) -> String {
        let mut changes: Vec<&(Span, String)> = Vec::new();
        for damage in &self.0 {
            changes.extend(&damage.changes);
            // Marks come in clusters, and are counted by the pair elsewhere.
            if damage.kind != Kind::Marks {
                *counts.entry(damage.kind).or_default() += 1;
            }
        }
        changes.sort_by_key(|(span, _)| *span);
        let (mut text, mut done) = (String::with_capacity(paragraph.len()), 0);
        for (span, replacement) in changes {
            text.push_str(&paragraph[done..span.start]);
            text.push_str(replacement);
            done = span.end;
        }
        text.push_str(&paragraph[done..]);
        text
    }
}

/// `span` with one more character on each side.
pub(super) fn with_neighbours(text: &str, span: Span) -> Span {
    let before = text[..span.start].chars().next_back().map_or(0, char::len_utf8);
    let after = text[span.end..].chars().next().map_or(0, char::len_utf8);
    Span::new(span.start - before, span.end + after)
}
