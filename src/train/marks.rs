//! Where the marks of a gold page stood in its damaged one.

use crate::document::Document;
use crate::eval::damage::Rng;
use crate::span::Span;
use crate::stages::quotes::Side;

/// A quotation whose marks are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    pub(super) open: Side,
    pub(super) close: Side,
    /// How many quotations whose marks are gone it stands in.
    pub(super) depth: usize,
}

/// A page whose marks are gone, and where they stood.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) document: Document,
    /// In the order of their closing marks.
    pub(super) quotations: Vec<Quotation>,
}

/// Where a mark of the gold page stands in the page.
#[derive(Clone, Copy)]
enum Found {
    Intact,
    Gone(Side),
}

impl Page {
    /// The page `input`, which differs from `gold` in marks alone. Of the
    /// quotations that left two gaps a part `restored`, from 0 to 1, is given
    /// its marks back: that is what a second look at a page sees. `None` if
    /// the two differ otherwise.
    pub(super) fn of(input: &str, gold: &str, restored: f64, rng: &mut Rng) -> Option<Self> {
        let marks = align(input, gold)?;
        let pairs = pair(&marks);
        let mut kept = Vec::new();
        let mut back: Vec<(Span, char)> = Vec::new();
        for (open, close, depth) in pairs {
            let (Found::Gone(first), Found::Gone(last)) = (open.1, close.1) else { continue };
            match (first, last) {
                (Side::Gap(first), Side::Gap(last)) if depth == 0 && rng.chance(restored) => {
                    back.extend([(first, open.0), (last, close.0)]);
                }
                _ => kept.push(Quotation { open: first, close: last, depth: 0 }),
            }
        }
        for inner in 0..kept.len() {
            // In the order of closing marks what holds a quotation comes later.
            let holds = |outer: &&Quotation| outer.open.start() <= kept[inner].open.start();
            kept[inner].depth = kept[inner + 1..].iter().filter(holds).count();
        }
        back.sort_unstable();
        // A gap that two quotations share is taken by neither.
        let shared = |span: Span| {
            back.iter().filter(|(other, _)| *other == span).count() > 1
                || kept.iter().any(|quotation| [quotation.open, quotation.close].contains(&Side::Gap(span)))
        };
        if back.iter().any(|(span, _)| shared(*span)) {
            return Self::of(input, gold, 0.0, rng);
        }
        Some(Self::with_marks(input, &back, kept))
    }

    /// `input` with the marks `back`, each in the place of a gap.
    fn with_marks(input: &str, back: &[(Span, char)], mut quotations: Vec<Quotation>) -> Self {
        let mut text = String::with_capacity(input.len() + 2 * back.len());
        let mut done = 0;
        for (span, mark) in back {
            text.push_str(&input[done..span.start]);
            text.push(*mark);
            done = span.end;
        }
        text.push_str(&input[done..]);
        // A mark is longer than the gap it replaces.
        let moved = |at: usize| {
            let before = back.partition_point(|(span, _)| span.end <= at);
            at + back[..before].iter().map(|(span, mark)| mark.len_utf8() - span.len()).sum::<usize>()
        };
        let move_side = |side: &mut Side| match side {
            Side::Place(at) => *at = moved(*at),
            Side::Gap(span) => *span = Span::new(moved(span.start), moved(span.start) + span.len()),
        };
        for quotation in &mut quotations {
            move_side(&mut quotation.open);
            move_side(&mut quotation.close);
        }
        Self { document: Document::new(text), quotations }
    }
}

/// Each mark of `gold` with where it stands in `input`.
fn align(input: &str, gold: &str) -> Option<Vec<(char, Found)>> {
    let mut marks = Vec::new();
    let mut rest = gold.char_indices().peekable();
    let mut at = 0;
    while let Some((start, c)) = rest.next() {
        let here = input[at..].chars().next();
        let sign = is_mark(c) || matches!(c, '…' | '—');
        if here == Some(c) {
            if is_mark(c) {
                marks.push((c, Found::Intact));
            }
            at += c.len_utf8();
        } else if sign {
            // Signs side by side leave one gap between them, or nothing.
            let mut end = start + c.len_utf8();
            while let Some((next, c)) = rest.next_if(|(_, c)| is_mark(*c) || matches!(c, '…' | '—')) {
                end = next + c.len_utf8();
            }
            let stays = gold[end..].starts_with(' ');
            let side = match here {
                Some(' ') if !stays => Side::Gap(Span::new(at, at + 1)),
                _ => Side::Place(at),
            };
            at += if matches!(side, Side::Gap(_)) { 1 } else { 0 };
            let gone = gold[start..end].chars().filter(|c| is_mark(*c));
            marks.extend(gone.map(|c| (c, Found::Gone(side))));
        } else {
            return None;
        }
    }
    (at == input.len()).then_some(marks)
}

fn is_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』')
}

type Mark = (char, Found);

/// The pairs of `marks`, each with how many it stands in.
fn pair(marks: &[Mark]) -> Vec<(Mark, Mark, usize)> {
    let mut open: Vec<Mark> = Vec::new();
    let mut pairs = Vec::new();
    for mark in marks {
        if matches!(mark.0, '“' | '‘' | '「' | '『') {
            open.push(*mark);
        } else if let Some(first) = open.pop() {
            pairs.push((first, *mark, open.len()));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_where_they_stood() {
        let gold = "开展“清风行”“两访”活动。";
        let input = "开展 清风行 两访活动。";
        let page = Page::of(input, gold, 0.0, &mut Rng::new(1, 1)).expect("marks alone differ");
        let gap = |at: usize| Side::Gap(Span::new(at, at + 1));
        assert_eq!(
            page.quotations,
            [
                Quotation { open: gap(6), close: gap(16), depth: 0 },
                Quotation { open: gap(16), close: Side::Place(23), depth: 0 }
            ]
        );
    }

    #[test]
    fn a_second_look_sees_marks_that_are_back() {
        let gold = "开展“清风行”活动，“两访”工作。";
        let input = "开展 清风行 活动， 两访工作。";
        let page = Page::of(input, gold, 1.0, &mut Rng::new(1, 1)).expect("marks alone differ");
        assert_eq!(page.document.text(), "开展“清风行”活动， 两访工作。");
        let open = page.document.text().find(' ').expect("a gap is left");
        let close = page.document.text().find("工作").expect("it is there");
        let gap = Side::Gap(Span::new(open, open + 1));
        assert_eq!(page.quotations, [Quotation { open: gap, close: Side::Place(close), depth: 0 }]);
    }

    #[test]
    fn pages_that_differ_otherwise_are_left_out() {
        assert!(Page::of("开展活动", "开展工作", 0.0, &mut Rng::new(1, 1)).is_none());
    }
}
