//! Edit records: one JSON object a line, enough to make the clean text from
//! the source and the source from the clean text, byte for byte.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::decode::{self, Detection};
use crate::edit::{Confidence, RuleId, Verdict};
use crate::error::{Error, Result};
use crate::pipeline::{Cleaned, Outcome, Status};
use crate::places::CodePoints;
use crate::span::{SourceSpan, Span};

/// One line of a records file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record {
    /// Begins the records of a document.
    Document(DocumentRecord),
    /// A repair of the document before it.
    Repair(RepairRecord),
    /// A note on the document before it.
    Note(NoteRecord),
}

/// A [`Record`] to be written, which needs no copy of it.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Document(&'a DocumentRecord),
    Repair(&'a RepairRecord),
    Note(&'a NoteRecord),
}

/// What is known of a document as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// The source file, as it was named; `-` for standard input.
    pub path: String,
    /// The line it stood in, from 1, if it was one of many in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What that file calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<serde_json::Value>,
    /// Name of its encoding in the Encoding Standard.
    pub encoding: String,
    /// How the encoding was found.
    pub detection: Detection,
    /// Whether it began with a byte order mark.
    pub bom: bool,
    /// BLAKE3 of the source bytes, hexadecimal.
    pub source_blake3: String,
    /// BLAKE3 of the clean text in UTF-8, hexadecimal.
    pub clean_blake3: String,
    /// Version of textmend.
    pub version: String,
    /// How many times text was made; repairs say which step they belong to.
    pub steps: usize,
    /// How its lines end.
    pub line_ends: LineEnds,
    /// Source bytes that the encoding alone would not give back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionRecord>,
}

/// How many lines of the source end in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineEnds {
    /// LF alone.
    pub lf: usize,
    /// CR LF.
    pub crlf: usize,
    /// CR alone.
    pub cr: usize,
    /// Form feed.
    pub form_feed: usize,
}

/// A range of offsets, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// See [`decode::Exception`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionRecord {
    /// In the source, bytes.
    pub bytes: Range,
    /// In the decoded text, code points.
    pub chars: Range,
    /// The bytes, hexadecimal.
    pub hex: String,
    /// Whether they could not be decoded.
    pub malformed: bool,
}

/// See [`Outcome`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepairRecord {
    /// Stable from run to run.
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// Its stage.
    pub stage: String,
    /// What became of it.
    pub status: Status,
    /// What a person decided about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Verdict>,
    /// How sure it was.
    pub confidence: Confidence,
    /// The probability behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Why.
    pub message: String,
    /// The step whose text `at` speaks of.
    pub step: usize,
    /// The edits.
    pub edits: Vec<EditRecord>,
}

/// See [`Placed`](crate::pipeline::Placed).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRecord {
    /// In the source, bytes.
    pub bytes: Range,
    /// In the decoded source, code points.
    pub chars: Range,
    /// What was replaced.
    pub before: String,
    /// What came in its place.
    pub after: String,
    /// In the text of its step, bytes of UTF-8: what replaying goes by.
    pub at: Range,
    /// Where `after` stood in that text, if it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Range>,
}

/// See [`NoteAt`](crate::pipeline::NoteAt).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRecord {
    /// Stable from run to run; empty in records of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// What was seen.
    pub message: String,
    /// In the source, bytes.
    pub bytes: Range,
    /// In the decoded source, code points.
    pub chars: Range,
}

/// The records of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRecords {
    /// The document.
    pub document: DocumentRecord,
    /// Its repairs, as [`Cleaned::repairs`] has them.
    pub repairs: Vec<RepairRecord>,
    /// Its notes.
    pub notes: Vec<NoteRecord>,
}

impl DocumentRecord {
    /// What follows the name of the file where decisions name one of many in
    /// it: what the file calls it, or else its line.
    #[must_use]
    pub fn inside(&self) -> String {
        inside(self.id.as_ref(), self.line)
    }

    /// The hash of the source, if it is well written.
    #[must_use]
    pub fn source_hash(&self) -> Option<blake3::Hash> {
        blake3::Hash::from_hex(&self.source_blake3).ok()
    }
}

/// As [`DocumentRecord::inside`].
#[must_use]
pub(crate) fn inside(id: Option<&serde_json::Value>, line: Option<u64>) -> String {
    match (id, line) {
        (Some(serde_json::Value::String(id)), _) => format!("#{id}"),
        (Some(id), _) => format!("#{id}"),
        (None, Some(line)) => format!(":{line}"),
        (None, None) => String::new(),
    }
}

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl From<SourceSpan> for Range {
    fn from(span: SourceSpan) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl LineEnds {
    fn of(text: &str) -> Self {
        let count = |byte: u8| memchr::memchr_iter(byte, text.as_bytes()).count();
        let (lf, cr) = (count(b'\n'), count(b'\r'));
        let crlf = if cr == 0 { 0 } else { text.matches("\r\n").count() };
        Self { lf: lf - crlf, crlf, cr: cr - crlf, form_feed: count(b'\x0C') }
    }
}

impl DocumentRecords {
    /// The records of what a run made of `source`, read from `path`.
    #[must_use]
    pub fn new(path: &str, source: &[u8], cleaned: &Cleaned) -> Self {
        let decoded = &cleaned.source;
        let points = CodePoints::new(&decoded.text);
        let chars = |span: SourceSpan| Range {
            start: points.before(decoded.text_offset(span.start)),
            end: points.before(decoded.text_offset(span.end)),
        };
        let exceptions = decoded.exceptions.iter().map(|exception| ExceptionRecord {
            bytes: exception.source.into(),
            chars: Range {
                start: points.before(exception.text_start),
                end: points.before(exception.text_start + exception.text_len),
            },
            hex: to_hex(&source[exception.source.start..exception.source.end]),
            malformed: exception.malformed,
        });
        let source_blake3 = blake3::hash(source).to_hex().to_string();
        let is_same = cleaned.text.as_bytes() == source;
        let hash_clean = || blake3::hash(cleaned.text.as_bytes()).to_hex().to_string();
        let document = DocumentRecord {
            path: path.to_owned(),
            line: None,
            id: None,
            encoding: decoded.encoding.name().to_owned(),
            detection: decoded.detection,
            bom: decoded.bom > 0,
            clean_blake3: if is_same { source_blake3.clone() } else { hash_clean() },
            source_blake3,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            steps: cleaned.steps,
            line_ends: LineEnds::of(&decoded.text),
            exceptions: exceptions.collect(),
        };
        let repairs = cleaned.repairs.iter().map(|outcome| RepairRecord::new(outcome, &chars)).collect();
        let notes = cleaned.notes.iter().map(|note| NoteRecord {
            id: note.id.clone(),
            rule: note.rule.clone(),
            message: note.message.clone(),
            bytes: note.source.into(),
            chars: chars(note.source),
        });
        Self { document, repairs, notes: notes.collect() }
    }

    /// Its repairs and notes, as they are told beside a text.
    #[must_use]
    pub fn findings(&self) -> Vec<Record> {
        let repairs = self.repairs.iter().cloned().map(Record::Repair);
        repairs.chain(self.notes.iter().cloned().map(Record::Note)).collect()
    }

    /// The records as JSON Lines.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub fn write(&self, mut out: impl std::io::Write) -> std::io::Result<()> {
        let repairs = self.repairs.iter().map(Line::Repair);
        let notes = self.notes.iter().map(Line::Note);
        for record in std::iter::once(Line::Document(&self.document)).chain(repairs).chain(notes) {
            serde_json::to_writer(&mut out, &record)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Reads the JSON Lines of `text`, which came from `path`.
    ///
    /// # Errors
    /// [`Error::Records`] at the first line that is no record.
    pub fn read(path: &Path, text: &str) -> Result<Vec<Self>> {
        let mut documents: Vec<Self> = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let mistake = |problem: String| Error::Records {
                path: path.to_owned(),
                problem: format!("line {number}: {problem}"),
            };
            let record = serde_json::from_str(line).map_err(|error| mistake(error.to_string()))?;
            match (record, documents.last_mut()) {
                (Record::Document(document), _) => {
                    documents.push(Self { document, repairs: Vec::new(), notes: Vec::new() });
                }
                (Record::Repair(repair), Some(last)) => last.repairs.push(repair),
                (Record::Note(note), Some(last)) => last.notes.push(note),
                (_, None) => return Err(mistake("a record before the first document".to_owned())),
            }
        }
        Ok(documents)
    }
}

impl RepairRecord {
    fn new(outcome: &Outcome, chars: &impl Fn(SourceSpan) -> Range) -> Self {
        let edits = outcome.edits.iter().map(|edit| EditRecord {
            bytes: edit.source.into(),
            chars: chars(edit.source),
            before: edit.before.clone(),
            after: edit.after.clone(),
            at: edit.at.into(),
            moved_from: edit.moved_from.map(Range::from),
        });
        Self {
            id: outcome.id.clone(),
            rule: outcome.rule.clone(),
            stage: outcome.rule.stage().to_owned(),
            status: outcome.status,
            decision: outcome.ruling,
            confidence: outcome.confidence,
            score: outcome.score,
            message: outcome.message.clone(),
            step: outcome.step,
            edits: edits.collect(),
        }
    }
}

/// Makes the clean text (UTF-8) from the `source` bytes and their `records`.
///
/// # Errors
/// [`Error::Records`] if the records are of another source, or contradict it.
pub fn replay(source: &[u8], records: &DocumentRecords) -> Result<String> {
    let document = &records.document;
    require_hash(document, source, &document.source_blake3, "the source")?;
    let encoding = decode::encoding(&document.encoding)?;
    let mut text = decode::decode(source, Some(encoding)).text;
    for edits in steps(records) {
        text =
            rewrite(document, &text, edits.iter().map(|edit| (edit.at.start, &*edit.before, &*edit.after)))?;
    }
    require_hash(document, text.as_bytes(), &document.clean_blake3, "the text made from the records")?;
    Ok(text)
}

/// Makes the source bytes from the `clean` text and the `records` of the run
/// that made it.
///
/// # Errors
/// [`Error::Records`] if the records are of another text, or contradict it.
pub fn revert(clean: &str, records: &DocumentRecords) -> Result<Vec<u8>> {
    let document = &records.document;
    require_hash(document, clean.as_bytes(), &document.clean_blake3, "the clean text")?;
    let mut text = clean.to_owned();
    for edits in steps(records).iter().rev() {
        let mut shift = 0isize;
        let mut undo = Vec::with_capacity(edits.len());
        for edit in edits {
            let at = edit
                .at
                .start
                .checked_add_signed(shift)
                .ok_or_else(|| contradiction(document, edit.at.start))?;
            undo.push((at, &*edit.after, &*edit.before));
            shift += edit.after.len().cast_signed() - edit.before.len().cast_signed();
        }
        text = rewrite(document, &text, undo)?;
    }
    let encoding = decode::encoding(&document.encoding)?;
    let bytes = encode_exceptions(document, &text, encoding)?;
    require_hash(document, &bytes, &document.source_blake3, "the source made from the records")?;
    Ok(bytes)
}

/// The applied edits by step, each step in text order.
fn steps(records: &DocumentRecords) -> Vec<Vec<&EditRecord>> {
    let mut steps: BTreeMap<usize, Vec<&EditRecord>> = BTreeMap::new();
    for repair in records.repairs.iter().filter(|repair| repair.status == Status::Applied) {
        steps.entry(repair.step).or_default().extend(&repair.edits);
    }
    let mut steps: Vec<_> = steps.into_values().collect();
    for edits in &mut steps {
        edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
    }
    steps
}

/// `text` with each `old` at its place, in bytes, replaced by `new`.
fn rewrite<'a>(
    document: &DocumentRecord,
    text: &str,
    edits: impl IntoIterator<Item = (usize, &'a str, &'a str)>,
) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, old, new) in edits {
        let kept = text.get(done..at).ok_or_else(|| contradiction(document, at))?;
        if !text[at..].starts_with(old) {
            return Err(contradiction(document, at));
        }
        out.push_str(kept);
        out.push_str(new);
        done = at + old.len();
    }
    out.push_str(&text[done..]);
    Ok(out)
}

fn encode_exceptions(
    document: &DocumentRecord,
    text: &str,
    encoding: &'static encoding_rs::Encoding,
) -> Result<Vec<u8>> {
    let mut places = Vec::with_capacity(document.exceptions.len());
    let mut chars = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).enumerate().peekable();
    let mut offset_of = |point: usize| {
        while chars.next_if(|(index, _)| *index < point).is_some() {}
        chars.peek().filter(|(index, _)| *index == point).map(|(_, offset)| *offset)
    };
    for exception in &document.exceptions {
        let (Some(start), Some(end)) = (offset_of(exception.chars.start), offset_of(exception.chars.end))
        else {
            return Err(contradiction(document, exception.bytes.start));
        };
        let bytes = from_hex(&exception.hex).ok_or_else(|| contradiction(document, exception.bytes.start))?;
        places.push((start, end - start, bytes));
    }
    let exceptions = places.iter().map(|(start, len, bytes)| (*start, *len, &**bytes));
    Ok(decode::encode(text, encoding, document.bom, exceptions))
}

fn require_hash(document: &DocumentRecord, bytes: &[u8], expected: &str, what: &str) -> Result<()> {
    if blake3::hash(bytes).to_hex().as_str() == expected {
        return Ok(());
    }
    Err(Error::Records {
        path: (&document.path).into(),
        problem: format!("{what} is not what the records were made for (its BLAKE3 hash differs)"),
    })
}

fn contradiction(document: &DocumentRecord, at: usize) -> Error {
    Error::Records {
        path: (&document.path).into(),
        problem: format!("the records contradict the text at byte {at}; were they edited?"),
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digit = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    if hex.len().is_multiple_of(2) { (0..hex.len()).step_by(2).map(digit).collect() } else { None }
}
