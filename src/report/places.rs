//! Counting code points without counting from the start each time.

/// Turns byte offsets of a text into code point offsets, and back.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points before every `STRIDE`th byte.
    counts: Vec<usize>,
}

const STRIDE: usize = 1024;

impl<'a> CodePoints<'a> {
    /// Counts `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut counts = vec![0];
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            count += starts(chunk);
            counts.push(count);
        }
        Self { text, counts }
    }

    /// The number of code points that begin before byte `offset`.
    #[must_use]
    pub fn before(&self, offset: usize) -> usize {
        let chunk = offset / STRIDE;
        self.counts[chunk] + starts(&self.text.as_bytes()[chunk * STRIDE..offset])
    }

    /// The byte offset at which code point number `point` begins; the length of
    /// the text if there are not so many.
    #[must_use]
    pub fn offset(&self, point: usize) -> usize {
        let chunk = self.counts.partition_point(|&count| count <= point) - 1;
        let from = chunk * STRIDE;
        let mut left = point - self.counts[chunk];
        for (at, &byte) in self.text.as_bytes().get(from..).unwrap_or_default().iter().enumerate() {
            if byte & 0xC0 != 0x80 {
                if left == 0 {
                    return from + at;
                }
                left -= 1;
            }
        }
        self.text.len()
    }
}

/// How many code points begin in `bytes`.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = "a甲é".repeat(700);
        let points = CodePoints::new(&text);
        for (point, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!((points.before(offset), points.offset(point)), (point, offset));
        }
        assert_eq!(points.offset(2100), text.len());
        assert_eq!(CodePoints::new("").offset(3), 0);
    }
}
