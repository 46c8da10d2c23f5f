//! How a run goes: in parallel, killed, gone on with, refused.

use crate::place::{CLEAN, Place, RULE, archive, containers, record, told};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

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
            // Another time in each round: the first run may have been slow by chance.
            let share = (f64::from(kills + round) * 0.618_034).fract();
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
        // On a busy machine there may be a hundred rounds, of 200 MB each.
        fs::remove_dir_all(place.path(&name)).expect("ours");
    }
    assert!(recalled > 0, "no run went on with what another one had done");
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
    let named = ["pages/a.txt", "pages/run.json", "--format", "text", "-o", "clean"];
    let (status, told) = place.clean(&named);
    assert_eq!(status, 2);
    assert!(told.contains("clean/run.json: this is where the run itself is told of"), "{told}");
    let (status, told) = place.clean(&["pages/a.txt", "-o", "clean.txt", "--resume"]);
    assert_eq!(status, 2);
    assert!(told.contains("add `-o FOLDER/`"), "{told}");
}
