//! A folder to run the program in, and what is put there.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use textmend::io::compression::{Compression, frame};

/// What every run here does: quickly, and with the shipped rules.
pub(crate) const CLEAN: [&str; 4] = ["clean", "--isolated", "--only", "width"];

pub(crate) const RULE: &str = r#"
summary = "A word to be replaced"
why = "For tests: 替换."
confidence = "certain"
pattern = '(?<edit>停工)'
replace = "复工"
[[fix]]
in = "停工了"
out = "复工了"
[[keep]]
text = "完工"
because = "another word"
"#;

pub(crate) struct Place(pub(crate) tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textmend"));
        command.current_dir(self.0.path()).args(CLEAN).args(args);
        command
    }

    /// Runs `clean`; gives its status and what it told.
    pub(crate) fn clean(&self, args: &[&str]) -> (i32, String) {
        told(&self.command(args).output().expect("it runs"))
    }

    /// All files below `name` but the journal, with what they hold.
    pub(crate) fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(name);
        let mut found = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("there") {
                let path = entry.expect("readable").path();
                if path.ends_with(".textmend") {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let place = path.strip_prefix(&root).expect("below it").to_owned();
                    found.insert(place, fs::read(&path).expect("readable"));
                }
            }
        }
        found
    }
}

pub(crate) fn told(output: &Output) -> (i32, String) {
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A record whose text needs a repair, in the `n`th of its forms.
pub(crate) fn record(n: usize) -> String {
    let text = format!("第{n}渠开工,沿线水塘{n}处(含泵站{})已修好,石桥镇一切照旧。", n % 7);
    format!("{{\"id\": {n}, \"text\": {}, \"source\": \"渠报\"}}\n", Value::from(text.repeat(1 + n % 5)))
}

/// A folder of many things: pages in two encodings, records, what is no text.
pub(crate) fn archive(place: &Place, pages: usize, records: usize) {
    for n in 0..pages {
        let text = format!("第{n}渠开工,沿线水塘{n}处(含泵站{})已修好。\n石桥镇一切照旧。\n", n % 7);
        let text = text.repeat(1 + n % 20);
        let bytes = if n % 3 == 0 { encoding_rs::GB18030.encode(&text).0.into_owned() } else { text.into() };
        place.write(&format!("archive/{:02}/{n:04}.txt", n % 10), bytes);
    }
    place.write("archive/empty.txt", "");
    place.write("archive/scan.gif", b"GIF89a\0\x01");
    let mut lines: String = (0..records).map(record).collect();
    lines.insert_str(0, "{\"id\": \"broken\", \"text\": \n");
    place.write("archive/05/news.jsonl", lines);
}

/// Adds every other format to it: compressed records, archives, datasets.
pub(crate) fn containers(place: &Place, records: usize) {
    let lines: String = (0..records).map(record).collect();
    for compression in [Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2] {
        let name = format!("archive/05/news.jsonl.{}", compression.extension());
        place.write(&name, frame(compression, None, lines.as_bytes()).expect("memory takes all"));
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives");
    for entry in fs::read_dir(fixtures).expect("there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let bytes = fs::read(&path).expect("readable");
        if name.ends_with(".tar") {
            let packed = frame(Compression::Zstd, None, &bytes).expect("memory takes all");
            place.write(&format!("archive/10/{name}.zst"), packed);
        }
        place.write(&format!("archive/10/{name}"), bytes);
    }
}

/// What `command` prints in the folder.
pub(crate) fn shell(place: &Place, command: &str) -> Vec<u8> {
    let output =
        Command::new("bash").current_dir(place.0.path()).args(["-c", command]).output().expect("it runs");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
