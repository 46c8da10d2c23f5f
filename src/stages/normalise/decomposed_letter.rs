//! The rule `normalise/decomposed-letter`.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

static LETTER_AND_MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:[\p{Latin}\p{Greek}\p{Cyrillic}&&\p{L}][\x{0300}-\x{036F}]+|[\p{Hiragana}\p{Katakana}][\x{3099}\x{309A}]+)",
    )
    .expect("a fixed pattern")
});

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    for line in document.odd_lines() {
        let body = document.slice(line.span);
        if is_nfc_quick(body.chars()) == IsNormalized::Yes {
            continue;
        }
        for letter in LETTER_AND_MARKS.find_iter(body) {
            let composed: String = letter.as_str().nfc().collect();
            if composed.chars().count() < letter.as_str().chars().count() {
                let start = line.span.start + letter.start();
                let message = format!("letter and accent as two characters: {composed}");
                proposer.repair(vec![Edit::replace(start..start + letter.len(), composed)], &message);
            }
        }
    }
}
