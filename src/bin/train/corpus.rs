//! The text that is learned from.

use std::path::{Path, PathBuf};

use anyhow::Context;
use textmend::eval::damage::{Article, articles};

/// Paragraphs of the longest article; a longer one is read as several.
const LONGEST: usize = 12;

/// Articles of several files: eight tenths to learn from, one that is held out
/// to tune on, and one that is never looked at, so that figures can be told on
/// it.
pub(crate) struct Corpus {
    /// The first eight tenths of each file.
    pub(crate) learned: Vec<Vec<Article>>,
    /// The next tenth, with the name of the file.
    pub(crate) held_out: Vec<(String, Vec<Article>)>,
}

/// Reads `files`: a paragraph a line, a blank line between articles.
pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<Corpus> {
    let mut corpus = Corpus { learned: Vec::new(), held_out: Vec::new() };
    for file in files {
        let mut found = articles(&text(file)?);
        let tenth = found.len() / 10;
        found.truncate(found.len() - tenth);
        corpus.held_out.push((name(file), in_parts(found.split_off(found.len() - tenth))));
        corpus.learned.push(in_parts(found));
    }
    Ok(corpus)
}

/// All articles of each of `files`, with its name.
pub(crate) fn whole(files: &[PathBuf]) -> anyhow::Result<Vec<(String, Vec<Article>)>> {
    files.iter().map(|file| Ok((name(file), in_parts(articles(&text(file)?))))).collect()
}

fn name(file: &Path) -> String {
    file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `articles`, the long ones cut into parts.
fn in_parts(articles: Vec<Article>) -> Vec<Article> {
    let parts = |article: Article| {
        let mut headline = article.headline;
        let parts: Vec<Article> = (article.paragraphs.chunks(LONGEST))
            .map(|part| Article { headline: headline.take(), paragraphs: part.to_vec() })
            .collect();
        parts
    };
    articles.into_iter().flat_map(parts).collect()
}

fn text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("can't read {} as UTF-8 text", file.display()))
}
