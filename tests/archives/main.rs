//! Archives in and out.

mod contents;
mod damage;
mod names;

use std::io::Read;
use std::path::{Path, PathBuf};

use textmend::Error;
use textmend::io::archive::{Archive, Format, Kind, Member, Writer};
use textmend::io::compression::{self, Limits};

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
