//! A glance at the blocks of a document that tells whether any two of them could
//! be copies of one text. Most documents hold none, and nothing else is made of
//! them. What it says may be wrong one way only: where it rules copies out, none
//! of the rules of `plan` would find one.

use std::cell::OnceCell;
use std::sync::LazyLock;

use memchr::memmem;

use super::near_block::most_differences;
use super::passage::{MIN_COLUMNS, REACH, bones, has_cells};
use super::tally::Tally;
use crate::chars::{columns, is_gap, is_han, split_common_han};
use crate::document::{Block, Document};
use crate::span::Span;

/// Code points at the ends of a passage that a copy shares, as whole copies,
/// parts of a passage and parts of a split one do.
pub(super) const KEY: usize = 16;

/// Kinds of Han characters that are counted, by their last bits.
const KINDS: usize = 32;

/// A block that is a passage, see [`Passage`](super::passage::Passage), and what
/// a glance says of it.
#[derive(Debug)]
pub(super) struct Glimpse {
    /// Index among the blocks of the document.
    pub block: usize,
    /// The block.
    pub span: Span,
    tally: Tally,
    /// Made where the tally does not tell the passage from another.
    makeup: OnceCell<Makeup>,
}

/// What a block is made of.
#[derive(Debug)]
struct Makeup {
    letters: usize,
    others: usize,
    stops: usize,
    /// Whether there is a gap that may be the edge of a table cell.
    wide_gap: bool,
    /// How many characters from U+4E00 to U+9FFF are of each kind.
    counts: [u16; KINDS],
}

impl Glimpse {
    /// Of the block at `index`; `None` if it is no passage.
    pub(super) fn of(document: &Document, index: usize, block: &Block) -> Option<Self> {
        let text = document.slice(block.span);
        if !block.is_prose() || text.len() < MIN_COLUMNS {
            return None;
        }
        let glimpse =
            Self { block: index, span: block.span, tally: Tally::of(text), makeup: OnceCell::new() };
        let is_plainly_prose =
            glimpse.tally.is_plainly_letters() && text.contains('，') && !may_have_cells(text);
        (is_plainly_prose || glimpse.makeup(document).is_prose(text)).then_some(glimpse)
    }

    /// Columns of letters.
    pub(super) fn letters(&self, document: &Document) -> usize {
        self.makeup(document).letters
    }

    fn makeup(&self, document: &Document) -> &Makeup {
        self.makeup.get_or_init(|| Makeup::of(document.slice(self.span)))
    }

    /// Whether no more than [`REACH`] stands between both.
    fn is_near(&self, other: &Self) -> bool {
        let (first, second) = if self.block < other.block { (self, other) } else { (other, self) };
        second.span.start - first.span.end <= REACH
    }

    /// Whether the skeleton of `other` can be made of this one's by as few changes
    /// as look-alikes differ in: each changes every tally by one at most, and the
    /// counts of two kinds.
    fn may_be_like(&self, other: &Self, document: &Document) -> bool {
        let most = most_differences(self.tally.length.max(other.tally.length));
        let differ = |(a, b): (&usize, &usize)| a.abs_diff(*b) > most;
        if self.tally.han.abs_diff(other.tally.han) > most
            || self.tally.bits.iter().zip(&other.tally.bits).any(differ)
        {
            return false;
        }
        let (own, other) = (self.makeup(document), other.makeup(document));
        let differ = own.counts.iter().zip(&other.counts).map(|(a, b)| u32::from(a.abs_diff(*b)));
        differ.sum::<u32>() as usize <= 2 * most
    }
}

/// Whether there is a gap in `text` that may be the edge of a table cell.
fn may_have_cells(text: &str) -> bool {
    static WIDE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("\u{3000}"));
    let bytes = text.as_bytes();
    let is_wide = |at: usize| bytes[at] == b'\t' || bytes.get(at + 1) == Some(&b' ');
    memchr::memchr2_iter(b'\t', b' ', bytes).any(is_wide) || WIDE.find(bytes).is_some()
}

impl Makeup {
    fn of(text: &str) -> Self {
        let mut makeup = Self { letters: 0, others: 0, stops: 0, wide_gap: false, counts: [0; KINDS] };
        let mut counts = [0usize; KINDS];
        let mut rest = text.as_bytes();
        loop {
            // Nearly every character.
            while let Some(([.., last], behind)) = split_common_han(rest) {
                counts[usize::from(*last) % KINDS] += 1;
                rest = behind;
            }
            let Some(c) = text[text.len() - rest.len()..].chars().next() else { break };
            rest = &rest[c.len_utf8()..];
            makeup.add(c, rest.first());
        }
        makeup.letters += 2 * counts.iter().sum::<usize>();
        makeup.counts = counts.map(|count| u16::try_from(count).unwrap_or(u16::MAX));
        makeup
    }

    /// Whether `text`, which is made so, is prose: letters for the most part, with
    /// punctuation, and no row of a table.
    fn is_prose(&self, text: &str) -> bool {
        let has_sentences = self.letters >= MIN_COLUMNS && self.stops > 0;
        has_sentences && self.others * 2 <= self.letters && !(self.wide_gap && has_cells(text))
    }

    /// Counts a character that is none of the common Han ones, before `next`.
    fn add(&mut self, c: char, next: Option<&u8>) {
        let is_stop = matches!(c, '，' | '。' | '；' | '！' | '？' | ',' | '.' | ';' | '!' | '?');
        if is_stop || matches!(c, '、' | '：' | '“' | '”' | '《' | '》' | '（' | '）') {
            self.others += 1;
            self.stops += usize::from(is_stop);
        } else if is_han(c) {
            self.letters += 2;
        } else if c.is_alphabetic() {
            self.letters += columns(c.encode_utf8(&mut [0; 4]));
        } else if is_gap(c) {
            self.wide_gap |= matches!(c, '\t' | '\u{3000}') || (c == ' ' && next == Some(&b' '));
        } else {
            self.others += 1;
        }
    }
}

/// The passages of `document`, in order.
pub(super) fn glimpses(document: &Document) -> Vec<Glimpse> {
    let blocks = document.blocks();
    let mut glimpses = Vec::with_capacity(blocks.len());
    glimpses
        .extend(blocks.iter().enumerate().filter_map(|(index, block)| Glimpse::of(document, index, block)));
    glimpses
}

/// Whether two of `passages`, which are those of `document`, could differ in a few
/// characters only.
pub(super) fn may_hold_look_alikes(document: &Document, passages: &[Glimpse]) -> bool {
    let mut rest = passages;
    loop {
        // What is near one of these stands among them or among the next ones.
        let own = within_reach(rest);
        if own == 0 {
            return false;
        }
        let next = within_reach(&rest[own..]);
        if are_look_alikes_among(document, &rest[..own + next]) {
            return true;
        }
        rest = &rest[own..];
    }
}

/// How many of `passages` begin no farther than [`REACH`] behind the first.
fn within_reach(passages: &[Glimpse]) -> usize {
    passages
        .first()
        .map_or(0, |first| passages.partition_point(|passage| passage.span.start <= first.span.end + REACH))
}

fn are_look_alikes_among(document: &Document, passages: &[Glimpse]) -> bool {
    let most = most_differences(usize::MAX);
    let mut by_han: Vec<&Glimpse> = passages.iter().collect();
    by_han.sort_unstable_by_key(|passage| passage.tally.han);
    by_han.iter().enumerate().any(|(index, first)| {
        let behind = by_han[index + 1..].iter();
        let mut close = behind.take_while(|second| second.tally.han - first.tally.han <= most);
        close.any(|second| first.is_near(second) && first.may_be_like(second, document))
    })
}

/// Blocks that begin or end as others do.
#[derive(Debug)]
pub(super) struct Shared {
    /// Those that begin as a passage does, which may be themselves. Sorted.
    pub heads: Vec<usize>,
    /// The passages among them, and those that end as another does. Sorted.
    pub passages: Vec<usize>,
}

impl Shared {
    /// Which blocks of `document`, with these `passages`, could be copies of one
    /// another, or parts of one.
    pub(super) fn of(document: &Document, passages: &[Glimpse]) -> Self {
        let text = |block: usize| document.slice(document.blocks()[block].span);
        let is_passage =
            |block: &usize| passages.binary_search_by_key(block, |passage| passage.block).is_ok();
        let all = (0..document.blocks().len()).collect();
        let mut heads = sharing(all, is_passage, |block, length| key(bones(text(block)), length));
        let own = passages.iter().map(|passage| passage.block).collect();
        let tails = sharing(own, is_passage, |block, length| key(bones(text(block)).rev(), length));
        heads.sort_unstable();
        let mut passages: Vec<usize> = heads.iter().copied().filter(is_passage).chain(tails).collect();
        passages.sort_unstable();
        passages.dedup();
        Self { heads, passages }
    }
}

/// Those of `blocks` that share their `key` of [`KEY`] characters with another,
/// one of them a passage.
fn sharing(
    blocks: Vec<usize>,
    is_passage: impl Fn(&usize) -> bool,
    key: impl Fn(usize, usize) -> Option<u64>,
) -> Vec<usize> {
    let blocks = sharing_start(blocks, &is_passage, &key);
    let of = |block: usize| key(block, KEY).map(|key| (key, block));
    let mut keys: Vec<(u64, usize)> = blocks.into_iter().filter_map(of).collect();
    keys.sort_unstable();
    let groups = keys.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    let groups = groups.filter(|group| group.iter().any(|(_, block)| is_passage(block)));
    groups.flatten().map(|(_, block)| *block).collect()
}

/// Those of `blocks` that may share their first characters with another, one of
/// them a passage: most don't. Some that do not share them are among these.
fn sharing_start(
    blocks: Vec<usize>,
    is_passage: impl Fn(&usize) -> bool,
    key: impl Fn(usize, usize) -> Option<u64>,
) -> Vec<usize> {
    const FEW: usize = 4;
    const BITS: u32 = 12;
    const SEEN: u8 = 1;
    const SHARED: u8 = 2;
    const PASSAGE: u8 = 4;
    let mut places = [0u8; 1 << BITS];
    let mut found: Vec<(u16, usize)> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let Some(key) = key(block, FEW) else { continue };
        let place = u16::try_from(key >> (u64::BITS - BITS)).expect("a few bits");
        let seen = &mut places[usize::from(place)];
        *seen |= ((*seen & SEEN) * SHARED) | SEEN | if is_passage(&block) { PASSAGE } else { 0 };
        found.push((place, block));
    }
    let is_shared = |(place, _): &(u16, usize)| places[usize::from(*place)] == SEEN | SHARED | PASSAGE;
    found.into_iter().filter(is_shared).map(|(_, block)| block).collect()
}

/// A hash of the first `length` characters; `None` if there are fewer.
fn key(mut bones: impl Iterator<Item = char>, length: usize) -> Option<u64> {
    let mut hash = 0u64;
    for _ in 0..length {
        hash =
            (hash.rotate_left(23) ^ u64::from(u32::from(bones.next()?))).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "青禾县今年新建水渠多条，沿线村民用水更加方便，种粮积极性明显提高，收成也比往年好。";
    const SECOND: &str = "镇里的集市逢五开张，卖竹器、农具和点心的摊位一直排到河边，赶集的人从清早来到傍晚。";

    fn may(text: &str) -> (bool, bool) {
        let document = Document::new(text.to_owned());
        let passages = glimpses(&document);
        (!Shared::of(&document, &passages).passages.is_empty(), may_hold_look_alikes(&document, &passages))
    }

    #[test]
    fn texts_of_their_own_are_ruled_out() {
        assert_eq!(may(&format!("{FIRST}\n{SECOND}\n")), (false, false));
        assert_eq!(may(&format!("青禾县\n{FIRST}\n青禾县\n{SECOND}\n青禾县\n")), (false, false));
    }

    #[test]
    fn copies_parts_and_look_alikes_are_not() {
        assert_eq!(may(&format!("{FIRST}\n{SECOND}\n{FIRST}\n")), (true, true));
        let damaged = FIRST.replace('，', ", ").replace("水渠", "氷渠").replacen('新', "", 1);
        assert!(may(&format!("{damaged}\n{SECOND}\n{FIRST}\n")).1);
        let tail = format!("{SECOND}{FIRST}");
        assert!(may(&format!("{tail}\n{FIRST}\n")).0);
        assert!(may(&format!("{}\n{SECOND}\n{FIRST}\n", &FIRST[..60])).0, "a part, and the whole");
    }

    #[test]
    fn look_alikes_are_seen_as_far_as_they_reach() {
        let long = |times: usize| SECOND.repeat(times);
        let damaged = FIRST.replace("水渠", "氷渠");
        let (most, half) = (REACH / SECOND.len(), REACH / SECOND.len() / 2);
        assert!(may(&format!("{FIRST}\n{}\n{damaged}\n", long(most - 1))).1);
        assert!(!may(&format!("{FIRST}\n{}\n{damaged}\n", long(most + 1))).1);
        // The first of the two is not the first of those within reach.
        let text = format!("{SECOND}\n{}\n{FIRST}\n{}\n{damaged}\n", long(half + 9), long(half + 19));
        assert!(may(&text).1);
        assert!(!may(&text.replace(&damaged, "")).1);
    }

    #[test]
    fn the_makeup_counts_what_stands_there() {
        let makeup = Makeup::of("青禾〇a１é，。“x” \u{3000}丘\u{FFFD}");
        assert_eq!((makeup.letters, makeup.others, makeup.stops), (8 + 3, 6, 2));
        assert!(makeup.wide_gap && makeup.counts.iter().sum::<u16>() == 3);
    }
}
