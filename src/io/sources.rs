//! Which files a list of paths names. A folder is walked as its files are asked
//! for, so that a million of them need not be kept.

use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};

use super::may_be_plain_text;
use crate::error::{Error, Result};

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The file, as it was named or reached from what was named.
    pub path: PathBuf,
    /// Where it goes below an output folder: its place in the folder that was
    /// named, or its name.
    pub place: PathBuf,
}

/// What a list of paths names.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files, in the order named, those of a folder in the order of their
    /// paths.
    pub files: Vec<SourceFile>,
    /// The paths that are folders.
    pub folders: Vec<PathBuf>,
    /// What could not be read, and folders without any file.
    pub problems: Vec<Error>,
}

/// What a path names.
#[derive(Clone, Debug)]
pub enum Named {
    /// One file, which need not exist.
    File(SourceFile),
    /// Every file in this folder and below, without hidden ones, those that
    /// a file called `.ignore` or `.textmendignore` there excludes, and those that are no plain
    /// text by their names ([`may_be_plain_text`]). Links to
    /// files count, links to folders are followed only if they are named.
    Folder(PathBuf),
    /// Those of such files whose path fits a pattern.
    Glob {
        /// As it was given.
        given: PathBuf,
        /// The folder below which everything that fits must lie.
        folder: PathBuf,
        /// What the path below that folder has to fit.
        pattern: GlobMatcher,
    },
}

/// Lists the files that `paths` name.
#[must_use]
pub fn list(paths: &[PathBuf]) -> Listing {
    let mut listing = Listing::default();
    for path in paths {
        let named = match Named::new(path) {
            Ok(named) => named,
            Err(problem) => {
                listing.problems.push(problem);
                continue;
            }
        };
        listing.folders.extend(named.folder().map(Path::to_owned));
        for file in named.files() {
            match file {
                Ok(file) => listing.files.push(file),
                Err(problem) => listing.problems.push(problem),
            }
        }
    }
    listing
}

impl Named {
    /// What `path` names. A path that does not exist and has `*`, `?`, `[` or
    /// `{` in it is a pattern; `**` stands for any number of folders.
    ///
    /// # Errors
    /// [`Error::Io`] if it is a pattern, and a malformed one.
    pub fn new(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let special = |part: Component| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        if path.symlink_metadata().is_ok() || !path.components().any(special) {
            let place = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
            return Ok(Self::File(SourceFile { path: path.to_owned(), place }));
        }
        let folder: PathBuf = path.components().take_while(|part| !special(*part)).collect();
        let below = path.strip_prefix(&folder).expect("it begins with these").to_string_lossy().into_owned();
        let glob = GlobBuilder::new(&below).literal_separator(true).build();
        let glob = glob.map_err(|error| Error::Io {
            path: path.to_owned(),
            source: std::io::Error::other(format!("this is no pattern: {}", error.kind())),
        })?;
        Ok(Self::Glob { given: path.to_owned(), folder, pattern: glob.compile_matcher() })
    }

    /// The folder that is walked, if one is.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::File(_) => None,
            Self::Folder(folder) => Some(folder),
            // The pattern alone: below the working folder.
            Self::Glob { folder, .. } if folder.as_os_str().is_empty() => Some(Path::new(".")),
            Self::Glob { folder, .. } => Some(folder),
        }
    }

    /// The files, those of a folder in the order of their paths; what can't be
    /// read, or that there are none, is among them.
    pub fn files(self) -> Box<dyn Iterator<Item = Result<SourceFile>> + Send> {
        let folder = self.folder().map(Path::to_owned);
        let (given, pattern) = match self {
            Self::File(file) => return Box::new(std::iter::once(Ok(file))),
            Self::Folder(folder) => (folder, None),
            Self::Glob { given, pattern, .. } => (given, Some(pattern)),
        };
        let none = match &pattern {
            None => {
                "there is no file in this folder (hidden and ignored ones, markup, data and code don't count)"
            }
            Some(_) => {
                "no file fits this pattern (hidden and ignored ones, markup, data and code don't count)"
            }
        };
        let none = Error::Io { path: given, source: std::io::Error::other(none) };
        let fits = move |file: &Result<SourceFile>| match (file, &pattern) {
            (Ok(file), Some(pattern)) => pattern.is_match(&file.place),
            _ => true,
        };
        let found = walk(folder.expect("no file is one")).filter(fits);
        Box::new(OrNone { found, none: Some(none) })
    }
}

/// What is found, or that there is nothing.
struct OrNone<I> {
    found: I,
    none: Option<Error>,
}

impl<I: Iterator<Item = Result<SourceFile>>> Iterator for OrNone<I> {
    type Item = Result<SourceFile>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.found.next() {
            Some(found) => {
                self.none = None;
                Some(found)
            }
            None => self.none.take().map(Err),
        }
    }
}

/// The files named by `lines`, which were read from `path`: one a line. Their
/// places are their paths, without the root and without what leads upward.
pub fn listed(path: PathBuf, lines: impl Read + Send) -> impl Iterator<Item = Result<SourceFile>> + Send {
    let mut lines = BufReader::new(lines);
    let mut line = Vec::new();
    std::iter::from_fn(move || {
        loop {
            line.clear();
            match lines.read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(source) => return Some(Err(Error::Io { path: path.clone(), source })),
            }
            let name = line.strip_suffix(b"\n").unwrap_or(&line);
            let name = name.strip_suffix(b"\r").unwrap_or(name);
            if !name.is_empty() {
                let path = path_of(name);
                let inward = |part: &Component| matches!(part, Component::Normal(_));
                let place = path.components().filter(inward).collect();
                return Some(Ok(SourceFile { path, place }));
            }
        }
    })
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(name).into()
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    String::from_utf8_lossy(name).into_owned().into()
}

/// The files below `folder`. What version control ignores is read all the
/// same: scanned pages are often kept out of it.
fn walk(folder: PathBuf) -> impl Iterator<Item = Result<SourceFile>> + Send {
    let mut walker = WalkBuilder::new(&folder);
    walker
        .git_ignore(false)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .add_custom_ignore_filename(".textmendignore")
        .sort_by_file_name(std::ffi::OsStr::cmp);
    walker.build().filter_map(move |entry| match entry {
        Ok(entry) if is_file(&entry) && may_be_plain_text(entry.path()) => {
            let path = entry.into_path();
            let place = path.strip_prefix(&folder).expect("found below the folder").to_owned();
            Some(Ok(SourceFile { path, place }))
        }
        Ok(_) => None,
        Err(error) => Some(Err(walk_error(&folder, error))),
    })
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file() || (kind.is_symlink() && !entry.path().is_dir()))
}

fn walk_error(folder: &Path, error: ignore::Error) -> Error {
    let path = match &error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        _ => folder.to_owned(),
    };
    let told = error.to_string();
    Error::Io { path, source: error.into_io_error().unwrap_or_else(|| std::io::Error::other(told)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: impl Iterator<Item = Result<SourceFile>>) -> Vec<String> {
        let told = |file: Result<SourceFile>| {
            file.map_or_else(|_| "?".to_owned(), |file| file.place.to_string_lossy().into_owned())
        };
        files.map(told).collect()
    }

    #[test]
    fn a_pattern_names_files_below_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("pages/sub")).expect("made");
        for name in ["pages/b.txt", "pages/sub/a.txt", "pages/a.md", "pages/[1].txt"] {
            std::fs::write(folder.path().join(name), "x").expect("written");
        }
        let of = |name: &str| places(Named::new(&folder.path().join(name)).expect("sound").files());
        assert_eq!(of("pages/*.txt"), ["[1].txt", "b.txt"]);
        assert_eq!(of("pages/**/*.txt"), ["[1].txt", "b.txt", "sub/a.txt"]);
        assert_eq!(of("*/sub/{a,b}.txt"), ["pages/sub/a.txt"]);
        assert_eq!(of("pages/[1].txt"), ["[1].txt"], "a file of this name");
        assert_eq!(of("pages/*.pdf"), ["?"]);
        assert!(Named::new(&folder.path().join("pages/{a")).is_err());
    }

    #[test]
    fn listed_files_keep_their_folders() {
        let lines: &[u8] = b"a/b.txt\r\n\n../c.txt\n/d/./e.txt";
        assert_eq!(places(listed("list".into(), lines)), ["a/b.txt", "c.txt", "d/e.txt"]);
    }
}
