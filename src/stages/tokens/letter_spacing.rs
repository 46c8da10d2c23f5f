//! Rule `tokens/letter-spacing`: type set wide (`社 会 保 障`) comes out with
//! a gap behind every character.

use memchr::memmem;
use std::collections::BTreeSet;

use crate::chars::{is_cjk_punctuation, is_gap, is_han, is_line_end};
use crate::document::{Document, Line};
use crate::edit::{Confidence, Edit};
use crate::lexicon;
use crate::span::Span;
use crate::stages::Proposer;

/// Han characters from which a run counts. Three with gaps between may be a
/// list of single characters, a name set wide, or two lost marks.
const MIN_HAN: usize = 4;

/// Han characters from which a run is sure: labels and titles of four (`会 议
/// 纪 要`) are set wide on purpose.
const SURE_HAN: usize = 5;

/// Han characters from which a run in running text is more than a few names.
const LONG_RUN: usize = 7;

/// What names stand behind, and two of them may be set wide (`丁 一 何 川`).
const ROLES: [&str; 10] =
    ["记者", "通讯员", "記者", "通訊員", "作者", "编辑", "責編", "责编", "校对", "摄影"];

pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    for line in lines(document) {
        let text = document.slice(line.span);
        for run in runs(text) {
            let confidence = Setting::of(text, &run).confidence();
            let edits: Vec<_> = run
                .gaps
                .iter()
                .map(|gap| Edit::delete(line.span.start + gap.start..line.span.start + gap.end))
                .collect();
            let message = format!("letter-spaced: `{}`", run.letters);
            proposer.repair_as(confidence, edits, &message);
        }
    }
}

/// The lines that may hold a run, in order: those with as many gaps in a row as it
/// has, and those with other spaces than U+0020 and U+3000.
fn lines(document: &Document) -> Vec<Line> {
    let line_at = |at| document.lines()[document.line_at(at).expect("a gap stands there")];
    let mut lines = document.odd_lines().to_vec();
    lines.extend(gaps_in_a_row(document.text()).map(line_at));
    lines.sort_unstable_by_key(|line| line.span);
    lines.dedup();
    lines
}

/// Where one of U+0020 and U+3000 is the last of as many of them as a run has,
/// with a single character from one to the next. Tabs count for nothing here.
fn gaps_in_a_row(text: &str) -> impl Iterator<Item = usize> {
    let (mut count, mut end) = (0, 0);
    gaps(text).filter_map(move |gap| {
        let mut between = text[end..gap.start].chars();
        let is_single = between.next().is_some_and(|c| !is_line_end(c)) && between.next().is_none();
        count = if is_single { count + 1 } else { 1 };
        end = gap.end;
        (count >= MIN_HAN - 1).then_some(gap.start)
    })
}

/// Each U+0020 and U+3000 of `text`, in order.
fn gaps(text: &str) -> impl Iterator<Item = Span> {
    let mut ascii = memchr::memchr_iter(b' ', text.as_bytes()).map(|at| Span::new(at, at + 1)).peekable();
    let wide = memmem::find_iter(text.as_bytes(), "\u{3000}");
    let mut wide = wide.map(|at| Span::new(at, at + '\u{3000}'.len_utf8())).peekable();
    std::iter::from_fn(move || match (ascii.peek(), wide.peek()) {
        (Some(one), Some(other)) if one > other => wide.next(),
        (None, _) => wide.next(),
        (Some(_), _) => ascii.next(),
    })
}

/// Single characters with one gap between each.
#[derive(Default)]
struct Run {
    letters: String,
    /// In the line.
    gaps: Vec<Span>,
    /// From the first letter to the last, in the line.
    span: Span,
}

/// What speaks for letter-spacing, and against a list of single characters
/// (`甲 乙 丙 丁`, `对 错 错 对`).
struct Setting {
    /// Han characters of the run.
    han: usize,
    /// Those of them in words of two characters or more.
    covered: usize,
    /// Those words that hold a gap.
    words: BTreeSet<String>,
    /// Whether text goes on without a gap on either side, or a sentence does
    /// behind it: lists stand apart, behind a colon.
    in_text: bool,
    /// Whether it stands among the names of people.
    in_byline: bool,
}

/// Han characters on either side that words are looked for in.
const CONTEXT: usize = 4;

impl Setting {
    fn of(line: &str, run: &Run) -> Self {
        let before = &line[..run.span.start];
        let after = &line[run.span.end..];
        let head = before.char_indices().rev().take(CONTEXT).take_while(|(_, c)| is_han(*c)).last();
        let head = &before[head.map_or(before.len(), |(at, _)| at)..];
        let tail: String = after.chars().take(CONTEXT).take_while(|c| is_han(*c)).collect();
        let text = format!("{head}{}{tail}", run.letters);
        let inner = head.len()..head.len() + run.letters.len();
        let (mut covered, mut words) = (0, BTreeSet::new());
        for word in lexicon::segment(&text).into_iter().filter(|word| is_compound(word.text)) {
            let shared = word.start.max(inner.start)..(word.start + word.text.len()).min(inner.end);
            let letters = text.get(shared).map_or(0, |shared| shared.chars().count());
            covered += letters;
            if letters > 1 {
                words.insert(word.text.to_owned());
            }
        }
        let pauses = ['，', '。', '；', '、', ','];
        let goes_on = after.starts_with(pauses) || run.letters.ends_with(|c: char| c.is_ascii_digit());
        let follows = before.ends_with(&pauses[..3]);
        let in_sentence = line.contains('，') && (goes_on || follows) && !before.ends_with(['：', ':', '、']);
        let in_text = !head.is_empty() || !tail.is_empty() || in_sentence;
        let in_byline = is_among_names(before, after)
            || !line.contains(['，', '。']) && ROLES.iter().any(|role| before.contains(role));
        let han = run.letters.chars().filter(|c| is_han(*c)).count();
        Self { han, covered, words, in_text, in_byline }
    }

    /// Words speak for letter-spacing: a list holds few different ones. Nothing
    /// but words of two characters or four (`大 小 多 少 上 下`) may be such a
    /// list; a long word (a name of five) is none.
    fn confidence(&self) -> Confidence {
        let is_whole = self.covered == self.han;
        let lengths = || self.words.iter().map(|word| word.chars().count());
        let only_pairs = is_whole && lengths().all(|length| length.is_multiple_of(2));
        if self.han < SURE_HAN || self.in_byline || (only_pairs && !self.in_text) {
            Confidence::Doubtful
        } else if self.words.len() >= 3 && self.covered * 2 >= self.han {
            Confidence::Certain
        } else if (self.words.len() == 2 && self.covered * 2 >= self.han)
            || (self.in_text
                && !self.words.is_empty()
                && (self.covered * 3 >= self.han || self.han >= LONG_RUN))
            || (is_whole && lengths().any(|length| length >= SURE_HAN))
        {
            Confidence::Likely
        } else {
            Confidence::Doubtful
        }
    }
}

/// Whether the run between `before` and `after` shares its brackets with longer names,
/// and with nothing else.
fn is_among_names(before: &str, after: &str) -> bool {
    let (Some(open), Some(close)) = (before.rfind(['（', '(']), after.find(['）', ')'])) else {
        return false;
    };
    let head = before[open..].trim_start_matches(['（', '(']);
    let others = head.split(is_gap).chain(after[..close].split(is_gap));
    let mut others = others.filter(|name| !name.is_empty()).peekable();
    others.peek().is_some() && others.all(|name| name.chars().all(is_han))
}

fn is_compound(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(is_han)
}

fn runs(line: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let end = at + c.len_utf8();
        let gap = single_gap(&line[end..]);
        // Without a gap behind it nothing begins.
        if gap == 0 && run.letters.is_empty() {
            at = end;
            continue;
        }
        let is_role = run.letters.is_empty() && ROLES.iter().any(|role| line[..end].ends_with(role));
        if can_be_spaced(c) && !is_role {
            if run.letters.is_empty() {
                run.span.start = at;
            }
            run.span.end = end;
            run.letters.push(c);
            if gap > 0 && joins(c, line[end + gap..].chars().next()) {
                run.gaps.push(Span::new(end, end + gap));
                at = end + gap;
                continue;
            }
        }
        runs.extend(finish(&mut run));
        at = end;
    }
    runs.extend(finish(&mut run));
    runs
}

/// Takes the run if it is one, and starts anew.
fn finish(run: &mut Run) -> Option<Run> {
    let run = std::mem::take(run);
    let han = run.letters.chars().filter(|c| is_han(*c)).count();
    (han >= MIN_HAN && run.gaps.len() + 1 >= han).then_some(run)
}

/// Length in bytes of the gap that `rest` begins with, if it is a single one
/// with text behind.
fn single_gap(rest: &str) -> usize {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some(gap), Some(next)) if is_gap(gap) && gap != '\t' && !is_gap(next) => gap.len_utf8(),
        _ => 0,
    }
}

fn can_be_spaced(c: char) -> bool {
    is_han(c) || is_cjk_punctuation(c) || c.is_ascii_digit()
}

/// Whether a letter-spaced run may go on from `c` over a gap to `next`. A gap
/// between two figures may part two numbers, unless the whole run is spaced;
/// `runs` only asks at single characters, so there it is.
fn joins(c: char, next: Option<char>) -> bool {
    next.is_some_and(|next| {
        can_be_spaced(next) && (is_han(c) || is_han(next) || (c.is_ascii_digit() && next.is_ascii_digit()))
    })
}
