//! How numbers and bytes lie in what is kept of a unit: a number is eight
//! bytes, little end first; bytes have their number before them.

use std::io::{self, BufRead, Read as _};

/// Stands for bytes that are not there.
const NONE: u64 = u64::MAX;

/// Adds `number` to `kept`.
pub(super) fn put_number(number: u64, kept: &mut Vec<u8>) {
    kept.extend(number.to_le_bytes());
}

/// Adds `bytes`, or that there are none, to `kept`.
pub(super) fn put_bytes(bytes: Option<&[u8]>, kept: &mut Vec<u8>) {
    put_number(bytes.map_or(NONE, |bytes| bytes.len() as u64), kept);
    kept.extend(bytes.unwrap_or_default());
}

/// The next number of `kept`.
///
/// # Errors
/// If it breaks off, or can't be read.
pub(super) fn number(kept: &mut dyn BufRead) -> io::Result<u64> {
    let mut number = [0; 8];
    kept.read_exact(&mut number)?;
    Ok(u64::from_le_bytes(number))
}

/// The next bytes of `kept`.
///
/// # Errors
/// As [`number`].
pub(super) fn bytes(kept: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let len = number(kept)?;
    if len == NONE {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = (&mut *kept).take(len).read_to_end(&mut bytes)?;
    if read as u64 == len { Ok(Some(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
