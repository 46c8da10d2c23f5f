//! What speaks for and against a pair of ends, beyond what speaks for each of
//! them: features as in `features`, and bound to the weights as those are.

use super::ends::End;
use super::features::View;
use super::keys;
use super::lattice::Pair;
use super::measures::{length, sign, step};
use crate::chars::ends_sentence;
use crate::lexicon::{self, QUOTED_HEADS, SURNAMES};
use crate::model::{Feature, Features, Template};

const PAIR: u16 = 400;

/// A pair with what several of its features are made of.
struct Between<'a> {
    pair: Pair,
    open: &'a End,
    close: &'a End,
    /// Which of its ends are gaps.
    class: u64,
    /// The length of what is quoted, in steps.
    size: u64,
    /// Gaps inside, up to five.
    inner: u64,
    /// Distances to the gap before it and the one behind it, in steps.
    steps: (u64, u64),
    /// The characters right outside.
    outside: (Option<char>, Option<char>),
    /// The kinds of them.
    signs: (u64, u64),
}

impl Between<'_> {
    /// Feature number `number` with the class of the pair and `values`.
    #[inline]
    fn feature<const COUNT: usize>(&self, number: u16, values: [u64; COUNT]) -> Feature {
        values.iter().fold(Template(PAIR + number).value(self.class), |feature, value| feature.and(*value))
    }

    /// Both kinds of character right outside, as one number.
    fn marks(&self) -> u64 {
        self.signs.0 * 16 + self.signs.1
    }
}

impl View<'_> {
    /// The features of a pair beyond those of its two ends.
    pub(crate) fn pair(&self, pair: Pair, features: &mut impl Features) {
        let between = self.between(pair);
        let Between { open, class, size, inner, steps: (before, behind), .. } = between;
        let (from, to) = (open.right, between.close.left);
        let counts = self.sums.between(from, to);
        let (sentences, commas, others) = (counts.sentences(3), counts.commas(4), counts.pauses(3));
        let odd = counts.odd(1);
        let whole = u64::from(self.characters.ends_sentence(to));
        features.push_known(keys::SIZE.key([class, size, sentences, commas, odd]), |to| {
            to.push(between.feature(0, [size]));
            to.push(between.feature(1, [size, sentences, commas]));
            to.push(between.feature(5, [odd, size]));
        });
        let starts = self.starts_whole(pair.open);
        features.push_known(keys::CLAUSES.key([class, sentences, commas, others, whole, starts]), |to| {
            to.push(between.feature(2, [sentences, commas, others, whole]));
            to.push(between.feature(6, [whole, starts, sentences.min(1)]));
        });
        features.push_known(keys::GAPS.key([class, before, size, behind, inner, sentences.min(1)]), |to| {
            to.push(between.feature(3, [inner, sentences.min(1)]));
            to.push(between.feature(7, [before, size, behind]));
            to.push(between.feature(8, [before, inner]));
            to.push(between.feature(9, [behind, inner]));
        });
        self.neighbourhood(&between, commas.min(3), features);
        self.content(&between, odd, features);
        self.in_document(&between, features);
        self.around_both(&between, others, features);
        self.beside(&between, features);
    }

    fn between(&self, pair: Pair) -> Between<'_> {
        let (open, close) = (&self.ends[pair.open], &self.ends[pair.close]);
        let inner = self.gaps_before[pair.close] - self.gaps_before[pair.open] - usize::from(open.is_gap());
        let outside = (self.characters.before(open.left), self.characters.behind(close.right));
        Between {
            pair,
            open,
            close,
            class: u64::from(open.is_gap()) * 2 + u64::from(close.is_gap()),
            size: length(close.left - open.right),
            inner: inner.min(5) as u64,
            steps: (step(self.distances[pair.open].0), step(self.distances[pair.close].1)),
            outside,
            signs: (sign(outside.0), sign(outside.1)),
        }
    }

    /// What stands right outside both marks, and at both ends inside.
    fn neighbourhood(&self, between: &Between<'_>, commas: u64, features: &mut impl Features) {
        let Between { open, close, class, size, outside, .. } = *between;
        let chars = &self.characters.chars;
        let code = |c: Option<char>| c.map_or(0, |c| u64::from(u32::from(c)));
        let of = |number: u16, value: u64| Template(PAIR + number).value(value);
        let outside = (code(outside.0), code(outside.1));
        let both = of(20, outside.0).and(outside.1);
        features.push(both);
        features.push(both.and(class).and(size));
        if let Some(left) = open.left.checked_sub(2).map(|from| &chars[from..open.left]) {
            features.push(Template(PAIR + 21).chars(left.iter().copied()).and(outside.1));
        }
        if let Some([first, second]) = chars.get(close.right..close.right + 2) {
            features.push(of(22, outside.0).and(code(Some(*first))).and(code(Some(*second))));
        }
        features.push(of(26, outside.0).and(class).and(size));
        features.push(of(27, outside.1).and(class).and(size));
        features.push(of(28, outside.1).and(class).and(commas));
        let (first, last) = (self.characters.behind(open.right), self.characters.before(close.left));
        let inside = (code(first), code(last));
        features.push(of(23, inside.0).and(inside.1));
        features.push(of(24, outside.0).and(inside.1));
        features.push(of(25, inside.0).and(outside.1));
    }

    /// What is quoted, by itself.
    fn content(&self, between: &Between<'_>, odd: u64, features: &mut impl Features) {
        const LONGEST_PHRASE: usize = 10;
        const LONGEST_WORD: usize = 6;
        let Between { open, close, class, size, .. } = *between;
        let content = &self.characters.chars[open.right..close.left];
        let (first, last) = (content[0], content[content.len() - 1]);
        if content.len() <= LONGEST_PHRASE {
            features.push(Template(PAIR + 30).chars(content.iter().copied()));
        }
        features.push(Template(PAIR + 32).chars([last]).and(size));
        features.push(Template(PAIR + 33).chars([first]).and(size));
        let name = u64::from(odd == 0 && looks_like_name(content));
        let digit = u64::from(first.is_ascii_digit());
        let number = u64::from(is_number(first));
        let mut known = None;
        if content.len() <= LONGEST_WORD {
            let text = self.characters.slice(open.right, close.left);
            let tag = lexicon::tag(text);
            let head = QUOTED_HEADS.may_begin_with(first) && QUOTED_HEADS.has(text);
            known = Some((u64::from(tag.is_some()), u64::from(head)));
            let tag = tag.map_or('-', |tag| tag.chars().next().unwrap_or(' '));
            features.push(Template(PAIR + 35).chars([tag]).and(size).and(class));
        }
        let (word, head) = known.unwrap_or((2, 0));
        features.push_known(keys::CONTENT.key([name, digit, number, class, size, word, head]), |to| {
            to.push(Template(PAIR + 31).value(name).and(digit).and(number).and(class).and(size));
            if word < 2 {
                to.push(Template(PAIR + 34).value(word).and(head).and(size).and(class));
            }
        });
    }

    /// What the rest of the block and of the document say.
    fn in_document(&self, between: &Between<'_>, features: &mut impl Features) {
        const LONGEST: usize = 20;
        let Between { pair, open, close, class, inner, size, .. } = *between;
        let evidence = self.evidence;
        let itself = class == 3 && inner == 0;
        let (marked, elsewhere) = if close.left - open.right <= LONGEST {
            evidence.seen(self.characters.slice(open.right, close.left), itself)
        } else {
            (0, 0)
        };
        let setting = self.setting(open.right);
        let of = |number: u16, value: u64| Template(PAIR + number).value(value);
        features.push_known(keys::SEEN.key([class, size, setting, marked, elsewhere]), |to| {
            to.push(between.feature(4, [size, setting]));
            to.push(of(40, marked).and(elsewhere).and(class));
            to.push(of(41, marked).and(elsewhere).and(class).and(size.min(5)));
        });
        let phrase = &self.characters.chars[open.right..close.left];
        let [opens, closes] = evidence.beside.count(phrase, [open.is_gap(), close.is_gap()]);
        features.push_known(keys::BESIDE.key([class, size.min(10), opens, closes]), |to| {
            to.push(of(48, opens).and(closes).and(class));
            to.push(of(49, opens).and(closes).and(class).and(size.min(10)));
        });
        let (intactness, strippedness) = (evidence.intactness(), evidence.strippedness());
        let (pairing, spaced) = (evidence.pairing(), u64::from(evidence.spaced_sentences));
        features.push_known(keys::DOCUMENT.key([class, intactness, strippedness, pairing, spaced]), |to| {
            to.push(of(42, intactness).and(class));
            to.push(of(43, strippedness).and(class).and(intactness));
            to.push(of(45, pairing).and(class));
            to.push(of(44, spaced).and(class));
        });
        let parity = (self.gaps_before[pair.open] % 2) as u64;
        let all = (self.gaps_before.last().copied().unwrap_or(0) as u64).min(7);
        features.push_known(keys::PAIRING.key([pairing, class, all, inner, parity]), |to| {
            to.push(between.feature(10, [parity, all]));
            to.push(of(46, pairing).and(class).and(all.min(6)));
            to.push(of(47, pairing).and(class).and(inner));
        });
    }

    /// What the word lists say of what stands around both marks, and the marks
    /// around them.
    fn around_both(&self, between: &Between<'_>, others: u64, features: &mut impl Features) {
        let Between { pair, class, size, .. } = *between;
        let (first, last) = (self.words(pair.open), self.words(pair.close));
        let (verb, head, own_head) = (first.verb, last.head, last.own_head);
        let size = size.min(10);
        features.push_known(keys::HEADS.key([class, size, verb, head, own_head]), |to| {
            let around = Template(PAIR + 50).value(verb).and(head).and(class);
            to.push(around);
            to.push(around.and(size));
            to.push(Template(PAIR + 52).value(own_head).and(head).and(class).and(size));
        });
        let (marks, verb, head) = (between.marks(), verb.min(1), head.min(1));
        features.push_known(keys::OUTSIDE.key([class, marks, verb, head, others]), |to| {
            to.push(Template(PAIR + 55).value(marks).and(class).and(verb).and(head));
            to.push(between.feature(67, [others, marks]));
        });
    }

    /// What lies between the quotation and the gaps before and behind it.
    fn beside(&self, between: &Between<'_>, features: &mut impl Features) {
        let Between { pair, open, close, class, size, steps, signs, .. } = *between;
        let (before, behind) = (self.distances[pair.open].0, self.distances[pair.close].1);
        let len = self.characters.chars.len();
        let first = self.stretch(before, open.left.saturating_sub(before), open.left);
        let last = self.stretch(behind, close.right, close.right.saturating_add(behind).min(len));
        let (start, finish) = (self.words(pair.open), self.words(pair.close));
        let (verb, head, marks) = (start.verb, finish.head, between.marks());
        features.push_known(keys::BEFORE.key([class, first, size]), |to| {
            to.push(between.feature(60, [first, size]));
        });
        features.push_known(keys::BEHIND.key([class, last, size]), |to| {
            to.push(between.feature(61, [last, size]));
        });
        features.push_known(keys::BOTH.key([class, first, last]), |to| {
            to.push(between.feature(62, [first, last]));
        });
        features.push_known(keys::DISTANCES.key([class, marks, steps.0, steps.1]), |to| {
            to.push(between.feature(63, [marks, steps.0, steps.1]));
        });
        features.push_known(keys::RIGHT.key([class, last, signs.1, head]), |to| {
            to.push(between.feature(64, [last, signs.1, head]));
        });
        features.push_known(keys::LEFT.key([class, first, signs.0, verb]), |to| {
            to.push(between.feature(65, [first, signs.0, verb]));
        });
        // Whether the gaps before it and those behind it can all pair.
        let earlier = self.gaps_before[pair.open];
        let final_gap = usize::from(self.ends.last().is_some_and(End::is_gap));
        let all = self.gaps_before.last().copied().unwrap_or(0) + final_gap;
        let rest = all - self.gaps_before[pair.close] - usize::from(close.is_gap());
        let parity = [(earlier % 2) as u64, (rest % 2) as u64];
        let (rest, pairing) = (rest.min(3) as u64, self.evidence.pairing());
        let (tying, waiting) = (start.tying, finish.waiting);
        let key = keys::REST.key([class, parity[0], parity[1], rest, pairing, tying, waiting]);
        features.push_known(key, |to| {
            to.push(between.feature(66, [parity[0], parity[1], rest, pairing]));
            to.push(Template(PAIR + 53).value(tying).and(class));
            to.push(Template(PAIR + 54).value(waiting).and(class));
        });
    }

    /// The class of the stretch `from..to` up to the next gap, which is
    /// `distance` away: its length and its punctuation.
    fn stretch(&self, distance: usize, from: usize, to: usize) -> u64 {
        if distance == usize::MAX {
            return 0;
        }
        let counts = self.sums.between(from, to);
        1 + step(distance) * 12 + counts.sentences(1) * 6 + counts.commas(2) * 2 + counts.pauses(1)
    }

    /// Whether the end at `index` stands where a sentence or what somebody says
    /// begins.
    fn starts_whole(&self, index: usize) -> u64 {
        match self.characters.before(self.ends[index].left) {
            None => 0,
            Some(c) if ends_sentence(c) => 1,
            Some('：' | ':') => 2,
            Some('，' | '；') if self.words(index).said => 3,
            Some('，' | '；') => 4,
            Some(_) => 5,
        }
    }
}

fn is_number(c: char) -> bool {
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两' | '双' | '百' | '千'
    )
}

/// Whether `content`, which is Han, looks like the name of a person.
fn looks_like_name(content: &[char]) -> bool {
    let mut buffer = [0; 4];
    (2..=4).contains(&content.len())
        && SURNAMES.may_begin_with(content[0])
        && SURNAMES.has(content[0].encode_utf8(&mut buffer))
}
