//! What `clean` reads.

use std::fs::File;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use textmend::Error;
use textmend::batch::Unit;
use textmend::io::{Named, SourceFile, listed};

use crate::args::CleanArgs;
use crate::config::Cleaners;
use crate::job::folder_of;

/// What the arguments name.
pub(crate) enum Inputs {
    Stdin,
    Named {
        /// What the paths name.
        named: Vec<textmend::Result<Named>>,
        /// A file with more of them.
        list: Option<PathBuf>,
    },
}

type Files = Box<dyn Iterator<Item = textmend::Result<SourceFile>> + Send>;

impl Inputs {
    pub(crate) fn new(args: &CleanArgs) -> Result<Self> {
        let (stdin, list) = (Path::new("-"), args.file_list.clone());
        let paths = &args.input.paths;
        match paths.as_slice() {
            [] if list.is_some() => {}
            [] if io::stdin().is_terminal() => {
                bail!("nothing to read: name a file or a folder, or `-` for what is typed here")
            }
            [] => return Ok(Self::Stdin),
            [path] if path == stdin && list.is_none() => return Ok(Self::Stdin),
            paths if paths.iter().any(|path| path == stdin) => {
                bail!("`-` (standard input) can't be read together with files; a file of that name is `./-`")
            }
            _ => {}
        }
        Ok(Self::Named { named: paths.iter().map(|path| Named::new(path)).collect(), list })
    }

    fn named(&self) -> impl Iterator<Item = &Named> {
        let named = match self {
            Self::Stdin => &[][..],
            Self::Named { named, .. } => named,
        };
        named.iter().filter_map(|named| named.as_ref().ok())
    }

    /// The folders that are walked.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &Path> {
        self.named().filter_map(Named::folder)
    }

    /// The files that are named one by one.
    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.named().filter_map(|named| match named {
            Named::File(file) => Some(file),
            Named::Folder(_) | Named::Glob { .. } => None,
        })
    }

    /// Whether more than one result may come of it.
    pub(crate) fn are_many(&self) -> bool {
        match self {
            Self::Stdin => false,
            Self::Named { named, list } => {
                named.len() > 1 || list.is_some() || self.folders().next().is_some()
            }
        }
    }

    /// Whether two of them may want the same place.
    pub(crate) fn may_clash(&self) -> bool {
        matches!(self, Self::Named { named, list } if list.is_some() || named.len() > 1)
    }

    /// The bytes of all files; they are looked for in the folders.
    pub(crate) fn sizes(&self) -> Option<Box<dyn Iterator<Item = u64> + Send>> {
        let Self::Named { named, list } = self else { return None };
        if list.as_deref() == Some(Path::new("-")) {
            return None;
        }
        let named: Vec<_> = named.iter().filter_map(|named| named.as_ref().ok()).cloned().collect();
        let files = named.into_iter().flat_map(Named::files).chain(list_of(list.as_deref()));
        let size = |file: textmend::Result<SourceFile>| std::fs::metadata(file.ok()?.path).ok();
        Some(Box::new(files.filter_map(size).map(|found| found.len())))
    }

    /// The units, each with what cleans it.
    pub(crate) fn units<'a>(
        self,
        mut cleaners: Cleaners<'a>,
    ) -> Box<dyn Iterator<Item = textmend::Result<Unit>> + Send + 'a> {
        let mut unit = move |path: Option<PathBuf>, place: PathBuf| {
            let folder = path.as_deref().map_or_else(|| PathBuf::from("."), folder_of);
            let cleaner = cleaners.for_folder(&folder).map_err(|error| Error::Setup(crate::told(&error)))?;
            Ok(Unit { path, place, cleaner })
        };
        match self {
            Self::Stdin => Box::new(std::iter::once_with(move || unit(None, PathBuf::from("-")))),
            Self::Named { named, list } => {
                let files = named.into_iter().flat_map(|named| match named {
                    Ok(named) => named.files(),
                    Err(error) => Box::new(std::iter::once(Err(error))),
                });
                let files = files.chain(list_of(list.as_deref()));
                Box::new(files.map(move |file| file.and_then(|file| unit(Some(file.path), file.place))))
            }
        }
    }
}

/// The files that `list` names.
fn list_of(list: Option<&Path>) -> Files {
    match list {
        None => Box::new(std::iter::empty()),
        Some(path) if path == Path::new("-") => Box::new(listed("standard input".into(), io::stdin())),
        Some(path) => match File::open(path) {
            Ok(file) => Box::new(listed(path.to_owned(), file)),
            Err(source) => Box::new(std::iter::once(Err(Error::Io { path: path.to_owned(), source }))),
        },
    }
}
