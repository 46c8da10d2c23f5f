//! Whether a file may hold plain text, by its name: repairs know nothing of tags, fields and
//! statements, and would break them.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use ignore::types::TypesBuilder;
use rustc_hash::FxHashSet;

use super::compression::Compression;
use crate::error::{Error, Result};

/// Kinds of files that hold markup, data or code, as the crate `ignore` (and `rg --type-list`)
/// names them.
const NO_PLAIN_TEXT: [&str; 45] = [
    "c", "cmake", "config", "cpp", "cs", "csharp", "css", "csv", "dart", "docker", "fortran", "go",
    "haskell", "html", "java", "js", "json", "jupyter", "kotlin", "less", "lisp", "log", "lua", "make",
    "matlab", "ocaml", "perl", "php", "protobuf", "ps", "py", "r", "ruby", "rust", "sass", "scala", "sh",
    "sql", "svg", "swift", "tex", "toml", "ts", "xml", "yaml",
];

/// The extensions of others: tables, subtitles, hOCR.
const OTHERS: [&str; 6] = ["tsv", "srt", "vtt", "ass", "hocr", "ini"];

/// The extensions of all of them.
static EXTENSIONS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let kinds = TypesBuilder::new().add_defaults().definitions();
    let kinds = kinds.iter().filter(|kind| NO_PLAIN_TEXT.contains(&kind.name()));
    let extensions = kinds.flat_map(|kind| kind.globs()).filter_map(|glob| glob.strip_prefix("*."));
    extensions.chain(OTHERS).map(str::to_owned).collect()
});

/// Whether a file called `path`, compressed or not, may be plain text: its extension is that of
/// no markup, data or code.
#[must_use]
pub fn may_be_plain_text(path: &Path) -> bool {
    let path = Compression::unpacked_name(path);
    let extension = path.extension().and_then(OsStr::to_str);
    !extension.is_some_and(|extension| EXTENSIONS.contains(extension.to_ascii_lowercase().as_str()))
}

/// # Errors
/// [`Error::NotText`] if a file called `path` [is no plain text](may_be_plain_text).
pub(crate) fn expect_plain_text(path: &Path) -> Result<()> {
    if may_be_plain_text(path) {
        return Ok(());
    }
    Err(Error::NotText {
        path: path.to_owned(),
        problem: "by its name it holds markup, data or code, which repairs would break".to_owned(),
        hint: "take the text out of it; if it is plain text all the same, say --format text",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for name in
            ["a.txt", "a", "a.md", "pages/第1版.TXT", "a.txt.gz", "a.gold", "run", "a.jsonl", "1998.01"]
        {
            assert!(may_be_plain_text(Path::new(name)), "{name}");
        }
        for name in [
            "alto.xml",
            "a/page.html",
            "a.csv",
            "a.json",
            "a.csv.gz",
            "a.py",
            "a.srt",
            "textmend.toml",
            "a.hocr",
        ] {
            assert!(!may_be_plain_text(Path::new(name)), "{name}");
        }
    }
}
