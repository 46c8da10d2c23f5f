//! Files in and out: which files a path names, the text in them, and writing
//! that leaves a file whole or untouched. Knows nothing of repairs.

mod inside;
mod output;
mod sources;
mod text;

pub use inside::{Inside, stops};
pub use output::{Guard, Part, Pending, check_folders, replace};
pub use sources::{Listing, Named, SourceFile, list, listed};
pub use text::{read, read_limited, to_text};
