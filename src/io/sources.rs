//! Which files a list of paths names.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

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

/// Lists the files that `paths` name. A folder stands for every file in it and
/// below, without hidden ones and those that a file called `.ignore` or
/// `.textmendignore` there excludes. Links to files count, links to folders
/// are followed only if they are named.
#[must_use]
pub fn list(paths: &[PathBuf]) -> Listing {
    let mut listing = Listing::default();
    for path in paths {
        if path.is_dir() {
            listing.folders.push(path.clone());
            let found = listing.files.len();
            for file in walk(path) {
                match file {
                    Ok(file) => listing.files.push(file),
                    Err(problem) => listing.problems.push(problem),
                }
            }
            if listing.files.len() == found && listing.problems.is_empty() {
                listing.problems.push(empty_folder(path));
            }
        } else {
            let place = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            listing.files.push(SourceFile { path: path.clone(), place });
        }
    }
    listing
}

fn empty_folder(path: &Path) -> Error {
    let problem = "there is no file in this folder (hidden and ignored ones don't count)";
    Error::Io { path: path.to_owned(), source: std::io::Error::other(problem) }
}

/// The files below `folder`. What version control ignores is read all the
/// same: scanned pages are often kept out of it.
fn walk(folder: &Path) -> impl Iterator<Item = Result<SourceFile>> + use<'_> {
    let mut walker = WalkBuilder::new(folder);
    walker
        .git_ignore(false)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .add_custom_ignore_filename(".textmendignore")
        .sort_by_file_name(std::ffi::OsStr::cmp);
    walker.build().filter_map(move |entry| match entry {
        Ok(entry) if is_file(&entry) => {
            let path = entry.into_path();
            let place = path.strip_prefix(folder).expect("found below the folder").to_owned();
            Some(Ok(SourceFile { path, place }))
        }
        Ok(_) => None,
        Err(error) => Some(Err(walk_error(folder, error))),
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
