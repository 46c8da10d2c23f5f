//! Datasets in Parquet in and out: what stays of them, and what is damaged.

#![cfg(feature = "parquet")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampMillisecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use proptest::prelude::*;
use textmend::io::parquet::{Piece, Reader, Row, Writer};
use textmend::{Error, Result};

/// A file in a folder of its own, with a column of texts of this kind among
/// others.
fn dataset(texts: ArrayRef, rows_per_group: usize) -> (tempfile::TempDir, PathBuf) {
    let rows = i64::try_from(texts.len()).expect("few");
    let mut tags = ListBuilder::new(StringBuilder::new());
    for row in 0..rows {
        tags.append_value((0..row % 3).map(|tag| Some(format!("版面{tag}"))));
    }
    let times = TimestampMillisecondArray::from_iter_values((0..rows).map(|row| row * 86_400_000));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef, false),
        ("text", texts, true),
        ("tags", Arc::new(tags.finish()), true),
        ("printed", Arc::new(times.with_timezone("Asia/Shanghai")), true),
    ]);
    let batch = batch.expect("columns of one length");
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_column_compression(ColumnPath::from("text"), Compression::ZSTD(ZstdLevel::default()))
        .set_column_dictionary_enabled(ColumnPath::from("text"), false)
        .set_column_statistics_enabled(ColumnPath::from("id"), EnabledStatistics::Page)
        .set_column_bloom_filter_enabled(ColumnPath::from("id"), true)
        .set_max_row_group_row_count(Some(rows_per_group))
        .set_key_value_metadata(Some(vec![KeyValue::new("来源".to_owned(), "青禾县报".to_owned())]))
        .build();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pages.parquet");
    let file = File::create(&path).expect("made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("begun");
    writer.write(&batch).expect("written");
    writer.close().expect("finished");
    (folder, path)
}

fn texts() -> Vec<Option<String>> {
    let text = |row: usize| format!("青禾县第{row}号渡口今日通车，往返{}班。", row % 17);
    (0..100).map(|row| (row % 7 != 3).then(|| text(row))).collect()
}

/// The file at `path` again, its texts changed by `change`.
fn rewrite(
    path: &Path,
    repairs: Option<&str>,
    change: impl Fn(&str) -> String,
) -> Result<(PathBuf, Vec<Error>)> {
    let mut problems = Vec::new();
    let mut reader = Reader::open(path, "text")?;
    let written = path.with_extension("new");
    let mut out = File::create(&written).expect("made");
    let mut writer = Writer::new(&reader, repairs)?;
    let told = |error| Error::of_reading(path, error);
    while let Some(piece) = reader.next_piece(500) {
        match piece? {
            Piece::Texts(texts) => {
                let change = |text: Vec<u8>| match String::from_utf8(text) {
                    Ok(text) => change(&text).into_bytes(),
                    Err(error) => error.into_bytes(),
                };
                let row = |text: Option<Vec<u8>>| Row {
                    repairs: text.as_ref().map(|text| format!("[{}]", text.len())),
                    text: text.map(change),
                };
                writer.rows(texts.into_iter().map(row).collect(), &mut out).map_err(told)?;
            }
            Piece::Damaged(problem) => {
                problems.push(problem);
                writer.same_group(&mut out).map_err(told)?;
            }
        }
    }
    writer.finish(&mut out).map_err(told)?;
    Ok((written, problems))
}

fn read(path: &Path) -> Vec<RecordBatch> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("there")).expect("a footer");
    builder.build().expect("columns").map(|batch| batch.expect("rows")).collect()
}

fn metadata(path: &Path) -> ParquetMetaData {
    ParquetMetaDataReader::new().parse_and_finish(&File::open(path).expect("there")).expect("a footer")
}

#[test]
fn texts_are_replaced_and_all_else_stays() {
    let texts = texts();
    let strings: Vec<_> = texts.iter().map(Option::as_deref).collect();
    let kinds: [ArrayRef; 4] = [
        Arc::new(StringArray::from(strings.clone())),
        Arc::new(LargeStringArray::from(strings.clone())),
        Arc::new(StringViewArray::from(strings.clone())),
        Arc::new(DictionaryArray::<Int32Type>::from_iter(strings.clone())),
    ];
    for kind in kinds {
        let (_folder, path) = dataset(kind, 30);
        let (written, problems) =
            rewrite(&path, None, |text| text.replace("渡口", "码头上")).expect("rewritten");
        assert!(problems.is_empty(), "{problems:?}");
        let (before, after) = (read(&path), read(&written));
        assert_eq!(before[0].schema(), after[0].schema());
        for (old, new) in before.iter().zip(&after) {
            for column in [0, 2, 3] {
                assert_eq!(old.column(column), new.column(column));
            }
        }
        let got = after.iter().flat_map(|batch| {
            let texts = arrow_strings(batch.column(1));
            texts.into_iter()
        });
        let expected = texts.iter().map(|text| text.as_ref().map(|text| text.replace("渡口", "码头上")));
        assert!(got.eq(expected));
        let (old, new) = (metadata(&path), metadata(&written));
        assert_eq!(old.num_row_groups(), new.num_row_groups());
        assert_eq!(old.file_metadata().key_value_metadata(), new.file_metadata().key_value_metadata());
        for (old, new) in old.row_groups().iter().zip(new.row_groups()) {
            assert_eq!(old.num_rows(), new.num_rows());
            for (old, new) in old.columns().iter().zip(new.columns()) {
                assert_eq!(old.compression(), new.compression());
                assert_eq!(old.statistics().is_some(), new.statistics().is_some());
                assert_eq!(old.bloom_filter_offset().is_some(), new.bloom_filter_offset().is_some());
                assert_eq!(old.dictionary_page_offset().is_some(), new.dictionary_page_offset().is_some());
                assert_eq!(old.column_index_offset().is_some(), new.column_index_offset().is_some());
            }
        }
    }
}

/// A file that another program wrote, with other codecs and a nested column.
#[test]
fn what_another_program_wrote_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pages.parquet");
    std::fs::copy("tests/archives/pages.parquet", &path).expect("a committed file");
    let (written, problems) =
        rewrite(&path, Some("repairs"), |text| text.replace("渡口", "码头上")).expect("rewritten");
    assert!(problems.is_empty(), "{problems:?}");
    let (old, new) = (read(&path), read(&written));
    assert_eq!((old.len(), old[0].num_columns() + 1), (new.len(), new[0].num_columns()));
    for (old, new) in old.iter().zip(&new) {
        for column in [0, 2, 3, 4] {
            assert_eq!(old.column(column), new.column(column));
            assert_eq!(old.schema().field(column), new.schema().field(column));
        }
        for (old, new) in arrow_strings(old.column(1)).iter().zip(arrow_strings(new.column(1))) {
            assert_eq!(old.as_ref().map(|old| old.replace("渡口", "码头上")), new);
        }
    }
    for (old, new) in metadata(&path).row_groups().iter().zip(metadata(&written).row_groups()) {
        for (old, new) in old.columns().iter().zip(new.columns()) {
            assert_eq!(old.compression(), new.compression());
        }
    }
}

/// Strings of whatever kind of array.
fn arrow_strings(array: &ArrayRef) -> Vec<Option<String>> {
    use arrow_schema::DataType;
    let owned = |text: Option<&str>| text.map(str::to_owned);
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(owned).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(owned).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(owned).collect(),
        _ => {
            let array = array.as_dictionary::<Int32Type>();
            let values = array.values().as_string::<i32>();
            array.keys().iter().map(|key| key.map(|key| values.value(key as usize).to_owned())).collect()
        }
    }
}

#[test]
fn repairs_go_into_a_column_of_their_own() {
    let texts = texts();
    let (_folder, path) = dataset(Arc::new(LargeStringArray::from(texts.clone())), 30);
    let (written, _) = rewrite(&path, Some("repairs"), str::to_owned).expect("rewritten");
    let batches = read(&written);
    let schema = batches[0].schema();
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["id", "text", "tags", "printed", "repairs"]);
    // What only the schema of Arrow tells.
    assert_eq!(schema.field(1).data_type(), &arrow_schema::DataType::LargeUtf8);
    let told = metadata(&written);
    let told = told.file_metadata().key_value_metadata().expect("told");
    assert!(told.contains(&KeyValue::new("来源".to_owned(), "青禾县报".to_owned())));
    let repairs: Vec<_> = batches.iter().flat_map(|batch| arrow_strings(batch.column(4))).collect();
    let expected: Vec<_> =
        texts.iter().map(|text| text.as_ref().map(|text| format!("[{}]", text.len()))).collect();
    assert_eq!(repairs, expected);
    let problem = rewrite(&path, Some("tags"), str::to_owned).expect_err("it is there");
    assert!(problem.to_string().contains("--repairs-field"), "{problem}");
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 40);
    let once =
        || std::fs::read(rewrite(&path, Some("repairs"), str::to_owned).expect("done").0).expect("there");
    assert!(once() == once());
}

#[test]
fn a_file_without_rows_stays_one() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(Vec::<Option<&str>>::new())), 10);
    let (written, problems) = rewrite(&path, None, str::to_owned).expect("rewritten");
    assert!(problems.is_empty() && metadata(&written).file_metadata().num_rows() == 0);
}

#[test]
fn a_column_that_is_not_there_is_told_with_those_that_are() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 100);
    let told = |name: &str| match Reader::open(&path, name) {
        Ok(_) => String::new(),
        Err(problem) => problem.to_string(),
    };
    assert!(told("content").contains("`id`, `text`, `tags`, `printed`"), "{}", told("content"));
    assert!(told("id").contains("no strings") && told("tags").contains("--text-field"));
    assert_eq!(told("text"), "");
}

#[test]
fn a_damaged_group_is_named_and_carried_over() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 30);
    let mut bytes = std::fs::read(&path).expect("there");
    let whole = metadata(&path);
    let (start, length) = whole.row_group(1).column(1).byte_range();
    let chunk = usize::try_from(start).expect("small")..usize::try_from(start + length).expect("small");
    // The frame of its page begins with the magic number of zstd (RFC 8878).
    let frame = bytes[chunk.clone()].windows(4).position(|four| four == [0x28, 0xB5, 0x2F, 0xFD]);
    let frame = chunk.start + frame.expect("a frame");
    bytes[frame..frame + 4].fill(0xAA);
    std::fs::write(&path, &bytes).expect("written");
    let (written, problems) =
        rewrite(&path, Some("repairs"), |text| text.replace("渡口", "码头")).expect("rewritten");
    assert!(matches!(problems[..], [Error::Damaged { .. }]), "{problems:?}");
    assert!(problems[0].to_string().contains("row group 1 (rows 30 to 60)"), "{}", problems[0]);
    let groups = |group| {
        let file = File::open(&written).expect("there");
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("a footer");
        let batches = builder.with_row_groups(vec![group]).build().expect("columns");
        batches.collect::<Result<Vec<_>, _>>()
    };
    assert!(groups(1).is_err());
    for group in [0, 2, 3] {
        let batches = groups(group).expect("readable");
        let texts = arrow_strings(batches[0].column(1));
        assert!(texts.iter().flatten().all(|text| text.contains("码头")));
    }
}

#[test]
fn a_file_that_breaks_off_is_told() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 30);
    let bytes = std::fs::read(&path).expect("there");
    for length in [0, 3, 100, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).expect("written");
        let problem = Reader::open(&path, "text").err().expect("no end");
        assert!(matches!(problem, Error::Damaged { .. }), "{problem}");
    }
}

/// Lengths and places that became negative among them.
#[test]
fn each_byte_of_the_footer_may_be_wrong() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 30);
    let bytes = std::fs::read(&path).expect("there");
    let footer = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[footer..footer + 4].try_into().expect("four")) as usize;
    for place in footer - length..footer {
        let mut bytes = bytes.clone();
        bytes[place] = 73;
        std::fs::write(&path, &bytes).expect("written");
        drop(rewrite(&path, None, str::to_owned));
    }
}

#[test]
fn rows_too_few_or_too_many_are_an_error() {
    let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 30);
    let reader = Reader::open(&path, "text").expect("it opens");
    let write = |rows: usize| {
        let mut writer = Writer::new(&reader, None).expect("begun");
        let first = writer.rows(vec![Row::default(); rows], &mut std::io::sink());
        first.and_then(|()| writer.finish(&mut std::io::sink()))
    };
    assert!(write(20).is_err() && write(31).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the bytes: an error or a file, no panic.
    #[test]
    fn changed_bytes_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..5),
    ) {
        let (_folder, path) = dataset(Arc::new(StringArray::from(texts())), 30);
        let mut bytes = std::fs::read(&path).expect("there");
        let footer = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[footer..footer + 4].try_into().expect("four")) as usize;
        for (place, byte, in_footer) in changes {
            let place = if in_footer { footer - length + place.index(length) } else { place.index(footer) };
            bytes[place] = byte;
        }
        std::fs::write(&path, &bytes).expect("written");
        drop(rewrite(&path, None, str::to_owned));
    }
}
