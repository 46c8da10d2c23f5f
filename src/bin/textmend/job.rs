//! What `clean` and `check` share: the inputs, and repairing one of them.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use textmend::batch::Cleaner;
use textmend::elsewhere::Elsewhere;
use textmend::io::{Listing, SourceFile};
use textmend::pipeline::Cleaned;
use textmend::report::records::DocumentRecords;

use crate::args::InputArgs;

/// Something to read.
#[derive(Debug)]
pub(crate) enum Input {
    Stdin,
    File(SourceFile),
}

/// A document, read and repaired.
pub(crate) struct Job {
    /// As it was named; `-` for standard input.
    pub(crate) name: String,
    pub(crate) source: Vec<u8>,
    pub(crate) cleaned: Cleaned,
}

/// The inputs that the arguments name, and what could not be listed.
pub(crate) fn inputs(args: &InputArgs) -> Result<(Vec<Input>, Listing)> {
    let stdin = Path::new("-");
    match args.paths.as_slice() {
        [] if io::stdin().is_terminal() => {
            bail!("nothing to read: name a file or a folder, or `-` for what is typed here")
        }
        [] => Ok((vec![Input::Stdin], Listing::default())),
        [path] if path == stdin => Ok((vec![Input::Stdin], Listing::default())),
        paths if paths.iter().any(|path| path == stdin) => {
            bail!("`-` (standard input) can't be read together with files; a file of that name is `./-`")
        }
        paths => {
            let mut listing = textmend::io::list(paths);
            let files = std::mem::take(&mut listing.files);
            Ok((files.into_iter().map(Input::File).collect(), listing))
        }
    }
}

impl Input {
    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(file) => Some(&file.path),
        }
    }

    /// The folder whose configuration counts.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path().map_or_else(|| PathBuf::from("."), folder_of)
    }

    /// Reads and repairs it.
    pub(crate) fn repair(&self, cleaner: &Cleaner) -> Result<Job> {
        let path = self.path().unwrap_or(Path::new("-"));
        let source = match self {
            Self::Stdin => read_stdin()?,
            Self::File(file) => textmend::io::read(&file.path)?,
        };
        let decoded = textmend::io::to_text(path, &source, cleaner.textmend.encoding())?;
        let rulings = cleaner.rulings(path, "");
        let cleaned = cleaner.textmend.clean_under(decoded, &Elsewhere::default(), &rulings);
        Ok(Job { name: path.to_string_lossy().into_owned(), source, cleaned })
    }
}

/// The folder that the file at `path` lies in.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// All of standard input.
pub(crate) fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| textmend::Error::Io { path: "standard input".into(), source })?;
    Ok(bytes)
}

impl Job {
    pub(crate) fn records(&self) -> DocumentRecords {
        DocumentRecords::new(&self.name, &self.source, &self.cleaned)
    }

    /// Whether there is anything to tell of.
    pub(crate) fn has_findings(&self) -> bool {
        use textmend::pipeline::Status::{Applied, Suggested};
        let told = |status| matches!(status, Applied | Suggested);
        !self.cleaned.notes.is_empty() || self.cleaned.repairs.iter().any(|outcome| told(outcome.status))
    }
}
