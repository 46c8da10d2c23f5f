//! The network as it is stored and shipped: one byte a number.

use super::{Network, ROW_BITS, WIDTH};
use crate::model::{Table, TableError, from_steps, stored_len};

impl Network {
    /// Reads a network, and the table of its vectors, with the calibrations that
    /// lie in front of them.
    ///
    /// # Errors
    /// If the bytes aren't what [`to_bytes`](Self::to_bytes) makes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(Self, Table<'_>), TableError> {
        let mut network = Self::zeros();
        let split = bytes.len().checked_sub(matrices_len(&mut network)).ok_or(TableError::Unknown)?;
        let (table, mut rest) = bytes.split_at(split);
        let table = Table::from_bytes(table)?;
        let expected = WIDTH << ROW_BITS;
        if table.len() != expected {
            return Err(TableError::Length { found: table.len(), expected });
        }
        network.vectors.iter_mut().zip(table.all()).for_each(|(number, stored)| *number = stored);
        for numbers in network.numbers_mut().into_iter().skip(1) {
            rest = from_steps(numbers, rest).expect("it was counted");
        }
        Ok((network, table))
    }
}

/// Bytes of all matrices of `network`, which stand behind the table of its vectors.
fn matrices_len(network: &mut Network) -> usize {
    network.numbers_mut()[1..].iter().map(|numbers| stored_len(numbers.len())).sum()
}

#[cfg(feature = "train")]
impl Network {
    /// Its file: a [`Table`] of the vectors with `calibrations`, and each matrix in
    /// [steps](from_steps).
    pub(crate) fn to_bytes(&self, calibrations: &[crate::model::Calibration]) -> Vec<u8> {
        let mut network = self.clone();
        let mut lists = network.numbers_mut().into_iter();
        let vectors = lists.next().expect("the vectors come first");
        let mut bytes = Table::to_bytes(vectors, crate::model::widest(vectors), calibrations);
        lists.for_each(|numbers| bytes.extend(crate::model::to_steps(numbers)));
        bytes
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::model::Calibration;

    #[test]
    fn a_network_comes_back_to_the_nearest_step() {
        let mut network = Network::zeros();
        for (list, numbers) in network.numbers_mut().into_iter().enumerate() {
            numbers.iter_mut().enumerate().for_each(|(at, number)| *number = ((at + list) % 11) as f32 - 5.0);
        }
        let calibration = Calibration { slope: 0.5, offset: 2.0 };
        let bytes = network.to_bytes(&[calibration]);
        let (mut back, table) = Network::from_bytes(&bytes).expect("what was just written");
        assert_eq!(table.calibration(0), calibration);
        for (stored, numbers) in back.numbers_mut().into_iter().zip(network.numbers_mut()) {
            assert!(stored.iter().zip(numbers).all(|(stored, number)| (stored - *number).abs() < 0.02));
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let bytes = Network::zeros().to_bytes(&[]);
        assert_eq!(Network::from_bytes(b"").unwrap_err(), TableError::Unknown);
        assert_eq!(Network::from_bytes(&bytes[1..]).unwrap_err(), TableError::Unknown);
        let table = Table::to_bytes(&[0.0; 16], 1.0, &[]);
        let matrices = &bytes[bytes.len() - matrices_len(&mut Network::zeros())..];
        let short = Network::from_bytes(&[table.as_slice(), matrices].concat()).unwrap_err();
        assert_eq!(short, TableError::Length { found: 16, expected: WIDTH << ROW_BITS });
    }
}
