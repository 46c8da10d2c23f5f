//! Writing a compressed file, part after part.

use std::io::{self, Write};

use super::Compression;
use super::encoder::Encoder;

/// Bytes written to the file at once.
const BUFFER: usize = 32 << 10;

/// Packs what is written to it, or passes it on as it is.
///
/// The bytes of the file depend on what is written and on where
/// [`finish_frame`](Self::finish_frame) is called, on nothing else. A file that
/// is dropped without [`finish`](Self::finish) breaks off.
pub struct Writer<W: Write> {
    inner: W,
    compression: Option<(Compression, u32)>,
    /// The part that is open.
    encoder: Option<Encoder>,
    buffer: Box<[u8]>,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a file. Without a `level` it is
    /// [`Compression::default_level`]; one too high is the highest.
    pub fn new(inner: W, compression: Option<Compression>, level: Option<u32>) -> Self {
        Self::resumed(inner, compression, level, 0)
    }

    /// Continues a file of which `written` bytes are there: as many as
    /// [`written`](Self::written) told after a
    /// [`finish_frame`](Self::finish_frame).
    pub fn resumed(inner: W, compression: Option<Compression>, level: Option<u32>, written: u64) -> Self {
        let compression =
            compression.map(|compression| (compression, level.unwrap_or(compression.default_level())));
        let buffer = vec![0; if compression.is_some() { BUFFER } else { 0 }].into_boxed_slice();
        Self { inner, compression, encoder: None, buffer, written }
    }

    /// Bytes of the file up to here; what an open part holds back is not
    /// among them.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Ends the part that is open (gzip member, zstd frame, xz or bzip2
    /// stream), if one is. The file can be cut here and continued.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish_frame(&mut self) -> io::Result<()> {
        while let Some(encoder) = &mut self.encoder {
            let (written, done) = encoder.finish(&mut self.buffer)?;
            self.inner.write_all(&self.buffer[..written])?;
            self.written += written as u64;
            if done {
                self.encoder = None;
            }
        }
        Ok(())
    }

    /// Ends the file and gives back what it was written to. A file without any
    /// part gets an empty one, as the tools write it.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish(mut self) -> io::Result<W> {
        if self.written == 0 {
            self.open()?;
        }
        self.finish_frame()?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn open(&mut self) -> io::Result<()> {
        if let (None, Some((compression, level))) = (&self.encoder, self.compression) {
            self.encoder = Some(Encoder::new(compression, level)?);
        }
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        self.open()?;
        let Some(encoder) = &mut self.encoder else {
            let written = self.inner.write(bytes)?;
            self.written += written as u64;
            return Ok(written);
        };
        let mut read = 0;
        while read < bytes.len() {
            let (taken, written) = encoder.step(&bytes[read..], &mut self.buffer)?;
            self.inner.write_all(&self.buffer[..written])?;
            self.written += written as u64;
            read += taken;
        }
        Ok(read)
    }

    /// Passes on what is packed. What an open part holds back stays there:
    /// forcing it out would make the bytes depend on when it is asked for.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// `bytes` as one part: parts one after another are a file.
///
/// # Errors
/// What the library says: there is no memory.
pub fn frame(compression: Compression, level: Option<u32>, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new(), Some(compression), level);
    writer.write_all(bytes)?;
    writer.finish()
}
