//! Decisions from the first to the last: what is decided on the command line
//! is what a whole archive is cleaned by.

use std::fs;

use super::run;

fn page(number: usize) -> String {
    format!("第{number}段,种树修渠。\n")
}

/// A folder of pages that is cleaned, decided on, and gone on with: what was
/// decided on is done again, and nothing else.
#[test]
fn a_run_that_is_gone_on_with_knows_of_decisions() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::create_dir(here.join("pages")).expect("made");
    for number in 1..=3 {
        fs::write(here.join(format!("pages/{number}.txt")), page(number)).expect("written");
    }
    let decisions = "all.decisions.jsonl";
    fs::write(here.join(decisions), "").expect("written");
    let clean = ["clean", "pages", "-o", "clean", "--decisions", decisions];
    assert!(run(here, &clean).status.success());
    let made = |number: usize| fs::read_to_string(here.join(format!("clean/{number}.txt"))).expect("made");
    assert_eq!(made(2), page(2).replace(',', "，"));
    let decided =
        run(here, &["review", "pages/2.txt", "--decisions", decisions, "--reject-rule", "width/ascii-comma"]);
    assert!(decided.status.success(), "{}", text(&decided.stderr));
    let line = fs::read_to_string(here.join(decisions)).expect("written");
    assert!(line.contains(r#""document":"pages/2.txt""#), "{line}");
    let resumed = run(here, &[&clean[..], &["--resume"]].concat());
    assert!(resumed.status.success());
    let told = text(&resumed.stderr);
    assert!(told.contains("done before: 2 files") && told.contains("rejected"), "{told}");
    assert_eq!((made(1), made(2)), (page(1).replace(',', "，"), page(2)));
}

/// Records are named by what their file calls them.
#[test]
fn decisions_on_records_name_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(
        here.join("news.jsonl"),
        "{\"id\":\"a\",\"text\":\"种树,修渠\"}\n{\"id\":\"b\",\"text\":\"种树,修渠\"}\n",
    )
    .expect("written");
    let line = r#"{"decision":"reject","scope":"rule","document":"news.jsonl#b","rule":"width/ascii-comma"}"#;
    fs::write(here.join("d.jsonl"), line).expect("written");
    let cleaned = run(here, &["clean", "news.jsonl", "--id-field", "id", "--decisions", "d.jsonl"]);
    let told = text(&cleaned.stdout);
    assert_eq!(told, "{\"id\":\"a\",\"text\":\"种树，修渠\"}\n{\"id\":\"b\",\"text\":\"种树,修渠\"}\n");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
