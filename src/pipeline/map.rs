//! Questions about places, in both directions and both units.

use std::ops::Range;

use super::Cleaned;
use crate::edit::Inverse;
use crate::places::CodePoints;
use crate::span::{SourceSpan, Span};

/// Answers where a stretch of source stands in the clean text and the other way
/// round, so that annotations made on one can be carried over to the other.
///
/// Bytes count in the source as it was read, in its own encoding, and in the
/// clean text as UTF-8. Code points count in the decoded source, without a byte
/// order mark, and in the clean text. A stretch that was torn apart comes back
/// in several ranges, in the order of the side they are on, and never empty;
/// text that was removed has no place in the clean text, and text that a repair
/// wrote has none in the source. A range that reaches past the end ends there.
///
/// Made once with [`Cleaned::map`]; an answer costs a search and what it names.
#[derive(Debug)]
pub struct Map<'a> {
    cleaned: &'a Cleaned,
    inverse: Inverse,
    source: CodePoints<'a>,
    clean: CodePoints<'a>,
}

impl Cleaned {
    /// The way between source and clean text, ready to be asked.
    #[must_use]
    pub fn map(&self) -> Map<'_> {
        Map {
            cleaned: self,
            inverse: Inverse::new(&self.offsets),
            source: CodePoints::new(&self.source.text),
            clean: CodePoints::new(&self.text),
        }
    }
}

impl Map<'_> {
    /// Where the bytes of the source in `span` stand in the clean text.
    #[must_use]
    pub fn to_clean(&self, span: SourceSpan) -> Vec<Span> {
        let mut spans = self.inverse.to_text(span);
        spans.sort_unstable();
        joined(spans, |span| (span.start, span.end), Span::new)
    }

    /// Which bytes of the source the clean text in `span`, bytes too, came from.
    #[must_use]
    pub fn to_source(&self, span: Span) -> Vec<SourceSpan> {
        let mut spans = self.cleaned.offsets.runs_of(span);
        spans.sort_unstable();
        joined(spans, |span| (span.start, span.end), SourceSpan::new)
    }

    /// As [`to_clean`](Self::to_clean), in code points.
    #[must_use]
    pub fn to_clean_chars(&self, chars: Range<usize>) -> Vec<Range<usize>> {
        let source = &self.cleaned.source;
        if chars.is_empty() {
            return Vec::new();
        }
        let text = Span::new(self.source.offset(chars.start), self.source.offset(chars.end));
        let spans = self.to_clean(source.map.to_source(text));
        spans.into_iter().map(|span| self.clean.before(span.start)..self.clean.before(span.end)).collect()
    }

    /// As [`to_source`](Self::to_source), in code points.
    #[must_use]
    pub fn to_source_chars(&self, chars: Range<usize>) -> Vec<Range<usize>> {
        if chars.is_empty() {
            return Vec::new();
        }
        let source = &self.cleaned.source;
        let point = |byte| self.source.before(source.text_offset(byte));
        let spans = self.to_source(Span::new(self.clean.offset(chars.start), self.clean.offset(chars.end)));
        spans.into_iter().map(|span| point(span.start)..point(span.end)).collect()
    }
}

/// `spans`, sorted, with those that touch made one.
fn joined<T: Copy>(
    spans: Vec<T>,
    ends: impl Fn(T) -> (usize, usize),
    new: impl Fn(usize, usize) -> T,
) -> Vec<T> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans.into_iter().map(ends).filter(|(start, end)| start < end) {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out.into_iter().map(|(start, end)| new(start, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use crate::pipeline::Pipeline;

    fn clean(source: &[u8]) -> Cleaned {
        let pipeline = Pipeline::standard().expect("the shipped rules are good");
        pipeline.clean(decode(source, None))
    }

    /// The places of `needle` in `text`, in bytes and in code points.
    fn places(text: &str, needle: &str) -> (Span, Range<usize>) {
        let start = text.find(needle).expect("it is there");
        let point = text[..start].chars().count();
        (Span::new(start, start + needle.len()), point..point + needle.chars().count())
    }

    #[test]
    fn annotations_are_carried_both_ways() {
        let source = "同 期 水 费 下 降 两成,比上年低。";
        let (bytes, _, _) = encoding_rs::GB18030.encode(source);
        for (encoded, unit) in [(source.as_bytes(), 3), (&*bytes, 2)] {
            let cleaned = clean(encoded);
            assert_eq!(cleaned.text, "同期水费下降两成，比上年低。");
            let map = cleaned.map();
            let (at, chars) = places(&cleaned.text, "水费下降");
            let (_, from) = places(source, "水");
            let (_, to) = places(source, "比上年");
            let torn = map.to_source_chars(chars.clone());
            assert_eq!(
                torn,
                [from.start, from.start + 2, from.start + 4, from.start + 6].map(|at| at..at + 1)
            );
            assert_eq!(map.to_source(at).iter().map(|span| span.len()).collect::<Vec<_>>(), [unit; 4]);
            let back = map.to_clean_chars(from.start..from.start + 7);
            assert_eq!(back, [chars], "what was torn apart is one again");
            assert_eq!(map.to_clean_chars(to), [places(&cleaned.text, "比上年").1]);
        }
    }

    #[test]
    fn what_was_written_or_removed_has_no_other_side() {
        let cleaned = clean("种树,修渠".as_bytes());
        let map = cleaned.map();
        assert!(map.to_source_chars(2..3).is_empty(), "the comma was written");
        assert!(map.to_clean_chars(2..3).is_empty(), "that comma was removed");
        assert_eq!(map.to_clean(SourceSpan::new(0, 1000)), [Span::new(0, 6), Span::new(9, 15)]);
        assert!(map.to_source_chars(3..3).is_empty());
        assert!(map.to_source_chars(7..9).is_empty());
    }
}
