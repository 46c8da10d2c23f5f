//! The configuration file, and the pipeline it and the arguments ask for.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use schemars::JsonSchema;
use serde::Deserialize;
use textmend::batch::Cleaner;
use textmend::decode;
use textmend::edit::Confidence;
use textmend::review::DecisionsFile;
use textmend::rules::RuleSet;

use crate::args::{Level, PipelineArgs};

/// The names a configuration goes by, the first one first.
const NAMES: [&str; 2] = ["textmend.toml", ".textmend.toml"];

/// What textmend.toml may say. The closest one upward from a file counts, and
/// no other, unless it extends one. Paths are seen from its folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "textmend.toml")]
pub(crate) struct Config {
    /// Another configuration: what this one does not say, that one does.
    extend: Option<PathBuf>,
    /// The lowest confidence that is applied.
    apply: Option<Level>,
    /// Run nothing but these stages and rules.
    only: Option<Vec<String>>,
    /// Don't run these stages and rules.
    skip: Option<Vec<String>>,
    /// Folders with more rules (folder/stage/name.toml).
    rules: Option<Vec<PathBuf>>,
    /// The encoding of the input, such as gb18030; found out if not given.
    encoding: Option<String>,
    /// What people decided about repairs, as `textmend review` keeps it; `clean`
    /// and `check` obey it.
    decisions: Option<PathBuf>,
}

/// Makes what cleans each document, once for each configuration.
pub(crate) struct Cleaners<'a> {
    args: &'a PipelineArgs,
    /// Whether decisions are obeyed, and which if not those of the
    /// configuration.
    decisions: Option<Option<&'a Path>>,
    known: HashMap<Option<PathBuf>, Arc<Cleaner>>,
    found: HashMap<PathBuf, Option<PathBuf>>,
}

impl<'a> Cleaners<'a> {
    pub(crate) fn new(args: &'a PipelineArgs) -> Self {
        Self { args, decisions: None, known: HashMap::new(), found: HashMap::new() }
    }

    /// The same, where each obeys the decisions in the file at `given`, or else
    /// in the one that its configuration names.
    pub(crate) fn obeying(mut self, given: Option<&'a Path>) -> Self {
        self.decisions = Some(given);
        self
    }

    /// The decisions file that the configuration of `folder` names.
    pub(crate) fn decisions_of(&mut self, folder: &Path) -> Result<Option<PathBuf>> {
        let Some(file) = self.config_file(folder) else { return Ok(None) };
        Ok(Config::read(&file, &mut Vec::new())?.decisions)
    }

    /// What cleans the documents of `folder`.
    pub(crate) fn for_folder(&mut self, folder: &Path) -> Result<Arc<Cleaner>> {
        let file = self.config_file(folder);
        if let Some(cleaner) = self.known.get(&file) {
            return Ok(Arc::clone(cleaner));
        }
        let config = file
            .as_deref()
            .map_or_else(|| Ok(Config::default()), |file| Config::read(file, &mut Vec::new()))?;
        let decisions =
            self.decisions.and_then(|given| given.map(Path::to_owned).or(config.decisions.clone()));
        let cleaner = cleaner(self.args, config, decisions);
        let cleaner = Arc::new(match &file {
            Some(file) => {
                cleaner.with_context(|| format!("as {} and the command line ask for", file.display()))?
            }
            None => cleaner?,
        });
        self.known.insert(file, Arc::clone(&cleaner));
        Ok(cleaner)
    }

    fn config_file(&mut self, folder: &Path) -> Option<PathBuf> {
        if self.args.isolated {
            return None;
        }
        if self.args.config.is_some() {
            return self.args.config.clone();
        }
        let closest = || {
            let folder = std::path::absolute(folder).ok()?;
            folder
                .ancestors()
                .flat_map(|folder| NAMES.map(|name| folder.join(name)))
                .find(|file| file.is_file())
        };
        self.found.entry(folder.to_owned()).or_insert_with(closest).clone()
    }
}

fn cleaner(args: &PipelineArgs, config: Config, decisions: Option<PathBuf>) -> Result<Cleaner> {
    let given = |given: &[String], configured: Option<Vec<String>>| {
        if given.is_empty() { configured.unwrap_or_default() } else { given.to_vec() }
    };
    let label = args.encoding.as_ref().or(config.encoding.as_ref());
    let cleaner = Cleaner::new(textmend::Config {
        apply: args.apply.or(config.apply).map_or(Confidence::Likely, Confidence::from),
        only: given(&args.only, config.only),
        skip: given(&args.skip, config.skip),
        rules: if args.rules.is_empty() { config.rules.unwrap_or_default() } else { args.rules.clone() },
        encoding: label.map(|label| decode::encoding(label)).transpose()?,
    });
    match decisions {
        None => Ok(cleaner?),
        Some(path) => {
            // One that is named has to be there.
            fs::metadata(&path).map_err(|source| textmend::Error::Io { path: path.clone(), source })?;
            Ok(cleaner?.obeying(DecisionsFile::read(&path)?.decisions()))
        }
    }
}

/// The built-in rules, with those of `folders` added in order.
pub(crate) fn rule_set(folders: &[PathBuf]) -> Result<RuleSet> {
    let rules = folders.iter().try_fold(RuleSet::embedded()?, |rules, folder| rules.with_folder(folder))?;
    Ok(rules)
}

impl Config {
    /// Reads the configuration at `path` and what it extends. `extending` are
    /// those that led here.
    fn read(path: &Path, extending: &mut Vec<PathBuf>) -> Result<Self> {
        let here = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let here = fs::canonicalize(&here).unwrap_or(here);
        if extending.contains(&here) {
            bail!("{}: it extends itself; take one `extend` out", path.display());
        }
        extending.push(here);
        let text = fs::read_to_string(path)
            .map_err(|source| textmend::Error::Io { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            anyhow!("{}:{line}: {}", path.display(), error.message())
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in config.rules.iter_mut().flatten().chain(&mut config.decisions) {
            *path = folder.join(&path);
        }
        match &config.extend {
            Some(base) => {
                let base = folder.join(base);
                let base =
                    Self::read(&base, extending).with_context(|| format!("{}: `extend`", path.display()))?;
                Ok(config.over(base))
            }
            None => Ok(config),
        }
    }

    /// This configuration, with `base` where it says nothing.
    fn over(self, base: Self) -> Self {
        Self {
            extend: None,
            apply: self.apply.or(base.apply),
            only: self.only.or(base.only),
            skip: self.skip.or(base.skip),
            rules: self.rules.or(base.rules),
            encoding: self.encoding.or(base.encoding),
            decisions: self.decisions.or(base.decisions),
        }
    }
}
