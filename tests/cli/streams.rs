//! Standard input and output, files that can't be read, and what is left
//! behind.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use super::{done, folder, run, textmend};

fn piped(args: &[&str], input: &[u8]) -> (Vec<u8>, String, Option<i32>) {
    let folder = folder();
    let mut command = textmend(folder.path(), args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    // What was refused early need not have been read.
    drop(writer.join().expect("no panic"));
    (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

#[test]
fn standard_input_is_a_file_like_others() {
    for args in [&["clean"][..], &["clean", "-"]] {
        let (out, err, status) = piped(args, "种树,修渠\r\n".as_bytes());
        assert_eq!((out.as_slice(), err.as_str(), status), ("种树，修渠\r\n".as_bytes(), "", Some(0)));
    }
    let (out, ..) = piped(&["clean", "--diff"], "种树,修渠\n".as_bytes());
    assert!(String::from_utf8_lossy(&out).starts_with("--- -\n+++ -\n@@ -1 +1 @@\n"));
    let (out, _, status) = piped(&["check", "-"], "种树,修渠\n".as_bytes());
    assert_eq!(status, Some(1));
    assert!(String::from_utf8_lossy(&out).starts_with("-:1:3: width/test-comma [certain]"));
    let (out, err, status) = piped(&["clean"], b"\x89PNG\r\n\x1A\n\0\0\0");
    assert!(out.is_empty() && status == Some(2));
    assert!(err.contains("-: this is no text file (a zero at byte 8)"), "{err}");
}

#[test]
fn text_of_nothing_but_spaces_is_sensible() {
    for text in ["", " ", "a", "\n", "　　 \n \n", "\r\n\r\n"] {
        let (out, err, status) = piped(&["clean"], text.as_bytes());
        assert_eq!((out.as_slice(), err.as_str(), status), (text.as_bytes(), "", Some(0)), "{text:?}");
        let (_, err, status) = piped(&["clean", "--isolated"], text.as_bytes());
        assert_eq!((err.as_str(), status), ("", Some(0)), "{text:?}");
        let (out, err, status) = piped(&["check"], text.as_bytes());
        assert_eq!((out.as_slice(), err.as_str(), status), (&b""[..], "", Some(0)), "{text:?}");
    }
}

#[test]
fn odd_input_comes_through_whole() {
    let long = "种树，修渠；天气很好".repeat(100_000);
    let brackets = "(".repeat(1_000_000);
    let inputs: [&[u8]; 5] = [
        b"\xE7\xA7",
        "种树，修渠".as_bytes(),
        long.as_bytes(),
        brackets.as_bytes(),
        &b"\x0C".repeat(100_000),
    ];
    for input in inputs {
        let head = String::from_utf8_lossy(&input[..input.len().min(12)]).into_owned();
        let (out, err, status) = piped(&["clean", "--encoding", "utf-8"], input);
        assert_eq!((err.as_str(), status), ("", Some(0)), "{head}");
        assert!(out == String::from_utf8_lossy(input).as_bytes(), "{head}");
        let (_, err, status) = piped(&["check", "--isolated", "--format", "json"], input);
        assert!(err.is_empty() && matches!(status, Some(0 | 1)), "{head}: {err}");
    }
    let noise: Vec<u8> = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (out, err, status) = piped(&["clean", "--isolated"], &noise);
    assert!(out.is_empty() && err.contains("no text file") && status == Some(2), "{err}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder();
    let page: String = (0..40_000).map(|n| format!("第{n}行种树,修渠。\n")).collect();
    fs::write(folder.path().join("page.txt"), page).expect("written");
    for (args, status) in [
        (&["clean", "page.txt", "--edits", "page.jsonl"][..], 0),
        (&["clean", "--diff", "page.txt"], 0),
        (&["check", "page.txt"], 1),
        (&["check", "--format", "json", "page.txt"], 1),
        (&["rules", "list"], 0),
        (&["man"], 0),
        (&["completions", "bash"], 0),
    ] {
        let mut command = textmend(folder.path(), args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        // As `head -1` does: read a little, then close.
        let mut out = child.stdout.take().expect("piped");
        out.read_exact(&mut [0; 8]).expect("it prints");
        drop(out);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(status), "{args:?}");
    }
    let records = fs::read_to_string(folder.path().join("page.jsonl")).expect("written all the same");
    assert_eq!(records.lines().count(), 40_001);
}

#[test]
fn one_bad_file_does_not_stop_the_rest() {
    let folder = folder();
    for (name, text) in [("a.txt", &b"\xE5\xA5\xBD,\xE5\xA5\xBD"[..]), ("b.dat", b"\0\x01"), ("c.txt", b"ok")]
    {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let args =
        ["clean", "missing.txt", "a.txt", "b.dat", "c.txt", "-o", "clean", "--edits", "all.jsonl", "-q"];
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("missing.txt: there is no such file") && told.contains("b.dat: this is no text"));
    assert_eq!(told.lines().count(), 2, "{told}");
    let mut written: Vec<_> = fs::read_dir(folder.path().join("clean"))
        .expect("made")
        .map(|entry| entry.expect("readable").file_name())
        .collect();
    written.sort();
    assert_eq!(written, [".textmend", "a.txt", "c.txt", "run.json"]);
    let records = fs::read_to_string(folder.path().join("all.jsonl")).expect("written");
    assert_eq!(records.matches("\"type\":\"document\"").count(), 2);
}

#[test]
fn a_run_that_did_nothing_leaves_nothing() {
    let folder = folder();
    fs::write(folder.path().join("page.dat"), b"\0\0").expect("written");
    let before = fs::read_dir(folder.path()).expect("there").count();
    for args in [
        &["clean", "page.dat", "-o", "clean.txt", "--edits", "page.jsonl"][..],
        &["clean", "page.dat", "--diff", "-o", "page.diff"],
        &["clean", "page.dat", "-o", "clean/"],
        &["clean", "page.dat", "-o", "clean.txt", "--skip", "no-such-rule"],
    ] {
        assert_eq!(run(folder.path(), args).status.code(), Some(2), "{args:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), before, "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_told() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = folder();
    let page = folder.path().join("page.txt");
    fs::write(&page, "种树,修渠").expect("written");
    // A link to itself can't be read even by those who may read everything.
    symlink("loop.txt", folder.path().join("loop.txt")).expect("linked");
    let output = run(folder.path(), &["clean", "loop.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: loop.txt: "));
    fs::set_permissions(&page, fs::Permissions::from_mode(0o0)).expect("ours");
    if fs::read(&page).is_err() {
        let output = run(folder.path(), &["clean", "page.txt"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("page.txt: permission denied"));
    }
}

#[cfg(unix)]
#[test]
fn links_and_devices_are_written_through() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("page.txt"), "种树,修渠").expect("written");
    fs::write(file("target.txt"), "").expect("written");
    fs::set_permissions(file("target.txt"), fs::Permissions::from_mode(0o640)).expect("ours");
    symlink("target.txt", file("link.txt")).expect("linked");
    done(folder.path(), &["clean", "page.txt", "-o", "link.txt", "--edits", "/dev/null"]);
    assert!(file("link.txt").is_symlink());
    assert_eq!(fs::read_to_string(file("target.txt")).expect("there"), "种树，修渠");
    let mode = fs::metadata(file("target.txt")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    symlink("page.txt", file("page-link.txt")).expect("linked");
    let refused = run(folder.path(), &["clean", "page.txt", "-o", "page-link.txt"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_to_string(file("page.txt")).expect("there"), "种树,修渠");
}

#[test]
fn completions_and_man_pages_are_made() {
    let folder = folder();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = done(folder.path(), &["completions", shell]);
        assert!(String::from_utf8_lossy(&script).contains("exit-code"), "{shell}");
    }
    let page = |args: &[&str]| String::from_utf8_lossy(&done(folder.path(), args)).into_owned();
    assert!(page(&["man"]).contains(".TH textmend 1"));
    assert!(page(&["man", "clean"]).contains(".TH textmend-clean 1"));
    assert!(page(&["man", "rules", "explain"]).contains(".TH textmend-rules-explain 1"));
}
