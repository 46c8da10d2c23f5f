//! JSON Lines: a JSON object a line, with a document in one of its fields.
//! Everything but the text keeps its bytes. A line that can't be repaired is
//! passed on as it is.

mod cutter;
mod line;

use std::sync::Arc;

use serde_json::value::RawValue;

use super::desk::{Desk, Title};
use super::format::{Assemble, Cut, Format, Made, Mark, Piece, Plain, Worked};
use super::unit::Unit;
use super::{Form, Options};
use crate::decode;
use crate::error::{Error, Result};
use crate::report::records::Record;
use line::{Fields, Line};

/// See the module.
pub(super) struct JsonLines;

impl Format for JsonLines {
    fn cut(&self, unit: &Arc<Unit>, options: &Options, from: Option<&Mark>) -> Result<Box<dyn Cut>> {
        Ok(Box::new(cutter::Cutter::new(unit, options.max_document, from)?))
    }

    fn assemble(&self) -> Box<dyn Assemble> {
        Box::new(Plain)
    }
}

/// Lines, whole ones.
struct Lines {
    unit: Arc<Unit>,
    bytes: Vec<u8>,
    /// Lines before the first of them.
    before: u64,
}

impl Piece for Lines {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut worked = Worked::default();
        let mut out = Vec::with_capacity(self.bytes.len() + self.bytes.len() / 16);
        let name = self.unit.name();
        let mut bytes = self.bytes.as_slice();
        if self.before == 0
            && let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF")
        {
            pass_on(b"\xEF\xBB\xBF", &mut out, desk);
            bytes = rest;
        }
        for (number, whole) in (self.before + 1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            let line = whole.strip_suffix(b"\n").unwrap_or(whole);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let mut title = Title { path: &name, line: Some(number), id: None };
            match self.repair(line, &mut title, desk, &mut worked) {
                Ok(new) => {
                    out.extend_from_slice(&new);
                    pass_on(&whole[line.len()..], &mut out, desk);
                }
                Err(problem) => {
                    if let Some(problem) = problem {
                        worked.failures.push(title.place(), format!("{}: {problem}", title.place()));
                    }
                    pass_on(whole, &mut out, desk);
                }
            }
        }
        worked.read = self.bytes.len() as u64;
        worked.made = Made::Bytes(out);
        worked
    }
}

/// Lines that are not repaired have no place in a diff.
fn pass_on(bytes: &[u8], out: &mut Vec<u8>, desk: &Desk<'_>) {
    if desk.options.form == Form::Text {
        out.extend_from_slice(bytes);
    }
}

impl Lines {
    /// The line, repaired.
    ///
    /// # Errors
    /// What is wrong with it; nothing if it is empty, and nothing is wrong.
    fn repair(
        &self,
        line: &[u8],
        title: &mut Title<'_>,
        desk: &Desk<'_>,
        worked: &mut Worked,
    ) -> Result<Vec<u8>, Option<String>> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Err(None);
        }
        let limit = desk.options.max_document;
        if line.len() as u64 > limit {
            return Err(Some(cutter::too_long(limit)));
        }
        let line = std::str::from_utf8(line)
            .map_err(|error| format!("this line is not UTF-8 (byte {})", error.valid_up_to() + 1))?;
        let fields = Fields {
            text: &desk.options.text_field,
            id: desk.options.id_field.as_deref(),
            repairs: desk.options.repairs_field.as_deref(),
        };
        let line = Line::read(line, &fields)?;
        title.id = line.id.map(parsed);
        let text = line.text()?;
        let decoded = decode::decode(text.as_bytes(), Some(encoding_rs::UTF_8));
        let document = desk.clean(&self.unit.cleaner, title, text.as_bytes(), decoded);
        let document = document.map_err(|error| told(&error, title))?;
        let changed = (document.cleaned.steps > 0).then_some(document.cleaned.text.as_str());
        let records = document.records.as_ref().filter(|_| fields.repairs.is_some());
        let repairs = records.map(|records| {
            let repairs = records.repairs.iter().cloned().map(Record::Repair);
            repairs.chain(records.notes.iter().cloned().map(Record::Note)).collect::<Vec<_>>()
        });
        let new = match desk.options.form {
            Form::Text => line.rewritten(changed, repairs.as_deref(), &fields),
            _ => desk.render(&document, title).map_err(|error| told(&error, title))?,
        };
        desk.tell(document, title, worked);
        Ok(new)
    }
}

fn parsed(value: &RawValue) -> serde_json::Value {
    serde_json::from_str(value.get()).expect("it was JSON a moment ago")
}

/// The problem without the place that `title` names already.
fn told(error: &Error, title: &Title<'_>) -> String {
    let told = error.to_string();
    let bare = told.strip_prefix(&format!("{}: ", title.place())).map(str::to_owned);
    bare.unwrap_or(told)
}

/// A part of a line that is too long to be read: it is passed on.
struct Verbatim {
    bytes: Vec<u8>,
    /// What is told of it, and where, by its first part.
    failure: Option<(String, String)>,
}

impl Piece for Verbatim {
    fn work(self: Box<Self>, desk: &Desk<'_>) -> Worked {
        let mut out = Vec::new();
        pass_on(&self.bytes, &mut out, desk);
        let read = self.bytes.len() as u64;
        let mut worked = Worked { made: Made::Bytes(out), read, ..Worked::default() };
        if let Some((place, problem)) = self.failure {
            worked.failures.push(place, problem);
        }
        worked
    }
}
