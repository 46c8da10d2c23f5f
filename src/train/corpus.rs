//! Text to learn from: files with a paragraph a line and blank lines between
//! documents.

use std::path::Path;

use crate::error::{Error, Result};
use crate::eval::damage::{Article, articles};

/// Paragraphs of the longest article; a longer one is read as several.
const LONGEST: usize = 12;

/// The documents of a file, each a list of paragraphs.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Documents.
    pub documents: Vec<Vec<String>>,
}

/// Documents told apart by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first eight tenths: to learn from.
    Train,
    /// The next tenth: to choose and calibrate with.
    Tune,
    /// The last tenth: to report on.
    Test,
}

impl Corpus {
    /// Reads a file.
    ///
    /// # Errors
    /// If it can't be read, or is no UTF-8.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.into(), source })?;
        Ok(Self::of(&text))
    }

    /// The documents of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut documents = vec![Vec::new()];
        for line in text.lines().map(str::trim) {
            match (line.is_empty(), documents.last_mut()) {
                (false, Some(last)) => last.push(line.to_owned()),
                (true, Some(last)) if !last.is_empty() => documents.push(Vec::new()),
                _ => {}
            }
        }
        documents.retain(|document| !document.is_empty());
        Self { documents }
    }

    /// The documents for `part`.
    #[must_use]
    pub fn part(&self, part: Part) -> &[Vec<String>] {
        let (train, tune) = (self.documents.len() * 8 / 10, self.documents.len() * 9 / 10);
        match part {
            Part::Train => &self.documents[..train],
            Part::Tune => &self.documents[train..tune],
            Part::Test => &self.documents[tune..],
        }
    }

    /// All documents as articles, the long ones cut into parts.
    #[must_use]
    pub fn articles(&self) -> Vec<Article> {
        in_parts(&self.documents)
    }

    /// The documents for `part` as articles, the long ones cut into parts.
    #[must_use]
    pub fn articles_of(&self, part: Part) -> Vec<Article> {
        in_parts(self.part(part))
    }
}

fn in_parts(documents: &[Vec<String>]) -> Vec<Article> {
    let text: String = documents.iter().map(|document| document.join("\n") + "\n\n").collect();
    let parts = |article: Article| {
        let mut headline = article.headline;
        let parts: Vec<Article> = (article.paragraphs.chunks(LONGEST))
            .map(|part| Article { headline: headline.take(), paragraphs: part.to_vec() })
            .collect();
        parts
    };
    articles(&text).into_iter().flat_map(parts).collect()
}
