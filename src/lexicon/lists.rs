//! The word lists under `rules/lexicon/`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::dictionary::DICTIONARY;

/// A set of words with the length of the longest.
#[derive(Debug)]
pub struct WordList {
    words: FxHashSet<String>,
    /// What they begin with, and what they end with: most text is told by that.
    firsts: Characters,
    lasts: Characters,
    /// In code points.
    longest: usize,
}

/// Verbs that report speech.
pub static SPEECH_VERBS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/speech-verbs.txt")));

/// What often follows a quoted phrase.
pub static QUOTED_HEADS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/quoted-heads.txt")));

/// What often stands right before a quoted phrase.
pub static QUOTING_VERBS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/quoting-verbs.txt")));

/// What often follows a single quoted character.
pub static SINGLE_HEADS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/single-heads.txt")));

/// Words that no quoted phrase begins with.
pub static TYING_WORDS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/tying-words.txt")));

/// Words that no quoted phrase ends with.
pub static WAITING_WORDS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/waiting-words.txt")));

/// What often opens a paragraph that goes on from none before.
pub static PARAGRAPH_OPENINGS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/paragraph-openings.txt")));

/// Words that no sentence of a newspaper ends with.
pub static UNFINISHED_WORDS: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_lines(include_str!("../../rules/lexicon/unfinished-words.txt")));

/// Common surnames of one character.
pub static SURNAMES: LazyLock<WordList> =
    LazyLock::new(|| WordList::of_characters(include_str!("../../rules/lexicon/surnames.txt")));

impl WordList {
    /// A word a line, which stands for each of its Traditional spellings too.
    fn of_lines(text: &str) -> Self {
        Self::new(entries(text).flat_map(spellings).collect())
    }

    /// As they stand: among names `于` is not `於`.
    fn of_characters(text: &str) -> Self {
        Self::new(entries(text).flat_map(str::chars).map(String::from).collect())
    }

    fn new(words: FxHashSet<String>) -> Self {
        let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        let firsts = words.iter().filter_map(|word| word.chars().next()).collect();
        let lasts = words.iter().filter_map(|word| word.chars().next_back()).collect();
        Self { words, firsts, lasts, longest }
    }

    /// Whether `word` is in the list.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether a word of the list may begin with `c`; if not, none does.
    #[must_use]
    #[inline]
    pub fn may_begin_with(&self, c: char) -> bool {
        self.firsts.may_hold(c)
    }

    /// Whether a word of the list may end with `c`; if not, none does.
    #[must_use]
    #[inline]
    pub fn may_end_with(&self, c: char) -> bool {
        self.lasts.may_hold(c)
    }

    /// The longest word of the list that `text` begins with.
    #[must_use]
    pub fn longest_prefix<'a>(&self, text: &'a str) -> Option<&'a str> {
        text.chars().next().filter(|c| self.may_begin_with(*c))?;
        let ends = text.char_indices().take(self.longest).map(|(at, c)| at + c.len_utf8());
        ends.map(|end| &text[..end]).filter(|word| self.has(word)).last()
    }

    /// The longest word of the list that `text` ends with.
    #[must_use]
    pub fn longest_suffix<'a>(&self, text: &'a str) -> Option<&'a str> {
        text.chars().next_back().filter(|c| self.may_end_with(*c))?;
        let starts = text.char_indices().rev().take(self.longest).map(|(at, _)| at);
        starts.map(|start| &text[start..]).filter(|word| self.has(word)).last()
    }
}

/// `word`, and it with Traditional characters in place of each of its own.
fn spellings(word: &str) -> Vec<String> {
    static TRADITIONAL: LazyLock<FxHashMap<char, Vec<char>>> = LazyLock::new(|| {
        let mut all: FxHashMap<char, Vec<char>> = FxHashMap::default();
        DICTIONARY.traditional().for_each(|(c, simplified)| all.entry(simplified).or_default().push(c));
        all
    });
    word.chars().fold(vec![String::new()], |heads, c| {
        let with = |c: char| heads.iter().map(move |head| format!("{head}{c}"));
        let traditional = TRADITIONAL.get(&c).into_iter().flatten().copied();
        std::iter::once(c).chain(traditional).flat_map(with).collect()
    })
}

/// Characters, a bit for each way their code points end: what may seem to be
/// among them is looked up, most is not.
#[derive(Debug)]
struct Characters([u64; Self::BITS / 64]);

impl Characters {
    const BITS: usize = 2048;

    #[inline]
    fn may_hold(&self, c: char) -> bool {
        let bit = u32::from(c) as usize % Self::BITS;
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

impl FromIterator<char> for Characters {
    fn from_iter<T: IntoIterator<Item = char>>(chars: T) -> Self {
        let mut bits = [0; Self::BITS / 64];
        for c in chars {
            let bit = u32::from(c) as usize % Self::BITS;
            bits[bit / 64] |= 1 << (bit % 64);
        }
        Self(bits)
    }
}

/// The lines that are no comment.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_in_traditional_spelling() {
        assert!(SPEECH_VERBS.has("强调") && SPEECH_VERBS.has("強調") && SPEECH_VERBS.has("説道"));
        assert_eq!(TYING_WORDS.longest_prefix("與會代表"), Some("與"));
        assert!(SPEECH_VERBS.may_end_with('調') && !SPEECH_VERBS.has("調強"));
        assert!(SURNAMES.has("于") && SURNAMES.has("陳") && !SURNAMES.has("於"));
    }
}
