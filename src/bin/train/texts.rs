//! Text to learn quotation marks from, and to tell with how good what was learned is.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Result;
use textmend::eval::damage::Article;
use textmend::train::{Corpus, Part};

#[derive(Debug, clap::Args)]
pub(crate) struct Files {
    /// Text to learn from: a paragraph a line, a blank line between articles.
    /// The last tenth of each file is left for telling how good the model is.
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// Other text to tell on how good the model is; nothing is learned from it.
    #[arg(long, value_name = "FILE")]
    report: Vec<PathBuf>,
    /// Learn from every Nth document alone: how much more text would give.
    #[arg(long, value_name = "N", default_value = "1")]
    every: NonZeroUsize,
}

/// Articles of an outlet, with its name.
type Outlet = (String, Vec<Article>);

pub(crate) struct Texts {
    /// Of each outlet, to learn from.
    pub(crate) lessons: Vec<Vec<Article>>,
    /// To calibrate with.
    pub(crate) held_out: Vec<Outlet>,
    /// To report on.
    pub(crate) others: Vec<Outlet>,
}

impl Files {
    pub(crate) fn read(&self) -> Result<Texts> {
        let mut texts = Texts { lessons: Vec::new(), held_out: Vec::new(), others: Vec::new() };
        for file in &self.corpora {
            let corpus = Corpus::read(file)?;
            let learned = corpus.part(Part::Train).iter().step_by(self.every.get()).cloned().collect();
            texts.lessons.push(Corpus { documents: learned }.articles());
            texts.held_out.push((name(file), corpus.articles_of(Part::Tune)));
        }
        for file in &self.report {
            texts.others.push((name(file), Corpus::read(file)?.articles()));
        }
        Ok(texts)
    }
}

fn name(file: &Path) -> String {
    file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
