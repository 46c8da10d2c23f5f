//! What was changed, for a person at a terminal: the changed lines, with each
//! changed character marked in colour, and under them the rules that did it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects, Style};

use super::fragments::{Fragment, Kind, fragments};
use crate::chars::{is_gap, is_line_end};
use crate::pipeline::Cleaned;
use crate::places::Positions;

const REMOVED: Style = AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH);
const WRITTEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
const MOVED: Style = AnsiColor::Cyan.on_default();
const QUIET: Style = Style::new().effects(Effects::DIMMED);
const TITLE: Style = Style::new().effects(Effects::BOLD);

/// Unchanged characters shown on each side of a change.
const CONTEXT: usize = 24;

/// The changed lines of `cleaned`, made of `source`, which was read from
/// `path`; empty if nothing was changed.
///
/// Line numbers are those of the source. Red was removed, green was written,
/// cyan was moved here from elsewhere; spaces and line ends among them show as
/// ␣ and ⏎. Whatever could steer the terminal shows as its code point.
#[must_use]
pub fn view(path: &str, cleaned: &Cleaned) -> String {
    let lines: Vec<_> = lines(fragments(cleaned)).into_iter().filter(|line| line.is_changed()).collect();
    if lines.is_empty() {
        return String::new();
    }
    let positions = Positions::new(&cleaned.source.text);
    let mut out = format!("{TITLE}{}{TITLE:#}\n", safe(path));
    for line in &lines {
        let (number, _) = positions.of(line.parts.first().map_or(0, |part| part.place));
        let text = line.rendered();
        writeln!(out, "{QUIET}{number:>5} │{QUIET:#} {text}").expect("a string takes all");
        for (rule, count) in line.rules(cleaned) {
            let times = if count > 1 { format!(" ×{count}") } else { String::new() };
            writeln!(out, "{QUIET}      │ {}{times}{QUIET:#}", safe(&rule)).expect("a string takes all");
        }
    }
    out
}

/// `text` with everything that could steer a terminal, or hide, told by its
/// code point.
#[must_use]
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_safe(&mut out, c);
    }
    out
}

fn push_safe(out: &mut String, c: char) {
    let hidden = matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    if hidden || (c.is_control() && c != '\t') {
        write!(out, "<U+{:04X}>", u32::from(c)).expect("a string takes all");
    } else {
        out.push(c);
    }
}

/// A line as it is shown.
#[derive(Default)]
struct Line<'a> {
    parts: Vec<Fragment<'a>>,
}

/// Cuts `fragments` where lines end; the line end stays with its line.
fn lines(fragments: Vec<Fragment<'_>>) -> Vec<Line<'_>> {
    let mut lines = vec![Line::default()];
    for fragment in fragments {
        let mut start = 0;
        for end in line_ends(fragment.text) {
            // A line end that is gone joins two lines; it parts those only
            // between what is gone with it.
            if fragment.kind == Kind::Removed && end == fragment.text.len() {
                break;
            }
            lines.last_mut().expect("never empty").push(&fragment, start, end);
            lines.push(Line::default());
            start = end;
        }
        lines.last_mut().expect("never empty").push(&fragment, start, fragment.text.len());
    }
    lines
}

/// The places behind the line ends of `text`.
fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices(is_line_end).map(|(at, end)| (at, at + end.len())).filter_map(move |(at, end)| {
        let crlf = text[at..].starts_with("\r\n");
        (!crlf).then_some(end)
    })
}

impl<'a> Line<'a> {
    fn push(&mut self, from: &Fragment<'a>, start: usize, end: usize) {
        if start < end {
            let place = if from.kind == Kind::Written { from.place } else { from.place + start };
            let outcomes = from.outcomes.clone();
            self.parts.push(Fragment { kind: from.kind, text: &from.text[start..end], place, outcomes });
        }
    }

    fn is_changed(&self) -> bool {
        self.parts.iter().any(|part| part.kind != Kind::Kept)
    }

    /// The rules at work on the line with what they say, in order, and how
    /// often each is.
    fn rules(&self, cleaned: &Cleaned) -> Vec<(String, usize)> {
        let mut seen: Vec<usize> = self.parts.iter().flat_map(|part| part.outcomes.iter().copied()).collect();
        let mut rules: Vec<(String, usize)> = Vec::new();
        let mut done = HashSet::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        seen.retain(|index| done.insert(*index));
        for outcome in seen.into_iter().filter_map(|index| cleaned.repairs.get(index)) {
            let told = format!("{} [{}] {}", outcome.rule, outcome.confidence, outcome.message);
            if let Some(&place) = places.get(&told) {
                rules[place].1 += 1;
            } else {
                places.insert(told.clone(), rules.len());
                rules.push((told, 1));
            }
        }
        rules
    }

    fn rendered(&self) -> String {
        let mut out = String::new();
        let last = self.parts.len().saturating_sub(1);
        for (index, part) in self.parts.iter().enumerate() {
            match part.kind {
                Kind::Kept => {
                    kept(&mut out, part.text.trim_end_matches(is_line_end), index > 0, index < last)
                }
                Kind::Removed => marked(&mut out, REMOVED, part.text),
                Kind::Written => marked(&mut out, WRITTEN, part.text),
                Kind::Moved if index == last => {
                    marked(&mut out, MOVED, part.text.trim_end_matches(is_line_end));
                }
                Kind::Moved => marked(&mut out, MOVED, part.text),
            }
        }
        out
    }
}

/// Unchanged text, with its middle left out where it is far from a change.
fn kept(out: &mut String, text: &str, after_change: bool, before_change: bool) {
    let head =
        if after_change { text.char_indices().nth(CONTEXT).map_or(text.len(), |(at, _)| at) } else { 0 };
    let tail = if before_change {
        text.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at)
    } else {
        text.len()
    };
    if head >= tail {
        out.push_str(&safe(text));
        return;
    }
    out.push_str(&safe(&text[..head]));
    write!(out, "{QUIET}…{QUIET:#}").expect("a string takes all");
    out.push_str(&safe(&text[tail..]));
}

/// Changed text, with spaces and line ends made visible.
fn marked(out: &mut String, style: Style, text: &str) {
    write!(out, "{style}{}{style:#}", visible(text)).expect("a string takes all");
}

/// As [`safe`], and with spaces and line ends made visible: what was changed is
/// shown like that, since a space that was removed would not be seen.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\u{C}' => out.push('␌'),
            c if is_line_end(c) => out.push('⏎'),
            '\t' => out.push('⇥'),
            '\u{3000}' => out.push_str("␣␣"),
            c if is_gap(c) => out.push('␣'),
            c => push_safe(&mut out, c),
        }
    }
    out
}
