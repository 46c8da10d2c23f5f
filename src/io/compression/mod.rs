//! Compressed files: gzip, zstd, xz and bzip2, read and written as streams.
//!
//! What a file is is told by its first bytes, then by its name. Files of
//! several parts are read as one (`cat a.gz b.gz`), and files are written so
//! that they can be cut after a part and continued
//! ([`Writer::finish_frame`]).

mod decoder;
mod encoder;
mod limits;
mod reader;
mod writer;

pub use limits::Limits;
pub use reader::Reader;
pub use writer::{Writer, frame};

use std::path::{Path, PathBuf};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The container of LZMA2, not the older `.lzma`.
    Xz,
    /// What the tool of this name writes.
    Bzip2,
}

/// Bytes that [`Compression::of_bytes`] has to see to tell them all.
pub const MAGIC: usize = 10;

/// What names end in: the compression, the ending, what remains of it once
/// the file is unpacked.
const ENDINGS: &[(Compression, &str, &str)] = &[
    (Compression::Gzip, ".gz", ""),
    (Compression::Gzip, ".tgz", ".tar"),
    (Compression::Gzip, ".taz", ".tar"),
    (Compression::Zstd, ".zst", ""),
    (Compression::Zstd, ".zstd", ""),
    (Compression::Zstd, ".tzst", ".tar"),
    (Compression::Xz, ".xz", ""),
    (Compression::Xz, ".txz", ".tar"),
    (Compression::Bzip2, ".bz2", ""),
    (Compression::Bzip2, ".tbz2", ".tar"),
    (Compression::Bzip2, ".tbz", ".tar"),
];

impl Compression {
    /// What a file is that begins with `bytes`; its first [`MAGIC`] ones are
    /// enough.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            // The first four alone could begin a text. A block or the end
            // follows, each told by six bytes.
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
            {
                Some(Self::Bzip2)
            }
            _ => None,
        }
    }

    /// What a file called `path` says it is.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        ending(path).map(|(compression, ..)| compression)
    }

    /// What a file is: by its first bytes, or else by its name. A file that is
    /// not what its name says is then an error when it is read.
    #[must_use]
    pub fn told(bytes: &[u8], path: &Path) -> Option<Self> {
        Self::of_bytes(bytes).or_else(|| Self::of_name(path))
    }

    /// What the file at `path` is called once it is unpacked: `page.txt` for
    /// `page.txt.gz`, `pages.tar` for `pages.tgz`.
    #[must_use]
    pub fn unpacked_name(path: &Path) -> PathBuf {
        let (Some((_, ending, rest)), Some(name)) = (ending(path), path.file_name().and_then(|n| n.to_str()))
        else {
            return path.to_owned();
        };
        path.with_file_name(format!("{}{rest}", &name[..name.len() - ending.len()]))
    }

    /// The usual ending of names, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Zstd => "zst",
            Self::Xz => "xz",
            Self::Bzip2 => "bz2",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }

    /// The level written where none is asked for: what the tools take, but 3
    /// for xz. Its 6 takes 94 MiB of memory, 3 takes 32.
    #[must_use]
    pub fn default_level(self) -> u32 {
        match self {
            Self::Gzip => 6,
            Self::Zstd | Self::Xz => 3,
            Self::Bzip2 => 9,
        }
    }

    /// The highest level there is.
    fn highest_level(self) -> u32 {
        if self == Self::Zstd { 22 } else { 9 }
    }
}

fn ending(path: &Path) -> Option<(Compression, &'static str, &'static str)> {
    let name = path.file_name()?.to_str()?;
    let matches = |ending: &str| {
        let cut = name.len().checked_sub(ending.len()).filter(|cut| *cut > 0);
        cut.and_then(|cut| name.get(cut..)).is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    };
    ENDINGS.iter().copied().find(|(_, ending, _)| matches(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_bytes_do_not() {
        let of = |name: &str| Compression::of_name(name.as_ref());
        assert_eq!(of("页.txt.gz"), Some(Compression::Gzip));
        assert_eq!(of("a/b.TAR.ZST"), Some(Compression::Zstd));
        assert_eq!((of(".gz"), of("gz"), of("a.gzip"), of("志.z")), (None, None, None, None));
        let bare = |name: &str| Compression::unpacked_name(name.as_ref());
        assert_eq!(bare("a/b.jsonl.xz"), Path::new("a/b.jsonl"));
        assert_eq!(bare("a/b.TBZ2"), Path::new("a/b.tar"));
        assert_eq!(bare("a/b.txt"), Path::new("a/b.txt"));
        let xz = b"\xFD7zXZ\0";
        assert_eq!(Compression::told(xz, "a.gz".as_ref()), Some(Compression::Xz));
        assert_eq!(Compression::told(b"BZh9, said he", "a.txt".as_ref()), None);
    }
}
