//! `textmend review` on a terminal: one repair at a time.
//!
//! The [`Session`] has every decision on disk before it returns, so whatever
//! ends this ends it without a loss.

mod draw;
mod editor;
mod flow;
mod keys;
mod menu;
mod model;
mod popup;
mod queue;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use ratatui::crossterm::execute;
use signal_hook::consts::TERM_SIGNALS;
use textmend::report::terminal::safe;
use textmend::review::{Filter, Session};

use super::args::ReviewArgs;
use crate::Ending;
use crate::results;
use keys::Then;
use model::Review;

/// Whether a person can be asked.
pub(super) fn is_there() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !is_dumb
}

/// Asks for decisions until all are made, or the person leaves.
pub(super) fn run(session: Session, args: &ReviewArgs) -> Result<Ending> {
    let mut review = Review::new(session, args.filter.filter());
    if review.queue.entries.is_empty() {
        eprintln!("nothing to decide; --decided, --status and --rule show what there is");
        return Ok(Ending::default());
    }
    let signals = Signals::new()?;
    let wait = Wait::default();
    wait.watch();
    let ended = {
        let mut screen = Screen::open()?;
        ask(&mut screen.terminal, &mut review, &signals, &wait, results::coloured(args.filter.color))
    };
    summary(&review);
    let signal = ended?;
    if let Some(signal) = signal {
        signal_hook::low_level::emulate_default_handler(signal)?;
    }
    Ok(Ending::default())
}

/// The number of the signal that ended it, if one did.
fn ask(
    terminal: &mut DefaultTerminal,
    review: &mut Review,
    signals: &Signals,
    wait: &Wait,
    coloured: bool,
) -> Result<Option<i32>> {
    loop {
        terminal.draw(|frame| draw::draw(frame, review, coloured)).context("the terminal")?;
        let event = loop {
            if let Some(signal) = signals.came() {
                return Ok(Some(signal));
            }
            if let Some(event) = wait.next()? {
                break event;
            }
        };
        if keys::take(review, &event) == Then::Quit {
            return Ok(None);
        }
    }
}

/// Counts when waiting for a key begins and when it ends: odd in between.
#[derive(Clone, Debug, Default)]
struct Wait(Arc<AtomicUsize>);

impl Wait {
    /// How long a key is waited for at a time.
    const SOON: Duration = Duration::from_millis(100);

    /// The next event, if one comes soon.
    fn next(&self) -> Result<Option<Event>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let is_there = event::poll(Self::SOON);
        self.0.fetch_add(1, Ordering::Relaxed);
        is_there.context("the terminal")?.then(event::read).transpose().context("the terminal")
    }

    /// Ends the program where waiting has no end: on a terminal that is gone,
    /// crossterm reads the end of its input for ever. Nothing is lost, and
    /// nobody is there to be told.
    fn watch(&self) {
        let wait = self.clone();
        std::thread::spawn(move || {
            let mut last = 0;
            loop {
                std::thread::sleep(20 * Self::SOON);
                let now = wait.0.load(Ordering::Relaxed);
                if now % 2 == 1 && now == last {
                    std::process::exit(2);
                }
                last = now;
            }
        });
    }
}

fn summary(review: &Review) {
    let [accepted, rejected, edited, skipped] = review.tally();
    let left = review.session.indices(&Filter::pending()).len();
    let path = safe(&review.session.file().path().to_string_lossy());
    eprintln!(
        "accepted {accepted}, rejected {rejected}, edited {edited}, skipped {skipped}; {left} to decide in {path}"
    );
}

/// The terminal, taken over; given back when this is dropped, and in a panic.
struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    fn open() -> Result<Self> {
        let terminal = ratatui::try_init().context("the terminal can't be used; see --list")?;
        let screen = Self { terminal };
        // Where a terminal does not know of it, what is pasted comes as keys.
        execute!(io::stdout(), EnableBracketedPaste).context("the terminal")?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may be gone, and then there is nothing to give back.
        drop(execute!(io::stdout(), DisableBracketedPaste));
        drop(self.terminal.show_cursor());
        drop(ratatui::try_restore());
    }
}

/// Signals that end a program; they are heard between two keys, so that the
/// terminal is given back.
struct Signals(Arc<AtomicUsize>);

impl Signals {
    fn new() -> Result<Self> {
        let came = Arc::new(AtomicUsize::new(0));
        #[cfg(unix)]
        let hang_up = Some(&signal_hook::consts::SIGHUP);
        #[cfg(not(unix))]
        let hang_up = None;
        for signal in TERM_SIGNALS.iter().chain(hang_up) {
            let number = usize::try_from(*signal).expect("signals have positive numbers");
            signal_hook::flag::register_usize(*signal, Arc::clone(&came), number)?;
        }
        Ok(Self(came))
    }

    fn came(&self) -> Option<i32> {
        i32::try_from(self.0.load(Ordering::Relaxed)).ok().filter(|signal| *signal != 0)
    }
}
