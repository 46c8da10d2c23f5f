//! Words: which strings are words, how common they are, and how text falls
//! into them. Lookup only; no judgement about damage.
//!
//! The dictionary is that of jieba (about 350,000 words, Simplified with some
//! Traditional). Loading it takes about a tenth of a second and happens on
//! first use, so text that needs no dictionary never pays for it.

mod lists;

use std::sync::LazyLock;

use jieba_rs::Jieba;

pub use lists::{QUOTED_HEADS, QUOTING_VERBS, SPEECH_VERBS, SURNAMES, WordList};

use crate::chars::is_han;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// A word of a segmented text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Byte offset in the text.
    pub start: usize,
    /// The word.
    pub text: &'a str,
}

/// `text` cut into words, by the dictionary and the most probable path; words
/// the dictionary lacks are not guessed at.
#[must_use]
pub fn segment(text: &str) -> Vec<Word<'_>> {
    let mut start = 0;
    let word = |text| {
        let word = Word { start, text };
        start += text.len();
        word
    };
    JIEBA.cut(text, false).into_iter().map(|token| token.word).map(word).collect()
}

/// Whether `text` is a word of the dictionary.
#[must_use]
pub fn is_word(text: &str) -> bool {
    JIEBA.has_word(text)
}

/// How often `word` was counted in the text the dictionary was made from (about
/// 60 million words), or a little more if its parts are very common; 0 for
/// what the dictionary lacks.
#[must_use]
pub fn frequency(word: &str) -> usize {
    if is_word(word) { JIEBA.suggest_freq(word) } else { 0 }
}

/// Part of speech of a dictionary word in the ICTCLAS tag set (`n`, `v`, `a`,
/// `d`, …); `None` for what the dictionary lacks.
#[must_use]
pub fn tag(word: &str) -> Option<String> {
    is_word(word).then(|| JIEBA.tag(word, false).first().map(|tag| tag.tag.to_owned()))?
}

/// The word that stands across the place where `left` meets `right`, if
/// reading them as one text puts one there: `小微企` + `业，发放` gives `企业`.
/// Only the nearest characters count.
#[must_use]
pub fn word_across(left: &str, right: &str) -> Option<String> {
    const REACH: usize = 6;
    let head_start =
        left.char_indices().rev().take(REACH).take_while(|(_, c)| is_han(*c)).last().map(|(i, _)| i)?;
    let head = &left[head_start..];
    let tail: String = right.chars().take(REACH).take_while(|c| is_han(*c)).collect();
    let joined = format!("{head}{tail}");
    segment(&joined)
        .into_iter()
        .find(|word| word.start < head.len() && head.len() < word.start + word.text.len())
        .map(|word| word.text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_across_a_break() {
        assert_eq!(word_across("走访沿街小微企", "业，发放").as_deref(), Some("企业"));
        assert_eq!(word_across("请来义务宣传", "员，逐户").as_deref(), Some("宣传员"));
        assert_eq!(word_across("水车缓缓转动", "验员逐项核对").as_deref(), None);
        assert_eq!(word_across("", "业").as_deref(), None);
    }
}
