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
const BARE_REACH: usize = 10;

impl End {
    /// Whether it is a gap.
    pub(crate) fn is_gap(&self) -> bool {
        matches!(self.side, Side::Gap(_))
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
}

impl<'a> Characters<'a> {
    /// Those of `text`, which begins at byte `start` of the document.
    pub(crate) fn of(text: &'a str, start: usize) -> Self {
        // Most characters take three bytes.
        let (mut chars, mut offsets) =
            (Vec::with_capacity(text.len() / 2), Vec::with_capacity(text.len() / 2 + 1));
        for (at, c) in text.char_indices() {
            chars.push(c);
            offsets.push(start + at);
        }
        offsets.push(start + text.len());
        Self { text, chars, offsets }
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
}

/// The ends of a block, in text order.
pub(crate) fn of(characters: &Characters<'_>, gaps: &[Span]) -> Vec<End> {
    let len = characters.chars.len();
    let is_gap = gap_positions(characters, gaps);
    let plain: Vec<bool> = characters.chars.iter().map(|c| is_plain(*c)).collect();
    let near = Reach::of(&plain, &is_gap);
    let mut ends = Vec::new();
    for at in 0..=len {
        let is_inside = at > 0 && at < len && plain[at - 1] && plain[at];
        if is_inside && near.since[at] > BARE_REACH && near.until[at] > BARE_REACH {
            continue;
        }
        let touches_gap = is_gap.get(at).copied().unwrap_or(false) || (at > 0 && is_gap[at - 1]);
        let inside_run =
            at > 0 && at < len && (is_space(characters.chars[at]) || is_space(characters.chars[at - 1]));
        if !touches_gap && !inside_run {
            let (opens, closes) = (opening(characters, at, &near), closing(characters, at, &near));
            if opens.is_some() || closes.is_some() {
                let side = Side::Place(characters.offsets[at]);
                ends.push(End { side, left: at, right: at, opens, closes });
            }
        }
        if at < len && is_gap[at] {
            let span = Span::new(characters.offsets[at], characters.offsets[at + 1]);
            let (opens, closes) = (Some(Opening::Gap), Some(Closing::Gap));
            ends.push(End { side: Side::Gap(span), left: at, right: at + 1, opens, closes });
        }
    }
    ends
}

/// Whether `c` may stand inside a phrase: a Han character, letter or figure.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}') || is_han(c) || c.is_ascii_alphanumeric()
}

fn is_space(c: char) -> bool {
    c == ' '
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
/// Han characters and figures stands between.
struct Reach {
    since: Vec<usize>,
    until: Vec<usize>,
}

impl Reach {
    fn of(plain: &[bool], is_gap: &[bool]) -> Self {
        let len = plain.len();
        let mut since = vec![usize::MAX; len + 1];
        let mut until = vec![usize::MAX; len + 1];
        let step = |at: usize, reach: usize| match (is_gap[at], plain[at]) {
            (true, _) => 0,
            (_, true) => reach.saturating_add(1),
            _ => usize::MAX,
        };
        for at in 0..len {
            since[at + 1] = step(at, since[at]);
        }
        for at in (0..len).rev() {
            until[at] = step(at, until[at + 1]);
        }
        Self { since, until }
    }
}

fn opening(characters: &Characters<'_>, at: usize, near: &Reach) -> Option<Opening> {
    let next = characters.behind(at)?;
    if is_closing(next) || (is_cjk_punctuation(next) && !is_opening(next)) {
        return None;
    }
    match characters.before(at) {
        None | Some('“' | '「') => Some(Opening::Start),
        Some('‘' | '『') => None,
        Some(c) if is_cjk_punctuation(c) => Some(Opening::BehindPunctuation),
        Some(_) => (near.until[at] <= BARE_REACH).then_some(Opening::Bare),
    }
}

fn closing(characters: &Characters<'_>, at: usize, near: &Reach) -> Option<Closing> {
    let last = characters.before(at)?;
    let sentence = ends_sentence(last);
    if is_opening(last) || (is_cjk_punctuation(last) && !is_closing(last) && !sentence) {
        return None;
    }
    match characters.behind(at) {
        None | Some('”' | '」') => Some(Closing::Finish),
        Some('’' | '』') => None,
        Some(_) if sentence => Some(Closing::BehindSentence),
        Some(c) if is_cjk_punctuation(c) => Some(Closing::BeforePunctuation),
        Some(_) => (near.since[at] <= BARE_REACH).then_some(Closing::Bare),
    }
}
