//! What makes a repair the same one in the next run.
//!
//! An id is made of the source alone: the rule, what each edit replaces and
//! writes, and twelve characters on each side of it, blanks and line ends left
//! aside. So it survives other runs, other repairs being accepted or rejected,
//! and changes of the page elsewhere. Where the source holds the same
//! surroundings several times, the second is `ID-2`, the third `ID-3`, whether
//! or not anything is proposed at the others.
//!
//! What breaks an id: a change of the characters next to an edit, or of what it
//! replaces or writes; for a twin, also a copy of its surroundings that comes or
//! goes before it. Another repair of the very first or last character of what
//! an edit replaces does too.

use rustc_hash::FxHashMap;

use super::outcome::Placed;
use crate::decode::Decoded;
use crate::edit::RuleId;
use crate::span::{SourceSpan, Span};

/// Characters of the source on each side that are part of an id.
const CONTEXT: usize = 12;

/// Stands before the first character of a text, and behind the last.
const BEYOND: u64 = 0x11_0000;

/// Where a repair stands, so far as it tells twins apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Surroundings {
    /// A hash of the characters around the place.
    window: u64,
    /// Behind which byte of the decoded source it lies: the end of the last
    /// character before it that is no blank.
    place: usize,
}

/// An id without its number, 16 hexadecimal digits.
pub(super) fn identify(rule: &str, edits: &[Placed], source: &Decoded) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0xFF]); // never part of UTF-8
    };
    part(rule);
    let mut context = String::with_capacity(2 * CONTEXT * 4);
    for edit in edits {
        let (from, to) = (source.text_offset(edit.source.start), source.text_offset(edit.source.end));
        part(&source.text[from..to]);
        // What was moved is known by where it was taken from.
        part(if edit.moved_from.is_some() { "\u{0}moved" } else { &edit.after });
        context.clear();
        context.extend(inked_before(&source.text[..from]).map(|(_, c)| c));
        part(&context);
        context.clear();
        context.extend(inked(&source.text[to..]));
        part(&context);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The same for a note of `rule` on the source bytes in `span`.
pub(super) fn identify_note(rule: &RuleId, span: SourceSpan, source: &Decoded) -> String {
    let place = Placed {
        at: Span::at(0),
        source: span,
        before: String::new(),
        after: String::new(),
        moved_from: None,
    };
    identify(&format!("note {rule}"), &[place], source)
}

/// The characters that end `text`, from the last one backward.
fn inked_before(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().rev().filter(|(_, c)| !c.is_whitespace()).take(CONTEXT)
}

/// The characters that begin `text`.
fn inked(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).take(CONTEXT)
}

impl Surroundings {
    /// Those of what begins at byte `start` of the source file.
    pub(super) fn of(source: &Decoded, start: usize) -> Self {
        Self::at(&source.text, source.text_offset(start))
    }

    fn at(text: &str, offset: usize) -> Self {
        let mut before = [BEYOND; CONTEXT];
        let mut place = 0;
        for (slot, (at, c)) in before.iter_mut().rev().zip(inked_before(&text[..offset])) {
            place = place.max(at + c.len_utf8());
            *slot = u64::from(c);
        }
        let mut window = Window::default();
        for c in before {
            window.push(c);
        }
        let mut after = [BEYOND; CONTEXT];
        for (slot, c) in after.iter_mut().zip(inked(&text[offset..])) {
            *slot = u64::from(c);
        }
        for c in after {
            window.push(c);
        }
        Self { window: window.hash(), place }
    }
}

/// A hash of the last characters pushed, in constant time for each.
struct Window {
    last: [u64; 2 * CONTEXT],
    next: usize,
    sum: u64,
}

/// An odd number without pattern (the golden ratio); of its powers the
/// characters' places are told apart.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// `BASE` to the power of the window's length.
const OLDEST: u64 = {
    let mut power = 1u64;
    let mut left = 2 * CONTEXT;
    while left > 0 {
        power = power.wrapping_mul(BASE);
        left -= 1;
    }
    power
};

impl Default for Window {
    fn default() -> Self {
        let mut window = Self { last: [0; 2 * CONTEXT], next: 0, sum: 0 };
        for _ in 0..2 * CONTEXT {
            window.push(BEYOND);
        }
        window
    }
}

impl Window {
    fn push(&mut self, c: u64) {
        // Characters are near each other as numbers: spread them first.
        let c = (c ^ 0x5A5A_5A5A).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let oldest = std::mem::replace(&mut self.last[self.next], c);
        self.next = (self.next + 1) % (2 * CONTEXT);
        self.sum = self.sum.wrapping_mul(BASE).wrapping_add(c).wrapping_sub(oldest.wrapping_mul(OLDEST));
    }

    fn hash(&self) -> u64 {
        self.sum ^ (self.sum >> 29)
    }
}

/// Where each of some surroundings occur in a text, found in one pass.
#[derive(Debug)]
pub(super) struct Occurrences {
    /// The places of each window, rising.
    places: FxHashMap<u64, Vec<usize>>,
}

impl Occurrences {
    /// Looks for those of `wanted` in `text`.
    pub(super) fn of<'a>(text: &str, wanted: impl IntoIterator<Item = &'a Surroundings>) -> Self {
        let mut places: FxHashMap<u64, Vec<usize>> =
            wanted.into_iter().map(|surroundings| (surroundings.window, Vec::new())).collect();
        if !places.is_empty() {
            each_window(text, |window, place| {
                if let Some(places) = places.get_mut(&window) {
                    places.push(place);
                }
            });
        }
        Self { places }
    }

    /// Looks for all there are: what will be asked for is not known yet.
    pub(super) fn all(text: &str) -> Self {
        let mut places: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        each_window(text, |window, place| places.entry(window).or_default().push(place));
        Self { places }
    }

    /// `id` with its number where it is not the first of its kind.
    pub(super) fn number(&self, id: &str, at: &Surroundings) -> String {
        let earlier =
            self.places.get(&at.window).map_or(0, |places| places.partition_point(|place| *place < at.place));
        if earlier == 0 { id.to_owned() } else { format!("{id}-{}", earlier + 1) }
    }
}

/// Calls `found` with each place between two characters, blanks left aside, and
/// the hash of what is around it.
fn each_window(text: &str, mut found: impl FnMut(u64, usize)) {
    let mut window = Window::default();
    let mut ends = [0usize; CONTEXT + 1];
    let inked = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let inked = inked.map(|(at, c)| (u64::from(c), at + c.len_utf8()));
    let mut last = 0;
    let mut number = 0;
    // The first window has nothing but its second half in the text, the last
    // one nothing but its first half.
    let mut push = |c: u64, end: usize| {
        window.push(c);
        number += 1;
        ends[number % (CONTEXT + 1)] = end;
        if number >= CONTEXT {
            found(window.hash(), ends[(number - CONTEXT) % (CONTEXT + 1)]);
        }
    };
    for (c, end) in inked {
        push(c, end);
        last = end;
    }
    for _ in 0..CONTEXT {
        push(BEYOND, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_where_it_is() {
        for text in ["", "甲", "甲 乙\n丙", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥 甲乙\u{3000}丙"]
        {
            let all = Occurrences::all(text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let at = Surroundings::at(text, offset);
                assert!(
                    all.places.get(&at.window).is_some_and(|places| places.contains(&at.place)),
                    "{text:?} at {offset}: {at:?}"
                );
            }
        }
    }

    #[test]
    fn copies_are_counted_in_the_source() {
        let copy = "青禾县的渠长每旬都要沿渠走一遍,把险工险段拍照上传给水务局看。";
        let text = format!("{copy}{copy}{copy}");
        let at = |number: usize| {
            let comma = copy.find(',').expect("there");
            Surroundings::at(&text, number * copy.len() + comma)
        };
        let found = Occurrences::of(&text, &[at(1)]);
        let ids = [0, 1, 2].map(|number| found.number("a", &at(number)));
        assert_eq!(ids, ["a", "a-2", "a-3"]);
    }
}
