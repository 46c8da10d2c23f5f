//! Whole archives: real runs of the program, in parallel, killed, gone on with.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use textmend::io::compression::{Compression, frame};

/// What every run here does: quickly, and with the shipped rules.
const CLEAN: [&str; 4] = ["clean", "--isolated", "--only", "width"];

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textmend"));
        command.current_dir(self.0.path()).args(CLEAN).args(args);
        command
    }

    /// Runs `clean`; gives its status and what it told.
    fn clean(&self, args: &[&str]) -> (i32, String) {
        told(&self.command(args).output().expect("it runs"))
    }

    /// All files below `name` but the journal, with what they hold.
    fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(name);
        let mut found = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("there") {
                let path = entry.expect("readable").path();
                if path.ends_with(".textmend") {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let place = path.strip_prefix(&root).expect("below it").to_owned();
                    found.insert(place, fs::read(&path).expect("readable"));
                }
            }
        }
        found
    }
}

fn told(output: &Output) -> (i32, String) {
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A record whose text needs a repair, in the `n`th of its forms.
fn record(n: usize) -> String {
    let text = format!("第{n}渠开工,沿线水塘{n}处(含泵站{})已修好,石桥镇一切照旧。", n % 7);
    format!("{{\"id\": {n}, \"text\": {}, \"source\": \"渠报\"}}\n", Value::from(text.repeat(1 + n % 5)))
}

/// A folder of many things: pages in two encodings, records, what is no text.
fn archive(place: &Place, pages: usize, records: usize) {
    for n in 0..pages {
        let text = format!("第{n}渠开工,沿线水塘{n}处(含泵站{})已修好。\n石桥镇一切照旧。\n", n % 7);
        let text = text.repeat(1 + n % 20);
        let bytes = if n % 3 == 0 { encoding_rs::GB18030.encode(&text).0.into_owned() } else { text.into() };
        place.write(&format!("archive/{:02}/{n:04}.txt", n % 10), bytes);
    }
    place.write("archive/empty.txt", "");
    place.write("archive/scan.gif", b"GIF89a\0\x01");
    let mut lines: String = (0..records).map(record).collect();
    lines.insert_str(0, "{\"id\": \"broken\", \"text\": \n");
    place.write("archive/05/news.jsonl", lines);
}

/// Adds every other format to it: compressed records, archives, datasets.
fn containers(place: &Place, records: usize) {
    let lines: String = (0..records).map(record).collect();
    for compression in [Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2] {
        let name = format!("archive/05/news.jsonl.{}", compression.extension());
        place.write(&name, frame(compression, None, lines.as_bytes()).expect("memory takes all"));
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives");
    for entry in fs::read_dir(fixtures).expect("there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let bytes = fs::read(&path).expect("readable");
        if name.ends_with(".tar") {
            let packed = frame(Compression::Zstd, None, &bytes).expect("memory takes all");
            place.write(&format!("archive/10/{name}.zst"), packed);
        }
        place.write(&format!("archive/10/{name}"), bytes);
    }
}

#[test]
fn the_result_does_not_depend_on_the_number_of_workers() {
    let place = Place::new();
    archive(&place, 60, 2000);
    for jobs in ["1", "4"] {
        let (status, told) = place.clean(&[
            "archive",
            "-o",
            &format!("clean-{jobs}"),
            "-j",
            jobs,
            "--edits",
            &format!("edits-{jobs}.jsonl"),
        ]);
        assert_eq!(status, 2, "{told}");
        assert!(told.contains("archive/scan.gif: this is no text file"), "{told}");
        assert!(told.contains("archive/05/news.jsonl:1: this line is no JSON object"), "{told}");
        assert!(told.contains("2061 documents:") && told.contains("could not be done: 2"), "{told}");
    }
    assert_eq!(place.tree("clean-1"), place.tree("clean-4"));
    assert!(place.read("edits-1.jsonl") == place.read("edits-4.jsonl"));
    let run: Value = serde_json::from_str(&place.read("clean-1/run.json")).expect("JSON");
    assert_eq!((&run["counts"]["documents"], &run["failed"]), (&Value::from(2061), &Value::from(2)));
    assert_eq!(run["failures"][0]["place"], "archive/05/news.jsonl:1");
    let news = place.read("clean-1/05/news.jsonl");
    assert_eq!(news.lines().count(), 2001);
    assert!(news.contains("第1渠开工，沿线水塘1处（含泵站1）已修好，"), "{}", &news[..300]);
}

/// Where a run stands when it is killed is left to chance: some have hardly
/// begun, some are in the middle of the records, some are nearly done.
#[test]
fn a_killed_run_is_gone_on_with() {
    const KILLS: u32 = 20;
    let place = Place::new();
    archive(&place, 200, 4_000);
    containers(&place, 2_000);
    let args = |name: &str| {
        let (output, edits) = (format!("{name}/"), format!("{name}.jsonl"));
        ["archive", "-o", &output, "--edits", &edits, "--resume", "-j", "2"].map(str::to_owned)
    };
    let run = |name: &str| place.command(&args(name).each_ref().map(String::as_str));
    let began = Instant::now();
    let (status, undisturbed) = told(&run("undisturbed").output().expect("it runs"));
    let long = began.elapsed();
    assert_eq!(status, 2, "{undisturbed}");
    let (mut kills, mut round, mut recalled) = (0, 0, 0);
    while kills < KILLS {
        round += 1;
        let name = format!("killed-{round}");
        loop {
            let mut child = run(&name).stderr(Stdio::piped()).spawn().expect("it runs");
            let share = (f64::from(kills + 1) * 0.618_034).fract();
            std::thread::sleep(long.mul_f64(0.1 + 0.6 * share));
            if kills < KILLS && child.try_wait().expect("ours").is_none() {
                child.kill().expect("ours");
                child.wait().expect("ours");
                kills += 1;
                continue;
            }
            let (status, told) = told(&child.wait_with_output().expect("it ends"));
            assert_eq!(status, 2, "{told}");
            recalled += u32::from(told.contains("done before: "));
            break;
        }
        assert!(place.tree("undisturbed") == place.tree(&name), "round {round}");
        assert!(place.read("undisturbed.jsonl") == place.read(&format!("{name}.jsonl")), "round {round}");
    }
    assert!(recalled > 0, "no run went on with what another one had done");
}

/// The records of the run that was stopped are in the journal, and what comes
/// after its last checkpoint is cut off.
#[test]
fn a_run_goes_on_in_the_middle_of_a_file() {
    let place = Place::new();
    let lines: String = (0..16_000).map(record).collect();
    place.write("news.jsonl", &lines);
    let args = ["news.jsonl", "-o", "clean/", "--edits", "edits.jsonl", "--resume"];
    let half = || -> Option<u64> {
        let parts = fs::read_dir(place.path("clean")).ok()?.filter_map(Result::ok);
        let part = parts.filter(|entry| entry.path().extension().is_some_and(|part| part == "part")).last();
        Some(part?.metadata().ok()?.len())
    };
    let mut child = place.command(&args).stderr(Stdio::null()).spawn().expect("it runs");
    // Past the first checkpoint, which is at 2 MiB of input.
    while half().unwrap_or(0) < 3 << 20 && child.try_wait().expect("ours").is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(child.try_wait().expect("ours").is_none(), "it was done too soon to be killed");
    child.kill().expect("ours");
    child.wait().expect("ours");
    // A stray tail, as of a write that the journal does not know of.
    let part = fs::read_dir(place.path("clean")).expect("there").filter_map(Result::ok);
    let part = part.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "part"));
    let mut file = fs::File::options().append(true).open(part.expect("half written")).expect("ours");
    file.write_all(b"stray").expect("written");
    let (status, told) = place.clean(&args);
    assert_eq!(status, 0, "{told}");
    let (status, _) = place.clean(&["news.jsonl", "-o", "again/", "--edits", "again.jsonl"]);
    assert_eq!(status, 0);
    assert!(place.tree("clean") == place.tree("again"));
    assert!(place.read("edits.jsonl") == place.read("again.jsonl"));
}

#[test]
fn only_what_changed_is_done_again() {
    let place = Place::new();
    archive(&place, 20, 50);
    let clean = |more: &[&str]| {
        let mut args = vec!["archive", "-o", "clean", "--edits", "edits.jsonl"];
        args.extend(more);
        place.clean(&args)
    };
    clean(&[]);
    let times = || -> BTreeMap<_, _> {
        let files = place.tree("clean").into_keys().filter(|path| !path.ends_with("run.json"));
        let modified =
            |path: &PathBuf| fs::metadata(place.path("clean").join(path)).expect("there").modified();
        files.map(|path| (path.clone(), modified(&path).expect("told"))).collect()
    };
    let before = times();
    place.write("archive/00/0010.txt", "第10渠停工,改日再修。\n");
    // Of the same size: its time tells, and then its content.
    let page = place.read("archive/01/0001.txt");
    place.write("archive/01/0001.txt", page.replace("开工", "完工"));
    let same = fs::read(place.path("archive/02/0002.txt")).expect("there");
    place.write("archive/02/0002.txt", same);
    fs::remove_file(place.path("clean/03/0003.txt")).expect("there");
    let (_, told) = clean(&["--resume"]);
    assert!(told.contains("done before: 19 files\n"), "{told}");
    let redone: Vec<_> = times().into_iter().filter(|(path, time)| before[path] != *time).collect();
    let redone: Vec<_> = redone.iter().map(|(path, _)| path.to_str().expect("UTF-8")).collect();
    assert_eq!(redone, ["00/0010.txt", "01/0001.txt", "03/0003.txt"]);
    assert_eq!(place.read("clean/00/0010.txt"), "第10渠停工，改日再修。\n");
    let (_, _) = place.clean(&["archive", "-o", "again", "--edits", "again.jsonl"]);
    assert_eq!(place.tree("clean"), place.tree("again"));
    assert!(place.read("edits.jsonl") == place.read("again.jsonl"));
    // Other options, or other rules: everything is done again.
    let (_, told) = clean(&["--resume", "--apply", "certain"]);
    assert!(!told.contains("done before"), "{told}");
    place.write("rules/width/test-stop.toml", RULE);
    let (_, told) = clean(&["--resume", "--apply", "certain", "--rules", "rules"]);
    assert!(!told.contains("done before"), "{told}");
    place.write("rules/width/test-stop.toml", RULE.replace("替换", "取代"));
    let (_, told) = clean(&["--resume", "--apply", "certain", "--rules", "rules"]);
    assert!(!told.contains("done before"), "{told}");
    let (_, told) = clean(&["--resume", "--apply", "certain", "--rules", "rules"]);
    assert!(told.contains("done before: 22 files\n"), "{told}");
}

const RULE: &str = r#"
summary = "A word to be replaced"
why = "For tests: 替换."
confidence = "certain"
pattern = '(?<edit>停工)'
replace = "复工"
[[fix]]
in = "停工了"
out = "复工了"
[[keep]]
text = "完工"
because = "another word"
"#;

#[test]
fn an_unfinished_run_is_not_forgotten() {
    let place = Place::new();
    archive(&place, 40, 100);
    // A configuration that is wrong stops the run half way.
    place.write("archive/07/textmend.toml", "aply = 1");
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textmend"));
        command
            .current_dir(place.0.path())
            .args(["clean", "--only", "width", "archive", "-o", "clean"])
            .args(more);
        told(&command.output().expect("it runs"))
    };
    let (status, told) = run(&[]);
    assert_eq!(status, 2);
    assert!(told.contains("archive/07/textmend.toml:1: unknown field `aply`"), "{told}");
    fs::remove_file(place.path("archive/07/textmend.toml")).expect("there");
    let (status, told) = run(&[]);
    assert_eq!(status, 2);
    assert!(told.contains("--resume goes on with it, --afresh does everything again"), "{told}");
    place.write("clean/01/.textmend-left.part", "half");
    let (_, told) = run(&["--resume"]);
    assert!(told.contains("done before: "), "{told}");
    assert!(!place.path("clean/01/.textmend-left.part").exists());
    let (_, told) = run(&["--afresh"]);
    assert!(told.contains("141 documents") && !told.contains("done before"), "{told}");
}

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

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_and_it_goes_on_later() {
    let place = Place::new();
    place.write("page.txt", "种树,修渠");
    let (status, told) = place.clean(&["page.txt", "-o", "/dev/full"]);
    assert_eq!(status, 2);
    assert!(told.starts_with("error: /dev/full: No space left on device"), "{told}");
    let lines: String = (0..20_000).map(record).collect();
    place.write("archive/a.txt", "种树,修渠");
    place.write("archive/news.jsonl", &lines);
    let args = ["archive", "-o", "clean", "--resume"];
    // Files may have 4 MiB, and the signal that tells of more is ignored.
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"";
    let output = Command::new("bash")
        .current_dir(place.0.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_textmend")])
        .args(CLEAN)
        .args(args)
        .output()
        .expect("bash runs");
    let (status, problem) = self::told(&output);
    assert_eq!(status, 2, "{problem}");
    assert!(problem.contains("File too large"), "{problem}");
    assert_eq!(place.read("clean/a.txt"), "种树，修渠");
    assert!(!place.path("clean/news.jsonl").exists());
    let (status, told) = place.clean(&args);
    assert_eq!(status, 0, "{told}");
    assert!(told.contains("done before: 1 files\n"), "{told}");
    let (status, _) = place.clean(&["archive", "-o", "again"]);
    assert_eq!(status, 0);
    assert!(place.tree("clean") == place.tree("again"));
}

#[test]
fn what_is_read_is_not_written() {
    let place = Place::new();
    place.write("pages/a.txt", "种树,修渠");
    place.write("pages/edits.jsonl", "{}");
    let (status, told) = place.clean(&["pages", "-o", "clean", "--edits", "pages/edits.jsonl"]);
    assert_eq!(status, 2);
    assert!(told.contains("this file lies in a folder that is read"), "{told}");
    place.write("pages/run.json", "{}");
    let (status, told) = place.clean(&["pages", "-o", "clean"]);
    assert_eq!(status, 2);
    assert!(told.contains("clean/run.json: this is where the run itself is told of"), "{told}");
    let (status, told) = place.clean(&["pages/a.txt", "-o", "clean.txt", "--resume"]);
    assert_eq!(status, 2);
    assert!(told.contains("add `-o FOLDER/`"), "{told}");
}

/// What `command` prints in the folder.
fn shell(place: &Place, command: &str) -> Vec<u8> {
    let output =
        Command::new("bash").current_dir(place.0.path()).args(["-c", command]).output().expect("it runs");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
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
