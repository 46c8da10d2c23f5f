//! How much a compressed file may unpack into.

/// Where unpacking stops. Everything is streamed, so a file made to unpack
/// into far more than it says ("bomb") costs no memory, but time and disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes out for each byte in. Text packs 3 to 20 : 1, and a run of one
    /// byte more than 1,000 : 1, whatever the compression. One page over and
    /// over packs 200 : 1 as gzip, but without an end as zstd or xz: `free` is
    /// for that.
    pub ratio: u64,
    /// Bytes out that are free of `ratio`.
    pub free: u64,
    /// Bytes out, whatever the ratio.
    pub size: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { ratio: 1000, free: 64 << 20, size: None }
    }
}

impl Limits {
    /// No limit at all.
    pub const NONE: Self = Self { ratio: u64::MAX, free: u64::MAX, size: None };

    /// What is wrong when `packed` bytes became `unpacked` ones, and which
    /// option allows it.
    #[must_use]
    pub fn exceeded(&self, packed: u64, unpacked: u64) -> Option<String> {
        if let Some(size) = self.size.filter(|size| unpacked > *size) {
            return Some(format!(
                "it unpacks into more than the {size} bytes allowed; \
                 if that is what it should do, allow more with --max-unpacked"
            ));
        }
        if unpacked > self.free && unpacked > packed.saturating_mul(self.ratio) {
            return Some(format!(
                "{packed} bytes unpack into {unpacked}, more than {} for each, as no text does; \
                 if it is one all the same, allow more with --max-ratio",
                self.ratio
            ));
        }
        None
    }
}
