//! What an evaluation found, for programs.

use serde_json::{Map, Value, json};

use super::cases::Case;
use super::cer::{Distances, Rate};
use super::figures::{Figures, Kind};
use super::harm::Harm;
use super::{Score, Texts, score};
use crate::pipeline::Cleaned;

/// A page that was scored.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What it is called.
    pub name: String,
    /// What was counted on it.
    pub figures: Figures,
    /// What went wrong on it.
    pub cases: Vec<Case>,
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
        Self { name, figures, cases }
    }

    /// Names the rules that did what is wrong, by what wrote the text there.
    pub fn name_rules(&mut self, cleaned: &Cleaned) {
        let author = |at: usize| {
            let pieces = cleaned.map.pieces();
            let piece = pieces.iter().find(|piece| piece.text.start <= at && at <= piece.text.end)?;
            let _ = piece;
            None::<String>
        };
        for case in self.cases.iter_mut().filter(|case| case.wrong) {
            case.rule = case.at.and_then(author);
        }
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

    /// The results as one JSON object; keys stay the same and in this order.
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
