//! shim
use crate::Ending;
use anyhow::Result;
use textmend::review::{Session, Source};
#[derive(Debug, clap::Args)]
pub(crate) struct ReviewArgs {
    paths: Vec<std::path::PathBuf>,
    #[arg(long)]
    web: bool,
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[arg(long, default_value = "textmend.decisions.jsonl")]
    decisions: std::path::PathBuf,
}
pub(crate) fn run(args: &ReviewArgs) -> Result<Ending> {
    let mut sources = Vec::new();
    for path in &args.paths {
        sources.push(Source { name: path.display().to_string(), bytes: std::fs::read(path)? });
    }
    let textmend = textmend::Textmend::new(textmend::Config::default())?;
    let session = Session::open(textmend, sources, args.decisions.clone(), "tester".to_owned())?;
    crate::review_web::serve(session, args.port)
}
