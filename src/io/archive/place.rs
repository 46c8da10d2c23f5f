//! Names of members: which of them are places inside a folder, on every
//! system, and which are refused.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Names that Windows keeps for devices, with any ending or none.
const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// The place that `name` stands for, which is encoded as `raw`, below whatever folder it is unpacked to.
/// `./` and doubled slashes say nothing and are left out; nothing else is
/// changed, and what would have to be is refused with the reason. The archive
/// itself (`./`) is the empty path.
pub(super) fn place(raw: &[u8], name: &str) -> Result<PathBuf, String> {
    // A program may take the bytes for what they would be in another encoding,
    // where the second half of a character is a backslash.
    if raw.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..") {
        return Err("its name leads out of the archive (`..`)".to_owned());
    }
    if name.is_empty() {
        return Err("it has no name".to_owned());
    }
    if name.starts_with('/') {
        return Err("its name is an absolute path".to_owned());
    }
    if name.contains('\\') {
        return Err("its name has a backslash, which is a folder on some systems".to_owned());
    }
    if name.contains('\0') {
        return Err("its name has a zero character".to_owned());
    }
    let mut place = PathBuf::new();
    for part in name.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if let Some(problem) = problem_with(part) {
            return Err(problem);
        }
        place.push(part);
    }
    Ok(place)
}

fn problem_with(part: &str) -> Option<String> {
    if part == ".." {
        return Some("its name leads out of the archive (`..`)".to_owned());
    }
    if part.ends_with(['.', ' ']) {
        return Some("a part of its name ends with a dot or a space, which Windows drops".to_owned());
    }
    if let [letter, b':', ..] = part.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return Some("its name begins like a drive of Windows".to_owned());
    }
    let stem = part.split(['.', ':']).next().unwrap_or(part).trim_end().to_uppercase();
    let numbered = |device: &str| {
        let number = stem.strip_prefix(device).unwrap_or_default();
        let mut digits = number.chars();
        let digit = digits.next().is_some_and(|c| c.is_ascii_digit() || "\u{B9}\u{B2}\u{B3}".contains(c));
        digit && digits.next().is_none()
    };
    (DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT"))
        .then(|| format!("`{part}` is the name of a device on Windows"))
}

/// Links of an archive, so that none of them leads out of it.
#[derive(Debug, Default)]
pub(super) struct Links {
    places: HashSet<PathBuf>,
}

impl Links {
    /// Why the member at `place` is refused: what lies above it is a link, and
    /// would take it elsewhere.
    pub(super) fn problem_above(&self, place: &Path) -> Option<String> {
        if self.places.is_empty() {
            return None;
        }
        let above = place.ancestors().skip(1).find(|above| self.places.contains(*above))?;
        Some(format!("it lies below `{}`, which is a link", above.display()))
    }

    /// Takes down a symbolic link at `place` to `target`, encoded as `raw`, or
    /// says why it is refused. Its target may go up as far as the archive goes, and then down.
    pub(super) fn add_symbolic(&mut self, place: &Path, target: &str, raw: &[u8]) -> Option<String> {
        let parts: Vec<_> = target.split('/').take_while(|part| matches!(*part, ".." | "." | "")).collect();
        let ups = parts.iter().filter(|part| **part == "..").count();
        let rest = target.split('/').skip(parts.len()).collect::<Vec<_>>().join("/");
        // What leads up is ASCII, whatever the encoding.
        let raw = raw.split(|byte| *byte == b'/').skip(parts.len()).collect::<Vec<_>>().join(&b'/');
        let depth = place.components().count().saturating_sub(1);
        // `a/..` is not the folder it looks like where `a` is a link, too.
        let bad = target.is_empty()
            || target.starts_with('/')
            || ups > depth
            || (!rest.is_empty() && self::place(&raw, &rest).is_err());
        if bad {
            return Some(leads_out(target));
        }
        self.places.insert(place.to_owned());
        None
    }

    /// Why a hard link to `target`, told from the top of the archive, is
    /// refused.
    pub(super) fn problem_with_hard(&self, target: &str, raw: &[u8]) -> Option<String> {
        match place(raw, target) {
            Ok(place) if self.problem_above(&place).is_none() => None,
            _ => Some(leads_out(target)),
        }
    }
}

fn leads_out(target: &str) -> String {
    format!("it is a link to {target:?}, which may lead out of the archive")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_on_any_system_are_refused() {
        let place = |name: &[u8]| place(name, &String::from_utf8_lossy(name));
        let bad: &[&[u8]] = &[
            b"",
            b"/etc/x",
            b"//host/x",
            b"../x",
            b"a/../x",
            b"a/..",
            b"..",
            b"C:x",
            b"c:/x",
            b"a/d:",
            b"a\\b",
            b"\\\\host\\x",
            b"a\0b",
            b"CON",
            b"con.txt",
            b"a/NUL.tar.gz",
            b"aux .txt",
            b"COM1",
            b"lpt9.log",
            "com\u{B9}.x".as_bytes(),
            b"a./b",
            b"a /b",
            b"b.",
            b"...",
        ];
        for name in bad {
            assert!(place(name).is_err(), "{}", String::from_utf8_lossy(name));
        }
        let good = [
            "页/一版.txt",
            "a b.txt",
            ".hidden",
            "console.txt",
            "COM.txt",
            "com10",
            "NULL",
            "2020-01-01T10:00",
        ];
        for name in good {
            assert_eq!(place(name.as_bytes()).expect(name), Path::new(name));
        }
        assert_eq!(place(b"./a//b/").expect("a folder"), Path::new("a/b"));
        assert_eq!(place(b"./").expect("the archive"), Path::new(""));
        // 瑮 in GBK ends with a byte that is a backslash elsewhere.
        assert!(super::place(b"\xAC\x5C..\x5Cx", "瑮..瑮x").is_err());
    }

    #[test]
    fn links_stay_inside() {
        let mut links = Links::default();
        let mut add =
            |place: &str, target: &str| links.add_symbolic(place.as_ref(), target, target.as_bytes());
        for (place, target) in
            [("a", "/etc"), ("a", "../b"), ("d/a", "../../b"), ("a", "b/../../c"), ("a", "s/.."), ("a", "")]
        {
            assert!(add(place, target).is_some(), "{target}");
        }
        for (place, target) in [("d/a", "../b"), ("s", "."), ("latest", "1998/01/页.txt")] {
            assert_eq!(add(place, target), None, "{target}");
        }
        let hard = |target: &str| links.problem_with_hard(target, target.as_bytes());
        assert!(links.problem_above("s/x".as_ref()).is_some());
        assert!(links.problem_above("d/x".as_ref()).is_none());
        assert!(hard("../x").is_some() && hard("s/x").is_some());
        assert!(hard("d/x").is_none());
    }
}
