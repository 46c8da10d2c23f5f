//! What `clean` does with what documents share.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum, ValueHint};
use textmend::across::{Cluster, Findings, Keep, Knowledge};
use textmend::batch::{self, Options};
use textmend::io::Pending;

use crate::args::CleanArgs;
use crate::config::Cleaners;
use crate::inputs::Inputs;
use crate::progress::Progress;

/// What documents of one archive say about each other. Each of these reads all
/// of it once before the first document is cleaned.
#[derive(Debug, Args)]
#[command(next_help_heading = "Across documents (reads everything twice)")]
pub(crate) struct AcrossArgs {
    /// Write the passages that stand in several documents to FILE: a JSON object
    /// a line, each with all places of one text.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) duplicates: Option<PathBuf>,

    /// Remove passages that stand in another document too, and keep one copy:
    /// the first of the archive, or the least damaged.
    #[arg(long, value_name = "COPY", value_enum, num_args = 0..=1, default_missing_value = "first", require_equals = true)]
    pub(crate) dedup_across: Option<KeepArg>,

    /// Take phrases that two documents or more have in quotation marks for
    /// evidence in all of them.
    #[arg(long)]
    pub(crate) learn_phrases: bool,
}

/// Which copy stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeepArg {
    /// The first of the archive.
    First,
    /// The one with the least damage.
    Best,
}

impl AcrossArgs {
    fn are_given(&self) -> bool {
        self.duplicates.is_some() || self.dedup_across.is_some() || self.learn_phrases
    }

    fn knowledge(&self, findings: &Findings) -> Knowledge {
        let copies = self.dedup_across.map(|keep| match keep {
            KeepArg::First => Knowledge::of_copies(&findings.clusters, Keep::First),
            KeepArg::Best => Knowledge::of_copies(&findings.clusters, Keep::Best),
        });
        let knowledge = copies.unwrap_or_default();
        if self.learn_phrases { knowledge.with_phrases(Arc::clone(&findings.phrases)) } else { knowledge }
    }
}

/// Looks at all documents, tells what they share, and gives what cleaning needs
/// to know of it; `None` if nobody asked. Files of its own lie in `folder`, if
/// the run has one.
pub(crate) fn look(
    args: &CleanArgs,
    folder: Option<&Path>,
    options: &Options,
) -> Result<Option<Arc<Knowledge>>> {
    if !args.across.are_given() {
        return Ok(None);
    }
    let inputs = Inputs::new(args)?;
    let once = |path: &Path| path == Path::new("-");
    if matches!(inputs, Inputs::Stdin) || args.file_list.as_deref().is_some_and(once) {
        bail!("what comes from standard input can't be read twice; put it into a file first");
    }
    let own = match folder {
        Some(folder) => folder.join(".textmend"),
        None => std::env::temp_dir(),
    };
    let mut progress = Progress::looking(&inputs, args.run.quiet);
    let units = inputs.units(Cleaners::new(&args.pipeline));
    let findings = batch::survey(units, options, &own, &mut progress);
    progress.finish();
    let findings = findings?;
    if let Some(path) = &args.across.duplicates {
        write_clusters(path, &findings.clusters).context("the duplicates could not be written")?;
    }
    if !args.run.quiet {
        eprintln!("{}", told(&findings));
    }
    Ok(Some(Arc::new(args.across.knowledge(&findings))))
}

fn write_clusters(path: &Path, clusters: &[Cluster]) -> Result<()> {
    let mut file = Pending::create(path)?;
    let mut out = std::io::BufWriter::new(&mut file);
    for cluster in clusters {
        serde_json::to_writer(&mut out, cluster)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    drop(out);
    file.commit()?;
    Ok(())
}

fn told(findings: &Findings) -> String {
    let copies: usize = findings.clusters.iter().map(|cluster| cluster.members.len() - 1).sum();
    let (clusters, phrases) = (findings.clusters.len(), findings.phrases.len());
    format!(
        "across documents: {clusters} texts stand more than once ({copies} copies), {phrases} phrases are known"
    )
}
