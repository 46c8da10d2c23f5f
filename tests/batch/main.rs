//! Whole archives: real runs of the program.

mod formats;
mod place;
mod runs;
