//! Counting code points and lines without counting from the start each time.

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

/// Finds line and column as an editor counts them: LF, CR LF and CR end a line.
#[derive(Debug)]
pub struct Positions<'a> {
    points: CodePoints<'a>,
    /// Byte offset of the first character of each line.
    starts: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Looks through `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { points: CodePoints::new(text), starts }
    }

    /// Line and column of byte `offset`, both from 1; columns in code points.
    #[must_use]
    pub fn of(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        (line, self.points.before(offset) - self.points.before(start) + 1)
    }

    /// The number of code points that begin before byte `offset`.
    #[must_use]
    pub fn code_points_before(&self, offset: usize) -> usize {
        self.points.before(offset)
    }
}

/// How many code points begin in `bytes`.
fn starts(bytes: &[u8]) -> usize {
    // Bytes are counted in bytes, so that the compiler makes vectors of it.
    let few = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(byte.cast_signed() >= -0x40)).sum::<u8>();
    bytes.chunks(255).map(few).map(usize::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_as_editors_do() {
        let text = format!("甲乙\r\n丙\r丁\u{C}戊\n{}己", "庚".repeat(STRIDE));
        let positions = Positions::new(&text);
        let of = |needle: &str| positions.of(text.find(needle).expect("there"));
        assert_eq!((of("乙"), of("丙"), of("丁"), of("戊")), ((1, 2), (2, 1), (3, 1), (3, 3)));
        assert_eq!(of("己"), (4, STRIDE + 1));
        assert_eq!(positions.of(text.len()), (4, STRIDE + 2));
        assert_eq!(Positions::new("").of(0), (1, 1));
    }

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
