//! Files in and out: which files a path names, the text in them, and writing
//! that leaves a file whole or untouched. Knows nothing of repairs.

pub mod archive;
pub mod compression;
mod feed;
mod output;
#[cfg(feature = "parquet")]
pub mod parquet;
mod sources;
mod text;

pub use output::{Guard, Pending, check_folders, replace};
pub use sources::{Listing, SourceFile, list};
pub use text::{read, to_text};
