//! Rule `quotes/lost-speech-marks`: speech of which at most one mark left a
//! gap. The words of a speaker and the reporter's own look alike (a paragraph
//! followed by `某某表示，` is quoted in one newspaper once in ten times, in
//! another once in a thousand), so this is for a person to decide.

use std::sync::LazyLock;

use memchr::memmem;

use super::evidence::{Evidence, holds_marks};
use crate::chars::{ends_sentence, is_chinese};
use crate::document::{Block, BlockKind, Document};
use crate::edit::{Confidence, Edit};
use crate::lexicon::{SPEECH_VERBS, SURNAMES};
use crate::span::Span;
use crate::stages::Proposer;

/// Suggests marks around speech in documents whose marks were stripped.
pub(super) fn suggest(document: &Document, evidence: &Evidence<'_>, proposer: &mut Proposer<'_>) {
    if evidence.intact() {
        return;
    }
    let Some(mut proposer) = proposer.under("quotes/lost-speech-marks") else { return };
    for block in document.blocks().iter().filter(|block| block.kind == BlockKind::Body) {
        let text = document.slice(block.span);
        let has_gap = memchr::memchr(b' ', text.as_bytes()).is_some();
        if !has_gap && holds_marks(text) || !is_chinese(text) {
            continue;
        }
        if let Some(said) = announced(document, block).or_else(|| attributed(document, block)) {
            let (open, close) = evidence.speech_marks(document);
            let first = match said.gap {
                Some(gap) => Edit::replace(gap, open),
                None => Edit::insert(said.words.start, open),
            };
            let edits = vec![first, Edit::insert(said.words.end, close)];
            proposer.repair_as(Confidence::Doubtful, edits, said.why);
        }
    }
}

/// Words that somebody may have said.
struct Said {
    words: Span,
    gap: Option<Span>,
    why: &'static str,
}

/// `某某表示， …。`: a gap behind the announcement, speech to the end of the
/// paragraph.
fn announced(document: &Document, block: &Block) -> Option<Said> {
    let text = document.slice(block.span);
    let gaps = memchr::memchr_iter(b' ', text.as_bytes())
        .map(|at| Span::new(block.span.start + at, block.span.start + at + 1));
    let gap = gaps.into_iter().find(|gap| is_said_before(document, gap.start))?;
    let words = Span::new(gap.end, block.span.end);
    let whole = document.slice(words).chars().next_back().is_some_and(ends_sentence);
    whole.then_some(Said {
        words,
        gap: Some(gap),
        why: "a gap where the speech begins; it seems to run to the end of the paragraph",
    })
}

/// `…。某某表示，…`: sentences at the start of a paragraph, then who said them.
fn attributed(document: &Document, block: &Block) -> Option<Said> {
    let text = document.slice(block.span);
    let speaks_of_future = FUTURE.find(text.as_bytes()).is_some();
    let mut sentence = 0;
    for clause in Clauses::of(text) {
        if is_attribution(clause.text, speaks_of_future) {
            let words = Span::new(block.span.start, block.span.start + sentence);
            return (sentence > 0).then_some(Said {
                words,
                gap: None,
                why: "what comes before the speaker's name may be the speaker's words",
            });
        }
        sentence = clause.ends_sentence.unwrap_or(sentence);
    }
    None
}

/// A clause, without the sign behind it.
struct Clause<'a> {
    text: &'a str,
    /// If a sentence ends with it, where the next one begins.
    ends_sentence: Option<usize>,
}

/// The clauses of a text, in order.
struct Clauses<'a> {
    text: &'a str,
    /// Where the next clause begins; `None` behind the last.
    from: Option<usize>,
    /// Where a sign could stand.
    places: memchr::Memchr2<'a>,
}

impl<'a> Clauses<'a> {
    /// What `，：！？` and `。` begin with in UTF-8.
    const LEADS: [u8; 2] = [0xEF, 0xE3];

    fn of(text: &'a str) -> Self {
        let [first, second] = Self::LEADS;
        Self { text, from: Some(0), places: memchr::memchr2_iter(first, second, text.as_bytes()) }
    }
}

impl<'a> Iterator for Clauses<'a> {
    type Item = Clause<'a>;

    fn next(&mut self) -> Option<Clause<'a>> {
        let from = self.from?;
        for at in self.places.by_ref() {
            let sign = self.text[at..].chars().next()?;
            let ends_sentence = matches!(sign, '。' | '！' | '？');
            if ends_sentence || matches!(sign, '，' | '：') {
                let behind = at + sign.len_utf8();
                self.from = Some(behind);
                let text = &self.text[from..at];
                return Some(Clause { text, ends_sentence: ends_sentence.then_some(behind) });
            }
        }
        self.from = None;
        Some(Clause { text: &self.text[from..], ends_sentence: None })
    }
}

static FUTURE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("表示将"));

/// `某地某职务某某表示`: ends with a verb of speech right behind what can be the
/// name of a person; `speaks_of_future` says that [`FUTURE`] stands somewhere.
fn is_attribution(clause: &str, speaks_of_future: bool) -> bool {
    if !(5..=40 * char::MAX_LEN_UTF8).contains(&clause.len()) || clause.starts_with(['他', '她']) {
        return false;
    }
    let future = || speaks_of_future.then(|| FUTURE.find(clause.as_bytes()))?.map(|_| "表示将");
    let known = |clause: &str| {
        let who = clause.strip_suffix("将").unwrap_or(clause);
        [2, 3].iter().any(|len| {
            let name = who.char_indices().rev().nth(len - 1).map(|(at, _)| &who[at..]);
            name.is_some_and(|name| SURNAMES.longest_prefix(name).is_some())
        })
    };
    SPEECH_VERBS.longest_suffix(clause).or_else(future).is_some_and(|verb| {
        (5..=40).contains(&clause.chars().count()) && clause.find(verb).is_some_and(|at| known(&clause[..at]))
    })
}

/// Code points of the longest clause that says who spoke.
const MAX_ATTRIBUTION: usize = 30;

/// Whether what stands before byte `at` announces speech: `某某说：`, `某某表示，`.
pub(super) fn is_said_before(document: &Document, at: usize) -> bool {
    let before = document.text()[..at].trim_end_matches(['：', '，', ':', ',']);
    before.len() < at && SPEECH_VERBS.longest_suffix(before).is_some()
}

/// Whether the clause behind byte `at` says who spoke: `某村村民某某说，`.
pub(super) fn is_said_behind(document: &Document, at: usize) -> bool {
    let rest = &document.text()[at..];
    let end = rest.char_indices().nth(MAX_ATTRIBUTION + 1).map_or(rest.len(), |(end, _)| end);
    let clause = rest[..end].split(['，', '。', '：', '\n']).next().unwrap_or("");
    let len = clause.chars().count();
    (3..=MAX_ATTRIBUTION).contains(&len) && SPEECH_VERBS.longest_suffix(clause).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_what_stands_between_signs() {
        let text = "渠修好了，他说：不错。。“好！”、《渠》？完";
        let clauses: Vec<&str> = Clauses::of(text).map(|clause| clause.text).collect();
        assert_eq!(clauses, text.split(['，', '：', '。', '！', '？']).collect::<Vec<_>>());
        let ends: Vec<usize> = Clauses::of(text).filter_map(|clause| clause.ends_sentence).collect();
        let sentences = text.split_inclusive(['。', '！', '？']).map(str::len);
        let starts: Vec<usize> = sentences
            .scan(0, |at, len| {
                *at += len;
                Some(*at)
            })
            .collect();
        assert_eq!(ends[..], starts[..ends.len()]);
    }
}
