//! The spaces of a document, and what they say about it as a whole: found once,
//! so that nothing else of the text has to be read.

use rustc_hash::FxHashMap;

use super::evidence::{MAX_PHRASE, PHRASE_BESIDE, longer_run};
use super::gaps::looks_like_name;
use super::measures::{SIGNS, is_label, sign};
use crate::chars::is_han;
use crate::document::{Block, Document};

/// The spaces (U+0020) of a document.
pub(super) struct Spaces<'a> {
    document: &'a Document,
    /// Where they stand, in bytes.
    all: Vec<usize>,
}

impl<'a> Spaces<'a> {
    /// Those of `document`; `None` if it has none.
    pub(super) fn of(document: &'a Document) -> Option<Self> {
        if !document.ascii().has(b' ') {
            return None;
        }
        Some(Self { document, all: memchr::memchr_iter(b' ', document.text().as_bytes()).collect() })
    }

    /// The blocks that hold any, each with its own.
    fn blocks(&self) -> impl Iterator<Item = (&'a Block, &[usize])> {
        let blocks = self.document.blocks();
        let mut rest = &self.all[..];
        std::iter::from_fn(move || {
            loop {
                let at = *rest.first()?;
                let block = blocks.partition_point(|block| block.span.end <= at);
                let Some(block) = blocks.get(block) else {
                    rest = &[];
                    continue;
                };
                let before = rest.partition_point(|at| *at < block.span.start);
                let count = rest[before..].partition_point(|at| *at < block.span.end);
                let inside = &rest[before..before + count];
                rest = &rest[before + count..];
                if !inside.is_empty() {
                    return Some((block, inside));
                }
            }
        })
    }

    /// Short runs of Han characters and figures between two of a block.
    pub(super) fn phrases(&self) -> Vec<&'a str> {
        let text = self.document.text();
        let is_phrase = |part: &&str| {
            part.len() <= MAX_PHRASE * char::MAX_LEN_UTF8
                && (1..=MAX_PHRASE).contains(&part.chars().count())
                && part.chars().all(|c| is_han(c) || c.is_ascii_digit())
                && !looks_like_name(part)
        };
        let parts = |(_, spaces): (_, &[usize])| {
            spaces.windows(2).map(|pair| &text[pair[0] + 1..pair[1]]).filter(is_phrase).collect::<Vec<_>>()
        };
        self.blocks().flat_map(parts).collect()
    }

    /// How often each short run of Han characters and figures stands right behind
    /// one, and right before one.
    pub(super) fn beside(&self) -> FxHashMap<u64, [usize; 2]> {
        let text = self.document.text();
        let mut counts: FxHashMap<u64, [usize; 2]> = FxHashMap::default();
        let mut count = |characters: &mut dyn Iterator<Item = char>, side: usize| {
            let mut run = 0;
            let characters = characters.take_while(|c| is_han(*c) || c.is_ascii_digit());
            for (len, c) in (1..=*PHRASE_BESIDE.end()).zip(characters) {
                run = longer_run(run, c);
                if len >= *PHRASE_BESIDE.start() {
                    counts.entry(run).or_default()[side] += 1;
                }
            }
        };
        for at in &self.all {
            count(&mut text[at + 1..].chars(), 0);
            count(&mut text[..*at].chars().rev(), 1);
        }
        counts
    }

    /// How many stand behind each kind of character.
    pub(super) fn count_behind(&self) -> [usize; SIGNS] {
        let text = self.document.text();
        let mut counts = [0; SIGNS];
        for at in &self.all {
            let before = text[..*at].chars().next_back().filter(|c| *c != '\n');
            if let Some(count) = usize::try_from(sign(before)).ok().and_then(|sign| counts.get_mut(sign)) {
                *count += 1;
            }
        }
        counts
    }

    /// How many blocks begin with a label and a space.
    pub(super) fn count_labels(&self) -> usize {
        const REACH: usize = 14; // code points: the longest label, a colon and a gap
        let begins = |(block, spaces): &(&Block, &[usize])| {
            if spaces[0] - block.span.start > REACH * char::MAX_LEN_UTF8 {
                return false;
            }
            let head: Vec<char> = self.document.slice(block.span).chars().take(REACH).collect();
            head.iter().position(|c| *c == ' ').is_some_and(|at| is_label(&head, at))
        };
        self.blocks().filter(begins).count()
    }

    /// How many blocks of prose hold any, and how many of them an odd number.
    pub(super) fn count_blocks(&self) -> (usize, usize) {
        let prose = self.blocks().filter(|(block, _)| block.is_prose());
        prose.fold((0, 0), |(blocks, odd), (_, spaces)| (blocks + 1, odd + spaces.len() % 2))
    }

    /// Whether more than a few sentences, and at least every eighth, have one
    /// behind them with more text on the line.
    pub(super) fn part_sentences(&self) -> bool {
        let text = self.document.text();
        let spaced = self.all.iter().filter(|at| text[..**at].ends_with(['。', '！', '？'])).count();
        spaced >= 4 && text.matches(['。', '！', '？']).nth(spaced * 8).is_none()
    }

    /// Whether at least every ninth place where a character of `kind`, one of
    /// ASCII, meets Chinese has one, and more than one does.
    pub(super) fn set_off(&self, kind: fn(&u8) -> bool) -> bool {
        let text = self.document.text();
        let is_kind = |c: char| u8::try_from(c).is_ok_and(|byte| kind(&byte));
        let meet = |a: char, b: char| (is_han(a) && is_kind(b)) || (is_kind(a) && is_han(b));
        let parts = |at: &&usize| {
            let (before, behind) = (text[..**at].chars().next_back(), text[**at + 1..].chars().next());
            before.zip(behind).is_some_and(|(before, behind)| meet(before, behind))
        };
        let spaced = self.all.iter().filter(parts).count();
        // Most texts needn't be read for the places without a gap.
        if spaced < 2 {
            return false;
        }
        let beside_han = |(at, _): (usize, &u8)| {
            let before = text[..at].chars().next_back().is_some_and(is_han);
            let behind = text[at + 1..].chars().next().is_some_and(is_han);
            [before, behind].into_iter().filter(|meets| *meets)
        };
        let of_kind = text.as_bytes().iter().enumerate().filter(|(_, byte)| kind(byte));
        of_kind.flat_map(beside_han).nth(spaced * 8).is_none()
    }
}
