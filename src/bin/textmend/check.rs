//! `textmend check`.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use textmend::report::sarif::Findings;
use textmend::report::text;

use crate::Ending;
use crate::args::{CheckArgs, Format};
use crate::config::{Setup, Setups};
use crate::job::{self, Job};
use crate::results::Results;

pub(crate) fn run(args: &CheckArgs) -> Result<Ending> {
    let (inputs, listing) = job::inputs(&args.input)?;
    let mut setups = Setups::new(&args.pipeline);
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
        let setup = setups.for_folder(&input.folder())?;
        match input.repair(&setup) {
            Ok(job) => run.tell(&job, &setup).context("the findings could not be written")?,
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

    fn tell(&mut self, job: &Job, setup: &Setup) -> Result<()> {
        self.ending.found |= job.has_findings();
        match self.format {
            Format::Text => {
                text::findings(&mut self.out, &job.name, &job.cleaned)?;
            }
            Format::Json => job.records().write(&mut self.out)?,
            Format::Sarif => self.sarif.add(&job.name, &job.cleaned, setup.pipeline.rules()),
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
