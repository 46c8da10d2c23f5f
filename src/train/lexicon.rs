//! The dictionary as a trie in a double array, from the list of its words.

use std::collections::{BTreeMap, HashMap, HashSet};

use jieba_rs::Jieba;

use crate::lexicon::{HAN, MAGIC, Slot, is_simplified};

/// The file `models/lexicon.bin` for the words of `list`: a word, its frequency
/// and its part of speech a line, as jieba has them. `variants` says which
/// Simplified character each Traditional one is read as, of several the first: a
/// line each, with a tab between, as `OpenCC` has them.
///
/// # Errors
/// A sentence that says which line is none.
pub fn dictionary(list: &str, variants: &str) -> Result<Vec<u8>, String> {
    let variants = readings(variants)?;
    let jieba = Jieba::with_dict(&mut list.as_bytes()).map_err(|error| error.to_string())?;
    let (mut words, mut others) = (Vec::new(), Vec::new());
    let mut total = 0;
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let mut parts = line.split_whitespace();
        let (word, frequency) = (parts.next(), parts.next().and_then(|number| number.parse::<u32>().ok()));
        let (Some(word), Some(frequency)) = (word, frequency) else {
            return Err(format!("no word with a frequency: {line}"));
        };
        // Of a word that is cut in two, jieba gives what the first part is.
        let tag = jieba.tag(word, false).first().map_or("", |tag| tag.tag);
        let read: String = word.chars().map(|c| *variants.get(&c).unwrap_or(&c)).collect();
        let list = if read == word { &mut words } else { &mut others };
        list.push(Entry { word: read, frequency, tag });
        total += u64::from(frequency);
    }
    // A word that is listed in both spellings is as common as in its Simplified one.
    let known: HashSet<String> = words.iter().map(|entry| entry.word.clone()).collect();
    words.extend(others.into_iter().filter(|entry| !known.contains(&entry.word)));
    Ok(Builder::new(&words, variants).file(total))
}

/// What is read as what: no character that Simplified text has too, but for `於`,
/// which it has in names alone.
fn readings(variants: &str) -> Result<BTreeMap<char, char>, String> {
    let mut all = BTreeMap::new();
    for line in variants.lines() {
        let mut parts = line.split_whitespace().map(|part| part.chars().next());
        let (Some(Some(c)), Some(Some(simplified))) = (parts.next(), parts.next()) else {
            return Err(format!("no two characters: {line}"));
        };
        let is_traditional = c == '於' || !is_simplified(c);
        if is_traditional && c != simplified && [c, simplified].iter().all(|c| HAN.contains(&u32::from(*c))) {
            all.insert(c, simplified);
        }
    }
    Ok(all)
}

struct Entry<'a> {
    word: String,
    frequency: u32,
    tag: &'a str,
}

/// A node of the trie before it has a place.
#[derive(Default)]
struct Node {
    children: BTreeMap<u16, usize>,
    /// Places in the tables of frequencies, from 1, and of tags.
    word: Option<(u32, u32)>,
}

struct Builder<'a> {
    /// The commonest first.
    characters: Vec<char>,
    simplified: BTreeMap<char, char>,
    tags: Vec<&'a str>,
    frequencies: Vec<u32>,
    nodes: Vec<Node>,
}

impl<'a> Builder<'a> {
    fn new(words: &[Entry<'a>], simplified: BTreeMap<char, char>) -> Self {
        let mut counts: HashMap<char, usize> = HashMap::new();
        words.iter().flat_map(|entry| entry.word.chars()).for_each(|c| *counts.entry(c).or_default() += 1);
        let mut characters: Vec<char> = counts.keys().copied().collect();
        characters.sort_unstable_by_key(|c| (std::cmp::Reverse(counts[c]), *c));
        let mut tags: Vec<&str> = words.iter().map(|entry| entry.tag).collect();
        tags.sort_unstable();
        tags.dedup();
        let mut frequencies: Vec<u32> = words.iter().map(|entry| entry.frequency).collect();
        frequencies.sort_unstable();
        frequencies.dedup();
        let mut builder = Self { characters, simplified, tags, frequencies, nodes: vec![Node::default()] };
        builder.fill(words);
        builder
    }

    fn fill(&mut self, words: &[Entry<'_>]) {
        let codes: HashMap<char, u16> = self.characters.iter().copied().zip(1..).collect();
        for entry in words {
            let mut node = 0;
            for c in entry.word.chars() {
                let next = self.nodes.len();
                let child = *self.nodes[node].children.entry(codes[&c]).or_insert(next);
                if child == next {
                    self.nodes.push(Node::default());
                }
                node = child;
            }
            let frequency = self.frequencies.binary_search(&entry.frequency).expect("it was collected");
            let tag = self.tags.binary_search(&entry.tag).expect("it was collected");
            let place = |index: usize| u32::try_from(index).expect("a short table");
            self.nodes[node].word = Some((place(frequency + 1), place(tag)));
        }
    }

    /// The file; `total` is the sum of all frequencies of the list.
    fn file(&self, total: u64) -> Vec<u8> {
        let slots = self.slots();
        let mut bytes = MAGIC.to_vec();
        let (characters, simplified) = (self.characters.len(), self.simplified.len());
        for number in [characters, simplified, self.tags.len(), self.frequencies.len(), slots.len()] {
            bytes.extend(u32::try_from(number).expect("a short table").to_le_bytes());
        }
        bytes.extend(total.to_le_bytes());
        let pairs = self.simplified.iter().flat_map(|(c, simplified)| [c, simplified]);
        bytes.extend(self.characters.iter().chain(pairs).flat_map(|c| u32::from(*c).to_le_bytes()));
        for tag in &self.tags {
            bytes.push(u8::try_from(tag.len()).expect("a few letters"));
            bytes.extend(tag.as_bytes());
        }
        bytes.extend(self.frequencies.iter().flat_map(|frequency| frequency.to_le_bytes()));
        bytes.extend(slots.iter().flat_map(|slot| slot.0.to_le_bytes()));
        bytes
    }

    /// Places the nodes, those with the most children first: they are the
    /// hardest to fit in.
    fn slots(&self) -> Vec<Slot> {
        let mut parents: Vec<usize> =
            (0..self.nodes.len()).filter(|node| !self.nodes[*node].children.is_empty()).collect();
        parents.sort_by_key(|node| std::cmp::Reverse(self.nodes[*node].children.len()));
        let mut places = Places { taken: vec![true], bases: Vec::new(), first_free: 1 };
        let mut slots = vec![Slot(0)];
        let mut homes = vec![0; self.nodes.len()];
        let mut bases = vec![0; self.nodes.len()];
        for parent in parents {
            let codes: Vec<usize> = self.nodes[parent].children.keys().map(|c| usize::from(*c)).collect();
            bases[parent] = places.base_for(&codes);
            for (code, child) in &self.nodes[parent].children {
                homes[*child] = bases[parent] + usize::from(*code);
            }
        }
        slots.resize(places.taken.len(), Slot(0));
        let slot = |node: usize, code: u16| {
            let (frequency, tag) = self.nodes[node].word.unwrap_or((0, 0));
            // A leaf has the base that leads nowhere.
            let base = if self.nodes[node].children.is_empty() { places.taken.len() } else { bases[node] };
            Slot::new(u32::try_from(base).expect("a million at most"), code, frequency, tag)
        };
        slots[0] = slot(0, 0);
        for (code, child) in self.nodes.iter().flat_map(|node| &node.children) {
            slots[homes[*child]] = slot(*child, *code);
        }
        slots
    }
}

/// Which slots and bases are taken.
struct Places {
    taken: Vec<bool>,
    bases: Vec<bool>,
    first_free: usize,
}

impl Places {
    /// Takes a base that no other node has, with free slots for all of `codes`,
    /// which are sorted.
    fn base_for(&mut self, codes: &[usize]) -> usize {
        while self.taken.get(self.first_free).is_some_and(|taken| *taken) {
            self.first_free += 1;
        }
        let is_taken = |list: &[bool], at: usize| list.get(at).is_some_and(|taken| *taken);
        let base = (self.first_free.saturating_sub(codes[0])..)
            .find(|base| {
                !is_taken(&self.bases, *base) && !codes.iter().any(|code| is_taken(&self.taken, base + code))
            })
            .expect("there is always room behind the last");
        take(&mut self.bases, base);
        for code in codes {
            take(&mut self.taken, base + code);
        }
        base
    }
}

fn take(list: &mut Vec<bool>, at: usize) {
    if list.len() <= at {
        list.resize(at + 1, false);
    }
    list[at] = true;
}
