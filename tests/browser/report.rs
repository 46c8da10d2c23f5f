//! The page that `--report` writes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use textmend::decode::decode;
use textmend::elsewhere::Elsewhere;
use textmend::pipeline::{Cleaned, Pipeline, Status};
use textmend::report::html::{Page, page};
use textmend::report::records::DocumentRecords;
use textmend::review::DecisionsFile;
use textmend::{Config, Textmend};

use super::chromium::Browser;

/// What a run made of `source`, with the shipped rules.
fn clean(name: &str, source: &str) -> (DocumentRecords, Cleaned) {
    let decoded = decode(source.as_bytes(), Some(encoding_rs::UTF_8));
    let cleaned = Pipeline::standard().expect("the shipped rules are good").clean(decoded);
    (DocumentRecords::new(name, source.as_bytes(), &cleaned), cleaned)
}

fn qinghe() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/qinghe-daily.txt");
    fs::read_to_string(path).expect("an example")
}

/// The report of `documents`, in the folder of `browser`.
fn report(browser: &Browser, documents: &[(&str, &str)]) -> PathBuf {
    let cleaned: Vec<_> = documents.iter().map(|(name, source)| clean(name, source)).collect();
    let one = cleaned.iter();
    let pages: Vec<_> =
        one.map(|(records, cleaned)| Page { name: &records.document.path, records, cleaned }).collect();
    let file = browser.folder().join("page.html");
    fs::write(&file, page(&pages)).expect("written");
    file
}

/// What the bar says of the progress.
fn progress(browser: &mut Browser) -> String {
    browser.text("document.querySelector('#bar .progress span').textContent")
}

/// The decisions that the page would export.
fn lines(browser: &mut Browser) -> Vec<Value> {
    let text = browser.text("local.lines()");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn decisions_are_made_taken_back_kept_and_exported() {
    let mut browser = Browser::start();
    let file = report(&browser, &[("examples/qinghe-daily.txt", &qinghe())]);
    browser.open_file(&file);
    let open = browser.eval("sections().flatMap((s) => indexOf(s).order).filter(isOpen).length");
    let open = open.as_u64().expect("a number");
    assert!(open > 3, "there is something to decide");
    assert_eq!(progress(&mut browser), format!("0 decided, {open} to decide"));

    browser.keys("na");
    let accepted = browser.text("document.querySelector('[data-decision=accept]').dataset.id");
    assert_eq!(progress(&mut browser), format!("1 decided, {} to decide", open - 1));
    assert_ne!(browser.text("asked.dataset.id"), accepted, "the next one is asked about");
    let marks = "indexOf(chosen()).marks.get(document.querySelector('[data-decision=accept]').dataset.item)";
    assert_eq!(
        browser.eval(&format!("{marks}.clean.every((mark) => mark.dataset.decision === 'accept')")),
        true
    );
    browser.keys("r");
    browser.keys("u");
    assert_eq!(progress(&mut browser), format!("1 decided, {} to decide", open - 1));

    browser.keys("e");
    browser.eval("own.value = '自己的“字”'");
    browser.click("#dock [type=submit]");
    browser.eval("document.querySelector('#who').value = '贺'");
    browser.click("[data-do='reject-all'][data-of='0']");
    browser.click("aside .tick");

    // The browser keeps them.
    browser.open_file(&file);
    let told = lines(&mut browser);
    assert_eq!(told.len(), 4, "{told:?}");
    let decisions: Vec<_> = told.iter().map(|line| line["decision"].as_str().unwrap_or_default()).collect();
    assert_eq!(decisions, ["accept", "edit", "reject", "done"]);
    assert_eq!(told[0]["id"], json!(accepted));
    assert_eq!(told[1]["text"], "自己的“字”");
    assert_eq!(
        (&told[2]["scope"], &told[2]["who"], &told[2]["id"]),
        (&json!("rule"), &json!("贺"), &Value::Null)
    );
    assert!(told.iter().all(|line| line["document"] == "examples/qinghe-daily.txt"));
    assert_eq!(browser.complaints, [""; 0]);

    // They leave as a file.
    let folder = browser.folder().join("downloads");
    browser.call("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder}));
    let expected = browser.text("local.lines()");
    browser.click("[data-do=export]");
    let exported = folder.join("textmend.decisions.jsonl");
    for _ in 0..200 {
        if exported.is_file() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(fs::read_to_string(&exported).expect("exported"), expected);

    // And the program obeys it.
    let decided = DecisionsFile::read(&exported).expect("a decisions file");
    assert_eq!(decided.lines().count(), 4);
    let rulings = decided.decisions().rulings("examples/qinghe-daily.txt");
    let textmend = Textmend::new(Config::default()).expect("the shipped rules are good");
    let source = decode(qinghe().as_bytes(), Some(encoding_rs::UTF_8));
    let cleaned = textmend.clean_under(source, &Elsewhere::default(), &rulings);
    assert!(cleaned.text.contains("自己的“字”"));
    let made = cleaned.repairs.iter().find(|repair| repair.id == accepted).expect("it is still proposed");
    assert_eq!(made.status, Status::Applied);
}

#[test]
fn what_is_gone_through_can_be_chosen() {
    let mut browser = Browser::start();
    let file = report(&browser, &[("a.txt", &qinghe()), ("b.txt", "种树,修渠,引水\n")]);
    browser.open_file(&file);
    let entries = "queue(chosen()).map((entry) => entry.dataset.ruleId)";
    browser.click("[name=which][value=all]");
    let all = browser.eval(&format!("{entries}.length"));
    assert_eq!(all, browser.eval("chosen().querySelectorAll('aside .item').length"));
    browser.click("[data-rule='0'][type=checkbox]");
    assert_eq!(
        browser.eval(&format!(
            "{entries}.includes(indexOf(chosen()).order.find((e) => e.dataset.rule === '0').dataset.ruleId)"
        )),
        false
    );
    browser.click("[data-sure=doubtful]");
    assert_eq!(browser.eval("queue(chosen()).some((entry) => entry.dataset.sure === 'doubtful')"), false);
    browser.click("[data-sure=doubtful]");
    browser.keys("/");
    browser.call("Input.insertText", json!({"text": "头道水"}));
    browser.keys("\n");
    let found = browser.eval("queue(chosen()).length").as_u64().expect("a number");
    assert!(0 < found && found < all.as_u64().expect("a number"));
    assert!(
        browser.text("asked.textContent + marksOf(asked)[0].closest('.row').textContent").contains("头道水")
    );
    // The other document, and the rule that mends it: all at once.
    browser.click("#documents a[href='#d1']");
    browser.until("chosen().id === 'd1'");
    browser.eval("byId('words').value = ''; change()");
    browser.keys("nR");
    assert_eq!(browser.eval("chosen().querySelectorAll('[data-decision=reject].item').length"), 2);
    assert_eq!(lines(&mut browser).len(), 1);
    assert_eq!(browser.complaints, [""; 0]);
}

#[test]
fn ten_thousand_repairs_are_laid_out_only_where_they_are_seen() {
    let mut browser = Browser::start();
    let source = "好,走吧。今天天气很好，我们一起到河边去看看吧。\n".repeat(10_000);
    let file = report(&browser, &[("long.txt", &source)]);
    browser.open_file(&file);
    assert_eq!(browser.eval("document.querySelectorAll('.row .m').length"), 20_000);
    let unseen = "all(document, 'main .part').filter((part) => !part.querySelector('.row').checkVisibility({contentVisibilityAuto: true})).length";
    assert!(browser.eval(unseen).as_u64().expect("a number") > 300);
    browser.click("[name=which][value=all]");
    browser.keys("nnnR");
    assert_eq!(browser.eval("document.querySelectorAll('aside .item[data-decision=reject]').length"), 10_000);
    browser.eval("turnTo(queue(chosen())[9_999])");
    let seen = "(() => { const at = marksOf(asked)[0].getBoundingClientRect(); return at.top > 0 && at.bottom < innerHeight; })()";
    browser.until(seen);
    assert_eq!(browser.complaints, [""; 0]);
}

#[test]
fn a_page_is_read_without_scripts() {
    let mut browser = Browser::start();
    let source = qinghe();
    let file = report(&browser, &[("a.txt", &source), ("b.txt", "种树,修渠\n")]);
    browser.call("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    browser.open_file(&file);
    let shown = |browser: &mut Browser, selector: &str| {
        let script = format!(
            "[...document.querySelectorAll({})].filter((n) => n.getClientRects().length).length",
            json!(selector)
        );
        browser.eval(&script)
    };
    assert_eq!(shown(&mut browser, ".document"), 2);
    assert_eq!(shown(&mut browser, "#bar, #dock, .tick, [data-do]"), 0);
    let rows = "[...document.querySelectorAll('.row')]";
    assert_eq!(browser.eval(&format!("{rows}.every((row) => row.checkVisibility())")), true);
    assert!(browser.text(&format!("{rows}.at(-1).textContent")).contains("种树"));
}
