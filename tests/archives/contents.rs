//! What the usual tools wrote is read, and written again with all but its texts
//! as it was.

use std::io::{Cursor, Read};
use std::path::Path;

use textmend::Error;
use textmend::io::archive::{Format, Kind};
use textmend::io::compression::{Compression, Limits, Reader};
use zip::write::SimpleFileOptions;

use super::{FIXTURES, file_of, fixture, read_all, rewrite};

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
    let mut reader = Reader::open(&path, Limits::default()).expect("it opens");
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
fn a_document_packed_as_zip_is_no_archive() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("[Content_Types].xml", SimpleFileOptions::default()).expect("begun");
    let (_folder, path) = file_of(&writer.finish().expect("finished").into_inner());
    let (_, problems) = read_all(&path, Format::Zip, Limits::default());
    assert!(matches!(problems[..], [Error::NotText { .. }]), "{problems:?}");
}
