//! The texts of a Parquet file, a stretch of rows at a time.

use std::path::Path;
use std::sync::Arc;

use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::Result as ParquetResult;
use parquet::file::serialized_reader::SerializedPageReader;

use serde_json::Value;

use super::describe::{Dataset, damaged, fault};
use super::ids::Ids;
use crate::error::{Error, Result};

/// Rows in one piece, at most.
const ROWS: usize = 1024;

/// The texts of a file, in order.
pub struct Reader {
    dataset: Dataset,
    /// The group being read, and how many of its rows are.
    group: usize,
    row: usize,
    column: Option<ColumnReaderImpl<ByteArrayType>>,
    /// What rows are called, if that was asked for.
    ids: Option<Ids>,
    /// The row of the group that its ids begin with, until they are opened.
    begin_ids: Option<usize>,
    /// Rows of the last piece of texts that no ids were read for.
    unnamed: usize,
}

/// What a file has next.
pub enum Piece {
    /// Texts of rows of one group, as the bytes that they are; `None` where
    /// there is none.
    Texts(Vec<Option<Vec<u8>>>),
    /// A whole group whose texts are damaged, and how: it can only be carried
    /// over as it is.
    Damaged(Error),
}

impl Reader {
    /// Opens the file at `path` to read the strings in `column`.
    ///
    /// # Errors
    /// [`Error::Io`] if the file can't be read, [`Error::Damaged`] if its end,
    /// which tells what it holds, is missing or wrong, [`Error::Column`] if
    /// there is no such column of strings.
    pub fn open(path: &Path, column: &str) -> Result<Self> {
        let dataset = Dataset::open(path, column)?;
        Ok(Self { dataset, group: 0, row: 0, column: None, ids: None, begin_ids: None, unnamed: 0 })
    }

    /// The same reader, which also reads what rows are called: the strings or
    /// whole numbers in `column`.
    ///
    /// # Errors
    /// [`Error::Column`] if there is no such column.
    pub fn with_ids(mut self, column: &str) -> Result<Self> {
        let ids = Ids::new(self.dataset.schema(), column);
        let column = |problem| Error::Column { path: self.dataset.path.clone(), problem };
        self.ids = Some(ids.map_err(column)?);
        Ok(self)
    }

    /// What the rows of the last texts are called; none where they have no
    /// name. To be asked for once after each.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the ids can't be read. It is told once a group;
    /// what follows in it has no names.
    pub fn ids(&mut self) -> Result<Vec<Option<Value>>> {
        let rows = std::mem::take(&mut self.unnamed);
        let Some(ids) = &mut self.ids else { return Ok(vec![None; rows]) };
        let begun = self.begin_ids.take().map_or(Ok(()), |row| ids.begin(&self.dataset, self.group, row));
        begun.and_then(|()| ids.next(rows)).map_err(|error| {
            ids.end();
            let problem = format!("the ids are damaged ({error}); the texts are repaired without them");
            damaged(&self.dataset.path, &self.dataset.place(self.group), &problem)
        })
    }

    /// Rows before the next piece.
    #[must_use]
    pub fn row(&self) -> u64 {
        let before: usize = (0..self.group).map(|group| self.dataset.rows(group)).sum();
        (before + self.row) as u64
    }

    /// Goes to where [`row`](Self::row) was `row` between two pieces.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the file has not as many rows that can be read.
    pub fn go_to(&mut self, row: u64) -> Result<()> {
        let mut left = usize::try_from(row).unwrap_or(usize::MAX);
        (self.group, self.row, self.column) = (0, 0, None);
        let groups = self.dataset.metadata.num_row_groups();
        while self.group < groups && left >= self.dataset.rows(self.group) {
            left -= self.dataset.rows(self.group);
            self.group += 1;
        }
        if left == 0 {
            return Ok(());
        }
        let missing = || damaged(&self.dataset.path, "the end of the file", &"rows are missing");
        if self.group == groups {
            return Err(missing());
        }
        let mut column = self.begin()?;
        for _ in 0..left {
            let text = read_one(&mut column, self.dataset.optional);
            text.ok().flatten().ok_or_else(missing)?;
        }
        (self.row, self.column) = (left, Some(column));
        self.begin_ids = Some(self.row);
        Ok(())
    }

    /// Rows of the file.
    #[must_use]
    pub fn rows(&self) -> u64 {
        (0..self.dataset.metadata.num_row_groups()).map(|group| self.dataset.rows(group) as u64).sum()
    }

    pub(super) fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The next texts: as many as make `bytes`, at most 1,024, at least one,
    /// all of one group. None at the end of the file.
    ///
    /// # Errors
    /// [`Error::Damaged`] if a group that could be read a moment ago can't be
    /// any more.
    pub fn next_piece(&mut self, bytes: usize) -> Option<Result<Piece>> {
        while self.group < self.dataset.metadata.num_row_groups() && self.row == self.dataset.rows(self.group)
        {
            (self.group, self.row, self.column) = (self.group + 1, 0, None);
        }
        if self.group == self.dataset.metadata.num_row_groups() {
            return None;
        }
        if self.column.is_none() {
            match self.begin() {
                Ok(column) => {
                    self.column = Some(column);
                    self.begin_ids = Some(self.row);
                }
                Err(problem) => {
                    self.row = self.dataset.rows(self.group);
                    return Some(Ok(Piece::Damaged(problem)));
                }
            }
        }
        let piece = self.texts(bytes);
        if piece.is_err() {
            self.group = self.dataset.metadata.num_row_groups();
        }
        Some(piece.map(Piece::Texts))
    }

    /// Opens the text of a group, once it is sure that all of it can be read:
    /// that costs little beside what is done with it, and half a group written
    /// can't be taken back.
    fn begin(&self) -> Result<ColumnReaderImpl<ByteArrayType>> {
        let told = |error: &dyn std::fmt::Display| {
            let problem = format!("the texts are damaged ({error}); the group is left as it is");
            damaged(&self.dataset.path, &self.dataset.place(self.group), &problem)
        };
        let mut trial = self.open_column().map_err(|error| told(&error))?;
        for _ in 0..self.dataset.rows(self.group) {
            let text = read_one(&mut trial, self.dataset.optional).map_err(|error| told(&error))?;
            if let Some(problem) = text.is_none().then_some("rows are missing") {
                return Err(told(&problem));
            }
        }
        self.open_column().map_err(|error| told(&error))
    }

    fn open_column(&self) -> ParquetResult<ColumnReaderImpl<ByteArrayType>> {
        let chunk = self.dataset.metadata.row_group(self.group).column(self.dataset.text);
        let rows = self.dataset.rows(self.group);
        let pages = SerializedPageReader::new(Arc::clone(&self.dataset.file), chunk, rows, None)?;
        let pages: Box<dyn PageReader> = Box::new(pages);
        Ok(ColumnReaderImpl::new(self.dataset.schema().column(self.dataset.text), pages))
    }

    fn texts(&mut self, bytes: usize) -> Result<Vec<Option<Vec<u8>>>> {
        let (mut texts, mut length) = (Vec::new(), 0);
        let left = self.dataset.rows(self.group) - self.row;
        let column = self.column.as_mut().expect("opened before");
        while texts.len() < left.min(ROWS) && (texts.is_empty() || length < bytes) {
            let text = read_one(column, self.dataset.optional);
            let text = text.and_then(|text| text.ok_or_else(|| fault("rows are missing")));
            let text =
                text.map_err(|error| damaged(&self.dataset.path, &self.dataset.place(self.group), &error))?;
            length += text.as_ref().map_or(0, |text| text.len());
            texts.push(text.map(|text| text.data().to_vec()));
        }
        self.row += texts.len();
        self.unnamed = texts.len();
        Ok(texts)
    }
}

/// The next row's text; `None` if there is no row.
fn read_one(
    column: &mut ColumnReaderImpl<ByteArrayType>,
    optional: bool,
) -> ParquetResult<Option<Option<ByteArray>>> {
    let mut levels = Vec::with_capacity(1);
    let mut values: Vec<ByteArray> = Vec::with_capacity(1);
    let (rows, ..) = column.read_records(1, optional.then_some(&mut levels), None, &mut values)?;
    Ok((rows == 1).then(|| values.pop()))
}
