//! The source comes back byte for byte, whatever its encoding.

use std::fs;

use encoding_rs::{BIG5, GB18030};

use super::{done, folder, run};

const TEXT: &str = "石桥镇种树,修渠，\r\n通路,架桥。\r\n\r\n柳塘乡一切照旧,没有可说的。\r\n";

fn utf16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let mark = bom.then_some(0xFEFF);
    let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    mark.into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn the_source_comes_back() {
    let mut broken = TEXT.repeat(10).into_bytes();
    broken.extend(b"\xE5\xA5 \xFF\xFE\xE6\xA0\x91");
    let traditional = "石橋鎮種樹,修渠，\r\n通路,架橋。\r\n柳塘鄉一切照舊。\r\n";
    let sources: [(&str, Vec<u8>, &[&str]); 12] = [
        ("UTF-8", TEXT.into(), &[]),
        ("UTF-8, mark", format!("\u{FEFF}{TEXT}").into(), &[]),
        ("UTF-8, LF", TEXT.replace('\r', "").into(), &[]),
        ("UTF-8, CR", TEXT.replace('\n', "").into(), &[]),
        ("UTF-8, no line end", TEXT.trim_end().into(), &[]),
        ("UTF-8, broken", broken, &[]),
        ("GB18030", GB18030.encode(TEXT).0.into(), &[]),
        ("GB18030, told", GB18030.encode(&format!("{TEXT}𠮷")).0.into(), &["--encoding", "gb18030"]),
        ("Big5", BIG5.encode(traditional).0.into(), &["--encoding", "big5"]),
        ("UTF-16LE, mark", utf16(TEXT, false, true), &[]),
        ("UTF-16BE, mark", utf16(TEXT, true, true), &[]),
        ("UTF-16LE", utf16(TEXT, false, false), &[]),
    ];
    for (name, source, more) in sources {
        let folder = folder();
        let file = |name: &str| folder.path().join(name);
        fs::write(file("page.txt"), &source).expect("written");
        let args = ["clean", "page.txt", "-o", "clean.txt", "--edits", "page.jsonl"];
        done(folder.path(), &[&args, more].concat());
        assert_ne!(fs::read(file("clean.txt")).expect("written"), source, "{name}: nothing was repaired");
        assert_eq!(fs::read(file("page.txt")).expect("there"), source, "{name}: the source was touched");
        let back = done(folder.path(), &["revert", "clean.txt", "--edits", "page.jsonl"]);
        assert_eq!(back, source, "{name}: to standard output");
        done(folder.path(), &["revert", "clean.txt", "--edits", "page.jsonl", "-o", "back.txt"]);
        assert_eq!(fs::read(file("back.txt")).expect("written"), source, "{name}: to a file");
    }
}

#[test]
fn of_many_records_those_of_the_text_count() {
    let folder = folder();
    fs::create_dir(folder.path().join("pages")).expect("made");
    for (name, text) in [("a.txt", "种树,修渠"), ("b.txt", "通路,架桥"), ("c.txt", "通路，架桥")]
    {
        fs::write(folder.path().join("pages").join(name), text).expect("written");
    }
    done(folder.path(), &["clean", "pages", "-o", "clean", "--edits", "all.jsonl"]);
    for name in ["a.txt", "b.txt", "c.txt"] {
        let back = done(folder.path(), &["revert", &format!("clean/{name}"), "--edits", "all.jsonl"]);
        assert_eq!(back, fs::read(folder.path().join("pages").join(name)).expect("there"), "{name}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("page.txt"), "种树,修渠").expect("written");
    done(folder.path(), &["clean", "page.txt", "-o", "clean.txt", "--edits", "page.jsonl"]);
    let refused = |args: &[&str], why: &str| {
        let output = run(folder.path(), args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(told.contains(why) && output.stdout.is_empty(), "{args:?}: {told}");
    };
    refused(&["revert", "page.txt", "--edits", "page.jsonl"], "was it changed since?");
    refused(&["revert", "clean.txt", "--edits", "clean.txt"], "clean.txt: line 1");
    refused(&["revert", "clean.txt", "--edits", "page.jsonl", "-o", "clean.txt"], "would be overwritten");
    refused(&["revert", "clean.txt", "--edits", "page.jsonl", "-o", "page.jsonl"], "would be overwritten");
    fs::write(folder.path().join("empty.jsonl"), "").expect("written");
    refused(&["revert", "clean.txt", "--edits", "empty.jsonl"], "no edit records");
    fs::write(folder.path().join("latin.txt"), b"caf\xE9").expect("written");
    refused(&["revert", "latin.txt", "--edits", "page.jsonl"], "not UTF-8 at byte 3");
}
