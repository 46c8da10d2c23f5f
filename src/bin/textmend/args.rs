//! The arguments, each described where it is defined; help, completions and
//! man pages come from here.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValue};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use schemars::JsonSchema;
use serde::Deserialize;
use textmend::edit::Confidence;

pub(crate) use crate::clean_args::CleanArgs;
pub(crate) use crate::eval_args::{EvalArgs, EvalFormat};
pub(crate) use crate::review::args::ReviewArgs;
use textmend::eval::damage::Kind;

/// Repairs text that OCR, PDF and page-layout extraction damaged, and reports
/// every change.
#[derive(Debug, Parser)]
#[command(
    name = "textmend",
    version,
    about,
    arg_required_else_help = true,
    after_help = "\
Exit status: 0 done, 1 something was found (`check`, or `clean --exit-code`),
2 something could not be done.

Examples:
  textmend clean page.txt                  the clean text
  textmend clean page.txt --diff           what would change
  textmend clean pages -o clean            a folder into a folder
  textmend clean news.jsonl -o clean.jsonl the text of each record
  textmend check page.txt                  what is damaged
  textmend review page.txt                 decide on what is doubtful
  textmend rules explain width/ascii-comma why a rule does what it does"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Clean(CleanArgs),
    Check(CheckArgs),
    Revert(RevertArgs),
    Review(ReviewArgs),
    Eval(EvalArgs),
    Rules(RulesArgs),
    Damage(DamageArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    /// Print the JSON schema of textmend.toml.
    ConfigSchema,
}

/// Say what is damaged, and write nothing.
///
/// Ends with status 1 if anything was found: damage that `clean` would repair,
/// suggestions under its threshold, or notes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend check page.txt
  textmend check pages --format sarif > findings.sarif
  textmend check pages --format rdjsonl | reviewdog -f=rdjsonl
  textmend check page.txt --format criticmarkup > page.md
  textmend check --only width page.txt")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// How to give the findings.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Do as was decided in FILE, which `textmend review` writes: what was
    /// rejected is not repaired, what was accepted is [default: `decisions` in
    /// textmend.toml, or none].
    ///
    /// Documents are named there as seen from its folder. A decision whose text
    /// has changed since is told on standard error, and not obeyed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) decisions: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) pipeline: PipelineArgs,
}

/// Give back the source of a clean text, byte for byte.
///
/// Needs the records that `clean --edits` wrote, and the clean text as it wrote
/// it. Of records about several documents it takes those for this text.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend clean page.txt -o clean.txt --edits page.jsonl
  textmend revert clean.txt --edits page.jsonl -o source.txt
  cmp page.txt source.txt")]
pub(crate) struct RevertArgs {
    /// The clean text; `-` for standard input.
    #[arg(value_name = "CLEAN", value_hint = ValueHint::FilePath)]
    pub(crate) clean: PathBuf,

    /// The records of the run that made it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) edits: PathBuf,

    /// Write the source to this file.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// List, explain and test the rules.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend rules list
  textmend rules explain width/ascii-comma
  textmend rules test my-rules")]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List every rule with its confidence and what it repairs.
    List(RuleSource),
    /// Tell all about a rule: what it finds, why, and its examples.
    Explain {
        /// The rule, as `rules list` names it.
        #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
        id: String,

        #[command(flatten)]
        source: RuleSource,
    },
    /// Hold rules to the examples in their files; status 1 if one fails.
    Test {
        /// A folder of rule files of your own; the built-in ones if not given.
        #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RuleSource {
    /// Add the rules of a folder (FOLDER/stage/name.toml).
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,
}

/// Make damaged pages, with their gold, from clean articles.
///
/// For measuring and for training. The articles are text files with a paragraph
/// a line and a blank line between articles. Each page goes to input/00001.txt
/// in the output folder, and what an editor would make of it to gold/00001.txt;
/// damage.json tells the seed, the rates, and how often what was done. The same
/// articles, options and seed make the same pages, on every machine.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend damage articles.txt -o pages
  textmend damage articles.txt -o pages --seed 7 --pages 200 --gaps few
  textmend damage articles.txt -o pages --only split,interleaved")]
pub(crate) struct DamageArgs {
    /// The articles: files, or folders of them.
    #[arg(required = true, value_name = "ARTICLES", value_hint = ValueHint::AnyPath)]
    pub(crate) articles: Vec<PathBuf>,

    /// Write the pages into this folder.
    #[arg(short, long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) output: PathBuf,

    /// What chance starts from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many pages to make.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) pages: usize,

    /// Take only this last part of the articles of each file, from 0 to 1: 0.1
    /// is the tenth that models are not learned from.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub(crate) last: f64,

    /// Read how often each kind of damage is done from FILE, as damage.json
    /// names the rates [default: as counted in the field].
    #[arg(long, value_name = "FILE.toml", value_hint = ValueHint::FilePath)]
    pub(crate) rates: Option<PathBuf>,

    /// How often a stripped mark leaves a gap.
    #[arg(long, value_name = "PRESET", value_enum)]
    pub(crate) gaps: Option<Gaps>,

    /// Do nothing but this kind of damage; may be repeated.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) only: Vec<DamageKind>,

    /// Do no damage: the pages come out as their gold.
    #[arg(long, conflicts_with_all = ["rates", "gaps", "only"])]
    pub(crate) clean: bool,
}

/// How often a stripped mark leaves a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gaps {
    /// As counted in the field.
    Field,
    /// Less often.
    Few,
    /// Nearly always.
    Many,
}

/// A kind of damage, by its name in damage.json.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DamageKind(pub(crate) Kind);

impl ValueEnum for DamageKind {
    fn value_variants<'a>() -> &'a [Self] {
        const VARIANTS: [DamageKind; Kind::ALL.len()] = {
            let mut variants = [DamageKind(Kind::Marks); Kind::ALL.len()];
            let mut at = 0;
            while at < variants.len() {
                variants[at] = DamageKind(Kind::ALL[at]);
                at += 1;
            }
            variants
        };
        &VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend completions bash > ~/.local/share/bash-completion/completions/textmend
  textmend completions fish > ~/.config/fish/completions/textmend.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the man page, or that of a command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend man > textmend.1
  textmend man rules explain | man -l -")]
pub(crate) struct ManArgs {
    /// The command, such as `clean` or `rules explain`.
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Files, folders and quoted patterns; `-`, or nothing, for standard input.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
}

/// What to do to it. What is given here counts in place of what the
/// configuration says.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to repair")]
pub(crate) struct PipelineArgs {
    /// The lowest confidence that is applied [default: likely].
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) apply: Option<Level>,

    /// Run nothing but this stage or rule; may be repeated.
    #[arg(long, value_name = "STAGE|RULE", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Don't run this stage or rule; may be repeated.
    #[arg(long, value_name = "STAGE|RULE", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,

    /// Add the rules of a folder (FOLDER/stage/name.toml); may be repeated.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,

    /// Read this configuration [default: the closest textmend.toml or
    /// .textmend.toml, from the folder of the file read upward].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration.
    #[arg(long, conflicts_with = "config")]
    pub(crate) isolated: bool,

    /// The encoding of the input, such as gb18030 or utf-16le [default: found
    /// out].
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
}

/// How sure a repair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// A person has to decide.
    Doubtful,
    /// Wrong less than once in 20.
    Likely,
    /// Wrong less than once in 200.
    Certain,
}

impl From<Level> for Confidence {
    fn from(level: Level) -> Self {
        match level {
            Level::Doubtful => Self::Doubtful,
            Level::Likely => Self::Likely,
            Level::Certain => Self::Certain,
        }
    }
}

/// A form for findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// path:line:col: rule [confidence] message
    Text,
    /// Edit records, a JSON object a line.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// The Diagnostic Format of reviewdog, a JSON object a line.
    Rdjsonl,
    /// The text, with each repair marked as CriticMarkup: to be gone through in
    /// an editor, and read back by `review --import`.
    Criticmarkup,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
