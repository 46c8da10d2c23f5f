//! What is read, and in what shape it comes out.

use crate::place::{Place, RULE, record, shell};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

#[test]
fn records_keep_all_but_their_text() {
    let place = Place::new();
    let lines = concat!(
        "\u{FEFF}{\"text\":\"种树,修渠\",\"n\":1.50}\r\n",
        "\r\n",
        "{\"n\": 2, \"text\" : \"照旧\" }\n",
        "{\"n\":3}\n",
        "{\"text\":4}\n",
        "not JSON\n",
        "{\"text\":\"\\u79cd\\u6811,\\u4fee\\u6e20\",\"id\":\"a/b\"}",
    );
    place.write("news.jsonl", lines);
    let (status, told) =
        place.clean(&["news.jsonl", "-o", "clean.jsonl", "--edits", "e.jsonl", "--id-field", "id"]);
    assert_eq!(status, 2);
    let clean = place.read("clean.jsonl");
    let expected = lines.replace("种树,修渠", "种树，修渠").replace("\\u6811,", "\\u6811\\uff0c");
    assert_eq!(clean, expected);
    for problem in [
        "news.jsonl:4: there is no field `text`",
        "news.jsonl:5: the text is no string that can be read (invalid type: integer `4`",
        "news.jsonl:6: this line is no JSON object (expected ident at column 2)",
    ] {
        assert!(told.contains(problem), "{problem}: {told}");
    }
    let edits = place.read("e.jsonl");
    let documents: Vec<Value> = edits
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|record| record["type"] == "document")
        .collect();
    let of = |n: usize| (&documents[n]["path"], &documents[n]["line"], &documents[n]["id"]);
    assert_eq!(of(2), (&"news.jsonl".into(), &7.into(), &"a/b".into()));
    assert_eq!(of(0), (&"news.jsonl".into(), &1.into(), &Value::Null));
}

#[test]
fn records_can_carry_their_repairs() {
    let place = Place::new();
    place.write("news.ndjson", "{\"text\":\"种树,修渠\",\"n\":1}\n{\"text\":\"照旧\",\"repairs\":0}\n");
    let (status, told) = place.clean(&["news.ndjson", "-o", "clean.ndjson", "--repairs-field", "repairs"]);
    assert_eq!(status, 2);
    assert!(told.contains("news.ndjson:2: there is a field `repairs` already"), "{told}");
    let clean = place.read("clean.ndjson");
    let (first, second) = clean.split_once('\n').expect("two lines");
    assert!(
        first.starts_with("{\"text\":\"种树，修渠\",\"repairs\":[{\"type\":\"repair\",\"id\":"),
        "{first}"
    );
    assert!(first.ends_with(",\"n\":1}") && second == "{\"text\":\"照旧\",\"repairs\":0}\n");
    let record: Value = serde_json::from_str(first).expect("JSON");
    assert_eq!(record["repairs"][0]["rule"], "width/ascii-comma");
}

#[test]
fn what_is_too_large_is_skipped_unread() {
    let place = Place::new();
    place.write("pages/large.txt", "渠".repeat(100));
    place.write("pages/small.txt", "种树,修渠");
    let (status, told) = place.clean(&["pages", "-o", "clean", "--max-document", "200"]);
    assert_eq!(status, 2);
    assert!(told.contains("pages/large.txt: it is larger than the 200 bytes"), "{told}");
    let names: Vec<_> = place.tree("clean").into_keys().collect();
    assert_eq!(names, [Path::new("run.json"), Path::new("small.txt")]);
    // A line of 1 MB: it goes through in parts, and never lies in memory whole.
    let long = format!("{{\"text\":\"{}\"}}", "种树,".repeat(150_000));
    let lines = format!("{{\"text\":\"种,树\"}}\n{long}\n{{\"text\":\"修,渠\"}}\n{long}");
    place.write("news.jsonl", &lines);
    let (status, told) = place.clean(&["news.jsonl", "-o", "clean.jsonl", "--max-document", "100k"]);
    assert_eq!((status, told.matches("longer than").count()), (2, 2), "{told}");
    assert!(told.contains("news.jsonl:2: ") && told.contains("news.jsonl:4: "), "{told}");
    let expected = lines.replace("种,树", "种，树").replace("修,渠", "修，渠");
    assert!(place.read("clean.jsonl") == expected);
}

#[test]
fn files_are_named_in_many_ways() {
    let place = Place::new();
    for name in ["pages/a.txt", "pages/b.md", "pages/sub/c.txt", "other/a.txt"] {
        place.write(name, "种树,修渠");
    }
    let places = |output: &str| -> Vec<String> {
        let names = place.tree(output).into_keys().map(|path| path.to_string_lossy().into_owned());
        names.filter(|name| name != "run.json").collect()
    };
    let (status, told) = place.clean(&["pages/**/*.txt", "-o", "by-pattern"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(places("by-pattern"), ["a.txt", "sub/c.txt"]);
    place.write("list", "pages/b.md\r\n\nother/a.txt\nmissing.txt\n");
    let (status, told) = place.clean(&["--file-list", "list", "-o", "by-list"]);
    assert_eq!(status, 2);
    assert!(told.starts_with("error: missing.txt: there is no such file"), "{told}");
    assert_eq!(places("by-list"), ["other/a.txt", "pages/b.md"]);
    let mut child =
        place.command(&["--file-list", "-", "-o", "by-pipe"]).stdin(Stdio::piped()).spawn().expect("runs");
    child.stdin.take().expect("piped").write_all(b"pages/a.txt\n").expect("read");
    assert!(child.wait().expect("it ends").success());
    assert_eq!(places("by-pipe"), ["pages/a.txt"]);
    // Two that want the same place: the first has it.
    let (status, told) = place.clean(&["pages", "other", "-o", "clash"]);
    assert_eq!(status, 2);
    assert!(told.contains("clash/a.txt: two results would be written to this file"), "{told}");
    let (status, told) = place.clean(&["pages/*.pdf", "-o", "none"]);
    assert_eq!(status, 2);
    assert!(told.contains("pages/*.pdf: no file fits this pattern"), "{told}");
    assert!(!place.path("none").exists());
}

#[test]
fn markup_data_and_code_are_left_alone() {
    let place = Place::new();
    let table = "编号,村名,渠长\n1,石溪村,种树,修渠\n";
    for (name, text) in
        [("in/page.txt", "种树,修渠\n"), ("in/places.csv", table), ("in/notes", "种树,修渠\n")]
    {
        place.write(name, text);
    }
    shell(
        &place,
        "gzip -k in/places.csv && cp in/places.csv in/alto.XML && tar -cf in.tar in && cat in/places.csv.gz > places.csv.gz",
    );
    let (status, told) = place.clean(&["in", "-o", "clean"]);
    assert_eq!(status, 0, "{told}");
    let names: Vec<_> = place.tree("clean").into_keys().collect();
    assert_eq!(names, [Path::new("notes"), Path::new("page.txt"), Path::new("run.json")]);
    // In an archive they stay where they are.
    let (status, told) = place.clean(&["in.tar", "-o", "clean.tar"]);
    assert_eq!(status, 0, "{told}");
    shell(&place, "mkdir out && tar -xf clean.tar -C out");
    assert_eq!(place.read("out/in/page.txt"), "种树，修渠\n");
    assert!(place.read("out/in/places.csv") == table && place.read("out/in/alto.XML") == table);
    assert!(place.tree("out/in")[Path::new("places.csv.gz")] == place.tree("in")[Path::new("places.csv.gz")]);
    // Who names one is told, and may insist.
    for name in ["in/places.csv", "places.csv.gz"] {
        let (status, told) = place.clean(&[name]);
        assert_eq!(status, 2);
        assert!(told.contains("it holds markup, data or code") && told.contains("--format text"), "{told}");
    }
    let (status, told) = place.clean(&["in/places.csv", "--format", "text", "-o", "places.txt"]);
    assert_eq!(status, 0, "{told}");
    assert!(place.read("places.txt").contains("种树，修渠"));
}

#[test]
fn an_encoding_is_kept() {
    let place = Place::new();
    let encode = |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    place.write("gb.txt", encode(encoding_rs::GB18030, &"种树,修渠。石桥镇一切照旧。\n".repeat(5)));
    place.write("le.txt", b"\xFF\xFE\x41\x00\x0A\x00");
    let (status, told) = place.clean(&["gb.txt", "le.txt", "-o", "clean", "--keep-encoding"]);
    assert_eq!(status, 0, "{told}");
    let gb = encode(encoding_rs::GB18030, &"种树，修渠。石桥镇一切照旧。\n".repeat(5));
    assert_eq!(fs::read(place.path("clean/gb.txt")).expect("there"), gb);
    assert_eq!(fs::read(place.path("clean/le.txt")).expect("there"), b"\xFF\xFE\x41\x00\x0A\x00");
    // Bytes that are no Big5 stay; a character that Big5 lacks is told.
    let mut big5 = encode(encoding_rs::BIG5, "種樹,修渠");
    big5.extend(b"\xFF\n");
    place.write("big5.txt", &big5);
    let args = ["big5.txt", "-o", "big5.out", "--keep-encoding", "--encoding", "big5"];
    let (status, told) = place.clean(&args);
    assert_eq!(status, 0, "{told}");
    let mut expected = encode(encoding_rs::BIG5, "種樹，修渠");
    expected.extend(b"\xFF\n");
    assert_eq!(fs::read(place.path("big5.out")).expect("there"), expected);
    let rule = RULE.replace("复", "😀");
    place.write("rules/width/test-stop.toml", rule);
    place.write("big5.txt", encode(encoding_rs::BIG5, "種樹\n停工\n"));
    let (status, told) = place.clean(&[&args[..], &["--rules", "rules"]].concat());
    assert_eq!(status, 2);
    assert!(told.contains("big5.txt: '😀' in line 2 can't be written in Big5"), "{told}");
}

#[test]
fn compressed_files_come_out_compressed() {
    let place = Place::new();
    let lines: String = (0..200).map(record).collect();
    place.write("archive/news.jsonl", &lines);
    place.write("archive/page.txt", "种树,修渠\n");
    shell(&place, "gzip -k archive/news.jsonl && bzip2 -k archive/page.txt && xz -k archive/page.txt");
    let (status, told) = place.clean(&["archive", "-o", "clean"]);
    assert_eq!(status, 0, "{told}");
    let page = "种树，修渠\n".as_bytes();
    assert_eq!(shell(&place, "bzip2 -dc clean/page.txt.bz2"), page);
    assert_eq!(shell(&place, "xz -dc clean/page.txt.xz"), page);
    assert!(shell(&place, "gzip -dc clean/news.jsonl.gz") == place.read("clean/news.jsonl").as_bytes());
    let (status, _) = place.clean(&["archive/news.jsonl.gz", "-o", "again.jsonl.bz2"]);
    assert_eq!(status, 0);
    assert!(shell(&place, "bzip2 -dc again.jsonl.bz2") == place.read("clean/news.jsonl").as_bytes());
    // A file that breaks off: what is good of it is cleaned.
    let whole = fs::read(place.path("archive/news.jsonl.gz")).expect("there");
    place.write("cut/news.jsonl.gz", &whole[..whole.len() / 2]);
    let (status, told) = place.clean(&["cut", "-o", "rest"]);
    assert_eq!(status, 2);
    assert!(told.contains("cut/news.jsonl.gz: byte "), "{told}");
    let rest =
        String::from_utf8(shell(&place, "gzip -dc rest/news.jsonl.gz")).expect("UTF-8 but for its end");
    let whole = place.read("clean/news.jsonl");
    let good = rest.lines().count() - 1;
    assert!(good > 10 && whole.lines().take(good).eq(rest.lines().take(good)));
}

#[test]
fn archives_come_out_as_archives() {
    let place = Place::new();
    place.write("in/page.txt", "种树,修渠\n");
    place.write("in/sub/news.jsonl", "{\"text\":\"种树,修渠\"}\n{}\n");
    place.write("in/scan.gif", b"GIF89a\0\x01");
    shell(&place, "tar -C in -czf pages.tgz . && tar -C in -cf pages.tar . && mkdir out");
    let zip = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives/pages.zip");
    fs::copy(zip, place.path("pages.zip")).expect("copied");
    let files = ["pages.tgz", "pages.tar", "pages.zip"];
    let (status, told) = place.clean(&[&files[..], &["-o", "clean", "--edits", "e.jsonl"]].concat());
    assert_eq!(status, 2);
    for problem in
        ["pages.tar/scan.gif: this is no text file", "pages.tgz/sub/news.jsonl:2: there is no field"]
    {
        assert!(told.contains(problem), "{problem}: {told}");
    }
    for name in ["pages.tgz", "pages.tar"] {
        shell(&place, &format!("rm -rf out && mkdir out && tar -C out -xf clean/{name}"));
        assert_eq!(place.read("out/page.txt"), "种树，修渠\n");
        assert_eq!(place.read("out/sub/news.jsonl"), "{\"text\":\"种树，修渠\"}\n{}\n");
        assert_eq!(fs::read(place.path("out/scan.gif")).expect("there"), b"GIF89a\0\x01");
    }
    let edits = place.read("e.jsonl");
    assert!(edits.contains("\"path\":\"pages.tar/page.txt\"") && edits.contains("pages.zip/"), "{edits}");
    assert_ne!(fs::read(place.path("clean/pages.zip")).expect("there").len(), 0);
    let (_, told) = place.clean(&[&files[..], &["-o", "clean", "--edits", "e.jsonl", "--resume"]].concat());
    assert!(told.contains("done before: 3 files\n"), "{told}");
}

#[cfg(feature = "parquet")]
#[test]
fn datasets_come_out_as_datasets() {
    let place = Place::new();
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives/pages.parquet");
    fs::copy(pages, place.path("pages.parquet")).expect("copied");
    let (status, told) =
        place.clean(&["pages.parquet", "-o", "clean/", "--edits", "e.jsonl", "--repairs-field", "r"]);
    assert_eq!(status, 0, "{told}");
    let column = |path: &str, column: &str| -> Vec<Option<Vec<u8>>> {
        let mut reader = textmend::io::parquet::Reader::open(&place.path(path), column).expect("sound");
        let mut all = Vec::new();
        while let Some(piece) = reader.next_piece(1 << 20) {
            match piece.expect("sound") {
                textmend::io::parquet::Piece::Texts(texts) => all.extend(texts),
                textmend::io::parquet::Piece::Damaged(error) => panic!("{error}"),
            }
        }
        all
    };
    let (before, after) = (column("pages.parquet", "text"), column("clean/pages.parquet", "text"));
    assert_eq!(before.len(), after.len());
    let repairs = column("clean/pages.parquet", "r");
    for (n, ((before, after), repairs)) in before.iter().zip(&after).zip(&repairs).enumerate() {
        assert_eq!(before.is_some(), after.is_some(), "row {n}");
        let repairs: Value = serde_json::from_slice(repairs.as_deref().unwrap_or(b"[]")).expect("JSON");
        assert_eq!(before != after, repairs.as_array().is_some_and(|all| !all.is_empty()), "row {n}");
    }
    let (status, told) = place.clean(&["pages.parquet", "-o", "other/", "--text-field", "nothing"]);
    assert_eq!(status, 2);
    assert!(told.contains("pages.parquet: ") && told.contains("nothing"), "{told}");
}

#[cfg(feature = "parquet")]
#[test]
fn rows_are_called_by_their_ids() {
    let place = Place::new();
    place.write("pages.parquet", crate::place::dataset(30, 8));
    let ids = |field: &str| -> Vec<(u64, Value)> {
        let args = ["pages.parquet", "-o", "clean/", "--edits", "e.jsonl", "--id-field", field, "--afresh"];
        let (status, told) = place.clean(&args);
        assert_eq!(status, 0, "{told}");
        let records = place.read("e.jsonl");
        let records = records.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let documents = records.filter(|record| record["type"] == "document");
        documents.map(|record| (record["line"].as_u64().expect("a row"), record["id"].clone())).collect()
    };
    for (row, id) in ids("id") {
        let n = row - 1;
        assert_eq!(id, if n % 5 == 1 { Value::Null } else { format!("渠报/{n}").into() }, "row {row}");
    }
    assert!(ids("number").into_iter().all(|(row, id)| id == 7 * (row - 1)));
    let (status, told) = place.clean(&["pages.parquet", "-o", "none/", "--id-field", "url"]);
    assert_eq!(status, 2);
    assert!(told.contains("there is no column `url`") && !place.path("none").exists(), "{told}");
}

#[test]
fn members_with_names_in_an_old_encoding_are_repaired() {
    let place = Place::new();
    let name = encoding_rs::GBK.encode("要闻.txt").0.into_owned();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    let text = "种树,修渠\n".as_bytes();
    header.set_size(text.len() as u64);
    header.as_old_mut().name[..name.len()].copy_from_slice(&name);
    header.set_cksum();
    tar.append(&header, text).expect("written");
    place.write("pages.tar", tar.into_inner().expect("finished"));
    let (status, told) =
        place.clean(&["pages.tar", "-o", "clean/", "--edits", "e.jsonl", "--name-encoding", "gbk"]);
    assert_eq!(status, 0, "{told}");
    assert!(place.read("e.jsonl").contains("\"path\":\"pages.tar/要闻.txt\""));
    let clean = fs::read(place.path("clean/pages.tar")).expect("there");
    assert!(clean.starts_with(&name));
    assert!(memchr::memmem::find(&clean, "种树，修渠".as_bytes()).is_some());
    let (status, told) = place.clean(&["pages.tar", "-o", "other/", "--name-encoding", "no such"]);
    assert_eq!(status, 2);
    assert!(told.contains("no such"), "{told}");
}
