//! Where characters are doubled.

use std::ops::Range;

use crate::chars::is_han;
use crate::document::{Document, Line};

/// A line that doubles characters.
#[derive(Debug)]
pub(super) struct Doubles {
    pub(super) line: Line,
    /// Where, in the line; both of the two.
    pub(super) places: Vec<Range<usize>>,
}

/// The lines of `document` where a Han character stands exactly twice, in order.
pub(super) fn doubles(document: &Document) -> Vec<Doubles> {
    let text = document.text();
    let mut places = doubled_places::<3>(text.as_bytes());
    // Characters of four bytes are odd.
    if document.signs().odd {
        places.extend(doubled_places::<4>(text.as_bytes()));
        places.sort_unstable();
        places.dedup();
    }
    let mut doubles: Vec<Doubles> = Vec::new();
    for place in places.into_iter().filter_map(|at| double_at(text, at)) {
        let line = document.lines()[document.line_at(place.start).expect("the text is not empty")];
        if doubles.last().is_none_or(|last| last.line.span != line.span) {
            doubles.push(Doubles { line, places: Vec::new() });
        }
        let own = &mut doubles.last_mut().expect("one was pushed").places;
        own.push(place.start - line.span.start..place.end - line.span.start);
    }
    doubles
}

/// The Han character that stands twice from byte `at` on, and no third time on
/// either side; `None` where no character begins.
fn double_at(text: &str, at: usize) -> Option<Range<usize>> {
    let c = text.get(at..)?.chars().next().filter(|c| is_han(*c))?;
    let middle = at + c.len_utf8();
    let end = middle + c.len_utf8();
    let is_double = text[middle..].starts_with(c) && !text[end..].starts_with(c) && !text[..at].ends_with(c);
    is_double.then_some(at..end)
}

/// Where a character may stand whose bytes but the first stand again `DISTANCE`
/// bytes on: all doubled ones of as many bytes, and a few other places. Looks at
/// all places of a chunk without a branch, so that the compiler makes vectors of
/// it.
fn doubled_places<const DISTANCE: usize>(text: &[u8]) -> Vec<usize> {
    const CHUNK: usize = 1024;
    let mut places = Vec::new();
    let last = text.len().saturating_sub(DISTANCE + 2);
    let mut is_double = [0u8; CHUNK];
    for start in (0..last).step_by(CHUNK) {
        let len = CHUNK.min(last - start);
        let from = |offset: usize| &text[start + offset..start + offset + len];
        let (second, third) =
            (from(1).iter().zip(from(DISTANCE + 1)), from(2).iter().zip(from(DISTANCE + 2)));
        for ((is_double, (a, b)), (c, d)) in is_double.iter_mut().zip(second).zip(third) {
            *is_double = u8::from((a == b) & (c == d));
        }
        places.extend(memchr::memchr_iter(1, &is_double[..len]).map(|at| start + at));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_two_of_a_kind() {
        let of = |text: &str| {
            let document = Document::new(text.to_owned());
            let text = |own: &Doubles| {
                own.places
                    .iter()
                    .map(|place| document.slice(own.line.span)[place.clone()].to_owned())
                    .collect()
            };
            doubles(&document).iter().map(text).collect::<Vec<Vec<String>>>()
        };
        assert_eq!(of("妈妈常常来\n水车\n𠀀𠀀渠水"), [vec!["妈妈", "常常"], vec!["𠀀𠀀"]]);
        assert!(of("哈哈哈\n渠\n渠，，aaee……").is_empty());
        let long = format!("{}粮粮", "青禾".repeat(100));
        assert_eq!(of(&long), [["粮粮"]]);
    }
}
