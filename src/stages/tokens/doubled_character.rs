//! Rules `tokens/doubled-character` (`粮库库`) and `tokens/doubled-run`
//! (`粮粮库库管管`). Chinese doubles characters on purpose all the time, so a
//! single one needs evidence: a word that the double breaks (`broken_word`), the
//! word single elsewhere in the document, or a common word before what can't go
//! on; without it, a note.

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::broken_word::{Broken, broken_word};
use super::doubles::{Doubles, doubles};
use super::nearby::Nearby;
use crate::chars::{is_chinese, is_gap, is_han, is_opening};
use crate::document::Document;
use crate::edit::Edit;
use crate::lexicon::{self, SURNAMES};
use crate::span::Span;
use crate::stages::Proposer;

/// Single characters that stand beside a word ending or beginning with the
/// same character in good Chinese: 存在在, 目的的, 委员会会.
const OFTEN_ALONE: &str = "的了是在不有会能要到上下来去出入为成做看说用让给把被得地着过和与及或也都就又再还很更最太这那此其各每某一二三四五六七八九十百千万两几个只条名位次年月日时人家中里内外前后大小多少好";

/// Frequency from which the dictionary counts as evidence that a pair is a word:
/// under it stand the slips of the text it was made from.
const MIN_PAIR_FREQUENCY: usize = 10;

/// Frequency from which a word of the dictionary is a common one.
const MIN_WORD_FREQUENCY: usize = 100;

/// Both rules.
pub(super) fn propose(document: &Document, proposer: &mut Proposer<'_>) {
    let doubles = doubles(document);
    if let Some(mut proposer) = proposer.under("tokens/doubled-character") {
        one(document, &doubles, &mut proposer);
    }
    if let Some(mut proposer) = proposer.under("tokens/doubled-run") {
        run(document, &doubles, &mut proposer);
    }
}

/// Rule `tokens/doubled-character`.
fn one(document: &Document, doubles: &[Doubles], proposer: &mut Proposer<'_>) {
    let (places, surroundings) = odd_places(document, doubles);
    let words = places.iter().flat_map(|place| {
        place.word.as_deref().into_iter().chain(place.broken.as_ref().map(|broken| broken.word.as_str()))
    });
    let uses = Uses::count(document.text(), words);
    for place in &places {
        let c = place.c;
        if let Some(broken) = place.broken.as_ref().filter(|broken| uses.bear_out(broken))
            && surroundings.are_unique(place)
        {
            let message = format!("`{c}` is doubled: the word is `{}`", broken.word);
            proposer.repair(vec![Edit::delete(place.second)], &message);
        } else if let Some(word) = &place.word {
            if place.ends && uses.is_single(word) {
                let message = format!("`{c}` is doubled: the word is `{word}`");
                proposer.repair(vec![Edit::delete(place.second)], &message);
            } else {
                let message =
                    format!("`{c}` stands twice; nothing else in the document says whether it should");
                proposer.note(place.second, &message);
            }
        }
    }
}

/// A doubled character that nothing around it explains.
struct Odd {
    /// The second of the two.
    second: Span,
    c: char,
    /// The word that the first of the two ends, where none begins with the
    /// second.
    word: Option<String>,
    /// Whether the second can't begin what follows.
    ends: bool,
    /// The word that the two break.
    broken: Option<Broken>,
    /// What stands before and behind the two.
    around: [Option<char>; 2],
}

/// How often each doubled character stands in a document behind and before what
/// it does: a double that stands twice in one place (吉尔吉斯斯坦) is meant.
#[derive(Default)]
struct Surroundings {
    counts: FxHashMap<(Option<char>, char, Option<char>), usize>,
}

impl Surroundings {
    fn add(&mut self, c: char, [before, after]: [Option<char>; 2]) {
        if before.is_some() {
            *self.counts.entry((before, c, None)).or_default() += 1;
        }
        if after.is_some() {
            *self.counts.entry((None, c, after)).or_default() += 1;
        }
    }

    fn are_unique(&self, odd: &Odd) -> bool {
        let [before, after] = odd.around;
        [(before, odd.c, None), (None, odd.c, after)]
            .iter()
            .all(|key| self.counts.get(key).is_none_or(|n| *n < 2))
    }
}

fn odd_places(document: &Document, doubles: &[Doubles]) -> (Vec<Odd>, Surroundings) {
    let mut places = Vec::new();
    let mut surroundings = Surroundings::default();
    for Doubles { line, places: doubles } in doubles {
        let text = document.slice(line.span);
        if !is_chinese(text) {
            continue;
        }
        for place in doubles {
            let double = Double::new(text, place.clone());
            if double.is_name(&text[..place.start], &text[place.end..]) {
                continue;
            }
            let around = [text[..place.start].chars().next_back(), text[place.end..].chars().next()];
            surroundings.add(double.c, around.map(|c| c.filter(|c| is_han(*c))));
            let word = if double.is_odd() { double.word_before() } else { None };
            let broken = broken_word(text, place);
            if word.is_none() && broken.is_none() {
                continue;
            }
            let second = Span::new(line.span.start + place.end - double.len(), line.span.start + place.end);
            let ends = word.as_ref().is_some_and(|word| double.cannot_go_on(&text[place.end..], word));
            let around = around.map(|c| c.filter(|c| is_han(*c)));
            places.push(Odd { second, c: double.c, word, ends, broken, around });
        }
    }
    (places, surroundings)
}

/// Rule `tokens/doubled-run`: three or more characters in a row, each twice,
/// and few of them words: 妈妈结结实实 and 家家户户天天 are good Chinese.
fn run(document: &Document, doubles: &[Doubles], proposer: &mut Proposer<'_>) {
    const MIN_RUN: usize = 3;
    for Doubles { line, places: doubles } in doubles {
        let text = document.slice(line.span);
        if doubles.len() < MIN_RUN {
            continue;
        }
        for run in doubles
            .chunk_by(|a, b| a.end == b.start)
            .filter(|run| run.len() >= MIN_RUN)
            .map(|run| without_words_at_ends(text, run))
            .filter(|run| run.len() >= MIN_RUN && !holds_words(text, run))
        {
            let half = |place: &Range<usize>| place.start + place.len() / 2..place.end;
            let edits = run
                .iter()
                .map(half)
                .map(|at| Edit::delete(line.span.start + at.start..line.span.start + at.end));
            let message = format!("each of {} characters in a row stands twice", run.len());
            proposer.repair(edits.collect(), &message);
        }
    }
}

/// `run` without a pair at its end that makes a word with what stands behind
/// (齐齐哈尔), or one at its start with what stands before (绿油油).
fn without_words_at_ends<'a>(line: &str, run: &'a [Range<usize>]) -> &'a [Range<usize>] {
    let is_free = |place: &Range<usize>, before: &str, after: &str| {
        let (head, tail) = (&line[..place.start], &line[place.end..]);
        let before = suffixes(head).take(2).filter(|_| before.is_empty());
        let after = prefixes(tail).take(2).filter(|_| after.is_empty());
        let pair = &line[place.clone()];
        !before.map(|part| format!("{part}{pair}")).any(|word| lexicon::is_word(&word))
            && !after.map(|part| format!("{pair}{part}")).any(|word| lexicon::is_word(&word))
    };
    let run = run.split_last().filter(|(last, _)| !is_free(last, "-", "")).map_or(run, |(_, rest)| rest);
    run.split_first().filter(|(first, _)| !is_free(first, "", "-")).map_or(run, |(_, rest)| rest)
}

/// Whether at least half of the pairs of `run` are words, alone or with a
/// neighbour.
fn holds_words(line: &str, run: &[Range<usize>]) -> bool {
    let is_word = |place: &Range<usize>| lexicon::frequency(&line[place.clone()]) >= MIN_PAIR_FREQUENCY;
    let joins = |at: usize| at + 1 < run.len() && lexicon::is_word(&line[run[at].start..run[at + 1].end]);
    let explained = (0..run.len()).filter(|&at| is_word(&run[at]) || joins(at) || (at > 0 && joins(at - 1)));
    // Of four or more, two may be words by chance.
    let explained = explained.count();
    explained * 2 > run.len() || (run.len() == 3 && explained == 2)
}

/// A doubled character with what stands around it.
struct Double<'a> {
    c: char,
    /// Up to three Han characters before the first.
    before: &'a str,
    /// Up to three Han characters behind the second.
    after: &'a str,
}

impl<'a> Double<'a> {
    fn new(line: &'a str, place: Range<usize>) -> Self {
        let head = &line[..place.start];
        let start = head.char_indices().rev().take(3).take_while(|(_, c)| is_han(*c)).last();
        let tail = &line[place.end..];
        let end = tail.char_indices().take(3).take_while(|(_, c)| is_han(*c)).last();
        Self {
            c: line[place.start..].chars().next().expect("a doubled character stands there"),
            before: &head[start.map_or(head.len(), |(at, _)| at)..],
            after: &tail[..end.map_or(0, |(at, c)| at + c.len_utf8())],
        }
    }

    fn len(&self) -> usize {
        self.c.len_utf8()
    }

    /// Whether three characters behind a gap or a colon, or between the start of the
    /// line and a gap, hold the double, which stands between `head` and `tail`: in a
    /// byline that is a name; or three of which the first is a surname, behind a bracket or
    /// in a list, `本报讯（林石石 通讯员 李子子）`.
    fn is_name(&self, head: &str, tail: &str) -> bool {
        let (before, behind) = (&head[..head.len() - self.before.len()], &tail[self.after.len()..]);
        let is_apart = before.ends_with(|c| is_gap(c) || matches!(c, '：' | ':'));
        let is_listed = || before.ends_with(['（', '(', '、']) && SURNAMES.has(self.before);
        self.before.chars().count() + self.after.chars().count() == 1
            && (is_apart || before.is_empty() && behind.starts_with(is_gap) || is_listed())
    }

    /// Whether nothing explains the double: it is no part of a word (谢谢,
    /// 绿油油), no doubled pair (高高兴兴) and no character that often stands alone.
    fn is_odd(&self) -> bool {
        // 一台台, 一步步: a measure word doubled.
        if OFTEN_ALONE.contains(lexicon::simplified(self.c))
            || begin_with_pair(self.after.chars())
            || begin_with_pair(self.before.chars().rev())
            || self.before.ends_with('一')
        {
            return false;
        }
        let nearby = Nearby::of(self.before, self.c, self.after);
        let frequency = || lexicon::frequency(&String::from_iter([self.c, self.c]));
        let is_word = nearby.are_pair() && frequency() >= MIN_PAIR_FREQUENCY;
        !is_word && !nearby.hold_both(2)
    }

    /// Whether the second of the two can't begin what follows: a figure, or
    /// punctuation behind a common word and a character that is no verb (尝尝，).
    fn cannot_go_on(&self, behind: &str, word: &str) -> bool {
        let is_verb = || lexicon::tag(&self.c.to_string()).is_some_and(|tag| tag.starts_with('v'));
        match behind.chars().next() {
            Some(next) if next.is_ascii_digit() => true,
            Some(next) if is_han(next) || next.is_alphabetic() || is_opening(next) => false,
            _ => lexicon::frequency(word) >= MIN_WORD_FREQUENCY && !is_verb(),
        }
    }

    /// A word of two or more characters that ends with the first of the two,
    /// where none begins with the second: 资源部部长 and 蓝染染料 are good
    /// Chinese. The character before makes do for a word the dictionary lacks.
    fn word_before(&self) -> Option<String> {
        if Nearby::of(self.before, self.c, self.after).begin_with_second() {
            return None;
        }
        let mut ends = suffixes(self.before).map(|part| format!("{part}{}", self.c));
        let shortest = ends.next()?;
        if lexicon::is_word(&shortest) {
            Some(shortest)
        } else {
            ends.find(|word| lexicon::is_word(word)).or(Some(shortest))
        }
    }
}

/// The ends of `text`, from the last character on.
pub(super) fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().rev().map(|(at, _)| &text[at..])
}

/// The beginnings of `text`, from the first character on.
pub(super) fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()])
}

/// Whether the first two of `chars` are equal.
fn begin_with_pair(mut chars: impl Iterator<Item = char>) -> bool {
    chars.next().is_some_and(|first| chars.next() == Some(first))
}

/// How often words stand in a document, and how often with their last
/// character doubled: counted for all of them in one pass.
struct Uses<'a> {
    counts: FxHashMap<&'a str, Use>,
}

#[derive(Default)]
struct Use {
    single: usize,
    doubled: usize,
    /// Where the last one ended; what overlaps it is not counted.
    end: usize,
}

impl Use {
    /// Counts one that ends at `end` of `text`.
    fn add(&mut self, text: &str, end: usize) {
        self.end = end;
        let last = text[..end].chars().next_back();
        if text[end..].chars().next() == last {
            self.doubled += 1;
        } else {
            self.single += 1;
        }
    }
}

impl<'a> Uses<'a> {
    /// Up to how many words are looked for one by one.
    const FEW: usize = 12;

    fn count(text: &str, words: impl Iterator<Item = &'a str>) -> Self {
        let mut uses = Self { counts: words.map(|word| (word, Use::default())).collect() };
        if uses.counts.len() <= Self::FEW {
            uses.count_each(text);
        } else {
            uses.count_all(text);
        }
        uses
    }

    /// Goes through `text` once for each word, by vectors.
    fn count_each(&mut self, text: &str) {
        for (word, found) in &mut self.counts {
            for at in memchr::memmem::find_iter(text.as_bytes(), word) {
                found.add(text, at + word.len());
            }
        }
    }

    /// Goes through `text` once for all words.
    fn count_all(&mut self, text: &str) {
        let lengths: BTreeSet<usize> = self.counts.keys().map(|word| word.len()).collect();
        // How the first characters end: most of the text is told by that.
        let mut firsts = [false; 1024];
        let place = |c: char| u32::from(c) as usize % 1024;
        self.counts.keys().filter_map(|word| word.chars().next()).for_each(|c| firsts[place(c)] = true);
        for (at, _) in text.char_indices().filter(|(_, c)| firsts[place(*c)]) {
            for end in lengths.iter().map(|len| at + len) {
                let Some(found) = text.get(at..end).and_then(|word| self.counts.get_mut(word)) else {
                    continue;
                };
                if at >= found.end {
                    found.add(text, end);
                }
            }
        }
    }

    /// Whether the word is sure to be broken, or stands whole elsewhere. Where
    /// the doubled character begins it, it also stands whole behind the first.
    fn bear_out(&self, broken: &Broken) -> bool {
        let whole = self.counts.get(broken.word.as_str()).map_or(0, |found| found.single);
        broken.is_sure || (!broken.at_start && !broken.may_go_on && whole > 0)
    }

    /// Whether `word` is single by the dictionary or elsewhere in the document,
    /// and nowhere else doubled: what stands doubled twice (吉尔吉斯斯坦) is
    /// meant.
    fn is_single(&self, word: &str) -> bool {
        self.counts.get(word).is_some_and(|found| {
            found.doubled == 1 && (found.single > 0 || lexicon::frequency(word) >= MIN_WORD_FREQUENCY)
        })
    }
}
