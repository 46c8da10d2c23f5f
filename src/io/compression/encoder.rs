//! One part of a compressed file being written, step by step.

use std::io;

use flate2::{Compress, FlushCompress};
use liblzma::stream::{Action, Check, Stream};
use zstd::stream::raw::{CParameter, InBuffer, Operation as _, OutBuffer};

use super::Compression;

/// Packs one gzip member, zstd frame, xz stream or bzip2 stream. Headers hold
/// neither time nor name: the same calls give the same bytes.
pub(super) enum Encoder {
    Gzip(Box<Compress>),
    Zstd(zstd::stream::raw::Encoder<'static>),
    Xz(Stream),
    Bzip2(bzip2::Compress),
}

impl Encoder {
    pub(super) fn new(compression: Compression, level: u32) -> io::Result<Self> {
        let level = level.min(compression.highest_level());
        Ok(match compression {
            Compression::Gzip => {
                Self::Gzip(Box::new(Compress::new_gzip(flate2::Compression::new(level), 15)))
            }
            Compression::Zstd => {
                let level = i32::try_from(level).expect("no level is that high");
                let mut encoder = zstd::stream::raw::Encoder::new(level)?;
                encoder.set_parameter(CParameter::ChecksumFlag(true))?;
                Self::Zstd(encoder)
            }
            Compression::Xz => {
                Self::Xz(Stream::new_easy_encoder(level, Check::Crc64).map_err(io::Error::other)?)
            }
            Compression::Bzip2 => Self::Bzip2(bzip2::Compress::new(bzip2::Compression::new(level.max(1)), 0)),
        })
    }

    /// Packs some of `input`, which is not empty; bytes read and written.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> io::Result<(usize, usize)> {
        match self {
            Self::Gzip(encoder) => {
                let before = (encoder.total_in(), encoder.total_out());
                encoder.compress(input, output, FlushCompress::None)?;
                Ok(since(before, (encoder.total_in(), encoder.total_out())))
            }
            Self::Zstd(encoder) => {
                let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(output));
                encoder.run(&mut from, &mut to)?;
                Ok((from.pos(), to.pos()))
            }
            Self::Xz(encoder) => {
                let before = (encoder.total_in(), encoder.total_out());
                encoder.process(input, output, Action::Run).map_err(io::Error::other)?;
                Ok(since(before, (encoder.total_in(), encoder.total_out())))
            }
            Self::Bzip2(encoder) => {
                let before = (encoder.total_in(), encoder.total_out());
                encoder.compress(input, output, bzip2::Action::Run).map_err(io::Error::other)?;
                Ok(since(before, (encoder.total_in(), encoder.total_out())))
            }
        }
    }

    /// Ends the part, as far as `output` has room: bytes written, and whether
    /// that was all.
    pub(super) fn finish(&mut self, output: &mut [u8]) -> io::Result<(usize, bool)> {
        match self {
            Self::Gzip(encoder) => {
                let before = encoder.total_out();
                let status = encoder.compress(&[], output, FlushCompress::Finish)?;
                let written = since((0, before), (0, encoder.total_out())).1;
                Ok((written, status == flate2::Status::StreamEnd))
            }
            Self::Zstd(encoder) => {
                let mut to = OutBuffer::around(output);
                let remaining = encoder.finish(&mut to, false)?;
                Ok((to.pos(), remaining == 0))
            }
            Self::Xz(encoder) => {
                let before = encoder.total_out();
                let status = encoder.process(&[], output, Action::Finish).map_err(io::Error::other)?;
                let written = since((0, before), (0, encoder.total_out())).1;
                Ok((written, status == liblzma::stream::Status::StreamEnd))
            }
            Self::Bzip2(encoder) => {
                let before = encoder.total_out();
                let status =
                    encoder.compress(&[], output, bzip2::Action::Finish).map_err(io::Error::other)?;
                let written = since((0, before), (0, encoder.total_out())).1;
                Ok((written, status == bzip2::Status::StreamEnd))
            }
        }
    }
}

fn since(before: (u64, u64), after: (u64, u64)) -> (usize, usize) {
    let difference = |before: u64, after: u64| usize::try_from(after - before).expect("no buffer is larger");
    (difference(before.0, after.0), difference(before.1, after.1))
}
