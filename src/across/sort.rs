//! Sorts more than memory holds: sorted runs lie one after the other in a file
//! without a name, and are merged as they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Memory for what is read ahead of all runs, in bytes, and the least and most
/// of it for one.
const AHEAD: usize = 8 << 20;
const LEAST: usize = 4 << 10;
const MOST: usize = 64 << 10;

/// What can be sorted.
pub(super) trait Record: Ord + Sized {
    fn write(&self, out: &mut dyn Write) -> io::Result<()>;
    fn read(from: &mut dyn Read) -> io::Result<Self>;
}

/// Takes records in any order.
pub(super) struct Sorter<T> {
    file: File,
    runs: Vec<Range<u64>>,
    waiting: Vec<T>,
    /// Records a run.
    capacity: usize,
}

impl<T: Record> Sorter<T> {
    /// A sorter with a file in `folder`, and as many records in memory as
    /// `capacity` says.
    pub(super) fn new(folder: &Path, capacity: usize) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, runs: Vec::new(), waiting: Vec::new(), capacity })
    }

    pub(super) fn push(&mut self, record: T) -> io::Result<()> {
        self.waiting.push(record);
        if self.waiting.len() >= self.capacity { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.waiting.sort_unstable();
        let start = self.file.stream_position()?;
        let mut out = BufWriter::new(&self.file);
        for record in self.waiting.drain(..) {
            record.write(&mut out)?;
        }
        out.flush()?;
        drop(out);
        self.runs.push(start..self.file.stream_position()?);
        Ok(())
    }

    /// All records in their order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted<T>> {
        self.waiting.sort_unstable();
        let file = Arc::new(self.file);
        let ahead = (AHEAD / self.runs.len().max(1)).clamp(LEAST, MOST);
        let runs = self.runs.into_iter().map(|left| {
            let run = Run { file: Arc::clone(&file), left };
            BufReader::with_capacity(ahead, run)
        });
        let mut sorted =
            Sorted { runs: runs.collect(), waiting: self.waiting.into_iter(), heads: BinaryHeap::new() };
        for run in 0..=sorted.runs.len() {
            sorted.advance(run)?;
        }
        Ok(sorted)
    }
}

/// Gives records in their order.
pub(super) struct Sorted<T> {
    runs: Vec<BufReader<Run>>,
    /// The last run never went to disk.
    waiting: std::vec::IntoIter<T>,
    /// The first record of each run, and which run it is.
    heads: BinaryHeap<Reverse<(T, usize)>>,
}

impl<T: Record> Sorted<T> {
    fn advance(&mut self, run: usize) -> io::Result<()> {
        let head = match self.runs.get_mut(run) {
            Some(run) => {
                let ended = run.fill_buf()?.is_empty();
                if ended { None } else { Some(T::read(run)?) }
            }
            None => self.waiting.next(),
        };
        self.heads.extend(head.map(|head| Reverse((head, run))));
        Ok(())
    }
}

impl<T: Record> Iterator for Sorted<T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((record, run)) = self.heads.pop()?;
        Some(self.advance(run).map(|()| record))
    }
}

/// What is left of a run in the file.
struct Run {
    file: Arc<File>,
    left: Range<u64>,
}

impl Read for Run {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.left.start))?;
        let read = file.take(self.left.end - self.left.start).read(buffer)?;
        self.left.start += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Record for (u16, u16) {
        fn write(&self, out: &mut dyn Write) -> io::Result<()> {
            out.write_all(&self.0.to_le_bytes())?;
            out.write_all(&self.1.to_le_bytes())
        }

        fn read(from: &mut dyn Read) -> io::Result<Self> {
            let mut bytes = [0; 4];
            from.read_exact(&mut bytes)?;
            let [a, b, c, d] = bytes;
            Ok((u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])))
        }
    }

    fn sorted(records: &[(u16, u16)], capacity: usize) -> Vec<(u16, u16)> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut sorter = Sorter::new(folder.path(), capacity).expect("begun");
        for record in records {
            sorter.push(*record).expect("pushed");
        }
        sorter.sorted().expect("sorted").collect::<io::Result<_>>().expect("read")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_comes_out_is_what_went_in(records: Vec<(u16, u16)>, capacity in 1_usize..40) {
            let mut expected = records.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(&records, capacity), expected);
        }
    }

    /// More than what is read ahead of each run.
    #[test]
    fn long_runs_are_merged() {
        let records: Vec<_> = (0..200_000_u32).map(|n| (n.wrapping_mul(40_503) as u16, n as u16)).collect();
        let mut expected = records.clone();
        expected.sort_unstable();
        assert!(sorted(&records, 60_000) == expected);
    }
}
