//! `textmend review` on a terminal.

use std::fs;
use std::path::Path;

use super::person::Person;
use super::{RULE, done, run};

/// A page of which rules of the tests' own propose the same whatever the shipped
/// ones do: four commas, of which nobody is sure, and a line end, of which
/// somebody is.
const PAGE: &str = "\
柳塘乡种树,修渠，沿渠走一遍。
石桥镇的渠长三里,水清可见底，岸边立着一排新栽的柳树，
老人说那是他小时候的样子。
麦溪镇办了夜校,教人认字。南坡村也办了一所,请的是退休的先生。
";

/// The folder of all tests, with the page; of the rules one is doubtful, and the
/// other applied by nobody but a reviewer.
fn folder() -> tempfile::TempDir {
    let folder = super::folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let settings = fs::read_to_string(folder.path().join("textmend.toml")).expect("there");
    write("textmend.toml", &format!("apply = \"certain\"\n{settings}"));
    write("rules/width/test-comma.toml", &RULE.replace("\"certain\"", "\"doubtful\""));
    write("page.txt", PAGE);
    folder
}

const REVIEW: [&str; 4] = ["review", "page.txt", "--who", "Lin"];
const WIDE: (u16, u16) = (80, 24);

fn review(folder: &Path) -> Person {
    Person::new(folder, &REVIEW, WIDE, &[])
}

fn decisions(folder: &Path) -> String {
    fs::read_to_string(folder.join("textmend.decisions.jsonl")).unwrap_or_default()
}

/// What `clean` makes of the page under the decisions.
fn clean(folder: &Path) -> String {
    let clean = ["clean", "page.txt", "--decisions", "textmend.decisions.jsonl"];
    String::from_utf8(done(folder, &clean)).expect("UTF-8")
}

fn snapshot(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/terminal");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

/// The whole way: one is accepted, one rejected, one edited, one taken back and
/// left, and the next review asks for that one only.
#[test]
fn a_page_is_gone_through() {
    let folder = folder();
    let mut person = review(folder.path());
    snapshot("first", &person.sees("1 of 5, 5 open"));
    person.gets("a", "2 of 5, 4 open");
    snapshot("line-end", &person.gets("r", "3 of 5, 3 open"));
    person.gets("a", "4 of 5, 2 open");
    let prompt = person.gets("e", "your text:");
    assert!(prompt.contains("your text: ，"), "{prompt}");
    person.gets("\u{7F}；也好", "your text: ；也好");
    snapshot("edit", &person.gets("\u{7F}\u{7F}", "your text: ；\n"));
    person.gets("\r", "5 of 5, 1 open");
    person.gets("a", "Nothing is left");
    let last = person.gets("u", "taken back: accept width/test-comma");
    assert!(last.contains("5 of 5, 1 open"), "{last}");
    person.press("q");
    let (is_good, screen) = person.ends();
    let told = "accepted 2, rejected 1, edited 1, skipped 0; 1 to decide in textmend.decisions.jsonl";
    assert!(is_good && screen.contains(&told[..79]), "{screen}");
    let expected = PAGE.replace("树,", "树，").replace("，\n", "，").replace("校,", "校；");
    assert_eq!(clean(folder.path()), expected);
    let mut person = review(folder.path());
    person.sees("1 of 1, 1 open");
    person.gets("r", "Nothing is left");
    person.press("q");
    assert!(person.ends().0);
    let (is_good, screen) = review(folder.path()).ends();
    assert!(is_good && screen.starts_with("nothing to decide"), "{screen}");
    assert_eq!(clean(folder.path()), expected);
}

/// One can go back, see what was decided and by whom, and think again; the
/// later decision counts.
#[test]
fn a_decision_can_be_changed() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.gets("s", "2 of 5, 4 open");
    person.gets("a", "3 of 5, 3 open");
    person.gets("p", "accepted by Lin");
    person.gets("r", "3 of 5, 3 open");
    person.gets("pp", "1 of 5");
    person.press("\u{3}");
    let (is_good, screen) = person.ends();
    assert!(is_good && screen.contains("accepted 0, rejected 1, edited 0, skipped 1; 4"), "{screen}");
    assert_eq!(clean(folder.path()), PAGE);
}

/// `A` is one decision on the rule where it shows all that the rule proposes,
/// and asks where it does not; one `u` takes it back.
#[test]
fn the_rest_of_a_rule_is_decided_at_once() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.gets("s", "2 of 5, 4 open");
    person.gets("A", "accept width/test-comma?");
    person.gets("t", "3 accepted");
    assert_eq!(decisions(folder.path()).lines().count(), 3);
    person.gets("u", "taken back");
    assert_eq!(decisions(folder.path()), "");
    person.gets("A", "all 4 in the document");
    let screen = person.gets("d", "4 accepted");
    assert!(screen.contains("rejoin/test-cut") && screen.contains("1 open"), "{screen}");
    assert_eq!(decisions(folder.path()).lines().count(), 1);
    person.gets("S", "Nothing is left");
    person.press("q");
    assert!(person.ends().0);
    assert_eq!(clean(folder.path()), PAGE.replace(',', "，"));
}

#[test]
fn undo_asks_before_it_takes_back_what_was_decided_before() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.gets("a", "2 of 5");
    person.press("q");
    assert!(person.ends().0);
    let mut person = review(folder.path());
    person.sees("1 of 4");
    person.gets("u", "u again takes back: accept width/test-comma, by Lin");
    assert_eq!(decisions(folder.path()).lines().count(), 1);
    person.gets("u", "1 of 5, 5 open");
    assert_eq!(decisions(folder.path()), "");
    person.gets("u", "nothing was decided yet");
}

#[test]
fn search_and_filter_choose_what_is_asked() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.gets("/麦溪\r", "1 of 2, 2 open");
    person.gets("/无此\r", "nothing is like that");
    person.gets("/\u{15}\r", "5 repairs");
    person.gets("f", "show only");
    snapshot("filter", &person.gets("jj\u{1B}[C", "rejoin/test-cut (1)"));
    person.gets("\r", "1 of 1, 1 open");
    // The last line of the screen is drawn last.
    snapshot("help", &person.gets("?", "Esc leave"));
    person.gets("q", "1 of 1");
    person.press("q");
    assert!(person.ends().0);
}

#[test]
fn without_colours_brackets_tell_what_changes() {
    let folder = folder();
    let person = Person::new(folder.path(), &REVIEW, WIDE, &[("NO_COLOR", "1")]);
    let screen = person.sees("1 of 5");
    assert!(screen.contains("树[-,-]修") && screen.contains("树{+，+}修"), "{screen}");
    let terminal = person.terminal();
    let mut cells =
        terminal.screen().visible_lines().flat_map(|line| line.cells()).copied().collect::<Vec<_>>();
    cells.retain(|cell| cell.pen().foreground().is_some() || cell.pen().background().is_some());
    assert_eq!(cells, []);
}

/// A small terminal shows the change, one that is made smaller or larger too.
#[test]
fn a_small_terminal_shows_what_is_asked() {
    let folder = folder();
    let long = "渠水清清柳色新".repeat(60);
    fs::write(folder.path().join("page.txt"), format!("{long}种树,修渠{long}\n")).expect("written");
    let person = Person::new(folder.path(), &REVIEW, (40, 12), &[("NO_COLOR", "1")]);
    let screen = person.sees("树{+，+}修");
    assert!(screen.contains("树[-,-]修"), "{screen}");
    snapshot("small", &screen);
    person.resize((10, 4));
    person.sees("the termi");
    person.resize(WIDE);
    let screen = person.sees("树{+，+}修");
    assert!(screen.contains("1 of 1, 1 open"), "{screen}");
}

/// What ends a review in the middle loses nothing of it.
#[test]
fn a_crash_loses_nothing() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.gets("a", "2 of 5, 4 open");
    person.gets("e", "your text:");
    person.kill();
    let mut person = review(folder.path());
    person.sees("1 of 4");
    person.gets("r", "2 of 4, 3 open");
    person.signal("HUP");
    assert!(!person.ends().0);
    let person = review(folder.path());
    person.sees("1 of 3, 3 open");
    assert_eq!(clean(folder.path()), PAGE.replacen(',', "，", 1));
}

#[cfg(unix)]
#[test]
fn a_signal_gives_the_terminal_back() {
    let folder = folder();
    let person = review(folder.path());
    person.sees("1 of 5");
    assert_eq!(person.terminal().active_screen_kind(), avt::ScreenKind::Alternate);
    person.signal("TERM");
    let (is_good, screen) = person.ends();
    assert!(!is_good && screen.starts_with("accepted 0"), "{screen}");
}

/// A program whose terminal is gone must not run on.
#[cfg(unix)]
#[test]
fn a_terminal_that_is_closed_ends_it() {
    let folder = folder();
    let mut person = review(folder.path());
    person.gets("a", "2 of 5, 4 open");
    person.leaves();
    assert_eq!(decisions(folder.path()).lines().count(), 1);
}

/// What is pasted is text, and decides nothing.
#[test]
fn a_paste_decides_nothing() {
    let folder = folder();
    let mut person = review(folder.path());
    person.sees("1 of 5");
    person.press("\u{1B}[200~aaq\u{1B}[201~");
    person.gets("e\u{1B}[200~aq\r乙\u{1B}[201~", "your text: ，aq⏎乙");
    assert_eq!(decisions(folder.path()), "");
}

/// Where nobody can be asked, the commands are printed that would decide.
#[test]
fn without_a_terminal_commands_are_printed() {
    let folder = folder();
    let printed = run(folder.path(), &["review", "page.txt"]);
    let text = String::from_utf8(printed.stdout).expect("UTF-8");
    assert_eq!(text.matches("textmend review page.txt --accept ").count(), 5, "{text}");
    let person = Person::new(folder.path(), &REVIEW, WIDE, &[("TERM", "dumb")]);
    assert!(person.ends().1.contains("--accept"));
}
