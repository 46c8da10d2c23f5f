//! Lists of numbers as they are stored and shipped: one byte each, in steps as wide as
//! the widest number of the list needs.

/// Bytes of what a step is worth.
const UNIT: usize = size_of::<f32>();

/// How many bytes a list of so many `numbers` takes.
#[must_use]
pub fn stored_len(numbers: usize) -> usize {
    UNIT + numbers
}

/// Fills `numbers` from the first of `bytes`: what a step is worth (f32,
/// little-endian), and a number each (i8). Returns what stands behind them, or nothing
/// if there are too few.
#[must_use]
pub fn from_steps<'a>(numbers: &mut [f32], bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (unit, bytes) = bytes.split_first_chunk()?;
    let (stored, behind) = bytes.split_at_checked(numbers.len())?;
    let unit = f32::from_le_bytes(*unit);
    numbers.iter_mut().zip(stored).for_each(|(n, byte)| *n = f32::from(byte.cast_signed()) * unit);
    Some(behind)
}

/// How far the widest of `numbers` is from 0; never 0 itself.
#[must_use]
#[cfg(feature = "train")]
pub fn widest(numbers: &[f32]) -> f32 {
    numbers.iter().fold(1e-9, |most, number| most.max(number.abs()))
}

/// The bytes that [`from_steps`] reads `numbers` from, each rounded to the nearest of 255.
#[must_use]
#[cfg(feature = "train")]
pub fn to_steps(numbers: &[f32]) -> Vec<u8> {
    let unit = widest(numbers) / 127.0;
    let mut bytes = unit.to_le_bytes().to_vec();
    #[expect(clippy::cast_possible_truncation, reason = "127 at most")]
    bytes.extend(numbers.iter().map(|number| ((number / unit).round() as i8).cast_unsigned()));
    bytes
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_to_the_nearest_step() {
        let numbers = [-1.5, 0.0, 0.7, 3.0];
        let mut bytes = to_steps(&numbers);
        assert_eq!(bytes.len(), stored_len(numbers.len()));
        bytes.push(7);
        let mut back = [0.0; 4];
        assert_eq!(from_steps(&mut back, &bytes), Some([7].as_slice()));
        assert!(back.iter().zip(numbers).all(|(back, number)| (back - number).abs() <= 1.5 / 127.0));
    }

    #[test]
    fn too_few_bytes_are_no_numbers() {
        let bytes = to_steps(&[1.0, 2.0]);
        assert_eq!(from_steps(&mut [0.0; 3], &bytes), None);
        assert_eq!(from_steps(&mut [0.0; 1], &bytes[..3]), None);
    }
}
