//! Tar files as they are written: the blocks of each header are those that were
//! read, but for the size of what has other contents.

use std::io::{self, Read as _, Write};

use ::tar::{EntryType, Header, PaxExtensions};

use super::BLOCK;
use super::extensions::is_extension;

/// A tar file is padded to a multiple of this, as `tar` does.
const RECORD: u64 = 10240;

/// The blocks of a file with other contents: its header tells another size.
pub(in crate::io::archive) fn with_contents(head: &[u8], contents: &[u8]) -> Vec<u8> {
    let mut bytes = without_size(head);
    let own = bytes.len() - BLOCK;
    let mut header = Header::new_old();
    header.as_mut_bytes().copy_from_slice(&bytes[own..]);
    // Numbers can be spelled in several ways: a right one stays as it is.
    if header.entry_size().ok() != Some(contents.len() as u64) {
        header.set_size(contents.len() as u64);
        header.set_cksum();
        bytes[own..].copy_from_slice(header.as_bytes());
    }
    bytes.extend(contents);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

/// The header blocks, without the size that PAX may tell.
fn without_size(head: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < head.len() {
        let mut header = Header::new_old();
        header.as_mut_bytes().copy_from_slice(&head[at..at + BLOCK]);
        at += BLOCK;
        let size = if is_extension(header.entry_type()) { header.entry_size().unwrap_or(0) } else { 0 };
        let size = usize::try_from(size).expect("checked when it was read");
        let data = &head[at..at + size];
        at += size.next_multiple_of(BLOCK);
        let records: Vec<_> = PaxExtensions::new(data).filter_map(std::result::Result::ok).collect();
        let sized = |record: &::tar::PaxExtension<'_>| record.key_bytes() == b"size";
        if header.entry_type() != EntryType::XHeader || !records.iter().any(sized) {
            bytes.extend(header.as_bytes());
            bytes.extend(data);
        } else {
            let mut kept = Vec::new();
            for record in records.iter().filter(|record| !sized(record)) {
                kept.extend(pax_record(record.key_bytes(), record.value_bytes()));
            }
            header.set_size(kept.len() as u64);
            header.set_cksum();
            bytes.extend(header.as_bytes());
            bytes.extend(kept);
        }
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes
}

/// `length key=value`, where the length counts its own digits.
fn pax_record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while rest + length.to_string().len() != length {
        length = rest + length.to_string().len();
    }
    [length.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// How far a tar file is written.
#[derive(Default)]
pub(in crate::io::archive) struct Writer {
    written: u64,
    /// Bytes of the member that is carried over that are still to come.
    left: u64,
}

impl Writer {
    pub(in crate::io::archive) fn write(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.written += bytes.len() as u64;
        out.write_all(bytes)
    }

    pub(in crate::io::archive) fn begin(
        &mut self,
        head: &[u8],
        size: u64,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.left = size;
        self.write(head, out)
    }

    pub(in crate::io::archive) fn stretch(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| io::Error::other("a member has more bytes than its header tells"))?;
        self.write(bytes, out)
    }

    pub(in crate::io::archive) fn end(&mut self, out: &mut dyn Write) -> io::Result<u64> {
        let missing = std::mem::take(&mut self.left);
        self.zeros(missing, out)?;
        self.fill(BLOCK as u64, out)?;
        Ok(missing)
    }

    /// Bytes written so far.
    pub(in crate::io::archive) fn given(&self) -> u64 {
        self.written
    }

    /// Goes on after so many bytes, all of whole members.
    pub(in crate::io::archive) fn go_on(&mut self, written: u64) {
        self.written = written;
    }

    /// The end mark.
    pub(in crate::io::archive) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.zeros(2 * BLOCK as u64, out)?;
        self.fill(RECORD, out)
    }

    /// Zeros up to a multiple of `size`.
    fn fill(&mut self, size: u64, out: &mut dyn Write) -> io::Result<()> {
        self.zeros(self.written.next_multiple_of(size) - self.written, out)
    }

    fn zeros(&mut self, count: u64, out: &mut dyn Write) -> io::Result<()> {
        self.written += io::copy(&mut io::repeat(0).take(count), out)?;
        Ok(())
    }
}
