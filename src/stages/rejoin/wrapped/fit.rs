//! Finds the paragraphs that explain a run of lines best.
//!
//! A typesetter fills a line before going on to the next, so an inner line
//! end of a paragraph stands where the next character or word did not fit.
//! The columns of a page may differ in width, and the first line of a
//! paragraph may be indented by two squares that extraction dropped; so each
//! paragraph is tried in each [`Setting`] the page knows, and the cheapest
//! explanation of all lines is taken (a shortest path, in time linear in the
//! number of lines). Costs are in hundredths of a nat, by rough frequency.

use super::evidence::{Flow, flow};
use super::rows::{COLUMN, Gap, Row, cannot_begin};
use crate::chars::{is_closing, is_opening};
use crate::document::Document;

/// How a column is set. Lengths are in quarters of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// Width of a full line; 0 for text with one paragraph a line.
    pub(super) width: i32,
    /// By how much the first line of a paragraph is shorter.
    pub(super) indent: i32,
}

/// Rows that make a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// First row.
    pub(super) start: usize,
    /// One past the last row.
    pub(super) end: usize,
    /// How it is set.
    pub(super) setting: Setting,
}

const UNWRAPPED: Setting = Setting { width: 0, indent: 0 };
const LONGEST: usize = 400;
const IMPOSSIBLE: i32 = i32::MAX / 4;

/// Finds the paragraphs of `rows`; `settings` are those to try.
pub(super) fn paragraphs(document: &Document, rows: &[Row], settings: &[Setting]) -> Vec<Paragraph> {
    let mut fit = Fit {
        document,
        rows,
        flows: vec![None; rows.len()],
        blank_style: false,
        interleaved: false,
        indented: has_visible_indents(rows),
    };
    let blanks = rows.iter().filter(|row| row.before == Gap::Blank).count();
    fit.interleaved = blanks * 10 < rows.len() * 9 && fit.has_interleaved_columns();
    fit.blank_style = fit.separates_by_blank_lines();
    let mut states = vec![UNWRAPPED];
    states.extend(settings);
    let mut best = vec![Step::default(); (rows.len() + 1) * states.len()];
    for step in &mut best[..states.len()] {
        step.cost = 0;
    }
    for start in 0..rows.len() {
        let (here, rest) = best[start * states.len()..].split_at_mut(states.len());
        let (cheapest, cost) = cheapest(here);
        for (state, setting) in states.iter().enumerate() {
            let switched = cost + switch_cost(states[cheapest], *setting);
            let (from, cost) =
                if here[state].cost <= switched { (state, here[state].cost) } else { (cheapest, switched) };
            fit.walk(start, *setting, |end, added| {
                let step = &mut rest[(end - start - 1) * states.len() + state];
                if cost + added < step.cost {
                    *step = Step { cost: cost + added, start, from };
                }
            });
        }
    }
    trace(&best, &states, rows.len())
}

#[derive(Clone, Copy, Debug)]
struct Step {
    cost: i32,
    start: usize,
    from: usize,
}

impl Default for Step {
    fn default() -> Self {
        Self { cost: IMPOSSIBLE, start: 0, from: 0 }
    }
}

fn cheapest(steps: &[Step]) -> (usize, i32) {
    let (state, step) =
        steps.iter().enumerate().min_by_key(|(_, step)| step.cost).expect("there is always one state");
    (state, step.cost)
}

fn switch_cost(from: Setting, to: Setting) -> i32 {
    match (from == to, from.width == to.width) {
        (true, _) => 0,
        (_, true) => 250,
        _ => 300,
    }
}

fn trace(best: &[Step], states: &[Setting], rows: usize) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let (mut state, _) = cheapest(&best[rows * states.len()..]);
    let mut end = rows;
    while end > 0 {
        let step = best[end * states.len() + state];
        found.push(Paragraph { start: step.start, end, setting: states[state] });
        (end, state) = (step.start, step.from);
    }
    found.reverse();
    found
}

/// Whether some lines begin with the spaces of a new paragraph and most with none.
pub(super) fn has_visible_indents(rows: &[Row]) -> bool {
    let indented = rows.iter().filter(|row| row.is_indented()).count();
    let flush = rows.iter().filter(|row| row.lead == 0).count();
    indented * 20 > rows.len() && flush * 4 > rows.len()
}

struct Fit<'a> {
    document: &'a Document,
    rows: &'a [Row],
    /// What the text says at the end of each row, once asked for.
    flows: Vec<Option<Flow>>,
    /// Paragraphs have blank lines between.
    blank_style: bool,
    /// Lines of different columns take turns.
    interleaved: bool,
    /// Paragraphs begin with spaces.
    indented: bool,
}

impl Fit<'_> {
    /// Whether blank lines stand where short lines show that paragraphs end.
    fn separates_by_blank_lines(&self) -> bool {
        let ends = self.rows.windows(2).filter(|pair| pair[0].ends_sentence);
        let short = ends.filter(|pair| pair[0].high + 8 * COLUMN < pair[1].low);
        let (all, blank) = short
            .fold((0, 0), |(all, blank), pair| (all + 1, blank + usize::from(pair[1].before == Gap::Blank)));
        blank * 2 > all
    }

    /// Calls `found` with the end and the cost of every paragraph that can
    /// begin at row `start` in `setting`.
    fn walk(&mut self, start: usize, setting: Setting, mut found: impl FnMut(usize, i32)) {
        if setting.width == 0 {
            return found(start + 1, 500);
        }
        let rows = self.rows;
        let indent = if rows[start].lead >= 2 * COLUMN { 0 } else { setting.indent };
        let mut line = Filled { low: rows[start].low, high: rows[start].high, room: setting.width - indent };
        let mut inner = 0;
        let mut crossed = 0;
        for (end, row) in (start + 1..).zip(&rows[start..]).take(LONGEST) {
            if line.overflows(row) || row.gapped {
                return;
            }
            let unfinished = if row.ends_sentence { 0 } else { crossed };
            found(end, inner + unfinished + self.end_cost(end - 1, &line));
            let Some(next) = rows.get(end).filter(|next| !next.gapped) else { return };
            if !self.begins_paragraph(row, next) && line.is_continued_by(row, next) {
                line.low += next.low;
                line.high += next.high;
                line.room += COLUMN; // two marks set closer together save as much
                inner += 50;
                continue;
            }
            let cost = self.inner_cost(end - 1, &line, end - 1 == start);
            if cost >= IMPOSSIBLE {
                return;
            }
            inner += cost;
            // A blank line is only false if the sentence goes on to its end.
            crossed = if next.before == Gap::Blank { 600 } else { crossed };
            line = Filled { low: next.low, high: next.high, room: setting.width };
        }
    }

    /// Whether indentation shows that a paragraph begins with `next`.
    fn begins_paragraph(&self, row: &Row, next: &Row) -> bool {
        let deeper = next.lead >= row.lead + 2 * COLUMN && next.lead < 12 * COLUMN;
        deeper || self.indented && next.is_indented()
    }

    /// What it costs to say that a paragraph ends with row `index`.
    fn end_cost(&mut self, index: usize, line: &Filled) -> i32 {
        let row = &self.rows[index];
        let mut cost = if row.ends_sentence { 250 } else { 500 };
        let Some(next) = self.rows.get(index + 1) else { return cost };
        if next.before == Gap::LineEnd && self.blank_style {
            cost += 150;
        }
        if !row.ends_sentence && line.is_full_before(next) {
            cost += if self.flow(index) == Flow::On { 300 } else { 100 };
        }
        cost
    }

    /// Whether lines of different columns take turns somewhere: several single
    /// lines on end that stop in mid-sentence, each with blank lines around.
    fn has_interleaved_columns(&self) -> bool {
        const FEWEST: usize = 3;
        let mut run = 0;
        for (row, next) in self.rows.iter().zip(&self.rows[1..]) {
            let alone = row.before != Gap::LineEnd && next.before == Gap::Blank && !row.ends_sentence;
            run = if alone && row.has_clause { run + 1 } else { 0 };
            if run == FEWEST {
                return true;
            }
        }
        false
    }

    /// What it costs to say that a paragraph goes on after row `index`.
    fn inner_cost(&mut self, index: usize, line: &Filled, first: bool) -> i32 {
        let (row, next) = (&self.rows[index], &self.rows[index + 1]);
        let short = line.room_left() - next.unit;
        let hyphenated = row.latin && row.last == '-' && next.first.is_lowercase();
        if short >= 4 * COLUMN && !(hyphenated && short < 16 * COLUMN) {
            return IMPOSSIBLE;
        }
        if self.begins_paragraph(row, next) {
            return IMPOSSIBLE;
        }
        let (before, headline) = (next.before, first && row.may_be_headline());
        let flow = self.flow(index);
        let mut cost = match flow {
            Flow::On => -50,
            Flow::Open => 50 + if headline { 200 } else { 0 },
            Flow::Ends => 250,
        };
        if short >= 0 && !hyphenated {
            match flow {
                Flow::On => cost += 300,
                Flow::Open if short <= COLUMN => cost += 200,
                _ => return IMPOSSIBLE,
            }
        }
        if before == Gap::Blank {
            if flow == Flow::Ends || self.interleaved {
                return IMPOSSIBLE;
            }
            cost += if flow == Flow::Open { 100 } else { 0 };
            cost += if self.blank_style { 250 } else { 200 };
        }
        cost
    }

    fn flow(&mut self, index: usize) -> Flow {
        if let Some(flow) = self.flows[index] {
            return flow;
        }
        let found = flow(self.document, &self.rows[index], &self.rows[index + 1]);
        self.flows[index] = Some(found);
        found
    }
}

/// A line of type, put together from the rows it was extracted as.
struct Filled {
    low: i32,
    high: i32,
    room: i32,
}

impl Filled {
    fn room_left(&self) -> i32 {
        self.room - self.high
    }

    fn overflows(&self, row: &Row) -> bool {
        let hanging = if row.latin { 0 } else { 2 * COLUMN };
        !row.spaced && self.low > self.room + hanging
    }

    /// Whether what `next` begins with does not fit any more.
    fn is_full_before(&self, next: &Row) -> bool {
        self.room_left() < next.unit
    }

    /// Whether `next` stands on the same line of type: extraction breaks a line
    /// where two marks were set closer together.
    fn is_continued_by(&self, row: &Row, next: &Row) -> bool {
        if next.before != Gap::LineEnd || self.low + next.low > self.room + 2 * COLUMN {
            return false;
        }
        if cannot_begin(next.first) {
            return true;
        }
        let squeezed = is_opening(next.first) && (cannot_begin(row.last) || is_closing(row.last));
        // After a full stop only a line that the two fill together is one line.
        let fills = next.first != '【'
            && self.high + next.high >= self.room - COLUMN
            && next.low < self.room - 10 * COLUMN;
        squeezed && (!row.ends_sentence || fills)
    }
}
