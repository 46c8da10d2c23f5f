//! What the rows of a Parquet file are called.

use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::Result as ParquetResult;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};
use serde_json::Value;

use super::describe::{Dataset, fault};

/// A column of strings or whole numbers.
pub(super) struct Ids {
    /// Where it is among the leaves of the schema.
    leaf: usize,
    optional: bool,
    unsigned: bool,
    /// The group being read.
    column: Option<ColumnReader>,
}

impl Ids {
    /// The column called `name`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn new(schema: &SchemaDescriptor, name: &str) -> Result<Self, String> {
        let leaf = schema.columns().iter().position(|leaf| leaf.path().parts() == [name]);
        let leaf = leaf.ok_or_else(|| {
            format!("there is no column `{name}` of one id a row; name one with --id-field")
        })?;
        let column = schema.column(leaf);
        let single = column.self_type().get_basic_info().repetition() != Repetition::REPEATED;
        if !single || !(is_string(&column) || is_whole(&column)) {
            return Err(format!(
                "the column `{name}` holds neither strings nor whole numbers; name another one with --id-field"
            ));
        }
        let unsigned = match column.logical_type_ref() {
            Some(LogicalType::Integer(kind)) => !kind.is_signed,
            _ => false,
        };
        Ok(Self { leaf, optional: column.max_def_level() == 1, unsigned, column: None })
    }

    /// Begins group `group`, past its first `rows` rows.
    pub(super) fn begin(&mut self, dataset: &Dataset, group: usize, rows: usize) -> ParquetResult<()> {
        let chunk = dataset.metadata.row_group(group).column(self.leaf);
        let pages = SerializedPageReader::new(Arc::clone(&dataset.file), chunk, dataset.rows(group), None)?;
        let pages: Box<dyn PageReader> = Box::new(pages);
        self.column = Some(get_column_reader(dataset.schema().column(self.leaf), pages));
        self.next(rows).map(drop)
    }

    /// Reads no more of this group.
    pub(super) fn end(&mut self) {
        self.column = None;
    }

    /// The ids of the next `rows` rows; none where a row has none, or the group
    /// has not begun.
    pub(super) fn next(&mut self, rows: usize) -> ParquetResult<Vec<Option<Value>>> {
        let (optional, unsigned) = (self.optional, self.unsigned);
        match &mut self.column {
            None => Ok(vec![None; rows]),
            Some(ColumnReader::ByteArrayColumnReader(column)) => {
                read(column, rows, optional, |id| String::from_utf8_lossy(id.data()).into_owned().into())
            }
            Some(ColumnReader::Int32ColumnReader(column)) => {
                read(column, rows, optional, |id| number(unsigned, *id, id.cast_unsigned()))
            }
            Some(ColumnReader::Int64ColumnReader(column)) => {
                read(column, rows, optional, |id| number(unsigned, *id, id.cast_unsigned()))
            }
            Some(_) => Err(fault("ids of a kind that is not read")),
        }
    }
}

/// A whole number, by whether the schema calls it `unsigned`.
fn number(unsigned: bool, signed: impl Into<Value>, same_bits: impl Into<Value>) -> Value {
    if unsigned { same_bits.into() } else { signed.into() }
}

fn is_string(column: &ColumnDescriptor) -> bool {
    let string = match column.logical_type_ref() {
        None => matches!(column.converted_type(), ConvertedType::UTF8 | ConvertedType::NONE),
        Some(logical) => matches!(logical, LogicalType::String),
    };
    string && column.physical_type() == Physical::BYTE_ARRAY
}

fn is_whole(column: &ColumnDescriptor) -> bool {
    use ConvertedType::{INT_8, INT_16, INT_32, INT_64, NONE, UINT_8, UINT_16, UINT_32, UINT_64};
    let whole = match column.logical_type_ref() {
        None => matches!(
            column.converted_type(),
            NONE | INT_8 | INT_16 | INT_32 | INT_64 | UINT_8 | UINT_16 | UINT_32 | UINT_64
        ),
        Some(logical) => matches!(logical, LogicalType::Integer(_)),
    };
    whole && matches!(column.physical_type(), Physical::INT32 | Physical::INT64)
}

fn read<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
    told: impl Fn(&T::T) -> Value,
) -> ParquetResult<Vec<Option<Value>>> {
    let (mut levels, mut values, mut read) = (Vec::new(), Vec::new(), 0);
    while read < rows {
        let (more, ..) =
            column.read_records(rows - read, optional.then_some(&mut levels), None, &mut values)?;
        if more == 0 {
            return Err(fault("ids are missing"));
        }
        read += more;
    }
    if !optional {
        return Ok(values.iter().map(|id| Some(told(id))).collect());
    }
    let mut values = values.iter();
    Ok(levels.iter().map(|level| (*level == 1).then(|| values.next().map(&told)).flatten()).collect())
}
