//! The rule `normalise/unreadable-character`.

use crate::document::Document;
use crate::span::Span;
use crate::stages::Proposer;

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    let mut done = 0;
    for (start, c) in document.chars_of_odd_lines() {
        if start < done {
            continue;
        }
        let Some(kind) = kind_of(c) else { continue };
        let run = text[start..].find(|c| kind_of(c) != Some(kind)).unwrap_or(text.len() - start);
        done = start + run;
        let count = text[start..done].chars().count();
        let message = if count == 1 { kind.to_owned() } else { format!("{kind} (a run of {count})") };
        proposer.note(Span::new(start, done), &message);
    }
}

/// Why `c` can't be read, if it can't.
fn kind_of(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{FFFD}' => "replacement character: the text here was lost before",
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}' => {
            "private-use character: it can be read only with its font"
        }
        // U+0085 is a line end.
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' => "C1 control: most often a mark of another encoding",
        _ => return None,
    })
}
