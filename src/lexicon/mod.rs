//! Words: which strings are words, how common they are, and how text falls
//! into them. Lookup only; no judgement about damage.
//!
//! The dictionary is that of jieba (about 350,000 words, Simplified with some
//! Traditional). Loading it takes about a tenth of a second and happens on
//! first use, so text that needs no dictionary never pays for it.

mod lists;

use std::sync::LazyLock;

use jieba_rs::Jieba;

pub use lists::{
    PARAGRAPH_OPENINGS, QUOTED_HEADS, QUOTING_VERBS, SINGLE_HEADS, SPEECH_VERBS, SURNAMES, TYING_WORDS,
    UNFINISHED_WORDS, WAITING_WORDS, WordList,
};

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

/// A word across a seam.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordAcross {
    /// The word.
    pub word: String,
    /// Whether one of its halves is a single character, so that the word was
    /// broken; otherwise both are words by themselves that make a compound.
    pub broken: bool,
}

/// The word that stands across the place where `left` meets `right`, if
/// reading them as one text puts one there and takes apart no word of either
/// side: `小微企` + `业，发放` gives `企业`. Only the nearest characters count,
/// and only text of the dictionary's own repertoire, which is Simplified.
#[must_use]
pub fn word_across(left: &str, right: &str) -> Option<WordAcross> {
    const REACH: usize = 6;
    let head_start = left.char_indices().rev().take(REACH).take_while(|(_, c)| is_han(*c)).last()?.0;
    let head = &left[head_start..];
    let tail: String = right.chars().take(REACH).take_while(|c| is_han(*c)).collect();
    let joined = format!("{head}{tail}");
    if !is_in_repertoire(&joined) {
        return None;
    }
    let seam = head.len();
    let word =
        segment(&joined).into_iter().find(|word| word.start < seam && seam < word.start + word.text.len())?;
    let end = word.start + word.text.len();
    let parts_left = segment(head).iter().any(|part| part.start == word.start);
    let parts_right = end == joined.len() || segment(&tail).iter().any(|part| part.start == end - seam);
    let (first, second) = word.text.split_at(seam - word.start);
    let single = |part: &str| part.chars().nth(1).is_none();
    (parts_left && parts_right)
        .then(|| WordAcross { word: word.text.to_owned(), broken: single(first) || single(second) })
}

/// Whether all of `text` is of the dictionary's own repertoire, which is
/// Simplified: of what else it holds it lacks too many words to go by.
#[must_use]
pub fn is_in_repertoire(text: &str) -> bool {
    text.chars().all(is_simplified)
}

/// Whether the Han characters of `text` are of the dictionary's own
/// repertoire, which is Simplified, but for one in twenty.
#[must_use]
pub fn is_mostly_in_repertoire(text: &str) -> bool {
    const STRANGE: usize = 20;
    let (mut all, mut strange) = (0, 0);
    for c in text.chars().filter(|c| is_han(*c)) {
        all += 1;
        strange += usize::from(!is_simplified(c));
    }
    strange * STRANGE <= all
}

/// Whether `c` is in GB 2312, the repertoire of Simplified text.
fn is_simplified(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && matches!(*bytes, [0xB0..=0xF7, 0xA1..=0xFE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_across_a_break() {
        let across = |left, right| word_across(left, right).map(|across| across.word);
        assert_eq!(across("走访沿街小微企", "业，发放").as_deref(), Some("企业"));
        assert_eq!(across("请来义务宣传", "员，逐户").as_deref(), Some("宣传员"));
        assert_eq!(across("水车缓缓转动", "验员逐项核对"), None);
        assert_eq!(across("", "业"), None);
        assert_eq!(across("努力扩大产品输出", "台前幕后的人们"), None, "takes 输出 apart");
        assert_eq!(across("多元發展", "台上"), None, "not the repertoire of the dictionary");
    }
}
