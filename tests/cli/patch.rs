//! What `--diff` prints is what `patch` takes.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{done, folder};

fn patch(folder: &Path, args: &[&str], diff: &[u8]) {
    let mut child = Command::new("patch")
        .current_dir(folder)
        .args(["--fuzz=0", "--quiet"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program `patch` is needed for this test");
    child.stdin.take().expect("piped").write_all(diff).expect("patch reads");
    let output = child.wait_with_output().expect("patch ends");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.is_empty(), "{told}\n{}", String::from_utf8_lossy(diff));
}

#[test]
fn a_patched_source_is_the_clean_text() {
    let long: String = (0..200).map(|n| format!("第{n}行,照旧。\n柳塘乡没有可说的。\n")).collect();
    let mut broken = long.clone().into_bytes();
    broken.extend(b"\xE5\xA5\xBD,\xE5\xA5\xBD \xE5\xA5\n\xE5\xA5\xBD,\xE5\xA5\xBD\xE5\n\xFF same\n");
    let sources: [(&str, &[u8]); 10] = [
        ("plain", "种树,修渠。\n通路。\n".as_bytes()),
        ("no line end", "种树,修渠。\n通路,架桥".as_bytes()),
        ("no line end, last line unchanged", "种树,修渠。\n通路".as_bytes()),
        ("CR LF", "种树,修渠，\r\n通路。\r\n架桥,\r\n".as_bytes()),
        ("CR LF, no line end", "种树,修渠。\r\n通路,架桥".as_bytes()),
        ("CR", "种树,修渠。\r通路,架桥。\r".as_bytes()),
        ("form feed", "种树,修渠。\n\u{C}通路,架桥。\n\u{C}".as_bytes()),
        ("mark", "\u{FEFF}种树,修渠。\n通路。\n".as_bytes()),
        ("broken bytes", &broken),
        ("long", long.as_bytes()),
    ];
    for (name, source) in sources {
        let folder = folder();
        let page = folder.path().join("page.txt");
        fs::write(&page, source).expect("written");
        let clean = done(folder.path(), &["clean", "page.txt"]);
        assert_ne!(clean, source, "{name}: nothing was repaired");
        let diff = done(folder.path(), &["clean", "--diff", "page.txt"]);
        patch(folder.path(), &[], &diff);
        assert_eq!(fs::read(&page).expect("there"), clean, "{name}");
    }
}

#[test]
fn a_diff_of_several_files_applies_as_one() {
    let folder = folder();
    let texts = [
        ("pages/一.txt", "种树,修渠。\r\n通路"),
        ("pages/sub folder/a b.txt", "种树,修渠"),
        ("pages/sub folder/quoted \"c\".txt", "通路,架桥\n"),
        ("pages/same.txt", "照旧\n"),
    ];
    fs::create_dir_all(folder.path().join("pages/sub folder")).expect("made");
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).expect("written");
    }
    done(folder.path(), &["clean", "pages", "-o", "clean"]);
    let diff = done(folder.path(), &["clean", "pages", "--diff"]);
    assert!(!String::from_utf8_lossy(&diff).contains("same.txt"));
    done(folder.path(), &["clean", "pages", "--diff", "-o", "all.diff"]);
    assert_eq!(fs::read(folder.path().join("all.diff")).expect("written"), diff);
    patch(folder.path(), &["-p0"], &diff);
    for (name, _) in texts {
        let clean = folder.path().join(name.replacen("pages", "clean", 1));
        let patched = fs::read(folder.path().join(name)).expect("there");
        assert_eq!(patched, fs::read(clean).expect("there"), "{name}");
    }
}
