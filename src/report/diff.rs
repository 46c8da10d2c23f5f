//! Unified diffs, in the form that `patch` and `git apply` take.

use std::borrow::Cow;
use std::io::{self, Write};

use encoding_rs::UTF_8;
use similar::TextDiff;

use crate::decode::Decoded;

/// Writes what turns the file `path`, which holds the bytes `source`, into
/// `clean` as a unified diff; nothing if they are the same.
///
/// The diff is about bytes, so for a UTF-8 file `patch` makes exactly the clean
/// text of it, byte order mark, malformed bytes and line ends included. A file
/// in another encoding is compared by its decoded text: the diff applies to
/// the file converted to UTF-8.
///
/// # Errors
/// Whatever `out` answers.
pub fn unified(
    mut out: impl Write,
    path: &str,
    source: &[u8],
    decoded: &Decoded,
    clean: &str,
) -> io::Result<()> {
    let old = if decoded.encoding == UTF_8 { source } else { decoded.text.as_bytes() };
    let (old, new) = (lines(old), lines(clean.as_bytes()));
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    let name = file_name(path);
    let mut hunks = diff.unified_diff().iter_hunks().peekable();
    if hunks.peek().is_some() {
        write!(out, "--- {name}\n+++ {name}\n")?;
    }
    for hunk in hunks {
        writeln!(out, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            write!(out, "{}", change.tag())?;
            out.write_all(change.value())?;
            // Only LF ends a line for `patch`; similar would let CR pass too.
            if !change.value().ends_with(b"\n") {
                out.write_all(b"\n\\ No newline at end of file\n")?;
            }
        }
    }
    Ok(())
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// The name as `patch` reads it: up to a tab, or in quotes with escapes.
fn file_name(path: &str) -> Cow<'_, str> {
    if path.chars().any(|c| c.is_control() || c == '"' || c == '\\') {
        let escaped = path.bytes().map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", byte as char),
            b' '..=b'~' => (byte as char).to_string(),
            _ => format!("\\{byte:03o}"),
        });
        return format!("\"{}\"", escaped.collect::<String>()).into();
    }
    if path.contains(char::is_whitespace) { format!("{path}\t").into() } else { path.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;

    fn diff(source: &str, clean: &str) -> String {
        let mut out = Vec::new();
        unified(&mut out, "page.txt", source.as_bytes(), &decode(source.as_bytes(), None), clean)
            .expect("a vector takes all");
        String::from_utf8(out).expect("both were UTF-8")
    }

    #[test]
    fn only_lf_ends_a_line() {
        assert_eq!(diff("甲\n", "甲\n"), "");
        assert_eq!(diff("甲\r\n", "乙\r\n"), "--- page.txt\n+++ page.txt\n@@ -1 +1 @@\n-甲\r\n+乙\r\n");
        let hint = "\\ No newline at end of file\n";
        let expected = format!("--- page.txt\n+++ page.txt\n@@ -1 +1 @@\n-甲\r乙\r\n{hint}+甲\r丙\r\n{hint}");
        assert_eq!(diff("甲\r乙\r", "甲\r丙\r"), expected);
        assert_eq!(diff("", "甲\n"), "--- page.txt\n+++ page.txt\n@@ -0,0 +1 @@\n+甲\n");
    }

    #[test]
    fn the_byte_order_mark_is_part_of_the_first_line() {
        assert!(diff("\u{FEFF}甲\n", "甲\n").contains("-\u{FEFF}甲\n+甲\n"));
    }

    #[test]
    fn names_are_quoted_where_patch_needs_it() {
        assert_eq!(file_name("页.txt"), "页.txt");
        assert_eq!(file_name("a b.txt"), "a b.txt\t");
        assert_eq!(file_name("a\"\n页"), "\"a\\\"\\012\\351\\241\\265\"");
    }
}
