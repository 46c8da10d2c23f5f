//! The command line, run as people run it. Each folder here is a case:
//! `cmd.trycmd` shows commands and what they print, `cmd.in/` is the folder
//! they run in, `cmd.out/` what it holds afterwards. What such a case can't
//! show (bytes, pipes, terminals, other programs) is in the modules.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes down what is printed now.

mod decisions;
mod patch;
mod person;
mod picture;
mod revert;
mod review_terminal;
mod schema;
mod streams;
mod terminal;

use std::path::Path;
use std::process::{Command, Output};

#[test]
fn cases() {
    trycmd::TestCases::new().case("tests/cli/*/cmd.trycmd");
}

/// A rule of the tests' own, so that they hold whatever the shipped ones do.
const RULE: &str = r#"
summary = "ASCII comma between Han characters"
why = "For tests."
confidence = "certain"
pattern = '\p{Han}(?<edit>,)\p{Han}'
replace = "，"
[[fix]]
in = "好,走,吧"
out = "好，走，吧"
[[keep]]
text = "3,000 元"
because = "digits on both sides"
"#;

/// A folder with a configuration that runs only the rule above, and another
/// that joins lines, which makes bigger changes.
fn folder() -> tempfile::TempDir {
    const JOIN: &str = r#"
summary = "A line cut after a comma"
why = "For tests."
confidence = "likely"
pattern = '，(?<edit>\r?\n)\p{Han}'
replace = ""
[[fix]]
in = "种树，\n修渠"
out = "种树，修渠"
[[keep]]
text = "种树。\n修渠"
because = "a sentence ends"
"#;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("textmend.toml", "rules = [\"rules\"]\nonly = [\"width/test-comma\", \"rejoin/test-cut\"]\n");
    write("rules/width/test-comma.toml", RULE);
    write("rules/rejoin/test-cut.toml", JOIN);
    folder
}

fn textmend(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_textmend"));
    command.current_dir(folder).args(args);
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    textmend(folder, args).output().expect("it runs")
}

/// Runs it, and wants nothing but success.
fn done(folder: &Path, args: &[&str]) -> Vec<u8> {
    let output = run(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
