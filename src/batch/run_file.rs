//! `run.json`: what a run did, the same for the same input wherever and
//! whenever it runs.

use serde::Serialize;

use super::tally::{Failure, RuleTally, Tally};
use super::unit::Setting;
use super::{Options, Outcome};

/// What the file says.
#[derive(Serialize)]
struct RunFile<'a> {
    version: &'static str,
    settings: &'a [Setting],
    options: Chosen<'a>,
    counts: Counts<'a>,
    /// How many failures there were; the first are told.
    failed: u64,
    failures: &'a [Failure],
}

#[derive(Serialize)]
struct Chosen<'a> {
    max_document: u64,
    keep_encoding: bool,
    format: Option<&'static str>,
    text_field: &'a str,
    id_field: Option<&'a str>,
    repairs_field: Option<&'a str>,
}

#[derive(Serialize)]
struct Counts<'a> {
    total: RuleTally,
    #[serde(flatten)]
    tally: &'a Tally,
}

/// The text of the file.
pub(super) fn told(outcome: &Outcome, settings: &[Setting], options: &Options) -> Vec<u8> {
    let file = RunFile {
        version: env!("CARGO_PKG_VERSION"),
        settings,
        options: Chosen {
            max_document: options.max_document,
            keep_encoding: options.keep_encoding,
            format: options.format.map(super::FormatName::name),
            text_field: &options.text_field,
            id_field: options.id_field.as_deref(),
            repairs_field: options.repairs_field.as_deref(),
        },
        counts: Counts { total: outcome.tally.total(), tally: &outcome.tally },
        failed: outcome.failures.count,
        failures: &outcome.failures.first,
    };
    let mut text = serde_json::to_vec_pretty(&file).expect("numbers and strings are JSON");
    text.push(b'\n');
    text
}
