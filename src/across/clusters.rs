//! Passages that are one, and the copies that may go.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::SIMILAR;
use super::sketch::similarity;
use super::survey::Passages;
use crate::elsewhere::{Copies, Elsewhere, Fingerprint, Phrases};
use crate::span::SourceSpan;

/// Passages under one key that a new one is compared with: where more differ,
/// the key says nothing.
const CROWD: usize = 8;

/// A passage of the archive.
#[derive(Debug)]
pub(super) struct Passage {
    pub document: u64,
    pub name: Arc<str>,
    pub number: u32,
    pub damage: u32,
    pub source: SourceSpan,
    pub fingerprint: Fingerprint,
    pub skeleton: String,
}

/// One text that stands in several documents: a passage, or several that follow
/// each other in all of them.
#[derive(Clone, Debug, Serialize)]
pub struct Cluster {
    /// Follows from the text of its first member: 16 hexadecimal digits.
    pub id: String,
    /// Where it stands, in the order of the archive; in two documents or more.
    pub members: Vec<Member>,
}

/// One copy of a text.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    /// The number of the document in the archive, from 0.
    #[serde(skip)]
    pub document: u64,
    /// Its name.
    pub name: Arc<str>,
    /// Its passages, in bytes of the document as it was read.
    pub passages: Vec<Bytes>,
    /// The share of shingles in common with the first member, from 0 to 1; the
    /// least of its passages.
    pub similarity: f32,
    /// Characters that damage left in it.
    pub damage: u32,
    #[serde(skip)]
    fingerprints: Vec<Fingerprint>,
    /// The number of its last passage in the document.
    #[serde(skip)]
    last: u32,
}

/// A range of bytes of a source, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// The first.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// Which copy stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The first of the archive.
    First,
    /// The one with the least damage; of equals the first.
    Best,
}

/// What the archive says about its documents: which passages another one keeps,
/// and which phrases are quoted.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// By the name of the document.
    copies: BTreeMap<Arc<str>, Arc<Copies>>,
    phrases: Arc<Phrases>,
    hash: OnceLock<[u8; 32]>,
}

/// Clusters in the making: each passage leads to one before it that it is like.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    /// Only passages that are like another; a first one leads to itself.
    first: BTreeMap<u64, (u64, f32)>,
}

impl Clusters {
    /// Joins those of `group`, which share a key, that are alike. The numbers
    /// ascend.
    pub(super) fn join(&mut self, group: &[u64], passages: &mut Passages) -> io::Result<()> {
        let mut heads: Vec<(u64, Passage)> = Vec::new();
        if group.len() < 2 {
            return Ok(());
        }
        for &number in group {
            let head = self.first.get(&number).map_or(number, |(first, _)| *first);
            if heads.iter().any(|(known, _)| *known == head) {
                continue;
            }
            let passage = passages.get(head)?;
            let alike = |(_, known): &&(u64, Passage)| likeness(known, &passage) >= SIMILAR;
            // Only a passage on its own joins: clusters that are there stay
            // apart, or chains would grow.
            let known = if head == number { heads.iter().find(alike) } else { None };
            match known {
                Some((first, known)) if !self.leads(number) => {
                    self.first.insert(*first, (*first, 1.0));
                    self.first.insert(number, (*first, likeness(known, &passage)));
                }
                _ if heads.len() < CROWD => heads.push((head, passage)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether passage `number` is the first of a cluster.
    fn leads(&self, number: u64) -> bool {
        self.first.contains_key(&number)
    }

    /// The clusters that reach over several documents.
    pub(super) fn finish(self, passages: &mut Passages) -> io::Result<Vec<Cluster>> {
        let mut groups: BTreeMap<u64, Vec<(u64, f32)>> = BTreeMap::new();
        for (number, (first, likeness)) in self.first {
            groups.entry(first).or_default().push((number, likeness));
        }
        let mut clusters: Vec<Cluster> = Vec::new();
        for group in groups.into_values() {
            let members: Vec<_> = group
                .iter()
                .map(|&(number, likeness)| Ok(Member::of(passages.get(number)?, likeness)))
                .collect::<io::Result<_>>()?;
            if members.iter().all(|member| member.document == members[0].document) {
                continue;
            }
            match clusters.last_mut() {
                Some(last) if last.runs_on_into(&members) => last.extend(members),
                _ => clusters.push(Cluster { id: hex(&members[0].fingerprints[0][..8]), members }),
            }
        }
        Ok(clusters)
    }
}

fn likeness(a: &Passage, b: &Passage) -> f32 {
    if a.fingerprint == b.fingerprint { 1.0 } else { similarity(&a.skeleton, &b.skeleton) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Member {
    fn of(passage: Passage, similarity: f32) -> Self {
        Self {
            document: passage.document,
            name: passage.name,
            passages: vec![Bytes { start: passage.source.start, end: passage.source.end }],
            similarity,
            damage: passage.damage,
            fingerprints: vec![passage.fingerprint],
            last: passage.number,
        }
    }
}

impl Cluster {
    /// Whether the passages `next` follow those of the cluster wherever they
    /// stand.
    fn runs_on_into(&self, next: &[Member]) -> bool {
        self.members.len() == next.len()
            && self.members.iter().zip(next).all(|(a, b)| a.document == b.document && a.last + 1 == b.last)
    }

    fn extend(&mut self, next: Vec<Member>) {
        for (member, more) in self.members.iter_mut().zip(next) {
            member.passages.extend(more.passages);
            member.fingerprints.extend(more.fingerprints);
            member.similarity = member.similarity.min(more.similarity);
            member.damage = member.damage.saturating_add(more.damage);
            member.last = more.last;
        }
    }

    /// The copy that stays.
    #[must_use]
    pub fn kept(&self, keep: Keep) -> &Member {
        let first = &self.members[0];
        match keep {
            Keep::First => first,
            Keep::Best => self.members.iter().min_by_key(|member| member.damage).unwrap_or(first),
        }
    }
}

impl Knowledge {
    /// Every document that holds a text of `clusters` may lose it, but the one
    /// whose copy is kept: what stands there twice `dedup` judges on its own.
    #[must_use]
    pub fn of_copies(clusters: &[Cluster], keep: Keep) -> Self {
        let mut copies: BTreeMap<Arc<str>, Copies> = BTreeMap::new();
        for cluster in clusters {
            let kept = cluster.kept(keep);
            for member in cluster.members.iter().filter(|member| member.name != kept.name) {
                let gone = copies.entry(Arc::clone(&member.name)).or_default();
                gone.extend(member.fingerprints.iter().map(|print| (*print, Arc::clone(&kept.name))));
            }
        }
        let copies = copies.into_iter().map(|(name, copies)| (name, Arc::new(copies))).collect();
        Self { copies, ..Self::default() }
    }

    /// The same, with the knowledge of `phrases` for every document.
    #[must_use]
    pub fn with_phrases(self, phrases: Arc<Phrases>) -> Self {
        Self { copies: self.copies, phrases, hash: OnceLock::new() }
    }

    /// What it says about the document called `name`.
    #[must_use]
    pub fn elsewhere(&self, name: &str) -> Elsewhere {
        Elsewhere::new(self.copies.get(name).cloned().unwrap_or_default(), Arc::clone(&self.phrases))
    }

    /// BLAKE3 of all that is known: the same knowledge, the same hash.
    #[must_use]
    pub fn hash(&self) -> &[u8] {
        self.hash.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.elsewhere("").hash());
            for (name, copies) in &self.copies {
                let name = blake3::hash(name.as_bytes());
                hasher.update(name.as_bytes()).update(&Elsewhere::new(copies.clone(), Arc::default()).hash());
            }
            *hasher.finalize().as_bytes()
        })
    }
}
