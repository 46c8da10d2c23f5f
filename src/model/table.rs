//! Weights as they are stored and shipped: one byte each.

use super::{Calibration, Feature, Weights};

/// What a file of weights begins with.
const MAGIC: &[u8; 8] = b"textmend";
/// The version of the layout.
const LAYOUT: u8 = 1;
/// Bytes before the calibrations.
const HEADER: usize = 16;
/// Bytes of a calibration.
const CALIBRATION: usize = 8;

/// A table of weights. Its file, all numbers little-endian: the magic, the
/// layout (u8), the binary logarithm of the number of weights (u8), the number
/// of calibrations (u16), what a weight of 1 is worth (f32); the calibrations
/// (slope and offset, f32 each); the weights (i8).
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    bits: u32,
    unit: f32,
    calibrations: &'a [u8],
    weights: &'a [u8],
}

/// Why bytes are no table of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// They begin with something else, or with another layout.
    #[error("this is no file of weights, or one of another version")]
    Unknown,
    /// They end too early or too late.
    #[error("the file of weights is {found} bytes long where its header says {expected}")]
    Length {
        /// The bytes there are.
        found: usize,
        /// The bytes there should be.
        expected: usize,
    },
}

impl<'a> Table<'a> {
    /// Reads a table; nothing is copied.
    ///
    /// # Errors
    /// If the bytes aren't what [`to_bytes`](Self::to_bytes) makes.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, TableError> {
        let header = bytes.get(..HEADER).ok_or(TableError::Unknown)?;
        let bits = u32::from(header[9]);
        if &header[..8] != MAGIC || header[8] != LAYOUT || !(1..=30).contains(&bits) {
            return Err(TableError::Unknown);
        }
        let calibrations = usize::from(u16::from_le_bytes([header[10], header[11]])) * CALIBRATION;
        let unit = float(&header[12..]);
        let expected = HEADER + calibrations + (1 << bits);
        if bytes.len() != expected {
            return Err(TableError::Length { found: bytes.len(), expected });
        }
        let (calibrations, weights) = bytes[HEADER..].split_at(calibrations);
        Ok(Self { bits, unit, calibrations, weights })
    }

    /// The file of `weights`, whose number is a power of two, each rounded to
    /// one of 255 steps. The widest weights are clipped at `limit`.
    #[must_use]
    pub fn to_bytes(weights: &[f32], limit: f32, calibrations: &[Calibration]) -> Vec<u8> {
        assert!(weights.len().is_power_of_two(), "a table has a power of two of weights");
        let unit = limit / 127.0;
        let mut bytes = MAGIC.to_vec();
        bytes.push(LAYOUT);
        bytes.push(u8::try_from(weights.len().ilog2()).expect("at most 64"));
        bytes.extend(u16::try_from(calibrations.len()).expect("a few").to_le_bytes());
        bytes.extend(unit.to_le_bytes());
        for calibration in calibrations {
            bytes.extend(calibration.slope.to_le_bytes());
            bytes.extend(calibration.offset.to_le_bytes());
        }
        #[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i8")]
        bytes.extend(weights.iter().map(|w| ((w / unit).round().clamp(-127.0, 127.0) as i8).cast_unsigned()));
        bytes
    }

    /// The vector of `feature`, where the table holds vectors of `width`
    /// numbers, a power of two.
    pub fn row(&self, feature: Feature, width: usize) -> impl Iterator<Item = f32> + '_ {
        let start = feature.place(self.bits - width.ilog2()) * width;
        self.weights[start..start + width].iter().map(|byte| f32::from(byte.cast_signed()) * self.unit)
    }

    /// How many weights it has.
    #[cfg(feature = "cnn")]
    pub(crate) fn len(&self) -> usize {
        self.weights.len()
    }

    /// All weights, in the order of their places.
    #[cfg(any(feature = "cnn", feature = "train"))]
    pub fn all(&self) -> impl Iterator<Item = f32> + '_ {
        self.weights.iter().map(|byte| f32::from(byte.cast_signed()) * self.unit)
    }

    /// The calibration at `index`; [`Calibration::NONE`] beyond the last.
    #[must_use]
    pub fn calibration(&self, index: usize) -> Calibration {
        self.calibrations
            .get(index * CALIBRATION..(index + 1) * CALIBRATION)
            .map_or(Calibration::NONE, |pair| Calibration { slope: float(pair), offset: float(&pair[4..]) })
    }
}

impl Weights for Table<'_> {
    #[inline]
    fn weight(&self, feature: Feature) -> f32 {
        self.steps(feature) * self.unit
    }

    #[inline]
    fn steps(&self, feature: Feature) -> f32 {
        f32::from(self.weights[feature.place(self.bits)].cast_signed())
    }

    #[inline]
    fn unit(&self) -> f32 {
        self.unit
    }
}

fn float(bytes: &[u8]) -> f32 {
    f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Template;

    #[test]
    fn weights_come_back_to_the_nearest_step() {
        let feature = Template(1).holds();
        let mut weights = vec![0.0; 16];
        weights[feature.place(4)] = -1.5;
        let calibration = Calibration { slope: 2.0, offset: -1.0 };
        let bytes = Table::to_bytes(&weights, 4.0, &[calibration]);
        let table = Table::from_bytes(&bytes).expect("what was just written");
        assert!((table.weight(feature) + 1.5).abs() <= 4.0 / 254.0);
        assert_eq!(table.calibration(0), calibration);
        assert_eq!(table.calibration(1), Calibration::NONE);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let bytes = Table::to_bytes(&[0.0; 16], 1.0, &[]);
        assert_eq!(Table::from_bytes(b"").unwrap_err(), TableError::Unknown);
        assert_eq!(Table::from_bytes(&[b'x'; 64]).unwrap_err(), TableError::Unknown);
        let short = Table::from_bytes(&bytes[..31]).unwrap_err();
        assert_eq!(short, TableError::Length { found: 31, expected: 32 });
    }
}
