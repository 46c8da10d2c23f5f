//! What one quick look at the bytes of a text says about it, so that a stage
//! need not look where it can't find anything. Nothing here judges; a sign
//! that is missing means that what it stands for is nowhere in the text.
//!
//! | sign | without it, these have nothing to do |
//! |---|---|
//! | a byte ([`Signs::bytes`]) | pattern rules whose needles hold it; `width/ascii-parentheses`, `width/mixed-parentheses`, `tokens/letter-spacing`, `tokens/form-feed` |
//! | an odd character ([`Signs::odd`]) | all of `normalise` |

use crate::chars::BytePairs;

/// What a text holds.
#[derive(Clone, Debug)]
pub struct Signs {
    /// Its bytes.
    pub bytes: BytePairs,
    /// Whether it holds a character that is neither ASCII nor common in Chinese
    /// text: a control, an invisible one, a combining mark, a radical, a
    /// compatibility or private-use code point, a space other than U+0020 and
    /// U+3000, or one of most other scripts.
    pub odd: bool,
}

impl Signs {
    /// Looks at `text`.
    pub(super) fn of(text: &str) -> Self {
        let bytes = BytePairs::of(text);
        let odd = (0..=u8::MAX).any(|byte| is_odd_lead(byte) && bytes.has(byte))
            || (pairs_may_be_odd(&bytes) && holds_odd_character(text.as_bytes()))
            || (bytes.has_pair(0xE2, 0x80) && holds_odd_punctuation(text.as_bytes()));
        Self { odd, bytes }
    }
}

/// Whether `text` holds an [odd](Signs::odd) character.
pub(super) fn is_odd(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().fold(false, |odd, byte| odd | is_odd_lead(*byte)) || holds_odd_character(bytes)
}

/// Whether `byte` alone tells of an odd character: controls, and what characters
/// begin with that are neither Chinese nor punctuation.
fn is_odd_lead(byte: u8) -> bool {
    let between = |first: u8, last: u8| (byte >= first) & (byte <= last);
    let is_control = (byte <= 0x08) | between(0x0E, 0x1F) | (byte == 0x7F);
    is_control | between(0xC3, 0xE1) | between(0xEA, 0xEE) | (byte >= 0xF0)
}

/// Whether the first two bytes of an odd character stand side by side, but for
/// U+2000 to U+203F: most of these are common.
fn pairs_may_be_odd(bytes: &BytePairs) -> bool {
    let odd = [(0xC2, 0x80..=0xAD), (0xE2, 0x81..=0x81), (0xE2, 0xBA..=0xBF), (0xE3, 0x82..=0x82)];
    let last = [(0xEF, 0x80..=0xAB), (0xEF, 0xBB..=0xBB), (0xEF, 0xBF..=0xBF)];
    odd.into_iter()
        .chain(last)
        .any(|(lead, seconds)| seconds.into_iter().any(|second| bytes.has_pair(lead, second)))
}

/// Whether `text` holds an odd character from U+2000 to U+203F. Looks at every
/// place without a branch, so that the compiler makes vectors of it.
fn holds_odd_punctuation(text: &[u8]) -> bool {
    let (second, third) = (text.get(1..).unwrap_or(&[]), text.get(2..).unwrap_or(&[]));
    let places = text.iter().zip(second).zip(third);
    places.fold(0, |odd, ((a, b), c)| odd | u8::from((*a == 0xE2) & (*b == 0x80) & is_odd_mark(*c))) != 0
}

/// Whether `last` is the last byte of an odd character from U+2000 to U+203F:
/// spaces, line ends and what has no width.
fn is_odd_mark(last: u8) -> bool {
    (last <= 0x8F) | (last & 0xF8 == 0xA8)
}

/// Whether one of the characters of `text` that share their first byte with
/// common ones is odd. Looks at every place without a branch, so that the
/// compiler makes vectors of it.
fn holds_odd_character(text: &[u8]) -> bool {
    const CHUNK: usize = 4096;
    let mut at = 0;
    while at < text.len() {
        let end = text.len().min(at + CHUNK);
        let (second, third) = (text.get(at + 1..).unwrap_or(&[]), text.get(at + 2..).unwrap_or(&[]));
        let whole = text[at..end].iter().zip(second).zip(third);
        let odd = whole.fold(0, |odd, ((a, b), c)| odd | u8::from(begins_odd(*a, *b, *c)));
        if odd != 0 {
            return true;
        }
        at = end;
    }
    // The last character may be one of two bytes.
    matches!(text, [.., a, b] if begins_odd(*a, *b, 0))
}

/// Whether an odd character begins with the bytes `a`, `b` and `c`.
fn begins_odd(a: u8, b: u8, c: u8) -> bool {
    let between = |byte: u8, first: u8, last: u8| (byte >= first) & (byte <= last);
    // U+0080 to U+00A0, and the soft hyphen.
    let latin = (a == 0xC2) & ((b <= 0xA0) | (b == 0xAD));
    // Spaces of U+2000 and on, invisible characters, U+2040 and on, radicals.
    let general = (a == 0xE2) & (((b == 0x80) & is_odd_mark(c)) | (b == 0x81) | (b >= 0xBA));
    // Voice marks of kana that combine.
    let voiced = (a == 0xE3) & (b == 0x82) & between(c, 0x99, 0x9A);
    // Private use, compatibility ideographs, the byte order mark, U+FFFD.
    let last = (a == 0xEF) & ((b <= 0xAB) | ((b == 0xBB) & (c == 0xBF)) | ((b == 0xBF) & (c == 0xBD)));
    latin | general | voiced | last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_odd() {
        let text = "　　本报讯（记者 林有禾）“十四五”以来，A级景区达12家，增长3.5%……《青禾日报》·①";
        assert!(!Signs::of(text).odd && !is_odd(text));
        assert!(!Signs::of("").odd);
    }

    #[test]
    fn odd_characters_are_seen_wherever_they_stand() {
        let odd = "\u{1}\u{7F}\u{85}\u{A0}\u{AD}é\u{301}\u{2003}\u{200B}\u{200E}\u{202C}\u{2028}\u{2060}\u{2E9F}\u{2F00}\u{3099}\u{E000}\u{F8FF}\u{F900}\u{FA0E}\u{FEFF}\u{FFFD}\u{2F800}\u{F0000}";
        for c in odd.chars() {
            for text in
                [format!("{c}"), format!("甲{c}"), format!("{c}甲"), format!("{}{c}乙", "甲".repeat(2000))]
            {
                assert!(Signs::of(&text).odd, "U+{:04X}", u32::from(c));
                assert!(is_odd(&text), "U+{:04X}", u32::from(c));
            }
        }
    }
}
