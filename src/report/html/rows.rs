//! Puts the paragraphs of the source beside what became of them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::chars::is_line_end;
use crate::span::Span;

/// A line with the blank ones behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// With its line ends.
    pub(super) span: Span,
    /// Number of its first line, from 1.
    pub(super) line: usize,
}

/// Text that stands on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// Byte offset in the source text.
    pub(super) source: usize,
    /// Byte offset in the clean text.
    pub(super) clean: usize,
    /// Length in bytes.
    pub(super) len: usize,
}

/// Chunks that stand side by side, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) source: Range<usize>,
    pub(super) clean: Range<usize>,
}

/// The chunks of `text`; a single empty one if it is empty.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let (mut start, mut line, mut all_blank) = (0, 1, true);
    for part in text.split_inclusive(is_line_end) {
        let end = start + part.len();
        let blank = part.trim().is_empty();
        match chunks.last_mut() {
            Some(last) if blank || all_blank => last.span.end = end,
            _ => chunks.push(Chunk { span: Span::new(start, end), line }),
        }
        all_blank &= blank;
        // The LF of a CR LF is no line of its own.
        line += usize::from(!(part.ends_with('\r') && text[end..].starts_with('\n')));
        start = end;
    }
    if chunks.is_empty() {
        chunks.push(Chunk { span: Span::at(0), line: 1 });
    }
    chunks
}

/// The rows in which the chunks of both sides stand in their order, so that as
/// much as possible of what was `kept` stands beside itself.
pub(super) fn align(text: &str, source: &[Chunk], clean: &[Chunk], kept: &[Kept]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut last: Option<Row> = None;
    for (from, to) in chain(&links(text, source, clean, kept), clean.len()) {
        match &mut last {
            Some(row) if from < row.source.end || to < row.clean.end => {
                row.source.end = row.source.end.max(from + 1);
                row.clean.end = row.clean.end.max(to + 1);
            }
            _ => {
                let done = last.take().map_or((0, 0), |row| {
                    let ends = (row.source.end, row.clean.end);
                    rows.push(row);
                    ends
                });
                rows.push(Row { source: done.0..from, clean: done.1..to });
                last = Some(Row { source: from..from + 1, clean: to..to + 1 });
            }
        }
    }
    let done = last.as_ref().map_or((0, 0), |row| (row.source.end, row.clean.end));
    rows.extend(last);
    rows.push(Row { source: done.0..source.len(), clean: done.1..clean.len() });
    rows.retain(|row| !row.source.is_empty() || !row.clean.is_empty());
    rows
}

/// How many bytes each pair of chunks, by number, has in common.
fn links(text: &str, source: &[Chunk], clean: &[Chunk], kept: &[Kept]) -> BTreeMap<(usize, usize), usize> {
    let chunk_at = |chunks: &[Chunk], at: usize| chunks.partition_point(|chunk| chunk.span.end <= at);
    let mut links = BTreeMap::new();
    for run in kept {
        let mut done = 0;
        while done < run.len {
            let (from, to) = (chunk_at(source, run.source + done), chunk_at(clean, run.clean + done));
            let (Some(a), Some(b)) = (source.get(from), clean.get(to)) else { break };
            let end = run.len.min(a.span.end - run.source).min(b.span.end - run.clean);
            // Blank lines are no sign that two paragraphs are the same.
            let shared = text.get(run.source + done..run.source + end).map_or(0, |part| part.trim().len());
            if shared > 0 {
                *links.entry((from, to)).or_default() += shared;
            }
            done = end;
        }
    }
    links
}

/// The heaviest of the chains of links in which neither side goes back.
fn chain(links: &BTreeMap<(usize, usize), usize>, clean: usize) -> Vec<(usize, usize)> {
    // A Fenwick tree over the clean side: the heaviest chain that ends at or
    // before a chunk, as its weight and its last link.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); clean + 1];
    let mut before = Vec::with_capacity(links.len());
    let links: Vec<_> = links.iter().map(|(pair, weight)| (*pair, *weight)).collect();
    for (number, &((_, to), weight)) in links.iter().enumerate() {
        let (sum, previous) = heaviest(&best, to + 1);
        before.push(previous);
        let mut at = to + 1;
        while at <= clean {
            best[at] = best[at].max((sum + weight, Some(number)));
            at += at & at.wrapping_neg();
        }
    }
    let mut chain = Vec::new();
    let mut link = heaviest(&best, clean).1;
    while let Some(number) = link {
        chain.push(links[number].0);
        link = before[number];
    }
    chain.reverse();
    chain
}

/// The heaviest entry of the first `count` in the Fenwick tree `best`.
fn heaviest(best: &[(usize, Option<usize>)], count: usize) -> (usize, Option<usize>) {
    let mut found = (0, None);
    let mut at = count;
    while at > 0 {
        found = found.max(best[at]);
        at &= at - 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(source: &str, clean: &str, kept: &[(usize, usize, usize)]) -> Vec<(Range<usize>, Range<usize>)> {
        let kept: Vec<_> = kept.iter().map(|&(source, clean, len)| Kept { source, clean, len }).collect();
        let rows = align(source, &chunks(source), &chunks(clean), &kept);
        rows.into_iter().map(|row| (row.source, row.clean)).collect()
    }

    #[test]
    fn blank_lines_go_with_the_line_before() {
        let told: Vec<_> =
            chunks("\n a\r\n\r\nb\n").iter().map(|c| (c.span.start, c.span.end, c.line)).collect();
        assert_eq!(told, [(0, 7, 1), (7, 9, 4)]);
        assert_eq!(chunks("").len(), 1);
    }

    #[test]
    fn joined_lines_share_a_row() {
        assert_eq!(rows("ab\ncd\nef\n", "abcd\nef\n", &[(0, 0, 2), (3, 2, 6)]), [(0..2, 0..1), (2..3, 1..2)]);
    }

    #[test]
    fn a_removed_paragraph_stands_alone() {
        let told = rows("ab\n\ncd\n\nef\n", "ab\n\nef\n", &[(0, 0, 2), (6, 2, 5)]);
        assert_eq!(told, [(0..1, 0..1), (1..2, 1..1), (2..3, 1..2)]);
    }

    #[test]
    fn moved_text_does_not_disturb_the_rest() {
        let told = rows("abcd\nefgh\nij\n", "abcdij\nefgh\n", &[(0, 0, 4), (10, 4, 2), (4, 6, 6)]);
        assert_eq!(told, [(0..1, 0..1), (1..2, 1..2), (2..3, 2..2)]);
    }
}
