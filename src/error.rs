//! What can go wrong. Damaged text never does: it is what the crate is for.

use std::path::PathBuf;

/// Everything the library reports as an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
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
}

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
