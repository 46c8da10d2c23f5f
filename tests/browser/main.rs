//! The review in a real browser: as a page that stands alone, and kept by the
//! program.

mod chromium;
mod report;
mod web;
