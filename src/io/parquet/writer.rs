//! Writing a Parquet file again, with other texts.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema, parquet_to_arrow_schema};
use parquet::basic::{Encoding, LogicalType, Repetition, Type as Physical};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::Reader;
use super::describe::{Dataset, damaged, fault};
use crate::error::{Error, Result};
use crate::io::feed::{Feed, Outlet, Pieces};

/// A row to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its text, or that there is none.
    pub text: Option<Vec<u8>>,
    /// What goes into the column of repairs, where there is one.
    pub repairs: Option<String>,
}

/// A file with the columns of another one, but for its texts. What is written
/// goes to the output that is lent for each call; the bytes depend on the
/// calls alone.
pub struct Writer {
    feed: Feed<Piece>,
}

enum Piece {
    Rows(Vec<Row>),
    /// The group as it is.
    Same,
}

impl Writer {
    /// Begins a file with what `source` holds, and a column called `repairs` if
    /// that is given.
    ///
    /// # Errors
    /// [`Error::Column`] if there is a column of that name, or one that can't
    /// be written again.
    pub fn new(source: &Reader, repairs: Option<&str>) -> Result<Self> {
        let dataset = source.dataset().reopened()?;
        let column = |problem| Error::Column { path: dataset.path.clone(), problem };
        let fields = dataset.schema().root_schema().get_fields();
        if let Some(name) = repairs.filter(|name| fields.iter().any(|field| field.name() == *name)) {
            let problem =
                format!("there is a column `{name}` already; name another one with --repairs-field");
            return Err(column(problem));
        }
        let schema = schema(&dataset, repairs).map_err(|error| column(error.to_string()))?;
        let properties = Arc::new(properties(&dataset, repairs));
        let with_repairs = repairs.is_some();
        let feed = Feed::new(move |pieces, outlet| {
            let path = dataset.path.clone();
            let file = SerializedFileWriter::new(outlet, schema, properties);
            let file = file.map_err(|error| told(&path, "the beginning of the file", error))?;
            Rewrite { dataset, file, pieces, repairs: with_repairs }.run()
        });
        Ok(Self { feed })
    }

    /// Writes the next rows. All of a group have to come before any of the next
    /// one, as [`Reader::next_piece`] gives them.
    ///
    /// # Errors
    /// What `out` says; [`Error::Damaged`] inside ([`Error::of_reading`]) if the
    /// source can't be read any more, or the rows are not as many as it has.
    pub fn rows(&mut self, rows: Vec<Row>, out: &mut dyn Write) -> io::Result<()> {
        self.feed.give(Piece::Rows(rows), out)
    }

    /// Carries the next group over as it is.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn same_group(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.feed.give(Piece::Same, out)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.feed.finish(out)
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

struct Rewrite {
    dataset: Dataset,
    file: SerializedFileWriter<Outlet>,
    pieces: Pieces<Piece>,
    repairs: bool,
}

impl Rewrite {
    fn run(mut self) -> Result<()> {
        let groups = self.dataset.metadata.num_row_groups();
        for group in 0..groups {
            let done = self.group(group);
            done.map_err(|error| told(&self.dataset.path, &self.dataset.place(group), error))?;
        }
        let end = |error| told(&self.dataset.path, "the end of the file", error);
        if self.pieces.next().is_some() {
            return Err(end(fault("there are more rows than the source has")));
        }
        self.file.finish().map_err(end)?;
        self.file.inner_mut().flush().map_err(|error| end(error.into()))
    }

    fn group(&mut self, group: usize) -> ParquetResult<()> {
        let count = self.dataset.rows(group);
        // An empty group has no piece of its own.
        let first = if count == 0 { Some(Piece::Rows(Vec::new())) } else { self.pieces.next() };
        let mut first = match first.ok_or_else(|| fault(MISSING))? {
            Piece::Rows(rows) => Some(rows),
            Piece::Same => None,
        };
        let mut repairs = Vec::new();
        let mut writer = self.file.next_row_group()?;
        for column in 0..self.dataset.schema().num_columns() {
            match first.take_if(|_| column == self.dataset.text) {
                Some(rows) => {
                    let mut texts =
                        writer.next_column()?.ok_or_else(|| fault("there is no column for the text"))?;
                    let pieces = Rows { next: Some(rows), pieces: &self.pieces, left: count };
                    repairs = pieces.write(&mut texts, self.dataset.optional)?;
                    texts.close()?;
                }
                None => carry_over(&self.dataset, group, column, &mut writer)?,
            }
        }
        if self.repairs {
            repairs.resize(count, None);
            let mut column =
                writer.next_column()?.ok_or_else(|| fault("there is no column for the repairs"))?;
            let strings: Vec<_> =
                repairs.iter().map(|repairs| repairs.as_deref().map(str::as_bytes)).collect();
            write_strings(&mut column, &strings, true)?;
            column.close()?;
        }
        writer.close().map(drop)
    }
}

fn told(path: &Path, place: &str, error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => Error::Io { path: path.to_owned(), source: *source },
            Err(source) => damaged(path, place, &source),
        },
        error => damaged(path, place, &error),
    }
}

const MISSING: &str = "rows of the source are missing";

/// The rows of a group, as they come.
struct Rows<'a> {
    next: Option<Vec<Row>>,
    pieces: &'a Pieces<Piece>,
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
            self.left = self
                .left
                .checked_sub(rows.len())
                .ok_or_else(|| fault("there are more rows than the group has"))?;
            let strings: Vec<_> = rows.iter().map(|row| row.text.as_deref()).collect();
            write_strings(texts, &strings, optional)?;
            repairs.extend(rows.into_iter().map(|row| row.repairs));
            if self.left > 0 {
                self.next = match self.pieces.next().ok_or_else(|| fault(MISSING))? {
                    Piece::Rows(rows) => Some(rows),
                    Piece::Same => return Err(fault("half of a group can't be carried over")),
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
        return Err(fault("a text is missing where every row has to have one"));
    }
    let levels: Vec<i16> = strings.iter().map(|string| i16::from(string.is_some())).collect();
    let values: Vec<_> = strings.iter().flatten().map(|string| ByteArray::from(string.to_vec())).collect();
    let writer = column.typed::<ByteArrayType>();
    writer.write_batch(&values, optional.then_some(levels.as_slice()), None).map(drop)
}

/// Copies the pages of a column byte for byte.
fn carry_over(
    dataset: &Dataset,
    group: usize,
    column: usize,
    writer: &mut SerializedRowGroupWriter<'_, Outlet>,
) -> ParquetResult<()> {
    let chunk = dataset.metadata.row_group(group).column(column);
    let index = dataset.metadata.page_index();
    let close = ColumnCloseResult {
        bytes_written: chunk.compressed_size().unsigned_abs(),
        rows_written: dataset.rows(group) as u64,
        metadata: chunk.clone(),
        bloom_filter: filter(dataset, chunk),
        column_index: index.and_then(|index| index.column_index(group, column)).cloned(),
        offset_index: index.and_then(|index| index.offset_index(group, column)).cloned(),
    };
    writer.append_column(&*dataset.file, close)
}

/// The filter of a column. One that can't be read is left out: it only saves reading.
fn filter(dataset: &Dataset, chunk: &ColumnChunkMetaData) -> Option<Sbbf> {
    // The library takes its length at its word.
    let start = u64::try_from(chunk.bloom_filter_offset()?).ok()?;
    let end = start.checked_add(u64::try_from(chunk.bloom_filter_length().unwrap_or(0)).ok()?)?;
    let is_inside = end <= dataset.file.metadata().ok()?.len();
    is_inside.then(|| Sbbf::read_from_column_chunk(chunk, &*dataset.file).ok().flatten())?
}
