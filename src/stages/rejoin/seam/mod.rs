//! Does one block go on where another breaks off? What speaks for and against
//! it, as features of a linear model.
//!
//! A page has ten blocks that could go on for each that breaks off, so what a
//! side says by itself (`sides`) is asked once for all its seams. A seam is then
//! looked at in steps, each of which costs more: what each side says; a glance at how
//! well both tie; what a dictionary and the rules see; what the rest of the page says
//! (`shared`); how well the one goes on in the other, as far as an encoder sees (`flow`).

mod features;
mod shared;
mod sides;

use super::cohesion::Words;
use super::encoder::flow;
use super::evidence::Signs;
use super::ngrams::{Ends, Learned, Vectors};
use crate::chars::{ends_sentence, is_chinese, is_closing, is_gap, is_han, is_opening};
use crate::document::{BlockKind, Document};
use crate::lexicon::{WordAcross, looks_like_name};
#[cfg(feature = "train")]
use crate::model::Feature;
use crate::model::Weights;
use features::{Met, Told, elsewhere_feature, page_size, word_class};
use shared::{Known, Shared};
use sides::{Left, Right, Sides};

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a sentence, or with a colon.
    Whole,
    /// Behind a comma.
    Clause,
    /// Behind a semicolon, a bracket or other punctuation.
    Mark,
    /// Behind a letter or a figure.
    Letter,
    /// Behind a Han character.
    Han,
}

impl End {
    pub(super) fn of(text: &str) -> Self {
        let mut chars = text.trim_end_matches(is_gap).chars().rev();
        match chars.next() {
            None | Some('：' | ':') => Self::Whole,
            Some(c) if ends_sentence(c) => Self::Whole,
            Some(c) if is_closing(c) && chars.find(|c| !is_closing(*c)).is_some_and(ends_sentence) => {
                Self::Whole
            }
            Some('，' | '、' | ',') => Self::Clause,
            Some(c) if is_han(c) => Self::Han,
            Some(c) if c.is_alphanumeric() => Self::Letter,
            Some(_) => Self::Mark,
        }
    }
}

/// Whether `text` ends with brackets behind a sentence, as the name of a reporter or a
/// source stands.
fn follows_sentence(text: &str) -> bool {
    const REACH: usize = 120; // bytes: about 40 Han characters
    if !text.ends_with(['）', ')']) {
        return false;
    }
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(REACH))..];
    let before = tail.rfind(['（', '(']).map(|open| tail[..open].trim_end_matches(is_gap));
    before.is_some_and(|before| before.trim_end_matches(is_closing).ends_with(ends_sentence))
}

/// Whether `text` ends with who wrote or said it, where it comes from or whose picture it is of,
/// behind a sentence: `记者周小满`, `”——周小满`, `@青禾日报`, `来源：青禾日报`, `图/青禾日报`,
/// `图片来自青禾日报`, `受访者供图`, `青禾社发（周小满摄）`.
fn is_signed(text: &str) -> bool {
    const WRITERS: [&str; 4] = ["记者", "記者", "通讯员", "通訊員"];
    const CREDITS: [&str; 14] = [
        "来源：",
        "來源：",
        "来源:",
        "來源:",
        "编辑：",
        "編輯：",
        "图/",
        "圖/",
        "图｜",
        "圖｜",
        "图：",
        "圖：",
        "图片来",
        "圖片來",
    ];
    let Some(behind) = behind_last_sentence(text) else { return false };
    let name = WRITERS.iter().find_map(|writer| behind.strip_prefix(writer));
    behind.starts_with('@')
        || behind.trim_start_matches(is_closing).starts_with("——")
        || ["摄）", "攝）", "摄)", "攝)"].iter().any(|end| behind.ends_with(end))
        || CREDITS.iter().any(|label| behind.starts_with(label))
        || behind.ends_with("供图")
        || behind.ends_with("供圖")
        || name.is_some_and(|name| looks_like_name(name.trim_start_matches(is_gap)))
}

/// Whether `text` ends with punctuation that belongs to nothing, behind a sentence: `。、`.
fn has_stray_end(text: &str) -> bool {
    behind_last_sentence(text)
        .is_some_and(|behind| !behind.contains(|c: char| c.is_alphanumeric() || is_opening(c)))
}

/// What stands in `text` behind its last sentence, if it is short.
fn behind_last_sentence(text: &str) -> Option<&str> {
    const REACH: usize = 24; // code points
    let (at, c) = text.char_indices().rev().take(REACH).find(|(_, c)| ends_sentence(*c))?;
    Some(text[at + c.len_utf8()..].trim_start_matches(is_gap))
}

/// Whether `text` ends with the address of a page.
fn is_address(text: &str) -> bool {
    let last = text.rfind(|c: char| !c.is_ascii_graphic()).map_or(0, |at| text.ceil_char_boundary(at + 1));
    text[last..].contains("://")
}

/// The place where one block would go on in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The block that breaks off.
    pub(crate) left: usize,
    /// The block that may go on.
    pub(crate) right: usize,
}

impl Place {
    /// Whether no other block stands between.
    pub(crate) fn is_near(self) -> bool {
        self.right == self.left + 1
    }

    /// The number of the calibration for its score.
    pub(crate) fn calibration(self) -> usize {
        usize::from(!self.is_near())
    }
}

/// A place with what the rules see there.
#[derive(Clone, Debug)]
pub(crate) struct Seam {
    pub(crate) place: Place,
    /// A word that stands across the seam.
    pub(super) word: Option<WordAcross>,
    /// A bracket or mark that the left side opens and the right side closes.
    pub(super) bracket: Option<char>,
    /// Whether the left side is an item of a list.
    pub(super) in_list: bool,
    /// What rules say.
    pub(super) signs: Signs,
}

impl Seam {
    fn between(left: &Left<'_>, right: &Right<'_>) -> Self {
        let word = left.word_across(right);
        let bracket = left.open_bracket().filter(|open| right.closes_first(*open));
        Self {
            place: Place { left: left.index, right: right.index },
            signs: Signs::of(left.before(), right.behind(), left.end, word.as_ref(), bracket),
            word,
            bracket,
            in_list: left.in_list,
        }
    }

    /// What its features are made of besides what is plain.
    fn told(&self, left: &Left<'_>) -> Told {
        let bracket = match (self.bracket, left.open_bracket()) {
            (Some(_), _) => 1,
            (None, Some(_)) => 2,
            (None, None) => 0,
        };
        let Signs { evidence, start, wants_more, is_opening, .. } = self.signs;
        let word = word_class(self.word.as_ref());
        Told { word, bracket, evidence: evidence as u64, start, wants_more, is_opening }
    }

    /// Why the two might belong together.
    pub(super) fn reason(&self) -> String {
        match (&self.word, self.bracket) {
            (Some(across), _) => format!("`{}` stands across the break", across.word),
            (None, Some(bracket)) => format!("`{bracket}` opens before the break and is closed behind it"),
            (None, None) => "the one breaks off, and the other reads on".to_owned(),
        }
    }
}

/// Blocks ahead that are looked at: more than stand between two parts.
const AHEAD: usize = 8;

/// Code points under which a block is a line of verse or of a list, if the one
/// it would go on in is as short.
const SHORT: usize = 24;

/// The seams of a document that are worth a look, and what they are worth.
#[derive(Debug)]
pub(crate) struct Seams<'a, W, V> {
    document: &'a Document,
    learned: &'a Learned<W, V>,
    places: Vec<Place>,
    /// The blocks that break off.
    lefts: Sides<Left<'a>>,
    /// The blocks that may go on.
    rights: Sides<Right<'a>>,
    words: Option<Words<'a>>,
}

impl<'a, W: Weights, V: Vectors> Seams<'a, W, V> {
    /// Looks at `document` with what was `learned`.
    pub(crate) fn of(document: &'a Document, learned: &'a Learned<W, V>) -> Self {
        let blocks = document.blocks();
        let text = |index: usize| document.slice(blocks[index].span);
        let short = |index: usize| text(index).chars().nth(SHORT).is_none();
        let mut page = Self {
            document,
            learned,
            places: Vec::new(),
            lefts: Sides::of(blocks.len()),
            rights: Sides::of(blocks.len()),
            words: None,
        };
        // Most blocks are never asked for, and the others by all that stand above.
        let mut known: Vec<Option<bool>> = vec![None; blocks.len()];
        let mut is_chinese = |index: usize| *known[index].get_or_insert_with(|| is_chinese(text(index)));
        for left in (0..blocks.len()).filter(|&index| breaks_off(document, index)) {
            if !is_chinese(left) {
                continue;
            }
            let is_short = short(left);
            let ahead = left + 1..blocks.len().min(left + 1 + AHEAD);
            for right in ahead {
                let goes_on = may_go_on(blocks[right].kind) && is_chinese(right);
                if goes_on && !(is_short && short(right)) && !repeats(text(left), text(right)) {
                    page.add(left, right);
                }
            }
        }
        page
    }

    fn add(&mut self, left: usize, right: usize) {
        self.lefts.ask(left, || Left::of(self.document, left, self.learned));
        self.rights.ask(right, || Right::of(self.document, right, self.learned));
        self.places.push(Place { left, right });
    }

    fn sides(&self, place: Place) -> (&Left<'a>, &Right<'a>) {
        (self.lefts.at(place.left), self.rights.at(place.right))
    }

    /// Where they are, by the blocks that break off.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// What rules see at `place`.
    pub(crate) fn read(&self, place: Place) -> Seam {
        let (left, right) = self.sides(place);
        Seam::between(left, right)
    }

    /// What the model looks at where `seam` is.
    #[cfg(feature = "train")]
    pub(crate) fn features(&mut self, seam: &Seam) -> Vec<Feature> {
        let shared = self.shared(seam.place);
        let (left, right) = self.sides(seam.place);
        let met = self.met(left, right, seam.told(left));
        let mut features = left.features(self.document).to_vec();
        features.extend(left.features_by_distance(met.far()));
        features.extend(right.features());
        features.extend(right.features_by_distance(self.document, met.far()));
        features.extend(met.features());
        features.extend(met.of_flow(self.flow_between(left, right)));
        features.push(elsewhere_feature(self.document, seam.place));
        features.extend(shared.features(Known::of(right.length, &met)));
        features
    }

    /// What the blocks at `place` say each by itself, as log-odds that they belong
    /// together.
    pub(crate) fn apart(&self, place: Place) -> f32 {
        let (left, right) = self.sides(place);
        let far = usize::from(!place.is_near());
        left.scores[far] + right.scores[far]
    }

    /// The first look at both sides of `place`: without a dictionary, and without the
    /// rest of the page.
    pub(crate) fn glance(&self, place: Place) -> Glance {
        let (left, right) = self.sides(place);
        let met = self.met(left, right, Told::default());
        Glance { met, score: self.apart(place) + self.learned.weights.score(&met.plain()) }
    }

    /// What the dictionary and the rules add to the log-odds that the blocks at `seam`
    /// belong together, of which there was this `glance`.
    pub(crate) fn told(&self, seam: &Seam, glance: &Glance) -> f32 {
        let (left, _) = self.sides(seam.place);
        let met = Met { told: seam.told(left), ..glance.met };
        self.learned.weights.score(&met.of_words()) + self.learned.weights.score(&met.of_signs())
    }

    /// What the encoder adds, which sees farther to both sides of `seam`.
    pub(crate) fn flow(&self, seam: &Seam, glance: &Glance) -> f32 {
        let (left, right) = self.sides(seam.place);
        let met = Met { told: seam.told(left), ..glance.met };
        self.learned.weights.score(&met.of_flow(self.flow_between(left, right)))
    }

    fn flow_between(&self, left: &Left<'_>, right: &Right<'_>) -> f32 {
        let reader = &self.learned.reader;
        flow(left.flow(reader), right.flow(reader))
    }

    /// What the rest of the page adds.
    pub(crate) fn around(&mut self, place: Place, glance: &Glance) -> f32 {
        let shared = self.shared(place);
        let (_, right) = self.sides(place);
        let weights = &self.learned.weights;
        weights.weight(elsewhere_feature(self.document, place))
            + weights.score(&shared.features(Known::of(right.length, &glance.met)))
    }

    fn met(&self, left: &Left<'_>, right: &Right<'_>, told: Told) -> Met {
        let ends = Ends { left: left.characters, right: right.characters };
        Met {
            left_kind: left.kind as u64,
            right_kind: right.kind as u64,
            end: left.end as u64,
            distance: (right.index - left.index) as u64,
            size: page_size(self.document),
            has_sentence: left.has_sentence,
            in_list: left.in_list,
            last_mark: left.last_mark,
            tie: self.learned.tie(&ends, left.vector(self.learned), right.vector(self.learned)),
            start: right.start,
            head: right.head,
            tail: left.tail,
            told,
        }
    }

    fn shared(&mut self, place: Place) -> Shared {
        Shared::of(place, self.words.get_or_insert_with(|| Words::of(self.document)))
    }
}

/// What a first look at a seam shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glance {
    met: Met,
    /// What that is worth.
    pub(crate) score: f32,
}

/// Whether the block ends without the end of a sentence, and with nothing that stands
/// behind one.
pub(super) fn breaks_off(document: &Document, index: usize) -> bool {
    use BlockKind::{Body, Headline, Lead, ListItem};
    let blocks = document.blocks();
    let text = document.slice(blocks[index].span);
    // A headline behind a dateline stands above a byline: `青禾社5月3日电 专访｜…`.
    let is_title =
        || blocks.get(index + 1).is_some_and(|next| next.kind == BlockKind::Byline) && !text.contains('。');
    let may_break_off = match blocks[index].kind {
        Body | ListItem | Headline => true,
        Lead => !is_title(),
        _ => false,
    };
    may_break_off
        && match End::of(text) {
            End::Whole => false,
            End::Mark => !follows_sentence(text) && !is_signed(text),
            End::Letter => !is_address(text) && !is_signed(text),
            End::Han => !is_signed(text),
            End::Clause => !has_stray_end(text),
        }
}

/// Whether `right` begins with all of `left`: a headline taken from the text, or a block of
/// which a part was extracted twice.
fn repeats(left: &str, right: &str) -> bool {
    const LEAST: usize = 18; // bytes: about 6 Han characters
    let left = left.trim_matches(is_gap);
    left.len() >= LEAST && right.trim_start_matches(is_gap).starts_with(left)
}

fn may_go_on(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Body | BlockKind::Headline | BlockKind::ListItem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::rejoin::pairing::LEARNED;

    #[test]
    fn what_stands_behind_a_sentence_is_no_break() {
        let breaks = |text: &str| breaks_off(&Document::new(text.to_owned()), 0);
        assert!(breaks("今年的水够用，田里的秧苗长得比去年都要好，乡亲们把渠口的新闸（去年"));
        assert!(breaks("今年的水够用。田里的秧苗长得比去年都要好，各村正在修渠（二期工程）"));
        assert!(!breaks("今年的水够用，田里的秧苗长得比去年都要好。（记者 周小满）"));
        assert!(breaks("今年的水够用，更多的照片请看各村的网站，那里有修渠的全部记录bbs"));
        assert!(!breaks("今年的水够用，田里的秧苗长得比去年都要好。记者周小满"));
        assert!(!breaks("今年的水够用，田里的秧苗长得比去年都要好。@青禾日报"));
        assert!(breaks("今年的水够用，田里的秧苗长得比去年都要好。记者在田边"), "no name");
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。图/《青禾日报》"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。图片来自石溪镇网站"));
        assert!(breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。图片上的渠"));
        assert!(!breaks("镇长说：“新修的水渠到秋天就能通水。”（来源：青禾日报）"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。来源：青禾日报"));
        assert!(breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。来源于山上的"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。、"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。青禾社发（周小满摄）"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。青禾社发（阿尔诺·德拉维尼亚克摄）"));
        assert!(breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。青禾社（石溪分社）"));
        assert!(!breaks("“今年的水够用，田里的秧苗长得比去年都要好。”——周小满"));
        assert!(breaks("今年的水够用，田里的秧苗长得比去年都要好——周小满"), "no sentence before");
        assert!(!breaks("镇长说：“老支书当年讲过：‘渠要修，水要省。’”"));
        assert!(breaks("镇长说：“老支书当年讲过：‘渠要修，水要省’”"));
        assert!(!breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。受访者供图"));
        assert!(breaks("新修的水渠在石溪镇绕过三座山，到秋天就能通水。图上的渠"));
        assert!(!breaks("今年的水够用，更多的照片看这里http://qinghe.example/8s9Iwdg"));
    }

    #[test]
    fn what_is_said_again_does_not_go_on() {
        let headline = "所有不愿看天吃饭的村子";
        let places = |below: &str| {
            let text =
                format!("{headline}\n\n{below}都应当一起修渠，水才能流到每一块田里，乡亲们才能种好粮食。\n");
            Seams::of(&Document::new(text), &*LEARNED).places().len()
        };
        assert_eq!(places(headline), 0);
        assert_eq!(places("今年"), 1);
    }

    #[test]
    fn a_dateline_with_a_title_stands_above_a_byline() {
        let title = "青禾社石溪5月3日电 专访｜修渠正当其时，全镇二十个村子都出了力，到秋天水就能流到每一块田里——访石溪镇镇长林有禾";
        let breaks = |below: &str| breaks_off(&Document::new(format!("{title}\n\n{below}\n")), 0);
        assert!(!breaks("记者 周小满"));
        assert!(breaks("到秋天就能通水，二十个村子的田都能灌上，再也不用看天吃饭。"));
    }
}
