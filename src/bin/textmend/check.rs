//! `textmend check`.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use textmend::report::sarif::Findings;
use textmend::report::{rdjsonl, text};

use crate::Ending;
use crate::args::{CheckArgs, Format};
use textmend::batch::{Cleaner, Stale};

use crate::config::Cleaners;
use crate::job::{self, Job};
use crate::results::Results;
use crate::{review, summary};

pub(crate) fn run(args: &CheckArgs) -> Result<Ending> {
    let (inputs, listing) = job::inputs(&args.input)?;
    let mut cleaners = Cleaners::new(&args.pipeline).obeying(args.decisions.as_deref());
    let mut run = Run {
        format: args.format,
        out: Results::new(),
        sarif: Findings::default(),
        ending: Ending::default(),
    };
    for problem in listing.problems {
        run.fail(&problem.into());
    }
    for input in &inputs {
        let cleaner = cleaners.for_folder(&input.folder())?;
        match input.repair(&cleaner) {
            Ok(job) => run.tell(&job, &cleaner).context("the findings could not be written")?,
            Err(error) => run.fail(&error),
        }
    }
    run.finish()
}

struct Run {
    format: Format,
    out: Results,
    sarif: Findings,
    ending: Ending,
}

impl Run {
    fn fail(&mut self, error: &anyhow::Error) {
        crate::tell(error);
        self.sarif.add_problem(&crate::told(error));
        self.ending.failed = true;
    }

    fn tell(&mut self, job: &Job, cleaner: &Cleaner) -> Result<()> {
        self.ending.found |= job.has_findings();
        let stale = |id: &String| Stale { place: job.name.clone(), id: id.clone() };
        summary::tell_stale(&job.cleaned.stale.iter().map(stale).collect::<Vec<_>>());
        match self.format {
            Format::Text => {
                text::findings(&mut self.out, &job.name, &job.cleaned)?;
            }
            Format::Rdjsonl => rdjsonl::findings(&mut self.out, &job.name, &job.cleaned)?,
            Format::Criticmarkup => self.mark(job)?,
            Format::Json => job.records().write(&mut self.out)?,
            Format::Sarif => self.sarif.add(&job.name, &job.cleaned, cleaner.textmend.rules()),
        }
        Ok(())
    }

    fn mark(&mut self, job: &Job) -> Result<()> {
        match review::marked(&job.name, &job.cleaned) {
            Ok(text) => write!(self.out, "{text}")?,
            Err(error) => self.fail(&error),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Ending> {
        if self.format == Format::Sarif {
            serde_json::to_writer_pretty(&mut self.out, &self.sarif.into_log())?;
            writeln!(self.out)?;
        }
        self.out.finish()?;
        Ok(self.ending)
    }
}
