//! `textmend eval`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;
use textmend::eval::{self, Harm, Results as Scores, Scored, Texts};
use textmend::io::{Guard, SourceFile};

use crate::Ending;
use crate::args::{EvalArgs, EvalFormat};
use crate::config::{Setup, Setups};
use crate::job::Input;
use crate::results::Results;

pub(crate) fn run(args: &EvalArgs) -> Result<Ending> {
    let floor = args.floor.as_deref().map(read_floor).transpose()?;
    let mut run = Run {
        args,
        setups: Setups::new(&args.pipeline),
        scores: Scores::default(),
        ending: Ending::default(),
    };
    if let (Some(gold), Some(input)) = (&args.gold, &args.input) {
        let pairs = run.pairs(gold, input);
        run.score_all(&pairs)?;
    }
    if let Some(undamaged) = &args.undamaged {
        run.count_harm(undamaged)?;
    }
    run.deliver()?;
    if let Some(floor) = floor {
        run.hold_to(&floor);
    }
    Ok(run.ending)
}

fn read_floor(path: &Path) -> Result<Value> {
    let bytes = textmend::io::read(path)?;
    serde_json::from_slice(&bytes).with_context(|| {
        format!("{}: these are no figures that `textmend eval --format json` wrote", path.display())
    })
}

/// A damaged file and its gold.
struct Pair {
    input: SourceFile,
    gold: PathBuf,
}

struct Run<'a> {
    args: &'a EvalArgs,
    setups: Setups<'a>,
    scores: Scores,
    ending: Ending,
}

impl Run<'_> {
    fn fail(&mut self, error: &anyhow::Error) {
        crate::tell(error);
        self.ending.failed = true;
    }

    /// The files that `path` names; tells of those that can't be listed.
    fn list(&mut self, path: &Path) -> Vec<SourceFile> {
        let listing = textmend::io::list(&[path.to_owned()]);
        for problem in listing.problems {
            self.fail(&problem.into());
        }
        listing.files
    }

    /// Pairs the files of the input with those of gold, and tells of those
    /// that have no partner.
    fn pairs(&mut self, gold: &Path, input: &Path) -> Vec<Pair> {
        let mut inputs = self.list(input);
        if !gold.is_dir() {
            if input.is_dir() {
                self.fail(&anyhow!("{}: a folder of input needs a folder of gold", gold.display()));
                return Vec::new();
            }
            return inputs.into_iter().map(|input| Pair { input, gold: gold.to_owned() }).collect();
        }
        inputs.retain(|file| !is_gold(&file.path));
        let mut pairs = Vec::new();
        let mut used = BTreeSet::new();
        for input in inputs {
            match gold_of(gold, &input) {
                Some(gold) => {
                    used.insert(gold.clone());
                    pairs.push(Pair { input, gold });
                }
                None => {
                    let problem =
                        anyhow!("{}: there is no gold for it in {}", input.path.display(), gold.display());
                    self.fail(&problem);
                }
            }
        }
        if input.is_dir() {
            let same = gold == input;
            for file in self.list(gold) {
                if !used.contains(&file.path) && (!same || is_gold(&file.path)) {
                    self.fail(&anyhow!("{}: there is no input for it", file.path.display()));
                }
            }
        }
        pairs
    }

    fn score_all(&mut self, pairs: &[Pair]) -> Result<()> {
        let progress = io::stderr().is_terminal() && pairs.len() > 1;
        for (number, pair) in pairs.iter().enumerate() {
            if progress {
                eprint!("\r{} of {}", number + 1, pairs.len());
            }
            let input = Input::File(pair.input.clone());
            let setup = self.setups.for_folder(&input.folder())?;
            if let Err(error) = self.score(pair, &setup) {
                self.fail(&error);
            }
        }
        if progress {
            eprintln!();
        }
        Ok(())
    }

    fn score(&mut self, pair: &Pair, setup: &Setup) -> Result<()> {
        let gold = read(&pair.gold, setup)?;
        let input = read(&pair.input.path, setup)?;
        let name = pair.input.place.to_string_lossy().into_owned();
        if let Some(cleaned) = &self.args.cleaned {
            let cleaned = read(&place_in(cleaned, &pair.input), setup)?;
            let page =
                Scored::new(name, Texts { gold: &gold.text, input: &input.text, cleaned: &cleaned.text });
            self.scores.add(page);
            return Ok(());
        }
        let cleaned = setup.pipeline.clean(input);
        let undamaged = setup.pipeline.clean(gold);
        self.scores.add_harm(&Harm::of(&undamaged));
        let texts =
            Texts { gold: &undamaged.source.text, input: &cleaned.source.text, cleaned: &cleaned.text };
        let mut page = Scored::new(name, texts);
        page.name_rules(&cleaned);
        self.scores.add(page);
        Ok(())
    }

    fn count_harm(&mut self, undamaged: &Path) -> Result<()> {
        for file in self.list(undamaged) {
            let input = Input::File(file.clone());
            let setup = self.setups.for_folder(&input.folder())?;
            match self.harm(&file, &setup) {
                Ok(harm) => self.scores.add_harm(&harm),
                Err(error) => self.fail(&error),
            }
        }
        Ok(())
    }

    fn harm(&self, file: &SourceFile, setup: &Setup) -> Result<Harm> {
        let text = read(&file.path, setup)?;
        Ok(match &self.args.cleaned {
            Some(cleaned) => eval::differences(&text.text, &read(&place_in(cleaned, file), setup)?.text),
            None => Harm::of(&setup.pipeline.clean(text)),
        })
    }

    fn deliver(&self) -> Result<()> {
        if self.scores.pages.is_empty() && self.scores.harm.is_none() {
            bail!("nothing could be scored");
        }
        let text = match self.args.format {
            EvalFormat::Json => format!("{:#}\n", self.scores.json()),
            EvalFormat::Html => eval::html(&self.scores, self.args.errors.unwrap_or(10)),
            EvalFormat::Text => {
                let errors = self.args.errors.map(|most| eval::errors(&self.scores, most));
                eval::table(&self.scores) + &errors.unwrap_or_default()
            }
        };
        match &self.args.output {
            Some(path) => {
                Guard::new([]).claim(path)?;
                textmend::io::replace(path, text.as_bytes())?;
            }
            None => {
                let mut out = Results::new();
                out.write_all(text.as_bytes()).context("standard output")?;
                out.finish()?;
            }
        }
        Ok(())
    }

    fn hold_to(&mut self, floor: &Value) {
        for fallen in eval::below(floor, &self.scores.json()) {
            crate::tell(&anyhow!("{fallen}"));
            self.ending.found = true;
        }
    }
}

fn read(path: &Path, setup: &Setup) -> Result<textmend::decode::Decoded> {
    Ok(textmend::io::to_text(path, &textmend::io::read(path)?, setup.encoding)?)
}

/// What became of `file`, below `cleaned` or at it.
fn place_in(cleaned: &Path, file: &SourceFile) -> PathBuf {
    if cleaned.is_dir() { cleaned.join(&file.place) } else { cleaned.to_owned() }
}

/// Whether a file is gold by its name: `NAME.gold.txt`, `gold.txt`.
fn is_gold(path: &Path) -> bool {
    let stem = path.file_stem().map(Path::new);
    stem.is_some_and(|stem| stem == Path::new("gold") || stem.extension() == Some(OsStr::new("gold")))
}

/// The gold of `input` in a folder: the file of the same name, unless it is
/// that very file, or `NAME.gold.txt`, or `gold.txt`, in its place.
fn gold_of(gold: &Path, input: &SourceFile) -> Option<PathBuf> {
    let place = gold.join(&input.place);
    let extension = place.extension().unwrap_or(OsStr::new("")).to_owned();
    let mut marked = OsStr::new("gold.").to_owned();
    marked.push(&extension);
    let beside = place.with_extension(&marked);
    let only = place.with_file_name("gold").with_extension(&extension);
    let other = (place != input.path).then_some(place);
    other.into_iter().chain([beside, only]).find(|path| path.is_file())
}
