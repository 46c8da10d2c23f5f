//! `textmend damage`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Serialize;
use textmend::eval::damage::{Article, Counts, GapRates, Rates, articles, pages};
use textmend::io::{Guard, check_folders, list};

use crate::Ending;
use crate::args::{DamageArgs, Gaps};

/// What `damage.json` says of the pages beside it.
#[derive(Serialize)]
struct Told<'a> {
    version: &'a str,
    seed: u64,
    pages: usize,
    rates: &'a Rates,
    counts: &'a Counts,
}

pub(crate) fn run(args: &DamageArgs) -> Result<Ending> {
    let rates = rates(args)?;
    let articles = read(args)?;
    let input = args.output.join("input");
    let gold = args.output.join("gold");
    for folder in [&input, &gold] {
        fs::create_dir_all(folder).with_context(|| format!("{}: can't be made", folder.display()))?;
    }
    let mut counts = Counts::new();
    for (number, page) in (1..=args.pages).zip(pages(&articles, &rates, args.seed)) {
        let name = format!("{number:05}.txt");
        textmend::io::replace(&input.join(&name), page.input.as_bytes())?;
        textmend::io::replace(&gold.join(&name), page.gold.as_bytes())?;
        for (kind, count) in page.counts {
            *counts.entry(kind).or_default() += count;
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    let told = Told { version, seed: args.seed, pages: args.pages, rates: &rates, counts: &counts };
    let mut json = serde_json::to_string_pretty(&told).context("damage.json")?;
    json.push('\n');
    textmend::io::replace(&args.output.join("damage.json"), json.as_bytes())?;
    Ok(Ending::default())
}

/// The articles of all files, in the order of the files.
fn read(args: &DamageArgs) -> Result<Vec<Article>> {
    let listing = list(&args.articles);
    check_folders(&args.output, listing.folders.iter().map(std::path::PathBuf::as_path))?;
    if let Some(problem) = listing.problems.into_iter().next() {
        return Err(problem.into());
    }
    let mut guard = Guard::new(listing.files.iter().map(|file| file.path.as_path()));
    guard.claim(&args.output.join("damage.json"))?;
    let mut found = Vec::new();
    for file in &listing.files {
        let bytes = textmend::io::read(&file.path)?;
        let text = textmend::io::to_text(&file.path, &bytes, None)?.text;
        let mut articles = articles(&text);
        found.extend(articles.split_off(first_taken(articles.len(), args.last)));
    }
    if found.is_empty() {
        bail!(
            "there is no article in these files; write a paragraph a line, and a blank line between articles"
        );
    }
    Ok(found)
}

/// The first of `count` articles that belongs to the last part `share`.
fn first_taken(count: usize, share: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and count")]
    let taken = (count as f64 * share.clamp(0.0, 1.0)) as usize;
    count - taken.min(count)
}

fn rates(args: &DamageArgs) -> Result<Rates> {
    let mut rates = match &args.rates {
        Some(path) => read_rates(path)?,
        None => Rates::default(),
    };
    match args.gaps {
        Some(Gaps::Field) => rates.gaps = GapRates::default(),
        Some(Gaps::Few) => rates.gaps = GapRates::few(),
        Some(Gaps::Many) => rates.gaps = GapRates::many(),
        None => {}
    }
    if args.clean {
        return Ok(Rates::none());
    }
    if args.only.is_empty() {
        return Ok(rates);
    }
    let kinds: Vec<_> = args.only.iter().map(|kind| kind.0).collect();
    Ok(rates.only(&kinds))
}

fn read_rates(path: &Path) -> Result<Rates> {
    let bytes = textmend::io::read(path)?;
    let text = String::from_utf8(bytes).with_context(|| format!("{}", path.display()))?;
    toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
        anyhow!("{}:{line}: {}", path.display(), error.message())
    })
}
