//! What a pattern can't match without: strings of which every match holds at
//! least one. Looking for them is many times as fast as running the pattern.

use std::ops::RangeInclusive;

use aho_corasick::{AhoCorasick, packed};
use memchr::memmem;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use regex_syntax::utf8::Utf8Sequences;

use crate::chars::Ascii;

/// Strings of which every match of a pattern holds one.
#[derive(Clone, Debug)]
pub(super) struct Needles {
    finder: Finder,
    strings: Vec<String>,
    /// The last bytes of what stands right before each, where that is known.
    before: Option<Vec<RangeInclusive<u8>>>,
}

/// Strings of which every match of a part of a pattern holds one.
#[derive(Clone, Debug)]
struct Found {
    /// How common they are.
    commonness: f64,
    strings: Vec<String>,
    /// See [`Needles`].
    before: Option<Vec<RangeInclusive<u8>>>,
}

/// Looks for them, by vectors where it can.
#[derive(Clone, Debug)]
enum Finder {
    One(memmem::Finder<'static>),
    Few(packed::Searcher),
    Any(AhoCorasick),
}

impl Finder {
    /// One for `needles`; `None` if there are too many.
    fn of(needles: &[String]) -> Option<Self> {
        if let [needle] = needles {
            return Some(Self::One(memmem::Finder::new(needle).into_owned()));
        }
        let few = packed::Searcher::new(needles).map(Self::Few);
        few.or_else(|| AhoCorasick::new(needles).ok().map(Self::Any))
    }

    /// Where the first one in `text` from byte `at` on stands.
    fn find(&self, text: &[u8], at: usize) -> Option<usize> {
        match self {
            Self::One(finder) => finder.find(&text[at..]).map(|found| at + found),
            Self::Few(finder) => finder.find_in(text, (at..text.len()).into()).map(|found| found.start()),
            Self::Any(finder) => {
                finder.find(aho_corasick::Input::new(text).range(at..)).map(|found| found.start())
            }
        }
    }
}

/// Strings looked for at most: more than an alternation of words has.
const MOST: usize = 64;

impl Needles {
    /// The needles of `pattern`, which matches within a line; `None` if it has
    /// none, or may match across lines.
    pub(super) fn of(pattern: &Hir) -> Option<Self> {
        if !keeps_to_a_line(pattern) {
            return None;
        }
        let Found { strings, before, .. } = best(pattern)?;
        Some(Self { finder: Finder::of(&strings)?, strings, before })
    }

    /// Whether a text with these characters may hold one, with what has to stand
    /// before it.
    pub(super) fn may_be_in(&self, ascii: &Ascii) -> bool {
        let follows = |first: u8| match &self.before {
            Some(before) if first.is_ascii() => ascii.has_behind(before.iter().cloned().flatten(), first),
            _ => true,
        };
        self.strings.iter().any(|needle| ascii.may_hold(needle) && follows(needle.as_bytes()[0]))
    }

    /// Where in `text` the first one from byte `at` on stands.
    pub(super) fn find(&self, text: &str, at: usize) -> Option<usize> {
        self.finder.find(text.as_bytes(), at)
    }
}

/// Whether no match can hold a line end, or depends on what lies beyond one.
fn keeps_to_a_line(hir: &Hir) -> bool {
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    match hir.kind() {
        HirKind::Empty => true,
        HirKind::Literal(literal) => !literal.0.iter().any(is_line_end),
        HirKind::Class(Class::Unicode(class)) => {
            let holds = |c: char| class.iter().any(|range| (range.start()..=range.end()).contains(&c));
            !holds('\n') && !holds('\r')
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Look(look) => !matches!(look, Look::Start | Look::End),
        HirKind::Repetition(repetition) => keeps_to_a_line(&repetition.sub),
        HirKind::Capture(capture) => keeps_to_a_line(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(keeps_to_a_line),
    }
}

/// The rarest needles of `hir`.
fn best(hir: &Hir) -> Option<Found> {
    match hir.kind() {
        HirKind::Concat(parts) => {
            let from = |at: usize| {
                let before = at.checked_sub(1).map(|before| &parts[before]);
                beginnings(&Hir::concat(parts[at..].to_vec()), before)
            };
            let inside = parts.iter().filter_map(best);
            let all = (0..parts.len()).filter_map(from).chain(inside);
            all.min_by(|a, b| a.commonness.total_cmp(&b.commonness))
        }
        HirKind::Capture(capture) => best(&capture.sub),
        _ => beginnings(hir, None),
    }
}

/// What every match of `hir`, which stands behind `before`, begins with, if that
/// is a few strings.
fn beginnings(hir: &Hir, before: Option<&Hir>) -> Option<Found> {
    let found = Extractor::new().limit_class(16).limit_total(MOST).extract(hir);
    let mut needles: Vec<String> = Vec::new();
    for literal in found.literals()? {
        needles.push(std::str::from_utf8(literal.as_bytes()).ok()?.to_owned());
    }
    let holds_another = |needle: &String| needles.iter().any(|n| n != needle && needle.contains(n.as_str()));
    let mut kept: Vec<String> = needles.iter().filter(|needle| !holds_another(needle)).cloned().collect();
    kept.sort_unstable();
    kept.dedup();
    if kept.is_empty() || kept.iter().any(String::is_empty) {
        return None;
    }
    let commonness = kept.iter().map(|needle| needle.chars().map(frequency).product::<f64>()).sum();
    // Inside another one it need not stand at the beginning.
    let is_first = needles.iter().all(|needle| kept.iter().any(|kept| needle.starts_with(kept.as_str())));
    let before = before.filter(|_| is_first).and_then(last_bytes);
    Some(Found { commonness, strings: kept, before })
}

/// The last bytes of what `hir` matches, if that is a character of some class.
fn last_bytes(hir: &Hir) -> Option<Vec<RangeInclusive<u8>>> {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.iter().flat_map(|range| Utf8Sequences::new(range.start(), range.end()));
            let mut last: Vec<(u8, u8)> = ranges
                .filter_map(|sequence| sequence.as_slice().last().map(|range| (range.start, range.end)))
                .collect();
            last.sort_unstable();
            last.dedup();
            Some(last.into_iter().map(|(start, end)| start..=end).collect())
        }
        HirKind::Literal(literal) => literal.0.last().map(|last| vec![*last..=*last]),
        HirKind::Repetition(repetition) if repetition.min > 0 => last_bytes(&repetition.sub),
        HirKind::Concat(parts) => parts.last().and_then(last_bytes),
        HirKind::Capture(capture) => last_bytes(&capture.sub),
        _ => None,
    }
}

/// About how often `c` stands in Chinese text, as a share of all characters.
fn frequency(c: char) -> f64 {
    match c {
        ' ' | '0'..='9' => 0.005,
        '，' | '。' | '、' | '“' | '”' => 0.03,
        c if c.is_ascii() => 0.001,
        _ => 0.002,
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    fn of(pattern: &str) -> Option<Needles> {
        Needles::of(&ParserBuilder::new().crlf(true).build().parse(pattern).expect("a good pattern"))
    }

    fn needles(pattern: &str) -> Option<Vec<String>> {
        of(pattern).map(|needles| needles.strings)
    }

    #[test]
    fn the_rarest_strings_are_chosen() {
        let of = |pattern| needles(pattern).expect("there are some");
        assert_eq!(of(r"[\p{Han}&&[^词文]](?<edit> ?and ?)[\p{Han}&&[^的]]"), ["and"]);
        assert_eq!(of(r"(?m)\p{Han}(?<edit>\.{3,6}|。{3,6})(?:\p{Han}|$)"), ["...", "。。。"]);
        assert_eq!(of(r"\p{Han}(?<edit>, ?)\p{Han}"), [","]);
    }

    #[test]
    fn what_stands_before_counts() {
        let may = |pattern, text| of(pattern).expect("there are some").may_be_in(&Ascii::of(text));
        for pattern in [r"\p{Han}(?<edit>, ?)\p{Han}", r"(?m)\p{Han}{2}(?<edit>,)$", r"([\p{Han}。]),"] {
            assert!(may(pattern, "好,走") && !may(pattern, "3,000, a"), "{pattern}");
        }
        assert!(may(r"\p{Han}?(?<edit>,)", "3,000") && !may(r"\p{Han}?(?<edit>,)", "3.000"));
        // `xab` holds `ab`, behind something else.
        assert!(may(r"\p{Han}(?<edit>ab|xab)", "好xab"));
    }

    #[test]
    fn what_may_cross_lines_has_none() {
        assert_eq!(needles(r"甲\s+乙"), None);
        assert_eq!(needles(r"^甲"), None);
        assert_eq!(needles(r"[^0-9]，"), None);
        assert_eq!(needles(r"\p{Han}{2}"), None);
    }
}
