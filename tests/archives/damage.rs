//! What breaks off, is damaged, or is made to do harm.

use std::io::{Cursor, Read, Write as _};

use proptest::prelude::*;
use textmend::Error;
use textmend::io::archive::Format;
use textmend::io::compression::{Compression, Limits, frame};
use zip::write::SimpleFileOptions;

use super::{FIXTURES, file_of, fixture, read_all, rewrite, tar_of};

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
