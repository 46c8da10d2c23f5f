//! A person at a terminal: presses keys, and reads the screen.

use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use avt::Terminal;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen is waited for; it comes in a blink, but where a hundred
/// tests run at once.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Person {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<Terminal>>,
    is_leaving: Arc<AtomicBool>,
    reading: Option<JoinHandle<()>>,
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Person {
    /// Runs `textmend args` in `folder`, on a terminal of so many columns and
    /// rows.
    pub(crate) fn new(folder: &Path, args: &[&str], screen: (u16, u16), env: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(screen)).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_textmend"));
        command.args(args);
        command.cwd(folder);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        env.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("it runs");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("readable");
        let keys = pair.master.take_writer().expect("writable");
        let terminal = Terminal::with_scrollback(screen.0.into(), screen.1.into(), None).expect("a size");
        let screen = Arc::new(Mutex::new(terminal));
        let shown = Arc::clone(&screen);
        let is_leaving = Arc::new(AtomicBool::new(false));
        let leaving = Arc::clone(&is_leaving);
        let reading = std::thread::spawn(move || {
            let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
            // The end shows as an error on some systems.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                bytes.extend_from_slice(&buffer[..count]);
                let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
                let text: String = String::from_utf8(bytes.drain(..whole).collect()).expect("valid");
                shown.lock().expect("no panic").feed(text.as_str());
                if leaving.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        Self { child, master: Some(pair.master), keys, screen, is_leaving, reading: Some(reading) }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("written");
    }

    /// Waits until the screen holds `text`, and gives it.
    pub(crate) fn sees(&self, text: &str) -> String {
        self.waits_for(text, |screen| screen.contains(text))
    }

    /// Presses `keys`, and waits until the screen holds `text`.
    pub(crate) fn gets(&mut self, keys: &str, text: &str) -> String {
        self.press(keys);
        self.sees(text)
    }

    fn waits_for(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            std::thread::sleep(Duration::from_millis(10));
            // Not while it is being drawn.
            if is_there(&screen) && self.screen() == screen {
                return screen;
            }
            assert!(start.elapsed() < PATIENCE, "{what} does not come:\n{screen}");
        }
    }

    /// What is on the screen now.
    pub(crate) fn screen(&self) -> String {
        let terminal = self.terminal();
        let lines = terminal.screen().visible_lines().map(|line| line.text().trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn terminal(&self) -> MutexGuard<'_, Terminal> {
        self.screen.lock().expect("no panic")
    }

    pub(crate) fn resize(&self, screen: (u16, u16)) {
        self.terminal().resize(screen.0.into(), screen.1.into());
        self.master.as_ref().expect("held").resize(size(screen)).expect("resized");
    }

    /// Sends it the signal of this name.
    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.process_id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &process]).status();
        assert!(sent.expect("there is `kill`").success());
    }

    /// Closes the terminal, as a window is closed, and waits for the program.
    pub(crate) fn leaves(mut self) {
        self.is_leaving.store(true, Ordering::Relaxed);
        // Whoever reads has to read once more to see it.
        self.press("?");
        self.reading.take().expect("once").join().expect("no panic");
        let Self { mut child, master, keys, .. } = self;
        drop((master, keys));
        child.wait().expect("it ends");
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
    }

    /// Waits for the end; gives whether that was a good one, and what is on the
    /// screen then.
    pub(crate) fn ends(mut self) -> (bool, String) {
        let status = self.child.wait().expect("it ends");
        self.master = None;
        self.keys = Box::new(std::io::sink());
        self.reading.take().expect("once").join().expect("no panic");
        (status.success(), self.screen())
    }
}
