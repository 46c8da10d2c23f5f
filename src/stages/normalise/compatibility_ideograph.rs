//! The rule `normalise/compatibility-ideograph`.

use unicode_normalization::char::decompose_canonical;

use super::stands_in_text;
use super::{is_compatibility_ideograph, is_hangul, is_kana, is_variation_selector, line_around};
use crate::chars::is_han;
use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    let mut found = document.chars_of_odd_lines().filter(|(_, c)| is_compatibility_ideograph(*c)).peekable();
    if found.peek().is_none() || !is_chinese(text) {
        return;
    }
    // The verdict on a line holds for all its characters.
    let mut judged = (0..0, false);
    for (start, c) in found {
        let end = start + c.len_utf8();
        if !judged.0.contains(&start) {
            let line = line_around(text, start);
            let running = is_running_chinese(&text[line.clone()]);
            judged = (line, running);
        }
        let chosen = text[end..].chars().next().is_some_and(is_variation_selector);
        if !judged.1 || chosen || !stands_in_text(text, start, end, is_han) {
            continue;
        }
        let unified = unified(c);
        let message = format!("U+{:04X} is a compatibility code point for {unified}", u32::from(c));
        proposer.repair(vec![Edit::replace(start..end, unified)], &message);
    }
}

fn unified(c: char) -> char {
    let mut unified = c;
    decompose_canonical(c, |canonical| unified = canonical);
    unified
}

fn is_running_chinese(line: &str) -> bool {
    !line.contains("U+") && !line.chars().any(|c| is_kana(c) || is_hangul(c))
}

/// Whether hardly any of `text` is Japanese or Korean: a headline of nothing
/// but Han looks the same in all three languages.
fn is_chinese(text: &str) -> bool {
    let (mut han, mut other) = (0usize, 0usize);
    for c in text.chars() {
        han += usize::from(is_han(c));
        other += usize::from(is_kana(c) || is_hangul(c));
    }
    other * 20 <= han
}
