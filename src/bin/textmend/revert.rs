//! `textmend revert`.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use textmend::io::Guard;
use textmend::report::records::{DocumentRecords, revert};

use crate::Ending;
use crate::args::RevertArgs;
use crate::job::read_stdin;
use crate::results::Results;

pub(crate) fn run(args: &RevertArgs) -> Result<Ending> {
    let clean = if args.clean == Path::new("-") { read_stdin()? } else { textmend::io::read(&args.clean)? };
    let clean = String::from_utf8(clean).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        anyhow!("{}: not UTF-8 at byte {byte}, so this is no text that `clean` wrote", args.clean.display())
    })?;
    let lines = String::from_utf8(textmend::io::read(&args.edits)?)
        .map_err(|_| anyhow!("{}: not UTF-8, so these are no edit records", args.edits.display()))?;
    let documents = DocumentRecords::read(&args.edits, &lines)?;
    let records = choose(&documents, &clean, args)?;
    let source = revert(&clean, records)?;
    match &args.output {
        Some(output) => {
            Guard::new([args.clean.as_path(), &args.edits]).claim(output)?;
            textmend::io::replace(output, &source)?;
        }
        None => {
            let mut out = Results::new();
            out.write_all(&source).context("standard output")?;
            out.finish()?;
        }
    }
    Ok(Ending::default())
}

/// The records that were made for `clean`. If they are those of several
/// sources, the one with the file's name counts.
fn choose<'a>(
    documents: &'a [DocumentRecords],
    clean: &str,
    args: &RevertArgs,
) -> Result<&'a DocumentRecords> {
    let (text, edits) = (args.clean.display(), args.edits.display());
    let hash = blake3::hash(clean.as_bytes()).to_hex();
    let mut fitting: Vec<_> =
        documents.iter().filter(|records| records.document.clean_blake3 == hash.as_str()).collect();
    fitting.dedup_by_key(|records| &records.document.source_blake3);
    match (documents, fitting.as_slice()) {
        ([], _) => bail!("{edits}: there are no edit records in it"),
        ([only], []) => bail!(
            "{text}: not the text that the records in {edits} were made for ({}); was it changed since?",
            only.document.path
        ),
        (_, []) => bail!(
            "{text}: none of the {} documents in {edits} became this text; was it changed since?",
            documents.len()
        ),
        (_, [one]) => Ok(one),
        (_, several) => {
            let named = several
                .iter()
                .filter(|one| Path::new(&one.document.path).file_name() == args.clean.file_name());
            match named.copied().collect::<Vec<_>>().as_slice() {
                [one] => Ok(one),
                _ => {
                    let paths: Vec<_> = several.iter().map(|one| one.document.path.as_str()).collect();
                    bail!(
                        "{text}: {} different sources became this text ({}); put the records of the one you mean in a file of their own",
                        several.len(),
                        paths.join(", ")
                    )
                }
            }
        }
    }
}
