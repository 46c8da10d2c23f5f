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

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use super::outcome::Placed;
use crate::chars::is_han;
use crate::decode::Decoded;
use crate::edit::RuleId;
use crate::span::{SourceSpan, Span};

/// Characters of the source on each side that are part of an id.
const CONTEXT: usize = 12;

/// Where a repair stands, so far as it tells twins apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Surroundings {
    /// A hash of the characters around the place.
    window: u64,
    /// A hash of the two characters before it and the two behind.
    seam: u32,
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
        let mut hasher = FxHasher::default();
        let mut seam = [BEYOND; 4];
        let (mut place, mut count) = (0, 0);
        for (at, c) in inked_before(&text[..offset]) {
            place = place.max(at + c.len_utf8());
            if count < 2 {
                seam[1 - count] = c.into();
            }
            count += 1;
            hasher.write_u32(c.into());
        }
        // Which characters are on which side.
        hasher.write_usize(count);
        for (number, c) in inked(&text[offset..]).enumerate() {
            if number < 2 {
                seam[2 + number] = c.into();
            }
            hasher.write_u32(c.into());
        }
        let [a, b, c, d] = seam;
        Self { window: hasher.finish(), seam: hash(pair(a, b), pair(c, d)), place }
    }

    /// Where the same characters stand around a place of `text` before this one,
    /// rising: one of the two beside it is looked for.
    fn earlier(&self, text: &str) -> Vec<usize> {
        let (head, tail) = text.split_at(self.place);
        let (before, behind) = (head.chars().next_back(), inked(tail).next());
        let by_before = before.is_some_and(is_han) || behind.is_none();
        let Some(c) = (if by_before { before } else { behind }) else { return Vec::new() };
        let mut buffer = [0; char::MAX_LEN_UTF8];
        let needle = c.encode_utf8(&mut buffer).as_bytes();
        let chars_before = |at: usize| inked_before(&text[..at]).map(|(_, c)| c);
        let is_same = |at: &usize| {
            chars_before(*at).eq(chars_before(self.place)) && inked(&text[*at..]).eq(inked(tail))
        };
        let places = memchr::memmem::find_iter(head.as_bytes(), needle);
        let places = places.map(|at| if by_before { at + needle.len() } else { at }).filter(is_same);
        places.map(|at| place_before(&text[..at])).filter(|place| *place < self.place).collect()
    }
}

/// Where the last character of `text` that is no blank ends.
fn place_before(text: &str) -> usize {
    text.trim_end().len()
}

/// Stands before the first character of a text, and behind the last.
const BEYOND: u32 = 0x11_0000;

/// A hash of two neighbouring characters. Han characters are near each other as
/// numbers, so they are spread.
fn pair(first: u32, second: u32) -> u32 {
    (first.rotate_left(11) ^ second).wrapping_mul(0x9E37_79B1)
}

/// A hash of four neighbouring characters, from those of two and two.
fn hash(before: u32, behind: u32) -> u32 {
    (before.rotate_left(13) ^ behind).wrapping_mul(0x85EB_CA6B)
}

/// Where each of some surroundings occur in a text.
#[derive(Debug)]
pub(super) struct Occurrences {
    /// The places of each window, rising: all that lie before one that was asked
    /// for.
    places: FxHashMap<u64, Vec<usize>>,
}

impl Occurrences {
    /// Up to how many surroundings are looked for one by one.
    const FEW: usize = 64;

    /// Looks for those of `wanted` in `text`.
    pub(super) fn of<'a>(text: &str, wanted: impl IntoIterator<Item = &'a Surroundings>) -> Self {
        let mut last: FxHashMap<u64, &Surroundings> = FxHashMap::default();
        for surroundings in wanted {
            let last = last.entry(surroundings.window).or_insert(surroundings);
            if last.place < surroundings.place {
                *last = surroundings;
            }
        }
        if last.len() <= Self::FEW {
            let earlier = last.into_values().map(|wanted| (wanted.window, wanted.earlier(text)));
            Self { places: earlier.collect() }
        } else {
            Self::of_many(text, &last.into_values().collect::<Vec<_>>())
        }
    }

    /// Goes through `text` once for all that is `wanted`.
    fn of_many(text: &str, wanted: &[&Surroundings]) -> Self {
        let mut places: FxHashMap<u64, Vec<usize>> =
            wanted.iter().map(|surroundings| (surroundings.window, Vec::new())).collect();
        // Most places have other neighbours than those wanted, and needn't be
        // looked at: one bit in 256, at most, is set for their hashes.
        let words = (4 * wanted.len()).next_power_of_two();
        let place_of = |seam: u32| ((seam >> 16) as usize & (words - 1), seam >> 10 & 63);
        let mut sieve = vec![0_u64; words];
        for (word, bit) in wanted.iter().map(|surroundings| place_of(surroundings.seam)) {
            sieve[word] |= 1 << bit;
        }
        each_seam(text, |seam, place| {
            let (word, bit) = place_of(seam);
            if sieve[word] >> bit & 1 == 1
                && let Some(places) = places.get_mut(&Surroundings::at(text, place).window)
            {
                places.push(place);
            }
        });
        Self { places }
    }

    /// Looks for all there are: what will be asked for is not known yet.
    pub(super) fn all(text: &str) -> Self {
        let mut places: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        each_seam(text, |_, place| {
            places.entry(Surroundings::at(text, place).window).or_default().push(place);
        });
        Self { places }
    }

    /// `id` with its number where it is not the first of its kind.
    pub(super) fn number(&self, id: &str, at: &Surroundings) -> String {
        let earlier =
            self.places.get(&at.window).map_or(0, |places| places.partition_point(|place| *place < at.place));
        if earlier == 0 { id.to_owned() } else { format!("{id}-{}", earlier + 1) }
    }
}

/// Calls `found` with each place between two characters of `text`, blanks left
/// aside: the hash of the two before it and the two behind, and the byte where
/// the first of them ends.
fn each_seam(text: &str, mut found: impl FnMut(u32, usize)) {
    // Han characters, nearly all of them, are quickly seen to be no blanks.
    let is_blank = |c: char| !matches!(c, '\u{4E00}'..='\u{9FFF}') && c.is_whitespace();
    let inked = text.char_indices().filter(|(_, c)| !is_blank(*c));
    let inked = inked.map(|(at, c)| (u32::from(c), at + c.len_utf8()));
    let mut last = BEYOND;
    // The last two pairs, and where the last three characters end.
    let mut pairs = [pair(BEYOND, BEYOND); 2];
    let mut ends = [0; 3];
    for (number, (c, end)) in inked.chain([(BEYOND, text.len()); 2]).enumerate() {
        let newest = pair(last, c);
        if number > 0 {
            found(hash(pairs[0], newest), ends[1]);
        }
        last = c;
        pairs = [pairs[1], newest];
        ends = [ends[1], ends[2], end];
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
        let wanted = [at(0), at(1), at(2)];
        let sieved = Occurrences::of_many(&text, &wanted.each_ref());
        for found in [sieved, Occurrences::of(&text, &wanted), Occurrences::all(&text)] {
            let ids = wanted.each_ref().map(|at| found.number("a", at));
            assert_eq!(ids, ["a", "a-2", "a-3"]);
        }
    }

    #[test]
    fn what_is_looked_for_one_by_one_is_what_one_pass_finds() {
        let text = "甲，乙 甲，\n乙。甲， 乙甲 ，乙。 1,2 1, 2，甲乙丙丁戊己庚甲，乙甲，乙甲，乙甲，乙甲，乙甲，乙甲，乙甲，乙";
        let all = Occurrences::all(text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let at = Surroundings::at(text, offset);
            let before = all.places[&at.window].iter().copied().filter(|place| *place < at.place);
            assert_eq!(at.earlier(text), before.collect::<Vec<_>>(), "at {offset}");
        }
    }
}
