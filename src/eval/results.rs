//! What an evaluation found, for programs.

use serde_json::{Map, Value, json};

use super::cases::Case;
use super::cer::{Distances, Rate};
use super::figures::{Figures, Kind};
use super::harm::Harm;
use super::{Score, Texts, score};
use crate::pipeline::{Cleaned, Outcome, Status};
use crate::span::Span;

/// A page that was scored.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What it is called.
    pub name: String,
    /// What was counted on it.
    pub figures: Figures,
    /// What went wrong on it.
    pub cases: Vec<Case>,
    pub(super) gold: String,
    pub(super) cleaned: String,
}

/// An evaluation.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// The pages, in the order they were given.
    pub pages: Vec<Scored>,
    /// What was counted on all of them.
    pub figures: Figures,
    /// What was done to undamaged text, if that was tried.
    pub harm: Option<Harm>,
}

impl Scored {
    /// Scores a page.
    #[must_use]
    pub fn new(name: String, texts: Texts<'_>) -> Self {
        let Score { figures, cases } = score(texts);
        Self { name, figures, cases, gold: texts.gold.to_owned(), cleaned: texts.cleaned.to_owned() }
    }

    /// Names the rule behind what was done wrong, with its score: the repair
    /// that touched the place, one of a stage that does such things first.
    pub fn name_rules(&mut self, cleaned: &Cleaned) {
        for case in self.cases.iter_mut().filter(|case| case.wrong) {
            case.rule = case.at.and_then(|(from, to)| rule_at(cleaned, from, to, stage_of(case.kind)));
        }
    }
}

/// Bytes of clean text around a place in which the repair behind it is looked
/// for: the marks of a quotation stand outside its content.
const MARGIN: usize = 4;

fn rule_at(cleaned: &Cleaned, from: usize, to: usize, stage: &str) -> Option<String> {
    let len = cleaned.text.len();
    let place = Span::new(from.saturating_sub(MARGIN).min(len), (to + MARGIN).min(len));
    let place = cleaned.offsets.to_source(place);
    let touches = |outcome: &&Outcome| {
        outcome.status == Status::Applied
            && outcome
                .edits
                .iter()
                .any(|edit| edit.source.start <= place.end && place.start <= edit.source.end)
    };
    let near = || cleaned.repairs.iter().filter(touches);
    let outcome = near().find(|outcome| outcome.rule.stage() == stage).or_else(|| near().next())?;
    let score = outcome.score.map_or_else(String::new, |score| format!(" {score:.2}"));
    Some(format!("{} {}{score}", outcome.rule, outcome.confidence))
}

/// The stage that is there for a kind of damage.
fn stage_of(kind: Kind) -> &'static str {
    use Kind as K;
    match kind {
        K::Quotes | K::QuotesTwoGaps | K::QuotesOneGap | K::QuotesNoGap => "quotes",
        K::QuotesPhrase | K::QuotesSpeech | K::QuotesKept => "quotes",
        K::ParagraphsBefore | K::Paragraphs | K::ParagraphsVerbatim => "rejoin",
        K::Splits | K::SplitsAdjacent | K::SplitsAcross | K::SplitsWrapped => "rejoin",
        K::Duplicates => "dedup",
        K::StrayLines | K::StrayTokens | K::LetterSpacing | K::DoubledCharacters => "tokens",
        K::Width | K::Spaces => "width",
        K::Dashes | K::CodePoints | K::Other => "normalise",
    }
}

impl Results {
    /// Takes in a page.
    pub fn add(&mut self, page: Scored) {
        self.figures += &page.figures;
        self.pages.push(page);
    }

    /// Takes in what was done to undamaged text.
    pub fn add_harm(&mut self, harm: &Harm) {
        *self.harm.get_or_insert_default() += harm;
    }

    /// The results as one JSON object. The keys stay the same, in the order of
    /// the alphabet.
    ///
    /// - `pages`: how many pages were scored.
    /// - `figures`: for each kind ([`Kind::key`]) `needed`, `made`, `right`,
    ///   and `precision`, `recall`, `f1` (four decimals; null where nothing was
    ///   made, needed, or either).
    /// - `cer`: `before` and `after`, each with `aligned`,
    ///   `aligned_no_space`, `plain`, `plain_no_space`, each with `micro`,
    ///   `macro` (six decimals), `edits`, `characters`.
    /// - `undamaged`: null, or `characters`, `edits`, `per_100000` (two
    ///   decimals), `by_stage`, `by_rule`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut figures = Map::new();
        for kind in Kind::ALL {
            let count = self.figures.count(kind);
            figures.insert(
                kind.key().to_owned(),
                json!({
                    "needed": count.needed, "made": count.made, "right": count.right,
                    "precision": rounded(count.precision(), 4), "recall": rounded(count.recall(), 4),
                    "f1": rounded(count.f1(), 4),
                }),
            );
        }
        let undamaged = self.harm.as_ref().map(|harm| {
            json!({
                "characters": harm.characters, "edits": harm.edits,
                "per_100000": rounded(harm.per_100_000(), 2),
                "by_stage": harm.by_stage(), "by_rule": harm.by_rule,
            })
        });
        json!({
            "pages": self.figures.pages,
            "figures": figures,
            "cer": { "before": distances(&self.figures.before), "after": distances(&self.figures.after) },
            "undamaged": undamaged,
        })
    }
}

fn distances(distances: &Distances) -> Value {
    json!({
        "aligned": rate(distances.aligned), "aligned_no_space": rate(distances.aligned_no_space),
        "plain": rate(distances.plain), "plain_no_space": rate(distances.plain_no_space),
    })
}

fn rate(rate: Rate) -> Value {
    let known = rate.pages > 0;
    json!({
        "micro": rounded(known.then(|| rate.micro()), 6), "macro": rounded(known.then(|| rate.macro_mean()), 6),
        "edits": rate.edits, "characters": rate.characters,
    })
}

fn rounded(figure: Option<f64>, decimals: i32) -> Option<f64> {
    let unit = 10f64.powi(decimals);
    figure.map(|figure| (figure * unit).round() / unit)
}
