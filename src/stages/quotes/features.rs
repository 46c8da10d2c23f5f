//! What speaks for and against a quotation: the features whose weights the
//! model knows. Changing one here makes the weights stale: train anew.

use super::ends::{Characters, Closing, End, Opening};
use super::evidence::Evidence;
use super::lattice::Pair;
use super::measures::{Sums, Words, inside_marks, is_label, is_speech_verb, length, sign, step};
use crate::chars::{ends_sentence, is_han};
use crate::document::BlockKind;
use crate::lexicon::{self, QUOTED_HEADS, SURNAMES};
use crate::model::{Feature, Template};

const OPEN: u16 = 0;
const CLOSE: u16 = 100;
const UNUSED: u16 = 200;
const SHARED: u16 = 300;
const PAIR: u16 = 400;

/// A block with all that its features are made of.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) characters: &'a Characters<'a>,
    pub(crate) ends: &'a [End],
    /// What the block looks like.
    pub(crate) kind: BlockKind,
    pub(crate) evidence: &'a Evidence,
    sums: Sums,
    /// Whether each position stands inside marks that are there.
    marked: Vec<bool>,
    words: Vec<Words>,
    /// Of each end: the gaps before it.
    gaps_before: Vec<usize>,
    /// Of each end: code points to the nearest gap before and behind it.
    distances: Vec<(usize, usize)>,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        characters: &'a Characters<'a>,
        ends: &'a [End],
        kind: BlockKind,
        evidence: &'a Evidence,
    ) -> Self {
        let mut gaps_before = Vec::with_capacity(ends.len());
        let mut distances = vec![(usize::MAX, usize::MAX); ends.len()];
        let (mut count, mut last) = (0, None);
        for (end, distance) in ends.iter().zip(&mut distances) {
            gaps_before.push(count);
            distance.0 = last.map_or(usize::MAX, |last| end.left - last);
            if end.is_gap() {
                count += 1;
                last = Some(end.right);
            }
        }
        let mut next = None;
        for (end, distance) in ends.iter().zip(&mut distances).rev() {
            distance.1 = next.map_or(usize::MAX, |next: usize| next - end.right);
            if end.is_gap() {
                next = Some(end.left);
            }
        }
        let sums = Sums::of(&characters.chars);
        let marked = inside_marks(&characters.chars);
        let words = ends.iter().map(|end| Words::at(characters, end)).collect();
        Self { characters, ends, kind, evidence, sums, marked, words, gaps_before, distances }
    }

    /// The class of block that a feature of position `at` may depend on.
    fn setting(&self, at: usize) -> u64 {
        let kind = match self.kind {
            BlockKind::Headline => 0,
            BlockKind::Lead => 1,
            BlockKind::ListItem => 2,
            _ => 3,
        };
        kind * 2 + u64::from(self.marked[at])
    }

    /// The features of a quotation that opens at `end`.
    pub(crate) fn opening(&self, end: &End, features: &mut Vec<Feature>) {
        let kind = end.opens.map_or(0, |kind| match kind {
            Opening::Gap => 0,
            Opening::Start => 1,
            Opening::BehindPunctuation => 2,
            Opening::Bare => 3,
        });
        self.around(OPEN, end, kind, features);
    }

    /// The features of a quotation that closes at `end`.
    pub(crate) fn closing(&self, end: &End, features: &mut Vec<Feature>) {
        let kind = end.closes.map_or(0, |kind| match kind {
            Closing::Gap => 0,
            Closing::Finish => 1,
            Closing::BeforePunctuation => 2,
            Closing::BehindSentence => 3,
            Closing::Bare => 4,
        });
        self.around(CLOSE, end, kind, features);
        if self.characters.before(end.left).is_some_and(ends_sentence) {
            let said = self.is_said_behind(end.right);
            features.push(Template(CLOSE + 60).value(u64::from(said)).and(kind));
        }
    }

    /// The features of a gap that no quotation accounts for.
    pub(crate) fn unused(&self, end: &End, features: &mut Vec<Feature>) {
        if end.is_gap() {
            self.around(UNUSED, end, 0, features);
        }
    }

    /// The features of an end that closes one quotation and opens another.
    pub(crate) fn shared(&self, end: &End, features: &mut Vec<Feature>) {
        self.around(SHARED, end, u64::from(end.is_gap()), features);
    }

    /// Character n-grams on both sides of `end`.
    fn around(&self, base: u16, end: &End, kind: u64, features: &mut Vec<Feature>) {
        let chars = &self.characters.chars;
        let left =
            |count: usize| end.left.checked_sub(count).map(|from| chars[from..end.left].iter().copied());
        let right = |count: usize| chars.get(end.right..end.right + count).map(|part| part.iter().copied());
        let bare = Template(base).value(kind);
        features.push(bare);
        features.push(bare.and(self.setting(end.left)));
        for count in 1..=4 {
            let number = u16::try_from(count).expect("small");
            features.extend(left(count).map(|part| Template(base + number).chars(part).and(kind)));
            features.extend(right(count).map(|part| Template(base + 10 + number).chars(part).and(kind)));
        }
        for (before, behind) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
            let number = base + 20 + u16::try_from(before * 2 + behind).expect("small");
            let both = left(before).zip(right(behind));
            features.extend(both.map(|(left, right)| Template(number).chars(left.chain(right)).and(kind)));
        }
        let nearest = self.nearest(end);
        features.push(Template(base + 40).value(nearest.0).and(nearest.1).and(kind));
        let announced = end.left > 0 && self.is_said_before(end.left);
        features.push(Template(base + 41).value(u64::from(announced)).and(kind));
        if end.is_gap() {
            let behind = sign(self.characters.before(end.left));
            let habit = self.evidence.habit(behind);
            features.push(Template(base + 42).value(behind).and(habit).and(kind));
            let label = u64::from(is_label(chars, end.left));
            features.push(Template(base + 43).value(label).and(self.evidence.labels()).and(kind));
        }
        let words = self.words[self.index(end)];
        let beside = |number: u16| Template(base + number).value(words.left).and(words.right);
        features.push(Template(base + 44).value(words.across).and(kind));
        features.push(beside(45).and(kind));
        features.push(beside(46).and(words.across).and(kind));
    }

    /// The distances to the gaps around `end`, in steps.
    fn nearest(&self, end: &End) -> (u64, u64) {
        let (before, behind) = self.distances[self.index(end)];
        (step(before), step(behind))
    }

    fn index(&self, end: &End) -> usize {
        self.ends.partition_point(|other| (other.left, other.right) < (end.left, end.right))
    }

    /// The features of a pair beyond those of its two ends.
    pub(crate) fn pair(&self, pair: Pair, features: &mut Vec<Feature>) {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let (from, to) = (open.right, close.left);
        let len = to - from;
        let class = u64::from(open.is_gap()) * 2 + u64::from(close.is_gap());
        let add = |features: &mut Vec<Feature>, number: u16, values: &[u64]| {
            let start = Template(PAIR + number).value(class);
            features.push(values.iter().fold(start, |feature, value| feature.and(*value)));
        };
        let sum = |sums: &[u16], most| Sums::between(sums, from, to, most);
        let (sentences, commas, others, odd) = (
            sum(&self.sums.sentences, 3),
            sum(&self.sums.commas, 4),
            sum(&self.sums.others, 3),
            sum(&self.sums.odd, 1),
        );
        let whole = u64::from(self.characters.before(to).is_some_and(ends_sentence));
        let inner = self.gaps_before[pair.close] - self.gaps_before[pair.open] - usize::from(open.is_gap());
        let inner = u64::try_from(inner.min(5)).expect("small");
        let size = length(len);
        add(features, 0, &[size]);
        add(features, 1, &[size, sentences, commas]);
        add(features, 2, &[sentences, commas, others, whole]);
        add(features, 3, &[inner, sentences.min(1)]);
        add(features, 4, &[size, self.setting(from)]);
        add(features, 5, &[odd, size]);
        add(features, 6, &[whole, self.starts_whole(open), sentences.min(1)]);
        let (before, behind) = (step(self.distances[pair.open].0), step(self.distances[pair.close].1));
        add(features, 7, &[before, size, behind]);
        add(features, 8, &[before, inner]);
        add(features, 9, &[behind, inner]);
        let parity = (self.gaps_before[pair.open] % 2) as u64;
        let all = self.gaps_before.last().copied().unwrap_or(0).min(7) as u64;
        add(features, 10, &[parity, all]);
        self.neighbourhood(pair, class, features);
        self.content(from, to, class, features);
        self.in_document(from, to, class, inner, features);
        self.words(pair, class, features);
        self.beside(pair, class, size, features);
    }

    /// What lies between the quotation and the gaps before and behind it.
    fn beside(&self, pair: Pair, class: u64, size: u64, features: &mut Vec<Feature>) {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let (before, behind) = (self.distances[pair.open].0, self.distances[pair.close].1);
        let len = self.characters.chars.len();
        let first = self.stretch(before, open.left.saturating_sub(before), open.left);
        let last = self.stretch(behind, close.right, close.right.saturating_add(behind).min(len));
        let marks = self.mark_class(open, close);
        let mut add = |number: u16, values: &[u64]| {
            let start = Template(PAIR + number).value(class);
            features.push(values.iter().fold(start, |feature, value| feature.and(*value)));
        };
        add(60, &[first, size]);
        add(61, &[last, size]);
        add(62, &[first, last]);
        add(63, &[marks, step(before), step(behind)]);
        add(64, &[last, marks % 16, self.words[pair.close].head]);
        add(65, &[first, marks / 16, self.words[pair.open].verb]);
        // Whether the gaps before it and those behind it can all pair.
        let earlier = self.gaps_before[pair.open];
        let final_gap = usize::from(self.ends.last().is_some_and(End::is_gap));
        let all = self.gaps_before.last().copied().unwrap_or(0) + final_gap;
        let rest = all - self.gaps_before[pair.close] - usize::from(close.is_gap());
        let parity = [(earlier % 2) as u64, (rest % 2) as u64];
        add(66, &[parity[0], parity[1], rest.min(3) as u64, self.evidence.pairing()]);
        let others = Sums::between(&self.sums.others, open.right, close.left, 3);
        add(67, &[others, marks]);
    }

    /// The class of the stretch `from..to` up to the next gap, which is
    /// `distance` away: its length and its punctuation.
    fn stretch(&self, distance: usize, from: usize, to: usize) -> u64 {
        if distance == usize::MAX {
            return 0;
        }
        let sentences = Sums::between(&self.sums.sentences, from, to, 1);
        let commas = Sums::between(&self.sums.commas, from, to, 2);
        let others = Sums::between(&self.sums.others, from, to, 1);
        1 + step(distance) * 12 + sentences * 6 + commas * 2 + others
    }

    /// What the word lists say of what stands around both marks.
    fn words(&self, pair: Pair, class: u64, features: &mut Vec<Feature>) {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let (first, last) = (self.words[pair.open], self.words[pair.close]);
        let size = length(close.left - open.right).min(10);
        let around = Template(PAIR + 50).value(first.verb).and(last.head).and(class);
        features.push(around);
        features.push(around.and(size));
        features.push(Template(PAIR + 52).value(last.own_head).and(last.head).and(class).and(size));
        features.push(Template(PAIR + 53).value(first.tying).and(class));
        features.push(Template(PAIR + 54).value(last.waiting).and(class));
        let marks = Template(PAIR + 55).value(self.mark_class(open, close)).and(class);
        features.push(marks.and(first.verb.min(1)).and(last.head.min(1)));
    }

    /// The kinds of character right outside both marks.
    fn mark_class(&self, open: &End, close: &End) -> u64 {
        sign(self.characters.before(open.left)) * 16 + sign(self.characters.behind(close.right))
    }

    /// What stands right outside both marks, and at both ends inside.
    fn neighbourhood(&self, pair: Pair, class: u64, features: &mut Vec<Feature>) {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let chars = &self.characters.chars;
        let outside = (self.characters.before(open.left), self.characters.behind(close.right));
        let code = |c: Option<char>| c.map_or(0, |c| u64::from(u32::from(c)));
        let both = Template(PAIR + 20).value(code(outside.0)).and(code(outside.1));
        features.push(both);
        features.push(both.and(class).and(length(close.left - open.right)));
        if let Some(left) = open.left.checked_sub(2).map(|from| &chars[from..open.left]) {
            features.push(Template(PAIR + 21).chars(left.iter().copied()).and(code(outside.1)));
        }
        if let Some(right) = chars.get(close.right..close.right + 2) {
            features.push(
                Template(PAIR + 22)
                    .value(code(outside.0))
                    .and(code(right.first().copied()))
                    .and(code(right.last().copied())),
            );
        }
        let size = length(close.left - open.right);
        for (number, c) in [(26, outside.0), (27, outside.1)] {
            features.push(Template(PAIR + number).value(code(c)).and(class).and(size));
        }
        let commas = Sums::between(&self.sums.commas, open.right, close.left, 3);
        features.push(Template(PAIR + 28).value(code(outside.1)).and(class).and(commas));
        let inside = (self.characters.behind(open.right), self.characters.before(close.left));
        features.push(Template(PAIR + 23).value(code(inside.0)).and(code(inside.1)));
        features.push(Template(PAIR + 24).value(code(outside.0)).and(code(inside.1)));
        features.push(Template(PAIR + 25).value(code(inside.0)).and(code(outside.1)));
    }

    /// What is quoted, by itself.
    fn content(&self, from: usize, to: usize, class: u64, features: &mut Vec<Feature>) {
        let content = &self.characters.chars[from..to];
        if content.len() <= 10 {
            features.push(Template(PAIR + 30).chars(content.iter().copied()));
        }
        let name = u64::from(self.looks_like_name(content));
        let digit = u64::from(content[0].is_ascii_digit());
        let number = u64::from("一二三四五六七八九十两双百千".contains(content[0]));
        let size = length(content.len());
        features.push(Template(PAIR + 31).value(name).and(digit).and(number).and(class).and(size));
        let last = content[content.len() - 1];
        features.push(Template(PAIR + 32).chars([last]).and(size));
        features.push(Template(PAIR + 33).chars([content[0]]).and(size));
        const LONGEST_WORD: usize = 6;
        if content.len() <= LONGEST_WORD {
            let text: String = content.iter().collect();
            let tag = lexicon::tag(&text);
            let (word, head) = (u64::from(tag.is_some()), u64::from(QUOTED_HEADS.has(&text)));
            features.push(Template(PAIR + 34).value(word).and(head).and(size).and(class));
            let tag = tag.map_or('-', |tag| tag.chars().next().unwrap_or(' '));
            features.push(Template(PAIR + 35).chars([tag]).and(size).and(class));
        }
    }

    /// What the rest of the document says.
    fn in_document(&self, from: usize, to: usize, class: u64, inner: u64, features: &mut Vec<Feature>) {
        let evidence = self.evidence;
        let text: String = self.characters.chars[from..to].iter().take(24).collect();
        let itself = class == 3 && inner == 0;
        let (marked, between) = if to - from <= 20 { evidence.seen(&text, itself) } else { (0, 0) };
        let size = length(to - from).min(5);
        features.push(Template(PAIR + 40).value(marked).and(between).and(class));
        features.push(Template(PAIR + 41).value(marked).and(between).and(class).and(size));
        features.push(Template(PAIR + 42).value(evidence.intactness()).and(class));
        features
            .push(Template(PAIR + 43).value(evidence.strippedness()).and(class).and(evidence.intactness()));
        let (pairing, all) =
            (evidence.pairing(), self.gaps_before.last().copied().unwrap_or(0).min(6) as u64);
        features.push(Template(PAIR + 45).value(pairing).and(class));
        features.push(Template(PAIR + 46).value(pairing).and(class).and(all));
        features.push(Template(PAIR + 47).value(pairing).and(class).and(inner));
        let spaced = u64::from(evidence.spaced_sentences);
        features.push(Template(PAIR + 44).value(spaced).and(class));
    }

    /// Whether `open` stands where a sentence or what somebody says begins.
    fn starts_whole(&self, open: &End) -> u64 {
        match self.characters.before(open.left) {
            None => 0,
            Some(c) if ends_sentence(c) => 1,
            Some('：' | ':') => 2,
            Some('，' | '；') if self.is_said_before(open.left) => 3,
            Some('，' | '；') => 4,
            Some(_) => 5,
        }
    }

    /// Whether a verb of speech stands before position `at`, a colon or comma
    /// left aside.
    fn is_said_before(&self, at: usize) -> bool {
        const LONGEST: usize = 4;
        let chars = &self.characters.chars;
        let end = if matches!(chars[at - 1], '，' | '：' | ':') { at - 1 } else { at };
        (1..=LONGEST.min(end)).any(|len| is_speech_verb(&chars[end - len..end]))
    }

    /// Whether the clause behind position `at` ends with a verb of speech.
    fn is_said_behind(&self, at: usize) -> bool {
        const CLAUSE: usize = 30;
        const LONGEST: usize = 4;
        let rest = &self.characters.chars[at..];
        let end = rest.iter().take(CLAUSE + 1).position(|c| matches!(c, '，' | '。' | '：'));
        end.is_some_and(|end| (1..=LONGEST.min(end)).any(|len| is_speech_verb(&rest[end - len..end])))
    }

    fn looks_like_name(&self, content: &[char]) -> bool {
        let mut buffer = [0; 4];
        (2..=4).contains(&content.len())
            && content.iter().all(|c| is_han(*c))
            && SURNAMES.has(content[0].encode_utf8(&mut buffer))
    }
}
