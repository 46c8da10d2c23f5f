//! Writing that leaves a file whole or untouched, and never touches what was
//! read.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Seek as _, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// A file being written. It has a temporary name in the folder it is for, and
/// gets its own with [`commit`](Self::commit); dropped before, it leaves no
/// trace. A device or pipe is written to at once.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    writer: Writer,
}

#[derive(Debug)]
enum Writer {
    Temporary(NamedTempFile),
    Direct(File),
}

impl Pending {
    /// Begins to write the file at `path`; a link there is followed.
    ///
    /// # Errors
    /// [`Error::Io`] if its folder can't be written to, or it is a folder.
    pub fn create(path: &Path) -> Result<Self> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let existing = fs::metadata(path).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io(io::ErrorKind::IsADirectory.into()));
        }
        if existing.as_ref().is_some_and(|found| !found.is_file()) {
            let file = File::options().write(true).open(path).map_err(io)?;
            return Ok(Self { path: path.to_owned(), writer: Writer::Direct(file) });
        }
        let target = resolved(path);
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut builder = temporary();
        #[cfg(unix)]
        if let Some(found) = existing {
            builder.permissions(found.permissions());
        }
        let file = builder.tempfile_in(folder).map_err(io)?;
        Ok(Self { path: target, writer: Writer::Temporary(file) })
    }

    /// Gives the file its name, over any file that had it.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses; then nothing has changed.
    pub fn commit(mut self) -> Result<()> {
        let io = |source| Error::Io { path: self.path.clone(), source };
        self.writer.flush().map_err(io)?;
        match self.writer {
            Writer::Temporary(file) => file.persist(&self.path).map(drop).map_err(|error| io(error.error)),
            Writer::Direct(_) => Ok(()),
        }
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Temporary(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Temporary(file) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What temporary names begin and end with.
const TEMPORARY: (&str, &str) = (".textmend-", ".part");

/// What makes temporary files, with the permissions of other new files.
pub(super) fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// Whether `name` is one that a [`Pending`] or a [`Part`] has while it is
/// written: a run that was killed leaves such files behind.
pub(super) fn is_temporary(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1))
}

/// A large file being written, which another run can go on with: its temporary
/// name follows from its own. Dropped, it stays.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl Part {
    /// Begins to write the file at `path`, or goes on after the first `len`
    /// bytes of what an earlier run wrote.
    ///
    /// # Errors
    /// [`Error::Io`] if its folder can't be written to.
    pub fn open(path: &Path, len: u64) -> Result<Self> {
        let part = Self::name(path);
        let io = |source| Error::Io { path: path.to_owned(), source };
        let mut file = File::options().create(true).truncate(false).write(true).open(&part).map_err(io)?;
        file.set_len(len).map_err(io)?;
        file.seek(io::SeekFrom::Start(len)).map_err(io)?;
        Ok(Self { path: path.to_owned(), part, file })
    }

    /// The temporary name of the file at `path`.
    #[must_use]
    pub fn name(path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let hash = blake3::hash(name).to_hex();
        path.with_file_name(format!("{}{}{}", TEMPORARY.0, &hash[..16], TEMPORARY.1))
    }

    /// Makes sure that what was written outlives a power cut.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(|source| Error::Io { path: self.path.clone(), source })
    }

    /// Gives the file its name, over any file that had it.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub fn commit(self) -> Result<()> {
        fs::rename(&self.part, &self.path).map_err(|source| Error::Io { path: self.path, source })
    }

    /// Removes what was written.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub fn discard(self) -> Result<()> {
        fs::remove_file(&self.part).map_err(|source| Error::Io { path: self.part, source })
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes `bytes` to the file at `path`, whole or not at all.
///
/// # Errors
/// [`Error::Io`] if the system refuses; then nothing has changed.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut file = Pending::create(path)?;
    file.write_all(bytes).map_err(io)?;
    file.commit()
}

/// Refuses an output folder that is one of the folders read, or lies inside
/// one, or has one inside.
///
/// # Errors
/// [`Error::Output`] that says which.
pub fn check_folders<'a>(folder: &Path, read: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    let output = resolved(folder);
    for read in read {
        let input = resolved(read);
        if output.starts_with(&input) || input.starts_with(&output) {
            let problem = format!(
                "this folder and {}, which is read, are one or lie one inside the other; name a folder beside it",
                read.display()
            );
            return Err(Error::Output { path: folder.to_owned(), problem });
        }
    }
    Ok(())
}

/// Keeps what is read, and what was written before, from being overwritten.
#[derive(Debug)]
pub struct Guard {
    read: HashSet<PathBuf>,
    claimed: HashSet<PathBuf>,
}

impl Guard {
    /// Protects the files that are `read`.
    pub fn new<'a>(read: impl IntoIterator<Item = &'a Path>) -> Self {
        Self { read: read.into_iter().map(resolved).collect(), claimed: HashSet::new() }
    }

    /// Claims `path` as a place to write to.
    ///
    /// # Errors
    /// [`Error::Output`] if the file is read, or was claimed before.
    pub fn claim(&mut self, path: &Path) -> Result<()> {
        let refuse = |problem: &str| {
            Err(Error::Output { path: path.to_owned(), problem: format!("{problem}; name another one") })
        };
        let output = resolved(path);
        if self.read.contains(&output) {
            return refuse("this file is read, and would be overwritten");
        }
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) || self.claimed.insert(output) {
            return Ok(());
        }
        refuse("two results would be written to this file")
    }
}

/// `path` in full, links followed as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut there = absolute.as_path();
    loop {
        if let Ok(found) = fs::canonicalize(there) {
            return missing.iter().rev().fold(found, |path, part| match part {
                Component::ParentDir => path.parent().map(Path::to_owned).unwrap_or(path),
                part => path.join(part),
            });
        }
        let mut parts = there.components();
        match parts.next_back() {
            Some(part) => missing.push(part),
            None => return absolute,
        }
        there = parts.as_path();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page.txt");
        replace(&path, b"one").expect("written");
        let mut pending = Pending::create(&path).expect("begun");
        pending.write_all(b"two").expect("written");
        drop(pending);
        assert_eq!(fs::read(&path).expect("there"), b"one");
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
    }

    #[test]
    fn what_is_read_is_never_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("page.txt");
        fs::write(&input, "x").expect("written");
        let same = folder.path().join("sub/../page.txt");
        fs::create_dir(folder.path().join("sub")).expect("made");
        let mut guard = Guard::new([input.as_path()]);
        let other = folder.path().join("other.txt");
        assert!(guard.claim(&same).is_err());
        assert!(guard.claim(&other).is_ok() && guard.claim(&other).is_err());
        let sub = folder.path().join("sub");
        let check = |name: &str| check_folders(&folder.path().join(name), [sub.as_path()]).is_ok();
        assert!(check("out") && check("subway") && !check("sub") && !check("sub/out") && !check(""));
    }
}
