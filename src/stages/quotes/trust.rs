//! How far the share of a quotation among all readings can be trusted: a
//! logistic regression over what the lattice can't see, because it weighs one
//! block at a time. The first thing is how many marks of the document vanished
//! without a trace: where a closing mark often left a gap and its opening one
//! none, two neighbouring gaps are often halves of two quotations.

use super::candidates::Candidate;
use super::ends::End;
use super::lattice::Pair;
use super::log_odds;
use super::reading::{Reading, Scale};
use crate::chars::is_cjk_punctuation;
use crate::document::Document;
use crate::model::{Calibration, Table};

/// How many features there are.
pub(crate) const FEATURES: usize = 34;

/// What is looked at of a quotation.
pub(crate) type Features = [f32; FEATURES];

/// Weights of the features, by which of the marks left a gap.
#[derive(Clone, Debug)]
pub(crate) struct Trust(pub(crate) [Features; Self::CLASSES]);

impl Trust {
    /// How many classes there are, see [`Reading::class`].
    pub(crate) const CLASSES: usize = 3;

    /// That which `table` holds behind `scales` scales.
    pub(crate) fn from_table(table: &Table<'_>, scales: usize) -> Self {
        let weights = |class: usize| {
            std::array::from_fn(|feature| {
                let Calibration { slope, offset } =
                    table.calibration(scales * Scale::LEN + (class * FEATURES + feature) / 2);
                if feature % 2 == 0 { slope } else { offset }
            })
        };
        Self(std::array::from_fn(weights))
    }

    /// As a table holds it.
    #[cfg(feature = "train")]
    pub(crate) fn rows(&self) -> Vec<Calibration> {
        let pairs = self.0.as_flattened().chunks_exact(2);
        pairs.map(|pair| Calibration { slope: pair[0], offset: pair[1] }).collect()
    }

    /// How likely a quotation of this class with these features is.
    pub(crate) fn probability(&self, class: usize, features: &Features) -> f32 {
        let sum: f32 = self.0[class].iter().zip(features).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// What became of the marks of a document, as far as its likeliest quotations
/// tell. All counts are expectations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traces {
    /// Gaps.
    gaps: f32,
    /// Quotations that left both gaps.
    both: f32,
    /// Those of them with text right behind.
    both_before_text: f32,
    /// Quotations that left one gap.
    one: f32,
    /// Those that left the closing one, and don't begin where a block does:
    /// there no opening mark leaves a gap.
    closing: f32,
    /// Those that left the opening one, with text right behind.
    opening_before_text: f32,
}

impl Traces {
    /// Those of a document with these readings and the shares of their pairs.
    pub(crate) fn of<'a>(readings: impl Iterator<Item = (&'a Reading<'a>, &'a [f32])>) -> Self {
        let mut traces = Self::default();
        for (reading, shares) in readings {
            traces.gaps += reading.ends.iter().filter(|end| end.is_gap()).map(|_| 1.0).sum::<f32>();
            for (pair, share) in reading.pairs.iter().zip(shares) {
                traces.count(reading, *pair, *share);
            }
        }
        traces
    }

    fn count(&mut self, reading: &Reading<'_>, pair: Pair, share: f32) {
        let (open, close) = (reading.ends[pair.open], reading.ends[pair.close]);
        let behind = reading.characters.chars.get(close.right);
        let before_text = behind.is_some_and(|c| c.is_alphanumeric());
        match (open.is_gap(), close.is_gap()) {
            (true, true) => {
                self.both += share;
                self.both_before_text += if before_text { share } else { 0.0 };
            }
            (false, _) => {
                self.one += share;
                self.closing += if open.left > 0 { share } else { 0.0 };
            }
            (true, false) => {
                self.one += share;
                self.opening_before_text += if before_text { share } else { 0.0 };
            }
        }
    }

    /// Of the quotations that left a closing gap, the part that left no opening
    /// one, drawn towards little where there are few.
    pub(crate) fn lone_closing(&self) -> f32 {
        (self.closing + 0.1) / (self.both + self.closing + 1.0)
    }

    fn lone_opening(&self) -> f32 {
        let (lone, both) = (self.opening_before_text, self.both_before_text);
        (lone + 0.2) / (both + lone + 1.0)
    }

    fn paired(&self) -> f32 {
        (2.0 * self.both + 1.5) / (self.gaps + 2.0)
    }

    fn one(&self) -> f32 {
        (self.one + 0.5) / (self.both + self.one + 2.0)
    }
}

/// The features of `candidate`, a quotation of `reading`.
pub(super) fn features(
    document: &Document,
    reading: &Reading<'_>,
    candidate: &Candidate,
    traces: &Traces,
) -> Features {
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    let odds = log_odds(candidate.share) / 3.0;
    let Pair { open, close } = candidate.pair;
    let (paired, one) = (traces.paired(), traces.one());
    let (closing, opening) = (traces.lone_closing(), traces.lone_opening());
    let text = document.slice(reading.content(candidate.pair));
    let length = text.chars().filter(|c| c.is_alphanumeric()).take(31).count();
    let inside = (open + 1..close).any(|end| reading.ends[end].is_gap());
    let headline = flag(reading.is_headline());
    let around = Around::of(document, [reading.ends[open], reading.ends[close]]);
    let [before, behind] = candidate.left_over;
    let recurrence = candidate.recurrence;
    [
        1.0,
        odds,
        paired,
        paired * odds,
        one,
        one * odds,
        closing,
        closing * odds,
        opening,
        opening * odds,
        flag(inside),
        flag(length <= 2),
        flag(length > 8),
        flag(length > 15),
        flag(length > 30),
        flag(candidate.is_repeated),
        flag(candidate.is_marked),
        flag(candidate.is_spoken),
        headline,
        headline * odds,
        flag(around.speaks),
        flag(around.before.is_some_and(is_cjk_punctuation)),
        flag(around.behind.is_some_and(is_cjk_punctuation)),
        flag(around.before.is_none()),
        flag(around.behind.is_none()),
        traces.gaps.max(1.0).ln().min(4.0),
        before.unused,
        behind.unused,
        before.unused * flag(before.is_near),
        behind.unused * flag(behind.is_near),
        (recurrence.bare as f32).ln_1p(),
        flag(recurrence.bare > 3),
        flag(recurrence.alike > 0 && recurrence.unlike == 0),
        flag(recurrence.alike == 0 && recurrence.unlike > 0),
    ]
}

/// What stands around a quotation on its line.
struct Around {
    before: Option<char>,
    behind: Option<char>,
    /// Somebody speaks of himself or to another close by: the quotation may
    /// stand inside speech whose own marks left nothing.
    speaks: bool,
}

impl Around {
    fn of(document: &Document, [open, close]: [End; 2]) -> Self {
        const REACH: usize = 40; // code points
        let same_line = |c: &char| *c != '\n';
        let before = document.text()[..open.side.start()].chars().rev().take(REACH).take_while(same_line);
        let behind = document.text()[close.side.end()..].chars().take(REACH).take_while(same_line);
        let speaks = |c: char| matches!(c, '我' | '你' | '您' | '咱');
        Self {
            before: before.clone().next(),
            behind: behind.clone().next(),
            speaks: before.chain(behind).any(speaks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::quotes::{Evidence, Gaps, candidates, of_block};

    #[test]
    fn marks_that_vanished_show_in_closing_gaps() {
        let kept = Traces { both: 12.0, closing: 0.2, ..Traces::default() };
        let vanished = Traces { both: 8.0, closing: 4.0, ..Traces::default() };
        assert!(kept.lone_closing() < 0.05);
        assert!(vanished.lone_closing() > 0.25);
        assert!(Traces::default().lone_closing() <= 0.1, "nothing tells nothing");
    }

    #[cfg(feature = "train")]
    #[test]
    fn weights_come_back_from_a_table() {
        let mut count = 0.0;
        let trust = Trust(std::array::from_fn(|_| {
            std::array::from_fn(|_| {
                count += 0.25;
                count
            })
        }));
        let scale = vec![Calibration::NONE; Scale::LEN];
        let rows: Vec<_> = scale.into_iter().chain(trust.rows()).collect();
        let bytes = Table::to_bytes(&[0.0; 4], 1.0, &rows);
        let table = Table::from_bytes(&bytes).expect("what was just written");
        assert_eq!(Trust::from_table(&table, 1).0, trust.0);
    }

    #[test]
    fn what_stands_around_is_seen() {
        let document = Document::new("他说，我们要把 清渠行动 办好， 清渠行动 不停。\n".to_owned());
        let evidence = Evidence::of(&document).expect("there are gaps");
        let block = document.blocks()[0];
        let gaps = Gaps::of(&document, &block, &evidence).expect("they could be marks");
        let mut readings = of_block(&document, &gaps, block.kind);
        let reading = readings.pop().expect("one stretch");
        let both = |pair: &Pair| match reading.class(*pair) {
            2 if document.slice(reading.content(*pair)) == "清渠行动" => 0.9,
            _ => 0.0,
        };
        let shares = reading.pairs.iter().map(both).collect();
        let found = candidates(&document, &evidence, &[(reading, shares)], &Traces::default());
        assert_eq!(found[0].len(), 2);
        let [first, second] = [found[0][0], found[0][1]];
        assert!(first.is_repeated && second.is_repeated && !first.is_marked);
        assert!(first.features[20] > 0.0, "somebody speaks");
        assert!(first.features[21] < 0.5 && second.features[21] > 0.5, "a comma stands before the second");
    }
}
