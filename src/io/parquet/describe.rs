//! What a Parquet file holds, checked before anything else relies on it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::SchemaDescriptor;

use crate::error::{Error, Result};

/// An open file, what its footer tells, and where the text is.
#[derive(Clone)]
pub(super) struct Dataset {
    pub(super) path: PathBuf,
    pub(super) file: Arc<File>,
    pub(super) metadata: Arc<ParquetMetaData>,
    /// The text among the leaves of the schema.
    pub(super) text: usize,
    /// Whether a text may be missing.
    pub(super) optional: bool,
}

impl Dataset {
    pub(super) fn open(path: &Path, column: &str) -> Result<Self> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let metadata = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Optional)
            .parse_and_finish(&file)
            .map_err(|error| damaged(path, "the end of the file", &error))?;
        check(&metadata, length).map_err(|problem| damaged(path, "the end of the file", &problem))?;
        let schema = metadata.file_metadata().schema_descr();
        let text = text_column(schema, column)
            .map_err(|problem| Error::Column { path: path.to_owned(), problem })?;
        let optional = schema.column(text).max_def_level() == 1;
        Ok(Self { path: path.to_owned(), file: Arc::new(file), metadata: Arc::new(metadata), text, optional })
    }

    /// The same, with an open file of its own: whoever reads it in another
    /// thread must not share the place where reading goes on, and clones of a
    /// [`File`] do.
    pub(super) fn reopened(&self) -> Result<Self> {
        let io = |source| Error::Io { path: self.path.clone(), source };
        Ok(Self { file: Arc::new(File::open(&self.path).map_err(io)?), ..self.clone() })
    }

    pub(super) fn schema(&self) -> &SchemaDescriptor {
        self.metadata.file_metadata().schema_descr()
    }

    /// Rows of a group.
    pub(super) fn rows(&self, group: usize) -> usize {
        usize::try_from(self.metadata.row_group(group).num_rows()).expect("checked when it was opened")
    }

    /// A group as people find it.
    pub(super) fn place(&self, group: usize) -> String {
        let first: usize = (0..group).map(|before| self.rows(before)).sum();
        format!("row group {group} (rows {first} to {})", first + self.rows(group))
    }
}

pub(super) fn damaged(path: &Path, place: &str, problem: &dyn std::fmt::Display) -> Error {
    Error::Damaged { path: path.to_owned(), place: place.to_owned(), problem: problem.to_string() }
}

pub(super) fn fault(problem: &str) -> ParquetError {
    ParquetError::General(problem.to_owned())
}

/// The leaf called `name`, at the top of the schema, that holds one string for
/// each row.
fn text_column(schema: &SchemaDescriptor, name: &str) -> Result<usize, String> {
    let leaf = schema.columns().iter().position(|leaf| leaf.path().parts() == [name]);
    let Some(index) = leaf else {
        let names: Vec<_> =
            schema.root_schema().get_fields().iter().map(|field| format!("`{}`", field.name())).collect();
        return Err(format!(
            "there is no column `{name}` of text, but {}; name one with --text-field",
            names.join(", ")
        ));
    };
    let leaf = schema.column(index);
    let single = leaf.self_type().get_basic_info().repetition() != Repetition::REPEATED;
    let string = match leaf.logical_type_ref() {
        None => matches!(leaf.converted_type(), ConvertedType::UTF8 | ConvertedType::NONE),
        Some(logical) => matches!(logical, LogicalType::String),
    };
    if single && string && leaf.physical_type() == Physical::BYTE_ARRAY {
        return Ok(index);
    }
    Err(format!("the column `{name}` holds no strings; name another one with --text-field"))
}

/// What is wrong with a footer: the library takes some of it at its word.
fn check(metadata: &ParquetMetaData, length: u64) -> Result<(), String> {
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let bad = |what: &str| Err(format!("what it tells of row group {index} can't be: {what}"));
        if group.num_rows() < 0 {
            return bad("fewer than no rows");
        }
        if group.num_columns() != metadata.file_metadata().schema_descr().num_columns() {
            return bad("columns are missing");
        }
        for column in group.columns() {
            let Some(end) = chunk_end(column) else { return bad("a column has no place in the file") };
            if end > length {
                return bad("a column lies behind the end of the file");
            }
            let flat = column.column_descr().max_rep_level() == 0;
            if column.num_values() < 0 || flat && column.num_values() != group.num_rows() {
                return bad("a column has more or fewer rows than the others");
            }
        }
    }
    Ok(())
}

fn chunk_end(column: &ColumnChunkMetaData) -> Option<u64> {
    let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let start = u64::try_from(start).ok()?;
    u64::try_from(column.data_page_offset()).ok()?;
    u64::try_from(column.uncompressed_size()).ok()?;
    start.checked_add(u64::try_from(column.compressed_size()).ok()?)
}
