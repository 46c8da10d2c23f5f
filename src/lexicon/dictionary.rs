//! The dictionary as it is stored and shipped: a trie in a double array
//! (Aoe, "An efficient digital search algorithm by using a double-array
//! structure", 1989), read where it lies. Nothing is built or copied but a
//! table of logarithms.
//!
//! The file, all numbers little-endian: the magic; the numbers of characters,
//! Traditional characters, tags, frequencies and slots (u32 each); the sum of all
//! frequencies (u64); the characters, the commonest first (u32 each): the code of
//! one is its place, from 1; the Traditional characters, each with the Simplified
//! one it is read as (u32 each); the tags, each a length (u8) and its bytes; the
//! frequencies (u32 each); the slots (u64 each, see [`Slot`]).

use std::sync::LazyLock;

/// What the file begins with.
pub(crate) const MAGIC: &[u8; 8] = b"tmwords2";

/// The dictionary that is shipped.
pub(super) static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    Dictionary::from_bytes(include_bytes!("../../models/lexicon.bin"))
        .expect("the dictionary that is shipped is whole")
});

/// The Han characters whose codes and readings are found without a search.
pub(crate) const HAN: std::ops::RangeInclusive<u32> = 0x4E00..=0x9FFF;

/// Words by their characters, each with its frequency and part of speech.
#[derive(Debug)]
pub(crate) struct Dictionary {
    /// The code of each character of [`HAN`], or of the Simplified one it is read
    /// as; 0 for one that no word has.
    codes: Vec<u16>,
    /// What each character of [`HAN`] is read as, by its place there.
    simplified: Vec<u16>,
    /// The other characters of words, sorted, with their codes.
    others: Vec<(char, u16)>,
    tags: Vec<&'static str>,
    frequencies: Vec<u32>,
    /// Their natural logarithms.
    logarithms: Vec<f64>,
    slots: &'static [[u8; 8]],
    /// The logarithm of the sum of all frequencies.
    pub(super) log_total: f64,
}

/// A node of the trie. The child by the character of code `c` stands in slot
/// `base + c`, if that slot bears the code `c`: no two nodes share a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(pub(crate) u64);

impl Slot {
    const BASE: u32 = 20;
    const CODE: u32 = 14;
    const FREQUENCY: u32 = 14;
    const TAG: u32 = 8;

    /// A slot; `frequency` and `tag` are places in their tables, `frequency`
    /// from 1, or 0 for what is no word.
    #[cfg(feature = "train")]
    pub(crate) fn new(base: u32, code: u16, frequency: u32, tag: u32) -> Self {
        let fits = |value: u32, bits: u32| {
            assert!(value >> bits == 0, "the dictionary outgrew its slots");
            u64::from(value)
        };
        let (base, code) = (fits(base, Self::BASE), fits(u32::from(code), Self::CODE));
        let (frequency, tag) = (fits(frequency, Self::FREQUENCY), fits(tag, Self::TAG));
        Self(((tag << Self::FREQUENCY | frequency) << Self::CODE | code) << Self::BASE | base)
    }

    fn field(self, from: u32, bits: u32) -> usize {
        usize::try_from(self.0 >> from & ((1 << bits) - 1)).expect("a field is shorter than a word")
    }

    fn base(self) -> usize {
        self.field(0, Self::BASE)
    }

    fn code(self) -> usize {
        self.field(Self::BASE, Self::CODE)
    }

    fn frequency(self) -> Option<usize> {
        self.field(Self::BASE + Self::CODE, Self::FREQUENCY).checked_sub(1)
    }

    fn tag(self) -> usize {
        self.field(Self::BASE + Self::CODE + Self::FREQUENCY, Self::TAG)
    }
}

/// A word of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    frequency: usize,
    tag: usize,
}

impl Dictionary {
    /// Reads a dictionary; `None` if the bytes are none.
    fn from_bytes(bytes: &'static [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut numbers = [0; 5];
        for number in &mut numbers {
            *number = usize::try_from(number_of(&mut rest)?).ok()?;
        }
        let [characters, traditional, tags, frequencies, slots] = numbers;
        let (total, mut rest) = rest.split_first_chunk()?;
        let mut codes = vec![0; HAN.count()];
        let mut others = Vec::new();
        for code in 1..=u16::try_from(characters).ok()? {
            let c = number_of(&mut rest)?;
            match place_of(c) {
                Some(place) => codes[place] = code,
                None => others.push((char::from_u32(c)?, code)),
            }
        }
        others.sort_unstable();
        let mut simplified: Vec<u16> = (0..).take(HAN.count()).collect();
        for _ in 0..traditional {
            let [own, other] = [place_of(number_of(&mut rest)?)?, place_of(number_of(&mut rest)?)?];
            simplified[own] = u16::try_from(other).ok()?;
            codes[own] = codes[other];
        }
        let tags = (0..tags).map(|_| tag_of(&mut rest)).collect::<Option<_>>()?;
        let frequencies: Vec<u32> = (0..frequencies).map(|_| number_of(&mut rest)).collect::<Option<_>>()?;
        let (slots, end) = rest.split_at_checked(slots * 8)?;
        Some(Self {
            codes,
            simplified,
            others,
            tags,
            logarithms: frequencies.iter().map(|frequency| f64::from(*frequency).ln()).collect(),
            frequencies,
            slots: slots.as_chunks().0,
            #[expect(clippy::cast_precision_loss, reason = "60 million is no loss")]
            log_total: (u64::from_le_bytes(*total) as f64).ln(),
        })
        .filter(|_| end.is_empty())
    }

    /// The code of `c`; 0 if no word has it.
    pub(super) fn code(&self, c: char) -> u16 {
        if let Some(place) = place_of(u32::from(c)) {
            return self.codes[place];
        }
        let found = self.others.binary_search_by_key(&c, |(c, _)| *c);
        found.map_or(0, |index| self.others[index].1)
    }

    /// The Simplified character that `c` is read as.
    #[inline]
    pub(super) fn simplified(&self, c: char) -> char {
        let Some(place) = place_of(u32::from(c)) else { return c };
        char::from_u32(HAN.start() + u32::from(self.simplified[place])).unwrap_or(c)
    }

    /// Each Traditional character with the Simplified one it is read as.
    pub(super) fn traditional(&self) -> impl Iterator<Item = (char, char)> {
        HAN.filter_map(char::from_u32)
            .map(|c| (c, self.simplified(c)))
            .filter(|(c, simplified)| c != simplified)
    }

    fn slot(&self, index: usize) -> Slot {
        Slot(self.slots.get(index).map_or(0, |bytes| u64::from_le_bytes(*bytes)))
    }

    /// The words that begin with the characters of `codes`, the shortest first,
    /// each with its length in characters.
    pub(super) fn prefixes(&self, codes: impl Iterator<Item = u16>) -> impl Iterator<Item = (usize, Entry)> {
        let mut node = self.slot(0);
        let steps = codes.map_while(move |code| {
            let code = usize::from(code);
            node = self.slot(node.base() + code);
            (code > 0 && node.code() == code).then_some(node)
        });
        steps.enumerate().filter_map(|(index, node)| {
            node.frequency().map(|frequency| (index + 1, Entry { frequency, tag: node.tag() }))
        })
    }

    /// The entry of `word`.
    pub(super) fn get(&self, word: &str) -> Option<Entry> {
        let node = self.node(word.chars().map(|c| self.code(c)))?;
        node.frequency().map(|frequency| Entry { frequency, tag: node.tag() })
    }

    /// The node that the characters of `codes` lead to, if a word begins so.
    pub(super) fn node(&self, mut codes: impl Iterator<Item = u16>) -> Option<Slot> {
        codes.try_fold(self.slot(0), |node, code| self.child(node, code))
    }

    /// Whether a beginning of `text` finishes a word that was begun up to `node`.
    pub(super) fn finishes(&self, node: Slot, text: &str) -> bool {
        let mut nodes = text.chars().scan(node, |node, c| {
            *node = self.child(*node, self.code(c))?;
            Some(*node)
        });
        nodes.any(|node| node.frequency().is_some())
    }

    fn child(&self, node: Slot, code: u16) -> Option<Slot> {
        let code = usize::from(code);
        let child = self.slot(node.base() + code);
        (code > 0 && child.code() == code).then_some(child)
    }

    /// How often the word of `entry` was counted.
    pub(super) fn frequency(&self, entry: Entry) -> u32 {
        self.frequencies[entry.frequency]
    }

    /// The natural logarithm of its frequency.
    pub(super) fn logarithm(&self, entry: Entry) -> f64 {
        self.logarithms[entry.frequency]
    }

    /// Its part of speech.
    pub(super) fn tag(&self, entry: Entry) -> &'static str {
        self.tags[entry.tag]
    }
}

/// The place of the code point among [`HAN`].
#[inline]
fn place_of(point: u32) -> Option<usize> {
    HAN.contains(&point).then(|| (point - HAN.start()) as usize)
}

fn number_of(rest: &mut &'static [u8]) -> Option<u32> {
    let (number, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u32::from_le_bytes(*number))
}

fn tag_of(rest: &mut &'static [u8]) -> Option<&'static str> {
    let (len, behind) = rest.split_first()?;
    let (tag, behind) = behind.split_at_checked(usize::from(*len))?;
    *rest = behind;
    std::str::from_utf8(tag).ok()
}
