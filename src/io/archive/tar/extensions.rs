//! What stands before a member's own header: long names, and what PAX says.

use ::tar::{EntryType, PaxExtensions};

/// What stands before a member's own header.
#[derive(Default)]
pub(super) struct Extensions {
    pub(super) names: Vec<Vec<u8>>,
    pub(super) links: Vec<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse: bool,
}

impl Extensions {
    /// Takes down what a header of this `kind` says in its `data`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn add(&mut self, kind: EntryType, data: &[u8]) -> Result<(), String> {
        let named = || data.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        match kind {
            EntryType::GNULongName => self.names.push(named()),
            EntryType::GNULongLink => self.links.push(named()),
            _ => {
                for record in PaxExtensions::new(data) {
                    let record = record.map_err(|_| "what PAX says of a member is malformed".to_owned())?;
                    self.add_record(kind, record.key_bytes(), record.value_bytes())?;
                }
            }
        }
        Ok(())
    }

    fn add_record(&mut self, kind: EntryType, key: &[u8], value: &[u8]) -> Result<(), String> {
        if !(matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(b"GNU.sparse.")) {
            return Ok(());
        }
        if kind == EntryType::XGlobalHeader {
            return Err("a name or a size is given to all members at once".to_owned());
        }
        match key {
            b"path" => self.names.push(value.to_vec()),
            b"linkpath" => self.links.push(value.to_vec()),
            b"size" => {
                let size = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                self.size = Some(size.ok_or("a size is no number")?);
            }
            _ => self.sparse = true,
        }
        Ok(())
    }
}

/// Whether a header of this `kind` says something of the one that follows it.
pub(super) fn is_extension(kind: EntryType) -> bool {
    matches!(
        kind,
        EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader
    )
}
