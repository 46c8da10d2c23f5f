//! Writing below a folder, and nowhere else.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use super::output::{is_temporary, temporary};
use crate::error::{Error, Result};

/// A folder that results are written into. No place leads out of it, and no
/// link in it is followed: it could lead to what is read.
#[derive(Clone, Debug)]
pub struct Inside {
    root: PathBuf,
    /// The same, without links.
    real: PathBuf,
    /// Whether it was not there before.
    made: bool,
}

impl Inside {
    /// Makes the folder `root`, if it is not there.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub fn create(root: &Path) -> Result<Self> {
        let io = |source| Error::Io { path: root.to_owned(), source };
        let made = !root.exists();
        fs::create_dir_all(root).map_err(io)?;
        let real = fs::canonicalize(root).map_err(io)?;
        Ok(Self { root: root.to_owned(), real, made })
    }

    /// The folder, as it was named.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folders that lead to `place`, and gives its path.
    ///
    /// # Errors
    /// [`Error::Output`] if `place` leads out of the folder, by itself or by a
    /// link; [`Error::Io`] if the system refuses.
    pub fn prepare(&self, place: &Path) -> Result<PathBuf> {
        let path = self.root.join(place);
        let refuse = |problem: &str| Err(Error::Output { path: path.clone(), problem: problem.to_owned() });
        if !place.components().all(|part| matches!(part, Component::Normal(_))) {
            return refuse("this place does not lie in the output folder");
        }
        let folder = path.parent().unwrap_or(&self.root);
        let io = |source| Error::Io { path: path.clone(), source };
        let real = match fs::canonicalize(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(folder).map_err(io)?;
                fs::canonicalize(folder)
            }
            found => found,
        };
        if !real.map_err(io)?.starts_with(&self.real) {
            return refuse("a link leads out of the output folder here; take it away");
        }
        Ok(path)
    }

    /// Writes `bytes` to `place`, whole or not at all.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare); and [`Error::Io`] if it can't be written.
    pub fn replace(&self, place: &Path, bytes: &[u8]) -> Result<()> {
        let path = self.prepare(place)?;
        let io = |source| Error::Io { path: path.clone(), source };
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
            return Err(io(io::ErrorKind::IsADirectory.into()));
        }
        let folder = path.parent().unwrap_or(&self.root);
        let mut file: NamedTempFile = temporary().tempfile_in(folder).map_err(io)?;
        file.write_all(bytes).map_err(io)?;
        file.persist(&path).map_err(|error| io(error.error))?;
        Ok(())
    }

    /// Removes what killed runs left half written, but for what is to be `kept`.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub fn sweep(&self, kept: impl Fn(&Path) -> bool) -> Result<()> {
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let io = |source| Error::Io { path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(io)? {
                let entry = entry.map_err(io)?;
                if entry.file_type().map_err(io)?.is_dir() {
                    folders.push(entry.path());
                } else if is_temporary(&entry.file_name()) && !kept(&entry.path()) {
                    fs::remove_file(entry.path()).map_err(io)?;
                }
            }
        }
        Ok(())
    }

    /// Removes the folder `name` in it, and itself if it was made for nothing.
    pub fn remove(&self, name: &str) {
        // Whatever stays behind does no harm.
        drop(fs::remove_dir_all(self.root.join(name)));
        if self.made {
            drop(fs::remove_dir(&self.root));
        }
    }
}

/// Whether `error`, met when writing, would meet every other file too: the disk
/// is full, or can't be written to at all.
#[must_use]
pub fn stops(error: &Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let Error::Io { source, .. } = error else { return false };
    let told = matches!(source.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem | FileTooLarge);
    // EIO has no kind of its own.
    told || (cfg!(unix) && source.raw_os_error() == Some(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = Inside::create(&folder.path().join("out")).expect("made");
        inside.replace("a/b.txt".as_ref(), b"x").expect("written");
        assert_eq!(fs::read(folder.path().join("out/a/b.txt")).expect("there"), b"x");
        for place in ["../b.txt", "a/../../b.txt", "/b.txt", "./../b.txt"] {
            assert!(inside.replace(place.as_ref(), b"x").is_err(), "{place}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let inside = Inside::create(&folder.path().join("out")).expect("made");
        let page = folder.path().join("page.txt");
        fs::write(&page, "read").expect("written");
        symlink(&page, folder.path().join("out/page.txt")).expect("linked");
        symlink(folder.path(), folder.path().join("out/up")).expect("linked");
        inside.replace("page.txt".as_ref(), b"clean").expect("the link is replaced");
        assert_eq!(fs::read_to_string(&page).expect("there"), "read");
        assert!(inside.replace("up/page.txt".as_ref(), b"clean").is_err());
    }

    #[test]
    fn what_was_left_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = Inside::create(folder.path()).expect("there");
        let left = inside.prepare("a/.textmend-Ab3.part".as_ref()).expect("made");
        let kept = inside.prepare("a/.textmend-0.part".as_ref()).expect("made");
        let other = inside.prepare("a/page.part".as_ref()).expect("made");
        for path in [&left, &kept, &other] {
            fs::write(path, "").expect("written");
        }
        inside.sweep(|path| path == kept).expect("swept");
        assert_eq!([&left, &kept, &other].map(|path| path.exists()), [false, true, true]);
    }
}
