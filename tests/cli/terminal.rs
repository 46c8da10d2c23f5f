//! Colours, on a terminal and off it.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::{done, folder};

/// What `textmend args` shows on a terminal of 80 columns.
fn on_terminal(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> String {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_textmend"));
    command.args(args);
    command.cwd(folder);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    for (name, value) in env {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).expect("it runs");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("readable");
    let reading = std::thread::spawn(move || {
        let mut shown = Vec::new();
        // The end shows as an error on some systems.
        drop(reader.read_to_end(&mut shown));
        shown
    });
    child.wait().expect("it ends");
    drop(pair.master);
    String::from_utf8_lossy(&reading.join().expect("no panic")).replace("\r\n", "\n")
}

fn page() -> tempfile::TempDir {
    let folder = folder();
    let text = "石桥镇照旧。\n柳塘乡种树,修渠，\n通路\u{1B}[31m。\n";
    fs::write(folder.path().join("page.txt"), text).expect("written");
    folder
}

const COLOURED: &str = "\
\u{1B}[1mpage.txt\u{1B}[0m
\u{1B}[2m    2 │\u{1B}[0m 柳塘乡种树\u{1B}[9m\u{1B}[31m,\u{1B}[0m\u{1B}[1m\u{1B}[32m，\u{1B}[0m\
修渠，\u{1B}[9m\u{1B}[31m⏎\u{1B}[0m通路<U+001B>[31m。
\u{1B}[2m      │ width/test-comma [certain] ASCII comma between Han characters\u{1B}[0m
\u{1B}[2m      │ rejoin/test-cut [likely] A line cut after a comma\u{1B}[0m
";

#[test]
fn a_terminal_gets_colours() {
    let folder = page();
    let shown = on_terminal(folder.path(), &["clean", "--diff", "page.txt"], &[]);
    let summary = "1 document: 2 repairs applied, 0 suggested, 0 notes\n";
    assert_eq!(shown, format!("{COLOURED}{summary}"));
}

#[test]
fn no_color_is_obeyed() {
    let folder = page();
    for (args, env) in [
        (&["clean", "--diff", "page.txt"][..], &[("NO_COLOR", "1")][..]),
        (&["clean", "--diff", "--color", "never", "page.txt"], &[]),
        (&["clean", "--diff", "page.txt"], &[("TERM", "dumb")]),
    ] {
        let shown = on_terminal(folder.path(), args, env);
        assert!(shown.starts_with("--- page.txt\n+++ page.txt\n@@ -1,3 +1,2 @@\n"), "{shown}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let folder = page();
    let plain = String::from_utf8(done(folder.path(), &["clean", "--diff", "page.txt"])).expect("UTF-8");
    assert!(plain.starts_with("--- page.txt\n"));
    let always = done(folder.path(), &["clean", "--diff", "--color", "always", "page.txt"]);
    assert_eq!(String::from_utf8_lossy(&always), COLOURED);
}

#[test]
fn errors_are_coloured_too() {
    let folder = page();
    let shown = on_terminal(folder.path(), &["clean", "missing.txt"], &[]);
    assert!(shown.starts_with("\u{1B}[1m\u{1B}[31merror:\u{1B}[0m missing.txt: "), "{shown:?}");
    let shown = on_terminal(folder.path(), &["clean", "missing.txt"], &[("NO_COLOR", "1")]);
    assert!(shown.starts_with("error: missing.txt: "), "{shown:?}");
}

#[test]
fn a_terminal_is_not_waited_on() {
    let folder = page();
    let shown = on_terminal(folder.path(), &["clean"], &[("NO_COLOR", "1")]);
    assert!(shown.starts_with("error: nothing to read"), "{shown:?}");
}
