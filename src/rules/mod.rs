//! Rule files: what a rule is called, why it exists, what it finds, and the
//! examples that hold it to that. Loading checks everything a file can get
//! wrong; running a pattern finds places, and decides nothing else.

mod engine;
mod file;
mod needles;
mod selection;

use std::path::{Path, PathBuf};

pub use engine::{Hit, Pattern};
pub use file::{Fix, Keep, Known, NoteExample};
pub use selection::Selection;

use crate::edit::{Confidence, RuleId};
use crate::error::{Error, Result};

static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_rules.rs"));

/// A rule, as its file describes it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `stage/name`.
    pub id: RuleId,
    /// The damage, in a line.
    pub summary: String,
    /// Where the damage comes from and why the repair is right.
    pub why: String,
    /// How sure a repair of this rule is, unless its code says otherwise.
    pub confidence: Confidence,
    /// How the damage is found.
    pub matcher: Matcher,
    /// Examples that must be repaired, exactly so.
    pub fixes: Vec<Fix>,
    /// Examples that must stay as they are.
    pub keeps: Vec<Keep>,
    /// Examples that must be noted and left alone.
    pub notes: Vec<NoteExample>,
    /// Examples known to go wrong.
    pub knowns: Vec<Known>,
    /// Where the rule was read: a path, or `rules/…` for an embedded one.
    pub path: PathBuf,
    /// BLAKE3 of its file.
    pub hash: blake3::Hash,
}

/// How a [`Rule`] finds damage.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// The pattern of the file says it.
    Pattern(Box<Pattern>),
    /// A function of the stage says it.
    Code,
}

/// All rules in force, sorted by id.
#[derive(Clone, Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The rules shipped with the crate.
    ///
    /// # Errors
    /// [`Error::Rule`] if a shipped file has a mistake, which the tests rule out.
    pub fn embedded() -> Result<Self> {
        let read = |(id, text): &(&str, &str)| {
            Rule::parse(id, text, &Path::new("rules").join(format!("{id}.toml")), true)
        };
        let mut rules = EMBEDDED.iter().map(read).collect::<Result<Vec<_>>>()?;
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { rules })
    }

    /// Adds the rules of `folder`, laid out as `stage/name.toml`. A rule with
    /// the id of an earlier one takes its place.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder can't be read, [`Error::Rule`] at the first
    /// mistake in a file.
    pub fn with_folder(mut self, folder: &Path) -> Result<Self> {
        for (id, path) in file::list(folder)? {
            let text =
                std::fs::read_to_string(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
            let rule = Rule::parse(&id, &text, &path, false)?;
            match self.rules.binary_search_by(|other| other.id.cmp(&rule.id)) {
                Ok(index) => self.rules[index] = rule,
                Err(index) => self.rules.insert(index, rule),
            }
        }
        Ok(self)
    }

    /// Every rule, sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One hash of all rules: the same as long as no file changes.
    #[must_use]
    pub fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for rule in &self.rules {
            hasher.update(blake3::hash(rule.id.as_str().as_bytes()).as_bytes());
            hasher.update(rule.hash.as_bytes());
        }
        hasher.finalize()
    }

    /// The rule called `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|index| &self.rules[index])
    }

    /// The rules of `stage`, sorted by id.
    pub fn of_stage<'a>(&'a self, stage: &'a str) -> impl Iterator<Item = &'a Rule> {
        let is_of = move |id: &str| id.strip_prefix(stage).is_some_and(|rest| rest.starts_with('/'));
        self.rules.iter().filter(move |rule| is_of(rule.id.as_str()))
    }
}
