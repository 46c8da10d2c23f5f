//! Stripped quotation marks: which marks of a paragraph pair, and what they
//! leave behind.

use super::changes::Damage;
use super::rates::{GapRates, Kind};
use super::rng::Rng;
use crate::chars::{closing_of, is_gap};
use crate::span::Span;

/// One end of a stripped pair, as a place in the damaged text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The gap that the mark left; a gap of two marks that met belongs to both.
    Gap(Span),
    /// The byte offset at which it stood.
    Place(usize),
}

/// A pair of marks that was stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrippedPair {
    /// Where the opening mark stood.
    pub open: End,
    /// Where the closing mark stood.
    pub close: End,
    /// The opening mark.
    pub mark: char,
}

/// A paragraph without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stripped {
    /// The text.
    pub text: String,
    /// All pairs, in the order of their opening marks, outer before inner.
    pub pairs: Vec<StrippedPair>,
}

/// Strips the quotation marks of `paragraph`, and 〈〉 inside 《》; some `……`
/// and `——` go the same way and are no pairs. A paragraph whose marks don't
/// pair is left as it is.
#[must_use]
pub fn strip_marks(paragraph: &str, rates: &GapRates, rng: &mut Rng) -> Stripped {
    let Some(pairs) = pairs(paragraph) else {
        return Stripped { text: paragraph.to_owned(), pairs: Vec::new() };
    };
    let clusters = clusters(paragraph, &pairs, rates, rng);
    let (mut text, mut done) = (String::with_capacity(paragraph.len()), 0);
    let mut ends = Vec::new();
    for cluster in &clusters {
        text.push_str(&paragraph[done..cluster.span.start]);
        let end = match cluster.leaves_gap {
            true => End::Gap(Span::new(text.len(), text.len() + 1)),
            false => End::Place(text.len()),
        };
        text.push_str(cluster.leaves());
        ends.push((cluster.span, end));
        done = cluster.span.end;
    }
    text.push_str(&paragraph[done..]);
    let end_of = |at: usize| {
        let index = ends.partition_point(|(span, _)| span.end <= at);
        ends[index].1
    };
    let pairs = pairs.iter().map(|pair| StrippedPair {
        open: end_of(pair.open),
        close: end_of(pair.close),
        mark: pair.mark,
    });
    Stripped { text, pairs: pairs.collect() }
}

/// The same as damage to be laid beside other damage: marks that meet are one.
/// It has to be laid down first, so that no mark stays whose partner is gone.
pub(super) fn plan(paragraph: &str, rates: &GapRates, rng: &mut Rng) -> Vec<Damage> {
    let Some(pairs) = pairs(paragraph) else { return Vec::new() };
    let damage = |cluster: Cluster| Damage {
        kind: if cluster.opens || cluster.closes { Kind::Marks } else { Kind::Dashes },
        reach: cluster.span,
        changes: vec![(cluster.span, cluster.leaves().to_owned())],
    };
    clusters(paragraph, &pairs, rates, rng).into_iter().map(damage).collect()
}

/// How many pairs of marks `paragraph` has; 0 if they don't pair.
pub(super) fn count_pairs(paragraph: &str) -> usize {
    pairs(paragraph).map_or(0, |pairs| pairs.len())
}

/// Whether the quotation marks of `paragraph` pair.
pub(super) fn is_balanced(paragraph: &str) -> bool {
    pairs(paragraph).is_some()
}

/// A pair of marks in the clean paragraph: byte offsets of both.
#[derive(Clone, Copy)]
struct Pair {
    open: usize,
    close: usize,
    mark: char,
}

/// Whether `c` is a quotation mark.
pub(super) fn is_quotation_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』')
}

/// The pairs of quotation marks, in the order of their opening marks, and 〈〉
/// inside 《》. `None` if they or the title brackets don't pair.
fn pairs(paragraph: &str) -> Option<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in paragraph.char_indices() {
        if is_apostrophe(paragraph, at, c) {
            continue;
        }
        match c {
            '“' | '‘' | '「' | '『' | '《' | '〈' => open.push((at, c)),
            '”' | '’' | '」' | '』' | '》' | '〉' => {
                let (start, mark) = open.pop().filter(|(_, mark)| closing_of(*mark) == Some(c))?;
                let in_title = open.iter().any(|(_, outer)| *outer == '《');
                if is_quotation_mark(c) || (c == '〉' && in_title) {
                    pairs.push(Pair { open: start, close: at, mark });
                }
            }
            _ => {}
        }
    }
    pairs.sort_by_key(|pair| pair.open);
    open.is_empty().then_some(pairs)
}

/// Whether the mark at `at` is the apostrophe of a Latin word (`it’s`).
fn is_apostrophe(text: &str, at: usize, c: char) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    c == '’' && latin(text[..at].chars().next_back()) && latin(text[at + c.len_utf8()..].chars().next())
}

/// Signs side by side that go together and leave one gap, or none.
struct Cluster {
    span: Span,
    opens: bool,
    closes: bool,
    leaves_gap: bool,
}

impl Cluster {
    fn leaves(&self) -> &'static str {
        if self.leaves_gap { " " } else { "" }
    }
}

fn clusters(paragraph: &str, pairs: &[Pair], rates: &GapRates, rng: &mut Rng) -> Vec<Cluster> {
    let mut signs: Vec<(Span, bool, bool)> = Vec::new();
    for pair in pairs {
        let span = |at: usize| Span::new(at, at + pair.mark.len_utf8());
        signs.push((span(pair.open), true, false));
        signs.push((span(pair.close), false, true));
    }
    for (at, sign) in paragraph.match_indices("……").chain(paragraph.match_indices("——")) {
        if rng.chance(rates.dash_lost) {
            signs.push((Span::new(at, at + sign.len()), false, false));
        }
    }
    signs.sort();
    let together = signs.chunk_by(|a, b| a.0.end == b.0.start);
    together.map(|signs| cluster(paragraph, signs, rates, rng)).collect()
}

fn cluster(paragraph: &str, signs: &[(Span, bool, bool)], rates: &GapRates, rng: &mut Rng) -> Cluster {
    let span = Span::new(signs[0].0.start, signs[signs.len() - 1].0.end);
    let opens = signs.iter().any(|(_, opens, _)| *opens);
    let closes = signs.iter().any(|(_, _, closes)| *closes);
    let before = paragraph[..span.start].chars().next_back();
    let after = paragraph[span.end..].chars().next();
    let leaves_gap = match (before, after) {
        // A gap that stands there stays the only one.
        (None, _) | (_, None) => false,
        (Some(before), Some(after)) if is_gap(before) || is_gap(after) => false,
        _ if opens => rng.chance(rates.opening),
        (_, Some(after)) if closes && after.is_alphanumeric() => rng.chance(rates.closing_before_text),
        _ if closes => rng.chance(rates.closing_before_punctuation),
        _ => rng.chance(rates.dash),
    };
    Cluster { span, opens, closes, leaves_gap }
}
