//! What a run was about: its edit records name its documents.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use textmend::report::records::Record;

/// `paths`, with the documents it tells of in place of each file of edit
/// records.
pub(super) fn documents(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut documents = Vec::new();
    for path in paths {
        match told_of(path)? {
            Some(told) => documents.extend(told),
            None => documents.push(path.clone()),
        }
    }
    Ok(documents)
}

/// The documents that the file of edit records at `path` tells of, each once;
/// `None` if it is none.
fn told_of(path: &Path) -> Result<Option<Vec<PathBuf>>> {
    const DOCUMENT: &str = "{\"type\":\"document\",";
    if path.extension().is_none_or(|extension| extension != "jsonl") || !path.is_file() {
        return Ok(None);
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let mut told = Vec::new();
    let mut known = HashSet::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let place = || format!("{}:{}", path.display(), number + 1);
        let line = line.with_context(place)?;
        if !line.starts_with(DOCUMENT) {
            if number == 0 {
                return Ok(None);
            }
            continue;
        }
        let record: Record = serde_json::from_str(&line).with_context(place)?;
        if let Record::Document(document) = record
            && known.insert(document.path.clone())
        {
            told.push(PathBuf::from(document.path));
        }
    }
    Ok(Some(told).filter(|told| !told.is_empty()))
}
