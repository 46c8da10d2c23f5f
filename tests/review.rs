//! Decisions: what ids survive, what the pipeline makes of decisions, and what
//! the file of a session holds.

use std::fs;

use textmend::decisions::{Decision, Decisions, Scope};
use textmend::decode::decode;
use textmend::edit::Verdict;
use textmend::elsewhere::Elsewhere;
use textmend::pipeline::{Cleaned, Outcome, Status};
use textmend::report::criticmarkup::{Marked, own_mark};
use textmend::report::rdjsonl;
use textmend::review::{DecisionsFile, Filter, Imported, Say, Session, Source, Target, Word};
use textmend::{Config, Error, Textmend};

fn textmend() -> Textmend {
    Textmend::new(Config::default()).expect("the shipped rules are good")
}

fn clean(text: &str) -> Cleaned {
    textmend().clean(text)
}

fn under(text: &str, decisions: &Decisions) -> Cleaned {
    let source = decode(text.as_bytes(), Some(encoding_rs::UTF_8));
    textmend().clean_under(source, &Elsewhere::default(), &decisions.rulings("page.txt"))
}

fn of_rule<'a>(cleaned: &'a Cleaned, rule: &str) -> Vec<&'a Outcome> {
    let mut found: Vec<_> = cleaned.repairs.iter().filter(|outcome| outcome.rule.as_str() == rule).collect();
    found.sort_by_key(|outcome| outcome.start());
    found
}

const COMMA: &str = "width/ascii-comma";

/// Three times the same sentence, each with the same damage, with other text
/// between that is no copy.
fn thrice() -> String {
    let sentence = "乡里的渠长每旬都要沿渠走一遍,把险工险段拍照上传给县水务局。";
    ["", "一", "二"].map(|between| format!("{between}{sentence}\n")).concat()
}

#[test]
fn twins_keep_their_ids_when_others_vanish() {
    let text = thrice();
    let ids: Vec<_> = of_rule(&clean(&text), COMMA).iter().map(|outcome| outcome.id.clone()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[1], format!("{}-2", ids[0]));
    assert_eq!(ids[2], format!("{}-3", ids[0]));
    let mut decisions = Decisions::default();
    decisions.on_occurrence("page.txt", &ids[0], Decision::new(Verdict::Reject));
    let cleaned = under(&text, &decisions);
    let after: Vec<_> = of_rule(&cleaned, COMMA).iter().map(|outcome| outcome.id.clone()).collect();
    assert_eq!(after, ids);
    let statuses: Vec<_> = of_rule(&cleaned, COMMA).iter().map(|outcome| outcome.status).collect();
    assert_eq!(statuses, [Status::Rejected, Status::Applied, Status::Applied]);
    assert_eq!(cleaned.text, text.replacen("走一遍,", "走一遍；", 1).replace(',', "，").replace('；', ","));
}

#[test]
fn ids_survive_changes_elsewhere() {
    let text = thrice();
    let changed = format!("新添的一段话，与别处无关。\n{text}末尾又添一段,也与别处无关。\n");
    let ids = |text: &str| -> Vec<_> {
        of_rule(&clean(text), COMMA).iter().map(|outcome| outcome.id.clone()).collect()
    };
    assert_eq!(ids(&text), ids(&changed)[..3]);
}

#[test]
fn ids_survive_decisions_before_them() {
    let text = "同 期 水 费 下 降 两成,青禾县开展 清渠润田 会战,疏通沟渠 and 水塘六十三处(含水塘九处)。\n";
    let cleaned = clean(text);
    assert!(cleaned.repairs.len() > 4, "{:#?}", cleaned.repairs);
    for outcome in &cleaned.repairs {
        let mut decisions = Decisions::default();
        decisions.on_occurrence("page.txt", &outcome.id, Decision::new(Verdict::Reject));
        let without = under(text, &decisions);
        for other in &cleaned.repairs {
            let still = without.repairs.iter().any(|found| found.id == other.id);
            assert!(still, "rejecting {} made another of {other:#?}", outcome.rule);
        }
        assert!(without.stale.is_empty());
        assert_eq!(of_id(&without, &outcome.id).status, Status::Rejected);
    }
}

fn of_id<'a>(cleaned: &'a Cleaned, id: &str) -> &'a Outcome {
    cleaned.repairs.iter().find(|outcome| outcome.id == id).expect("it is still proposed")
}

#[test]
fn what_breaks_an_id_is_a_change_beside_it() {
    let text = "种树,修渠，沿渠走一遍。";
    let id = |text: &str| of_rule(&clean(text), COMMA)[0].id.clone();
    assert_eq!(id(text), id("种树,修渠，沿渠\n走一遍。"), "blanks and line ends beside it don't count");
    assert_ne!(id(text), id("种木,修渠，沿渠走一遍。"));
}

#[test]
fn ten_thousand_twins_are_told_apart_in_one_pass() {
    let text = "乡里的渠长每旬都要沿渠走一遍,把险工险段拍照上传给县水务局。\n".repeat(10_000);
    let textmend = Textmend::new(Config { only: vec![COMMA.to_owned()], ..Config::default() });
    let cleaned = textmend.expect("a rule").clean(&text);
    let ids: std::collections::HashSet<_> = cleaned.repairs.iter().map(|outcome| &outcome.id).collect();
    assert_eq!(ids.len(), 10_000);
    // The windows of the first and the last reach over the end of the text.
    assert!(cleaned.repairs[9_998].id.ends_with("-9999"), "{}", cleaned.repairs[9_998].id);
}

#[test]
fn what_was_made_is_left_alone_once_it_is_rejected() {
    let text = fs::read_to_string("examples/qinghe-daily.txt").expect("an example");
    let cleaned = clean(&text);
    for made in cleaned.repairs.iter().filter(|outcome| outcome.status == Status::Applied) {
        let mut decisions = Decisions::default();
        decisions.on_occurrence("page.txt", &made.id, Decision::new(Verdict::Reject));
        let without = under(&text, &decisions);
        assert_eq!(of_id(&without, &made.id).status, Status::Rejected);
        // What lost to it may do the same now, but by its own name.
        let other = without.repairs.iter().any(|found| {
            let was_made = |before: &Outcome| before.id == found.id && before.status == Status::Applied;
            found.status == Status::Applied && !cleaned.repairs.iter().any(was_made)
        });
        assert!(other || without.text != cleaned.text, "rejecting {} changes nothing", made.rule);
    }
}

#[test]
fn a_suggestion_is_made_once_it_is_accepted() {
    let text = fs::read_to_string("examples/qinghe-daily.txt").expect("an example");
    let config = Config { apply: textmend::edit::Confidence::Certain, ..Config::default() };
    let careful = Textmend::new(config).expect("the shipped rules are good");
    let run = |decisions: &Decisions| {
        let source = decode(text.as_bytes(), None);
        careful.clean_under(source, &Elsewhere::default(), &decisions.rulings("page.txt"))
    };
    let cleaned = run(&Decisions::default());
    let suggested: Vec<_> =
        cleaned.repairs.iter().filter(|outcome| outcome.status == Status::Suggested).collect();
    assert!(!suggested.is_empty());
    for outcome in suggested {
        let mut decisions = Decisions::default();
        decisions.on_occurrence("page.txt", &outcome.id, Decision::new(Verdict::Accept));
        let with = run(&decisions);
        assert_eq!(of_id(&with, &outcome.id).status, Status::Applied, "{outcome:#?}");
    }
}

#[test]
fn a_decision_whose_text_has_changed_is_stale() {
    let text = "种树,修渠，沿渠走一遍。";
    let id = of_rule(&clean(text), COMMA)[0].id.clone();
    let mut decisions = Decisions::default();
    let other = Decision { after: Some("；".into()), ..Decision::new(Verdict::Reject) };
    decisions.on_occurrence("page.txt", &id, other);
    decisions.on_occurrence("page.txt", "zz", Decision::new(Verdict::Reject));
    let cleaned = under(text, &decisions);
    assert_eq!(cleaned.stale, [id.clone(), "zz".to_owned()]);
    assert_eq!(of_id(&cleaned, &id).status, Status::Applied, "never obeyed blindly");
}

/// A folder with a decisions file to be, and pages.
struct Desk {
    folder: tempfile::TempDir,
    pages: Vec<(&'static str, String)>,
}

impl Desk {
    fn new(pages: &[(&'static str, &str)]) -> Self {
        let pages = pages.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        Self { folder: tempfile::tempdir().expect("a folder"), pages }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("textmend.decisions.jsonl")
    }

    fn open(&self) -> Session {
        self.try_open().expect("a good file")
    }

    fn try_open(&self) -> textmend::Result<Session> {
        let source = |(name, text): &(&str, String)| Source {
            name: (*name).to_owned(),
            bytes: text.clone().into_bytes(),
        };
        let sources = self.pages.iter().map(source).collect();
        Session::open(textmend(), sources, self.file(), "林编辑".to_owned())
    }

    fn lines(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.file()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn comma_of(session: &Session, document: usize, number: usize) -> Target {
    let filter = Filter { document: Some(document), rules: vec![COMMA.to_owned()], ..Filter::default() };
    Target::Repair { document, id: session.items(&filter)[number].repair.id.clone() }
}

fn text_of(session: &Session, document: usize) -> &str {
    &session.documents()[document].cleaned.text
}

const PAGE: &str = "种树,修渠,沿渠走一遍。";

#[test]
fn what_is_decided_is_in_the_file_and_counts_from_then_on() {
    let desk = Desk::new(&[("page.txt", PAGE)]);
    let mut session = desk.open();
    let (first, second) = (comma_of(&session, 0, 0), comma_of(&session, 0, 1));
    session.decide(&first, &Say::Reject, Scope::Occurrence, Some("是数字")).expect("decided");
    assert_eq!(text_of(&session, 0), "种树,修渠，沿渠走一遍。");
    session.decide(&second, &Say::Edit("、".to_owned()), Scope::Occurrence, None).expect("decided");
    assert_eq!(text_of(&session, 0), "种树,修渠、沿渠走一遍。");
    let lines = desk.lines();
    assert_eq!(lines[0].as_object().expect("an object").len(), 10);
    assert_eq!((&lines[1]["decision"], &lines[1]["text"]), (&"edit".into(), &"、".into()));
    let raw = fs::read_to_string(desk.file()).expect("a file");
    assert!(raw.starts_with("{\"id\":\""), "{raw}");
    let middle = r#""decision":"reject","scope":"occurrence","document":"page.txt","rule":"width/ascii-comma","before":",","after":"，","who":"林编辑","when":"2"#;
    assert!(raw.contains(middle), "{raw}");
    let again = desk.open();
    assert_eq!(text_of(&again, 0), text_of(&session, 0));
    let undone = session.undo().expect("a file").expect("a decision");
    assert_eq!((undone.lines[0].decision, undone.documents), (Word::Edit, vec![0]));
    assert_eq!(text_of(&session, 0), "种树,修渠，沿渠走一遍。");
    // Decided anew after an edit, a repair is known by what was proposed.
    session.decide(&second, &Say::Edit("；".to_owned()), Scope::Occurrence, None).expect("decided");
    session.decide(&second, &Say::Accept, Scope::Occurrence, None).expect("decided");
    assert_eq!(text_of(&session, 0), "种树,修渠，沿渠走一遍。");
    assert!(session.stale().is_empty());
    assert!(session.items(&Filter::pending()).is_empty(), "nothing is asked again");
}

#[test]
fn a_reviewer_has_the_last_word_on_text_of_their_own() {
    let desk = Desk::new(&[("page.txt", PAGE)]);
    let mut session = desk.open();
    let first = comma_of(&session, 0, 0);
    session.decide(&first, &Say::Edit(" ,".to_owned()), Scope::Occurrence, None).expect("decided");
    assert_eq!(text_of(&session, 0), "种树 ,修渠，沿渠走一遍。");
    session.decide(&first, &Say::Edit(",".to_owned()), Scope::Occurrence, None).expect("decided");
    assert_eq!(session.file().lines().last().map(|line| line.decision), Some(Word::Reject), "as it is");
}

#[test]
fn a_rule_is_decided_on_in_its_document_and_a_phrase_everywhere() {
    let desk = Desk::new(&[("a.txt", PAGE), ("b/b.txt", PAGE)]);
    let mut session = desk.open();
    let rule = Target::Rule { document: 0, rule: COMMA.to_owned() };
    let done = session.decide(&rule, &Say::Reject, Scope::Rule, None).expect("decided");
    assert_eq!(done.documents, [0]);
    assert_eq!((text_of(&session, 0), text_of(&session, 1)), (PAGE, "种树，修渠，沿渠走一遍。"));
    let target = comma_of(&session, 1, 0);
    let done = session.decide(&target, &Say::Reject, Scope::Phrase, None).expect("decided");
    assert_eq!(done.documents, [0, 1]);
    assert_eq!(text_of(&session, 1), "种树,修渠，沿渠走一遍。");
    let target = comma_of(&session, 0, 0);
    session.decide(&target, &Say::Accept, Scope::Occurrence, None).expect("decided");
    assert_eq!(text_of(&session, 0), "种树，修渠,沿渠走一遍。");
    let decided = session.items(&Filter { decided: Some(true), ..Filter::default() });
    let words: Vec<_> = decided.iter().filter_map(|item| item.decision).map(|line| line.scope).collect();
    assert_eq!(words, [Some(Scope::Occurrence), Some(Scope::Rule), Some(Scope::Phrase)]);
    assert_eq!(desk.lines()[1]["phrase"], "种树[,→，]修渠,沿");
    assert!(desk.lines()[0].get("id").is_none());
}

#[test]
fn two_reviewers_at_once_lose_nothing() {
    let desk = Desk::new(&[("page.txt", PAGE)]);
    let (mut one, mut two) = (desk.open(), desk.open());
    let (first, second) = (comma_of(&one, 0, 0), comma_of(&one, 0, 1));
    one.decide(&first, &Say::Reject, Scope::Occurrence, None).expect("decided");
    two.decide(&second, &Say::Reject, Scope::Occurrence, None).expect("decided");
    assert_eq!(text_of(&two, 0), PAGE);
    assert_eq!(one.refresh().expect("read"), [0]);
    assert_eq!(text_of(&one, 0), text_of(&two, 0));
    assert_eq!(DecisionsFile::read(&desk.file()).expect("read").lines().count(), 2);
}

#[test]
fn what_is_no_decision_is_named_with_its_line() {
    let desk = Desk::new(&[("page.txt", PAGE)]);
    let good = r#"{"id":"0123456789abcdef","decision":"reject","scope":"occurrence","document":"page.txt","rule":"width/ascii-comma","mood":"good"}"#;
    for (bad, told) in [
        ("{", "EOF"),
        (r#"{"decision":"maybe","rule":"a/b"}"#, "maybe"),
        (r#"{"decision":"accept","scope":"phrase","rule":"a/b"}"#, "`phrase` is missing"),
        (r#"{"decision":"edit","id":"a","document":"p","rule":"a/b"}"#, "`text` is missing"),
        ("<<<<<<< ours", "merge"),
    ] {
        fs::write(desk.file(), format!("{good}\n\n{bad}\n")).expect("written");
        match desk.try_open() {
            Err(error @ Error::Decisions { line: 3, .. }) => {
                assert!(error.to_string().contains(told), "{error}");
            }
            other => panic!("{bad}: {other:?}"),
        }
    }
    // What a later version wrote stays, byte for byte, when a line is taken out.
    fs::write(desk.file(), good).expect("written, without a line end");
    let mut session = desk.open();
    assert_eq!(session.stale().len(), 1);
    let target = comma_of(&session, 0, 0);
    session.decide(&target, &Say::Accept, Scope::Occurrence, None).expect("decided");
    session.undo().expect("a file").expect("a decision");
    assert_eq!(fs::read_to_string(desk.file()).expect("a file"), format!("{good}\n"));
}

#[test]
fn notes_are_ticked_off() {
    let desk = Desk::new(&[("page.txt", "县里开展清渠润田会战，疏通沟渠\u{FFFD}水塘六十三处。")]);
    let mut session = desk.open();
    let id = session.documents()[0].records.notes[0].id.clone();
    session.tick(0, &id, true).expect("ticked");
    assert!(session.is_ticked(0, &id) && desk.open().is_ticked(0, &id));
    session.tick(0, &id, false).expect("taken back");
    assert!(!session.is_ticked(0, &id));
    assert_eq!(desk.lines()[0]["note_id"], id.as_str());
}

#[test]
fn what_can_not_be_decided_is_refused() {
    let desk = Desk::new(&[("page.txt", PAGE)]);
    let mut session = desk.open();
    let nothing = Target::Repair { document: 0, id: "0123".to_owned() };
    assert!(session.decide(&nothing, &Say::Accept, Scope::Occurrence, None).is_err());
    let target = comma_of(&session, 0, 0);
    assert!(session.decide(&target, &Say::Edit("、".to_owned()), Scope::Phrase, None).is_err());
    assert!(session.tick(0, "0123", true).is_err());
    assert!(!desk.file().exists(), "nothing was written");
}

/// The pages of this repository.
fn pages() -> Vec<String> {
    let mut pages = vec![fs::read_to_string("examples/qinghe-daily.txt").expect("an example")];
    for entry in fs::read_dir("tests/documents/damaged").expect("pages") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.ends_with(".txt") && !name.ends_with(".gold.txt") {
            pages.extend(fs::read_to_string(&path));
        }
    }
    pages
}

#[test]
fn what_was_decided_in_an_editor_is_read_back() {
    let comments = regex::Regex::new("\\{>>.*?<<\\}").expect("a pattern");
    for page in pages().iter().filter(|page| own_mark(page).is_none()) {
        let marked = Marked::new(&clean(page));
        assert_eq!(Imported::read(&marked, &marked.text()), Imported::default(), "untouched");
        for turn in 0..4 {
            let mut text = String::new();
            for (before, mark) in marked.texts.iter().zip(&marked.marks) {
                text.push_str(before);
                match (mark.repair + turn) % 4 {
                    0 => text.push_str(&(mark.bare() + &mark.told())),
                    1 => text.push_str(&(mark.after.clone() + &mark.told())),
                    2 => text.push_str(&mark.after),
                    _ => text.push_str(&mark.before),
                }
            }
            text.push_str(marked.texts.last().expect("the last"));
            let read = Imported::read(&marked, &text);
            assert!(
                read.changed.is_empty() && read.unread.is_empty(),
                "{read:?}\n{:#?}",
                read.unread
                    .iter()
                    .map(|n| marked.marks.iter().filter(|m| m.repair == *n).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            );
            // Where two copies stand side by side, either may be the one that was
            // kept: what counts is that the text comes out as it was left.
            let said: std::collections::BTreeMap<_, _> = read.said.into_iter().collect();
            let mut again = String::new();
            for (before, mark) in marked.texts.iter().zip(&marked.marks) {
                again.push_str(before);
                again.push_str(&match said.get(&mark.repair) {
                    None => mark.bare(),
                    Some(Say::Accept) => mark.after.clone(),
                    Some(Say::Reject) => mark.before.clone(),
                    Some(Say::Edit(own)) => panic!("nothing of one's own was written: {own}"),
                });
            }
            again.push_str(marked.texts.last().expect("the last"));
            assert_eq!(again, comments.replace_all(&text, ""));
        }
    }
}

#[test]
fn text_of_ones_own_is_read_and_other_changes_are_told() {
    let page = "青禾县开展 清渠润田 会战,疏通沟渠 and 水塘六十三处。\n第二段,照旧。\n";
    let cleaned = clean(page);
    let marked = Marked::new(&cleaned);
    let text = marked.text();
    assert!(text.contains("{~~ ~>“~~}{>>"), "{text}");
    assert!(text.contains("会战{~~,~>，~~}{>>"), "{text}");
    let repair = |rule: &str| cleaned.repairs.iter().position(|outcome| outcome.rule.as_str() == rule);
    let pair = marked.marks.iter().find(|mark| mark.after == "“").expect("a mark");
    let closing = marked.marks.iter().find(|mark| mark.after == "”").expect("a mark");
    // The opening mark in its signs, the closing one as plain text.
    let own = text
        .replace(&(pair.bare() + &pair.told()), "{~~ ~>《~~}")
        .replace(&(closing.bare() + &closing.told()), "》");
    let read = Imported::read(&marked, &own);
    assert_eq!(read.said, [(pair.repair, Say::Edit("《清渠润田》".to_owned()))]);
    assert!(read.changed.is_empty() && read.unread.is_empty());
    let changed = own.replace("六十三处", "六十四处");
    let read = Imported::read(&marked, &changed);
    assert_eq!((read.said.len(), read.changed), (1, vec![1]));
    let changed = text.replace("第二段", "第三段").replace("会战{~~,~>，~~}", "会战，");
    let read = Imported::read(&marked, &changed);
    assert_eq!(read.changed, [2]);
    assert!(read.said.contains(&(repair(COMMA).expect("a comma"), Say::Accept)), "{read:?}");
    let half = text.replace(&(pair.bare() + &pair.told()), "“");
    let read = Imported::read(&marked, &half);
    assert_eq!(read.unread, [pair.repair], "one of two marks was turned into text");
}

#[test]
fn suggestions_for_reviewdog_fit_the_source() {
    let mut seen = 0;
    for page in pages() {
        let cleaned = clean(&page);
        let mut out = Vec::new();
        rdjsonl::findings(&mut out, "page.txt", &cleaned).expect("memory takes all");
        let lines: Vec<&str> = page.split_inclusive('\n').collect();
        let place = |position: &serde_json::Value| {
            let number = |key: &str| position[key].as_u64().expect("a number") as usize;
            lines[..number("line") - 1].iter().map(|line| line.len()).sum::<usize>() + number("column") - 1
        };
        for line in std::str::from_utf8(&out).expect("JSON is UTF-8").lines() {
            let found: serde_json::Value = serde_json::from_str(line).expect("JSON");
            for suggestion in found["suggestions"].as_array().into_iter().flatten() {
                let (start, end) = (&suggestion["range"]["start"], &suggestion["range"]["end"]);
                let before = &page[place(start)..place(end)];
                let fits = cleaned.repairs.iter().any(|outcome| {
                    let change = outcome.change(&cleaned.source);
                    change.before == before && suggestion["text"] == change.after.as_str()
                });
                assert!(fits, "{line}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
