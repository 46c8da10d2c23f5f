//! What can go wrong. Damaged text never does: it is what the crate is for.

use std::path::{Path, PathBuf};

/// Everything the library reports as an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {}", path.display(), told(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is no text.
    #[error("{}: this is no text file ({problem}); {hint}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What shows it, and where.
        problem: String,
        /// What to do instead.
        hint: &'static str,
    },
    /// What is to be written would overwrite what is to be read, or has no
    /// place to go.
    #[error("{}: {problem}", path.display())]
    Output {
        /// Where it was to go.
        path: PathBuf,
        /// What stands against it, and what to do instead.
        problem: String,
    },
    /// A document is larger than what may be read.
    #[error(
        "{}: it is larger than the {} that a document may have; it is skipped (--max-document allows more)",
        path.display(),
        in_words(*limit)
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is allowed, in bytes.
        limit: u64,
    },
    /// A character can't be written in the encoding that was asked for.
    #[error("{}: {character:?} in line {line} can't be written in {encoding}; without --keep-encoding UTF-8 is written", path.display())]
    NotEncodable {
        /// The file.
        path: PathBuf,
        /// The character.
        character: char,
        /// Its line in the clean text, from 1.
        line: usize,
        /// The encoding, by its name in the Encoding Standard.
        encoding: &'static str,
    },
    /// What a run of many files left in its output folder can't be used.
    #[error("{}: {problem}", path.display())]
    Journal {
        /// The output folder, or a file of the journal in it.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A stream can't be written to.
    #[error("{what} could not be written: {}", told(source))]
    Stream {
        /// What was to be written.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is to be done to a file can't be found out; a run stops there.
    #[error("{0}")]
    Setup(String),
    /// A fault in this crate or in one of its rules.
    #[error("{}: textmend failed on this document; it is left out. Please report it", path.display())]
    Fault {
        /// The document.
        path: PathBuf,
    },
    /// A rule file is not what a rule file has to be.
    #[error("{}:{line}: {problem}", path.display())]
    Rule {
        /// The rule file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what is expected.
        problem: String,
    },
    /// A rule, a stage or an encoding was named that does not exist.
    #[error("no {kind} is called `{name}`{hint}")]
    Unknown {
        /// What was looked for: `rule`, `encoding`, ….
        kind: &'static str,
        /// The name given.
        name: String,
        /// What to do instead, starting with `; ` or `: `; may be empty.
        hint: String,
    },
    /// Edit records don't fit the text they are used on, or can't be read.
    #[error("{}: {problem}", path.display())]
    Records {
        /// The file with the records.
        path: PathBuf,
        /// What is wrong, with the line where there is one.
        problem: String,
    },
    /// A line of a decisions file is no decision.
    #[error("{}:{line}: {problem}", path.display())]
    Decisions {
        /// The decisions file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what is expected.
        problem: String,
    },
    /// What was to be decided can't be.
    #[error("{id}: {problem}")]
    Decision {
        /// The repair, the note or the rule.
        id: String,
        /// Why, and what to do instead.
        problem: String,
    },
    /// A compressed file, an archive or a dataset breaks off or is damaged.
    #[error("{}: {place}: {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it: a byte, a member, a group of rows.
        place: String,
        /// What is wrong, and what could be read all the same.
        problem: String,
    },
    /// A file unpacks into far more than text does.
    #[error("{}: {place}: {problem}", path.display())]
    Bomb {
        /// The file.
        path: PathBuf,
        /// Where in it unpacking was stopped.
        place: String,
        /// How much it is, and which option allows it.
        problem: String,
    },
    /// A member of an archive is refused.
    #[error("{}: member {member:?}: {problem}", path.display())]
    Member {
        /// The archive.
        path: PathBuf,
        /// The member's name, as far as it is text.
        member: String,
        /// Why, and what to do instead.
        problem: String,
    },
    /// A dataset has no such column, or not of the kind that is needed.
    #[error("{}: {problem}", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// What was asked for, and what there is.
        problem: String,
    },
}

impl Error {
    /// What went wrong when `path` was read: the error inside `source` where
    /// one of this crate's is, or else [`Error::Io`].
    #[must_use]
    pub fn of_reading(path: &Path, source: std::io::Error) -> Self {
        match source.downcast::<Self>() {
            Ok(error) => error,
            Err(source) => Self::Io { path: path.to_owned(), source },
        }
    }
}

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the system said, in words for people where it says one thing often.
fn told(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder; check the path".to_owned(),
        ErrorKind::PermissionDenied => {
            "permission denied; check who may read and write it and its folder".to_owned()
        }
        ErrorKind::IsADirectory => "this is a folder, and a file is needed".to_owned(),
        _ => error.to_string(),
    }
}

/// A number of bytes as people say it.
fn in_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let whole = UNITS.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{bytes} bytes"), |(unit, name)| format!("{} {name}", bytes / unit))
}
