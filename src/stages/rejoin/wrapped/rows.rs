//! Lines as a typesetter sees them: how wide, where they could have been
//! broken, how they begin and end.

use crate::chars::{ends_sentence, is_closing, is_gap, is_han, is_opening, is_wide, split_common_han};
use crate::document::Document;
use crate::span::Span;

/// Quarters of a column: fine enough for letters of uneven width.
pub(super) const COLUMN: i32 = 4;

/// Columns after which a run of characters counts as unbreakable no more.
const UNIT_LIMIT: i32 = 40 * COLUMN;

/// A line that holds text, measured. Widths are in quarters of a [`COLUMN`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The text, without the spaces around it.
    pub(super) span: Span,
    /// Spaces before it.
    pub(super) lead: i32,
    /// Where its right edge lies at least.
    pub(super) low: i32,
    /// Where its right edge lies at most: letters and digits of a proportional
    /// font may be wider than half a square.
    pub(super) high: i32,
    /// Width of what the line begins with and no line break can part.
    pub(super) unit: i32,
    /// What separates it from the row before.
    pub(super) before: Gap,
    /// Last character.
    pub(super) last: char,
    /// First character.
    pub(super) first: char,
    /// Ends a sentence, closing marks left aside.
    pub(super) ends_sentence: bool,
    /// Holds a comma, a full stop or the like before its end.
    pub(super) has_clause: bool,
    /// Holds the end of a sentence with text behind it.
    pub(super) has_stop: bool,
    /// An opening mark on the line finds no partner there.
    pub(super) opens: bool,
    /// A closing mark on the line finds no partner there.
    pub(super) closes: bool,
    /// Mostly letters that take half a square.
    pub(super) latin: bool,
    /// Two or more spaces inside: cells, or columns side by side.
    pub(super) gapped: bool,
    /// Spaces between most of its characters.
    pub(super) spaced: bool,
}

/// What stands between a row and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A line end.
    LineEnd,
    /// A page end, perhaps blank lines too.
    Page,
    /// Blank lines.
    Blank,
}

/// The lines of `document` that hold text.
pub(super) fn rows_of(document: &Document) -> Vec<Row> {
    let mut rows = Vec::with_capacity(document.lines().len());
    let mut before = Gap::LineEnd;
    for line in document.lines() {
        if let Some(row) = measure(document.text(), line.span, before) {
            rows.push(row);
            before = Gap::LineEnd;
        } else if before == Gap::LineEnd {
            before = Gap::Blank;
        }
        if document.slice(line.terminator) == "\u{C}" {
            before = Gap::Page;
        }
    }
    rows
}

/// The rows of `document` that don't end a sentence, for a first look, each with
/// the number of its line: most lines of text with a paragraph a line do, and
/// needn't be measured.
pub(super) fn unfinished(document: &Document) -> Vec<(usize, Row)> {
    let finished = |line: Span| {
        let read = without_specks(document.slice(line).trim_matches(is_gap));
        last_read(read).is_some_and(|end| ends_sentence(end) || end == '.')
    };
    let open = document.lines().iter().enumerate().filter(|(_, line)| !finished(line.span));
    open.filter_map(|(number, line)| Some((number, measure(document.text(), line.span, Gap::LineEnd)?)))
        .collect()
}

/// The text of the row that follows the line number `line`.
pub(super) fn below(document: &Document, line: usize) -> Option<Span> {
    let next = document.blocks().partition_point(|block| block.line <= line);
    document.blocks().get(next).map(|block| block.span)
}

/// The last character of `read`, closing marks left aside.
fn last_read(read: &str) -> Option<char> {
    read.chars().rev().find(|c| !is_closing(*c))
}

/// The row of a `line` of `text`, if it holds any.
pub(super) fn measure(text: &str, line: Span, before: Gap) -> Option<Row> {
    let whole = &text[line.range()];
    let unled = whole.trim_start_matches(is_gap);
    let body = unled.trim_end_matches(is_gap);
    let first = body.chars().next()?;
    let read = without_specks(body);
    let last = read.chars().next_back().unwrap_or(first);
    let start = line.start + whole.len() - unled.len();
    let lead = whole[..whole.len() - unled.len()].chars().map(width).sum();
    let tally = Tally::of(read);
    let end = last_read(read).unwrap_or(last);
    let wide_columns = tally.low - tally.narrow * COLUMN;
    let spaced = tally.gaps * 3 > tally.others && tally.others > 4 && wide_columns * 2 > tally.low;
    // Spaces that reading scattered, and a speck before the text, take no room.
    let loose = if spaced { 0 } else { tally.loose * COLUMN };
    let speck = if is_closing(first) && is_wide(first) { 2 * COLUMN } else { 0 };
    let low = lead + tally.low - tally.narrow / 2 - loose - speck;
    let latin = wide_columns * 4 < tally.low;
    Some(Row {
        span: Span::new(start, start + body.len()),
        lead,
        low,
        high: lead + tally.low + tally.narrow + if latin { 0 } else { tally.points * COLUMN },
        unit: unit_of(body),
        before,
        last,
        first,
        ends_sentence: is_running_head(read)
            || ends_sentence(end)
            || end == '.'
            || first == '（' && last == '）' && !tally.closes,
        has_clause: tally.clauses > usize::from(is_clause(last)),
        has_stop: tally.goes_on,
        opens: tally.opens.iter().any(|open| *open > 0),
        closes: tally.closes,
        latin,
        gapped: tally.wide_gap,
        spaced,
    })
}

impl Row {
    /// Whether the first line of a paragraph may as well be a headline of its
    /// own: it has no clause to go on with, no bracket left open, and no indentation.
    pub(super) fn may_be_headline(&self) -> bool {
        !self.has_clause && !self.ends_sentence && !self.opens && !self.is_indented()
    }

    /// Where its right edge is likely to lie.
    pub(super) fn width(&self) -> i32 {
        (self.low + self.high) / 2
    }

    /// Whether it ends where a clause or a sentence does.
    pub(super) fn ends_clause(&self) -> bool {
        self.ends_sentence || is_clause(self.last)
    }

    /// Whether the spaces before it may be those of a paragraph's first line.
    pub(super) fn is_indented(&self) -> bool {
        (2 * COLUMN..=8 * COLUMN).contains(&self.lead)
    }
}

/// Whether a line ends with the number of a newspaper page.
fn is_running_head(line: &str) -> bool {
    let page =
        line.strip_suffix('版').map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_digit() || is_gap(c)));
    page.is_some_and(|rest| rest.ends_with('第') && rest.len() + 4 < line.len())
}

/// `body` without a single mark far behind the text: a speck read as a character.
fn without_specks(body: &str) -> &str {
    let mut chars = body.chars();
    let Some(speck) = chars.next_back() else { return body };
    let rest = chars.as_str();
    let read = rest.trim_end_matches(is_gap);
    if rest.len() >= read.len() + 3 && !speck.is_alphanumeric() { read } else { body }
}

/// Width of `c` in quarters of a column.
pub(super) fn width(c: char) -> i32 {
    if is_wide(c) { 2 * COLUMN } else { COLUMN }
}

#[derive(Default)]
struct Tally {
    low: i32,
    narrow: i32,
    gaps: usize,
    others: usize,
    clauses: usize,
    /// A sentence has ended.
    stopped: bool,
    /// Text follows the end of a sentence.
    goes_on: bool,
    /// Single spaces next to characters that stand without any.
    loose: i32,
    after_wide: bool,
    /// Half-width punctuation, which may stand for a full square.
    points: i32,
    opens: [u32; 4],
    closes: bool,
    after_gap: bool,
    wide_gap: bool,
}

impl Tally {
    /// Of all characters of `text`.
    fn of(text: &str) -> Self {
        let mut tally = Self::default();
        let mut rest = text.as_bytes();
        loop {
            let from = rest.len();
            // Nearly all of them.
            while let Some((_, behind)) = split_common_han(rest) {
                rest = behind;
            }
            if rest.len() < from {
                tally.take_han((from - rest.len()) / 3);
            }
            let Some(c) = text[text.len() - rest.len()..].chars().next() else { break };
            rest = &rest[c.len_utf8()..];
            match c {
                '，' | '、' | '。' => tally.take_point(c == '。'),
                _ if c.is_ascii_alphanumeric() => tally.take_half(),
                _ => tally.take(c),
            }
        }
        tally
    }

    /// As [`take`](Self::take) for a comma, or a full stop.
    fn take_point(&mut self, stops: bool) {
        self.low += 2 * COLUMN;
        self.after_gap = false;
        self.stopped |= stops;
        self.after_wide = true;
        self.others += 1;
        self.clauses += 1;
    }

    /// As [`take`](Self::take) for a letter or digit of ASCII.
    fn take_half(&mut self) {
        self.low += COLUMN;
        self.after_gap = false;
        self.after_wide = false;
        self.others += 1;
        self.narrow += 1;
    }

    /// As [`take`](Self::take) for `count` Han characters.
    fn take_han(&mut self, count: usize) {
        self.low += (2 * COLUMN).saturating_mul(i32::try_from(count).unwrap_or(i32::MAX));
        self.after_gap = false;
        self.goes_on |= self.stopped;
        self.after_wide = true;
        self.others += count;
    }

    fn take(&mut self, c: char) {
        self.low += width(c);
        if is_gap(c) {
            self.gaps += 1;
            self.wide_gap |= self.after_gap || c == '\t';
            self.loose += i32::from(!self.after_gap && self.after_wide);
            self.after_gap = true;
            return;
        }
        self.after_gap = false;
        self.goes_on |= self.stopped && is_han(c);
        self.stopped |= matches!(c, '。' | '！' | '？');
        self.after_wide = is_wide(c);
        self.others += 1;
        self.narrow += i32::from(!self.after_wide);
        self.points += i32::from(matches!(c, ',' | ':' | ';' | '(' | ')' | '!' | '?'));
        self.clauses += usize::from(is_clause(c));
        let Some(kind) = mark_kind(c) else { return };
        if is_opening(c) {
            self.opens[kind] += 1;
        } else if self.opens[kind] > 0 {
            self.opens[kind] -= 1;
        } else {
            self.closes = true;
        }
    }
}

fn is_clause(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '！' | '？' | ',' | ';')
}

fn mark_kind(c: char) -> Option<usize> {
    Some(match c {
        '“' | '”' => 0,
        '「' | '」' => 1,
        '《' | '》' => 2,
        '（' | '）' | '(' | ')' => 3,
        _ => return None,
    })
}

/// Whether no line of type begins with `c`.
pub(super) fn cannot_begin(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？') || (is_closing(c) && is_wide(c))
}

fn unit_of(body: &str) -> i32 {
    let mut unit = 0;
    let mut before: Option<char> = None;
    for c in body.chars() {
        if before.is_some_and(|before| can_break(before, c)) || unit > UNIT_LIMIT {
            break;
        }
        unit += width(c);
        before = Some(c);
    }
    unit
}

/// Whether every typesetter would break a line between `before` and `after`.
fn can_break(before: char, after: char) -> bool {
    if is_gap(before) || is_gap(after) {
        return true;
    }
    let glues = |c: char| matches!(c, '“' | '”' | '‘' | '’');
    if glues(before) || glues(after) || is_opening(before) || cannot_begin(after) || is_closing(after) {
        return false;
    }
    is_han(before) || is_han(after) || is_wide(before) && is_wide(after)
}
