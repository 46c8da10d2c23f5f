//! `textmend rules`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use textmend::pipeline::{Pipeline, examples};
use textmend::report::terminal::safe;
use textmend::rules::{Matcher, Rule, RuleSet, Selection};

use crate::Ending;
use crate::args::{RulesArgs, RulesCommand};
use crate::config::rule_set;
use crate::results::Results;

pub(crate) fn run(args: &RulesArgs) -> Result<Ending> {
    let mut out = Results::new();
    let mut ending = Ending::default();
    match &args.command {
        RulesCommand::List(source) => list(&mut out, &load(&source.rules)?)?,
        RulesCommand::Explain { id, source } => explain(&mut out, &load(&source.rules)?, id)?,
        RulesCommand::Test { folder } => ending.found = !test(&mut out, folder.as_deref())?,
    }
    out.finish()?;
    Ok(ending)
}

/// The built-in rules and those of `folders`, found to be usable.
fn load(folders: &[PathBuf]) -> Result<RuleSet> {
    let rules = rule_set(folders)?;
    let confidence = textmend::edit::Confidence::Likely;
    Ok(Pipeline::new(rules, Selection::default(), confidence)?.rules().clone())
}

fn list(out: &mut impl Write, rules: &RuleSet) -> io::Result<()> {
    let width = rules.rules().iter().map(|rule| rule.id.as_str().len()).max().unwrap_or(0);
    for rule in rules.rules() {
        writeln!(
            out,
            "{:width$}  {:8}  {}",
            rule.id.as_str(),
            rule.confidence.to_string(),
            safe(&rule.summary)
        )?;
    }
    Ok(())
}

fn explain(out: &mut impl Write, rules: &RuleSet, id: &str) -> Result<()> {
    let Some(rule) = rules.get(id) else {
        let ids: Vec<_> = rules.rules().iter().map(|rule| rule.id.as_str()).collect();
        let close = similar::get_close_matches(id, &ids, 3, 0.6);
        if close.is_empty() {
            bail!("no rule is called `{id}`; see `textmend rules list`");
        }
        bail!("no rule is called `{id}`; did you mean {}?", close.join(" or "));
    };
    writeln!(out, "{}: {}\n\n{}\n", rule.id, safe(&rule.summary), safe(rule.why.trim()))?;
    writeln!(out, "Confidence: {}", rule.confidence)?;
    let how = match &rule.matcher {
        Matcher::Pattern(_) => "a pattern in its file",
        Matcher::Code => "code",
    };
    writeln!(out, "Found by:   {how}\nFile:       {}", rule.path.display())?;
    write_examples(out, rule)?;
    Ok(())
}

fn write_examples(out: &mut impl Write, rule: &Rule) -> io::Result<()> {
    if !rule.fixes.is_empty() {
        writeln!(out, "\nRepairs:")?;
        for fix in &rule.fixes {
            writeln!(out, "  - {:?}\n  + {:?}", fix.input, fix.output)?;
        }
    }
    if !rule.notes.is_empty() {
        writeln!(out, "\nPoints at:")?;
        for note in &rule.notes {
            writeln!(out, "  {:?} in {:?}", note.at, note.text)?;
        }
    }
    writeln!(out, "\nLeaves alone:")?;
    for keep in &rule.keeps {
        writeln!(out, "  {:?}\n    ({})", keep.text, safe(&keep.because))?;
    }
    if !rule.knowns.is_empty() {
        writeln!(out, "\nKnown to get wrong:")?;
        for known in &rule.knowns {
            writeln!(
                out,
                "  {:?}, which should be {:?}\n    ({})",
                known.input,
                known.output,
                safe(&known.because)
            )?;
        }
    }
    Ok(())
}

/// Runs the examples of every rule, or of those in `folder`; whether all came
/// out as written.
fn test(out: &mut impl Write, folder: Option<&Path>) -> Result<bool> {
    let folders: Vec<_> = folder.map(Path::to_owned).into_iter().collect();
    let rules = load(&folders)?;
    let (mut tested, mut failed) = (0, 0);
    for rule in rules.rules().iter().filter(|rule| folder.is_none_or(|folder| rule.path.starts_with(folder)))
    {
        tested += 1;
        let failures = examples::failures(&rules, rule)?;
        if failures.is_empty() {
            continue;
        }
        failed += 1;
        writeln!(out, "{} ({})", rule.id, rule.path.display())?;
        for failure in failures {
            writeln!(out, "{failure}\n")?;
        }
    }
    if tested == 0 {
        bail!(
            "{}: there is no rule file in it (they lie in FOLDER/stage/name.toml)",
            folder.unwrap_or(Path::new("rules")).display()
        );
    }
    writeln!(out, "{tested} rules tested, {failed} failed")?;
    Ok(failed == 0)
}
