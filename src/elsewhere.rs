//! What is known from other documents of the same archive. A stage only asks;
//! who looks through an archive is no concern of it.

use std::collections::HashMap;
use std::sync::Arc;

/// The fingerprint of a passage: the first 16 bytes of BLAKE3 of its skeleton.
pub type Fingerprint = [u8; 16];

/// What other documents say about one of them.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    copies: Arc<Copies>,
    phrases: Arc<Phrases>,
}

/// Passages that a document may lose, by their fingerprints, each with the name
/// of a document that keeps it.
pub type Copies = HashMap<Fingerprint, Arc<str>>;

/// How often short phrases stand in quotation marks, and between two gaps, in
/// an archive.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    counts: HashMap<Box<str>, PhraseCounts>,
}

/// How many documents of an archive hold a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhraseCounts {
    /// In quotation marks.
    pub marked: u32,
    /// Between two gaps.
    pub between: u32,
}

/// Documents from which a phrase that stands in marks is known to be quoted.
pub const QUOTED_IN: u32 = 2;

impl Elsewhere {
    /// Knows `copies` to stand in other documents, and `phrases` to be quoted.
    #[must_use]
    pub fn new(copies: Arc<Copies>, phrases: Arc<Phrases>) -> Self {
        Self { copies, phrases }
    }

    /// Where the passage of this fingerprint stands and stays, if this document
    /// may lose it.
    #[must_use]
    pub fn kept_in(&self, fingerprint: &Fingerprint) -> Option<&str> {
        self.copies.get(fingerprint).map(|name| &**name)
    }

    /// Whether no other document keeps a passage of this one.
    #[must_use]
    pub fn has_no_copies(&self) -> bool {
        self.copies.is_empty()
    }

    /// The phrases that are quoted in the archive.
    #[must_use]
    pub fn phrases(&self) -> Arc<Phrases> {
        Arc::clone(&self.phrases)
    }

    /// BLAKE3 of all that is known: the same knowledge, the same hash.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let mut copies: Vec<_> = self.copies.iter().collect();
        copies.sort_unstable();
        for (fingerprint, name) in copies {
            hasher.update(fingerprint).update(name.as_bytes()).update(&[0]);
        }
        hasher.update(&[0]).update(&self.phrases.hash());
        *hasher.finalize().as_bytes()
    }
}

impl Phrases {
    /// Knows these phrases.
    #[must_use]
    pub fn new(counts: impl IntoIterator<Item = (Box<str>, PhraseCounts)>) -> Self {
        Self { counts: counts.into_iter().collect() }
    }

    /// In how many documents `phrase` was seen.
    #[must_use]
    pub fn counts(&self, phrase: &str) -> PhraseCounts {
        self.counts.get(phrase).copied().unwrap_or_default()
    }

    /// Whether `phrase` is known to be quoted: two documents have it in marks,
    /// since one may be in error.
    #[must_use]
    pub fn are_quoted(&self, phrase: &str) -> bool {
        self.counts(phrase).marked >= QUOTED_IN
    }

    /// How many phrases are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn hash(&self) -> [u8; 32] {
        let mut sorted: Vec<_> = self.counts.iter().collect();
        sorted.sort_unstable_by_key(|(phrase, _)| *phrase);
        let mut hasher = blake3::Hasher::new();
        for (phrase, counts) in sorted {
            hasher.update(phrase.as_bytes()).update(&[0]);
            hasher.update(&counts.marked.to_le_bytes()).update(&counts.between.to_le_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}
