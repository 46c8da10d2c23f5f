//! The rule `normalise/zero-width`.

use std::sync::LazyLock;

use regex::Regex;

use crate::chars::{is_cjk_punctuation, is_han};
use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

/// Letters and digits of the scripts that run from right to left.
static RIGHT_TO_LEFT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\x{0590}-\x{08FF}\x{FB1D}-\x{FDFF}\x{FE70}-\x{FEFC}\x{10800}-\x{10FFF}\x{1E800}-\x{1EFFF}]")
        .expect("a fixed pattern")
});

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    let mut right_to_left = None;
    let mut done = 0;
    for (start, c) in document.chars_of_odd_lines() {
        if start < done || !is_invisible(c) {
            continue;
        }
        let end = start + text[start..].find(|c| !is_invisible(c)).unwrap_or(text.len() - start);
        done = end;
        let around = (text[..start].chars().next_back(), text[end..].chars().next());
        let mut is_idle = |c: char| match c {
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}' => {
                !*right_to_left.get_or_insert_with(|| RIGHT_TO_LEFT.is_match(text))
            }
            _ => is_idle_between(c, around),
        };
        if around == (Some('\r'), Some('\n')) || !text[start..end].chars().all(&mut is_idle) {
            continue;
        }
        let codes: Vec<_> = text[start..end].chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        let message = format!("invisible character that means nothing here: {}", codes.join(" "));
        proposer.repair(vec![Edit::delete(start..end)], &message);
    }
}

/// Characters without width or ink that may be idle. Overrides of direction
/// (U+202D, U+202E) are not among them: they change what is read.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202C}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether `c` means nothing between the two characters `around` it.
fn is_idle_between(c: char, around: (Option<char>, Option<char>)) -> bool {
    let both = |test: fn(char) -> bool| around.0.is_none_or(test) && around.1.is_none_or(test);
    match c {
        '\u{AD}' => around.0.is_some_and(char::is_alphabetic) && around.1.is_some_and(char::is_alphabetic),
        '\u{200C}' | '\u{200D}' => both(|c| is_han(c) || is_cjk_punctuation(c) || c.is_ascii()),
        '\u{200B}' => both(|c| !divides_words_by_zero_width(c)),
        _ => true,
    }
}

/// Thai, Lao, Tibetan, Burmese, Khmer and their neighbours write no spaces.
fn divides_words_by_zero_width(c: char) -> bool {
    matches!(c,
        '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{1950}'..='\u{1AAF}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AADF}')
}
