//! `textmend config-schema`.

use std::io::Write as _;

use anyhow::Result;

use crate::Ending;
use crate::config::Config;
use crate::results::Results;

pub(crate) fn run() -> Result<Ending> {
    let schema = schemars::schema_for!(Config);
    let mut out = Results::new();
    writeln!(out, "{}", serde_json::to_string_pretty(&schema)?)?;
    out.finish()?;
    Ok(Ending::default())
}
