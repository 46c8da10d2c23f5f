//! The library in one type: a [`Config`] makes a [`Textmend`], and that makes
//! clean text of text.

use std::path::PathBuf;

use encoding_rs::{Encoding, UTF_8};

use crate::decisions::Rulings;
use crate::decode::{Decoded, decode};
use crate::edit::Confidence;
use crate::elsewhere::Elsewhere;
use crate::error::Result;
use crate::pipeline::{Cleaned, Pipeline};
use crate::rules::{RuleSet, Selection};

/// What to repair, and how sure it has to be.
#[derive(Clone, Debug)]
pub struct Config {
    /// The lowest confidence that is applied; what is less sure is suggested.
    pub apply: Confidence,
    /// Nothing but these stages and rules; all of them if it is empty.
    pub only: Vec<String>,
    /// Not these stages and rules.
    pub skip: Vec<String>,
    /// Folders with more rules (folder/stage/name.toml), in order.
    pub rules: Vec<PathBuf>,
    /// The encoding of all bytes; found out for each document if not given.
    pub encoding: Option<&'static Encoding>,
}

impl Default for Config {
    /// Everything that is shipped, applied where it is wrong once in 20 or less.
    fn default() -> Self {
        Self {
            apply: Confidence::Likely,
            only: Vec::new(),
            skip: Vec::new(),
            rules: Vec::new(),
            encoding: None,
        }
    }
}

/// Cleans documents. Holds no state between them: share one among threads.
///
/// ```
/// use textmend::{Config, Textmend};
///
/// let textmend = Textmend::new(Config::default())?;
/// let cleaned = textmend.clean("种树,修渠");
/// assert_eq!(cleaned.text, "种树，修渠");
/// for repair in &cleaned.repairs {
///     println!("{} {:?}: {}", repair.rule, repair.status, repair.message);
/// }
/// # Ok::<(), textmend::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Textmend {
    pipeline: Pipeline,
    encoding: Option<&'static Encoding>,
}

/// What can be cleaned: text, or bytes whose encoding has to be found out.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Text that is already one.
    Text(&'a str),
    /// Text in any encoding.
    Bytes(&'a [u8]),
}

impl Textmend {
    /// Reads the rules that `config` asks for.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a rule or stage that does
    /// not exist, [`Error::Rule`](crate::Error::Rule) for a rule file with a
    /// mistake, [`Error::Io`](crate::Error::Io) for one that can't be read.
    pub fn new(config: Config) -> Result<Self> {
        let rules =
            config.rules.iter().try_fold(RuleSet::embedded()?, |rules, folder| rules.with_folder(folder))?;
        let selection = Selection { only: config.only, skip: config.skip };
        Ok(Self { pipeline: Pipeline::new(rules, selection, config.apply)?, encoding: config.encoding })
    }

    /// Repairs text. Damaged text, and bytes that are no text at all, are no
    /// error: what can't be decoded stays what it was, as U+FFFD in the clean
    /// text and as an exception in [`Cleaned::source`].
    #[must_use]
    pub fn clean<'a>(&self, input: impl Into<Input<'a>>) -> Cleaned {
        self.clean_decoded(match input.into() {
            Input::Text(text) => decode(text.as_bytes(), Some(UTF_8)),
            Input::Bytes(bytes) => decode(bytes, self.encoding),
        })
    }

    /// Repairs text that was decoded before.
    #[must_use]
    pub fn clean_decoded(&self, source: Decoded) -> Cleaned {
        self.pipeline.clean(source)
    }

    /// Repairs text in the light of what other documents of its archive say
    /// about it, see [`across`](crate::across).
    #[must_use]
    pub fn clean_knowing(&self, source: Decoded, elsewhere: &Elsewhere) -> Cleaned {
        self.pipeline.clean_knowing(source, elsewhere)
    }

    /// As [`clean_knowing`](Self::clean_knowing), and as people decided.
    #[must_use]
    pub fn clean_under(&self, source: Decoded, elsewhere: &Elsewhere, rulings: &Rulings) -> Cleaned {
        self.pipeline.clean_under(source, elsewhere, rulings)
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        self.pipeline.rules()
    }

    /// The encoding of all bytes, if it was given.
    #[must_use]
    pub fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding
    }
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Input<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Input<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// The README's own lines of Rust, held to run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shared_among_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Textmend>();
    }

    #[test]
    fn text_is_text_whatever_encoding_bytes_have() {
        let gbk = Config { encoding: Some(encoding_rs::GBK), ..Config::default() };
        let textmend = Textmend::new(gbk).expect("the shipped rules are good");
        let (bytes, _, _) = encoding_rs::GBK.encode("种树,修渠");
        for cleaned in [textmend.clean("种树,修渠"), textmend.clean(&*bytes)] {
            assert_eq!(cleaned.text, "种树，修渠");
        }
    }

    #[test]
    fn asks_for_nothing_unknown() {
        let config = Config { skip: vec!["widht".to_owned()], ..Config::default() };
        assert!(Textmend::new(config).is_err());
    }
}
