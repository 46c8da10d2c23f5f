//! Files in and out: which files a path names, the text in them, and writing
//! that leaves a file whole or untouched. Knows nothing of repairs.

mod output;
mod sources;
mod text;

pub use output::{Guard, Pending, check_folders, replace};
pub use sources::{Listing, SourceFile, list};
pub use text::{read, to_text};
