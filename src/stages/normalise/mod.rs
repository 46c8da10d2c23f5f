//! Characters that stand for other characters, or for nothing.
//!
//! Every rule here looks at code points and their nearest neighbours. None
//! touches a space of any kind, a width or a letter that reads as it should:
//! gaps are evidence for later stages, widths are house style, and undamaged
//! text of any script stays as it is.

mod compatibility_ideograph;
mod control_character;
mod decomposed_letter;
mod radical_codepoint;
mod unreadable_character;
mod zero_width;

use std::ops::Range;

use super::{CodeRule, Stage};
use crate::chars::{is_han, is_line_end};

/// The stage `normalise`.
pub static STAGE: Stage = Stage {
    name: "normalise",
    code: &[
        CodeRule { ids: &["normalise/compatibility-ideograph"], propose: compatibility_ideograph::propose },
        CodeRule { ids: &["normalise/control-character"], propose: control_character::propose },
        CodeRule { ids: &["normalise/decomposed-letter"], propose: decomposed_letter::propose },
        CodeRule { ids: &["normalise/radical-codepoint"], propose: radical_codepoint::propose },
        CodeRule { ids: &["normalise/unreadable-character"], propose: unreadable_character::propose },
        CodeRule { ids: &["normalise/zero-width"], propose: zero_width::propose },
    ],
};

/// Whether `c` is kana, half-width kana included.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}')
}

/// Whether `c` is Hangul: a syllable or a jamo.
fn is_hangul(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7FB}' | '\u{FFA0}'..='\u{FFDC}')
}

/// Whether the character from `start` to `end` of `text` stands in a run of
/// characters that `joins`, at least one of them ordinary: Han as it should be,
/// or kana. Alone or among its like it is the subject of the text.
fn stands_in_text(text: &str, start: usize, end: usize, joins: fn(char) -> bool) -> bool {
    /// Characters looked at on each side: two words of running text.
    const REACH: usize = 6;
    let ordinary = |c: char| (is_han(c) && !is_compatibility_ideograph(c)) || is_kana(c);
    let before = text[..start].chars().rev().take(REACH).take_while(|c| joins(*c));
    let after = text[end..].chars().take(REACH).take_while(|c| joins(*c));
    before.chain(after).any(ordinary)
}

/// Whether `c` is a compatibility ideograph. Twelve unified ideographs lie in
/// the same block.
fn is_compatibility_ideograph(c: char) -> bool {
    match c {
        '\u{FA0E}' | '\u{FA0F}' | '\u{FA11}' | '\u{FA13}' | '\u{FA14}' | '\u{FA1F}' | '\u{FA21}'
        | '\u{FA23}' | '\u{FA24}' | '\u{FA27}' | '\u{FA28}' | '\u{FA29}' => false,
        _ => matches!(c, '\u{F900}'..='\u{FAD9}' | '\u{2F800}'..='\u{2FA1D}'),
    }
}

/// Whether `c` chooses a shape of the character before it.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}')
}

/// The line of `text` that byte `at` lies on.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind(is_line_end).map_or(0, |end| end + 1);
    let end = text[at..].find(is_line_end).map_or(text.len(), |end| at + end);
    start..end
}
