//! Lines of columns that stand side by side and take turns: `pdftotext` reads lines of
//! the same height one after the other, with blank lines between.
//!
//! Which lines are of a column is told by what meets at their ends, as for split
//! paragraphs. One line end says little, but a stretch of such lines has many. A chunk of
//! lines goes on one of up to three threads, begins one or stands aside; the likeliest way
//! to read all chunks is found by dynamic programming (Viterbi). Worths are logarithms of
//! odds; MODEL.md says how they were chosen and what they give.

use std::ops::Range;

use super::fit::Setting;
use super::rows::{COLUMN, Gap, Row};
use crate::chars::{is_chinese, is_gap};
use crate::document::Document;
use crate::edit::{Confidence, Edit, Replacement};
use crate::lexicon::word_across;
use crate::span::Span;
use crate::stages::Proposer;
use crate::stages::rejoin::ngrams::{Ends, Vectors as _};
use crate::stages::rejoin::pairing::LEARNED;

/// Threads at a time: columns that a page reads side by side.
const THREADS: usize = 3;
/// Chunks after which a thread that did not go on is over.
const REACH: usize = 6;
/// Chunks that are read at once, at most.
const LONGEST: usize = 1_000;
/// Chunks that are read before and behind those that tell that columns may take turns.
const MARGIN: usize = 4 * REACH;

/// What one link can say, at most.
const MOST: f32 = 5.0;
/// What a dictionary word or a pair of brackets across a line end adds.
const TIED: f32 = 2.0;
/// What speaks for the thread that waits longest, and against the chunk right above:
/// columns take turns.
const TURN: f32 = 4.0;
/// What a thread costs that stops in the middle of a sentence.
const LOST: f32 = 3.0;
/// What a thread costs that begins.
const BEGUN: f32 = 1.0;
/// How much of what speaks against the start of a paragraph counts: the middle of one is
/// worth 7 or so, but some starts are 3.
const INSIDE: f32 = 0.5;
/// What a chunk costs that stands aside.
const ASIDE: f32 = 4.0;

/// Chunks between two parts of a weave, at most.
const NEAR: usize = 2;
/// Links across other chunks that a weave has at least, and what they are worth together.
const LEAST: (usize, f32) = (4, 8.0);
/// What the line ends of a weave are worth on average, at most, if each line went on in the
/// next.
const PLAIN: f32 = -0.5;
/// By how much lines of a column differ in width at most, in quarters of a column, and how
/// many of ten differ by no more.
const EDGE: (i32, usize) = (4 * COLUMN, 7);
/// How many links of a weave are right, as a share.
const RIGHT: f32 = 0.97;

/// Lines without blank lines between.
#[derive(Clone, Copy, Debug)]
struct Chunk<'a> {
    first: &'a Row,
    last: &'a Row,
    /// From the start of its first line, with the spaces there.
    span: Span,
    /// It stops in the middle of a sentence. Headlines, dates and the like have none; of
    /// Latin text nothing was learned.
    is_unfinished: bool,
}

impl<'a> Chunk<'a> {
    /// That of `rows`, in a document whose columns may be set as `settings` say.
    fn of(document: &Document, rows: &'a [Row], settings: &[Setting]) -> Self {
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        let start = document.text()[..first.span.start].trim_end_matches(is_gap).len();
        // A longer line is a whole paragraph.
        let widest = settings.iter().map(|setting| setting.width).max().unwrap_or(0);
        let is_full = || settings.iter().any(|setting| (setting.width - last.width()).abs() <= EDGE.0);
        Self {
            first,
            last,
            span: Span::new(start, last.span.end),
            is_unfinished: !last.ends_sentence
                && !last.latin
                && last.width() <= widest + EDGE.0
                && (last.has_clause || first.has_clause || is_full()),
        }
    }
}

/// A stretch of text in which lines of several columns take turns.
#[derive(Debug)]
pub(in crate::stages::rejoin) struct Weave {
    /// Where its chunks stand.
    chunks: Vec<Span>,
    /// Their numbers, a list for each column.
    threads: Vec<Vec<usize>>,
}

/// The weaves of a document with these rows, whose columns may be set as `settings` say.
pub(super) fn of(document: &Document, rows: &[Row], settings: &[Setting]) -> Vec<Weave> {
    let mut weaves = Vec::new();
    for page in rows.chunk_by(|_, next| next.before != Gap::Page) {
        let chunks = page.chunk_by(|_, next| next.before == Gap::LineEnd);
        let chunks: Vec<Chunk<'_>> = chunks.map(|rows| Chunk::of(document, rows, settings)).collect();
        for part in where_columns_may_take_turns(&chunks) {
            let reading = Reading::of(document, &chunks[part]);
            weaves.extend(reading.stretches().into_iter().filter_map(|stretch| reading.weave(stretch)));
        }
    }
    weaves
}

/// The parts of a page in which several chunks on end stop in the middle of a sentence,
/// with what stands around; for a first look.
fn where_columns_may_take_turns(chunks: &[Chunk<'_>]) -> Vec<Range<usize>> {
    const FEWEST: usize = 3;
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (number, window) in chunks.windows(FEWEST).enumerate() {
        if !window.iter().all(|chunk| chunk.is_unfinished) {
            continue;
        }
        let (start, end) = (number.saturating_sub(MARGIN), (number + FEWEST + MARGIN).min(chunks.len()));
        match parts.last_mut().filter(|last| start <= last.end && end - last.start <= LONGEST) {
            Some(last) => last.end = end,
            None => parts.push(parts.last().map_or(start, |last| start.max(last.end))..end),
        }
    }
    parts
}

/// Chunks in the likeliest reading.
struct Reading<'a> {
    document: &'a Document,
    chunks: &'a [Chunk<'a>],
    /// Which chunk each one goes on, if any.
    before: Vec<Option<usize>>,
}

/// The likeliest way to read all chunks so far that leaves these threads.
struct Step {
    /// The last chunk of each thread, in text order.
    threads: Vec<usize>,
    worth: f32,
    /// Number of the step before.
    from: usize,
    /// Which chunk the last one goes on.
    before: Option<usize>,
}

impl<'a> Reading<'a> {
    fn of(document: &'a Document, chunks: &'a [Chunk<'a>]) -> Self {
        let mut reading = Self { document, chunks, before: vec![None; chunks.len()] };
        let mut steps = vec![vec![Step { threads: Vec::new(), worth: 0.0, from: 0, before: None }]];
        for number in 0..chunks.len() {
            steps.push(reading.steps(number, &steps[number]));
        }
        let best =
            |steps: &[Step]| (0..steps.len()).max_by(|a, b| steps[*a].worth.total_cmp(&steps[*b].worth));
        let mut at = best(&steps[chunks.len()]).unwrap_or(0);
        for number in (0..chunks.len()).rev() {
            let step = &steps[number + 1][at];
            reading.before[number] = step.before;
            at = step.from;
        }
        reading
    }

    /// All ways to read chunk `number` after one of `steps`, the best for each set of threads.
    fn steps(&self, number: usize, steps: &[Step]) -> Vec<Step> {
        let links: Vec<f32> = (1..=REACH.min(number)).map(|back| self.link(number - back, number)).collect();
        let begun = BEGUN + self.starts_inside(number);
        let mut next: Vec<Step> = Vec::new();
        for (from, step) in steps.iter().enumerate() {
            let (open, over): (Vec<usize>, Vec<usize>) =
                step.threads.iter().partition(|last| number - **last <= REACH);
            let lost = |last: usize| if self.chunks[last].is_unfinished { LOST } else { 0.0 };
            let worth = step.worth - over.into_iter().map(lost).sum::<f32>();
            let mut put = |threads: Vec<usize>, worth: f32, before: Option<usize>| match next
                .iter_mut()
                .find(|step| step.threads == threads)
            {
                Some(step) if step.worth >= worth => {}
                Some(step) => *step = Step { threads, worth, from, before },
                None => next.push(Step { threads, worth, from, before }),
            };
            let without = |last: usize| -> Vec<usize> {
                open.iter().copied().filter(|other| *other != last).chain([number]).collect()
            };
            let turns = step.before.is_some_and(|before| before + 2 < number);
            for last in open.iter().copied() {
                let turn = self.turn(&open, turns, last, number);
                put(without(last), worth + links[number - last - 1] + turn, Some(last));
                put(without(last), worth - lost(last) - begun, None);
            }
            if open.len() < THREADS {
                put(open.iter().copied().chain([number]).collect(), worth - begun, None);
            }
            put(open, worth - ASIDE, None);
        }
        next
    }

    /// What the order says of chunk `number` as going on chunk `last`, the end of one of the
    /// threads that are `open`; `turns` says that the chunk above went on across another.
    fn turn(&self, open: &[usize], turns: bool, last: usize, number: usize) -> f32 {
        // A column may be over where a paragraph ends.
        let waits = self.chunks[open[0]].is_unfinished;
        match last {
            _ if open.len() < 2 => 0.0,
            _ if last == open[0] && turns => TURN,
            _ if last + 1 == number && waits => -TURN,
            _ => 0.0,
        }
    }

    /// How much likelier chunk `lower` goes on from chunk `upper` than from any other.
    fn link(&self, upper: usize, lower: usize) -> f32 {
        let (above, below) = (self.chunks[upper].last, self.chunks[lower].first);
        if !self.chunks[upper].is_unfinished {
            // A new sentence, or a paragraph: hardly the middle of one.
            return -self.starts_inside(lower);
        }
        let (left, right) = (self.document.slice(above.span), self.document.slice(below.span));
        let ends = Ends::between(left, right);
        let [left_sum, right_sum] =
            [LEARNED.vectors.sum(&ends.left_units()), LEARNED.vectors.sum(&ends.right_units())];
        let is_tied = above.opens && below.closes || word_across(left, right).is_some();
        let tied = if is_tied { TIED } else { 0.0 };
        (LEARNED.tie(&ends, &left_sum, &right_sum) + tied).clamp(-MOST, MOST)
    }

    /// What it costs that chunk `number` begins a paragraph, if it looks like the middle of one.
    fn starts_inside(&self, number: usize) -> f32 {
        let start = LEARNED.start(&Ends::between("", self.document.slice(self.chunks[number].first.span)));
        (start * INSIDE).clamp(0.0, LOST)
    }

    /// The chunk whose sentence goes on in chunk `number`.
    fn unfinished_before(&self, number: usize) -> Option<usize> {
        self.before.get(number).copied().flatten().filter(|last| self.chunks[*last].is_unfinished)
    }

    /// The same, if other chunks stand between.
    fn across(&self, number: usize) -> Option<usize> {
        self.unfinished_before(number).filter(|last| last + 1 < number)
    }

    /// The stretches in which sentences go on across other chunks, first and last chunk of
    /// each.
    fn stretches(&self) -> Vec<[usize; 2]> {
        let mut found: Vec<[usize; 2]> = Vec::new();
        for number in 0..self.chunks.len() {
            let Some(start) = self.across(number) else { continue };
            match found.last_mut().filter(|[_, end]| start <= *end + NEAR) {
                Some(last) => *last = [last[0].min(start), number],
                None => found.push([start, number]),
            }
        }
        // What goes on at both ends belongs to it.
        for [start, end] in &mut found {
            while self.unfinished_before(*start).is_some_and(|last| last + 1 == *start) {
                *start -= 1;
            }
            while self.unfinished_before(*end + 1) == Some(*end) {
                *end += 1;
            }
        }
        found.dedup_by(|next, last| {
            let is_one = next[0] <= last[1] + NEAR;
            if is_one {
                *last = [last[0].min(next[0]), last[1].max(next[1])];
            }
            is_one
        });
        found
    }

    /// The weave from chunk `start` to chunk `end`; `None` if that may be something else.
    fn weave(&self, [start, end]: [usize; 2]) -> Option<Weave> {
        let threads = self.threads([start, end]);
        let links: Vec<f32> = (start..=end)
            .filter_map(|number| Some(self.link(self.across(number).filter(|last| *last >= start)?, number)))
            .collect();
        let plain: Vec<f32> = (start..end)
            .filter(|number| self.chunks[*number].is_unfinished)
            .map(|number| self.link(number, number + 1))
            .collect();
        let text = Span::new(self.chunks[start].span.start, self.chunks[end].span.end);
        let is_woven = links.len() >= LEAST.0
            && is_chinese(self.document.slice(text))
            && links.iter().sum::<f32>() >= LEAST.1
            && plain.iter().sum::<f32>() <= PLAIN * plain.len() as f32
            && self.are_columns(&threads);
        let numbers = |thread: Vec<usize>| thread.iter().map(|number| number - start).collect();
        is_woven.then(|| Weave {
            chunks: self.chunks[start..=end].iter().map(|chunk| chunk.span).collect(),
            threads: threads.into_iter().map(numbers).collect(),
        })
    }

    /// The threads from chunk `start` to chunk `end`, in the order in which they begin.
    fn threads(&self, [start, end]: [usize; 2]) -> Vec<Vec<usize>> {
        let mut threads: Vec<Vec<usize>> = Vec::new();
        for number in start..=end {
            let before = self.before[number];
            match threads.iter_mut().find(|thread| before.is_some() && thread.last().copied() == before) {
                Some(thread) => thread.push(number),
                None => threads.push(vec![number]),
            }
        }
        threads
    }

    /// Whether the lines from which `threads` go on in mid-sentence are as wide as a column.
    fn are_columns(&self, threads: &[Vec<usize>]) -> bool {
        let mut is_full = Vec::new();
        for thread in threads {
            let inner = thread[..thread.len() - 1].iter().map(|number| &self.chunks[*number]);
            let inner = inner.filter(|chunk| chunk.is_unfinished).map(|chunk| chunk.last);
            let mut widths: Vec<i32> = inner.map(Row::width).collect();
            widths.sort_unstable();
            let median = widths.get(widths.len() / 2).copied().unwrap_or(0);
            is_full.extend(widths.iter().map(|width| (width - median).abs() <= EDGE.0));
        }
        is_full.iter().filter(|is_full| **is_full).count() * 10 >= is_full.len() * EDGE.1
    }
}

impl Weave {
    /// Proposes to let the lines of each column stand below each other, one column after the
    /// other. Each place gets the chunk that comes next; whether its lines are a paragraph is
    /// another rule's business.
    pub(in crate::stages::rejoin) fn propose(&self, proposer: &mut Proposer<'_>) {
        let order: Vec<(usize, usize)> = (self.threads.iter().enumerate())
            .flat_map(|(thread, chunks)| chunks.iter().map(move |chunk| (thread, *chunk)))
            .collect();
        let mut edits = Vec::new();
        for (place, (_, chunk)) in order.iter().enumerate().filter(|(place, (_, chunk))| place != chunk) {
            let here = self.chunks[place];
            let moved = Replacement::Moved(self.chunks[*chunk]);
            edits.extend([Edit { span: Span::at(here.start), replacement: moved }, Edit::delete(here)]);
        }
        for (place, pair) in order.windows(2).enumerate() {
            if pair[0].0 == pair[1].0 {
                edits.push(Edit::replace(self.chunks[place].end..self.chunks[place + 1].start, "\n"));
            }
        }
        let message = "lines of columns that stand side by side take turns";
        proposer.repair_scored(Confidence::Likely, RIGHT, edits, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Wrapped;
    use super::*;

    const DAM: &str = "青禾县石溪镇的老渠修好整整一年了，河边的两千亩旱地过去只能看天吃饭，如今渠水清清亮亮，一直流到最远的白渡村，家家门前都听得见水声。";
    const PUPPETS: &str = "县文化馆的皮影戏班上周到丁家湾演出，三场戏场场坐满，连窗台上都站着孩子，馆长周小满说，戏班今年要走遍全县二十个村子，教孩子们做皮影。";
    const SCHOOL: &str = "新学期开始，山里的三所小学都装上了暖气，老师们再也不用天不亮就起来生炉子，孩子们写字的时候，手也不再冻得通红，家长们都说放心多了。";

    /// The lines of `text`, `width` characters each.
    fn lines(text: &str, width: usize) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(width).map(|line| line.iter().collect()).collect()
    }

    /// The lines of `columns` in turn, each with a blank line behind.
    fn in_turn(columns: &[Vec<String>]) -> String {
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let row = |row: usize| columns.iter().filter_map(move |column| column.get(row).cloned());
        (0..rows).flat_map(row).collect::<Vec<String>>().join("\n\n") + "\n"
    }

    fn weaves(text: String) -> Vec<Weave> {
        let document = Document::new(text);
        Wrapped::of(&document).map_or_else(Vec::new, |wrapped| wrapped.weaves(&document))
    }

    #[test]
    fn lines_of_two_and_three_columns_are_told_apart() {
        for columns in [&[DAM, PUPPETS][..], &[DAM, PUPPETS, SCHOOL]] {
            let lines: Vec<Vec<String>> = columns.iter().map(|text| lines(text, 11)).collect();
            let found = weaves(in_turn(&lines));
            assert_eq!(found.len(), 1, "{} columns", columns.len());
            let expected: Vec<Vec<usize>> = (0..columns.len())
                .map(|column| (column..found[0].chunks.len()).step_by(columns.len()).collect())
                .collect();
            assert_eq!(found[0].threads, expected);
        }
    }

    #[test]
    fn indentation_goes_with_its_line() {
        let indented = |text: &str| lines(&format!("\u{3000}\u{3000}{text}"), 11);
        let text = in_turn(&[indented(DAM), indented(PUPPETS)]);
        let found = weaves(text.clone());
        let starts: Vec<bool> =
            found[0].chunks.iter().map(|chunk| text[chunk.range()].starts_with('\u{3000}')).collect();
        assert_eq!(starts.iter().filter(|starts| **starts).count(), 2);
    }

    #[test]
    fn no_weave_crosses_a_page() {
        let page = in_turn(&[lines(DAM, 11), lines(PUPPETS, 11)]);
        let found = weaves(format!("{page}\u{C}{page}"));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn lines_of_one_column_don_t_take_turns() {
        for width in [11, 14, 18] {
            let text: String = [DAM, PUPPETS, SCHOOL].concat();
            assert!(weaves(in_turn(&[lines(&text, width)])).is_empty(), "{width}");
        }
    }

    #[test]
    fn a_translation_between_the_lines_stays_there() {
        let translation = vec!["The old canal of Shixi town has been repaired for a year,".to_owned(); 7];
        assert!(weaves(in_turn(&[lines(DAM, 11), translation])).is_empty());
    }
}
