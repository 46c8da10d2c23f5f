//! What a probability is worth: how sure a quotation is, and what a person has
//! to decide whatever the model says, because the text it learned from has none
//! of it, or too little.

use std::collections::HashMap;

use super::ends::End;
use super::evidence::Evidence;
use super::gaps::looks_like_name;
use super::reading::Reading;
use super::speech::{is_said_before, is_said_behind};
use super::{Quotation, Support};
use crate::chars::ends_sentence;
use crate::document::Document;
use crate::edit::Confidence;
use crate::lexicon;

/// Probability from which a quotation is certain.
const CERTAIN: f32 = 0.995;
/// Probability from which a quotation that left both gaps is likely, by how well
/// the gaps of the document pair. Those above it are right far more often than
/// the least likely of them: of all that are applied 97 in 100 and more were, on
/// pages held out, and MODEL.md has the figures. Where few gaps survived, two neighbouring ones are
/// often the halves of two quotations.
const LIKELY: [f32; Support::STEPS] = [0.60, 0.80, 0.60, 0.55, 0.45];
/// The same in a headline, whose halves, and in a list, whose entries stand
/// between gaps as well.
const LIKELY_IN_HEADLINE: f32 = 0.95;
/// The same for one that left a single gap: its other mark may be anywhere.
const LIKELY_BY_ONE_GAP: f32 = 0.90;
/// The same for a phrase that the document has in marks elsewhere, by whether
/// it left both gaps here.
const LIKELY_IF_MARKED: [f32; 2] = [0.60, 0.10];
/// The same for a phrase that is as likely quoted in another place of the
/// document: two traces of one mark each speak for each other.
const LIKELY_IF_REPEATED: f32 = 0.60;
/// The same for a speech that ends at a gap with its speaker behind: counted in
/// news, such a gap closes speech in 237 of 251 places.
const LIKELY_BY_SPEAKER: f32 = 0.50;
/// Probability from which a quotation is worth a person's look.
const DOUBTFUL: f32 = 0.30;

/// What the likeliest quotations of a document say of each of them.
pub(super) struct DocumentWide<'a> {
    support: Support,
    /// In how many places each phrase is likely enough to speak for its others.
    repeated: HashMap<&'a str, usize>,
}

impl<'a> DocumentWide<'a> {
    /// Of `phrases`, each what is quoted and how likely it is.
    pub(super) fn of(support: Support, phrases: impl Iterator<Item = (&'a str, f32)>) -> Self {
        let mut repeated = HashMap::new();
        let tells = |(text, probability): &(&str, f32)| {
            *probability >= LIKELY_IF_REPEATED && text.chars().nth(1).is_some()
        };
        for (text, _) in phrases.filter(tells) {
            *repeated.entry(text).or_default() += 1;
        }
        Self { support, repeated }
    }

    fn repeats(&self, text: &str) -> bool {
        self.repeated.get(text).is_some_and(|places| *places > 1)
    }
}

/// How sure `quotation` is; `None` if it isn't worth a look.
pub(super) fn of(
    document: &Document,
    reading: &Reading<'_>,
    quotation: &Quotation,
    evidence: &Evidence,
    document_wide: &DocumentWide<'_>,
) -> Option<Confidence> {
    let (open, close) = (reading.ends[quotation.pair.open], reading.ends[quotation.pair.close]);
    let text = document.slice(reading.content(quotation.pair));
    let is_marked = evidence.seen(text, false).0 > 0 && text.chars().nth(1).is_some();
    let both_gaps = open.is_gap() && close.is_gap();
    let has_speaker =
        close.is_gap() && text.ends_with(ends_sentence) && is_said_behind(document, close.side.end());
    let likely = if is_marked {
        LIKELY_IF_MARKED[usize::from(both_gaps)]
    } else if has_speaker {
        LIKELY_BY_SPEAKER
    } else if !both_gaps && document_wide.repeats(text) {
        LIKELY_IF_REPEATED
    } else if !both_gaps {
        LIKELY_BY_ONE_GAP
    } else if reading.is_headline() {
        LIKELY_IN_HEADLINE
    } else {
        LIKELY[document_wide.support.step()]
    };
    // Where spaces part sentences, a gap behind one says nothing.
    let parts_sentences = evidence.spaced_sentences && text.ends_with(ends_sentence);
    if quotation.probability < likely || parts_sentences || has_doubt(document, open, close, text, is_marked)
    {
        (quotation.probability >= DOUBTFUL).then_some(Confidence::Doubtful)
    } else if quotation.probability < CERTAIN {
        Some(Confidence::Likely)
    } else {
        Some(Confidence::Certain)
    }
}

/// Whether a person has to decide.
fn has_doubt(document: &Document, open: End, close: End, text: &str, is_marked: bool) -> bool {
    (!is_marked && (is_proper_name(text) || is_latin(text)))
        || is_letter_spaced(document, open, close, text)
        || is_said_by_nobody(document, open, close, text)
}

/// Whether `text` is the name of a person or a body: those stand between gaps
/// where bylines, lists and forms set them off.
fn is_proper_name(text: &str) -> bool {
    looks_like_name(text) || lexicon::tag(text).is_some_and(|tag| tag == "nt")
}

/// Whether `text` is Latin letters, maybe with figures: much text sets those off
/// with gaps, here and there if not throughout.
fn is_latin(text: &str) -> bool {
    text.is_ascii() && text.contains(|c: char| c.is_ascii_alphabetic())
}

/// Whether `text` is a single character with other gaps close by: what is left
/// of a letter-spaced run.
fn is_letter_spaced(document: &Document, open: End, close: End, text: &str) -> bool {
    const NEAR: usize = 2; // code points
    let has_gap = |c: char| c == ' ';
    let before = document.text()[..open.side.start()].chars().rev().take(NEAR).any(has_gap);
    let behind = document.text()[close.side.end()..].chars().take(NEAR).any(has_gap);
    text.chars().nth(1).is_none() && (before || behind)
}

/// Whether `text` is whole sentences among others, and nobody says them: then
/// the gaps may part sentences.
fn is_said_by_nobody(document: &Document, open: End, close: End, text: &str) -> bool {
    let before = document.char_before(open.side.start());
    text.ends_with(ends_sentence)
        && before.is_some_and(ends_sentence)
        && !is_said_before(document, open.side.start())
        && !is_said_behind(document, close.side.end())
}
