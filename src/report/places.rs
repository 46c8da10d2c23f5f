//! Counting code points and lines without counting from the start each time.

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
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
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
}
