//! Where else in the text around a phrase stands: one that is used again and again
//! without marks is quoted seldom, and one that goes on everywhere as it does here is
//! part of a longer one.

use memchr::memmem;

use super::ends::Side;
use crate::chars::{is_gap, is_line_end};

/// How the phrase of a quotation stands in other places close by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Recurrence {
    /// How often with neither a gap nor a mark on either side.
    pub(super) bare: usize,
    /// How often beside the character that stands here where a mark left no gap.
    pub(super) alike: usize,
    /// How often beside another one there.
    pub(super) unlike: usize,
}

impl Recurrence {
    /// That of what `text` has between `open` and `close`.
    pub(super) fn of(text: &str, open: Side, close: Side) -> Self {
        // Some pages, in bytes: what is farther away tells less, and a long text
        // takes no longer for its length.
        const REACH: usize = 16_000;
        let (start, end) = (open.end(), close.start());
        let from = text.ceil_char_boundary(start.saturating_sub(REACH));
        let to = text.floor_char_boundary((end + REACH).min(text.len()));
        let (around, phrase) = (&text[from..to], &text[start..end]);
        let neighbours = |at: usize| {
            let (before, behind) = (&around[..at], &around[at + phrase.len()..]);
            [before.chars().next_back(), behind.chars().next()]
        };
        let here = neighbours(start - from);
        let has_no_gap = [open, close].map(|side| matches!(side, Side::Place(_)));
        let mut found = Self::default();
        for at in memmem::find_iter(around.as_bytes(), phrase).filter(|at| from + at != start) {
            let there = neighbours(at);
            found.bare += usize::from(!there.iter().any(|c| c.is_none_or(sets_off)));
            for side in (0..2).filter(|side| has_no_gap[*side]) {
                let is_alike = here[side] == there[side] && !here[side].is_none_or(sets_off);
                *(if is_alike { &mut found.alike } else { &mut found.unlike }) += 1;
            }
        }
        found
    }
}

/// Whether `c` sets off what stands beside it.
fn sets_off(c: char) -> bool {
    is_gap(c) || is_line_end(c) || matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    /// That of the `number`th `phrase` of `text`, counted from 0: behind a gap, its
    /// closing mark gone.
    fn of(text: &str, phrase: &str, number: usize) -> Recurrence {
        let (start, _) = text.match_indices(phrase).nth(number).expect("it is there");
        assert_eq!(&text[start - 1..start], " ");
        let open = Side::Gap(Span::new(start - 1, start));
        Recurrence::of(text, open, Side::Place(start + phrase.len()))
    }

    #[test]
    fn a_word_that_stands_bare_is_counted() {
        let text = "渠水员上堤。评出 渠水员标兵。“渠水员”是谁？老渠水员都说好。\n渠水员到了。\n";
        let found = of(text, "渠水员", 1);
        assert_eq!(found.bare, 1, "not where a line begins, and not in marks");
    }

    #[test]
    fn how_a_phrase_goes_on_is_compared() {
        let text = "开办 田头课，送去田头课堂，又一个田头课堂。\n上好 田头课堂。\n";
        assert_eq!(of(text, "田头课", 0), Recurrence { bare: 2, alike: 0, unlike: 3 });
        assert_eq!(of(text, "田头课", 3), Recurrence { bare: 2, alike: 2, unlike: 1 });
    }

    #[test]
    fn both_gaps_leave_nothing_to_compare() {
        let text = "上好 田头课 ，田头课堂";
        let (open, close) = (Side::Gap(Span::new(6, 7)), Side::Gap(Span::new(16, 17)));
        assert_eq!(Recurrence::of(text, open, close), Recurrence { bare: 1, alike: 0, unlike: 0 });
    }

    #[test]
    fn what_is_far_away_does_not_count() {
        let text = format!("上好 田头课，{}又一个田头课堂", "渠水长流。".repeat(2_000));
        assert_eq!(of(&text, "田头课", 0), Recurrence::default());
    }
}
