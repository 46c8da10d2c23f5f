//! Differences between characters: what stands between two characters that
//! input, clean text and gold have in common, and how those are written.

use std::ops::Range;

use super::Page;
use super::align::Alignment;
use super::cases::{Case, around, line_of};
use super::content::{Content, PAIRS, is_invisible};
use super::figures::{Count, Kind};
use crate::chars::is_han;

/// Content characters between two common ones up to which a difference is one
/// of characters; what is longer is a matter of blocks.
const MAX_BETWEEN: usize = 12;

/// What the three texts have at one place.
struct Place<'a> {
    gold: &'a str,
    input: &'a str,
    cleaned: &'a str,
    left: Option<char>,
    right: Option<char>,
}

pub(super) fn score(page: &mut Page<'_>) {
    let paragraphs: Vec<_> = page.gold.blocks.iter().map(|block| block.chars.clone()).collect();
    for paragraph in paragraphs {
        let common: Vec<usize> = paragraph
            .clone()
            .filter(|gold| page.from_input.holds(*gold) && page.from_cleaned.holds(*gold))
            .collect();
        let firsts = common.first().map(|first| (None, Some(*first)));
        let lasts = common.last().map(|last| (Some(*last), None));
        let inner = common.windows(2).map(|pair| (Some(pair[0]), Some(pair[1])));
        for (from, to) in firsts.into_iter().chain(inner).chain(lasts) {
            if let Some(to) = to {
                judge_character(page, from, to);
            }
            judge_between(page, from, to, &paragraph);
        }
    }
}

/// Judges how a common character is written.
fn judge_character(page: &mut Page<'_>, from: Option<usize>, gold: usize) {
    let at = |text, alignment: &Alignment| {
        between(text, alignment, from, Some(gold)).map_or_else(|| alignment.in_text(gold)[0], |(_, to)| to)
    };
    let (input, cleaned) = (at(page.input, page.from_input), at(page.cleaned, page.from_cleaned));
    let written = |text: &Content, at: usize| text.text[text.chars[at].at..text.end(at)].to_owned();
    let texts = [written(page.gold, gold), written(page.input, input), written(page.cleaned, cleaned)];
    let place = Place { gold: &texts[0], input: &texts[1], cleaned: &texts[2], left: None, right: None };
    judge(page, &place, gold, Some((cleaned, cleaned)), Some((input, input)), |before, after, _, _| {
        (before != after).then(|| written_kind(before, after))
    });
}

fn written_kind(before: &str, after: &str) -> Kind {
    let wide =
        |text: &str| text.chars().any(|c| matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}'));
    let ascii = |text: &str| text.is_ascii() || text == "·" || wide(text);
    if ascii(before) && ascii(after) { Kind::Width } else { Kind::CodePoints }
}

/// Judges what stands between two common characters, or one and the end of
/// its paragraph.
fn judge_between(page: &mut Page<'_>, from: Option<usize>, to: Option<usize>, paragraph: &Range<usize>) {
    let edges = (from.unwrap_or(paragraph.start), to.unwrap_or(paragraph.end));
    if edges.1 - edges.0 > MAX_BETWEEN {
        return;
    }
    let Some(input) = stretch(page.input, page.from_input, from, to) else { return };
    let Some(cleaned) = stretch(page.cleaned, page.from_cleaned, from, to) else { return };
    let gold = page.gold.between(from, to).to_owned();
    let told = |text: &Content, (a, b): (Option<usize>, Option<usize>)| text.between(a, b).to_owned();
    let texts = [gold, told(page.input, input), told(page.cleaned, cleaned)];
    let content = |text: &str| text.chars().filter(|c| is_letter(*c)).count();
    if texts.iter().any(|text| content(text) > MAX_BETWEEN) {
        return;
    }
    let marks = texts.iter().any(|text| text.contains(is_mark));
    let texts = texts.map(|text| normal(&text, marks));
    let place = Place {
        gold: &texts[0],
        input: &texts[1],
        cleaned: &texts[2],
        left: from.map(|at| page.gold.chars[at].written),
        right: to.map(|at| page.gold.chars[at].written),
    };
    let pair = |(a, b): (Option<usize>, Option<usize>)| Some((a.or(b)?, b.or(a)?));
    judge(page, &place, from.or(to).unwrap_or(0), pair(cleaned), pair(input), difference);
}

/// Where a text has what stands between `from` and `to` of gold, as the
/// content characters around it.
fn stretch(
    text: &Content,
    alignment: &Alignment,
    from: Option<usize>,
    to: Option<usize>,
) -> Option<(Option<usize>, Option<usize>)> {
    let block = |at: usize| &text.blocks[text.chars[at].block].chars;
    let strange = |mut range: Range<usize>| range.all(|at| alignment.to_gold(at).is_none());
    match (from, to) {
        (Some(_), Some(_)) => between(text, alignment, from, to).map(|(a, b)| (Some(a), Some(b))),
        (None, Some(to)) => {
            let mut places = alignment.in_text(to).iter();
            places.find(|at| strange(block(**at).start..**at)).map(|at| (None, Some(*at)))
        }
        (Some(from), None) => {
            let mut places = alignment.in_text(from).iter();
            places.find(|at| strange(**at + 1..block(**at).end)).map(|at| (Some(*at), None))
        }
        (None, None) => None,
    }
}

/// The places of `from` and `to` in one block, the closest ones.
fn between(
    text: &Content,
    alignment: &Alignment,
    from: Option<usize>,
    to: Option<usize>,
) -> Option<(usize, usize)> {
    let pairs = alignment.in_text(from?).iter().flat_map(|a| {
        let behind = alignment.in_text(to.unwrap_or(0)).iter().find(|b| *b > a);
        behind.map(|b| (*a, *b))
    });
    let close = pairs.filter(|(a, b)| text.in_one_block(*a, *b) && b - a <= MAX_BETWEEN + 1);
    close.min_by_key(|(a, b)| b - a)
}

/// A text between two characters without its marks; without its gaps too where
/// one of the texts has marks, for then they are the matter.
fn normal(text: &str, marks: bool) -> String {
    text.chars().filter(|c| !(is_mark(*c) || marks && c.is_whitespace())).collect()
}

fn is_mark(c: char) -> bool {
    c == '"' || PAIRS.iter().any(|(open, close)| c == *open || c == *close)
}

fn is_letter(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_invisible(c) || is_mark(c))
}

type Judge = fn(&str, &str, Option<char>, Option<char>) -> Option<Kind>;

/// Counts a place by what input and gold, or else input and clean text, differ
/// in.
fn judge(
    page: &mut Page<'_>,
    place: &Place<'_>,
    gold: usize,
    cleaned: Option<(usize, usize)>,
    input: Option<(usize, usize)>,
    kind_of: Judge,
) {
    let (needed, made) = (place.input != place.gold, place.input != place.cleaned);
    if !needed && !made {
        return;
    }
    let after = if needed { place.gold } else { place.cleaned };
    let Some(kind) = kind_of(place.input, after, place.left, place.right) else { return };
    let right = needed && place.cleaned == place.gold;
    page.count(kind, Count { needed: needed.into(), made: made.into(), right: right.into() });
    if right {
        return;
    }
    let told = |text: &Content, pair: Option<(usize, usize)>| {
        pair.map_or_else(String::new, |(a, b)| around(text, a, b))
    };
    let at = cleaned.map(|(from, _)| page.cleaned.chars[from].at);
    let case = Case {
        kind,
        wrong: made,
        line: at.map_or(0, |at| line_of(&page.cleaned.text, at)),
        gold: around(page.gold, gold, gold),
        got: told(page.cleaned, cleaned),
        input: told(page.input, input),
        rule: None,
        at: cleaned.map(|(from, to)| (page.cleaned.chars[from].at, page.cleaned.end(to))),
    };
    page.cases.push(case);
}

/// What kind of difference leads from `before` to `after`, between `left` and
/// `right`. `None` if there is none that is not one of marks.
fn difference(before: &str, after: &str, left: Option<char>, right: Option<char>) -> Option<Kind> {
    let letters = |text: &str| text.chars().filter(|c| is_letter(*c)).collect::<String>();
    let (old, new) = (letters(before), letters(after));
    let spaces = |text: &str| text.chars().filter(|c| c.is_whitespace()).collect::<String>();
    if old != new {
        return Some(content_difference(&old, &new, left, right));
    }
    if spaces(before) == spaces(after) {
        return (before != after).then_some(Kind::CodePoints);
    }
    let word = |c: Option<char>| c.is_some_and(|c| is_han(c) || c.is_alphanumeric());
    let one_sided = spaces(before).is_empty() != spaces(after).is_empty();
    Some(if one_sided && word(left) && word(right) { Kind::LetterSpacing } else { Kind::Spaces })
}

fn content_difference(old: &str, new: &str, left: Option<char>, right: Option<char>) -> Kind {
    let all = |text: &str, test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    let dash = |c: char| matches!(c, '…' | '—');
    let like_dash = |c: char| matches!(c, '…' | '—' | '.' | '-' | '–' | '―' | '_' | '一' | '·');
    let repeats = |short: &str, long: &str| {
        !long.is_empty() && short.is_empty() && long.chars().all(|c| Some(c) == left || Some(c) == right)
    };
    let foreign = |text: &str, other: &str| {
        all(text, |c| c.is_ascii_alphanumeric()) && !other.chars().any(|c| c.is_ascii_alphanumeric())
    };
    let mark = |c: char| !c.is_alphanumeric();
    if all(new, dash) && old.chars().all(like_dash) || all(old, dash) && new.chars().all(like_dash) {
        Kind::Dashes
    } else if foreign(old, new) || foreign(new, old) {
        Kind::StrayTokens
    } else if repeats(new, old) || repeats(old, new) {
        Kind::DoubledCharacters
    } else if all(old, mark) && all(new, mark) {
        Kind::Width
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(before: &str, after: &str) -> Option<Kind> {
        difference(before, after, Some('渠'), Some('水'))
    }

    #[test]
    fn differences_have_their_kinds() {
        assert_eq!(kind(" ", ""), Some(Kind::LetterSpacing));
        assert_eq!(kind("", " "), Some(Kind::LetterSpacing));
        assert_eq!(kind(" ", "\u{3000}"), Some(Kind::Spaces));
        assert_eq!(kind(" and ", "和"), Some(Kind::StrayTokens));
        assert_eq!(kind("渠", ""), Some(Kind::DoubledCharacters));
        assert_eq!(kind(" ", "……"), Some(Kind::Dashes));
        assert_eq!(kind("一", "——"), Some(Kind::Dashes));
        assert_eq!(kind("\u{200B}", ""), Some(Kind::CodePoints));
        assert_eq!(kind("、", ","), Some(Kind::Width));
        assert_eq!(kind("曰", "日"), Some(Kind::Other));
        assert_eq!(kind("", ""), None);
        assert_eq!(written_kind(",", "，"), Kind::Width);
        assert_eq!(written_kind("⽔", "水"), Kind::CodePoints);
    }
}
