//! Reads back a text with marks that somebody went through in an editor.
//!
//! A mark that was left as it is decides nothing. One that was turned into what
//! it would write accepts it, one turned into what it would replace rejects it,
//! and other text there is the reviewer's own. Text that was changed anywhere
//! else is reported, and not taken in.

use std::ops::Range;

use super::say::Say;
use crate::report::criticmarkup::{Mark, Marked};

/// What somebody decided in an editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The number of a repair in [`Cleaned::repairs`](crate::pipeline::Cleaned),
    /// and what was said to it.
    pub said: Vec<(usize, Say)>,
    /// The lines, from 1, where something other than a mark was changed.
    pub changed: Vec<usize>,
    /// Repairs whose marks could not be read, for such changes beside them, or
    /// because only some of their marks were turned into text.
    pub unread: Vec<usize>,
}

/// Bytes that text of one's own may have.
const LONGEST: usize = 4000;

/// Characters behind a mark by which its end is known.
const AHEAD: usize = 12;

/// What was made of a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Made {
    Open,
    Accepted,
    Rejected,
    Own(String),
    Unread,
}

impl Imported {
    /// What was decided in `text`, which was `marked` once.
    #[must_use]
    pub fn read(marked: &Marked, text: &str) -> Self {
        let text = text.trim_start_matches('\u{FEFF}');
        let plain = !marked.texts.iter().any(|text| text.contains('\r'));
        let text = if plain { text.replace("\r\n", "\n") } else { text.to_owned() };
        let mut reader = Reader { marked, text: &text, made: Vec::new(), changed: Vec::new() };
        reader.read();
        let (made, changed) = (reader.made, reader.changed);
        let mut imported = Self { changed, ..Self::default() };
        let mut done = std::collections::BTreeSet::new();
        for mark in &marked.marks {
            if !done.insert(mark.repair) {
                continue;
            }
            match said(marked, &made, mark.repair) {
                Ok(Some(say)) => imported.said.push((mark.repair, say)),
                Ok(None) => {}
                Err(()) => imported.unread.push(mark.repair),
            }
        }
        imported
    }
}

/// What the marks of a repair say together.
fn said(marked: &Marked, made: &[Made], repair: usize) -> Result<Option<Say>, ()> {
    let places: Vec<usize> =
        (0..made.len()).filter(|number| marked.marks[*number].repair == repair).collect();
    let all = |wanted: &Made| places.iter().all(|number| made[*number] == *wanted);
    let any = |wanted: &Made| places.iter().any(|number| made[*number] == *wanted);
    if any(&Made::Unread) || (any(&Made::Open) && !all(&Made::Open)) {
        return Err(());
    }
    if all(&Made::Open) {
        return Ok(None);
    }
    if all(&Made::Accepted) {
        return Ok(Some(Say::Accept));
    }
    if all(&Made::Rejected) {
        return Ok(Some(Say::Reject));
    }
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return Ok(None) };
    let mut own = String::new();
    for (number, made) in made.iter().enumerate().take(last + 1).skip(*first) {
        own.push_str(standing(&marked.marks[number], made));
        if number < *last {
            own.push_str(&marked.texts[number + 1]);
        }
    }
    Ok(Some(Say::Edit(own)))
}

/// What stands where `mark` was.
fn standing<'a>(mark: &'a Mark, made: &'a Made) -> &'a str {
    match made {
        Made::Own(text) => text,
        Made::Accepted => &mark.after,
        Made::Rejected => &mark.before,
        Made::Open | Made::Unread if mark.is_applied => &mark.after,
        Made::Open | Made::Unread => &mark.before,
    }
}

struct Reader<'a> {
    marked: &'a Marked,
    text: &'a str,
    made: Vec<Made>,
    changed: Vec<usize>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while self.made.len() < self.marked.marks.len() {
            let number = self.made.len();
            match self.text[at..].strip_prefix(self.marked.texts[number].as_str()) {
                Some(rest) => at = self.text.len() - rest.len(),
                None => match self.find_again(at) {
                    Some(place) => at = place,
                    None => return,
                },
            }
            match self.made_of(self.made.len(), at) {
                Some((made, end)) => {
                    self.made.push(made);
                    at = end;
                }
                None => {
                    self.made.push(Made::Unread);
                    at = match self.find_again(at) {
                        Some(place) => place,
                        None => return,
                    };
                    if let Some((made, end)) = self.made_of(self.made.len(), at) {
                        self.made.push(made);
                        at = end;
                    }
                }
            }
        }
        let last = self.marked.texts.last().map_or("", |text| text);
        // Editors end a text with a line end, or take it away.
        if self.text[at..].trim_end_matches('\n') != last.trim_end_matches('\n') {
            self.changed_at(at, last);
        }
    }

    /// The text is not what it was from `at` on: looks for the next mark that
    /// was left as it was. The marks before it are not read.
    fn find_again(&mut self, at: usize) -> Option<usize> {
        let first = self.made.len();
        let expected = self.marked.texts.get(first).map_or("", |text| text);
        self.changed_at(at, expected);
        let marks = &self.marked.marks;
        let next = (first..marks.len()).find_map(|number| {
            let whole = marks[number].bare() + &marks[number].told();
            Some((number, at + self.text[at..].find(&whole)?))
        });
        let unread = next.map_or(marks.len(), |(number, _)| number);
        self.made.resize(unread, Made::Unread);
        next.map(|(_, place)| place)
    }

    fn changed_at(&mut self, at: usize, expected: &str) {
        let same = self.text[at..].bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
        let line = self.text.as_bytes()[..at + same].iter().filter(|byte| **byte == b'\n').count() + 1;
        if self.changed.last() != Some(&line) {
            self.changed.push(line);
        }
    }

    /// What was made of mark `number`, which begins at `at`, and where that
    /// ends.
    fn made_of(&self, number: usize, at: usize) -> Option<(Made, usize)> {
        let fitting = |ahead: fn(&Self, usize, usize) -> bool| {
            let fits = |(made, range): (Made, Range<usize>)| {
                ahead(self, number + 1, range.end).then_some((made, range.end))
            };
            self.ways(number, at).into_iter().find_map(fits)
        };
        fitting(|reader, next, end| reader.goes_on(next, end, 3, false))
            .or_else(|| fitting(|reader, next, end| reader.goes_on(next, end, 3, true)))
            .or_else(|| fitting(Self::goes_on_at_first))
            .or_else(|| self.named(number, at))
            .or_else(|| self.own(number, at))
    }

    /// What was made of mark `number` if its comment still stands at `at`.
    fn named(&self, number: usize, at: usize) -> Option<(Made, usize)> {
        let told = self.marked.marks[number].told();
        let named = |(_, range): &(Made, Range<usize>)| self.text[range.clone()].ends_with(&told);
        self.ways(number, at).into_iter().find(named).map(|(made, range)| (made, range.end))
    }

    /// The ways in which mark `number` may stand at `at`.
    fn ways(&self, number: usize, at: usize) -> Vec<(Made, Range<usize>)> {
        let mark = &self.marked.marks[number];
        let told = mark.told();
        let forms = [
            (Made::Open, mark.bare()),
            (Made::Accepted, mark.after.clone()),
            (Made::Rejected, mark.before.clone()),
        ];
        let mut ways = Vec::new();
        for comment in [&*told, ""] {
            for (made, form) in &forms {
                let rest = self.text[at..].strip_prefix(form.as_str());
                if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(comment)) {
                    ways.push((made.clone(), at..self.text.len() - rest.len()));
                }
            }
        }
        ways
    }

    /// Whether the text goes on at `at` as it was from text `number` on, for
    /// some marks, in the place of which may be text of the reviewer's `own`.
    fn goes_on(&self, number: usize, at: usize, marks: usize, own: bool) -> bool {
        let Some(rest) = self.text[at..].strip_prefix(self.marked.texts[number].as_str()) else {
            return false;
        };
        let at = self.text.len() - rest.len();
        if number == self.marked.marks.len() {
            return rest.trim_end_matches('\n').is_empty();
        }
        marks == 0
            || self
                .ways(number, at)
                .iter()
                .any(|(_, range)| self.goes_on(number + 1, range.end, marks - 1, own))
            || (own && self.own(number, at).is_some())
    }

    /// Whether it does so for a few characters.
    fn goes_on_at_first(&self, number: usize, at: usize) -> bool {
        let ahead = head(&self.marked.texts[number]);
        !ahead.is_empty() && self.text[at..].starts_with(ahead)
    }

    /// The reviewer's own text at `at`, up to where the text goes on.
    fn own(&self, number: usize, at: usize) -> Option<(Made, usize)> {
        let ahead = head(&self.marked.texts[number + 1]);
        let rest = &self.text[at..];
        let end = if ahead.is_empty() {
            (number + 1 == self.marked.marks.len()).then_some(rest.trim_end_matches('\n').len())?
        } else {
            rest.find(ahead)?
        };
        (end <= LONGEST).then(|| (Made::Own(resolved(&rest[..end])), at + end))
    }
}

/// The first characters of `text`.
fn head(text: &str) -> &str {
    text.char_indices().nth(AHEAD).map_or(text, |(at, _)| &text[..at])
}

/// `text` with the marks in it taken at their word, and without comments.
fn resolved(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let inside = |open: &str, close: &str| {
            let inner = rest.strip_prefix(open)?;
            let end = inner.find(close)?;
            Some((&inner[..end], &inner[end + close.len()..]))
        };
        if let Some((_, behind)) = inside("{>>", "<<}").or_else(|| inside("{--", "--}")) {
            rest = behind;
        } else if let Some((written, behind)) = inside("{++", "++}").or_else(|| inside("{==", "==}")) {
            out.push_str(written);
            rest = behind;
        } else if let Some((changed, behind)) = inside("{~~", "~~}") {
            out.push_str(changed.split_once("~>").map_or(changed, |(_, new)| new));
            rest = behind;
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out + rest
}
