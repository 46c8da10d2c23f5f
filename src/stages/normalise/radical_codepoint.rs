//! The rule `normalise/radical-codepoint`.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use super::{is_kana, line_around, stands_in_text};
use crate::chars::is_han;
use crate::document::Document;
use crate::edit::Edit;
use crate::stages::Proposer;

/// CJK radicals that are characters of their own, and those characters, from
/// EquivalentUnifiedIdeograph.txt of Unicode. The Kangxi radicals need no
/// table: each has a compatibility decomposition.
const SUPPLEMENT: [(char, char); 39] = [
    ('\u{2E9F}', '母'),
    ('\u{2EA0}', '民'),
    ('\u{2EC1}', '虎'),
    ('\u{2EC4}', '西'),
    ('\u{2EC5}', '见'),
    ('\u{2EC6}', '角'),
    ('\u{2EC9}', '贝'),
    ('\u{2ECB}', '车'),
    ('\u{2ED1}', '長'),
    ('\u{2ED3}', '长'),
    ('\u{2ED4}', '门'),
    ('\u{2ED7}', '雨'),
    ('\u{2ED8}', '青'),
    ('\u{2ED9}', '韦'),
    ('\u{2EDA}', '页'),
    ('\u{2EDB}', '风'),
    ('\u{2EDC}', '飞'),
    ('\u{2EDD}', '食'),
    ('\u{2EE2}', '马'),
    ('\u{2EE3}', '骨'),
    ('\u{2EE4}', '鬼'),
    ('\u{2EE5}', '鱼'),
    ('\u{2EE6}', '鸟'),
    ('\u{2EE7}', '卤'),
    ('\u{2EE8}', '麦'),
    ('\u{2EE9}', '黄'),
    ('\u{2EEA}', '黾'),
    ('\u{2EEB}', '斉'),
    ('\u{2EEC}', '齐'),
    ('\u{2EED}', '歯'),
    ('\u{2EEE}', '齿'),
    ('\u{2EEF}', '竜'),
    ('\u{2EF0}', '龙'),
    ('\u{2EF1}', '龜'),
    ('\u{2EF2}', '亀'),
    ('\u{2EF3}', '龟'),
    ('\u{2E81}', '厂'),
    ('\u{2E92}', '巳'),
    ('\u{2EA9}', '王'),
];

/// Words of a line that is about characters, not made of them.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"U\+|部首|偏旁|字旁|字头|字頭|字底|笔画|筆畫|笔顺|康熙|(?i:radical)")
        .expect("a fixed pattern")
});

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let text = document.text();
    let mut judged = (0..0, false);
    for (start, c) in document.chars_of_odd_lines().filter(|(_, c)| is_radical(*c)) {
        let Some(character) = character(c) else { continue };
        let end = start + c.len_utf8();
        if !judged.0.contains(&start) {
            let line = line_around(text, start);
            let subject = SUBJECT.is_match(&text[line.clone()]);
            judged = (line, subject);
        }
        if judged.1 || names_section(text, end) || !stands_in_text(text, start, end, joins) {
            continue;
        }
        let message = format!("U+{:04X} is a radical's code point, not {character}", u32::from(c));
        proposer.repair(vec![Edit::replace(start..end, character)], &message);
    }
}

fn is_radical(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2EF3}' | '\u{2F00}'..='\u{2FD5}')
}

fn joins(c: char) -> bool {
    is_han(c) || is_radical(c) || is_kana(c)
}

/// `\u{2F54}部`, the section of a dictionary: 部 stands behind, and no word.
fn names_section(text: &str, end: usize) -> bool {
    let mut rest = text[end..].chars();
    rest.next() == Some('部') && !rest.next().is_some_and(is_han)
}

fn character(radical: char) -> Option<char> {
    match radical {
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(radical).nfkc().next(),
        _ => SUPPLEMENT.iter().find(|(known, _)| *known == radical).map(|(_, character)| *character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mapped_radical_becomes_an_ordinary_character() {
        let kangxi = '\u{2F00}'..='\u{2FD5}';
        assert!(kangxi.chain(SUPPLEMENT.map(|(radical, _)| radical)).all(|radical| {
            is_radical(radical) && character(radical).is_some_and(|c| is_han(c) && !is_radical(c))
        }));
    }
}
