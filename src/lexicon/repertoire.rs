//! The repertoire of Simplified text, which is that of the dictionary, and of
//! what is read as such.

use std::sync::LazyLock;

use super::simplified;
use crate::chars::is_han;

/// Whether all of `text` is of the dictionary's own repertoire, Simplified
/// characters and Traditional ones that are read as such: of what else there is
/// it lacks too many words to go by.
#[must_use]
pub fn is_in_repertoire(text: &str) -> bool {
    text.chars().all(|c| is_simplified(c) || is_simplified(simplified(c)))
}

/// Whether the Han characters of `text` are those of Simplified text, but for one
/// in twenty.
#[must_use]
pub fn is_mostly_simplified(text: &str) -> bool {
    const STRANGE: usize = 20;
    let (mut all, mut strange) = (0, 0);
    for c in text.chars().filter(|c| is_han(*c)) {
        all += 1;
        strange += usize::from(!is_simplified(c));
    }
    strange * STRANGE <= all
}

/// The characters of GB 2312, the repertoire of Simplified text, by code point
/// from U+4E00 on, a bit each.
static SIMPLIFIED: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let rows = (0xB0..=0xF7).flat_map(|row| (0xA1..=0xFE).flat_map(move |cell| [row, cell]));
    let bytes: Vec<u8> = rows.collect();
    let mut bits = vec![0; FIRST_TO_LAST.div_ceil(64)];
    for c in encoding_rs::GBK.decode_without_bom_handling(&bytes).0.chars() {
        // What the standard left unassigned came to lie elsewhere.
        if let Some(index) = index_of(c) {
            bits[index / 64] |= 1 << (index % 64);
        }
    }
    bits
});

/// How many code points the block of Han characters has.
const FIRST_TO_LAST: usize = 0x9FFF - 0x4E00 + 1;

fn index_of(c: char) -> Option<usize> {
    let index = u32::from(c).checked_sub(0x4E00)? as usize;
    (index < FIRST_TO_LAST).then_some(index)
}

pub(crate) fn is_simplified(c: char) -> bool {
    index_of(c).is_some_and(|index| SIMPLIFIED[index / 64] >> (index % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_the_standard_has() {
        let two_bytes = |c: char| {
            let mut buffer = [0; 4];
            let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
            !unmappable && matches!(*bytes, [0xB0..=0xF7, 0xA1..=0xFE])
        };
        for c in ('\u{3000}'..='\u{9FFF}').chain('\u{F900}'..='\u{FFEF}') {
            assert_eq!(is_simplified(c), two_bytes(c), "{c}");
        }
    }
}
