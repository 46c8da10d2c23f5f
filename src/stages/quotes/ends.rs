//! Where in a block a quotation could begin or end.

use crate::chars::{ends_sentence, is_cjk_punctuation, is_closing, is_han, is_opening};
use crate::span::Span;

/// One end of a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A byte offset, where the mark is put in.
    Place(usize),
    /// A gap, which the mark replaces.
    Gap(Span),
}

impl Side {
    /// Where it begins, as a byte offset.
    pub(crate) fn start(self) -> usize {
        match self {
            Self::Place(at) => at,
            Self::Gap(gap) => gap.start,
        }
    }

    /// Where it ends, as a byte offset.
    pub(crate) fn end(self) -> usize {
        match self {
            Self::Place(at) => at,
            Self::Gap(gap) => gap.end,
        }
    }
}

/// A place of a block where a mark may have stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Gap or place.
    pub(crate) side: Side,
    /// Code points of the block before it.
    pub(crate) left: usize,
    /// Code points of the block before what stands behind it; one more than
    /// `left` for a gap.
    pub(crate) right: usize,
    /// What it would be as the opening mark, if it can be.
    pub(crate) opens: Option<Opening>,
    /// What it would be as the closing mark, if it can be.
    pub(crate) closes: Option<Closing>,
}

/// What stands at an opening mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A gap.
    Gap,
    /// The block begins.
    Start,
    /// Punctuation before it.
    BehindPunctuation,
    /// Nothing, a little before a gap.
    Bare,
}

/// What stands at a closing mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// A gap.
    Gap,
    /// The block ends.
    Finish,
    /// Punctuation behind it.
    BeforePunctuation,
    /// The end of a sentence before it.
    BehindSentence,
    /// Nothing, a little behind a gap.
    Bare,
}

/// Code points between a gap and a bare place at most.
const BARE_REACH: u8 = 10;

impl End {
    /// Whether it is a gap.
    pub(crate) fn is_gap(&self) -> bool {
        matches!(self.side, Side::Gap(_))
    }
}

/// What is asked of a character again and again, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traits(u8);

impl Traits {
    /// It may stand inside a phrase: a Han character, letter or figure.
    pub(crate) const PLAIN: Self = Self(1);
    /// Full-width punctuation, opening and closing signs included.
    pub(crate) const PUNCTUATION: Self = Self(1 << 1);
    /// It opens a bracket or a quotation.
    pub(crate) const OPENS: Self = Self(1 << 2);
    /// It closes one.
    pub(crate) const CLOSES: Self = Self(1 << 3);
    /// It ends a sentence.
    pub(crate) const SENTENCE: Self = Self(1 << 4);
    /// It parts clauses.
    pub(crate) const COMMA: Self = Self(1 << 5);
    /// It parts words.
    pub(crate) const PAUSE: Self = Self(1 << 6);
    /// It is no Han character.
    pub(crate) const ODD: Self = Self(1 << 7);

    #[inline]
    fn of(c: char) -> Self {
        // Nearly every character is one of these.
        if matches!(c, '\u{4E00}'..='\u{9FFF}') { Self::PLAIN } else { Self::of_rare(c) }
    }

    fn of_rare(c: char) -> Self {
        let traits = [
            (Self::PLAIN, is_han(c) || c.is_ascii_alphanumeric()),
            (Self::PUNCTUATION, is_cjk_punctuation(c)),
            (Self::OPENS, is_opening(c)),
            (Self::CLOSES, is_closing(c)),
            (Self::SENTENCE, ends_sentence(c)),
            (Self::COMMA, matches!(c, '，' | '；' | '：')),
            (Self::PAUSE, c == '、'),
            (Self::ODD, !is_han(c)),
        ];
        Self(traits.into_iter().filter(|(_, has)| *has).fold(0, |all, (bit, _)| all | bit.0))
    }

    /// Whether one of `others` is among these.
    #[inline]
    pub(crate) fn have(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// 1 if `other` is among these, 0 if not.
    #[inline]
    pub(crate) fn count(self, other: Self) -> u64 {
        u64::from(self.have(other))
    }
}

impl std::ops::BitOr for Traits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The text of a block as code points, with the byte offset of each in the
/// document and that of the end.
#[derive(Debug)]
pub(crate) struct Characters<'a> {
    /// The text itself.
    pub(crate) text: &'a str,
    pub(crate) chars: Vec<char>,
    pub(crate) offsets: Vec<usize>,
    /// What each is.
    pub(crate) traits: Vec<Traits>,
    /// Where those stand that open or close something.
    pub(crate) brackets: Vec<usize>,
}

impl<'a> Characters<'a> {
    /// Those of `text`, which begins at byte `start` of the document.
    pub(crate) fn of(text: &'a str, start: usize) -> Self {
        // Most characters take three bytes.
        let expected = text.len() / 2 + 1;
        let (mut chars, mut offsets) = (Vec::with_capacity(expected), Vec::with_capacity(expected));
        let (mut traits, mut brackets) = (Vec::with_capacity(expected), Vec::new());
        for (at, c) in text.char_indices() {
            let own = Traits::of(c);
            if own.have(Traits::OPENS | Traits::CLOSES) {
                brackets.push(chars.len());
            }
            chars.push(c);
            offsets.push(start + at);
            traits.push(own);
        }
        offsets.push(start + text.len());
        Self { text, chars, offsets, traits, brackets }
    }

    /// The text of the code points `from..to`.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        let start = self.offsets[0];
        &self.text[self.offsets[from] - start..self.offsets[to] - start]
    }

    /// The code point before position `at`.
    pub(crate) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).map(|at| self.chars[at])
    }

    /// The code point behind position `at`.
    pub(crate) fn behind(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// Whether a sentence ends right before position `at`.
    pub(crate) fn ends_sentence(&self, at: usize) -> bool {
        at > 0 && self.traits[at - 1].have(Traits::SENTENCE)
    }
}

/// The ends of a block, in text order.
pub(crate) fn of(characters: &Characters<'_>, gaps: &[Span]) -> Vec<End> {
    let Characters { chars, traits, offsets, .. } = characters;
    let len = chars.len();
    let is_gap = gap_positions(characters, gaps);
    let near = Reach::of(traits, &is_gap);
    let mut ends = Vec::with_capacity(gaps.len() * 2 * usize::from(BARE_REACH));
    for at in 0..=len {
        let (first, last) = (at == 0, at == len);
        if !first && !last && traits[at - 1].have(Traits::PLAIN) && traits[at].have(Traits::PLAIN) {
            if !near.has_gap(at) {
                continue;
            }
        } else if !last && is_gap[at] {
            let side = Side::Gap(Span::new(offsets[at], offsets[at + 1]));
            let (opens, closes) = (Some(Opening::Gap), Some(Closing::Gap));
            ends.push(End { side, left: at, right: at + 1, opens, closes });
            continue;
        } else if !first && is_gap[at - 1] || !first && !last && (chars[at] == ' ' || chars[at - 1] == ' ') {
            continue;
        }
        let (opens, closes) = (opening(characters, at, &near), closing(characters, at, &near));
        if opens.is_some() || closes.is_some() {
            ends.push(End { side: Side::Place(offsets[at]), left: at, right: at, opens, closes });
        }
    }
    ends
}

fn gap_positions(characters: &Characters<'_>, gaps: &[Span]) -> Vec<bool> {
    let mut is_gap = vec![false; characters.chars.len()];
    for gap in gaps {
        if let Ok(at) = characters.offsets.binary_search(&gap.start)
            && at < is_gap.len()
        {
            is_gap[at] = true;
        }
    }
    is_gap
}

/// Code points from each position to the gaps around it, as far as nothing but
/// Han characters and figures stands between; no more than [`Reach::FAR`].
struct Reach {
    since: Vec<u8>,
    until: Vec<u8>,
}

impl Reach {
    const FAR: u8 = u8::MAX;

    fn of(traits: &[Traits], is_gap: &[bool]) -> Self {
        let len = traits.len();
        let mut since = vec![Self::FAR; len + 1];
        let mut until = vec![Self::FAR; len + 1];
        let step = |at: usize, reach: u8| match (is_gap[at], traits[at].have(Traits::PLAIN)) {
            (true, _) => 0,
            (_, true) => reach.saturating_add(1),
            _ => Self::FAR,
        };
        for at in 0..len {
            since[at + 1] = step(at, since[at]);
        }
        for at in (0..len).rev() {
            until[at] = step(at, until[at + 1]);
        }
        Self { since, until }
    }

    /// Whether a gap stands near enough to `at`.
    fn has_gap(&self, at: usize) -> bool {
        self.since[at].min(self.until[at]) <= BARE_REACH
    }
}

fn opening(characters: &Characters<'_>, at: usize, near: &Reach) -> Option<Opening> {
    let next = characters.traits.get(at)?;
    if next.have(Traits::CLOSES) || next.have(Traits::PUNCTUATION) && !next.have(Traits::OPENS) {
        return None;
    }
    match characters.before(at) {
        None | Some('“' | '「') => Some(Opening::Start),
        Some('‘' | '『') => None,
        Some(_) if characters.traits[at - 1].have(Traits::PUNCTUATION) => Some(Opening::BehindPunctuation),
        Some(_) => (near.until[at] <= BARE_REACH).then_some(Opening::Bare),
    }
}

fn closing(characters: &Characters<'_>, at: usize, near: &Reach) -> Option<Closing> {
    let last = characters.traits[at.checked_sub(1)?];
    let sentence = last.have(Traits::SENTENCE);
    let goes_on = last.have(Traits::PUNCTUATION) && !last.have(Traits::CLOSES) && !sentence;
    if last.have(Traits::OPENS) || goes_on {
        return None;
    }
    match characters.behind(at) {
        None | Some('”' | '」') => Some(Closing::Finish),
        Some('’' | '』') => None,
        Some(_) if sentence => Some(Closing::BehindSentence),
        Some(_) if characters.traits[at].have(Traits::PUNCTUATION) => Some(Closing::BeforePunctuation),
        Some(_) => (near.since[at] <= BARE_REACH).then_some(Closing::Bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_what_is_said_of_characters() {
        for c in ('\0'..='\u{FFFF}').chain('\u{20000}'..='\u{20010}') {
            let own = Traits::of(c);
            assert_eq!(own.have(Traits::PLAIN), is_han(c) || c.is_ascii_alphanumeric(), "{c:?}");
            assert_eq!(own.have(Traits::PUNCTUATION), is_cjk_punctuation(c), "{c:?}");
            assert_eq!(own.have(Traits::OPENS), is_opening(c), "{c:?}");
            assert_eq!(own.have(Traits::CLOSES), is_closing(c), "{c:?}");
            assert_eq!(own.have(Traits::SENTENCE), ends_sentence(c), "{c:?}");
            assert_eq!(own.have(Traits::ODD), !is_han(c), "{c:?}");
        }
    }

    #[test]
    fn ends_stand_near_gaps_and_beside_punctuation() {
        let text = "甲".repeat(20) + " " + &"乙".repeat(20) + "，丙";
        let characters = Characters::of(&text, 7);
        let gap = Span::new(7 + 60, 7 + 61);
        let ends = of(&characters, &[gap]);
        let lefts: Vec<usize> = ends.iter().map(|end| end.left).collect();
        let near = (10..20).chain([20]).chain(22..=31);
        assert_eq!(lefts, [0].into_iter().chain(near).chain([41, 42, 43]).collect::<Vec<_>>());
        assert_eq!(
            ends.iter().filter(|end| end.is_gap()).map(|end| end.side).collect::<Vec<_>>(),
            [Side::Gap(gap)]
        );
    }
}
