//! Lets a library that wants to own its output write to one that is lent for
//! each call: it runs in a thread of its own, and moves only while it is given
//! something. Memory is bounded by what is given at once.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::error::{Error, Result};

/// Bytes that are handed over at once.
const CHUNK: usize = 64 << 10;

/// What goes on in the thread, seen from outside.
pub(super) struct Feed<T> {
    pieces: Option<SyncSender<T>>,
    events: Receiver<Event>,
    thread: Option<JoinHandle<Result<()>>>,
}

enum Event {
    Bytes(Vec<u8>),
    /// The thread waits for a piece.
    Hungry,
}

/// The pieces, seen from inside.
pub(super) struct Pieces<T> {
    pieces: Receiver<T>,
    events: SyncSender<Event>,
}

/// The output, seen from inside. It can tell where it is, but not go back.
pub(super) struct Outlet {
    events: SyncSender<Event>,
    buffer: Vec<u8>,
    written: u64,
}

impl<T: Send + 'static> Feed<T> {
    /// Starts `run`. It has to flush its output before it ends.
    pub(super) fn new(run: impl FnOnce(Pieces<T>, Outlet) -> Result<()> + Send + 'static) -> Self {
        let (pieces, pieces_inside) = sync_channel(1);
        let (events_inside, events) = sync_channel(1);
        let inside = Pieces { pieces: pieces_inside, events: events_inside.clone() };
        let outlet = Outlet { events: events_inside, buffer: Vec::with_capacity(CHUNK), written: 0 };
        let thread = std::thread::spawn(move || run(inside, outlet));
        Self { pieces: Some(pieces), events, thread: Some(thread) }
    }

    /// Gives a piece, and writes to `out` what there is by then.
    ///
    /// # Errors
    /// What `out` says, or what stopped the thread, which
    /// [`Error::of_reading`] gets out. Nothing works after it.
    pub(super) fn give(&mut self, piece: T, out: &mut dyn Write) -> io::Result<()> {
        while let Ok(event) = self.events.recv() {
            match event {
                Event::Bytes(bytes) => out.write_all(&bytes)?,
                Event::Hungry => {
                    let sent = self.pieces.as_ref().and_then(|pieces| pieces.send(piece).ok());
                    return sent.map_or_else(|| self.stopped(), Ok);
                }
            }
        }
        self.stopped()
    }

    fn stopped(&mut self) -> io::Result<()> {
        Err(self.join().err().unwrap_or_else(|| io::Error::other("more is written than there should be")))
    }

    /// Gives nothing more, and writes the rest to `out`.
    ///
    /// # Errors
    /// As [`give`](Self::give).
    pub(super) fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.pieces = None;
        while let Ok(event) = self.events.recv() {
            if let Event::Bytes(bytes) = event {
                out.write_all(&bytes)?;
            }
        }
        self.join()
    }

    fn join(&mut self) -> io::Result<()> {
        let Some(thread) = self.thread.take() else {
            return Err(io::Error::other("writing has stopped before"));
        };
        match thread.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Error::Io { source, .. })) => Err(source),
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl<T> Pieces<T> {
    /// The next piece; none when there are no more.
    pub(super) fn next(&self) -> Option<T> {
        self.events.send(Event::Hungry).ok()?;
        self.pieces.recv().ok()
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.buffer.len();
        let taken = bytes.len().min(room);
        self.buffer.extend(&bytes[..taken]);
        self.written += taken as u64;
        if self.buffer.len() == CHUNK {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.events.send(Event::Bytes(bytes)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Seek for Outlet {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let here = match position {
            SeekFrom::Start(at) => at == self.written,
            SeekFrom::Current(by) | SeekFrom::End(by) => by == 0,
        };
        if here { Ok(self.written) } else { Err(io::ErrorKind::NotSeekable.into()) }
    }
}
