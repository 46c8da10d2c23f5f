//! How text falls into words: the most probable path through the words of the
//! dictionary. Cuts as jieba does without its guesses at unknown words.

use std::cell::RefCell;

use super::dictionary::{DICTIONARY, Dictionary};

/// A word of a segmented text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Byte offset in the text.
    pub start: usize,
    /// The word.
    pub text: &'a str,
}

/// `text` cut into words, by the dictionary and the most probable path; words
/// the dictionary lacks are not guessed at.
#[must_use]
pub fn segment(text: &str) -> Vec<Word<'_>> {
    let dictionary = &*DICTIONARY;
    let mut words = Vec::with_capacity(text.len() / 4 + 1);
    let mut rest = text.char_indices().peekable();
    SCRATCH.with_borrow_mut(|scratch| {
        while let Some((start, c)) = rest.next() {
            if !may_be_in_word(c) {
                let line_end = c == '\r' && rest.next_if(|(_, c)| *c == '\n').is_some();
                let end = start + c.len_utf8() + usize::from(line_end);
                words.push(Word { start, text: &text[start..end] });
                continue;
            }
            scratch.characters.clear();
            scratch.characters.push(Character::new(dictionary, start, c));
            while let Some((at, c)) = rest.next_if(|(_, c)| may_be_in_word(*c)) {
                scratch.characters.push(Character::new(dictionary, at, c));
            }
            let end = rest.peek().map_or(text.len(), |(at, _)| *at);
            scratch.cut(dictionary, text, end, &mut words);
        }
    });
    words
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What a cut needs room for, kept from one to the next.
#[derive(Default)]
struct Scratch {
    characters: Vec<Character>,
    /// The best way on from each character, and from the end.
    route: Vec<Step>,
}

struct Character {
    /// In the text, in bytes.
    start: usize,
    code: u16,
    /// Whether it is a letter or figure of ASCII, a run of which is one word.
    is_ascii: bool,
}

#[derive(Clone, Copy)]
struct Step {
    /// The logarithm of the probability of all from here on.
    worth: f64,
    /// The number of the character behind the word.
    end: usize,
}

impl Character {
    fn new(dictionary: &Dictionary, start: usize, c: char) -> Self {
        Self { start, code: dictionary.code(c), is_ascii: c.is_ascii_alphanumeric() }
    }
}

impl Scratch {
    /// Cuts the characters, behind which `text` goes on at `end`, into `words`.
    fn cut<'a>(&mut self, dictionary: &Dictionary, text: &'a str, end: usize, words: &mut Vec<Word<'a>>) {
        self.find_route(dictionary);
        let count = self.characters.len();
        let place = |at: usize| self.characters.get(at).map_or(end, |character| character.start);
        let mut push = |from: usize, to: usize| {
            words.push(Word { start: place(from), text: &text[place(from)..place(to)] });
        };
        let mut at = 0;
        // Where a run of single letters and figures began.
        let mut run = None;
        while at < count {
            let next = self.route[at].end;
            if next == at + 1 && self.characters[at].is_ascii {
                run.get_or_insert(at);
            } else {
                if let Some(run) = run.take() {
                    push(run, at);
                }
                push(at, next);
            }
            at = next;
        }
        if let Some(run) = run {
            push(run, count);
        }
    }

    /// The most probable way from each character on; of two the one whose first
    /// word is longer.
    fn find_route(&mut self, dictionary: &Dictionary) {
        let count = self.characters.len();
        self.route.clear();
        self.route.resize(count + 1, Step { worth: 0.0, end: count });
        for at in (0..count).rev() {
            let codes = self.characters[at..].iter().map(|character| character.code);
            let mut best: Option<Step> = None;
            for (len, entry) in dictionary.prefixes(codes) {
                let end = at + len;
                let worth = dictionary.logarithm(entry) - dictionary.log_total + self.route[end].worth;
                if best.is_none_or(|best| worth >= best.worth) {
                    best = Some(Step { worth, end });
                }
            }
            // A character that begins no word counts as one seen once.
            self.route[at] = best.unwrap_or(Step {
                worth: 0.0 - dictionary.log_total + self.route[at + 1].worth,
                end: at + 1,
            });
        }
    }
}

/// Whether `c` may be part of a word; anything else is one by itself.
fn may_be_in_word(c: char) -> bool {
    match c {
        '\u{4E00}'..='\u{9FFF}' => true,
        c if c.is_ascii() => {
            c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '&' | '.' | '_' | '%' | '-')
        }
        c => matches!(c,
            '\u{3400}'..='\u{4DBF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{2A6DF}'
            | '\u{2A700}'..='\u{2EBEF}'
            | '\u{2F800}'..='\u{2FA1F}'),
    }
}
