//! The form of a rule file, and what is checked when one is read.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::engine::{Limits, Pattern};
use super::{Matcher, Rule};
use crate::chars;
use crate::edit::{Confidence, RuleId};
use crate::error::{Error, Result};

/// Text that must be repaired.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// The damaged text.
    #[serde(rename = "in")]
    pub input: String,
    /// What it must become.
    #[serde(rename = "out")]
    pub output: String,
    /// What another document of the archive holds.
    pub elsewhere: Option<String>,
}

/// Text that must stay as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The text.
    pub text: String,
    /// What another document of the archive holds.
    pub elsewhere: Option<String>,
    /// Why it is not damaged.
    pub because: String,
}

/// Text that must be noted and left alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteExample {
    /// The text.
    pub text: String,
    /// The part of it the note must cover or lie in.
    pub at: String,
}

/// A failure that is known; once it passes, the file must say so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The damaged text.
    #[serde(rename = "in")]
    pub input: String,
    /// What it should become.
    #[serde(rename = "out")]
    pub output: String,
    /// Why it does not.
    pub because: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    Zh,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    summary: String,
    why: String,
    confidence: Confidence,
    #[serde(default)]
    code: bool,
    pattern: Option<Spanned<String>>,
    replace: Option<String>,
    #[serde(default)]
    outside: Vec<Spanned<String>>,
    /// `zh`: only lines that read as Chinese, and of those no entries of a bibliography.
    language: Option<Language>,
    #[serde(default)]
    fix: Vec<Fix>,
    #[serde(default)]
    keep: Vec<Keep>,
    #[serde(default)]
    note: Vec<NoteExample>,
    #[serde(default)]
    known: Vec<Known>,
}

impl RuleFile {
    /// How the file says that damage is found; else where it is wrong, in bytes
    /// of the file, and how. A pattern that is shipped is not compiled before it
    /// has to be.
    fn matcher(&self, is_shipped: bool) -> Result<Matcher, (Option<Range<usize>>, String)> {
        let mut outside = Vec::new();
        for pair in &self.outside {
            outside.push(bracket_pair(pair.get_ref()).map_err(|problem| (Some(pair.span()), problem))?);
        }
        let bare = outside.is_empty() && self.language.is_none();
        let limits = Limits { outside, chinese: matches!(self.language, Some(Language::Zh)) };
        match (self.code, &self.pattern, &self.replace) {
            (false, Some(pattern), Some(replace)) => {
                let mistake = |problem| (Some(pattern.span()), problem);
                let matcher = Pattern::new(pattern.get_ref(), replace, limits).map_err(mistake)?;
                if !is_shipped {
                    matcher.compile().map_err(mistake)?;
                }
                Ok(Matcher::Pattern(Box::new(matcher)))
            }
            (true, None, None) if bare => Ok(Matcher::Code),
            (true, ..) => {
                Err((None, "`code = true` takes no `pattern`, `replace`, `outside` or `language`".into()))
            }
            (false, ..) => Err((None, "a rule needs `pattern` and `replace`, or `code = true`".into())),
        }
    }
}

impl Rule {
    /// Reads the rule called `id` from the `text` of the file at `path`, or from
    /// what is shipped under that name.
    pub(super) fn parse(id: &str, text: &str, path: &Path, is_shipped: bool) -> Result<Self> {
        let mistake = |at: Option<Range<usize>>, problem: String| Error::Rule {
            path: path.to_owned(),
            line: at.map_or(1, |at| text[..at.start.min(text.len())].matches('\n').count() + 1),
            problem,
        };
        let file: RuleFile =
            toml::from_str(text).map_err(|error| mistake(error.span(), error.message().to_owned()))?;
        if file.fix.is_empty() && file.note.is_empty() {
            let problem = "no example of what it repairs: add at least one [[fix]] (or [[note]])";
            return Err(mistake(None, problem.into()));
        }
        if file.keep.is_empty() {
            let problem = "no example of what it leaves alone: add at least one [[keep]]";
            return Err(mistake(None, problem.into()));
        }
        let matcher = file.matcher(is_shipped).map_err(|(at, problem)| mistake(at, problem))?;
        Ok(Self {
            id: RuleId::new(id),
            summary: file.summary,
            why: file.why,
            confidence: file.confidence,
            matcher,
            fixes: file.fix,
            keeps: file.keep,
            notes: file.note,
            knowns: file.known,
            path: path.to_owned(),
            hash: blake3::hash(text.as_bytes()),
        })
    }
}

fn bracket_pair(text: &str) -> Result<(char, char), String> {
    let mut pair = text.chars();
    match (pair.next(), pair.next(), pair.next()) {
        (Some(open), Some(close), None) if chars::closing_of(open) == Some(close) => Ok((open, close)),
        _ => Err(format!(
            "`{text}` is no pair of brackets; write an opening one and its partner, such as 《》"
        )),
    }
}

/// The rule files under `folder`, as id and path, sorted by id.
pub(super) fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    };
    let mut found = Vec::new();
    for stage in fs::read_dir(folder).map_err(io(folder))? {
        let stage = stage.map_err(io(folder))?.path();
        if !stage.is_dir() {
            continue;
        }
        for rule in fs::read_dir(&stage).map_err(io(&stage))? {
            let path = rule.map_err(io(&stage))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                found.push((format!("{}/{}", name(&stage), name(&path)), path));
            }
        }
    }
    found.sort();
    Ok(found)
}
