//! What is counted of a passage by vectors: enough to tell it from most others.

use super::passage::MIN_COLUMNS;

/// Bits of the last byte of a character that are counted.
const BITS: usize = 3;

/// Numbers of characters of a passage.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Code points, or a few more.
    pub(super) length: usize,
    /// Characters from U+4E00 to U+9FFF.
    pub(super) han: usize,
    /// Of these, those with each of the last bits set.
    pub(super) bits: [usize; BITS],
}

impl Tally {
    /// That of `text`.
    pub(super) fn of(text: &str) -> Self {
        /// Places that a byte can count, in whole vectors.
        const PART: usize = 240;
        let text = text.as_bytes();
        // No character of three bytes begins later.
        let last = text.len().saturating_sub(2);
        let mut tally = Self { length: text.len() - last, ..Self::default() };
        for start in (0..last).step_by(PART) {
            let end = last.min(start + PART);
            tally.add(&text[start..end], &text[start + 1..=end], &text[start + 2..end + 2]);
        }
        tally
    }

    /// Adds what begins at the bytes `first`, with those behind them. Looks at each
    /// place without a branch, so that the compiler makes vectors of it.
    fn add(&mut self, first: &[u8], second: &[u8], third: &[u8]) {
        let (mut length, mut han, mut bits) = (0u8, 0u8, [0u8; BITS]);
        for ((a, b), c) in first.iter().zip(second).zip(third) {
            // Compared as signed numbers, which takes one step.
            let is_block = a.wrapping_sub(0xE5 - 0x80).cast_signed() < -0x80 + 5;
            let is_start = (*a == 0xE4) & (b.cast_signed() >= 0xB8_u8.cast_signed());
            let is_han = u8::from(is_block | is_start);
            han += is_han;
            length += u8::from(a.cast_signed() >= -0x40);
            for (bit, count) in bits.iter_mut().enumerate() {
                *count += is_han & c >> bit;
            }
        }
        self.length += usize::from(length);
        self.han += usize::from(han);
        for (sum, count) in self.bits.iter_mut().zip(bits) {
            *sum += usize::from(count);
        }
    }

    /// Whether letters are the most part of the text, and enough for a passage,
    /// whatever its other characters are: at least half of all are Han.
    pub(super) fn is_plainly_letters(&self) -> bool {
        2 * self.han >= MIN_COLUMNS && self.length <= 2 * self.han
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_characters() {
        for text in ["", "a", "青", "a青", "青a", "é", "青禾〇a１é，“x” 丘\u{FFFD}一", "青禾县的渠\u{20000}"]
        {
            for text in [text.to_owned(), text.repeat(40), text.repeat(101)] {
                let tally = Tally::of(&text);
                let han = || text.chars().filter(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
                assert_eq!(tally.han, han().count(), "{text}");
                let with = |bit: usize| han().filter(|c| u32::from(*c) >> bit & 1 == 1).count();
                assert_eq!(tally.bits, std::array::from_fn(with), "{text}");
                let length = text.chars().count();
                assert!((length..length + 3).contains(&tally.length), "{text}");
            }
        }
    }
}
