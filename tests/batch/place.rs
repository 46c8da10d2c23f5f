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

/// A page of 15 to 18 KB that needs a repair, in the `n`th of its forms.
fn page(n: usize) -> String {
    let text = format!("第{n}渠开工,沿线水塘{n}处(含泵站{})已修好,石桥镇一切照旧。\n", n % 7);
    text.repeat(190 + n % 5)
}

/// A tar file of so many pages, with a folder, a link and a picture among them.
pub(crate) fn tar(pages: usize) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |name: &str, kind, link: &str, contents: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(contents.len() as u64);
        if !link.is_empty() {
            header.set_link_name(link).expect("a target");
        }
        builder.append_data(&mut header, name, contents).expect("written");
    };
    for n in 0..pages {
        add(&format!("pages/{n:05}.txt"), tar::EntryType::Regular, "", page(n).as_bytes());
        match n % 50 {
            20 => add(&format!("pages/{n:05}"), tar::EntryType::Directory, "", b""),
            30 => add(&format!("latest-{n:05}"), tar::EntryType::Symlink, "pages/00000.txt", b""),
            40 => add(&format!("{n:05}.gif"), tar::EntryType::Regular, "", &b"GIF89a\0\x01".repeat(60_000)),
            _ => {}
        }
    }
    builder.into_inner().expect("finished")
}

/// A zip file of so many pages, with folders and a picture among them.
pub(crate) fn zip(pages: usize) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for n in 0..pages {
        writer.start_file(format!("pages/{n:05}.txt"), options).expect("begun");
        std::io::Write::write_all(&mut writer, page(n).as_bytes()).expect("written");
        if n % 50 == 20 {
            writer.add_directory(format!("pages/{n:05}/"), options).expect("written");
            writer.start_file("scan.png".replace('.', &format!("-{n}.")), options).expect("begun");
            std::io::Write::write_all(&mut writer, b"\x89PNG\r\n\x1A\n\0\0").expect("written");
        }
    }
    writer.finish().expect("finished").into_inner()
}

/// A Parquet file of so many pages, and of records called by strings, so many
/// rows a group.
#[cfg(feature = "parquet")]
pub(crate) fn dataset(pages: usize, group: usize) -> Vec<u8> {
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let text: StringArray = (0..pages).map(|n| (n % 9 != 4).then(|| page(n))).collect();
    let id: StringArray = (0..pages).map(|n| (n % 5 != 1).then(|| format!("渠报/{n}"))).collect();
    let number = Int64Array::from_iter_values((0..pages).map(|n| 7 * n as i64));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(id) as ArrayRef, true),
        ("text", Arc::new(text), true),
        ("number", Arc::new(number), false),
    ]);
    let batch = batch.expect("columns of one length");
    let properties =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(group));
    let writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.build()));
    let mut writer = writer.expect("begun");
    writer.write(&batch).expect("written");
    writer.into_inner().expect("finished")
}

/// Adds every other format to it: compressed records, archives, datasets.
pub(crate) fn containers(place: &Place, records: usize) {
    place.write("archive/11/pages.tar", tar(200));
    place.write("archive/11/pages.tar.gz", frame(Compression::Gzip, None, &tar(150)).expect("packed"));
    place.write("archive/12/pages.zip", zip(200));
    #[cfg(feature = "parquet")]
    place.write("archive/12/pages.parquet", dataset(200, 60));

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
