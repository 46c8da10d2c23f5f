//! Whole archives: real runs of the program.

mod formats;
mod halfway;
mod place;
mod runs;
mod safety;
