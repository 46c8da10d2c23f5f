//! What one document brings to the archive.

use super::phrases;
use super::sketch::{BANDS, band_keys};
use crate::decode::Decoded;
use crate::document::Document;
use crate::elsewhere::Fingerprint;
use crate::span::SourceSpan;
use crate::stages::dedup::{self, Passage};

/// A look at one document: its passages and phrases.
#[derive(Debug)]
pub struct Look {
    pub(super) passages: Vec<Seen>,
    /// Phrases in quotation marks, sorted, each once.
    pub(super) marked: Vec<Box<str>>,
    /// Phrases between two gaps, likewise.
    pub(super) between: Vec<Box<str>>,
}

/// A passage as others are compared with it.
#[derive(Debug)]
pub(super) struct Seen {
    pub fingerprint: Fingerprint,
    pub bands: [u64; BANDS],
    pub skeleton: String,
    pub source: SourceSpan,
    /// Index among the passages of the document.
    pub number: u32,
    /// Characters that damage left in it, and marks that it stripped.
    pub damage: u32,
}

impl Look {
    /// Looks at `source`.
    #[must_use]
    pub fn at(source: &Decoded) -> Self {
        let document = Document::new(source.text.clone());
        let recurs = |passage: &Passage| dedup::is_meant_to_recur(document.slice(passage.span));
        let wanted = dedup::passages(&document).into_iter().filter(|passage| !recurs(passage));
        Self {
            passages: wanted
                .zip(0..)
                .map(|(passage, number)| Seen::of(passage, number, &document, source))
                .collect(),
            marked: phrases::marked(&document),
            between: phrases::between(&document),
        }
    }
}

impl Seen {
    fn of(passage: Passage, number: u32, document: &Document, source: &Decoded) -> Self {
        Self {
            fingerprint: passage.fingerprint(),
            bands: band_keys(&passage.skeleton),
            source: source.map.to_source(passage.span),
            number,
            damage: u32::try_from(dedup::broken(document.slice(passage.span))).unwrap_or(u32::MAX),
            skeleton: passage.skeleton,
        }
    }
}
