//! What the network sees of a text: each position as a few hashed features.

use super::{ROW_BITS, SLOTS};
use crate::model::{Feature, Template};
use crate::stages::quotes::End;
use crate::stages::quotes::evidence::MAX_PHRASE;
use crate::stages::quotes::features::View;
use crate::stages::quotes::measures::sign;

/// A feature of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Code points before it.
    pub(crate) position: usize,
    /// Which of the vectors of the position takes it, under [`SLOTS`].
    pub(crate) slot: usize,
    /// The number of its vector.
    pub(crate) row: usize,
}

/// The character itself.
pub(crate) const CHARACTER: usize = 0;
/// The character with the one before it.
pub(crate) const BIGRAM: usize = 1;
/// All else.
const SIGNS: usize = 2;
const _: () = assert!(SIGNS + 1 == SLOTS);

/// What is seen in the place of a gap that could stand for a mark, and of what
/// stands before and behind the text.
const GAP: char = '\u{0}';
const BEYOND: char = '\u{1}';

/// The inputs of a text, by position; the last position is the end of the text.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) positions: usize,
    pub(crate) all: Vec<Input>,
}

impl Inputs {
    pub(crate) fn of(view: &View<'_>) -> Self {
        let text = symbols(view);
        let mut inputs = Self { positions: text.len() + 1, all: Vec::with_capacity(4 * text.len()) };
        let mut last = BEYOND;
        for at in 0..=text.len() {
            let c = text.get(at).copied().unwrap_or(BEYOND);
            inputs.push(at, CHARACTER, Template(0).chars([c]));
            if c != GAP {
                inputs.push(at, BIGRAM, Template(1).chars([last, c]));
                last = c;
            }
            if at < text.len() && c != GAP {
                let words = view.starts.lengths(view.characters, at);
                inputs.push(at, SIGNS, Template(3).value(words));
            }
        }
        let gaps: Vec<(usize, &End)> = view.ends.iter().enumerate().filter(|(_, end)| end.is_gap()).collect();
        for (number, (index, end)) in gaps.iter().enumerate() {
            inputs.gap(view, *index, &text);
            if let Some((_, next)) = gaps.get(number + 1) {
                inputs.between(view, end, next);
            }
        }
        inputs
    }

    fn push(&mut self, position: usize, slot: usize, feature: Feature) {
        self.all.push(Input { position, slot, row: feature.place(ROW_BITS) });
    }

    /// What is seen at the gap at `index`.
    fn gap(&mut self, view: &View<'_>, index: usize, text: &[char]) {
        let end = &view.ends[index];
        let (at, evidence) = (end.left, view.evidence);
        let (before, behind) = (view.characters.before(at), view.characters.behind(end.right));
        let around = [before, text.get(end.right).copied()].map(|c| c.unwrap_or(BEYOND));
        self.push(at, BIGRAM, Template(2).chars(around));
        let words = view.words(index);
        let signs = [
            view.setting(at),
            evidence.pairing(),
            evidence.strippedness(),
            evidence.intactness(),
            evidence.habit(sign(before)),
            sign(before) * 16 + sign(behind),
            words.verb,
            words.head,
            words.own_head,
            words.tying,
            words.waiting,
            words.across,
            words.left,
            words.right,
            u64::from(words.said),
        ];
        for (template, value) in (10..).zip(signs) {
            self.push(at, SIGNS, Template(template).value(value));
        }
    }

    /// What is seen at both of two neighbouring gaps: how often the document has
    /// what stands between them elsewhere.
    fn between(&mut self, view: &View<'_>, first: &End, second: &End) {
        if second.left - first.right > MAX_PHRASE {
            return;
        }
        let phrase = view.characters.slice(first.right, second.left);
        let (marked, between) = view.evidence.seen(phrase, true);
        for (template, position) in [(30, first.left), (31, second.left)] {
            self.push(position, SIGNS, Template(template).value(marked).and(between));
        }
    }
}

/// The characters of the text, figures and Latin letters folded.
fn symbols(view: &View<'_>) -> Vec<char> {
    let fold = |c: &char| match c {
        c if c.is_ascii_digit() => '0',
        c if c.is_ascii_alphabetic() => 'a',
        c => *c,
    };
    let mut symbols: Vec<char> = view.characters.chars.iter().map(fold).collect();
    for end in view.ends.iter().filter(|end| end.is_gap()) {
        symbols[end.left] = GAP;
    }
    symbols
}
