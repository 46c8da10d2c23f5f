//! Words that stand across the place where two texts meet.

use super::dictionary::{DICTIONARY, Slot};
use super::{is_in_repertoire, segment};
use crate::chars::is_han;

/// Characters of each side that are looked at.
const REACH: usize = 6;

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
/// and only text of the dictionary's own repertoire.
#[must_use]
pub fn word_across(left: &str, right: &str) -> Option<WordAcross> {
    Ending::of(left)?.word_across(right)
}

/// The end of a text, to be asked about many others that may follow it.
#[derive(Clone, Debug)]
pub struct Ending<'a> {
    /// The nearest characters.
    head: &'a str,
    /// The beginnings of words that they end with.
    begun: Vec<Slot>,
}

impl<'a> Ending<'a> {
    /// The end of `left`; `None` if no word can stand across it.
    #[must_use]
    pub fn of(left: &'a str) -> Option<Self> {
        let head_start = left.char_indices().rev().take(REACH).take_while(|(_, c)| is_han(*c)).last()?.0;
        let head = &left[head_start..];
        if !is_in_repertoire(head) {
            return None;
        }
        let mut codes = [0; REACH];
        codes.iter_mut().zip(head.chars()).for_each(|(code, c)| *code = DICTIONARY.code(c));
        let codes = &codes[..head.chars().count()];
        let starts = (0..codes.len()).map(|start| codes[start..].iter().copied());
        let begun: Vec<Slot> = starts.filter_map(|start| DICTIONARY.node(start)).collect();
        (!begun.is_empty()).then_some(Self { head, begun })
    }

    /// Whether `right` finishes a word that was begun, which most texts don't.
    #[must_use]
    fn may_have_word_across(&self, right: &str) -> bool {
        self.begun.iter().any(|begun| DICTIONARY.finishes(*begun, right))
    }

    /// As the function [`word_across`].
    #[must_use]
    pub fn word_across(&self, right: &str) -> Option<WordAcross> {
        // Segmenting is for the few that may.
        if !self.may_have_word_across(right) {
            return None;
        }
        let tail_len = right.chars().take(REACH).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
        let tail = &right[..tail_len];
        if !is_in_repertoire(tail) {
            return None;
        }
        let head = self.head;
        let joined = format!("{head}{tail}");
        let seam = head.len();
        let word = segment(&joined)
            .into_iter()
            .find(|word| word.start < seam && seam < word.start + word.text.len())?;
        let end = word.start + word.text.len();
        let parts_left = segment(head).iter().any(|part| part.start == word.start);
        let parts_right = end == joined.len() || segment(tail).iter().any(|part| part.start == end - seam);
        let (first, second) = word.text.split_at(seam - word.start);
        let single = |part: &str| part.chars().nth(1).is_none();
        (parts_left && parts_right)
            .then(|| WordAcross { word: word.text.to_owned(), broken: single(first) || single(second) })
    }
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
        assert_eq!(across("走訪沿街小微企", "業，發放").as_deref(), Some("企業"));
        assert_eq!(across("多元発展", "台上"), None, "not the repertoire of the dictionary");
    }
}
