//! Parquet: the texts of one column are repaired, all else keeps its bytes.

use std::io::Write;
use std::sync::Arc;

use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, Made, Mark, Piece, Slice, Worked};
use super::unit::Unit;
use super::{Form, Options};
use crate::decode;
use crate::error::{Error, Result};
use crate::io::parquet::{self, Reader, Row, Writer};
use crate::report::records::DocumentRecords;

/// What a piece has at least, in bytes of text.
const PIECE: usize = 64 << 10;

/// See the module.
pub(super) struct Dataset;

impl Format for Dataset {
    fn cut(&self, unit: &Arc<Unit>, options: &Options, _: Option<&Mark>) -> Result<Box<dyn Cut>> {
        let reader = Reader::open(unit.path(), &options.text_field)?;
        // What can't be written again is told before anything is written.
        Writer::new(&reader, options.repairs_field.as_deref())?;
        Ok(Box::new(Rows { unit: Arc::clone(unit), reader, before: 0 }))
    }

    fn assemble(&self, unit: &Unit, options: &Options) -> Result<Box<dyn Assemble>> {
        let reader = Reader::open(unit.path(), &options.text_field)?;
        let writer = Writer::new(&reader, options.repairs_field.as_deref())?;
        Ok(Box::new(Rebuilt { writer: Some(writer) }))
    }
}

/// What is written next.
enum Act {
    Rows(Vec<Row>),
    /// A group is carried over as it is.
    Same,
}

struct Rows {
    unit: Arc<Unit>,
    reader: Reader,
    before: u64,
}

impl Cut for Rows {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some(piece) = self.reader.next_piece(PIECE) else { return Ok(None) };
        let piece: Box<dyn Piece> = match piece? {
            parquet::Piece::Texts(texts) => {
                let before = self.before;
                self.before += texts.len() as u64;
                Box::new(Texts { unit: Arc::clone(&self.unit), texts, before })
            }
            parquet::Piece::Damaged(error) => Box::new(Damaged { unit: Arc::clone(&self.unit), error }),
        };
        Ok(Some(Slice { piece, mark: None }))
    }

    fn hash(&self) -> Result<blake3::Hash> {
        self.unit.hash(None)
    }
}

/// The texts of some rows.
struct Texts {
    unit: Arc<Unit>,
    texts: Vec<Option<Vec<u8>>>,
    /// Rows before the first of them.
    before: u64,
}

impl Piece for Texts {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked { read: self.weight() as u64, ..Worked::default() };
        let name = self.unit.name();
        let (mut rows, mut told) = (Vec::with_capacity(self.texts.len()), Vec::new());
        for (number, text) in (self.before + 1..).zip(self.texts) {
            let Some(text) = text else {
                rows.push(Row::default());
                continue;
            };
            let title = Title { path: &name, line: Some(number), id: None };
            match repair(&self.unit, &text, &title, desk, &mut worked) {
                Ok((row, bytes)) => {
                    rows.push(row);
                    told.extend(bytes);
                }
                Err(problem) => {
                    let problem = format!("{}: {problem}", title.place());
                    worked.failures.push(title.place(), problem);
                    rows.push(Row { text: Some(text), repairs: None });
                }
            }
        }
        worked.made = match desk.options.form {
            Form::Text => Made::Part(Box::new(Act::Rows(rows))),
            _ => Made::Bytes(told),
        };
        worked
    }

    fn weight(&self) -> usize {
        self.texts.iter().flatten().map(Vec::len).sum()
    }
}

/// The row for a `text`, and what a diff shows of it.
///
/// # Errors
/// What is wrong with it.
fn repair(
    unit: &Unit,
    text: &[u8],
    title: &Title<'_>,
    desk: &Desk<'_>,
    worked: &mut Worked,
) -> Result<(Row, Vec<u8>), String> {
    let limit = desk.options.max_document;
    if text.len() as u64 > limit {
        return Err(format!(
            "this text is longer than the {limit} bytes of --max-document; it stays as it is"
        ));
    }
    std::str::from_utf8(text)
        .map_err(|error| format!("this text is not UTF-8 (byte {})", error.valid_up_to() + 1))?;
    let decoded = decode::decode(text, Some(encoding_rs::UTF_8));
    let document = desk.clean(&unit.cleaner, title, text, decoded).map_err(|error| error.to_string())?;
    let told = match desk.options.form {
        Form::Text => Vec::new(),
        _ => desk.render(&document, title).map_err(|error| error.to_string())?,
    };
    let changed = document.cleaned.steps > 0;
    let new = if changed { document.cleaned.text.clone().into_bytes() } else { text.to_owned() };
    let records = document.records.as_ref().filter(|_| desk.options.repairs_field.is_some());
    let repairs = records.map(DocumentRecords::findings);
    let repairs = repairs.map(|repairs| serde_json::to_string(&repairs).expect("records are JSON"));
    desk.tell(document, title, worked);
    Ok((Row { text: Some(new), repairs }, told))
}

/// A group whose texts can't be read.
struct Damaged {
    unit: Arc<Unit>,
    error: Error,
}

impl Piece for Damaged {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked::default();
        worked.failures.push(self.unit.name(), self.error.to_string());
        if desk.options.form == Form::Text {
            worked.made = Made::Part(Box::new(Act::Same));
        }
        worked
    }

    fn weight(&self) -> usize {
        0
    }
}

/// The file that is written.
struct Rebuilt {
    /// Until it is finished.
    writer: Option<Writer>,
}

impl Assemble for Rebuilt {
    fn add(&mut self, made: Made, out: &mut dyn Write) -> std::io::Result<()> {
        let (Made::Part(part), Some(writer)) = (made, &mut self.writer) else { return Ok(()) };
        match *part.downcast::<Act>().expect("it was made by this format") {
            Act::Rows(rows) => writer.rows(rows, out),
            Act::Same => writer.same_group(out),
        }
    }

    fn finish(&mut self, out: &mut dyn Write) -> std::io::Result<()> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish(out))
    }
}
