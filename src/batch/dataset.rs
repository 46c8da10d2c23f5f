//! Parquet: the texts of one column are repaired, all else keeps its bytes.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde_json::Value;

use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, MARK, Made, Mark, Piece, Slice, Worked};
use super::unit::Unit;
use super::{Form, Options, kept};
use crate::decode;
use crate::error::{Error, Result};
use crate::io::parquet::{self, Reader, Row, Writer};
use crate::report::records::DocumentRecords;

/// What a piece has at least, in bytes of text.
const PIECE: usize = 64 << 10;

/// See the module.
pub(super) struct Dataset;

impl Format for Dataset {
    fn cut(&self, unit: &Arc<Unit>, options: &Options, from: Option<&Mark>) -> Result<Box<dyn Cut>> {
        let mut reader = Reader::open(unit.path(), &options.text_field)?;
        // What can't be written again is told before anything is written.
        Writer::new(&reader, options.repairs_field.as_deref())?;
        if let Some(ids) = &options.id_field {
            reader = reader.with_ids(ids)?;
        }
        let offset = from.map_or(0, |from| from.offset);
        if let Some(from) = from {
            reader.go_to(from.lines)?;
        }
        Ok(Box::new(Rows { unit: Arc::clone(unit), reader, offset, last_mark: offset }))
    }

    fn assemble(&self, unit: &Unit, options: &Options) -> Result<Box<dyn Assemble>> {
        let reader = Reader::open(unit.path(), &options.text_field)?;
        let writer = Writer::new(&reader, options.repairs_field.as_deref())?;
        Ok(Box::new(Rebuilt { writer: Some(writer) }))
    }

    fn keeps(&self) -> bool {
        true
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
    /// Bytes of text so far.
    offset: u64,
    last_mark: u64,
}

impl Rows {
    /// The next row, if another run is to go on there.
    fn mark(&mut self) -> Option<Mark> {
        if self.offset - self.last_mark < MARK {
            return None;
        }
        self.last_mark = self.offset;
        Some(Mark { offset: self.offset, lines: self.reader.row(), hash: None })
    }
}

impl Cut for Rows {
    fn next(&mut self) -> Result<Option<Slice>> {
        let Some(piece) = self.reader.next_piece(PIECE) else { return Ok(None) };
        let unit = Arc::clone(&self.unit);
        let piece: Box<dyn Piece> = match piece? {
            parquet::Piece::Texts(texts) => {
                let before = self.reader.row() - texts.len() as u64;
                let (ids, problem) = match self.reader.ids() {
                    Ok(ids) => (ids, None),
                    Err(problem) => (vec![None; texts.len()], Some(problem)),
                };
                Box::new(Texts { unit, texts, ids, problem, before })
            }
            parquet::Piece::Damaged(error) => Box::new(Damaged { unit, error }),
        };
        self.offset += piece.weight() as u64;
        Ok(Some(Slice { piece, mark: self.mark() }))
    }

    fn hash(&self) -> Result<blake3::Hash> {
        self.unit.hash(None)
    }
}

/// The texts of some rows.
struct Texts {
    unit: Arc<Unit>,
    texts: Vec<Option<Vec<u8>>>,
    /// What they are called.
    ids: Vec<Option<Value>>,
    /// Why they have no names.
    problem: Option<Error>,
    /// Rows before the first of them.
    before: u64,
}

impl Piece for Texts {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked { read: self.weight() as u64, ..Worked::default() };
        let name = self.unit.name();
        if let Some(problem) = &self.problem {
            worked.failures.push(self.unit.name(), problem.to_string());
        }
        let (mut rows, mut told) = (Vec::with_capacity(self.texts.len()), Vec::new());
        for ((number, text), id) in (self.before + 1..).zip(self.texts).zip(self.ids) {
            let Some(text) = text else {
                rows.push(Row::default());
                continue;
            };
            let title = Title { path: &name, line: Some(number), id };
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
            Form::Text => {
                if desk.folder.is_some() {
                    keep(&rows, &mut worked.kept);
                }
                Made::Part(Box::new(Act::Rows(rows)))
            }
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
            kept::put_number(SAME, &mut worked.kept);
        }
        worked
    }

    fn weight(&self) -> usize {
        0
    }
}

/// Stands in what is kept for a group that is carried over.
const SAME: u64 = u64::MAX;

/// Adds `rows` to what is kept: their number, then text and repairs of each.
fn keep(rows: &[Row], kept: &mut Vec<u8>) {
    kept::put_number(rows.len() as u64, kept);
    for row in rows {
        kept::put_bytes(row.text.as_deref(), kept);
        kept::put_bytes(row.repairs.as_deref().map(str::as_bytes), kept);
    }
}

fn recalled(kept: &mut dyn BufRead) -> io::Result<Row> {
    let (text, repairs) = (kept::bytes(kept)?, kept::bytes(kept)?);
    let repairs = repairs.map(String::from_utf8).transpose().map_err(io::Error::other)?;
    Ok(Row { text, repairs })
}

/// The file that is written.
struct Rebuilt {
    /// Until it is finished.
    writer: Option<Writer>,
}

impl Assemble for Rebuilt {
    fn add(&mut self, made: Made, out: &mut dyn Write) -> io::Result<()> {
        let (Made::Part(part), Some(writer)) = (made, &mut self.writer) else { return Ok(()) };
        match *part.downcast::<Act>().expect("it was made by this format") {
            Act::Rows(rows) => writer.rows(rows, out),
            Act::Same => writer.same_group(out),
        }
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish(out))
    }

    fn recall(&mut self, kept: &mut dyn BufRead) -> io::Result<Made> {
        let act = match kept::number(kept)? {
            SAME => Act::Same,
            count => Act::Rows((0..count).map(|_| recalled(kept)).collect::<io::Result<_>>()?),
        };
        Ok(Made::Part(Box::new(act)))
    }
}
