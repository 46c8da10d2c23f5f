//! Whether a doubled character can only be an error: with one of the two there
//! is a word, which both together break, and they can't be read as the end of
//! one word and the start of the next (`资源部部长`).
//!
//! The figures were set on 12.7 million characters of undamaged news; in these and 8 million
//! of other news, articles of web sites and essays, what is sure here stands four times, two of
//! them slips.

use std::ops::Range;

use super::doubled_character::{prefixes, suffixes};
use super::nearby::Nearby;
use crate::chars::is_han;
use crate::lexicon::{self, Word};

/// Code points on each side that count.
const REACH: usize = 6;

/// Frequency from which a character often stands alone as a word, so that its
/// double may be two words (`委员会会`).
const STANDS_ALONE: usize = 3_000;

/// Frequency from which a word that goes on before the character is known.
const KNOWN: usize = 10;

/// Frequency from which a word that begins with the character is a common one.
/// What stands before may end with the same character (`出舱舱门`), so it also
/// has to be commoner than the character alone.
const COMMON: usize = 100;

/// Frequency from which the second of the two may begin an abbreviation that
/// the dictionary lacks (`救灾灾后`), where the first ends a word.
const BEGINS: usize = 1_000;

/// A word that a doubled character breaks.
#[derive(Debug)]
pub(super) struct Broken {
    /// The word.
    pub word: String,
    /// Whether the character begins it.
    pub at_start: bool,
    /// Whether the first of the two ends the word and the second may begin what
    /// follows.
    pub may_go_on: bool,
    /// Whether nothing else is needed to repair it.
    pub is_sure: bool,
}

/// The word that the double at `place` of `line` breaks, if it can be nothing
/// but an error.
pub(super) fn broken_word(line: &str, place: &Range<usize>) -> Option<Broken> {
    let c = line[place.start..].chars().next()?;
    let before = han_before(&line[..place.start]);
    let after = han_after(&line[place.end..]);
    if may_be_meant(c, before, after) {
        return None;
    }
    let c = c.to_string();
    let single = format!("{before}{c}{after}");
    if !lexicon::is_in_repertoire(&single) {
        return None;
    }
    let at = before.len();
    let words = lexicon::segment(&single);
    let place = words.iter().position(|word| at < word.start + word.text.len())?;
    let word = &words[place];
    let at_start = word.start == at;
    let ends_word = word.start + word.text.len() == at + c.len() && !after.is_empty();
    let frequency = lexicon::frequency(word.text);
    let needed = if at_start { COMMON.max(lexicon::frequency(&c)) } else { KNOWN };
    let may_go_on =
        ends_word && (lexicon::frequency(&c) >= BEGINS || words.get(place + 1).is_some_and(may_begin));
    let may_end = at_start && words[..place].last().is_some_and(|before| may_end(before, word));
    let is_sure = frequency >= needed && !may_go_on && !may_end;
    let is_compound = word.text.chars().nth(1).is_some();
    // 嘟噜噜: a sound may be drawn out.
    let is_sound = lexicon::tag(word.text).is_some_and(|tag| tag.starts_with(['o', 'e', 'y']));
    (is_compound && !is_sound).then(|| Broken { word: word.text.to_owned(), at_start, may_go_on, is_sure })
}

/// Whether the second of the two and `after`, which stands behind it, may be a word that the
/// dictionary lacks: `报警警情`.
fn may_begin(after: &Word<'_>) -> bool {
    is_single(after) && may_be_part(after)
}

/// Whether `c` may end a compound of which `before` is a part that the dictionary lacks, and
/// begin `word`: `欧冠冠军`, `民二庭庭长`.
fn may_end(before: &Word<'_>, word: &Word<'_>) -> bool {
    // 行政庭庭长: a body and its head.
    let is_head = || word.text.ends_with(['长', '長']) && word.text.chars().count() == 2;
    let is_attribute = || lexicon::tag(before.text).is_some_and(|tag| tag.starts_with(ATTRIBUTES));
    (is_single(before) && is_attribute()) || (is_head() && may_be_part(before))
}

/// Parts of speech before a noun: nouns, abbreviations, numbers, adjectives.
const ATTRIBUTES: [char; 6] = ['n', 'j', 'm', 'b', 'z', 'a'];

/// Parts of speech that no compound holds: particles, prepositions, conjunctions, adverbs,
/// pronouns and sounds.
const APART: [char; 8] = ['u', 'p', 'c', 'd', 'r', 'y', 'e', 'o'];

fn may_be_part(word: &Word<'_>) -> bool {
    lexicon::tag(word.text).is_none_or(|tag| !tag.starts_with(APART))
}

fn is_single(word: &Word<'_>) -> bool {
    word.text.chars().nth(1).is_none()
}

/// Whether a word may hold the double, or two words meet there, or doubled
/// characters stand beside it (`高高兴兴`).
fn may_be_meant(c: char, before: &str, after: &str) -> bool {
    const NEAR: usize = 3; // code points
    let is_paired = |text: Option<&str>| {
        text.is_some_and(|text| text.chars().zip(text.chars().skip(1)).any(|(a, b)| a == b))
    };
    // 一台台, 一步步: a measure word doubled.
    if before.ends_with('一')
        || is_paired(suffixes(before).take(NEAR).last())
        || is_paired(prefixes(after).take(NEAR).last())
    {
        return true;
    }
    let nearby = Nearby::of(before, c, after);
    if nearby.are_pair() || nearby.hold_both(NEAR) {
        return true;
    }
    let (ends, begins) = (nearby.end_with_first(), nearby.begin_with_second());
    (ends && begins) || lexicon::frequency(c.encode_utf8(&mut [0; 4])) >= STANDS_ALONE
}

fn han_before(text: &str) -> &str {
    let start = text.char_indices().rev().take(REACH).take_while(|(_, c)| is_han(*c)).last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}

fn han_after(text: &str) -> &str {
    let end = text.char_indices().take(REACH).take_while(|(_, c)| is_han(*c)).last();
    &text[..end.map_or(0, |(at, c)| at + c.len_utf8())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(line: &str, c: char) -> Option<bool> {
        let pair = format!("{c}{c}");
        let start = line.find(&pair).expect("it is doubled");
        broken_word(line, &(start..start + pair.len())).map(|broken| broken.is_sure)
    }

    #[test]
    fn words_are_broken_or_meet() {
        assert_eq!(sure("三座水库同时时蓄水", '时'), None, "it often stands alone");
        assert_eq!(sure("新建的粮仓继继续启用", '继'), Some(true));
        assert_eq!(sure("村里的农农村书屋", '农'), Some(true));
        assert_eq!(sure("水利部部长到会", '部'), None);
        assert_eq!(sure("掌柜们也握握手", '握'), Some(false));
        assert_eq!(sure("推开冷藏舱舱门", '舱'), Some(false));
        assert_eq!(sure("孩子们常常来玩", '常'), None);
        assert_eq!(sure("老队员拿过三次欧冠冠军", '冠'), Some(false), "an abbreviation");
        assert_eq!(sure("镇上的报警警情少了一半", '警'), Some(false), "another");
        assert_eq!(sure("立案庭庭长在门口等着", '庭'), Some(false), "a body and its head");
    }
}
