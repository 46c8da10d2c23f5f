//! What one quick look at the bytes of a text says about it, so that a stage
//! need not look where it can't find anything. Nothing here judges; a sign
//! that is missing means that what it stands for is nowhere in the text.
//!
//! | sign | without it, these have nothing to do |
//! |---|---|
//! | an ASCII character ([`Signs::ascii`]) | pattern rules whose needles hold it; `width/ascii-parentheses`, `width/mixed-parentheses`, `tokens/letter-spacing`, `tokens/form-feed` |
//! | an odd character ([`Signs::odd`]) | all of `normalise` |

use crate::chars::Ascii;

/// What a text holds.
#[derive(Clone, Debug)]
pub struct Signs {
    /// Its ASCII characters.
    pub ascii: Ascii,
    /// Whether it holds a character that is neither ASCII nor common in Chinese
    /// text: a control, an invisible one, a combining mark, a radical, a
    /// compatibility or private-use code point, a space other than U+0020 and
    /// U+3000, or one of most other scripts.
    pub odd: bool,
}

impl Signs {
    /// Looks at `text`.
    pub(super) fn of(text: &str) -> Self {
        let ascii = Ascii::of(text);
        let holds_control = (0..0x80).any(|byte| is_control(byte) && ascii.has(byte));
        Self { odd: holds_control || is_odd_beyond_ascii(text.as_bytes()), ascii }
    }
}

/// Whether `text` holds an [odd](Signs::odd) character.
pub(super) fn is_odd(text: &str) -> bool {
    text.bytes().any(is_control) || is_odd_beyond_ascii(text.as_bytes())
}

fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0E..=0x1F | 0x7F)
}

fn is_odd_beyond_ascii(text: &[u8]) -> bool {
    const CHUNK: usize = 1024;
    // Few characters of a text begin with these.
    let mut rare = memchr::memchr2_iter(0xC2, 0xE2, text);
    let mut chunks = (0..text.len()).step_by(CHUNK).map(|start| (start, text.len().min(start + CHUNK)));
    rare.any(|at| begins_odd(&text[at..]))
        || chunks.any(|(start, end)| {
            let whole = &text[start..text.len().min(end + 1)];
            may_be_odd(whole) && (start..end).any(|at| begins_odd(&text[at..]))
        })
}

/// Whether an odd character may begin in `text`, those aside that begin with the
/// bytes C2 and E2: some that are not odd, and not common either, look so. Looks
/// at every place without a branch, so that the compiler makes vectors of it.
fn may_be_odd(text: &[u8]) -> bool {
    let pairs = text.iter().zip(text.get(1..).unwrap_or(&[]));
    let odd = pairs.fold(0, |odd, (a, b)| odd | u8::from(may_begin_odd(*a, *b)));
    // As the last of a text the first of two bytes is C2, or odd by itself.
    odd != 0 || text.last().is_some_and(|last| may_begin_odd(*last, 0))
}

/// Whether the bytes `a` and `b` may begin an odd character.
fn may_begin_odd(a: u8, b: u8) -> bool {
    // E2 to E9, compared as signed numbers, which takes one step.
    let is_cjk = a.wrapping_sub(0xE2 - 0x80).cast_signed() < -0x80 + 8;
    let is_common = is_cjk | (a == 0xEF) | (a == 0xC2);
    ((a >= 0xC0) & !is_common) | ((a == 0xE3) & (b == 0x82)) | ((a == 0xEF) & (b & 0xFE != 0xBC))
}

/// Whether `byte`, which is not ASCII, alone tells of an odd character: what
/// characters begin with that are neither Chinese nor punctuation.
fn is_odd_lead(byte: u8) -> bool {
    matches!(byte, 0xC3..=0xE1 | 0xEA..=0xEE | 0xF0..=0xFF)
}

/// Whether `last` is the last byte of an odd character from U+2000 to U+203F:
/// spaces, line ends and what has no width.
fn is_odd_mark(last: u8) -> bool {
    (last <= 0x8F) | (last & 0xF8 == 0xA8)
}

/// Whether an odd character that is not ASCII begins `text`.
fn begins_odd(text: &[u8]) -> bool {
    match *text {
        [lead, ..] if is_odd_lead(lead) => true,
        // U+0080 to U+00A0, and the soft hyphen.
        [0xC2, second, ..] => second <= 0xA0 || second == 0xAD,
        // Spaces of U+2000 and on, invisible characters, U+2040 and on, radicals.
        [0xE2, 0x80, last, ..] => is_odd_mark(last),
        [0xE2, second, ..] => second == 0x81 || second >= 0xBA,
        // Voice marks of kana that combine.
        [0xE3, 0x82, last, ..] => matches!(last, 0x99 | 0x9A),
        // Private use, compatibility ideographs, the byte order mark, U+FFFD.
        [0xEF, second, last, ..] => second <= 0xAB || matches!((second, last), (0xBB, 0xBF) | (0xBF, 0xBD)),
        _ => false,
    }
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
