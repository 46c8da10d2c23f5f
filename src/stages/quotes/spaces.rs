//! The spaces of a document, and what they say about it as a whole: found once,
//! so that nothing else of the text has to be read.

use super::beside::Beside;
use super::evidence::MAX_PHRASE;
use super::measures::{SIGNS, is_label, sign};
use crate::chars::is_han;
use crate::document::{Block, Document};
use crate::lexicon::looks_like_name;

/// What a sentence ends with, three bytes each; the last two begin with the same.
const SENTENCE_ENDS: [&str; 3] = ["。", "！", "？"];
/// What parts clauses and the items of a list, three bytes each.
const COMMAS: [&str; 2] = ["、", "，"];

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

    /// What stands beside them.
    pub(super) fn beside(self) -> Beside<'a> {
        Beside::of(self.document.text(), self.all)
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
            let head = &self.document.text()[block.span.start..spaces[0]];
            if head.len() > REACH * char::MAX_LEN_UTF8 || !head.ends_with([':', '：']) {
                return false;
            }
            let head: Vec<char> = head.chars().collect();
            head.len() < REACH && is_label(&head, head.len())
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
        self.follow(&SENTENCE_ENDS)
    }

    /// Whether more than a few commas, and at least every eighth, have one behind
    /// them, as OCR engines leave: on made pages, whose marks alone left gaps, no
    /// more than every thirteenth has, on noisy pages that an engine read every fifth
    /// or more.
    pub(super) fn follow_commas(&self) -> bool {
        self.follow(&COMMAS)
    }

    /// Whether more than a few of `signs`, and at least every eighth, have one behind
    /// them with more text on the line. Signs are three bytes long, and begin as the
    /// first two of them do.
    fn follow(&self, signs: &[&str]) -> bool {
        let text = self.document.text().as_bytes();
        let ends = |at: usize| signs.iter().any(|sign| text[..at].ends_with(sign.as_bytes()));
        let spaced = self.all.iter().filter(|at| ends(**at)).count();
        // Most texts needn't be read for all of them.
        let [lead, other] = [signs[0], signs[1]].map(|sign| sign.as_bytes()[0]);
        let all = || memchr::memchr2_iter(lead, other, text).filter(|at| ends((at + 3).min(text.len())));
        spaced >= 4 && all().nth(spaced * 8).is_none()
    }
}

/// Whether at least every ninth place of `text` where a character of `kind`,
/// one of ASCII, meets Chinese has a space, and more than one does.
pub(super) fn set_off(text: &str, kind: impl Fn(&u8) -> bool + Copy) -> bool {
    let is_kind = |c: char| u8::try_from(c).is_ok_and(|byte| kind(&byte));
    let meet = |a: char, b: char| (is_han(a) && is_kind(b)) || (is_kind(a) && is_han(b));
    let parts = |at: &usize| {
        let (before, behind) = (text[..*at].chars().next_back(), text[at + 1..].chars().next());
        before.zip(behind).is_some_and(|(before, behind)| meet(before, behind))
    };
    let spaced = memchr::memchr_iter(b' ', text.as_bytes()).filter(parts).count();
    // Most texts needn't be read for the places without a gap.
    if spaced < 2 {
        return false;
    }
    let beside_han = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(is_han);
        let behind = text[at + 1..].chars().next().is_some_and(is_han);
        [before, behind].into_iter().filter(|meets| *meets)
    };
    places_of(text.as_bytes(), kind).flat_map(beside_han).nth(spaced * 8).is_none()
}

/// Where the bytes of `kind`, which are ASCII, stand in `text`.
fn places_of(text: &[u8], kind: impl Fn(&u8) -> bool + Copy) -> impl Iterator<Item = usize> {
    const CHUNK: usize = 32;
    let chunks = text.chunks(CHUNK).enumerate();
    // Most of Chinese text is none, which vectors soon see.
    let with_ascii = chunks.filter(|(_, chunk)| chunk.iter().fold(0, |all, byte| all | !byte) & 0x80 != 0);
    with_ascii.flat_map(move |(number, chunk)| {
        let inside = chunk.iter().enumerate().filter(move |(_, byte)| kind(byte));
        inside.map(move |(at, _)| number * CHUNK + at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, what: impl Fn(&Spaces<'_>) -> bool) -> bool {
        what(&Spaces::of(&Document::new(text.to_owned())).expect("there are spaces"))
    }

    #[test]
    fn places_of_ascii_are_found_in_every_chunk() {
        let text = "青禾12家，".repeat(9) + "增长3.5%";
        let places: Vec<usize> = places_of(text.as_bytes(), u8::is_ascii_digit).collect();
        let expected: Vec<usize> =
            text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn sentences_are_parted_where_many_have_a_space_behind() {
        let parts = |text: &str| of(text, |spaces| spaces.part_sentences());
        assert!(parts(&"渠修好了。 水来了！ ".repeat(3)));
        assert!(!parts("渠修好了。 水来了！ 树种下了？ 好。"), "too few");
        assert!(!parts(&("渠修好了。 ".repeat(4) + &"水来了！".repeat(40))));
    }

    #[test]
    fn spaces_behind_every_eighth_comma_are_of_an_engine() {
        let follow = |text: &str| of(text, |spaces| spaces.follow_commas());
        assert!(follow(&"渠修好了， 水、 电、路都通了，树也种下了。".repeat(3)));
        assert!(!follow("渠修好了， 水、 电、 路都通了。"), "too few");
        assert!(!follow(&"他把这叫作 活账 ，渠、路、桥，件件有数，桩桩有人管。".repeat(8)), "not behind");
        assert!(
            !follow(&"老人说， 渠在人在 ，水、电、路、桥、树、井，一样不能少，账也要记。".repeat(8)),
            "every eighth needs more"
        );
    }
}
