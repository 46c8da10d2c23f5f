//! Runs that were killed in the middle of one large file, whatever its format:
//! what was done of it is not done again.

use crate::place::{Place, dataset, record, tar, zip};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use textmend::io::compression::{Compression, frame};

/// Files half written in `folder`, the largest last.
fn parts(folder: &Path) -> Vec<(u64, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let parts = paths.filter(|path| path.extension().is_some_and(|end| end == "part"));
    let mut parts: Vec<_> = parts.filter_map(|path| Some((path.metadata().ok()?.len(), path))).collect();
    parts.sort();
    parts
}

/// Kills a run over `name` once it has written `enough` bytes of what lies in
/// `folder` of its output.
fn kill_halfway(place: &Place, name: &str, folder: &str, enough: u64) {
    let mut child = place
        .command(&[name, "-o", "clean/", "--edits", "edits.jsonl", "--resume"])
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let folder = place.path("clean").join(folder);
    while parts(&folder).last().is_none_or(|(size, _)| *size < enough)
        && child.try_wait().expect("ours").is_none()
    {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(child.try_wait().expect("ours").is_none(), "{name} was done too soon to be killed");
    child.kill().expect("ours");
    child.wait().expect("ours");
}

/// A run over `name` is killed once `enough` bytes of its result lie in
/// `folder`, and gone on with twice: once as it is, which has to come to what
/// an undisturbed run comes to, and once with the result of its first document
/// replaced where it lies, which has to come out as it was replaced.
fn goes_on(place: &Place, name: &str, folder: &str, enough: u64, replace: impl FnOnce(&Path)) {
    // Pictures are no text.
    let (expected, told) = place.clean(&[name, "-o", "whole/", "--edits", "whole.jsonl"]);
    assert!(matches!(expected, 0 | 2), "{told}");
    kill_halfway(place, name, folder, enough);
    crate::place::shell(place, "cp -r clean changed");
    let (_, part) = parts(&place.path("changed").join(folder)).pop().expect("half written");
    replace(&part);
    // A stray tail, as of a write that the journal does not know of.
    let (_, part) = parts(&place.path("clean").join(folder)).pop().expect("half written");
    fs::File::options().append(true).open(part).expect("ours").write_all(b"stray").expect("written");
    let resume = |output: &str, edits: &str| {
        let (status, told) = place.clean(&[name, "-o", output, "--edits", edits, "--resume"]);
        assert_eq!(status, expected, "{told}");
    };
    resume("clean/", "edits.jsonl");
    assert!(place.tree("whole") == place.tree("clean"), "{name} came out differently");
    assert!(place.read("whole.jsonl") == place.read("edits.jsonl"));
    assert!(parts(&place.path("clean/.textmend")).is_empty(), "something was left behind");
    resume("changed/", "changed.jsonl");
    assert!(place.tree("whole") != place.tree("changed"), "{name}: what was done was done again");
}

/// The first clean text in `path`, replaced by one as long.
fn replace_first(path: &Path) {
    let mut bytes = fs::read(path).expect("there");
    let (old, new) = ("第0渠开工，".as_bytes(), "第0渠完工，".as_bytes());
    let at = memchr::memmem::find(&bytes, old).expect("the first text");
    bytes[at..at + old.len()].copy_from_slice(new);
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_run_goes_on_in_the_middle_of_records() {
    let place = Place::new();
    let lines: String = (0..16_000).map(record).collect();
    place.write("news.jsonl", &lines);
    goes_on(&place, "news.jsonl", "", 3 << 20, replace_first);
}

#[test]
fn a_run_goes_on_in_the_middle_of_a_tar_file() {
    let place = Place::new();
    place.write("pages.tar", tar(600));
    goes_on(&place, "pages.tar", "", 3 << 20, replace_first);
    assert!(place.read("changed/pages.tar").contains("第0渠完工，"));
}

#[test]
fn a_run_goes_on_in_the_middle_of_a_packed_tar_file() {
    let place = Place::new();
    place.write("pages.tar.zst", frame(Compression::Zstd, None, &tar(600)).expect("packed"));
    // Its first part, which ends at the first checkpoint, is another one.
    goes_on(&place, "pages.tar.zst", "", 60 << 10, |part| {
        let bytes = fs::read(part).expect("there");
        let magic = b"\x28\xB5\x2F\xFD";
        let second = memchr::memmem::find(&bytes[4..], magic).expect("a second part") + 4;
        let first = zstd::decode_all(&bytes[..second]).expect("a whole part");
        let mut packed = zstd::encode_all(first.as_slice(), 19).expect("packed");
        // A skippable frame fills up what the better packing saved.
        let room = second - packed.len() - 8;
        packed.extend([0x50, 0x2A, 0x4D, 0x18]);
        packed.extend(u32::try_from(room).expect("little").to_le_bytes());
        packed.resize(second, 0);
        fs::write(part, [&packed, &bytes[second..]].concat()).expect("written");
    });
}

#[test]
fn a_run_goes_on_in_the_middle_of_a_zip_file() {
    let place = Place::new();
    place.write("pages.zip", zip(600));
    goes_on(&place, "pages.zip", ".textmend", 3 << 20, replace_first);
    let bytes = fs::read(place.path("changed/pages.zip")).expect("there");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a whole archive");
    let mut text = String::new();
    let mut first = archive.by_index(0).expect("a member");
    std::io::Read::read_to_string(&mut first, &mut text).expect("a text");
    assert!(text.starts_with("第0渠完工，"), "{text}");
}

#[cfg(feature = "parquet")]
#[test]
fn a_run_goes_on_in_the_middle_of_a_dataset() {
    let place = Place::new();
    place.write("pages.parquet", dataset(600, 100));
    goes_on(&place, "pages.parquet", ".textmend", 3 << 20, replace_first);
    let mut reader =
        textmend::io::parquet::Reader::open(&place.path("changed/pages.parquet"), "text").expect("sound");
    let Some(Ok(textmend::io::parquet::Piece::Texts(texts))) = reader.next_piece(1) else { panic!("texts") };
    assert!(texts[0].as_deref().is_some_and(|text| text.starts_with("第0渠完工，".as_bytes())));
}

/// What was kept of an archive that has changed since is of no use.
#[test]
fn an_archive_that_changed_is_done_anew() {
    let place = Place::new();
    place.write("pages.zip", zip(600));
    kill_halfway(&place, "pages.zip", ".textmend", 3 << 20);
    place.write("pages.zip", zip(20));
    place.clean(&["pages.zip", "-o", "clean/", "--edits", "edits.jsonl", "--resume"]);
    place.clean(&["pages.zip", "-o", "whole/", "--edits", "whole.jsonl"]);
    assert!(place.tree("whole") == place.tree("clean"));
    assert!(place.read("whole.jsonl") == place.read("edits.jsonl"));
    assert!(parts(&place.path("clean/.textmend")).is_empty());
}

/// Nothing of a file that is no longer there is left, once a run has ended.
#[test]
fn what_is_not_gone_on_with_is_swept() {
    let place = Place::new();
    place.write("pages.tar", tar(600));
    kill_halfway(&place, "pages.tar", "", 3 << 20);
    place.write("page.txt", "种树,修渠");
    let (status, told) = place.clean(&["page.txt", "-o", "clean/", "--edits", "edits.jsonl", "--resume"]);
    assert_eq!(status, 0, "{told}");
    let names: Vec<_> = place.tree("clean").into_keys().collect();
    assert_eq!(names, [Path::new("page.txt"), Path::new("run.json")]);
}
