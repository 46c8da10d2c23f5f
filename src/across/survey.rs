//! Collects looks on disk, and puts together what belongs together.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clusters::{Cluster, Clusters, Passage};
use super::look::{Look, Seen};
use super::sketch::BANDS;
use super::sort::{Record, Sorter};
use crate::elsewhere::{PhraseCounts, Phrases, QUOTED_IN};
use crate::error::{Error, Result};
use crate::span::SourceSpan;

/// Entries that are sorted in memory before they go to disk: 8 MB of keys, a
/// little more of phrases.
const SEGMENT: usize = 1 << 19;

/// Collects what the documents of an archive bring, in the order of the
/// archive.
pub struct Survey {
    folder: PathBuf,
    documents: u64,
    passages: u64,
    texts: Spool,
    table: Spool,
    keys: Sorter<Key>,
    phrases: Sorter<Phrase>,
}

/// What the documents of an archive share.
#[derive(Debug)]
pub struct Findings {
    /// Passages that stand in several documents, in the order of their first.
    pub clusters: Vec<Cluster>,
    /// Phrases known to be quoted.
    pub phrases: Arc<Phrases>,
}

impl std::fmt::Debug for Survey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { folder, documents, passages, .. } = self;
        write!(f, "Survey of {documents} documents with {passages} passages in {}", folder.display())
    }
}

impl Survey {
    /// A survey that keeps its files in `folder`, which must exist and is its
    /// own.
    ///
    /// # Errors
    /// [`Error::Io`] if no file can be made there.
    pub fn new(folder: &Path) -> Result<Self> {
        let io = |source| Error::Io { path: folder.to_owned(), source };
        Ok(Self {
            folder: folder.to_owned(),
            documents: 0,
            passages: 0,
            texts: Spool::create(folder)?,
            table: Spool::create(folder)?,
            keys: Sorter::new(folder, SEGMENT).map_err(io)?,
            phrases: Sorter::new(folder, SEGMENT).map_err(io)?,
        })
    }

    /// Adds the look at the next document, which goes by `name`, and gives its
    /// number, from 0.
    ///
    /// # Errors
    /// [`Error::Io`] if the disk is full or fails.
    pub fn add(&mut self, name: &str, look: Look) -> Result<u64> {
        let number = self.documents;
        self.documents += 1;
        let folder = self.folder.clone();
        self.take(number, name, look).map_err(|source| Error::Io { path: folder, source })?;
        Ok(number)
    }

    fn take(&mut self, document: u64, name: &str, look: Look) -> io::Result<()> {
        let name =
            if look.passages.is_empty() { Place::default() } else { self.texts.push(name.as_bytes())? };
        for seen in look.passages {
            let passage = self.passages;
            self.passages += 1;
            let skeleton = self.texts.push(seen.skeleton.as_bytes())?;
            for (key, number) in keys_of(&seen).zip(std::iter::repeat(passage)) {
                self.keys.push(Key { key, passage: number })?;
            }
            self.table.push(&Row { document, name, skeleton, seen: &seen }.to_bytes())?;
        }
        for (phrases, marked) in [(look.marked, true), (look.between, false)] {
            for phrase in phrases {
                self.phrases.push(Phrase { phrase, marked })?;
            }
        }
        Ok(())
    }

    /// Puts together what belongs together.
    ///
    /// # Errors
    /// [`Error::Io`] if the disk is full or fails.
    pub fn finish(self) -> Result<Findings> {
        let folder = self.folder.clone();
        self.put_together().map_err(|source| Error::Io { path: folder, source })
    }

    fn put_together(self) -> io::Result<Findings> {
        let mut passages = Passages { texts: self.texts.into_file()?, table: self.table.into_file()? };
        let mut clusters = Clusters::default();
        let mut group: Vec<u64> = Vec::new();
        let mut last = None;
        for key in self.keys.sorted()? {
            let Key { key, passage } = key?;
            if last != Some(key) {
                clusters.join(&std::mem::take(&mut group), &mut passages)?;
                last = Some(key);
            }
            group.push(passage);
        }
        clusters.join(&group, &mut passages)?;
        Ok(Findings { clusters: clusters.finish(&mut passages)?, phrases: Arc::new(known(self.phrases)?) })
    }
}

/// The key of equal texts first, so that these are one before they are compared
/// with others.
fn keys_of(seen: &Seen) -> impl Iterator<Item = u64> + use<> {
    const NEAR: u64 = 1 << 63;
    let head = *seen.fingerprint.first_chunk().expect("a fingerprint has 16 bytes");
    let bands: [u64; BANDS] = seen.bands;
    std::iter::once(u64::from_le_bytes(head) & !NEAR).chain(bands.into_iter().map(|band| band | NEAR))
}

/// The phrases that stand in marks in more than one document.
fn known(phrases: Sorter<Phrase>) -> io::Result<Phrases> {
    let mut counts: Vec<(Box<str>, PhraseCounts)> = Vec::new();
    let is_known = |(_, counts): &(Box<str>, PhraseCounts)| counts.marked >= QUOTED_IN;
    for phrase in phrases.sorted()? {
        let Phrase { phrase, marked } = phrase?;
        if counts.last().is_none_or(|(last, _)| *last != phrase) {
            counts.pop_if(|last| !is_known(last));
            counts.push((phrase, PhraseCounts::default()));
        }
        let (_, counts) = counts.last_mut().expect("one was just put there");
        *(if marked { &mut counts.marked } else { &mut counts.between }) += 1;
    }
    counts.pop_if(|last| !is_known(last));
    Ok(Phrases::new(counts))
}

/// A file that is written once from front to back, then read anywhere. It has
/// no name, and goes with the survey.
#[derive(Debug)]
struct Spool {
    file: BufWriter<File>,
    len: u64,
}

/// Where something lies in a [`Spool`], in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u64,
    len: u32,
}

impl Spool {
    fn create(folder: &Path) -> Result<Self> {
        let file =
            tempfile::tempfile_in(folder).map_err(|source| Error::Io { path: folder.to_owned(), source })?;
        Ok(Self { file: BufWriter::new(file), len: 0 })
    }

    fn push(&mut self, bytes: &[u8]) -> io::Result<Place> {
        let len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let place = Place { start: self.len, len };
        self.file.write_all(bytes)?;
        self.len += u64::from(len);
        Ok(place)
    }

    fn into_file(self) -> io::Result<File> {
        Ok(self.file.into_inner()?)
    }
}

/// The passages of the archive, by their numbers.
#[derive(Debug)]
pub(super) struct Passages {
    texts: File,
    table: File,
}

impl Passages {
    /// Passage number `number`.
    pub(super) fn get(&mut self, number: u64) -> io::Result<Passage> {
        let mut row = [0; ROW];
        read_at(&mut self.table, number * ROW as u64, &mut row)?;
        let mut row = row.as_slice();
        let mut word = || {
            let (head, rest) = row.split_first_chunk::<8>().expect("a row has nine words");
            row = rest;
            u64::from_le_bytes(*head)
        };
        let (document, numbers, source) = (word(), word(), SourceSpan::new(word() as usize, word() as usize));
        let mut fingerprint = [0; 16];
        fingerprint[..8].copy_from_slice(&word().to_le_bytes());
        fingerprint[8..].copy_from_slice(&word().to_le_bytes());
        let starts = (word(), word());
        let lens = word();
        Ok(Passage {
            document,
            number: (numbers >> 32) as u32,
            damage: numbers as u32,
            source,
            fingerprint,
            skeleton: self.text(Place { start: starts.0, len: (lens >> 32) as u32 })?,
            name: self.text(Place { start: starts.1, len: lens as u32 })?.into(),
        })
    }

    fn text(&mut self, place: Place) -> io::Result<String> {
        let mut bytes = vec![0; place.len as usize];
        read_at(&mut self.texts, place.start, &mut bytes)?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }
}

fn read_at(file: &mut File, start: u64, into: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(into)
}

/// A passage as it lies in the table: nine words of 64 bits, little end first.
struct Row<'a> {
    document: u64,
    name: Place,
    skeleton: Place,
    seen: &'a Seen,
}

/// Bytes of a row.
const ROW: usize = 9 * 8;

impl Row<'_> {
    fn to_bytes(&self) -> [u8; ROW] {
        let two = |high: u32, low: u32| (u64::from(high) << 32) | u64::from(low);
        let half = |from: usize| {
            let bytes = self.seen.fingerprint[from..].first_chunk().expect("a fingerprint has 16 bytes");
            u64::from_le_bytes(*bytes)
        };
        let words = [
            self.document,
            two(self.seen.number, self.seen.damage),
            self.seen.source.start as u64,
            self.seen.source.end as u64,
            half(0),
            half(8),
            self.skeleton.start,
            self.name.start,
            two(self.skeleton.len, self.name.len),
        ];
        let mut bytes = [0; ROW];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

/// A passage under one of its keys.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    key: u64,
    passage: u64,
}

impl Record for Key {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(&self.key.to_le_bytes())?;
        writer.write_all(&self.passage.to_le_bytes())
    }

    fn read(reader: &mut dyn Read) -> io::Result<Self> {
        let (mut key, mut passage) = ([0; 8], [0; 8]);
        reader.read_exact(&mut key)?;
        reader.read_exact(&mut passage)?;
        Ok(Self { key: u64::from_le_bytes(key), passage: u64::from_le_bytes(passage) })
    }
}

/// A phrase of one document.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Phrase {
    phrase: Box<str>,
    marked: bool,
}

impl Record for Phrase {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let len = u8::try_from(self.phrase.len()).map_err(io::Error::other)?;
        writer.write_all(&[len, u8::from(self.marked)])?;
        writer.write_all(self.phrase.as_bytes())
    }

    fn read(reader: &mut dyn Read) -> io::Result<Self> {
        let mut head = [0; 2];
        reader.read_exact(&mut head)?;
        let mut bytes = vec![0; usize::from(head[0])];
        reader.read_exact(&mut bytes)?;
        let phrase = String::from_utf8(bytes).map_err(io::Error::other)?;
        Ok(Self { phrase: phrase.into(), marked: head[1] == 1 })
    }
}
