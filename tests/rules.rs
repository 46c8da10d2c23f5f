//! Every rule does what the examples in its file say, and a snapshot under
//! `snapshots/rules/` shows what it makes of each, so that a change of
//! behaviour is seen in review.

use std::fmt::Write as _;
use std::path::Path;

use textmend::decode::decode;
use textmend::edit::Confidence;
use textmend::pipeline::{Pipeline, examples};
use textmend::rules::{Rule, RuleSet, Selection};

fn rules() -> RuleSet {
    RuleSet::embedded().expect("the shipped rules are good")
}

#[test]
fn examples_come_out_as_written() {
    let rules = rules();
    let mut report = String::new();
    for rule in rules.rules() {
        for failure in examples::failures(&rules, rule).expect("a good rule") {
            writeln!(report, "{}\n{failure}\n", rule.id).expect("a string takes all");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn snapshots_show_every_rule() {
    let rules = rules();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/rules");
    let mut wrong = Vec::new();
    for rule in rules.rules() {
        let (stage, name) = rule.id.as_str().split_once('/').expect("stage/name");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(root.join(stage));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(&rule.summary);
        let seen =
            settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!(name, tell(&rules, rule))));
        if seen.is_err() {
            wrong.push(rule.id.to_string());
        }
    }
    assert!(wrong.is_empty(), "these snapshots changed: {}", wrong.join(", "));
}

/// What the rule makes of its examples: the text, and what it says of it.
fn tell(rules: &RuleSet, rule: &Rule) -> String {
    let threshold = rule.confidence.min(Confidence::Likely);
    let pipeline = Pipeline::new(rules.clone(), Selection::just(rule.id.as_str()), threshold)
        .expect("a rule that is there");
    let fixes = rule.fixes.iter().map(|fix| &fix.input);
    let keeps = rule.keeps.iter().map(|keep| &keep.text);
    let notes = rule.notes.iter().map(|note| &note.text);
    let mut told = String::new();
    for input in fixes.chain(keeps).chain(notes) {
        let cleaned = pipeline.clean(decode(input.as_bytes(), Some(encoding_rs::UTF_8)));
        if cleaned.text == *input {
            writeln!(told, "  {input:?}").expect("a string takes all");
        } else {
            writeln!(told, "- {input:?}\n+ {:?}", cleaned.text).expect("a string takes all");
        }
        for outcome in &cleaned.repairs {
            let (status, message) = (outcome.status, &outcome.message);
            writeln!(told, "    {status:?} {}: {message}", outcome.confidence).expect("a string takes all");
        }
        for note in &cleaned.notes {
            writeln!(told, "    Note at {:?}: {}", &cleaned.text[note.at.range()], note.message)
                .expect("a string takes all");
        }
    }
    told
}
