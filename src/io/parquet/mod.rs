//! Datasets in Parquet: one column of text is read and replaced, everything
//! else stays as it is.
//!
//! The other columns are not decoded at all: their pages are copied byte for
//! byte, and with them their types, compression, encodings and statistics. The
//! text is written again in the same groups of rows, with the compression it
//! had. Repairs can be put beside the text, in a new column of JSON in a
//! string: every reader of datasets knows strings, and what a record of a
//! repair holds may grow without changing the type of a column.

mod describe;
mod ids;
mod reader;
mod writer;

pub use reader::{Piece, Reader};
pub use writer::{Row, Writer};

/// The bytes a Parquet file begins with.
pub const MAGIC: &[u8; 4] = b"PAR1";
