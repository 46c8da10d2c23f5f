//! Names in any encoding, and names and links that lead out of the archive.

use std::io::{Cursor, Read, Write as _};
use std::path::Path;

use textmend::Error;
use textmend::io::archive::{Archive, Format, NameEncoding};
use textmend::io::compression::Limits;
use zip::write::SimpleFileOptions;

use super::{file_of, read_all, rewrite, tar_of};

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
