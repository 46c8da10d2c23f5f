//! Where a worker sits: it repairs one document, and tells of it in every form
//! that was asked for.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use super::format::Worked;
use super::unit::Cleaner;
use super::{Form, Options};
use crate::across::Look;
use crate::decode::{self, Decoded};
use crate::elsewhere::Elsewhere;
use crate::error::{Error, Result};
use crate::io::Inside;
use crate::pipeline::Cleaned;
use crate::report::records::{DocumentRecords, inside};
use crate::report::{diff, terminal};

/// A document kept whole, for a report.
#[derive(Debug)]
pub struct PageOf {
    /// What was done to it.
    pub records: DocumentRecords,
    /// What came of it.
    pub cleaned: Cleaned,
}

/// What all workers know.
pub(super) struct Desk<'a> {
    pub(super) options: &'a Options,
    /// Whether edit records are to be written.
    pub(super) records: bool,
    /// The output folder, if there is one.
    pub(super) folder: Option<Inside>,
    pub(super) task: Task,
}

/// What is to be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Repair it.
    Clean,
    /// See what it shares with others; nothing is written.
    Look,
}

/// Which document it is.
pub(super) struct Title<'a> {
    /// The file.
    pub(super) path: &'a str,
    /// The line in it, for one of many.
    pub(super) line: Option<u64>,
    /// What the file calls it.
    pub(super) id: Option<Value>,
}

/// A document, repaired.
pub(super) struct Document<'a> {
    pub(super) source: &'a [u8],
    pub(super) cleaned: Cleaned,
    /// If they are needed.
    pub(super) records: Option<DocumentRecords>,
}

impl Document<'_> {
    /// BLAKE3 of its source.
    pub(super) fn hash(&self) -> blake3::Hash {
        let told = self.records.as_ref().and_then(|records| records.document.source_hash());
        told.unwrap_or_else(|| blake3::hash(self.source))
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(options: &'a Options, records: bool, folder: Option<Inside>) -> Self {
        Self { options, records, folder, task: Task::Clean }
    }

    /// A desk where documents are only looked at.
    pub(super) fn looking(options: &'a Options) -> Self {
        Self { options, records: false, folder: None, task: Task::Look }
    }

    fn elsewhere(&self, title: &Title<'_>) -> Elsewhere {
        self.options.knowledge.as_ref().map_or_else(Elsewhere::default, |all| all.elsewhere(&title.place()))
    }

    /// Repairs the document that `decoded` was made of `source`.
    ///
    /// # Errors
    /// If a rule or stage fails on it, which is a fault in it.
    pub(super) fn clean<'s>(
        &self,
        cleaner: &Cleaner,
        title: &Title<'_>,
        source: &'s [u8],
        decoded: Decoded,
    ) -> Result<Document<'s>> {
        // A panic is caught so that one document does not stop the rest.
        let repair = || match self.task {
            Task::Look => Cleaned::untouched(decoded),
            Task::Clean => {
                let rulings = cleaner.rulings(title.path.as_ref(), &title.inside());
                cleaner.textmend.clean_under(decoded, &self.elsewhere(title), &rulings)
            }
        };
        let cleaned = catch_unwind(AssertUnwindSafe(repair));
        let cleaned = cleaned.map_err(|_| Error::Fault { path: title.place().into() })?;
        let told = self.records || self.options.repairs_field.is_some() || self.options.pages > 0;
        let records = told.then(|| {
            let mut records = DocumentRecords::new(title.path, source, &cleaned);
            records.document.line = title.line;
            records.document.id = title.id.clone();
            records
        });
        Ok(Document { source, cleaned, records })
    }

    /// Tells of a document that is done.
    pub(super) fn tell(&self, document: Document<'_>, title: &Title<'_>, worked: &mut Worked) {
        if self.task == Task::Look {
            worked.looks.push((title.place(), Look::at(&document.cleaned.source)));
            return;
        }
        worked.tally.add(document.source.len(), &document.cleaned);
        worked.tally.add_stale(&title.place(), &document.cleaned);
        let Some(mut records) = document.records else { return };
        if self.records {
            records.write(&mut worked.records).expect("memory takes all");
        }
        if worked.pages.len() < self.options.pages {
            records.document.path = title.place();
            worked.pages.push(PageOf { records, cleaned: document.cleaned });
        }
    }

    /// What is written of `document`: its text, or the changes.
    ///
    /// # Errors
    /// [`Error::NotEncodable`] if its text is to keep its encoding, and can't.
    pub(super) fn render(&self, document: &Document<'_>, title: &Title<'_>) -> Result<Vec<u8>> {
        let cleaned = &document.cleaned;
        let decoded = &cleaned.source;
        match self.options.form {
            Form::Text if self.options.keep_encoding => {
                encoded(document).map_err(|(character, line)| Error::NotEncodable {
                    path: title.path.into(),
                    character,
                    line,
                    encoding: decoded.encoding.name(),
                })
            }
            Form::Text => Ok(cleaned.text.clone().into_bytes()),
            Form::View => Ok(terminal::view(&title.place(), cleaned).into_bytes()),
            Form::Diff => {
                let mut out = Vec::new();
                let told = diff::unified(&mut out, &title.place(), document.source, decoded, &cleaned.text);
                told.map_err(|source: io::Error| Error::Io { path: title.path.into(), source })?;
                Ok(out)
            }
        }
    }
}

impl Title<'_> {
    /// What follows the name of the file where decisions name one of many in
    /// it: what the file calls it, or else its line.
    fn inside(&self) -> String {
        inside(self.id.as_ref(), self.line)
    }

    /// The file, with the line in it.
    pub(super) fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// The clean text in the encoding of its source. Bytes that could not be
/// decoded, and odd spellings of a character, stay as they were if they are
/// still there.
///
/// # Errors
/// The first character that does not fit, and its line.
fn encoded(document: &Document<'_>) -> Result<Vec<u8>, (char, usize)> {
    let (decoded, text) = (&document.cleaned.source, document.cleaned.text.as_str());
    let map = document.cleaned.map();
    let mut kept: Vec<_> = decoded
        .exceptions
        .iter()
        .flat_map(|exception| {
            let spans = map.to_clean(exception.source);
            let whole = move |span: &crate::Span| span.len() == exception.text_len;
            spans.into_iter().filter(whole).map(|span| (span.start, span.len(), exception.source))
        })
        .collect();
    kept.sort_by_key(|(start, ..)| *start);
    let mut done = 0;
    for (start, len) in kept.iter().map(|(start, len, _)| (*start, *len)).chain([(text.len(), 0)]) {
        if let Some((offset, character)) = unencodable(&text[done..start], decoded.encoding) {
            return Err((character, text[..done + offset].matches('\n').count() + 1));
        }
        done = start + len;
    }
    let bytes =
        kept.iter().map(|(start, len, source)| (*start, *len, &document.source[source.start..source.end]));
    Ok(decode::encode(text, decoded.encoding, decoded.bom > 0, bytes))
}

/// The first character of `text` that `encoding` does not have.
fn unencodable(text: &str, encoding: &'static encoding_rs::Encoding) -> Option<(usize, char)> {
    let all = encoding.output_encoding() != encoding || encoding == encoding_rs::UTF_8;
    if all || !encoding.encode(text).2 {
        return None;
    }
    let mut buffer = [0; 4];
    text.char_indices().find(|(_, c)| encoding.encode(c.encode_utf8(&mut buffer)).2)
}
