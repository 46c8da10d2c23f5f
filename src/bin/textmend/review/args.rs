//! The arguments of `review`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use textmend::pipeline::Status;
use textmend::review::Filter;

use crate::args::{Color, InputArgs, Level, PipelineArgs};

/// Decide on repairs, and have it remembered.
///
/// Decisions go to a file, one a line, that `clean --decisions` and `check
/// --decisions` obey: what was rejected is not repaired, what was accepted is,
/// and what was edited reads as the reviewer wrote it. Nothing that was decided
/// is asked again. On a terminal this asks for one suggestion after the other;
/// elsewhere it prints the commands that would decide. A file of edit records
/// (`clean --edits`) stands for the documents of that run, named as seen from
/// the folder it ran in.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  textmend review page.txt
  textmend review pages --web
  textmend review edits.jsonl
  textmend review page.txt --list
  textmend review page.txt --accept 3f2a9c11d0b84e57 --who 'Lin Youhe'
  textmend review page.txt --reject 3f2a9c11d0b84e57 --note 'a headline'
  textmend review page.txt --edit 3f2a9c11d0b84e57='《清渠润田》'
  textmend review pages --reject-rule quotes/stripped-single-mark
  textmend review page.txt --undo
  textmend review page.txt --list --format criticmarkup > page.md
  textmend review page.txt --import page.md
  textmend clean page.txt --decisions textmend.decisions.jsonl")]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Where decisions are kept; documents are named in it as seen from its
    /// folder [default: `decisions` in textmend.toml, or
    /// textmend.decisions.jsonl in this folder].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) decisions: Option<PathBuf>,

    /// Review in the browser, until Ctrl-C: prints an address of this machine
    /// that can be opened once.
    #[arg(long)]
    pub(crate) web: bool,

    /// The port for --web; any that is free if it is 0.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "web")]
    pub(crate) port: u16,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    #[command(flatten)]
    pub(crate) decide: DecideArgs,

    #[command(flatten)]
    pub(crate) pipeline: PipelineArgs,
}

/// What to show.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to show")]
pub(crate) struct FilterArgs {
    /// List repairs; those that wait for a decision, unless another option says
    /// otherwise.
    #[arg(long)]
    pub(crate) list: bool,

    /// List all repairs.
    #[arg(long)]
    pub(crate) all: bool,

    /// List the decisions whose text has changed, so that they are not obeyed.
    #[arg(long, conflicts_with_all = ["list", "notes"])]
    pub(crate) stale: bool,

    /// List the notes: what is to be looked at, and was ticked off.
    #[arg(long, conflicts_with = "list")]
    pub(crate) notes: bool,

    /// How to list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,

    /// Only this rule or stage; may be repeated.
    #[arg(long, value_name = "STAGE|RULE", value_delimiter = ',')]
    pub(crate) rule: Vec<String>,

    /// Only this confidence; may be repeated.
    #[arg(long, value_name = "LEVEL", value_enum, value_delimiter = ',')]
    pub(crate) confidence: Vec<Level>,

    /// Only what became this, decided or not; may be repeated.
    #[arg(long, value_name = "STATUS", value_enum, value_delimiter = ',')]
    pub(crate) status: Vec<StatusName>,

    /// Only what somebody decided on.
    #[arg(long)]
    pub(crate) decided: bool,

    /// Only where the text, the reason or the rule holds this.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,

    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// What to decide.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to decide")]
pub(crate) struct DecideArgs {
    /// Have these repairs made, however sure they are.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(crate) accept: Vec<String>,

    /// Leave the text alone where these repairs would change it.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(crate) reject: Vec<String>,

    /// Accept all that this rule proposes in these documents.
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',')]
    pub(crate) accept_rule: Vec<String>,

    /// Reject all that this rule proposes in these documents.
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',')]
    pub(crate) reject_rule: Vec<String>,

    /// Have your own text stand there, in place of what `--list` shows as
    /// `before`, from the first change to the last.
    #[arg(long, value_name = "ID=TEXT")]
    pub(crate) edit: Vec<String>,

    /// With `--accept` and `--reject`: the same change of the same phrase, in
    /// any document.
    #[arg(long)]
    pub(crate) phrase: bool,

    /// Tick these notes off.
    #[arg(long, value_name = "NOTE", num_args = 1.., value_delimiter = ',')]
    pub(crate) done: Vec<String>,

    /// Take in what was decided in FILE, which `--list --format criticmarkup`
    /// made of the one document that is named.
    ///
    /// A mark that was left as it is decides nothing; one turned into what it
    /// would write accepts, one turned into what it would replace rejects, and
    /// other text there is your own. What was changed elsewhere is told.
    #[arg(long, value_name = "FILE.md", value_hint = ValueHint::FilePath)]
    pub(crate) import: Option<PathBuf>,

    /// Take the last decision in the file back.
    #[arg(long)]
    pub(crate) undo: bool,

    /// Add this to what is decided.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,

    /// Who decides [default: user.name of git, or who is logged in].
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
}

/// How to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
    /// The text of the one document that is named, with every repair marked as
    /// CriticMarkup: to be gone through in an editor, and read back by
    /// `--import`.
    Criticmarkup,
}

/// What became of a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusName {
    /// It is in the clean text.
    Applied,
    /// It is under the threshold.
    Suggested,
    /// It lost to a stronger one.
    Superseded,
    /// Somebody said no.
    Rejected,
}

impl From<StatusName> for Status {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Applied => Self::Applied,
            StatusName::Suggested => Self::Suggested,
            StatusName::Superseded => Self::Superseded,
            StatusName::Rejected => Self::Rejected,
        }
    }
}

impl FilterArgs {
    /// Whether something is to be listed, and nobody asked.
    pub(crate) fn is_list(&self) -> bool {
        self.list || self.all || self.stale || self.notes || self.format != ListFormat::Text
    }

    /// The filter that the arguments ask for.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            pending: self.status.is_empty() && !self.decided && !self.all,
            rules: self.rule.clone(),
            confidences: self.confidence.iter().map(|level| (*level).into()).collect(),
            statuses: self.status.iter().map(|status| (*status).into()).collect(),
            decided: self.decided.then_some(true),
            search: self.search.clone(),
            document: None,
        }
    }
}

impl DecideArgs {
    /// Whether anything is to be decided.
    pub(crate) fn is_asked(&self) -> bool {
        let lists =
            [&self.accept, &self.reject, &self.accept_rule, &self.reject_rule, &self.edit, &self.done];
        self.undo || self.import.is_some() || lists.iter().any(|list| !list.is_empty())
    }
}
