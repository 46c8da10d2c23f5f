//! Standard output, which carries results only.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};

use crate::args::Color;

/// Standard output. Who reads it may stop reading when they like (`| head`):
/// what is written then goes nowhere, and is no error.
pub(crate) struct Results {
    out: BufWriter<StdoutLock<'static>>,
    closed: bool,
}

impl Results {
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), closed: false }
    }

    /// Hands on all that was written.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        self.flush().map_err(|error| anyhow::anyhow!("standard output: {error}"))
    }

    fn forgive<T>(&mut self, done: io::Result<T>, otherwise: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(otherwise)
            }
            done => done,
        }
    }
}

impl Write for Results {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let done = self.out.write(bytes);
        self.forgive(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let done = self.out.flush();
        self.forgive(done, ())
    }
}

/// Whether standard output takes colours.
pub(crate) fn coloured(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let stdout = io::stdout();
            stdout.is_terminal() && AutoStream::choice(&stdout) != ColorChoice::Never
        }
    }
}
