//! The file of decisions: read whole, added to line by line, and cut where the
//! last line is taken back; never rewritten.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::line::{DecisionLine, Subject};
use crate::decisions::Decisions;
use crate::error::{Error, Result};

/// What the file is called unless it is named.
pub const FILE_NAME: &str = "textmend.decisions.jsonl";

/// A decisions file and what stands in it.
#[derive(Debug)]
pub struct DecisionsFile {
    path: PathBuf,
    /// The file as it was read or written last.
    text: String,
    /// Its decisions in order, each with its place in `text`.
    lines: Vec<(std::ops::Range<usize>, DecisionLine)>,
}

impl DecisionsFile {
    /// Reads the file at `path`; one that does not exist is empty.
    ///
    /// # Errors
    /// [`Error::Io`] if it can't be read, [`Error::Decisions`] at the first line
    /// that is no decision.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(io(path, source)),
        };
        let lines = parse(path, &text)?;
        Ok(Self { path: path.to_owned(), text, lines })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What its decisions call the document at `path`.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        if path == Path::new("-") {
            return "-".to_owned();
        }
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Decisions::seen_from(absolute(folder_of(&self.path))).name_of(&absolute(path))
    }

    /// What stands in it, in order.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &DecisionLine> {
        self.lines.iter().map(|(_, line)| line)
    }

    /// The decisions on repairs, to be looked up.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        let folder = folder_of(&self.path);
        let mut decisions =
            Decisions::seen_from(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
        for line in self.lines() {
            let (Some(decision), Ok(subject)) = (line.decision(), line.subject()) else { continue };
            match subject {
                Subject::Occurrence { document, id } => decisions.on_occurrence(document, id, decision),
                Subject::Rule { document, rule } => decisions.on_rule(document, rule, decision),
                Subject::Phrase { rule, phrase } => decisions.on_phrase(rule, phrase, decision),
                Subject::Note { .. } => {}
            }
        }
        decisions
    }

    /// Reads it again if somebody else changed it, and says whether so.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn refresh(&mut self) -> Result<bool> {
        let found = std::fs::metadata(&self.path).map_or(0, |found| found.len());
        if found == self.text.len() as u64
            && std::fs::read_to_string(&self.path).unwrap_or_default() == self.text
        {
            return Ok(false);
        }
        *self = Self::read(&self.path)?;
        Ok(true)
    }

    /// Adds `lines` at the end. When it returns they are on disk.
    ///
    /// # Errors
    /// [`Error::Io`]; the file then holds what it held before, or a part of
    /// `lines`.
    pub fn append(&mut self, lines: &[DecisionLine]) -> Result<()> {
        let failed = |source| io(&self.path, source);
        let is_new = !self.path.exists();
        let mut file =
            OpenOptions::new().create(true).append(true).read(true).open(&self.path).map_err(failed)?;
        file.lock().map_err(failed)?;
        // Another one may have added lines since: those count as well.
        self.text.clear();
        file.read_to_string(&mut self.text).map_err(failed)?;
        let mut added = String::new();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            added.push('\n');
        }
        for line in lines {
            added.push_str(&serde_json::to_string(line).expect("strings can be written as JSON"));
            added.push('\n');
        }
        file.write_all(added.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        if is_new {
            sync_folder(&self.path).map_err(failed)?;
        }
        self.text.push_str(&added);
        self.lines = parse(&self.path, &self.text)?;
        Ok(())
    }

    /// Takes the last decision out of the file and gives it; `None` if there is
    /// none. All other lines stay as they are, byte for byte.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Decisions`] if somebody wrote what is no decision
    /// since.
    pub fn take_last(&mut self) -> Result<Option<DecisionLine>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let failed = |source| io(&self.path, source);
        let mut file = OpenOptions::new().read(true).write(true).open(&self.path).map_err(failed)?;
        file.lock().map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let mut lines = parse(&self.path, &text)?;
        let last = lines.pop();
        if let Some((place, _)) = &last {
            // Behind the last decision there is nothing but blank lines: cutting
            // them off is one step, which a crash can't halve, and others who
            // hold the file open see it.
            file.set_len(place.start as u64).and_then(|()| file.sync_all()).map_err(failed)?;
            text.truncate(place.start);
        }
        (self.text, self.lines) = (text, lines);
        Ok(last.map(|(_, line)| line))
    }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.to_owned(), source }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a new name in a folder last; a system that can't is not asked twice.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder_of(path))?.sync_all() } else { Ok(()) }
}

fn parse(path: &Path, text: &str) -> Result<Vec<(std::ops::Range<usize>, DecisionLine)>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let place = start..start + line.len();
        start = place.end;
        if line.trim().is_empty() {
            continue;
        }
        let mistake = |problem: String| Error::Decisions { path: path.to_owned(), line: number, problem };
        let marker = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark));
        if marker {
            let problem = "a merge stopped here; keep the lines of both sides (in .gitattributes: `*.decisions.jsonl merge=union`)";
            return Err(mistake(problem.to_owned()));
        }
        let read: DecisionLine = serde_json::from_str(line.trim_start_matches('\u{FEFF}'))
            .map_err(|error| mistake(error.to_string()))?;
        read.subject().map_err(mistake)?;
        lines.push((place, read));
    }
    Ok(lines)
}
