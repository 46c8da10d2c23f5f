//! Words: which strings are words, how common they are, and how text falls
//! into them. Lookup only; no judgement about damage.
//!
//! The dictionary is that of jieba (about 350,000 words, Simplified), made into
//! `models/lexicon.bin` by `train lexicon`. It is read where it lies in the
//! program; the first use costs about a millisecond. Traditional text has the same
//! words: each of its characters is read as a Simplified one (`說` as `说`).

mod across;
mod dictionary;
mod lists;
mod repertoire;
mod segment;

pub use across::{Ending, WordAcross, word_across};
#[cfg(feature = "train")]
pub(crate) use dictionary::{HAN, MAGIC, Slot};
pub use lists::{
    PARAGRAPH_OPENINGS, QUOTED_HEADS, QUOTING_VERBS, SINGLE_HEADS, SPEECH_VERBS, SURNAMES, TYING_WORDS,
    UNFINISHED_WORDS, WAITING_WORDS, WordList,
};
#[cfg(feature = "train")]
pub(crate) use repertoire::is_simplified;
pub use repertoire::{is_in_repertoire, is_mostly_simplified};
pub use segment::{Word, segment};

use crate::chars::is_han;
use dictionary::DICTIONARY;

/// The Simplified character that `c`, if it is a Traditional one, is read as;
/// otherwise `c`. What Simplified text has too (`乾`, `著`) stays as it is, but for
/// `於`, which it has in names alone.
#[must_use]
#[inline]
pub fn simplified(c: char) -> char {
    DICTIONARY.simplified(c)
}

/// Whether `text` is a word of the dictionary.
#[must_use]
pub fn is_word(text: &str) -> bool {
    DICTIONARY.get(text).is_some()
}

/// A character as the dictionary numbers it; [`Code::default`] is one that no
/// word has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Code(u16);

/// The code of `c`.
#[must_use]
pub fn code(c: char) -> Code {
    Code(DICTIONARY.code(c))
}

/// Which beginnings of `codes` are words of the dictionary: bit n is set if the
/// first n characters are one. Looks no further than words go on.
#[must_use]
pub fn words_at(codes: &[Code]) -> u64 {
    words_of(codes.iter().copied())
}

/// The same of codes that are asked for one by one, no further than words go on.
#[must_use]
pub fn words_of(codes: impl Iterator<Item = Code>) -> u64 {
    let prefixes = DICTIONARY.prefixes(codes.map(|code| code.0));
    prefixes.fold(0, |lengths, (len, _)| lengths | 1_u64.checked_shl(len as u32).unwrap_or(0))
}

/// How often `word` was counted in the text the dictionary was made from (about
/// 60 million words), or a little more if its parts are very common; 0 for
/// what the dictionary lacks.
#[must_use]
pub fn frequency(word: &str) -> usize {
    let Some(entry) = DICTIONARY.get(word) else { return 0 };
    let total = DICTIONARY.log_total;
    let by_parts = segment(word).iter().fold(0.0, |sum, part| {
        sum + DICTIONARY.get(part.text).map_or(0.0, |part| DICTIONARY.logarithm(part)) - total
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, rounded down")]
    let by_parts = (by_parts + total).exp() as usize + 1;
    by_parts.max(DICTIONARY.frequency(entry) as usize)
}

/// Part of speech of a dictionary word in the ICTCLAS tag set (`n`, `v`, `a`,
/// `d`, …), of its first part where two words are commoner than the one; `None`
/// for what the dictionary lacks.
#[must_use]
pub fn tag(word: &str) -> Option<&'static str> {
    DICTIONARY.get(word).map(|entry| DICTIONARY.tag(entry))
}

/// Whether `name` can be the name of a person and is no other word: a surname, and one
/// or two characters behind it.
#[must_use]
pub fn looks_like_name(name: &str) -> bool {
    (2..=3).contains(&name.chars().count())
        && name.chars().all(is_han)
        && SURNAMES.longest_prefix(name).is_some()
        && tag(name).is_none_or(|tag| tag == "nr")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything asked of the dictionary, against the library it is made from.
    #[test]
    fn answers_as_jieba_does() {
        let jieba = jieba_rs::Jieba::new();
        let texts = [
            include_str!("../../tests/documents/damaged/doubled-characters.txt"),
            "全县新增企业12家，GDP增长3.5%；A4纸、4S店和T恤衫都有卖\r\n“嗷嗷”叫，㐀𠀀丂亍。",
        ];
        for line in texts.iter().flat_map(|text| text.split_inclusive('\n')) {
            let words: Vec<&str> = segment(line).iter().map(|word| word.text).collect();
            let expected: Vec<&str> = jieba.cut(line, false).iter().map(|token| token.word).collect();
            assert_eq!(words, expected);
            let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
            for (start, end) in starts
                .iter()
                .enumerate()
                .flat_map(|(index, start)| starts[index + 1..].iter().take(4).map(move |end| (*start, *end)))
            {
                let part = &line[start..end];
                assert_eq!(is_word(part), jieba.has_word(part), "{part}");
                if is_word(part) {
                    assert_eq!(frequency(part), jieba.suggest_freq(part), "{part}");
                    assert_eq!(tag(part), Some(jieba.tag(part, false)[0].tag), "{part}");
                }
            }
        }
    }
}
