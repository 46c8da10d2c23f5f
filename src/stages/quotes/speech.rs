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
pub(super) fn suggest(document: &Document, evidence: &Evidence, proposer: &mut Proposer<'_>) {
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
    let mut at = 0;
    for sentence in text.split_inclusive(['。', '！', '？']) {
        let start = at;
        at += sentence.len();
        if !sentence.split(['，', '：', '。', '！', '？']).any(is_attribution) {
            continue;
        }
        let words = Span::new(block.span.start, block.span.start + start);
        return (start > 0).then_some(Said {
            words,
            gap: None,
            why: "what comes before the speaker's name may be the speaker's words",
        });
    }
    None
}

static FUTURE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("表示将"));

/// `某地某职务某某表示`: ends with a verb of speech right behind what can be the
/// name of a person.
fn is_attribution(clause: &str) -> bool {
    if !(5..=40 * char::MAX_LEN_UTF8).contains(&clause.len()) || clause.starts_with(['他', '她']) {
        return false;
    }
    let future = || FUTURE.find(clause.as_bytes()).map(|_| "表示将");
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
