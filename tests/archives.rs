//! Archives in and out: what the usual tools wrote, names that lead elsewhere,
//! what breaks off, is damaged, or is made to do harm.

use std::io::{Cursor, Read, Write as _};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use textmend::Error;
use textmend::io::archive::{Archive, Format, Kind, Member, NameEncoding, Writer};
use textmend::io::compression::{self, Compression, Limits, frame};
use zip::write::SimpleFileOptions;

const FIXTURES: &[(&str, Format)] = &[
    ("gnu.tar", Format::Tar),
    ("pax.tar", Format::Tar),
    ("ustar.tar", Format::Tar),
    ("pages.tgz", Format::Tar),
    ("pages.zip", Format::Zip),
    ("locked.zip", Format::Zip),
];

fn fixture(name: &str) -> PathBuf {
    Path::new("tests/archives").join(name)
}

/// A file of `bytes` in a folder of its own.
fn file_of(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("archive");
    std::fs::write(&path, bytes).expect("written");
    (folder, path)
}

/// Every member with its contents, and everything that was wrong.
fn read_all(path: &Path, format: Format, limits: Limits) -> (Vec<(Member, Vec<u8>)>, Vec<Error>) {
    let (mut members, mut problems) = (Vec::new(), Vec::new());
    let mut archive = match Archive::open(path, format, limits) {
        Ok(archive) => archive,
        Err(problem) => return (members, vec![problem]),
    };
    while let Some(member) = archive.next_member() {
        let member = match member {
            Ok(member) => member,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let mut contents = Vec::new();
        let read = archive.contents(&member).map(|mut reader| reader.read_to_end(&mut contents));
        match read {
            Ok(Ok(_)) => {}
            Ok(Err(problem)) => problems.push(Error::of_reading(path, problem)),
            Err(problem) => problems.push(problem),
        }
        members.push((member, contents));
    }
    (members, problems)
}

/// The archive with `change` made to its texts, everything else carried over.
fn rewrite(path: &Path, format: Format, change: impl Fn(&str) -> Option<String>) -> (Vec<u8>, Vec<Error>) {
    let mut problems = Vec::new();
    let mut archive = Archive::open(path, format, Limits::default()).expect("it opens");
    let mut out = compression::Writer::new(Vec::new(), archive.compression(), None);
    let mut writer = Writer::new(path, format).expect("it begins");
    while let Some(member) = archive.next_member() {
        let Ok(member) = member.map_err(|problem| problems.push(problem)) else { continue };
        if member.kind == Kind::File && member.name.ends_with(".txt") {
            let mut text = String::new();
            archive.contents(&member).expect("it opens").read_to_string(&mut text).expect("a text");
            let packed = member.with_contents(path, change(&text).unwrap_or(text).as_bytes());
            writer.put(packed.expect("packed"), &mut out).expect("written");
            continue;
        }
        writer.copy(&member, &mut out).expect("written");
        loop {
            match archive.next_stretch(&member) {
                Ok(Some(stretch)) => writer.stretch(&stretch, &mut out).expect("written"),
                Ok(None) => break,
                Err(problem) => {
                    problems.push(problem);
                    break;
                }
            }
        }
        writer.end_copy(&mut out).expect("written");
    }
    writer.finish(&mut out).expect("finished");
    (out.finish().expect("finished"), problems)
}

#[test]
fn what_the_usual_tools_wrote_is_read() {
    let page = std::fs::read(fixture("page.txt")).expect("a committed file");
    for (name, format) in FIXTURES {
        let (members, problems) = read_all(&fixture(name), *format, Limits::default());
        assert!(problems.is_empty(), "{name}: {problems:?}");
        let kinds = |kind| members.iter().filter(|(member, _)| member.kind == kind).count();
        let texts: Vec<_> = members.iter().filter(|(_, contents)| contents.len() > 20).collect();
        assert!(texts.iter().all(|(member, text)| *text == page && member.size == page.len() as u64));
        let expected = match *name {
            "ustar.tar" => [1, 0, 1, 0],
            "pages.zip" => [3, 1, 1, 1],
            "locked.zip" => [0, 0, 0, 1],
            _ => [2, 2, 1, 0],
        };
        assert_eq!(
            [texts.len(), kinds(Kind::Folder), kinds(Kind::Link), kinds(Kind::Locked)],
            expected,
            "{name}"
        );
        for (member, contents) in &members {
            assert_eq!(member.place, Path::new(member.name.trim_end_matches('/')));
            assert!(!member.name.ends_with(".png") || contents.starts_with(b"\x89PNG"));
        }
    }
}

#[test]
fn an_archive_of_nothing_to_mend_stays_byte_for_byte() {
    for name in ["gnu.tar", "pax.tar", "ustar.tar"] {
        let (written, problems) = rewrite(&fixture(name), Format::Tar, |_| None);
        assert!(problems.is_empty() && written == std::fs::read(fixture(name)).expect("there"), "{name}");
    }
    let (written, _) = rewrite(&fixture("pages.tgz"), Format::Tar, |_| None);
    let (_folder, path) = file_of(&written);
    assert_eq!(Compression::of_bytes(&written), Some(Compression::Gzip));
    let plain = rewrite(&fixture("gnu.tar"), Format::Tar, |_| None).0;
    let mut unpacked = Vec::new();
    let mut reader = textmend::io::compression::Reader::open(&path, Limits::default()).expect("it opens");
    reader.read_to_end(&mut unpacked).expect("whole");
    assert!(unpacked == plain);
}

#[test]
fn texts_are_replaced_and_the_rest_stays() {
    for (name, format) in FIXTURES {
        let source = fixture(name);
        let (before, _) = read_all(&source, *format, Limits::default());
        let (written, problems) = rewrite(&source, *format, |text| Some(text.replace("渡口", "码头上")));
        assert!(problems.is_empty(), "{name}: {problems:?}");
        assert!(written == rewrite(&source, *format, |text| Some(text.replace("渡口", "码头上"))).0);
        let (_folder, path) = file_of(&written);
        let (after, problems) = read_all(&path, *format, Limits::default());
        assert!(problems.is_empty(), "{name}: {problems:?}");
        assert_eq!(before.len(), after.len());
        for ((old, old_contents), (new, new_contents)) in before.iter().zip(&after) {
            assert_eq!((&old.name, old.kind, &old.place), (&new.name, new.kind, &new.place), "{name}");
            if old.kind == Kind::File && old.name.ends_with(".txt") {
                let old = String::from_utf8(old_contents.clone()).expect("a text");
                assert_eq!(new_contents, old.replace("渡口", "码头上").as_bytes());
            } else {
                assert_eq!(old_contents, new_contents);
            }
        }
    }
}

/// What the other side of the format, its own library, says of what is written.
#[test]
fn modes_times_owners_and_methods_stay() {
    let longer = |text: &str| Some(text.repeat(3));
    for name in ["gnu.tar", "pax.tar"] {
        let (written, _) = rewrite(&fixture(name), Format::Tar, longer);
        let mut archive = tar::Archive::new(written.as_slice());
        let mut lengths = Vec::new();
        for entry in archive.entries().expect("an archive") {
            let entry = entry.expect("a member");
            let header = entry.header();
            assert_eq!(
                (header.mtime().expect("a time"), header.uid().expect("an id")),
                (1_577_934_245, 1000)
            );
            assert_eq!(header.username().expect("a name"), Some("editor"));
            if entry.path().expect("a path").ends_with("a.txt") {
                assert_eq!(header.mode().expect("a mode"), 0o640);
            }
            lengths.push(entry.size());
        }
        assert_eq!(lengths, [0, 1203, 0, 12, 0, 1203], "{name}");
    }
    let (written, _) = rewrite(&fixture("pages.zip"), Format::Zip, longer);
    let mut old =
        zip::ZipArchive::new(std::fs::File::open(fixture("pages.zip")).expect("there")).expect("zip");
    let mut new = zip::ZipArchive::new(Cursor::new(written)).expect("zip");
    assert_eq!((old.comment(), old.len()), (new.comment(), new.len()));
    for index in 0..old.len() {
        let (old, new) = (old.by_index_raw(index).expect("there"), new.by_index_raw(index).expect("there"));
        assert_eq!(old.name_raw(), new.name_raw());
        assert_eq!((old.compression(), old.unix_mode()), (new.compression(), new.unix_mode()));
        assert_eq!(old.last_modified(), new.last_modified());
    }
}

/// A tar file with members of these names, as they are, and one good one.
fn tar_of(names: &[&[u8]]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for name in names.iter().copied().chain([b"good.txt".as_slice()]) {
        let mut header = tar::Header::new_gnu();
        header.set_size(4);
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_cksum();
        builder.append(&header, b"text".as_slice()).expect("written");
    }
    builder.into_inner().expect("finished")
}

#[test]
fn members_that_would_leave_the_folder_are_refused() {
    let names: &[&[u8]] = &[
        b"../evil",
        b"/etc/evil",
        b"a/../../evil",
        b"C:\\evil",
        b"a\\..\\evil",
        b"\xAC\x5C..\x5Cevil",
        b"NUL.txt",
        b"x. ",
    ];
    let (_folder, path) = file_of(&tar_of(names));
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    assert_eq!(members.len(), 1);
    assert_eq!((members[0].0.name.as_str(), members[0].1.as_slice()), ("good.txt", b"text".as_slice()));
    assert_eq!(problems.len(), names.len());
    assert!(problems.iter().all(|problem| matches!(problem, Error::Member { .. })), "{problems:?}");
    assert!(problems[0].to_string().contains("../evil"), "{}", problems[0]);

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["../evil", "/etc/evil", "a\\evil", "con", "good.txt"] {
        writer.start_file(name, SimpleFileOptions::default()).expect("begun");
        writer.write_all(b"text").expect("written");
    }
    let (_folder, path) = file_of(&writer.finish().expect("finished").into_inner());
    let (members, problems) = read_all(&path, Format::Zip, Limits::default());
    assert_eq!((members.len(), problems.len()), (1, 4), "{problems:?}");
}

/// A zip file whose members have these names, as they are, and a comment each.
fn zip_of(names: &[&[u8]], extra: impl Fn(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stand_in = |number: usize| char::from(b'a' + number as u8).to_string().repeat(names[number].len());
    for number in 0..names.len() {
        let options = SimpleFileOptions::default().unix_permissions(0o640).into_full_options();
        let mut options = options.with_file_comment("comment");
        if let Some(extra) = extra(number) {
            options.add_extra_field(0x7075, extra, false).expect("a field");
        }
        writer.start_file(stand_in(number), options).expect("begun");
        writer.write_all("新渡口".as_bytes()).expect("written");
    }
    let mut bytes = writer.finish().expect("finished").into_inner();
    for (number, name) in names.iter().enumerate() {
        let stand_in = stand_in(number);
        while let Some(at) = memchr::memmem::find(&bytes, stand_in.as_bytes()) {
            bytes[at..at + name.len()].copy_from_slice(name);
        }
    }
    let comment = "渠".as_bytes();
    while let Some(at) = memchr::memmem::find(&bytes, b"comment") {
        bytes[at..at + 7].copy_from_slice(&[comment, b"\xC7\xFE.!"].concat());
    }
    bytes
}

/// A member of a zip file as its library tells of it.
struct Told {
    name: Vec<u8>,
    comment: Vec<u8>,
    mode: Option<u32>,
    text: String,
}

fn told_by_the_library(bytes: Vec<u8>) -> Vec<Told> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let count = archive.len();
    let member = |number| {
        let mut file = archive.by_index(number).expect("a member");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("a text");
        let (name, comment) = (file.name_raw().to_vec(), file.comment_raw().to_vec());
        Told { name, comment, mode: file.unix_mode(), text }
    };
    (0..count).map(member).collect()
}

#[test]
fn names_that_are_no_utf8_are_read_and_stay_as_they_are() {
    let told = ["青禾县报/第一版/要闻.txt", "青禾县报/第二版/渡口.gif", "青禾县报/第三版/副刊.txt"];
    for encoding in [encoding_rs::GBK, encoding_rs::UTF_8] {
        let raw: Vec<_> = told.iter().map(|name| encoding.encode(name).0.into_owned()).collect();
        let raw: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
        for (bytes, format) in [(zip_of(&raw, |_| None), Format::Zip), (tar_of(&raw), Format::Tar)] {
            let (_folder, path) = file_of(&bytes);
            let (members, problems) = read_all(&path, format, Limits::default());
            assert!(problems.is_empty(), "{problems:?}");
            for ((member, _), told) in members.iter().zip(told) {
                assert_eq!((member.name.as_str(), member.place.as_path()), (told, Path::new(told)));
            }
            let (written, problems) = rewrite(&path, format, |text| Some(text.replace("渡口", "码头上")));
            assert!(problems.is_empty(), "{problems:?}");
            for name in &raw {
                assert!(memchr::memmem::find(&written, name).is_some(), "{format:?}");
            }
            if format == Format::Zip {
                let (old, new) = (told_by_the_library(bytes), told_by_the_library(written));
                for (old, new) in old.iter().zip(&new) {
                    assert_eq!((&old.name, old.mode), (&new.name, new.mode));
                    let change = old.name.ends_with(b".txt");
                    let text =
                        if change { old.text.replace("渡口", "码头上") } else { old.text.clone() };
                    assert_eq!(new.text, text);
                }
                let comments = old.iter().map(|old| &old.comment).eq(new.iter().map(|new| &new.comment));
                assert!(comments || encoding == encoding_rs::UTF_8);
            }
        }
    }
}

#[test]
fn names_are_read_as_they_are_said_to_be() {
    let raw = encoding_rs::BIG5.encode("渡口.txt").0.into_owned();
    let (_folder, path) = file_of(&zip_of(&[&raw], |_| None));
    let name = |label: &str| {
        let archive = Archive::open(&path, Format::Zip, Limits::default()).expect("it opens");
        let mut archive = archive.with_names(Some(NameEncoding::for_label(label).expect("known")));
        archive.next_member().expect("a member").expect("a sound one").name
    };
    assert_eq!(name("big5"), "渡口.txt");
    assert_eq!(name("cp437"), raw.iter().map(|byte| cp437(*byte)).collect::<String>());
    assert!(NameEncoding::for_label("klingon").is_err());
    // What a Unicode path says stands above both, if it is of this name.
    let field = |of: &[u8], name: &str| {
        let mut crc = flate2::Crc::new();
        crc.update(of);
        Some([&[1], crc.sum().to_le_bytes().as_slice(), name.as_bytes()].concat())
    };
    for (name, problems) in [("渡口.txt", 0), ("../渡口.txt", 1)] {
        let (_folder, path) = file_of(&zip_of(&[&raw], |_| field(&raw, name)));
        let (members, refused) = read_all(&path, Format::Zip, Limits::default());
        assert_eq!(refused.len(), problems, "{refused:?}");
        assert!(members.iter().all(|(member, _)| member.name == name));
        if problems == 0 {
            let (written, _) = rewrite(&path, Format::Zip, |text| Some(text.repeat(2)));
            assert_eq!(told_by_the_library(written)[0].name, name.as_bytes());
        }
    }
    let (_folder, path) = file_of(&zip_of(&[&raw], |_| field(b"other", "渠.txt")));
    let (_, refused) = read_all(&path, Format::Zip, Limits::default());
    assert!(refused[0].to_string().contains("two names"), "{refused:?}");
}

/// Of the few characters used here.
fn cp437(byte: u8) -> char {
    match byte {
        0xB4 => '┤',
        0xE7 => 'τ',
        0xA4 => 'ñ',
        0x66 => 'f',
        other => char::from(other),
    }
}

#[test]
fn links_that_lead_out_are_refused_and_what_lies_below_links_too() {
    let mut builder = tar::Builder::new(Vec::new());
    let links = [
        ("out", tar::EntryType::Symlink, "../../etc"),
        ("absolute", tar::EntryType::Symlink, "/etc/passwd"),
        ("hard", tar::EntryType::Link, "../secret"),
        ("fine", tar::EntryType::Symlink, "folder"),
        ("fine/below", tar::EntryType::Regular, ""),
        ("same", tar::EntryType::Link, "good.txt"),
    ];
    for (name, kind, target) in links {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_path(name).expect("a name");
        header.set_link_name_literal(target).expect("a target");
        header.set_cksum();
        builder.append(&header, std::io::empty()).expect("written");
    }
    let (_folder, path) = file_of(&builder.into_inner().expect("finished"));
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    let names: Vec<_> = members.iter().map(|(member, _)| member.name.as_str()).collect();
    assert_eq!(names, ["fine", "same"]);
    assert_eq!(problems.len(), 4, "{problems:?}");

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("fine", "folder/x", SimpleFileOptions::default()).expect("written");
    writer.add_symlink("out", "../x", SimpleFileOptions::default()).expect("written");
    let (_folder, path) = file_of(&writer.finish().expect("finished").into_inner());
    let (members, problems) = read_all(&path, Format::Zip, Limits::default());
    assert_eq!((members.len(), problems.len()), (1, 1), "{problems:?}");
}

#[test]
fn a_name_told_twice_is_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", b"good.txt".as_slice()), ("path", b"../evil")]).expect("written");
    let (_folder, path) =
        file_of(&[builder.into_inner().expect("finished")[..1024].to_vec(), tar_of(&[])].concat());
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    assert!(members.is_empty() && problems[0].to_string().contains("two names"), "{problems:?}");
}

#[test]
fn a_size_that_pax_tells_is_the_right_one() {
    let mut builder = tar::Builder::new(Vec::new());
    builder
        .append_pax_extensions([("size", b"9".as_slice()), ("comment", "青禾".as_bytes())])
        .expect("written");
    let mut header = tar::Header::new_ustar();
    header.set_path("a.txt").expect("a name");
    header.set_size(0);
    header.set_cksum();
    let mut bytes = builder.into_inner().expect("finished")[..1024].to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend("新渡口".as_bytes());
    bytes.resize(2048 + 1024, 0);
    let (_folder, path) = file_of(&bytes);
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    assert!(problems.is_empty() && members[0].1 == "新渡口".as_bytes(), "{problems:?}");
    let (written, _) = rewrite(&path, Format::Tar, |text| Some(text.repeat(2)));
    assert!(memchr::memmem::find(&written, "comment=青禾".as_bytes()).is_some());
    let (_folder, path) = file_of(&written);
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    assert!(problems.is_empty() && members[0].1 == "新渡口新渡口".as_bytes(), "{problems:?}");
}

#[test]
fn what_comes_before_the_break_is_delivered() {
    for name in ["gnu.tar", "pax.tar"] {
        let bytes = std::fs::read(fixture(name)).expect("there");
        let (whole, _) = read_all(&fixture(name), Format::Tar, Limits::default());
        let end = bytes.iter().rposition(|byte| *byte != 0).expect("not empty").next_multiple_of(512);
        for cut in (0..end).step_by(101).chain([512, 1024, end]) {
            let (_folder, path) = file_of(&bytes[..cut]);
            let (members, problems) = read_all(&path, Format::Tar, Limits::default());
            assert_eq!(problems.len(), 1, "{name} cut at {cut}");
            let told = problems[0].to_string();
            assert!(told.contains(&format!("byte {cut} of the tar file")), "{told}");
            for ((member, contents), (known, all)) in members.iter().zip(&whole) {
                assert_eq!(member.name, known.name);
                assert!(all.starts_with(contents));
            }
        }
    }
    let zip = std::fs::read(fixture("pages.zip")).expect("there");
    let (_folder, path) = file_of(&zip[..zip.len() - 40]);
    let (_, problems) = read_all(&path, Format::Zip, Limits::default());
    assert!(matches!(problems[..], [Error::Damaged { .. }]), "{problems:?}");
}

#[test]
fn a_member_that_breaks_off_is_filled_up_when_carried_over() {
    let mut bytes = tar_of(&[b"photo.png"]);
    bytes.truncate(512 + 2);
    let (_folder, path) = file_of(&bytes);
    let (written, problems) = rewrite(&path, Format::Tar, |_| None);
    assert!(problems[0].to_string().contains("photo.png"), "{problems:?}");
    let (_folder, path) = file_of(&written);
    let (members, problems) = read_all(&path, Format::Tar, Limits::default());
    assert!(problems.is_empty() && members[0].1 == b"te\0\0", "{problems:?}");
}

#[test]
fn what_follows_the_end_or_lies_before_it_is_an_error() {
    for (name, format) in [("gnu.tar", Format::Tar), ("pages.zip", Format::Zip)] {
        let bytes = std::fs::read(fixture(name)).expect("there");
        let (_folder, path) = file_of(&[bytes.as_slice(), b"more"].concat());
        let (members, problems) = read_all(&path, format, Limits::default());
        assert!(problems[0].to_string().contains("follows the end"), "{name}: {problems:?}");
        assert_eq!(members.is_empty(), format == Format::Zip);
    }
    let bytes = std::fs::read(fixture("pages.zip")).expect("there");
    let (_folder, path) = file_of(&[b"#!/bin/sh\n".as_slice(), &bytes].concat());
    let (_, problems) = read_all(&path, Format::Zip, Limits::default());
    assert!(problems[0].to_string().contains("before"), "{problems:?}");
}

#[test]
fn members_that_overlap_are_refused() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a.txt", "b.txt"] {
        writer.start_file(name, SimpleFileOptions::default()).expect("begun");
        writer.write_all(b"text").expect("written");
    }
    let mut bytes = writer.finish().expect("finished").into_inner();
    // The second entry of the list at the end points to the first member.
    let entry = memchr::memmem::rfind(&bytes, b"PK\x01\x02").expect("an entry");
    bytes[entry + 42..entry + 46].fill(0);
    let (_folder, path) = file_of(&bytes);
    let (members, problems) = read_all(&path, Format::Zip, Limits::default());
    assert!(members.is_empty() && matches!(problems[..], [Error::Damaged { .. }]), "{problems:?}");
}

#[test]
fn a_zip_file_that_lies_about_sizes_gives_no_more_than_it_says() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.txt", SimpleFileOptions::default()).expect("begun");
    writer.write_all(&[b'a'; 100_000]).expect("written");
    let mut bytes = writer.finish().expect("finished").into_inner();
    for (magic, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let at = memchr::memmem::find(&bytes, magic).expect("a header") + offset;
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let (_folder, path) = file_of(&bytes);
    let (members, problems) = read_all(&path, Format::Zip, Limits::default());
    assert_eq!(members[0].0.size, 100);
    assert!(members[0].1.len() <= 100 && problems.len() == 1, "{problems:?}");
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits { free: 1 << 20, ..Limits::default() };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.txt", SimpleFileOptions::default()).expect("begun");
    writer.write_all(&vec![b'a'; 16 << 20]).expect("written");
    let (_folder, path) = file_of(&writer.finish().expect("finished").into_inner());
    let (members, problems) = read_all(&path, Format::Zip, limits);
    assert!(members[0].1.is_empty());
    assert!(problems[0].to_string().contains("a.txt") && problems[0].to_string().contains("--max-ratio"));

    let mut header = tar::Header::new_gnu();
    header.set_size(16 << 20);
    header.set_path("a.txt").expect("a name");
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, std::io::repeat(b'a').take(16 << 20)).expect("written");
    let tar = builder.into_inner().expect("finished");
    let (_folder, path) = file_of(&frame(Compression::Zstd, None, &tar).expect("packed"));
    let (members, problems) = read_all(&path, Format::Tar, limits);
    assert!(members[0].1.len() < 4 << 20);
    assert!(matches!(problems[..], [Error::Bomb { .. }, ..]), "{problems:?}");
}

#[test]
fn a_document_packed_as_zip_is_no_archive() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("[Content_Types].xml", SimpleFileOptions::default()).expect("begun");
    let (_folder, path) = file_of(&writer.finish().expect("finished").into_inner());
    let (_, problems) = read_all(&path, Format::Zip, Limits::default());
    assert!(matches!(problems[..], [Error::NotText { .. }]), "{problems:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing panics or runs on, and no place ever leaves the folder.
    #[test]
    fn changed_bytes_are_survived(
        fixture_index in 0..FIXTURES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let (name, format) = FIXTURES[fixture_index];
        let mut bytes = std::fs::read(fixture(name)).expect("there");
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
            // Past the checksum, to what lies behind it.
            if format == Format::Tar && bytes.len().is_multiple_of(512) {
                let block = place / 512 * 512;
                let mut header = tar::Header::new_old();
                header.as_mut_bytes().copy_from_slice(&bytes[block..block + 512]);
                header.set_cksum();
                bytes[block..block + 512].copy_from_slice(header.as_bytes());
            }
        }
        if let Some(cut) = cut {
            let cut = cut.index(bytes.len());
            bytes.truncate(cut);
        }
        let (_folder, path) = file_of(&bytes);
        let limits = Limits { size: Some(1 << 20), ..Limits::default() };
        for (member, _) in read_all(&path, format, limits).0 {
            prop_assert!(member.place.components().all(|part| matches!(part, std::path::Component::Normal(_))));
        }
    }

    #[test]
    fn arbitrary_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..2000), zip in any::<bool>()) {
        let format = if zip { Format::Zip } else { Format::Tar };
        let (_folder, path) = file_of(&bytes);
        read_all(&path, format, Limits { size: Some(1 << 20), ..Limits::default() });
    }
}
