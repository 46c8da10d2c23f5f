//! What is made to do harm, and what is broken: the good part of it comes out
//! clean, the bad is named with its place, and nothing that is read is touched.

use crate::place::{Place, archive, containers};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::SystemTime;
use textmend::io::compression::{Compression, frame};

const PAGE: &[u8] = "种树,修渠\n".as_bytes();
const CLEAN_PAGE: &[u8] = "种树，修渠\n".as_bytes();

/// A tar file of members with these names, as they are, and of links.
fn tar_of(names: &[&str], links: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, target) in names.iter().map(|name| (*name, "")).chain(links.iter().copied()) {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        let contents = if target.is_empty() { PAGE } else { b"" };
        header.set_size(contents.len() as u64);
        if !target.is_empty() {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_link_name_literal(target).expect("a target");
        }
        header.set_cksum();
        builder.append(&header, contents).expect("written");
    }
    builder.into_inner().expect("finished")
}

fn zip_of(names: &[&str]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in names {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        writer.write_all(PAGE).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

#[test]
fn no_member_leaves_the_folder() {
    let place = Place::new();
    let bad = ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "NUL.txt", "evil.txt. "];
    let names = [&["good.txt"], &bad[..]].concat();
    place.write("in/pages.tar", tar_of(&names, &[("up", "../.."), ("root", "/etc/passwd")]));
    place.write("in/pages.zip", zip_of(&names));
    let (status, told) = place.clean(&["in", "-o", "clean"]);
    assert_eq!(status, 2, "{told}");
    for name in bad.iter().chain(&["up", "root"]) {
        let times = if bad.contains(name) { 2 } else { 1 };
        let named = told.lines().filter(|line| line.starts_with("error: ")).filter(|line| {
            line.contains(&format!("{name:?}")) || line.contains(&format!("`{name}`")) || line.contains(name)
        });
        assert!(named.count() >= times, "{name}: {told}");
    }
    for archive in ["clean/pages.tar", "clean/pages.zip"] {
        let bytes = fs::read(place.path(archive)).expect("there");
        assert!(memchr::memmem::find(&bytes, b"good.txt").is_some());
        assert!(memchr::memmem::find(&bytes, b"evil").is_none(), "{archive}");
    }
    let outside: Vec<_> = place.tree(".").into_keys().filter(|path| path.ends_with("evil.txt")).collect();
    assert!(outside.is_empty(), "{outside:?}");
}

#[test]
fn what_unpacks_without_end_is_stopped() {
    let place = Place::new();
    let bomb = vec![b'a'; 8 << 20];
    place.write("in/bomb.txt.gz", frame(Compression::Gzip, None, &bomb).expect("packed"));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, contents) in [("a.txt", PAGE), ("bomb.txt", bomb.as_slice())] {
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        tar.append_data(&mut header, name, contents).expect("written");
    }
    let tar = tar.into_inner().expect("finished");
    place.write("in/bomb.tar.zst", frame(Compression::Zstd, None, &tar).expect("packed"));
    place.write("in/page.txt", PAGE);
    let (status, told) = place.clean(&["in", "-o", "clean", "--max-unpacked", "1M"]);
    assert_eq!((status, told.matches("--max-unpacked").count() >= 2), (2, true), "{told}");
    assert_eq!(fs::read(place.path("clean/page.txt")).expect("there"), CLEAN_PAGE);
    let good = zstd::decode_all(&*fs::read(place.path("clean/bomb.tar.zst")).expect("there")).expect("whole");
    assert!(memchr::memmem::find(&good, CLEAN_PAGE).is_some());
    // By its ratio, beyond the first 64 MiB.
    place.write("ratio/bomb.txt.zst", frame(Compression::Zstd, None, &vec![b'a'; 80 << 20]).expect("packed"));
    let args = ["ratio", "-o", "out", "--max-ratio", "10", "--max-document", "200M"];
    let (status, told) = place.clean(&args);
    assert_eq!(status, 2);
    assert!(told.contains("--max-ratio"), "{told}");
}

#[test]
fn what_is_broken_is_named_and_the_rest_is_cleaned() {
    let place = Place::new();
    let lines = "{\"text\":\"种树,修渠\"}\n{\"text\": \n[1]\n{\"text\":\"修渠,种树\"}\n";
    place.write("in/news.jsonl", lines);
    let packed = frame(Compression::Gzip, None, "种树,修渠\n".repeat(5000).as_bytes()).expect("packed");
    place.write("in/page.txt.gz", &packed[..packed.len() - 9]);
    place.write("in/page.txt", PAGE);
    place.write("in/cut.zip", &zip_of(&["a.txt"])[..60]);
    place.write("in/cut.tar", &tar_of(&["a.txt", "b.txt"], &[])[..512 + 512 + 512 + 4]);
    #[cfg(feature = "parquet")]
    {
        let sound = crate::place::dataset(40, 10);
        place.write("in/cut.parquet", &sound[..sound.len() - 10]);
        // A page of texts in the second group.
        let mut bytes = sound.clone();
        let at = memchr::memmem::find(&bytes, "第14渠开工".as_bytes()).expect("it is not packed");
        bytes[at - 40..at].fill(0xFF);
        place.write("in/page.parquet", bytes);
    }
    let (status, told) = place.clean(&["in", "-o", "clean"]);
    assert_eq!(status, 2);
    let mut places =
        vec!["in/news.jsonl:2: ", "in/news.jsonl:3: ", "in/page.txt.gz: ", "in/cut.zip: ", "b.txt"];
    if cfg!(feature = "parquet") {
        places
            .extend(["in/cut.parquet: the end of the file", "in/page.parquet: row group 1 (rows 10 to 20)"]);
    }
    for place in places {
        assert!(
            told.lines().any(|line| line.starts_with("error: ") && line.contains(place)),
            "{place}: {told}"
        );
    }
    assert_eq!(fs::read(place.path("clean/page.txt")).expect("there"), CLEAN_PAGE);
    assert_eq!(place.read("clean/news.jsonl"), lines.replace(",修", "，修").replace(",种", "，种"));
    let tar = fs::read(place.path("clean/cut.tar")).expect("there");
    assert!(memchr::memmem::find(&tar, CLEAN_PAGE).is_some());
    assert!(!place.path("clean/cut.zip").exists() && !place.path("clean/cut.parquet").exists());
    #[cfg(feature = "parquet")]
    {
        let bytes = fs::read(place.path("clean/page.parquet")).expect("there");
        let has = |text: &str| memchr::memmem::find(&bytes, text.as_bytes()).is_some();
        assert!(has("第3渠开工，") && has("第35渠开工，") && has("第14渠开工,"));
    }
}

/// All that can be told of the files below `name`.
fn state(place: &Place, name: &str) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime, bool)> {
    let tree = place.tree(name).into_iter();
    let told = |(path, bytes): (PathBuf, Vec<u8>)| {
        let found = fs::metadata(place.path(name).join(&path)).expect("there");
        (path, (bytes, found.modified().expect("told"), found.permissions().readonly()))
    };
    tree.map(told).collect()
}

#[test]
fn what_is_read_is_only_read() {
    let place = Place::new();
    archive(&place, 20, 50);
    containers(&place, 20);
    for path in place.tree("archive").into_keys() {
        let path = place.path("archive").join(path);
        let mut permissions = fs::metadata(&path).expect("there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions).expect("ours");
    }
    let before = state(&place, "archive");
    let (status, told) = place.clean(&["archive", "-o", "clean", "--edits", "edits.jsonl"]);
    assert_eq!(status, 2, "{told}");
    assert!(before == state(&place, "archive"));
    let written = place.tree("clean").into_keys().map(|path| place.path("clean").join(path));
    assert!(written.into_iter().all(|path| !fs::metadata(path).expect("there").permissions().readonly()));
    for output in ["archive", "archive/clean", "."] {
        let (status, told) = place.clean(&["archive", "-o", output]);
        assert_eq!(status, 2);
        assert!(told.contains("lie one inside the other"), "{output}: {told}");
    }
    assert!(before == state(&place, "archive"));
}
