//! Where a column may end inside a paragraph.

use crate::chars::{closing_of, ends_sentence, is_closing, is_gap, is_han, is_opening};

/// Bytes of `text` where a column break may fall with at least `head` code
/// points before and `tail` behind: anywhere that type allows (no line starts
/// with a closing sign or ends with an opening one, no figure or Latin word is
/// parted), but never between two sentences, where nobody could tell.
pub(super) fn places(text: &str, head: usize, tail: usize) -> Vec<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let count = chars.len();
    let may = |at: &usize| {
        let around: Vec<char> =
            chars[at.saturating_sub(3)..(at + 3).min(count)].iter().map(|(_, c)| *c).collect();
        is_allowed(chars[at - 1].1, chars[*at].1) && !is_spaced(&around)
    };
    let ends = head.max(1)..(count + 1).saturating_sub(tail.max(1));
    ends.filter(may).map(|at| chars[at].0).filter(|at| !ends_a_sentence(&text[..*at])).collect()
}

/// The same, without places inside quotations or brackets.
pub(super) fn open_places(text: &str, head: usize, tail: usize) -> Vec<usize> {
    let mut depths = Vec::new();
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if is_closing(c) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            depths.push(at);
        }
        if is_opening(c) && closing_of(c).is_some() {
            depth += 1;
        }
    }
    places(text, head, tail).into_iter().filter(|at| depths.binary_search(at).is_ok()).collect()
}

fn is_allowed(before: char, after: char) -> bool {
    let starts_line = is_han(after) || is_opening(after) || after.is_ascii_alphanumeric();
    let ends_line = is_han(before)
        || is_closing(before)
        || before.is_ascii_alphanumeric()
        || matches!(before, '，' | '、' | '；');
    let parts_word = before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
    starts_line && ends_line && !parts_word
}

/// Whether letter-spacing or a stray word is near: a break there would hide it.
fn is_spaced(around: &[char]) -> bool {
    let gaps = around.iter().filter(|c| is_gap(**c)).count();
    gaps > 1 || (gaps > 0 && around.iter().any(char::is_ascii_alphabetic))
}

fn ends_a_sentence(text: &str) -> bool {
    let last = text.chars().rev().find(|c| !is_closing(*c) && !is_gap(*c));
    last.is_none_or(ends_sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_end_where_type_allows() {
        let text = "老桥修好了。“桥面”铺了12块石板。";
        let found: Vec<_> = places(text, 1, 1).into_iter().map(|at| &text[at..]).collect();
        assert!(
            found.contains(&"石板。")
                && found.contains(&"块石板。")
                && found.contains(&"桥修好了。“桥面”铺了12块石板。")
        );
        assert!(!found.iter().any(|rest| rest.starts_with(['。', '”', '2', '“'])), "{found:?}");
        assert!(open_places(text, 1, 1).iter().all(|at| !text[*at..].starts_with("面")));
    }
}
