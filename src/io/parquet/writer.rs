//! Writing a Parquet file again, with other texts.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema, parquet_to_arrow_schema};
use parquet::basic::{Encoding, LogicalType, Repetition, Type as Physical};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::Reader;
use super::describe::{Dataset, damaged};
use crate::error::{Error, Result};

/// Pieces that may wait to be written.
const WAITING: usize = 2;

/// A row to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its text, or that there is none.
    pub text: Option<Vec<u8>>,
    /// What goes into the column of repairs, where there is one.
    pub repairs: Option<String>,
}

/// A file with the columns of another one, but for its texts. It is written in
/// a thread of its own, which nothing but the calls of this decides on.
pub struct Writer<W> {
    pieces: Option<SyncSender<Piece>>,
    thread: Option<JoinHandle<Result<W>>>,
}

enum Piece {
    Rows(Vec<Row>),
    /// The group as it is.
    Same,
}

impl<W: Write + Send + 'static> Writer<W> {
    /// Begins a file with what `source` holds, and a column called `repairs` if
    /// that is given. `path`, that of the new file, is named in errors.
    ///
    /// # Errors
    /// [`Error::Column`] if there is a column of that name, or one that can't
    /// be written again.
    pub fn new(inner: W, path: &Path, source: &Reader, repairs: Option<&str>) -> Result<Self> {
        let dataset = source.dataset().clone();
        let column = |problem| Error::Column { path: dataset.path.clone(), problem };
        let fields = dataset.schema().root_schema().get_fields();
        if let Some(name) = repairs.filter(|name| fields.iter().any(|field| field.name() == *name)) {
            let problem =
                format!("there is a column `{name}` already; name another one with --repairs-field");
            return Err(column(problem));
        }
        let schema = schema(&dataset, repairs).map_err(|error| column(error.to_string()))?;
        let properties = Arc::new(properties(&dataset, repairs));
        let file = SerializedFileWriter::new(inner, schema, properties);
        let file = file.map_err(|error| column(error.to_string()))?;
        let (sender, receiver) = sync_channel(WAITING);
        let rewrite =
            Rewrite { path: path.to_owned(), dataset, file, pieces: receiver, repairs: repairs.is_some() };
        Ok(Self { pieces: Some(sender), thread: Some(std::thread::spawn(move || rewrite.run())) })
    }

    /// Writes the next rows. All of a group have to come before any of the next
    /// one, as [`Reader::next_piece`] gives them.
    ///
    /// # Errors
    /// [`Error::Io`] if the file can't be written, [`Error::Damaged`] if the
    /// source can't be read any more.
    pub fn rows(&mut self, rows: Vec<Row>) -> Result<()> {
        self.send(Piece::Rows(rows))
    }

    /// Carries the next group over as it is.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn same_group(&mut self) -> Result<()> {
        self.send(Piece::Same)
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// As [`rows`](Self::rows); rows that are missing are an error, too.
    pub fn finish(mut self) -> Result<W> {
        self.pieces = None;
        self.join()
    }

    fn send(&mut self, piece: Piece) -> Result<()> {
        let sent = self.pieces.as_ref().is_some_and(|pieces| pieces.send(piece).is_ok());
        // The thread stops before its end only with an error.
        if sent { Ok(()) } else { self.join().map(drop) }
    }

    fn join(&mut self) -> Result<W> {
        let thread = self.thread.take().expect("nothing is called after the end or an error");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The schema of `dataset`, with one more column if it has a name.
fn schema(dataset: &Dataset, repairs: Option<&str>) -> ParquetResult<TypePtr> {
    let root = dataset.schema().root_schema_ptr();
    let Some(name) = repairs else { return Ok(root) };
    let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::String))
        .build()?;
    let mut fields = root.get_fields().to_vec();
    fields.push(Arc::new(column));
    Ok(Arc::new(Type::group_type_builder(root.name()).with_fields(fields).build()?))
}

/// How the text is written: as it was in the first group.
fn properties(dataset: &Dataset, repairs: Option<&str>) -> WriterProperties {
    let metadata = &dataset.metadata;
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("textmend version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(key_values(dataset, repairs));
    let Some(group) = metadata.row_groups().first() else { return properties.build() };
    let text = group.column(dataset.text);
    let page_index = metadata.page_index();
    let column_index = page_index.and_then(|index| index.column_index(0, dataset.text)).is_some();
    let offset_index = page_index.and_then(|index| index.offset_index(0, dataset.text)).is_some();
    let dictionary = |encoding| matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
    let statistics = match text.statistics() {
        None => EnabledStatistics::None,
        Some(_) if column_index => EnabledStatistics::Page,
        Some(_) => EnabledStatistics::Chunk,
    };
    // Other texts may be in another order.
    let sorting = group.sorting_columns().filter(|columns| {
        columns.iter().all(|column| usize::try_from(column.column_idx) != Ok(dataset.text))
    });
    properties = properties
        .set_sorting_columns(sorting.cloned())
        .set_offset_index_disabled(!column_index && !offset_index)
        .set_compression(text.compression())
        .set_dictionary_enabled(text.encodings().any(dictionary))
        .set_statistics_enabled(statistics)
        .set_column_bloom_filter_enabled(text.column_path().clone(), text.bloom_filter_offset().is_some());
    properties.build()
}

/// What the file tells of itself. The schema of Arrow, which says more of types
/// than that of Parquet, has to know of a new column, too.
fn key_values(dataset: &Dataset, repairs: Option<&str>) -> Option<Vec<KeyValue>> {
    let file = dataset.metadata.file_metadata();
    let mut values = file.key_value_metadata().cloned()?;
    let arrow = values.iter().position(|value| value.key == ARROW_SCHEMA_META_KEY);
    if let (Some(name), Some(at)) = (repairs, arrow) {
        let field = arrow_schema::Field::new(name, arrow_schema::DataType::Utf8, true);
        match parquet_to_arrow_schema(dataset.schema(), Some(&values)) {
            Ok(schema) => {
                let fields: Vec<_> = schema.fields.iter().cloned().chain([Arc::new(field)]).collect();
                let schema = arrow_schema::Schema::new_with_metadata(fields, schema.metadata);
                values[at].value = Some(encode_arrow_schema(&schema));
            }
            // One that can't be read helps nobody.
            Err(_) => drop(values.remove(at)),
        }
    }
    Some(values)
}

struct Rewrite<W: Write + Send> {
    /// The new file.
    path: PathBuf,
    dataset: Dataset,
    file: SerializedFileWriter<W>,
    pieces: Receiver<Piece>,
    repairs: bool,
}

impl<W: Write + Send> Rewrite<W> {
    fn run(mut self) -> Result<W> {
        for group in 0..self.dataset.metadata.num_row_groups() {
            self.group(group).map_err(|error| self.told(group, error))?;
        }
        let groups = self.dataset.metadata.num_row_groups();
        if self.pieces.recv().is_ok() {
            return Err(self.told(groups, "there are more rows than the source has".into()));
        }
        let finished = self.file.finish();
        finished.map_err(|error| self.told(groups, error))?;
        let path = self.path;
        self.file.into_inner().map_err(|error| Error::Io { path, source: std::io::Error::other(error) })
    }

    fn told(&self, group: usize, error: ParquetError) -> Error {
        let place = if group < self.dataset.metadata.num_row_groups() {
            self.dataset.place(group)
        } else {
            "the end of the file".to_owned()
        };
        match error {
            ParquetError::External(source) => match source.downcast::<std::io::Error>() {
                Ok(source) => Error::Io { path: self.path.clone(), source: *source },
                Err(source) => damaged(&self.dataset.path, &place, &source),
            },
            error => damaged(&self.dataset.path, &place, &error),
        }
    }

    fn group(&mut self, group: usize) -> ParquetResult<()> {
        let count = self.dataset.rows(group);
        // An empty group has no piece of its own.
        let first = if count == 0 { Ok(Piece::Rows(Vec::new())) } else { self.pieces.recv() };
        let mut first = match first.map_err(|_| MISSING)? {
            Piece::Rows(rows) => Some(rows),
            Piece::Same => None,
        };
        let mut repairs = Vec::new();
        let mut writer = self.file.next_row_group()?;
        for column in 0..self.dataset.schema().num_columns() {
            match first.take_if(|_| column == self.dataset.text) {
                Some(rows) => {
                    let mut texts = writer.next_column()?.ok_or("there is no column for the text")?;
                    let pieces = Rows { next: Some(rows), pieces: &self.pieces, left: count };
                    repairs = pieces.write(&mut texts, self.dataset.optional)?;
                    texts.close()?;
                }
                None => carry_over(&self.dataset, group, column, &mut writer)?,
            }
        }
        if self.repairs {
            repairs.resize(count, None);
            let mut column = writer.next_column()?.ok_or("there is no column for the repairs")?;
            let strings: Vec<_> =
                repairs.iter().map(|repairs| repairs.as_deref().map(str::as_bytes)).collect();
            write_strings(&mut column, &strings, true)?;
            column.close()?;
        }
        writer.close().map(drop)
    }
}

const MISSING: &str = "rows of the source are missing";

/// The rows of a group, as they come.
struct Rows<'a> {
    next: Option<Vec<Row>>,
    pieces: &'a Receiver<Piece>,
    left: usize,
}

impl Rows<'_> {
    /// Writes their texts; gives their repairs.
    fn write(
        mut self,
        texts: &mut SerializedColumnWriter<'_>,
        optional: bool,
    ) -> ParquetResult<Vec<Option<String>>> {
        let mut repairs = Vec::new();
        while let Some(rows) = self.next.take() {
            self.left = self.left.checked_sub(rows.len()).ok_or("there are more rows than the group has")?;
            let strings: Vec<_> = rows.iter().map(|row| row.text.as_deref()).collect();
            write_strings(texts, &strings, optional)?;
            repairs.extend(rows.into_iter().map(|row| row.repairs));
            if self.left > 0 {
                self.next = match self.pieces.recv().map_err(|_| MISSING)? {
                    Piece::Rows(rows) => Some(rows),
                    Piece::Same => return Err("half of a group can't be carried over".into()),
                };
            }
        }
        Ok(repairs)
    }
}

fn write_strings(
    column: &mut SerializedColumnWriter<'_>,
    strings: &[Option<&[u8]>],
    optional: bool,
) -> ParquetResult<()> {
    if !optional && strings.contains(&None) {
        return Err("a text is missing where every row has to have one".into());
    }
    let levels: Vec<i16> = strings.iter().map(|string| i16::from(string.is_some())).collect();
    let values: Vec<_> = strings.iter().flatten().map(|string| ByteArray::from(string.to_vec())).collect();
    let writer = column.typed::<ByteArrayType>();
    writer.write_batch(&values, optional.then_some(levels.as_slice()), None).map(drop)
}

/// Copies the pages of a column byte for byte.
fn carry_over<W: Write + Send>(
    dataset: &Dataset,
    group: usize,
    column: usize,
    writer: &mut SerializedRowGroupWriter<'_, W>,
) -> ParquetResult<()> {
    let chunk = dataset.metadata.row_group(group).column(column);
    let index = dataset.metadata.page_index();
    let close = ColumnCloseResult {
        bytes_written: chunk.compressed_size().unsigned_abs(),
        rows_written: dataset.rows(group) as u64,
        metadata: chunk.clone(),
        // A filter that can't be read is left out: it only saves reading.
        bloom_filter: Sbbf::read_from_column_chunk(chunk, &*dataset.file).ok().flatten(),
        column_index: index.and_then(|index| index.column_index(group, column)).cloned(),
        offset_index: index.and_then(|index| index.offset_index(group, column)).cloned(),
    };
    writer.append_column(&*dataset.file, close)
}
