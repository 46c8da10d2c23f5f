//! Bytes as text, unless they are plainly no text.

use std::fs;
use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;

use crate::decode::{Decoded, Detection, decode};
use crate::error::{Error, Result};

/// The bytes of the file at `path`.
///
/// # Errors
/// [`Error::Io`] if it can't be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })
}

/// Adds to `bytes` all that `reader`, opened at `path`, gives; after an error,
/// what it gave before.
///
/// # Errors
/// [`Error::of_reading`] if it can't be read; [`Error::TooLarge`] as soon as it
/// turns out to hold more than `limit` bytes.
pub fn read_limited(path: &Path, reader: impl Read, limit: u64, bytes: &mut Vec<u8>) -> Result<()> {
    let read = reader.take(limit.saturating_add(1)).read_to_end(bytes);
    read.map_err(|source| Error::of_reading(path, source))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    Ok(())
}

/// Decodes `bytes`, read from `path`, as `given` or as they suggest.
///
/// # Errors
/// [`Error::NotText`] for what is no text: a PDF, or anything that holds zero
/// characters once it is decoded. Whoever names the encoding knows better, and
/// is not contradicted.
pub fn to_text(path: &Path, bytes: &[u8], given: Option<&'static Encoding>) -> Result<Decoded> {
    let not_text =
        |problem: String, hint: &'static str| Error::NotText { path: path.to_owned(), problem, hint };
    if given.is_none() && bytes.starts_with(b"%PDF-") {
        return Err(not_text("it is a PDF".to_owned(), "extract its text first, for example with pdftotext"));
    }
    let decoded = decode(bytes, given);
    if decoded.detection != Detection::Given
        && let Some(offset) = memchr::memchr(0, decoded.text.as_bytes())
    {
        let byte = decoded.map.to_source(crate::Span::new(offset, offset + 1)).start;
        return Err(not_text(
            format!("a zero at byte {byte}"),
            "if it is one all the same, say how it is encoded with --encoding",
        ));
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_text_from_other_files() {
        let text = |bytes: &[u8]| to_text("page".as_ref(), bytes, None).map(|decoded| decoded.text);
        assert_eq!(text(b"").expect("text"), "");
        assert_eq!(text(b"a").expect("text"), "a");
        assert_eq!(text(b"\xFF\xFEA\0\n\0").expect("UTF-16"), "A\n");
        let problem = text(b"GIF89a\0\x01").expect_err("binary").to_string();
        assert!(problem.contains("byte 6"), "{problem}");
        assert!(text(b"GIF\0").is_err(), "as many bytes as UTF-16 has");
        assert!(text(b"\xFF\xFE\0\0A\0\0\0").is_err(), "UTF-32");
        assert!(text(b"%PDF-1.7\n").is_err());
        let given = to_text("page".as_ref(), b"a\0b", Some(encoding_rs::UTF_8));
        assert_eq!(given.expect("as told").text, "a\0b");
    }
}
