//! Passages that share a text: their skeleton, its head or its tail.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

/// Texts, each with its number, so sorted that equal ones stand side by side.
#[derive(Debug)]
pub(super) struct Alike<'a> {
    /// Sorted by hash, which is far quicker to compare than the text.
    sorted: Vec<(u64, &'a str, usize)>,
}

impl<'a> Alike<'a> {
    /// Sorts `texts`, numbered from 0.
    pub(super) fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut sorted: Vec<_> =
            texts.enumerate().map(|(number, text)| (hash_of(text), text, number)).collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The numbers of equal texts, two or more at a time, in no order of groups.
    pub(super) fn groups(&self) -> impl Iterator<Item = Vec<usize>> {
        let groups = self.sorted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|group| group.len() > 1);
        groups.map(|group| group.iter().map(|(.., number)| *number).collect())
    }

    /// The numbers of the texts that are `text`, in order.
    pub(super) fn of_text(&self, text: &str) -> impl ExactSizeIterator<Item = usize> + Clone {
        let key = (hash_of(text), text);
        let from = self.sorted.partition_point(|(hash, text, _)| (*hash, *text) < key);
        let count = self.sorted[from..].iter().take_while(|(hash, text, _)| (*hash, *text) == key).count();
        self.sorted[from..from + count].iter().map(|(.., number)| *number)
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}
