//! One part of a compressed file, step by step: the four libraries in one
//! shape.

use flate2::{Decompress, FlushDecompress};
use zstd::stream::raw::{InBuffer, Operation as _, OutBuffer};

use super::Compression;

/// Memory that unpacking one xz file may take: enough for what `xz -9` and
/// `xz --lzma2=dict=192MiB` write.
const XZ_MEMORY: u64 = 256 << 20;

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) read: usize,
    pub(super) written: usize,
    /// The part ends here.
    pub(super) ended: bool,
}

/// Unpacks one gzip member, zstd frame, xz stream or bzip2 stream.
pub(super) enum Decoder {
    Gzip(Box<Decompress>),
    Zstd(zstd::stream::raw::Decoder<'static>),
    Xz(liblzma::stream::Stream),
    Bzip2(bzip2::Decompress),
}

impl Decoder {
    /// Ready for a part from its first byte.
    pub(super) fn new(compression: Compression) -> Result<Self, String> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(Box::new(Decompress::new_gzip(15))),
            Compression::Zstd => Self::Zstd(zstd::stream::raw::Decoder::new().map_err(text)?),
            Compression::Xz => {
                Self::Xz(liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0).map_err(text)?)
            }
            Compression::Bzip2 => Self::Bzip2(bzip2::Decompress::new(false)),
        })
    }

    /// Unpacks some of `input` to `output`. A step fails with what it did up
    /// to there and what is wrong.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, String)> {
        match self {
            Self::Gzip(decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output, FlushDecompress::None);
                let step = since(before, (decoder.total_in(), decoder.total_out()));
                match status {
                    Ok(status) => Ok(Step { ended: status == flate2::Status::StreamEnd, ..step }),
                    Err(error) => Err((step, text(error))),
                }
            }
            Self::Zstd(decoder) => zstd_step(decoder, input, output),
            Self::Xz(decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                let status = decoder.process(input, output, liblzma::stream::Action::Run);
                let step = since(before, (decoder.total_in(), decoder.total_out()));
                match status {
                    Ok(status) => Ok(Step { ended: status == liblzma::stream::Status::StreamEnd, ..step }),
                    Err(error) => Err((step, xz_problem(&error))),
                }
            }
            Self::Bzip2(decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output);
                let step = since(before, (decoder.total_in(), decoder.total_out()));
                match status {
                    Ok(bzip2::Status::MemNeeded) => Err((step, "there is not enough memory".to_owned())),
                    Ok(status) => Ok(Step { ended: status == bzip2::Status::StreamEnd, ..step }),
                    Err(error) => Err((step, text(error))),
                }
            }
        }
    }
}

fn zstd_step(
    decoder: &mut zstd::stream::raw::Decoder<'static>,
    input: &[u8],
    output: &mut [u8],
) -> Result<Step, (Step, String)> {
    let mut from = InBuffer::around(input);
    let mut to = OutBuffer::around(output);
    let hint = decoder.run(&mut from, &mut to);
    let step = Step { read: from.pos(), written: to.pos(), ended: false };
    match hint {
        Ok(hint) => Ok(Step { ended: hint == 0, ..step }),
        Err(error) => Err((step, text(error))),
    }
}

fn since(before: (u64, u64), after: (u64, u64)) -> Step {
    let difference = |before: u64, after: u64| usize::try_from(after.saturating_sub(before)).unwrap_or(0);
    Step { read: difference(before.0, after.0), written: difference(before.1, after.1), ended: false }
}

fn xz_problem(error: &liblzma::stream::Error) -> String {
    if matches!(error, liblzma::stream::Error::MemLimit) {
        return format!("unpacking it would take more than {} MiB of memory", XZ_MEMORY >> 20);
    }
    text(error)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
