//! What a probability is worth: how sure a quotation is, and what a person has
//! to decide whatever the model says, because the text it learned from has none
//! of it, or too little.

use rustc_hash::FxHashSet;

use super::candidates::Candidate;
use super::ends::{Closing, End, Opening};
use super::lattice::Pair;
use super::measures::is_label;
use super::reading::Reading;
use super::speech::{is_said_before, is_said_behind};
use super::trust::Traces;
use crate::chars::{
    closing_of, ends_sentence, is_cjk_punctuation, is_closing, is_gap, is_han, is_line_end, is_opening,
};
use crate::document::{Block, Document};
use crate::edit::Confidence;
use crate::lexicon::{self, looks_like_name};

/// Probability from which a quotation is certain.
const CERTAIN: f32 = 0.995;
/// Probability from which a quotation is worth a person's look.
const DOUBTFUL: f32 = 0.30;

/// From which probability a quotation is likely: those above it are right far
/// more often than the least likely of them. Where marks vanished without a
/// trace fewer of them are sure, and for as many of all that are applied to be
/// right it has to be higher. MODEL.md has the figures.
struct Likely {
    /// Where hardly a closing gap is without its opening one.
    least: f32,
    /// Where many are.
    most: f32,
}

/// For one that left both gaps.
const BY_BOTH_GAPS: Likely = Likely { least: 0.65, most: 0.85 };
/// For one that left a single gap: its other mark may be anywhere.
const BY_ONE_GAP: Likely = Likely { least: 0.83, most: 0.94 };
/// For one in a headline, whose halves, or in a list, whose entries stand between
/// gaps as well; hardly any were learned from.
const IN_HEADLINE: Likely = Likely { least: 0.90, most: 0.95 };
/// For a phrase between gaps that the document quotes elsewhere: nineteen in twenty
/// were quoted there too, however unlikely they looked.
const IF_QUOTED: Likely = Likely { least: DOUBTFUL, most: DOUBTFUL };
/// For a phrase beside a single gap that the document has in marks elsewhere and nowhere
/// without: of 87 on tuning pages that were likely for nothing else 79 were right, and the
/// other eight are one phrase of one article. Words of one or two characters, or that stand
/// bare as well, are quoted here and not there. Where a document lost no other marks, the gap
/// in a headline is the one between its halves: on undamaged pages nine of nine were.
const IF_MARKED: Likely = Likely { least: 0.50, most: 0.50 };
/// Code points from which a phrase is more than a word that stands anywhere.
const PHRASE: usize = 3;
/// For one that left a single gap, and whose phrase stands elsewhere beside a gap on
/// the other side: together they show both of its ends. On tuning pages 48 of 51 from .65 to
/// .75 were right, however many marks vanished.
const BY_OTHER_GAP: Likely = Likely { least: 0.65, most: 0.65 };
/// For one that left a single gap and ends a sentence: it may go on with the next one. On
/// tuning pages 85 of 131 such quotations from .83 to .88 were right.
const BY_SENTENCE: Likely = Likely { least: 0.88, most: 0.94 };
/// For speech between gaps with its speaker behind: counted in news, such a gap
/// closes speech in 237 of 251 places.
const BY_SPEAKER: Likely = Likely { least: 0.50, most: 0.50 };
/// For one of [words in doubt](Doubt::OfWords), in a document that surely lost marks: on
/// tuning pages 155 of 156 from .9 were right, and 56 of 63 from .8 to .9.
const IN_DOUBT: Likely = Likely { least: 0.85, most: 0.95 };
/// The probability from which a quotation between gaps says that the document lost
/// marks, and how many have to.
const SURE: (f32, usize) = (0.95, 3);
/// Between which parts of the closing gaps, that are without their opening one,
/// it rises.
const LONE: [f32; 2] = [0.05, 0.17];

impl Likely {
    fn at(&self, traces: &Traces) -> f32 {
        let step = (traces.lone_closing() - LONE[0]) / (LONE[1] - LONE[0]);
        self.least + (self.most - self.least) * step.clamp(0.0, 1.0)
    }
}

/// What the likeliest quotations of a document say about the others.
pub(super) struct Known<'a> {
    /// Whether the document surely lost marks: several left both gaps and leave no
    /// doubt.
    lost_marks: bool,
    /// What is quoted by those that left both gaps and are likely, whatever is known.
    quoted: FxHashSet<&'a str>,
}

impl<'a> Known<'a> {
    /// What `quotations` say, each with its probability, those of a `document` with these
    /// `traces`.
    pub(super) fn of<'b>(
        document: &'a Document,
        traces: &Traces,
        quotations: impl Iterator<Item = (&'b Reading<'b>, &'b Candidate, f32)>,
    ) -> Self {
        let mut sure = 0;
        let mut quoted = FxHashSet::default();
        for (reading, candidate, probability) in quotations {
            if candidate.doubt.is_some() || !has_both_gaps(reading, candidate) {
                continue;
            }
            sure += usize::from(probability >= SURE.0);
            if probability >= BY_BOTH_GAPS.at(traces) {
                quoted.insert(document.slice(reading.content(candidate.pair)));
            }
        }
        Self { lost_marks: sure >= SURE.1, quoted }
    }
}

fn has_both_gaps(reading: &Reading<'_>, candidate: &Candidate) -> bool {
    [candidate.pair.open, candidate.pair.close].iter().all(|end| reading.ends[*end].is_gap())
}

/// How sure `candidate` is, a quotation of this probability in a `document` with
/// these traces, of which something is `known`; `None` if it isn't worth a look.
pub(super) fn of(
    document: &Document,
    reading: &Reading<'_>,
    candidate: &Candidate,
    probability: f32,
    traces: &Traces,
    known: &Known<'_>,
) -> Option<Confidence> {
    let text = document.slice(reading.content(candidate.pair));
    // What a headline and the text below it both set off is quoted in both.
    let is_quoted =
        candidate.is_marked || candidate.is_repeated && reading.is_headline() || known.quoted.contains(text);
    let is_always_set_off = candidate.recurrence.bare == 0 && text.chars().nth(PHRASE - 1).is_some();
    let may_be_half = reading.is_headline() && !known.lost_marks;
    let has_doubt = match candidate.doubt {
        Some(Doubt::Always) => true,
        Some(Doubt::OfWords | Doubt::OfSentences) => !known.lost_marks,
        None => false,
    };
    let likely = match has_both_gaps(reading, candidate) {
        _ if candidate.doubt == Some(Doubt::OfWords) => &IN_DOUBT,
        true if is_quoted => &IF_QUOTED,
        true if candidate.is_spoken => &BY_SPEAKER,
        false if candidate.is_spoken && is_first_sentence(reading, candidate.pair) => &BY_SPEAKER,
        true if reading.is_headline() => &IN_HEADLINE,
        true => &BY_BOTH_GAPS,
        false if candidate.is_marked && is_always_set_off && !may_be_half => &IF_MARKED,
        false if candidate.has_other_gap && !reading.is_headline() => &BY_OTHER_GAP,
        false if text.ends_with(ends_sentence) => &BY_SENTENCE,
        false => &BY_ONE_GAP,
    };
    if probability < likely.at(traces) || has_doubt {
        (probability >= DOUBTFUL).then_some(Confidence::Doubtful)
    } else if probability < CERTAIN {
        Some(Confidence::Likely)
    } else {
        Some(Confidence::Certain)
    }
}

/// Whether `pair` quotes the first sentence of a block, and nothing else: its opening mark
/// can't have stood anywhere else.
fn is_first_sentence(reading: &Reading<'_>, pair: Pair) -> bool {
    let (open, close) = (reading.ends[pair.open], reading.ends[pair.close]);
    let before_last = open.right + 1..close.left;
    open.opens == Some(Opening::Start)
        && !before_last.into_iter().any(|at| reading.characters.ends_sentence(at))
}

/// Why a person has to decide, whatever the model says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Whatever else the document says.
    Always,
    /// Such words stand between gaps without marks as well. Not where the document surely
    /// lost marks, and this is likely even so.
    OfWords,
    /// Gaps seem to part the sentences of the document. Not where it surely lost marks:
    /// those of speech leave such gaps.
    OfSentences,
}

/// The doubt about `pair` of `reading`, which quotes `text`; `parts_sentences` says
/// that it ends a sentence in a document that parts sentences by gaps.
pub(super) fn doubt(
    document: &Document,
    reading: &Reading<'_>,
    pair: Pair,
    text: &str,
    is_marked: bool,
    parts_sentences: bool,
) -> Option<Doubt> {
    let (open, close) = (reading.ends[pair.open], reading.ends[pair.close]);
    if !text.contains(char::is_alphanumeric)
        || !is_marked && (is_latin(text) || is_measure(text) || is_function_word(text))
        || is_letter_spaced(document, open, close, text)
        || is_by_label(reading, open, close)
        || is_date(document, close, text)
        || is_at_cut(document, open, close)
        || is_in_marks(document, open, close)
        || is_one_of_parallels(reading, open, close)
        || is_half(reading, open, close)
    {
        return Some(Doubt::Always);
    }
    let has_one_gap = !(open.is_gap() && close.is_gap());
    if !is_marked && is_proper_name(text)
        || is_in_standard(reading, open, close)
        || is_said_by_nobody(document, open, close, text)
        || has_one_gap && (is_single(text) || is_before_latin(document, open))
    {
        return Some(Doubt::OfWords);
    }
    parts_sentences.then_some(Doubt::OfSentences)
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

/// Whether `text` is a measured figure, `4.79` or `12%`: some text sets off all of
/// them.
fn is_measure(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%')) && text.contains(['.', '%'])
}

/// Whether `text` is the figure of a date, `2017 年`: some text sets those off here and
/// there.
fn is_date(document: &Document, close: End, text: &str) -> bool {
    let is_unit = |c: char| matches!(c, '年' | '月' | '日');
    text.chars().all(|c| c.is_ascii_digit()) && document.char_after(close.side.end()).is_some_and(is_unit)
}

/// Whether the opening gap stands between punctuation and a Latin letter or figure, `， MG
/// 自创立起`: a space that was typed looks the same.
fn is_before_latin(document: &Document, open: End) -> bool {
    open.is_gap()
        && document.char_before(open.side.start()).is_some_and(is_cjk_punctuation)
        && document.char_after(open.side.end()).is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Whether `text` is a conjunction, a preposition or a particle, which stands
/// between two quotations rather than in one.
fn is_function_word(text: &str) -> bool {
    lexicon::tag(text).is_some_and(|tag| tag.starts_with(['c', 'p', 'u']))
}

/// Whether `text` is a single character with other gaps close by, or single
/// characters with gaps between: what is left of a letter-spaced run.
fn is_letter_spaced(document: &Document, open: End, close: End, text: &str) -> bool {
    const NEAR: usize = 2; // code points
    let has_gap = |c: char| c == ' ';
    let before = document.text()[..open.side.start()].chars().rev().take(NEAR).any(has_gap);
    let behind = document.text()[close.side.end()..].chars().take(NEAR).any(has_gap);
    is_single(text) && (before || behind) || text.contains(has_gap) && text.split(has_gap).all(is_single)
}

/// Whether a quotation stands in the name of a standard, `《服务标准化 评价 通则》`, whose
/// parts are set apart by spaces (GB/T 1.1-2020).
fn is_in_standard(reading: &Reading<'_>, open: End, close: End) -> bool {
    const KINDS: [&str; 10] =
        ["指南", "规范", "标准", "要求", "方法", "规程", "通则", "导则", "规则", "术语"];
    let chars = &reading.characters.chars;
    let is_sign = |c: &&char| matches!(c, '《' | '》');
    let before = chars[..open.left].iter().rev().find(is_sign);
    let behind = chars[close.right..].iter().position(|c| is_sign(&c));
    before == Some(&'《')
        && behind.is_some_and(|end| {
            let title: String = chars[close.right..close.right + end].iter().collect();
            KINDS.iter().any(|kind| title.ends_with(kind))
        })
}

/// Whether `text` is a single character.
fn is_single(text: &str) -> bool {
    text.chars().nth(1).is_none()
}

/// Whether marks stand right outside both gaps already.
fn is_in_marks(document: &Document, open: End, close: End) -> bool {
    let before = document.char_before(open.side.start());
    before.is_some_and(is_opening) && document.char_after(close.side.end()) == before.and_then(closing_of)
}

/// Whether what would be quoted is the middle of a slogan in parts, `渠水长流 田水长流
/// 井水长流`: as long as the parts on both sides, with a character of each in its place;
/// or of lines in parts that begin alike, `也有渠 也有田 也有满坡的树`.
fn is_one_of_parallels(reading: &Reading<'_>, open: End, close: End) -> bool {
    let chars = &reading.characters.chars;
    let text = &chars[open.right..close.left];
    let is_alike = |part: Option<&[char]>| {
        part.is_some_and(|part| part.iter().all(|c| is_han(*c)) && part.iter().zip(text).any(|(a, b)| a == b))
    };
    let before = open.left.checked_sub(text.len()).map(|start| &chars[start..open.left]);
    let start = chars[..open.left].iter().rposition(|c| !is_han(*c)).map_or(0, |at| at + 1);
    let begin_alike = open.is_gap()
        && close.is_gap()
        && [chars.get(start), chars.get(close.right)].iter().all(|first| *first == text.first());
    text.len() > 2 && is_alike(before) && is_alike(chars.get(close.right..close.right + text.len()))
        || begin_alike
}

/// Whether what would be quoted is the second half of a headline whose halves are of a
/// length, with one gap between them and no verb that takes a quotation before it.
fn is_half(reading: &Reading<'_>, open: End, close: End) -> bool {
    let len = reading.characters.chars.len();
    let halves = open.is_gap() && close.left == len && open.left == len - open.right;
    reading.is_headline()
        && halves
        && lexicon::QUOTING_VERBS.longest_suffix(reading.characters.slice(0, open.left)).is_none()
}

/// Whether a mark would stand where a paragraph was cut, which is no place for one: at
/// the start of a block while the one above stops inside a sentence, or at the end of a
/// block that does.
fn is_at_cut(document: &Document, open: End, close: End) -> bool {
    let stops = |block: &Block| {
        let last = document.slice(block.span).chars().next_back();
        block.is_prose() && last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '，' | '、'))
    };
    let blocks = document.blocks();
    let number = |at: usize| blocks.partition_point(|block| block.span.end < at);
    let above = |at: usize| number(at).checked_sub(1).map(|above| &blocks[above]);
    open.opens == Some(Opening::Start) && above(open.side.start()).is_some_and(stops)
        || close.closes == Some(Closing::Finish) && blocks.get(number(close.side.end())).is_some_and(stops)
}

/// Whether the gap of a quotation stands behind a label, `观众：`, and its other one, if
/// there is one, before the next; or the only gap before a label that would be all that
/// is quoted: interviews and tables set those off.
fn is_by_label(reading: &Reading<'_>, open: End, close: End) -> bool {
    let chars = &reading.characters.chars;
    let ends_before = |c: &char| is_gap(*c) || ends_sentence(*c);
    let start = chars[..open.left].iter().rposition(ends_before).map_or(0, |at| at + 1);
    // What the one before said may have its marks already.
    let start = start + usize::from(chars[start..open.left].first().is_some_and(|c| is_closing(*c)));
    let is_behind = is_label(&chars[start..], open.left - start);
    let is_itself = || is_label(&chars[open.right..], close.right + 1 - open.right);
    let is_before_next = || {
        let next = &chars[close.right..];
        next.iter().position(|c| is_gap(*c)).is_some_and(|end| is_label(next, end))
    };
    match (open.is_gap(), close.is_gap()) {
        (true, true) => is_behind && is_before_next(),
        (true, false) => is_behind || close.right < chars.len() && is_itself(),
        (false, _) => false,
    }
}

/// Whether `text` is whole sentences among others or at the start of a line, and nobody
/// says them: then the gaps may part sentences.
fn is_said_by_nobody(document: &Document, open: End, close: End, text: &str) -> bool {
    let before = document.char_before(open.side.start());
    text.ends_with(ends_sentence)
        && before.is_none_or(|c| ends_sentence(c) || is_line_end(c))
        && !is_said_before(document, open.side.start())
        && !is_said_behind(document, close.side.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::quotes::{Evidence, Gaps, candidates, of_block};

    /// The two classes of quotations asked for, see [`Reading::class`].
    const OPENING_GAP: usize = 1;
    const BOTH_GAPS: usize = 2;

    /// How sure the quotation of `phrase` in the last block of `text` is that left the gaps
    /// of `class`, at this probability, where the phrases `quoted` are likely quoted elsewhere.
    fn confidence(
        text: &str,
        phrase: &str,
        class: usize,
        probability: f32,
        quoted: &[&str],
    ) -> Option<Confidence> {
        let document = Document::new(text.to_owned());
        let evidence = Evidence::of(&document).expect("there are gaps");
        let block = document.blocks().last().expect("a block");
        let gaps = Gaps::of(&document, block, &evidence).expect("they could be marks");
        let reading = of_block(&document, &gaps, block.kind).pop().expect("one stretch");
        let is_it =
            |pair: &Pair| reading.class(*pair) == class && document.slice(reading.content(*pair)) == phrase;
        let shares = reading.pairs.iter().map(|pair| if is_it(pair) { 0.5 } else { 0.0 }).collect();
        let weighed = [(reading, shares)];
        let found = candidates(&document, &evidence, &weighed, &Traces::default());
        let known = Known { lost_marks: false, quoted: quoted.iter().copied().collect() };
        of(&document, &weighed[0].0, &found[0][0], probability, &Traces::default(), &known)
    }

    #[test]
    fn a_phrase_that_always_stands_in_marks_needs_one_gap() {
        let page = "今年评出五名“渠水标兵”。\n\n老周第二次当上 渠水标兵，乡亲们都说该他。\n";
        assert_eq!(confidence(page, "渠水标兵", OPENING_GAP, 0.6, &[]), Some(Confidence::Likely));
        let bare = page.replace("今年", "县里的渠水标兵评选，今年");
        assert_eq!(confidence(&bare, "渠水标兵", OPENING_GAP, 0.6, &[]), Some(Confidence::Doubtful));
        let word = page.replace("渠水标兵", "标兵");
        assert_eq!(confidence(&word, "标兵", OPENING_GAP, 0.6, &[]), Some(Confidence::Doubtful));
    }

    #[test]
    fn a_headline_in_halves_above_its_phrase_in_marks_is_left_alone() {
        let below = |headline| format!("渠水“长流不断”，乡亲们都说好。\n\n{headline}\n");
        let sure = |page: &str| confidence(page, "长流不断", OPENING_GAP, 0.6, &[]);
        assert_eq!(sure(&below("石溪镇渠水 长流不断")), Some(Confidence::Doubtful));
        assert_eq!(sure(&below("石溪镇的渠水 长流不断，田里的秧苗都绿了。")), Some(Confidence::Likely));
    }

    #[test]
    fn what_is_quoted_elsewhere_is_quoted_between_gaps() {
        let page = "老周第二次当上 渠水标兵 ，乡亲们都说该他。\n";
        let sure = |quoted: &[&str]| confidence(page, "渠水标兵", BOTH_GAPS, 0.4, quoted);
        assert_eq!(sure(&["渠水标兵"]), Some(Confidence::Likely));
        assert_eq!(sure(&["渠水"]), Some(Confidence::Doubtful));
    }

    #[test]
    fn lines_in_parts_that_begin_alike_are_left_alone() {
        let at = |page| confidence(page, "也有田", BOTH_GAPS, 0.9, &[]);
        assert_eq!(at("山里有人家\n\n也有渠 也有田 也有满坡的树\n"), Some(Confidence::Doubtful));
        assert_eq!(at("山里的人家，种着 也有田 的谷子，年年如此。\n"), Some(Confidence::Likely));
    }

    #[test]
    fn sentences_with_one_gap_have_to_be_surer_than_phrases() {
        let page = "老周说， 渠水到了田头就好办。大家都笑了。\n";
        let at = |probability| confidence(page, "渠水到了田头就好办。", OPENING_GAP, probability, &[]);
        assert_eq!(at(0.89), Some(Confidence::Doubtful));
        assert_eq!(at(0.92), Some(Confidence::Likely));
        let phrase = "老周当上 渠水标兵，乡亲们都说该他。\n";
        assert_eq!(confidence(phrase, "渠水标兵", OPENING_GAP, 0.89, &[]), Some(Confidence::Likely));
    }
}
