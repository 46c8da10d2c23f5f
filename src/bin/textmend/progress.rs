//! What a run shows while it goes on: a bar on a terminal, now and then a line
//! elsewhere. Short runs show nothing.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use textmend::batch::{Failure, Observer, Outcome};

use crate::inputs::Inputs;

/// How long a run is short.
const SHORT: Duration = Duration::from_secs(1);
/// How often a line is shown.
const INTERVAL: Duration = Duration::from_secs(10);

type Sizes = Box<dyn Iterator<Item = u64> + Send>;

/// See the module.
pub(crate) struct Progress {
    shown: Shown,
    began: Instant,
    last_line: Instant,
    /// Where the total is found out, once it is asked for.
    sizes: Option<Sizes>,
    total: Option<Arc<AtomicU64>>,
    is_look: bool,
}

enum Shown {
    Nothing,
    /// A bar, once the run is no longer short.
    Bar(Option<ProgressBar>),
    Lines,
}

impl Progress {
    pub(crate) fn new(inputs: &Inputs, quiet: bool) -> Self {
        let shown = match std::io::stderr().is_terminal() {
            _ if quiet => Shown::Nothing,
            // A bar among results would be in their way.
            true if std::io::stdout().is_terminal() && !inputs.are_many() => Shown::Nothing,
            true => Shown::Bar(None),
            false => Shown::Lines,
        };
        let now = Instant::now();
        Self { shown, began: now, last_line: now, sizes: inputs.sizes(), total: None, is_look: false }
    }

    /// Of a run that only looks: its failures are told by the one that cleans.
    pub(crate) fn looking(inputs: &Inputs, quiet: bool) -> Self {
        Self { is_look: true, ..Self::new(inputs, quiet) }
    }

    /// Ends the bar; gives how long the run took.
    pub(crate) fn finish(&mut self) -> Duration {
        if let Shown::Bar(Some(bar)) = &self.shown {
            bar.finish_and_clear();
        }
        self.began.elapsed()
    }

    /// The bytes of all input, once they are known. They are counted beside the
    /// run, so that it need not wait for them.
    fn total(&mut self) -> Option<u64> {
        if let Some(sizes) = self.sizes.take() {
            let total = Arc::new(AtomicU64::new(0));
            self.total = Some(Arc::clone(&total));
            std::thread::spawn(move || total.store(sizes.sum(), Ordering::Relaxed));
        }
        let total = self.total.as_ref()?.load(Ordering::Relaxed);
        (total > 0).then_some(total)
    }

    /// How it goes, in a line.
    fn told(&mut self, so_far: &Outcome) -> String {
        let found = so_far.tally.total();
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        let rate = so_far.read as f64 / seconds;
        let mut told = if self.is_look {
            format!("looking: {:.1} MB/s", rate / 1e6)
        } else {
            format!(
                "{} documents, {:.1} MB/s, {} repairs, {} notes, {} failures",
                HumanCount(so_far.tally.documents),
                rate / 1e6,
                HumanCount(found.applied),
                HumanCount(found.notes),
                HumanCount(so_far.failures.count),
            )
        };
        if let Some(total) = self.total()
            && rate > 0.0
        {
            let left = total.saturating_sub(so_far.read + so_far.read_earlier) as f64 / rate;
            told.push_str(&format!(", {} left", HumanDuration(Duration::from_secs_f64(left))));
        }
        told
    }
}

impl Observer for Progress {
    fn advanced(&mut self, so_far: &Outcome) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines if self.last_line.elapsed() > INTERVAL => {
                self.last_line = Instant::now();
                let told = self.told(so_far);
                eprintln!("{told}");
            }
            Shown::Lines => {}
            Shown::Bar(None) if self.began.elapsed() > SHORT => {
                let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %\n{msg}");
                let bar = ProgressBar::new(0).with_style(style.expect("a sound template"));
                self.shown = Shown::Bar(Some(bar));
            }
            Shown::Bar(None) => {}
            Shown::Bar(Some(bar)) => {
                let bar = bar.clone();
                // Redrawing costs more than a small document.
                if self.last_line.elapsed() < Duration::from_millis(100) {
                    return;
                }
                self.last_line = Instant::now();
                let told = self.told(so_far);
                bar.set_length(self.total().unwrap_or(0));
                bar.set_position(so_far.read + so_far.read_earlier);
                bar.set_message(told);
            }
        }
    }

    fn failed(&mut self, failure: &Failure) {
        match &self.shown {
            _ if self.is_look => {}
            Shown::Bar(Some(bar)) => bar.suspend(|| crate::tell_of(&failure.problem)),
            _ => crate::tell_of(&failure.problem),
        }
    }
}
