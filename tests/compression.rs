//! Compressed files in and out: what the usual tools wrote, what breaks off, is
//! damaged, or is made to do harm.

use std::io::{self, Read, Write};
use std::path::Path;

use proptest::prelude::*;
use textmend::Error;
use textmend::io::compression::{Compression, Limits, Reader, Writer, frame};

const ALL: [Compression; 4] = [Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/archives").join(name)).expect("a committed file")
}

/// All that can be read of `bytes`, what stopped it, and how much is verified.
fn read(bytes: &[u8], compression: Compression, limits: Limits) -> (Vec<u8>, Option<Error>, u64) {
    let path = Path::new("page.txt.gz");
    let mut reader = Reader::new(bytes, path, Some(compression), limits);
    let mut text = Vec::new();
    let error = reader.read_to_end(&mut text).err().map(|error| Error::of_reading(path, error));
    if error.is_some() {
        assert!(reader.read(&mut [0; 8]).is_err(), "an error stays one");
    }
    assert_eq!(reader.unpacked(), text.len() as u64);
    (text, error, reader.verified())
}

/// A text long enough for several blocks of every compression, and not too
/// easy to pack.
fn long_text(bytes: usize) -> Vec<u8> {
    let mut text = Vec::new();
    let mut number: u32 = 7;
    while text.len() < bytes {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        writeln!(text, "青禾县第{}号渡口今日往返{}班。", number >> 20, number >> 28).expect("a vector");
    }
    text
}

#[test]
fn what_the_usual_tools_wrote_is_read() {
    let page = fixture("page.txt");
    for compression in ALL {
        for stem in ["page", "parts"] {
            let name = format!("{stem}.txt.{}", compression.extension());
            let bytes = fixture(&name);
            assert_eq!(Compression::of_bytes(&bytes), Some(compression), "{name}");
            let path = Path::new("tests/archives").join(&name);
            let mut reader = Reader::open(&path, Limits::default()).expect("it opens");
            let mut text = Vec::new();
            reader.read_to_end(&mut text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(text, page, "{name}");
            assert_eq!((reader.packed(), reader.verified()), (bytes.len() as u64, page.len() as u64));
        }
    }
    let mut plain = Reader::open("tests/archives/page.txt".as_ref(), Limits::default()).expect("it opens");
    assert_eq!(plain.compression(), None);
    assert_eq!(io::read_to_string(&mut plain).expect("text").as_bytes(), page);
}

#[test]
fn what_is_written_is_read_again_and_holds_no_time_and_no_name() {
    let text = long_text(3 << 20);
    for compression in ALL {
        let write = || {
            let mut writer = Writer::new(Vec::new(), Some(compression), None);
            for piece in text.chunks(700_001) {
                writer.write_all(piece).expect("written");
                writer.flush().expect("flushed");
                writer.finish_frame().expect("ended");
                writer.finish_frame().expect("nothing to end");
            }
            writer.finish().expect("finished")
        };
        let written = write();
        assert_eq!(written, write(), "{compression:?}");
        let pieces = text.chunks(700_001).map(|piece| frame(compression, None, piece).expect("a part"));
        assert_eq!(written, pieces.collect::<Vec<_>>().concat(), "parts one after another are the file");
        assert!(read(&written, compression, Limits::default()).0 == text, "{compression:?}");
        let empty = Writer::new(Vec::new(), Some(compression), None).finish().expect("finished");
        assert!(!empty.is_empty() && Compression::of_bytes(&empty) == Some(compression));
        assert_eq!(read(&empty, compression, Limits::default()).0, b"");
    }
    let gzip = frame(Compression::Gzip, None, b"x").expect("a part");
    assert_eq!(gzip[3..8], [0; 5], "no flags, no time");
}

#[test]
fn a_file_cut_after_a_part_is_continued() {
    let text = long_text(400_000);
    let (first, second) = text.split_at(150_000);
    for compression in ALL.map(Some).into_iter().chain([None]) {
        let mut whole = Writer::new(Vec::new(), compression, Some(4));
        whole.write_all(first).expect("written");
        whole.finish_frame().expect("ended");
        let cut = whole.written();
        whole.write_all(second).expect("written");
        let whole = whole.finish().expect("finished");
        let kept = whole[..usize::try_from(cut).expect("small")].to_vec();
        let mut resumed = Writer::resumed(kept, compression, Some(4), cut);
        resumed.write_all(second).expect("written");
        assert!(resumed.finish().expect("finished") == whole, "{compression:?}");
    }
}

#[test]
fn what_comes_before_the_break_is_delivered() {
    let text = long_text(100_000);
    let (first, second) = text.split_at(60_000);
    for compression in ALL {
        let first_part = frame(compression, None, first).expect("a part");
        let file = [first_part.clone(), frame(compression, None, second).expect("a part")].concat();
        for cut in (0..file.len()).step_by(97).chain(file.len() - 9..file.len()) {
            let (got, error, verified) = read(&file[..cut], compression, Limits::default());
            assert!(text.starts_with(&got), "{compression:?} cut at {cut}");
            if cut == first_part.len() {
                assert!(error.is_none() && got == first);
                continue;
            }
            let told = error.expect("it breaks off").to_string();
            assert!(told.contains(&format!("byte {cut} of the compressed file")), "{told}");
            assert_eq!(verified, if cut > first_part.len() { first.len() as u64 } else { 0 });
        }
    }
}

#[test]
fn damage_is_found_and_the_part_before_it_kept() {
    let text = long_text(100_000);
    let (first, second) = text.split_at(60_000);
    for compression in ALL {
        let first_part = frame(compression, None, first).expect("a part");
        let mut file = [first_part.clone(), frame(compression, None, second).expect("a part")].concat();
        let middle = first_part.len() + (file.len() - first_part.len()) / 2;
        file[middle] ^= 0x55;
        let (got, error, verified) = read(&file, compression, Limits::default());
        assert!(got.starts_with(first), "{compression:?}");
        assert_eq!(verified, first.len() as u64);
        assert!(matches!(error, Some(Error::Damaged { .. })), "{compression:?}: {error:?}");
    }
}

#[test]
fn what_follows_the_data_is_an_error_but_padding() {
    let told = |bytes: &[u8], compression| {
        let (text, error, _) = read(bytes, compression, Limits::default());
        (text, error.map(|error| error.to_string()).unwrap_or_default())
    };
    for compression in ALL {
        let mut file = frame(compression, None, b"text").expect("a part");
        let end = file.len();
        file.extend(b"more");
        let (text, error) = told(&file, compression);
        assert_eq!(text, b"text");
        assert!(error.contains(&format!("byte {end} of")) && error.contains("not compressed"), "{error}");
        let (text, error) = told(b"plain text", compression);
        assert!(text.is_empty() && error.contains("is none"), "{error}");
        assert!(told(b"", compression).1.contains("empty"));
    }
}

#[test]
fn bombs_are_stopped_and_repeated_text_is_not() {
    let limits = Limits { free: 1 << 20, ..Limits::default() };
    for compression in ALL {
        // Deflate packs nothing closer than 1,032 : 1, where the limit is 1,000.
        let bomb = frame(compression, Some(9), &vec![b'a'; 32 << 20]).expect("a part");
        let (text, error, _) = read(&bomb, compression, limits);
        let error = error.expect("stopped").to_string();
        assert!(text.len() < 4 << 20 && error.contains("--max-ratio"), "{compression:?} {error}");
        assert_eq!(read(&bomb, compression, Limits::NONE).0.len(), 32 << 20);
        let size = Limits { size: Some(1000), ..Limits::default() };
        let error = read(&bomb, compression, size).1.expect("stopped");
        assert!(matches!(&error, Error::Bomb { .. }) && error.to_string().contains("--max-unpacked"));
        let pages = frame(compression, None, &fixture("page.txt").repeat(3000)).expect("a part");
        let (text, error, _) = read(&pages, compression, Limits::default());
        let packed = pages.len();
        assert!(error.is_none(), "{compression:?}: {packed} bytes became {}: {error:?}", text.len());
    }
}

/// Reads to the end or an error, a few bytes at a time: neither panics nor runs
/// on without an end.
fn survive(bytes: &[u8], compression: Compression, at_once: usize) -> (Vec<u8>, bool) {
    let limits = Limits { size: Some(1 << 20), ..Limits::default() };
    let mut reader = Reader::new(bytes, "x".as_ref(), Some(compression), limits);
    let (mut text, mut buffer) = (Vec::new(), vec![0; at_once]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return (text, true),
            Ok(read) => text.extend(&buffer[..read]),
            Err(_) => return (text, false),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_survived(
        mut bytes in prop::collection::vec(any::<u8>(), 0..600),
        compression in prop::sample::select(ALL.to_vec()),
        header in 0_usize..20,
        at_once in 1_usize..5000,
    ) {
        let real = frame(compression, None, b"text").expect("a part");
        let header = header.min(bytes.len()).min(real.len());
        bytes[..header].copy_from_slice(&real[..header]);
        survive(&bytes, compression, at_once);
    }

    /// Where a part is told to be whole, its text is the right one, whatever
    /// byte was changed: every one of the four has a checksum.
    #[test]
    fn changed_bytes_are_survived_and_told(
        compression in prop::sample::select(ALL.to_vec()),
        place in any::<prop::sample::Index>(),
        change in 1_u8..,
        length in 0_usize..3000,
        at_once in 1_usize..5000,
    ) {
        let text = long_text(length);
        let mut file = frame(compression, None, &text).expect("a part");
        let place = place.index(file.len());
        file[place] ^= change;
        let (got, whole) = survive(&file, compression, at_once);
        if whole {
            // Only what is no data can change unseen: flags and times in gzip's
            // header.
            prop_assert_eq!(got, text);
        }
    }

    #[test]
    fn any_pieces_give_the_text_again(
        pieces in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..300), any::<bool>()), 0..6),
        compression in prop::sample::select(ALL.to_vec()),
        at_once in 1_usize..50,
    ) {
        let mut writer = Writer::new(Vec::new(), Some(compression), Some(1));
        for (piece, end) in &pieces {
            writer.write_all(piece).expect("written");
            if *end {
                writer.finish_frame().expect("ended");
            }
        }
        let file = writer.finish().expect("finished");
        let text: Vec<u8> = pieces.iter().flat_map(|(piece, _)| piece.clone()).collect();
        prop_assert_eq!(survive(&file, compression, at_once), (text, true));
    }
}
