//! Files in and out: which files a path names, the text in them, and writing
//! that leaves a file whole or untouched. Knows nothing of repairs.

pub mod archive;
pub mod compression;
mod feed;
mod inside;
mod output;
#[cfg(feature = "parquet")]
pub mod parquet;
mod plain;
mod sources;
mod text;

pub use inside::{Inside, stops};
pub use output::{Guard, Part, Pending, check_folders, replace};
pub(crate) use plain::expect_plain_text;
pub use plain::may_be_plain_text;
pub use sources::{Listing, Named, SourceFile, list, listed};
pub use text::{read, read_limited, to_text};
