//! Counting code points without counting from the start each time.

/// Turns byte offsets of a text into code point offsets.
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
}

/// How many code points begin in `bytes`.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}
