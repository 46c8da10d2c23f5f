//! What the README shows is true: its commands run, and print what it says.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

const README: &str = include_str!("../README.md");

/// Stands in for cargo: the program is built already. `cargo test` is what runs
/// this, and is left out by design.
const CARGO: &str = r#"
cargo() {
    case "$*" in
        "run --release -- "*) shift 3; textmend "$@" ;;
        test) ;;
        *) echo "the README shows an unknown cargo command: $*" >&2; return 99 ;;
    esac
}
"#;

/// The fenced blocks with the info string `info`.
fn blocks(info: &str) -> Vec<&'static str> {
    let opening = format!("\n```{info}\n");
    README.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap_or(rest)).collect()
}

/// A folder that looks like a fresh copy of the repository.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    fs::create_dir(folder.path().join("examples")).expect("made");
    for entry in fs::read_dir(examples).expect("there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a name");
        fs::copy(&path, folder.path().join("examples").join(name)).expect("copied");
    }
    folder
}

/// What `script` prints, and its status.
fn shell(folder: &Path, script: &str) -> (String, i32) {
    let output = bash(folder, script).output().expect("bash runs");
    let printed = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&printed).into_owned(), output.status.code().unwrap_or(-1))
}

/// Bash, to run `script` with the program that was built on the path.
fn bash(folder: &Path, script: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_textmend")).parent().expect("in a folder");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([bin.to_owned()].into_iter().chain(std::env::split_paths(&paths)))
        .expect("no colon in a path");
    let mut command = Command::new("bash");
    command
        .args(["-o", "pipefail", "-c", &format!("{CARGO}\n{script}")])
        .current_dir(folder)
        .env("PATH", path);
    command
}

#[test]
fn commands_run() {
    let folder = copy();
    let blocks = blocks("sh");
    assert!(!blocks.is_empty());
    for command in blocks.iter().flat_map(|block| block.lines()) {
        let (printed, status) = shell(folder.path(), command);
        assert_eq!(status, 0, "$ {command}\n{printed}");
    }
}

/// What serves until Ctrl-C prints its address, and ends well.
#[test]
fn servers_serve() {
    let folder = copy();
    let blocks = blocks("sh server");
    assert!(!blocks.is_empty());
    for command in blocks.iter().flat_map(|block| block.lines()) {
        let mut bash = bash(folder.path(), &format!("exec {command}"));
        let mut server = bash.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("bash runs");
        let mut address = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut address).expect("it prints text");
        let host = address.strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let host = host.unwrap_or_else(|| panic!("$ {command}\n{address}"));
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(stream, "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 403"), "without the token: {answer}");
        let interrupt = Command::new("bash").args(["-c", "kill -INT $0", &server.id().to_string()]).status();
        assert!(interrupt.expect("bash runs").success());
        assert!(server.wait().expect("it ends").success(), "$ {command}");
    }
}

#[test]
fn sessions_print_what_they_show() {
    let folder = copy();
    for session in blocks("console").iter().flat_map(|block| block.split("$ ").skip(1)) {
        let (command, shown) = session.split_once('\n').expect("a command and what it prints");
        let (shown, expected) = match shown.rsplit_once("? ") {
            Some((shown, status)) => (shown, status.trim().parse().expect("a status")),
            None => (shown, 0),
        };
        assert_eq!(shell(folder.path(), command), (shown.to_owned(), expected), "$ {command}");
    }
}

/// The picture of before and after is what comes out, to the letter.
#[test]
fn the_picture_is_true() {
    let folder = copy();
    let picture = |info| format!("{}\n", blocks(info).concat());
    fs::write(folder.path().join("before.txt"), picture("text before")).expect("written");
    let (printed, status) = shell(folder.path(), "textmend clean before.txt");
    assert_eq!((printed, status), (picture("text after"), 0));
}
