//! What people decided about repairs. Lookup only: the pipeline asks, and who
//! keeps decisions on disk is no concern of it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::edit::Verdict;

/// How far a decision reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// This repair of this document.
    Occurrence,
    /// All that this rule proposes in this document.
    Rule,
    /// The same rule making the same change of the same phrase, in any document.
    Phrase,
}

/// What a repair does, in words of the source alone: other repairs play no
/// part in it, so that a decision can be held against it in the next run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The source from the first of its edits to the last.
    pub before: String,
    /// The same with the repair made, and no other.
    pub after: String,
    /// Whether both are whole: of a long stretch the middle is left out, and
    /// `…` stands for it.
    pub is_whole: bool,
    /// What stands for the change wherever it is made, see [`Scope::Phrase`]:
    /// what a pair of marks would enclose, with the marks; for other repairs
    /// the change in brackets with four characters on each side. `None` where
    /// that is too little to mean anything, or too much.
    pub phrase: Option<String>,
}

/// A decision as it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// The person's own text for [`Verdict::Edit`], in place of the stretch from
    /// the first edit to the last.
    pub text: Option<Arc<str>>,
    /// What the repair was to replace when the decision was made, as
    /// [`Change::before`]; not compared if it is not known.
    pub before: Option<Arc<str>>,
    /// What it was to write, as [`Change::after`].
    pub after: Option<Arc<str>>,
}

/// What the decisions say to a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Nothing.
    Open,
    /// This, and how far it reaches.
    Decided(&'a Decision, Scope),
}

/// All decisions, of any document.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The folder that names of documents are seen from; absolute.
    folder: Option<PathBuf>,
    documents: BTreeMap<Arc<str>, Arc<OfDocument>>,
    phrases: Arc<Phrases>,
}

/// What was decided about phrases, by rule and phrase.
type Phrases = HashMap<(Arc<str>, Arc<str>), Decision>;

/// What was decided about the repairs of one document.
#[derive(Clone, Debug, Default)]
struct OfDocument {
    /// By id. Sorted, so that what is stale is told in order.
    occurrences: BTreeMap<Arc<str>, Decision>,
    rules: HashMap<Arc<str>, Decision>,
}

/// The decisions that concern one document.
#[derive(Clone, Debug, Default)]
pub struct Rulings {
    document: Arc<OfDocument>,
    phrases: Arc<Phrases>,
}

impl Decisions {
    /// No decisions yet, on documents whose names are seen from `folder`, an
    /// absolute path.
    #[must_use]
    pub fn seen_from(folder: PathBuf) -> Self {
        Self { folder: Some(folder), ..Self::default() }
    }

    /// What decisions call the document at `path`, an absolute one: the way from
    /// the folder, with `/` between its parts. `-` is standard input, and stays.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        match &self.folder {
            Some(folder) if path != Path::new("-") => way(folder, path),
            _ => path.to_string_lossy().into_owned(),
        }
    }

    /// Decides on the repair `id` of `document`; a later decision on the same
    /// repair takes the place of an earlier one, here and below.
    pub fn on_occurrence(&mut self, document: &str, id: &str, decision: Decision) {
        self.of(document).occurrences.insert(id.into(), decision);
    }

    /// Decides on all that `rule` proposes in `document`.
    pub fn on_rule(&mut self, document: &str, rule: &str, decision: Decision) {
        self.of(document).rules.insert(rule.into(), decision);
    }

    /// Decides on what `rule` makes of `phrase`, in any document.
    pub fn on_phrase(&mut self, rule: &str, phrase: &str, decision: Decision) {
        Arc::make_mut(&mut self.phrases).insert((rule.into(), phrase.into()), decision);
    }

    fn of(&mut self, document: &str) -> &mut OfDocument {
        Arc::make_mut(self.documents.entry(document.into()).or_default())
    }

    /// What concerns `document`.
    #[must_use]
    pub fn rulings(&self, document: &str) -> Rulings {
        Rulings {
            document: self.documents.get(document).cloned().unwrap_or_default(),
            phrases: Arc::clone(&self.phrases),
        }
    }

    /// BLAKE3 of the decisions that concern the file called `name` and the
    /// documents inside it, whose names go on with `:`, `#` or `/`; `None` if
    /// there are none.
    #[must_use]
    pub fn hash_for(&self, name: &str) -> Option<[u8; 32]> {
        let mut concerns = !self.phrases.is_empty();
        let mut hasher = blake3::Hasher::new();
        self.feed_phrases(&mut hasher);
        let named = self
            .documents
            .range::<str, _>((Bound::Included(name), Bound::Unbounded))
            .take_while(|(found, _)| found.starts_with(name));
        for (found, document) in named {
            let rest = &found[name.len()..];
            if rest.is_empty() || rest.starts_with([':', '#', '/']) {
                concerns = true;
                feed(&mut hasher, &[found]);
                document.feed(&mut hasher);
            }
        }
        concerns.then(|| *hasher.finalize().as_bytes())
    }

    /// The documents that decisions name, sorted.
    #[must_use]
    pub fn documents(&self) -> Vec<&str> {
        self.documents.keys().map(|name| &**name).collect()
    }

    /// Whether nothing is decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.phrases.is_empty()
    }

    /// BLAKE3 of all decisions: the same decisions, the same hash, in whatever
    /// order they were made.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (name, document) in &self.documents {
            feed(&mut hasher, &[name]);
            document.feed(&mut hasher);
        }
        self.feed_phrases(&mut hasher);
        *hasher.finalize().as_bytes()
    }

    fn feed_phrases(&self, hasher: &mut blake3::Hasher) {
        let mut phrases: Vec<_> = self.phrases.iter().collect();
        phrases.sort_unstable_by_key(|(key, _)| *key);
        for ((rule, phrase), decision) in phrases {
            feed_decision(hasher, &["phrase", rule, phrase], decision);
        }
    }
}

impl OfDocument {
    fn feed(&self, hasher: &mut blake3::Hasher) {
        for (id, decision) in &self.occurrences {
            feed_decision(hasher, &["occurrence", id], decision);
        }
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_unstable_by_key(|(rule, _)| *rule);
        for (rule, decision) in rules {
            feed_decision(hasher, &["rule", rule], decision);
        }
    }
}

/// The way from `folder` to `path`, with `/` between its parts; both absolute.
fn way(folder: &Path, path: &Path) -> String {
    let plain = |path: &Path| -> Vec<String> {
        let mut parts = Vec::new();
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(parts.pop()),
                part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
            }
        }
        parts
    };
    let (from, to) = (plain(folder), plain(path));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[shared..].iter().map(|_| "..");
    up.chain(to[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}

impl Rulings {
    /// Whether nothing is decided that could concern the document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.document.occurrences.is_empty() && self.document.rules.is_empty() && self.phrases.is_empty()
    }

    /// What was decided about the repair `id` that `rule` proposes and that
    /// makes this `change`: a decision on this very repair counts before one on
    /// its phrase, and that before one on its rule. A decision on a repair that
    /// made another change then is none.
    #[must_use]
    pub fn on(&self, id: &str, rule: &str, change: &Change) -> Answer<'_> {
        if let Some(decision) = self.document.occurrences.get(id).filter(|decision| decision.fits(change)) {
            return Answer::Decided(decision, Scope::Occurrence);
        }
        if !self.phrases.is_empty()
            && let Some(phrase) = &change.phrase
            && let Some(decision) = self.phrases.get(&(rule.into(), phrase.as_str().into()))
        {
            return Answer::Decided(decision, Scope::Phrase);
        }
        match self.document.rules.get(rule) {
            Some(decision) => Answer::Decided(decision, Scope::Rule),
            None => Answer::Open,
        }
    }

    /// The ids of the repairs on which something is decided, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.document.occurrences.keys().map(|id| &**id)
    }
}

impl Decision {
    /// The decision `verdict` on a change that is not held against anything.
    #[must_use]
    pub fn new(verdict: Verdict) -> Self {
        Self { verdict, text: None, before: None, after: None }
    }

    /// Whether it was made about this very change.
    fn fits(&self, change: &Change) -> bool {
        let same = |known: &Option<Arc<str>>, now: &str| known.as_deref().is_none_or(|known| known == now);
        same(&self.before, &change.before) && same(&self.after, &change.after)
    }
}

fn feed_decision(hasher: &mut blake3::Hasher, target: &[&str], decision: &Decision) {
    feed(hasher, target);
    let verdict = decision.verdict.to_string();
    feed(hasher, &[&verdict]);
    for part in [&decision.text, &decision.before, &decision.after] {
        feed(hasher, &[if part.is_some() { "+" } else { "-" }, part.as_deref().unwrap_or_default()]);
    }
}

fn feed(hasher: &mut blake3::Hasher, parts: &[&str]) {
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0xFF]); // never part of UTF-8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        let phrase = Some("种树[,→，]修渠".to_owned());
        Change { before: ",".to_owned(), after: "，".to_owned(), is_whole: true, phrase }
    }

    fn verdict(rulings: &Rulings) -> Option<(Verdict, Scope)> {
        match rulings.on("a", "width/ascii-comma", &change()) {
            Answer::Open => None,
            Answer::Decided(decision, scope) => Some((decision.verdict, scope)),
        }
    }

    #[test]
    fn what_is_nearer_counts_first_and_later_over_earlier() {
        let mut all = Decisions::default();
        let rule = "width/ascii-comma";
        assert_eq!(verdict(&all.rulings("p")), None);
        all.on_rule("p", rule, Decision::new(Verdict::Reject));
        assert_eq!(verdict(&all.rulings("p")), Some((Verdict::Reject, Scope::Rule)));
        assert_eq!(verdict(&all.rulings("q")), None, "a rule is decided on for one document");
        all.on_phrase(rule, "种树[,→，]修渠", Decision::new(Verdict::Accept));
        assert_eq!(verdict(&all.rulings("p")), Some((Verdict::Accept, Scope::Phrase)));
        assert_eq!(verdict(&all.rulings("q")), Some((Verdict::Accept, Scope::Phrase)));
        all.on_occurrence("p", "a", Decision::new(Verdict::Accept));
        all.on_occurrence("p", "a", Decision::new(Verdict::Reject));
        assert_eq!(verdict(&all.rulings("p")), Some((Verdict::Reject, Scope::Occurrence)));
        let other = Decision { before: Some(";".into()), ..Decision::new(Verdict::Reject) };
        all.on_occurrence("p", "a", other);
        assert_eq!(verdict(&all.rulings("p")), Some((Verdict::Accept, Scope::Phrase)), "that one is stale");
    }

    #[test]
    fn documents_are_named_from_the_folder() {
        let all = Decisions::seen_from("/home/a/news".into());
        let named = |path: &str| all.name_of(Path::new(path));
        assert_eq!(named("/home/a/news/1999/page.txt"), "1999/page.txt");
        assert_eq!(named("/home/a/./news/x/../page.txt"), "page.txt");
        assert_eq!(named("/home/b/page.txt"), "../../b/page.txt");
        assert_eq!(named("-"), "-");
    }

    #[test]
    fn what_concerns_a_file_is_all_that_is_inside() {
        let hash = |documents: &[&str]| {
            let mut all = Decisions::default();
            documents.iter().for_each(|name| all.on_rule(name, "a/b", Decision::new(Verdict::Reject)));
            all.hash_for("news.jsonl")
        };
        assert_eq!(hash(&["news.jsonl.bak", "other.txt"]), hash(&[]));
        assert_ne!(hash(&["news.jsonl:7"]), hash(&[]));
        assert_ne!(hash(&["news.jsonl#a"]), hash(&["news.jsonl"]));
    }

    #[test]
    fn the_hash_is_that_of_the_decisions() {
        let hash = |order: [&str; 2]| {
            let mut all = Decisions::default();
            for id in order {
                all.on_occurrence(id, id, Decision::new(Verdict::Reject));
            }
            all.hash()
        };
        assert_eq!(hash(["a", "b"]), hash(["b", "a"]));
        assert_ne!(hash(["a", "b"]), hash(["a", "c"]));
    }
}
