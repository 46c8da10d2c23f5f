//! The rule `normalise/control-character`.

use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

/// One control in this many characters, and the file is no text.
const TOO_MANY: usize = 10;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    let count = document.chars_of_odd_lines().filter(|(_, c)| is_stray(*c)).count();
    if count == 0 || count * TOO_MANY > text.chars().count() {
        return;
    }
    let mut done = 0;
    for (start, _) in document.chars_of_odd_lines().filter(|(_, c)| is_stray(*c)) {
        if start < done {
            continue;
        }
        let run = text[start..].find(|c| !is_stray(c)).unwrap_or(text.len() - start);
        done = start + run;
        let joins_line_end = text[..start].ends_with('\r') && text[done..].starts_with('\n');
        let begins_sequence = text[..done].ends_with('\u{1B}') && text[done..].starts_with(['[', ']', '(']);
        if joins_line_end || begins_sequence {
            continue;
        }
        let codes: Vec<_> = text[start..done].chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        let message = format!("control character in running text: {}", codes.join(" "));
        proposer.repair(vec![Edit::delete(start..done)], &message);
    }
}

/// C0 and DEL, but for those that arrange text or end lines somewhere.
fn is_stray(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{E}'..='\u{1B}' | '\u{7F}')
}
