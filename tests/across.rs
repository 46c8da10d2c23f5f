//! What documents of an archive say about each other, in real runs of the
//! program.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

const ROADS: &str =
    "柳塘乡今年新修机耕路九条，路面铺了碎石，拖拉机可以一直开到地头，秋收的稻谷当天就能运进粮库。";
const PEARS: &str =
    "沙洲乡的果园昨日开园，首批早熟的梨已经上市，每斤卖到六元，比往年高出一成，果农说多年未见这样的价钱。";

struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, String)]) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            let path = place.path(name);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs `clean`; gives its status and what it told.
    fn clean(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textmend"));
        let output = command.current_dir(self.0.path()).args(["clean", "--isolated"]).args(args).output();
        let output = output.expect("it runs");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn damaged() -> String {
    ROADS.replace('，', ",")
}

#[test]
fn copies_are_told_of_and_removed_only_when_asked() {
    let pages = [("in/a.txt", format!("{}\n", damaged())), ("in/b.txt", format!("{PEARS}\n\n{ROADS}\n"))];
    let place = Place::new(&pages);
    let run = |args: &[&str]| {
        let (status, told) = place.clean(&[&["in", "--duplicates", "copies.jsonl", "-o"], args].concat());
        assert_eq!(status, 0, "{told}");
    };
    run(&["told"]);
    run(&["first", "--dedup-across"]);
    run(&["best", "--dedup-across=best", "--edits", "best.jsonl"]);
    assert_eq!(place.read("told/b.txt"), pages[1].1);
    assert_eq!(
        (place.read("first/a.txt"), place.read("first/b.txt")),
        (format!("{ROADS}\n"), format!("{PEARS}\n"))
    );
    assert_eq!((place.read("best/a.txt"), place.read("best/b.txt")), (String::new(), pages[1].1.clone()));

    let cluster: Value = serde_json::from_str(place.read("copies.jsonl").trim_end()).expect("one cluster");
    let start = PEARS.len() + 2;
    assert_eq!(cluster["members"][0]["name"], "in/a.txt");
    assert_eq!(cluster["members"][1]["passages"][0]["start"], start);
    let record =
        place.read("best.jsonl").lines().find(|line| line.contains("copy-elsewhere")).map(str::to_owned);
    assert!(record.is_some_and(|record| record.contains("stands in in/b.txt")));
}

#[test]
fn records_of_one_file_are_documents_too() {
    let line = |id: u32, text: &str| format!("{}\n", serde_json::json!({ "id": id, "text": text }));
    let lines = [line(1, ROADS), line(2, PEARS), line(3, &damaged())];
    let place = Place::new(&[("news.jsonl", lines.concat())]);
    let (status, told) = place.clean(&["news.jsonl", "-o", "clean/", "--dedup-across"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(
        place.read("clean/news.jsonl"),
        [&lines[0], &lines[1], &line(3, "")].map(String::as_str).concat()
    );
}

#[test]
fn what_two_documents_quote_is_evidence_in_a_third() {
    let quoted = "青禾县开展“清渠润田”会战。\n".to_owned();
    let page = "各乡镇负责人表示，要让 清渠润田会战家喻户晓。\n".to_owned();
    let place = Place::new(&[("in/a.txt", quoted.clone()), ("in/b.txt", quoted), ("in/c.txt", page)]);
    for (out, args, is_known) in [("alone", &[][..], false), ("knowing", &["--learn-phrases"], true)] {
        let edits = format!("{out}.jsonl");
        let (status, told) = place.clean(&[&["in", "-o", out, "--edits", &edits], args].concat());
        assert_eq!(status, 0, "{told}");
        assert_eq!(place.read(&edits).contains("“清渠润田”"), is_known, "{}", place.read(&edits));
    }
}

#[test]
fn going_on_knows_what_the_archive_knew() {
    let place = Place::new(&[("in/a.txt", ROADS.to_owned()), ("in/b.txt", format!("{ROADS}\n\n{PEARS}"))]);
    let run = |args: &[&str]| place.clean(&[&["in", "-o", "clean"], args].concat()).0;
    assert_eq!(run(&["--dedup-across"]), 0);
    assert_eq!(place.read("clean/b.txt"), PEARS);
    // Another page that comes first takes the text over.
    fs::write(place.path("in/0.txt"), ROADS).expect("written");
    assert_eq!(run(&["--dedup-across", "--resume"]), 0);
    assert_eq!(["0", "a", "b"].map(|name| place.read(&format!("clean/{name}.txt"))), [ROADS, "", PEARS]);
}

#[test]
fn standard_input_is_refused() {
    let place = Place::new(&[]);
    let (status, told) = place.clean(&["-", "--learn-phrases"]);
    assert_eq!(status, 2);
    assert!(told.contains("can't be read twice"), "{told}");
}
