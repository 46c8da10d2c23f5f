//! Decisions: what ids survive, what the pipeline makes of decisions, and what
//! the file of a session holds.

use std::fs;
use std::path::Path;

use textmend::decisions::{Decision, Decisions, Scope};
use textmend::decode::decode;
use textmend::edit::Verdict;
use textmend::elsewhere::Elsewhere;
use textmend::pipeline::{Cleaned, Outcome, Status};
use textmend::review::{DecisionsFile, Filter, Say, Session, Source, Target, Word};
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
