//! The most that words across a seam, and what rules see in it, can weigh: with
//! nothing asked of the dictionary nearly all seams can be told to be hopeless.

use super::End;
use super::features::{BRACKETS, KINDS, Met, SIZES, STEPS, Told, WORDS, middle, sign, word};
use super::shared::most;
use crate::model::Weights;
use crate::stages::rejoin::evidence::{Evidence, STARTS};

/// Classes of how a block ends.
const ENDS: usize = End::Han as usize + 1;

/// For the next block, and for those farther on.
type ByDistance<T> = [T; 2];
/// For each way the right block can start.
type ByStart = [f32; STARTS as usize];

/// The most that the features of what is [told](Told) can weigh.
#[derive(Debug)]
pub(super) struct Untold {
    /// Where no word can stand across, and where one may.
    words: [Words; 2],
    bracket: ByDistance<f32>,
    /// Of each kind of evidence.
    rules: [Rules; Evidence::KINDS as usize],
    /// Where the left side is no item of a list, and where it is; the mark it ends
    /// with is left out.
    starts: ByDistance<[ByStart; 2]>,
    /// The most of all starts where the left side ends with no mark.
    unmarked: ByDistance<[f32; 2]>,
    /// By the step of the start.
    wants: [f32; STEPS],
    /// By whether a sentence ends in the left side, how that ends and its kind.
    opening: [[[f32; KINDS]; ENDS]; 2],
}

/// Of the word across the seam.
#[derive(Debug)]
struct Words {
    /// By size of the page, end and step of the tie.
    across: ByDistance<[[[f32; STEPS]; ENDS]; SIZES]>,
    head: [f32; STEPS],
    tail: [f32; STEPS],
}

/// Of one kind of evidence.
#[derive(Debug)]
struct Rules {
    /// By the kinds of both blocks.
    kinds: ByDistance<[[f32; KINDS]; KINDS]>,
    tie: ByDistance<[f32; STEPS]>,
    size: ByDistance<[f32; SIZES]>,
}

/// What nothing is told of.
const NOTHING: Told =
    Told { word: 0, bracket: 0, evidence: 0, start: 0, wants_more: false, is_opening: false };

/// A seam of which nothing is known but how far the right block is.
fn unknown(far: usize) -> Met {
    Met {
        left_kind: 0,
        right_kind: 0,
        end: 0,
        distance: 1 + far as u64,
        size: 0,
        has_sentence: false,
        in_list: false,
        last_mark: 0,
        tie: 0.0,
        start: 0.0,
        head: 0.0,
        tail: 0.0,
        told: NOTHING,
    }
}

/// What the feature number `feature` of those of the rules weighs for `met`, if
/// `told` is told.
fn of_sign(weights: &impl Weights, feature: usize, met: Met, told: Told) -> f32 {
    weights.weight(Met { told, ..met }.of_signs()[feature])
}

/// The most that it weighs if any of `told` may be.
fn most_of_sign(
    weights: &impl Weights,
    feature: usize,
    met: Met,
    told: impl IntoIterator<Item = Told>,
) -> f32 {
    most(told.into_iter().map(|told| of_sign(weights, feature, met, told)))
}

/// The same for those of the word across.
fn of_word(weights: &impl Weights, feature: usize, met: Met, word: u64) -> f32 {
    weights.weight(Met { told: Told { word, ..NOTHING }, ..met }.of_words()[feature])
}

impl Untold {
    /// That of `weights`.
    pub(super) fn of(weights: &impl Weights) -> Self {
        let starts: ByDistance<[ByStart; 2]> = row(|far| {
            row(|list| {
                let met = Met { in_list: list == 1, ..unknown(far) };
                row(|class| most_of_start(weights, met, class as u64))
            })
        });
        let brackets = || (0..BRACKETS).map(|bracket| Told { bracket, ..NOTHING });
        let wants = [false, true].map(|wants_more| Told { wants_more, ..NOTHING });
        let opening = [false, true].map(|is_opening| Told { is_opening, ..NOTHING });
        let ends = |sentence: usize, end: usize, kind: usize| {
            let (end, left_kind) = (end as u64, kind as u64);
            Met { has_sentence: sentence == 1, end, left_kind, ..unknown(0) }
        };
        let open = |met: Met| most_of_sign(weights, sign::OPENING, met, opening);
        Self {
            words: [Words::of(weights, 1), Words::of(weights, WORDS)],
            bracket: row(|far| most_of_sign(weights, sign::BRACKET, unknown(far), brackets())),
            rules: row(|evidence| Rules::of(weights, evidence as u64)),
            unmarked: row(|far| row(|list| most_with_mark(weights, &starts[far][list], unknown(far)))),
            starts,
            wants: row(|step| {
                most_of_sign(weights, sign::WANTS, Met { start: middle(step, 2.0), ..unknown(0) }, wants)
            }),
            opening: row(|sentence| row(|end| row(|kind| open(ends(sentence, end, kind))))),
        }
    }

    /// The most for the seam `met`, of which nothing is told but whether a word can
    /// stand across.
    pub(super) fn over(&self, met: &Met, may_have_word: bool, weights: &impl Weights) -> f32 {
        let (far, list) = (met.far() as usize, usize::from(met.in_list));
        let start = match met.last_mark {
            0 => self.unmarked[far][list],
            _ => most_with_mark(weights, &self.starts[far][list], *met),
        };
        self.words[usize::from(may_have_word)].over(met, may_have_word, weights)
            + self.bracket[far]
            + most(self.rules.iter().map(|rules| rules.over(met)))
            + start
            + self.wants[met.start_step()]
            + self.opening[usize::from(met.has_sentence)][met.end as usize][met.left_kind as usize]
    }
}

/// The most for a seam whose right block starts so, the mark left out.
fn most_of_start(weights: &impl Weights, met: Met, start: u64) -> f32 {
    let words = (0..WORDS).map(|word| Told { word, start, ..NOTHING });
    let wants = [false, true].map(|wants_more| Told { wants_more, start, ..NOTHING });
    most_of_sign(weights, sign::START, met, words)
        + most_of_sign(weights, sign::WANTS_START, met, wants)
        + of_sign(weights, sign::LIST, met, Told { start, ..NOTHING })
}

/// The most of `starts`, with the mark that the left side of `met` ends with.
fn most_with_mark(weights: &impl Weights, starts: &ByStart, met: Met) -> f32 {
    let mark = |start: u64| weights.weight(met.mark(start));
    most(starts.iter().zip(0..).map(|(most, start)| most + mark(start)))
}

impl Words {
    /// Where one of the first so many `words` can stand across.
    fn of(weights: &impl Weights, words: u64) -> Self {
        let size = |far: usize, size: usize| Met { size: size as u64, ..unknown(far) };
        let end = |end: usize| Met { end: end as u64, ..unknown(0) };
        let tie = |far: usize, step: usize| Met { tie: middle(step, 1.0), ..unknown(far) };
        let by = |feature: usize, met: Met| -> Vec<f32> {
            (0..words).map(|word| of_word(weights, feature, met, word)).collect()
        };
        let any = |feature: usize, met: Met| most(by(feature, met).into_iter());
        let by_size: ByDistance<[_; SIZES]> = row(|far| row(|at| by(word::SIZE, size(far, at))));
        let by_end: [_; ENDS] = row(|at| by(word::END, end(at)));
        let by_tie: ByDistance<[_; STEPS]> =
            row(|far| row(|step| [word::TIE, word::TIE_FAR].map(|feature| by(feature, tie(far, step)))));
        let across = |far: usize, size: usize, end: usize, step: usize| {
            let [tie, tie_far] = &by_tie[far][step];
            let (size, end) = (&by_size[far][size], &by_end[end]);
            most((0..words as usize).map(|word| size[word] + end[word] + tie[word] + tie_far[word]))
        };
        Self {
            across: row(|far| row(|size| row(|end| row(|step| across(far, size, end, step))))),
            head: row(|step| any(word::HEAD, Met { head: middle(step, 1.0), ..unknown(0) })),
            tail: row(|step| any(word::TAIL, Met { tail: middle(step, 1.0), ..unknown(0) })),
        }
    }

    fn over(&self, met: &Met, may_have_word: bool, weights: &impl Weights) -> f32 {
        let inside = |across: bool| weights.weight(met.inside(across));
        let inside = if may_have_word { inside(false).max(inside(true)) } else { inside(false) };
        let [tie, head, tail] = met.whole_steps();
        self.across[met.far() as usize][met.size as usize][met.end as usize][tie]
            + self.head[head]
            + self.tail[tail]
            + inside
    }
}

impl Rules {
    fn of(weights: &impl Weights, evidence: u64) -> Self {
        let value = |feature: usize, met: Met| of_sign(weights, feature, met, Told { evidence, ..NOTHING });
        let kinds = |far: usize, left: usize, right: usize| Met {
            left_kind: left as u64,
            right_kind: right as u64,
            ..unknown(far)
        };
        let size = |far: usize, size: usize| Met { size: size as u64, ..unknown(far) };
        let tie = |far: usize, step: usize| Met { tie: middle(step, 1.0), ..unknown(far) };
        Self {
            kinds: row(|far| row(|left| row(|right| value(sign::RULES, kinds(far, left, right))))),
            tie: row(|far| row(|step| value(sign::RULES_TIE, tie(far, step)))),
            size: row(|far| row(|at| value(sign::RULES_SIZE, size(far, at)))),
        }
    }

    fn over(&self, met: &Met) -> f32 {
        let far = met.far() as usize;
        let [tie, ..] = met.whole_steps();
        self.kinds[far][met.left_kind as usize][met.right_kind as usize]
            + self.tie[far][tie]
            + self.size[far][met.size as usize]
    }
}

fn row<T, const N: usize>(value: impl Fn(usize) -> T) -> [T; N] {
    std::array::from_fn(value)
}
