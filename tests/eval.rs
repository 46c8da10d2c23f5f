//! What `eval` counts, on pages so small that the right counts are plain; and
//! the figures of the pages of this repository, which must not fall.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use textmend::eval::{Count, Harm, Kind, Results, Score, Scored, Texts, differences, errors, html, score};

fn scored(gold: &str, input: &str, cleaned: &str) -> Score {
    score(Texts { gold, input, cleaned })
}

#[track_caller]
fn counts(score: &Score, kind: Kind, needed: usize, made: usize, right: usize) {
    let count = score.figures.count(kind);
    assert_eq!(count, Count { needed, made, right }, "{kind:?}\n{:#?}", score.cases);
}

/// Whether nothing was needed but what was done, and done right.
#[track_caller]
fn perfect(score: &Score) {
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::ParagraphsBefore) {
        let count = score.figures.count(kind);
        assert!(count.needed == count.right && count.made == count.right, "{kind:?}: {count:?}");
    }
    assert_eq!(score.cases, []);
    assert_eq!((score.figures.after.aligned.edits, score.figures.after.plain.edits), (0, 0));
}

const RIVER: &str = "沿河的七个村子今年都把渠口重新砌了一遍，水走得比往年快。";
const SCHOOL: &str = "镇中心小学的操场铺上了新草皮，孩子们课间舍不得回教室。";
const MARKET: &str = "早市搬到了桥东，卖豆腐的老钱头说生意好了三成。";

#[test]
fn marks_are_right_in_place_and_kind() {
    let gold = "青禾县开展“清渠润田”会战，办起“田间课堂”，评出“渠长标兵”。";
    let input = "青禾县开展 清渠润田 会战，办起 田间课堂，评出渠长标兵。";
    let kept = scored(gold, input, input);
    counts(&kept, Kind::Quotes, 3, 0, 0);
    counts(&kept, Kind::QuotesTwoGaps, 1, 0, 0);
    counts(&kept, Kind::QuotesOneGap, 1, 0, 0);
    counts(&kept, Kind::QuotesNoGap, 1, 0, 0);
    let cleaned = "青禾县开展“清渠润田”会战，办起“田间”课堂，评出‘渠长标兵’。";
    let some = scored(gold, input, cleaned);
    counts(&some, Kind::Quotes, 3, 3, 1);
    counts(&some, Kind::QuotesTwoGaps, 1, 1, 1);
    counts(&some, Kind::QuotesOneGap, 1, 1, 0);
    counts(&some, Kind::QuotesNoGap, 1, 1, 0);
    perfect(&scored(gold, input, gold));
}

#[test]
fn nested_marks_sentences_and_marks_that_were_there() {
    let gold = "老支书说：“先把‘一渠水’管好。再谈别的。”他又念了一遍《论〈渠〉》和“水”字。";
    let input = "老支书说： 先把 一渠水 管好。再谈别的。 他又念了一遍《论 渠 》和“水”字。";
    let kept = scored(gold, input, input);
    counts(&kept, Kind::Quotes, 3, 0, 0);
    counts(&kept, Kind::QuotesTwoGaps, 3, 0, 0);
    counts(&kept, Kind::QuotesSpeech, 1, 0, 0);
    counts(&kept, Kind::QuotesPhrase, 2, 0, 0);
    counts(&kept, Kind::QuotesKept, 1, 1, 1);
    let broken = scored(gold, input, &gold.replace("“水”", "水"));
    counts(&broken, Kind::QuotesKept, 1, 0, 0);
    perfect(&scored(gold, input, gold));
}

#[test]
fn a_lone_mark_is_a_wrong_repair() {
    let gold = "早市搬到桥东之后，生意好了三成。";
    let score = scored(gold, gold, "早市搬到“桥东之后，生意好了三成。");
    counts(&score, Kind::Quotes, 0, 1, 0);
}

#[test]
fn paragraphs_that_are_cut_and_joined() {
    let (head, tail) = RIVER.split_at(RIVER.find("重新").expect("there"));
    let gold = format!("{RIVER}\n\n{SCHOOL}\n\n{MARKET}\n");
    let adjacent = format!("{head}\n\n{tail}\n\n{SCHOOL}\n\n{MARKET}\n");
    let kept = scored(&gold, &adjacent, &adjacent);
    counts(&kept, Kind::Splits, 1, 0, 0);
    counts(&kept, Kind::SplitsAdjacent, 1, 0, 0);
    counts(&kept, Kind::ParagraphsBefore, 3, 4, 2);
    counts(&kept, Kind::Paragraphs, 3, 4, 2);
    perfect(&scored(&gold, &adjacent, &gold));
    let across = format!("{head}\n\n{SCHOOL}\n\n{tail}\n\n{MARKET}\n");
    counts(&scored(&gold, &across, &across), Kind::SplitsAcross, 1, 0, 0);
    perfect(&scored(&gold, &across, &gold));
    let wrong = format!("{head}{SCHOOL}\n\n{tail}\n\n{MARKET}\n");
    let wrong = scored(&gold, &across, &wrong);
    counts(&wrong, Kind::Splits, 1, 1, 0);
    counts(&wrong, Kind::Paragraphs, 3, 3, 1);
}

#[test]
fn lines_of_a_column_are_no_paragraphs() {
    let gold = format!("{RIVER}\n{SCHOOL}\n");
    let lines =
        |text: &str| text.chars().collect::<Vec<_>>().chunks(9).map(String::from_iter).collect::<Vec<_>>();
    let input = [lines(RIVER), lines(SCHOOL)].concat().join("\n");
    let kept = scored(&gold, &input, &input);
    counts(&kept, Kind::SplitsWrapped, 4, 0, 0);
    counts(&kept, Kind::Splits, 4, 0, 0);
    perfect(&scored(&gold, &input, &gold));
}

#[test]
fn a_tail_that_stands_twice() {
    let (head, tail) = RIVER.split_at(RIVER.find("重新").expect("there"));
    let (_, more) = RIVER.split_at(RIVER.find("今年").expect("there"));
    let gold = format!("{RIVER}\n\n{SCHOOL}\n");
    for (input, duplicates) in [
        (format!("{RIVER}\n\n{SCHOOL}\n\n{tail}\n"), 1),
        (format!("{head}\n\n{tail}\n\n{SCHOOL}\n\n{tail}\n"), 1),
        (format!("{head}\n\n{more}\n\n{SCHOOL}\n"), 0),
    ] {
        let kept = scored(&gold, &input, &input);
        counts(&kept, Kind::Duplicates, duplicates, 0, 0);
        perfect(&scored(&gold, &input, &gold));
    }
}

#[test]
fn blocks_that_are_doubled_removed_and_moved() {
    let gold = format!("{RIVER}\n\n{SCHOOL}\n\n{MARKET}\n");
    let doubled = format!("{RIVER}\n\n{SCHOOL}\n\n{RIVER}\n\n{MARKET}\n");
    counts(&scored(&gold, &doubled, &doubled), Kind::Duplicates, 1, 0, 0);
    perfect(&scored(&gold, &doubled, &gold));
    // Both copies gone is no repair but a loss.
    let gone = scored(&gold, &doubled, &format!("{SCHOOL}\n\n{MARKET}\n"));
    counts(&gone, Kind::Duplicates, 1, 1, 0);
    // What gold has twice has to stay twice.
    let refrain = format!("{RIVER}\n\n{SCHOOL}\n\n{RIVER}\n");
    counts(&scored(&refrain, &refrain, &refrain), Kind::Duplicates, 0, 0, 0);
    let once = scored(&refrain, &refrain, &format!("{RIVER}\n\n{SCHOOL}\n"));
    counts(&once, Kind::Duplicates, 0, 1, 0);
    // Order costs nothing by paragraphs, and all that was moved as read.
    let moved = scored(&gold, &gold, &format!("{MARKET}\n\n{RIVER}\n\n{SCHOOL}\n"));
    assert_eq!(moved.figures.after.aligned.edits, 0);
    assert!(moved.figures.after.plain.edits > 20);
    counts(&moved, Kind::Paragraphs, 3, 3, 3);
}

#[test]
fn characters_of_every_kind() {
    let gold = "疏通沟渠和水塘六十三处（含水塘九处），同期水费下降两成。他想了想……又说，水是大家的。";
    let input = "疏通沟渠 and 水塘六十三处(含水塘九处),同 期 水 费下降降两成。他想了想 又说，⽔是大家的。";
    let kept = scored(gold, input, input);
    counts(&kept, Kind::StrayTokens, 1, 0, 0);
    counts(&kept, Kind::Width, 3, 0, 0);
    counts(&kept, Kind::LetterSpacing, 3, 0, 0);
    counts(&kept, Kind::DoubledCharacters, 1, 0, 0);
    counts(&kept, Kind::Dashes, 1, 0, 0);
    counts(&kept, Kind::CodePoints, 1, 0, 0);
    perfect(&scored(gold, input, gold));
    let harmed = scored(gold, gold, &gold.replace("想了想", "想了").replace("（", "("));
    counts(&harmed, Kind::Width, 0, 1, 0);
    counts(&harmed, Kind::Other, 0, 1, 0);
}

#[test]
fn lines_that_do_not_belong() {
    let gold = format!("{RIVER}\n\n{SCHOOL}\n");
    let input = format!("{RIVER}\n\n第贰版 要闻 QINGHE\n\n{SCHOOL}\n");
    counts(&scored(&gold, &input, &input), Kind::StrayLines, 1, 0, 0);
    perfect(&scored(&gold, &input, &gold));
}

#[test]
fn rates_count_what_is_wrong() {
    let score = scored("水渠通了，“好”。", "水 渠通了,好。", "水渠通了，好。");
    let (before, after) = (score.figures.before, score.figures.after);
    assert_eq!((before.aligned.edits, before.aligned.characters), (4, 9));
    assert_eq!((before.aligned_no_space.edits, before.plain.edits), (3, 4));
    assert_eq!((after.aligned.edits, after.plain_no_space.edits), (2, 2));
}

#[test]
fn empty_texts_are_scored_too() {
    for (gold, input, cleaned) in [("", "", ""), ("水", "", ""), ("", "水", "渠"), ("“”", "\n", " ")] {
        let results = results(vec![("empty", gold, input, cleaned)]);
        assert!(results.json().is_object());
    }
}

fn results(pages: Vec<(&str, &str, &str, &str)>) -> Results {
    let mut results = Results::default();
    for (name, gold, input, cleaned) in pages {
        results.add(Scored::new(name.to_owned(), Texts { gold, input, cleaned }));
    }
    results
}

#[test]
fn undamaged_text_counts_every_change() {
    let harm = differences("一渠水。\n两岸田。\n", "一渠水!\n两岸  田。\n");
    assert_eq!((harm.characters, harm.edits), (10, 2));
    assert_eq!(Harm::default().per_100_000(), None);
}

#[test]
fn text_never_becomes_markup() {
    let name = "<script>alert(1)</script>";
    let results = results(vec![(name, "<b>水</b>渠通了", "水渠通了", "<i>水渠</i>通")]);
    let page = html(&results, 3);
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"));
    assert!(page.contains("Content-Security-Policy"));
    assert!(errors(&results, 3).contains("alert(1)"));
}

/// The figures of the damaged pages of this repository may rise, and must not
/// fall. After a rise: `textmend eval … --format json > snapshots/eval.json`,
/// as `figures_now` runs it.
#[test]
fn figures_do_not_fall() {
    let recorded = fs::read(root().join(FIGURES)).expect("recorded");
    let recorded: Value = serde_json::from_slice(&recorded).expect("JSON");
    let now = figures_now();
    let fallen = textmend::eval::below(&recorded, &now);
    assert!(fallen.is_empty(), "figures fell:\n{}", fallen.join("\n"));
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(root().join(FIGURES), format!("{now:#}\n")).expect("written");
    }
}

const FIGURES: &str = "snapshots/eval.json";

fn figures_now() -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    for from in ["tests/documents/damaged", "examples"] {
        for entry in fs::read_dir(root().join(from)).expect("there") {
            let path: PathBuf = entry.expect("readable").path();
            // What pages are made of is no page, nor is a file of many.
            let is_text = path.extension().is_some_and(|extension| extension == "txt");
            if path.ends_with("examples/articles.txt") || !is_text {
                continue;
            }
            fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    let intact = root().join("tests/documents/intact");
    let output = Command::new(env!("CARGO_BIN_EXE_textmend"))
        .current_dir(folder.path())
        .args(["eval", "--isolated", "--gold", ".", "--input", ".", "--format", "json", "--undamaged"])
        .arg(intact)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
