//! The encoder as it is stored and shipped: one byte a number.

use super::Encoder;
use crate::model::{TableError, from_steps, stored_len};

/// What the file begins with: what all files of weights do, and a layout of its own.
const MAGIC: &[u8; 9] = b"textmend\x02";

impl Encoder {
    /// Reads an encoder from its file, all numbers little-endian: the magic, how many
    /// bytes the characters are (u16); the characters, UTF-8; each list of numbers in
    /// [steps](from_steps).
    ///
    /// # Errors
    /// If the bytes aren't what [`to_bytes`](Self::to_bytes) makes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        let found = bytes.len();
        let parts = |bytes: &'_ [u8]| {
            let (length, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
            let (characters, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
            let characters: Vec<char> = str::from_utf8(characters).ok()?.chars().collect();
            characters.is_sorted().then_some((characters, found - rest.len()))
        };
        let (characters, start) = parts(bytes).ok_or(TableError::Unknown)?;
        let mut encoder = Self::zeros(characters);
        let lists = encoder.numbers_mut();
        let expected = start + lists.iter().map(|numbers| stored_len(numbers.len())).sum::<usize>();
        if found != expected {
            return Err(TableError::Length { found, expected });
        }
        let mut rest = &bytes[start..];
        for numbers in lists {
            rest = from_steps(numbers, rest).expect("it was counted");
        }
        Ok(encoder)
    }
}

#[cfg(feature = "train")]
impl Encoder {
    /// Its file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let characters: String = self.characters.iter().collect();
        let length = u16::try_from(characters.len()).expect("fewer than 20,000 characters");
        let mut bytes = [MAGIC.as_slice(), &length.to_le_bytes(), characters.as_bytes()].concat();
        for numbers in self.clone().numbers_mut() {
            bytes.extend(crate::model::to_steps(numbers));
        }
        bytes
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn an_encoder_comes_back_to_the_nearest_step() {
        let mut encoder = Encoder::zeros(
            "，水渠镇".chars().collect::<std::collections::BTreeSet<_>>().into_iter().collect(),
        );
        for (list, numbers) in encoder.numbers_mut().into_iter().enumerate() {
            numbers.iter_mut().enumerate().for_each(|(at, number)| *number = ((at + list) % 11) as f32 - 5.0);
        }
        let mut back = Encoder::from_bytes(&encoder.to_bytes()).expect("what was just written");
        assert_eq!(back.row('水'), encoder.row('水'));
        for (stored, numbers) in back.numbers_mut().into_iter().zip(encoder.numbers_mut()) {
            assert!(stored.iter().zip(numbers).all(|(stored, number)| (stored - *number).abs() < 0.02));
        }
    }

    #[test]
    fn what_is_no_encoder_is_refused() {
        let bytes = Encoder::zeros(vec!['水']).to_bytes();
        assert_eq!(Encoder::from_bytes(b"").unwrap_err(), TableError::Unknown);
        assert_eq!(Encoder::from_bytes(&bytes[1..]).unwrap_err(), TableError::Unknown);
        let short = Encoder::from_bytes(&bytes[..bytes.len() - 1]).unwrap_err();
        assert_eq!(short, TableError::Length { found: bytes.len() - 1, expected: bytes.len() });
    }
}
