//! The HTML report in a real browser: nothing in a document becomes markup or
//! script, and every repair is marked where it was made.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use textmend::decode::{Decoded, decode};
use textmend::edit::{Confidence, Edit, Repair, RuleId, apply};
use textmend::pipeline::{Cleaned, NoteAt, Outcome, Pipeline, Placed, Status};
use textmend::report::html::{Page, page};
use textmend::report::records::DocumentRecords;
use textmend::span::Span;

const SCRIPT: &str = "<script>document.title='pwned'</script>";
const IMAGE: &str = "\"><img src=x onerror=document.title='pwned'>";

/// What a run made of a text of one line a paragraph.
struct Run {
    source: String,
    cleaned: Cleaned,
}

impl Run {
    fn standard(source: &str) -> Self {
        let decoded = decode(source.as_bytes(), Some(encoding_rs::UTF_8));
        let cleaned = Pipeline::standard().expect("the shipped rules are good").clean(decoded);
        Self { source: source.to_owned(), cleaned }
    }

    /// Applies `edits`, each list a repair.
    fn applying(source: &str, repairs: Vec<Vec<Edit>>) -> Self {
        let decoded = decode(source.as_bytes(), Some(encoding_rs::UTF_8));
        let repair = |edits| Repair {
            rule: RuleId::new("test/applied"),
            confidence: Confidence::Likely,
            score: Some(0.97),
            message: "because".to_owned(),
            edits,
            ruling: None,
        };
        let repairs: Vec<_> = repairs.into_iter().map(repair).collect();
        let (text, map) = apply(&decoded.text, &decoded.map, &repairs, 0);
        let outcomes = repairs.iter().enumerate();
        let outcomes = outcomes.map(|(number, repair)| outcome(number, repair, &decoded, Status::Applied));
        let cleaned = Cleaned {
            text,
            offsets: map,
            repairs: outcomes.collect(),
            source: decoded,
            notes: Vec::new(),
            steps: 1,
            stale: Vec::new(),
        };
        Self { source: source.to_owned(), cleaned }
    }

    /// Proposes `edits` for the clean text.
    fn proposing(mut self, edits: Vec<Edit>, status: Status) -> Self {
        let (text, map) = (&self.cleaned.text, &self.cleaned.offsets);
        let placed = edits.iter().map(|edit| Placed {
            at: edit.span,
            source: map.to_source(edit.span),
            before: text[edit.span.range()].to_owned(),
            after: edit.new_text(text).to_owned(),
            moved_from: None,
        });
        let outcome = Outcome {
            id: "0".to_owned(),
            ruling: None,
            rule: RuleId::new("test/proposed"),
            status,
            confidence: Confidence::Doubtful,
            score: None,
            message: "perhaps".to_owned(),
            step: self.cleaned.steps,
            edits: placed.collect(),
        };
        self.cleaned.repairs.push(outcome);
        self
    }

    fn noting(mut self, at: &str) -> Self {
        let start = self.cleaned.text.find(at).expect("it is there");
        let at = Span::new(start, start + at.len());
        let source = self.cleaned.offsets.to_source(at);
        let message = "look here".to_owned();
        self.cleaned.notes.push(NoteAt {
            id: "1".to_owned(),
            rule: RuleId::new("test/noted"),
            message,
            at,
            source,
        });
        self
    }

    fn records(&self, path: &str) -> DocumentRecords {
        DocumentRecords::new(path, self.source.as_bytes(), &self.cleaned)
    }

    fn html(&self) -> String {
        let records = self.records("page.txt");
        page(&[Page { name: "page.txt", records: &records, cleaned: &self.cleaned }])
    }
}

fn outcome(number: usize, repair: &Repair, decoded: &Decoded, status: Status) -> Outcome {
    let placed = repair.edits.iter().map(|edit| Placed {
        at: edit.span,
        source: decoded.map.to_source(edit.span),
        before: decoded.text[edit.span.range()].to_owned(),
        after: edit.new_text(&decoded.text).to_owned(),
        moved_from: match edit.replacement {
            textmend::edit::Replacement::Moved(from) => Some(from),
            textmend::edit::Replacement::Text(_) => None,
        },
    });
    Outcome {
        id: number.to_string(),
        ruling: None,
        rule: repair.rule.clone(),
        status,
        confidence: repair.confidence,
        score: repair.score,
        message: repair.message.clone(),
        step: 0,
        edits: placed.collect(),
    }
}

/// The browser, or a failure that says what is missing.
fn browser() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|file| file.is_file())
        .expect(
            "no Chromium on the PATH: these tests open the report in it (Debian: apt-get install chromium)",
        )
}

/// The DOM that the browser makes of `html`, its script run.
fn dom(name: &str, html: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("html-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let file = folder.join("page.html");
    std::fs::write(&file, html).expect("the target folder can be written");
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(folder.join("profile"));
    let output = Command::new(browser())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--disable-dev-shm-usage", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(profile)
        .arg(&file)
        .output()
        .expect("the browser starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !output.stdout.is_empty(), "the browser failed: {told}");
    let _ = std::fs::remove_dir_all(folder.join("profile"));
    String::from_utf8(output.stdout).expect("the DOM is written as UTF-8")
}

/// What the cells of `side` say, put together.
fn text_of(dom: &str, side: &str) -> String {
    let tag = Regex::new("<[^>]*>").expect("a good pattern");
    let begin = format!("<div class=\"{side}\"");
    let cells = dom.split(&begin).skip(1).map(|cell| {
        let (_, content) = cell.split_once('>').expect("the tag ends");
        let (content, _) = content.split_once("</div>").expect("the cell ends");
        tag.replace_all(content, "").into_owned()
    });
    let text = cells.collect::<String>();
    text.replace("&nbsp;", "\u{A0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The marks of `side`, as their class and their text.
fn marks_of(dom: &str, side: &str) -> Vec<(String, String)> {
    let mark = Regex::new(r#"(?s)<(?:ins|del|mark) class="m ([^"]*)"[^>]*>(.*?)</(?:ins|del|mark)>"#)
        .expect("a good pattern");
    let begin = format!("<div class=\"{side}\"");
    let cells = dom.split(&begin).skip(1).map(|cell| cell.split("</div>").next().unwrap_or_default());
    let tag = Regex::new("<[^>]*>").expect("a good pattern");
    cells
        .flat_map(|cell| mark.captures_iter(cell).map(|found| (found[1].to_owned(), found[2].to_owned())))
        .map(|(class, text)| (class, tag.replace_all(&text, "").into_owned()))
        .collect()
}

fn owned(marks: &[(&str, &str)]) -> Vec<(String, String)> {
    marks.iter().map(|(class, text)| ((*class).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn text_never_becomes_markup_or_script() {
    let evil = format!("{SCRIPT}{IMAGE}</section></template>]]>-->&lt;b&gt;'\u{2028}");
    let run = Run::standard(&format!("{evil}\n会议总结去年的经验,部署今年的任务。\n{evil}\n"));
    let mut records = run.records(&evil);
    assert!(!records.repairs.is_empty());
    for repair in &mut records.repairs {
        repair.message.clone_from(&evil);
        repair.rule = RuleId::new(&evil);
        repair.id.clone_from(&evil);
        for edit in &mut repair.edits {
            edit.before.push_str(&evil);
            edit.after.push_str(&evil);
        }
    }
    let document = Page { name: &evil, records: &records, cleaned: &run.cleaned };
    let dom = dom("markup", &page(&[document, document]));
    assert!(dom.contains("<title>Repairs – textmend</title>"), "{dom}");
    assert!(!dom.contains("<img"), "markup of the document came through");
    assert_eq!(dom.matches("<script").count(), 1, "one script, ours");
    assert!(dom.contains("aria-current=\"true\""), "our own script is let in");
    assert_eq!(text_of(&dom, "source"), run.source.repeat(2));
    assert_eq!(text_of(&dom, "clean"), run.cleaned.text.repeat(2));
}

#[test]
fn every_repair_is_marked_on_both_sides() {
    let source = "甲甲乙,丙\n丁\n戊己\n";
    let at = |text: &str| source.find(text).expect("it is there");
    let run = Run::applying(
        source,
        vec![
            vec![Edit::delete(0..3)],
            vec![Edit::replace(at(",")..at(",") + 1, "，")],
            Edit::relocate((at("丁")..at("丁") + 3).into(), at("己")).to_vec(),
            vec![Edit::insert(source.len() - 1, "。")],
        ],
    );
    assert_eq!(run.cleaned.text, "甲乙，丙\n\n戊丁己。\n");
    let end = run.cleaned.text.find('己').expect("it is there");
    let run = run.proposing(vec![Edit::delete(end..end + 3)], Status::Suggested).noting("戊");
    let dom = dom("marks", &run.html());
    let source_marks = [
        ("delete applied", "甲"),
        ("replace applied", ","),
        ("move applied", "丁"),
        ("note", "戊"),
        ("move applied caret", ""),
        ("delete suggested", "己"),
        ("insert applied caret", ""),
    ];
    assert_eq!(marks_of(&dom, "source"), owned(&source_marks));
    let clean_marks = [
        ("delete applied caret", ""),
        ("replace applied", "，"),
        ("move applied caret", ""),
        ("note", "戊"),
        ("move applied", "丁"),
        ("delete suggested", "己"),
        ("insert applied", "。"),
    ];
    assert_eq!(marks_of(&dom, "clean"), owned(&clean_marks));
    assert_eq!(text_of(&dom, "source"), source);
    assert_eq!(text_of(&dom, "clean"), run.cleaned.text);
    for told in ["likely (0.97)", "because", "perhaps", "look here", "test/proposed", "4 applied", "1 note"] {
        assert!(dom.contains(told), "{told} is not on the page");
    }
}

#[test]
fn overlapping_and_unseen_text_is_shown_whole() {
    let source = "\u{FEFF}一\u{200B}二\u{3000}三 四\u{C}五\r\n六<&>\n";
    let run = Run::applying(source, vec![vec![Edit::delete(3..6)], vec![Edit::delete(12..15)]]);
    let len = run.cleaned.text.len();
    let run = run
        .proposing(vec![Edit::replace(0..len, "x")], Status::Superseded)
        .proposing(vec![Edit::delete(3..len)], Status::Suggested)
        .proposing(vec![Edit::insert(0, "y"), Edit::insert(len, "z")], Status::Rejected);
    let dom = dom("overlap", &run.html());
    let seen = |text: &str| text.replace("\r\n", "\n");
    assert_eq!(text_of(&dom, "source"), seen(&run.cleaned.source.text));
    assert_eq!(text_of(&dom, "clean"), seen(&run.cleaned.text));
    assert!(dom.contains("data-glyph=\"U+200B\"") && dom.contains("data-glyph=\"\u{25A1}\""));
}

#[test]
fn a_text_that_is_nothing_makes_a_page() {
    let run = Run::applying("甲", vec![vec![Edit::delete(0..3)]]);
    assert_eq!(marks_of(&run.html(), "clean"), owned(&[("delete applied caret", "")]));
    let empty = Run::standard("");
    assert!(empty.html().contains("Nothing was repaired."));
    assert!(page(&[]).contains("0 documents"));
}

#[test]
fn sources_of_any_encoding_are_aligned() {
    let text = "第一段,好\n\n第二段很长\n第三段\n";
    for encoding in [encoding_rs::GB18030, encoding_rs::UTF_16LE, encoding_rs::UTF_8] {
        let bytes = textmend::decode::encode(text, encoding, true, []);
        let decoded = decode(&bytes, Some(encoding));
        let cleaned = Pipeline::standard().expect("the shipped rules are good").clean(decoded);
        let records = DocumentRecords::new("page.txt", &bytes, &cleaned);
        let html = page(&[Page { name: "page.txt", records: &records, cleaned: &cleaned }]);
        let lines: Vec<_> = html.matches("data-line=\"3\"").collect();
        assert_eq!(lines.len(), 2, "the second paragraph stands beside itself in {}", encoding.name());
        assert_eq!(html.matches("class=\"row").count(), 3);
    }
}

#[test]
fn ten_thousand_repairs_make_one_page() {
    let source = "好,走吧。今天天气很好，我们一起到河边去看看吧。\n".repeat(10_000);
    let run = Run::applying(
        &source,
        source.match_indices(',').map(|(at, _)| vec![Edit::replace(at..at + 1, "，")]).collect(),
    );
    let html = run.html();
    assert_eq!(html.matches("<del class=\"m replace applied\"").count(), 10_000);
    assert_eq!(html.matches("<ins class=\"m replace applied\"").count(), 10_000);
}
