//! What the names of members say.
//!
//! A name is UTF-8 if it can be read so. What is not was written in the code
//! page of some computer, and nothing tells which: it is guessed from all
//! names, or given. Only what is told of a member depends on it, and whether
//! its name is a safe one: the bytes of the name stay what they are.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, WINDOWS_1252};

use crate::decode;
use crate::error::Result;

/// How names are encoded that are no UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEncoding {
    /// The code page of the first PCs, which zip files have by their standard.
    Cp437,
    /// One of the Encoding Standard.
    Standard(&'static Encoding),
}

impl NameEncoding {
    /// The encoding that goes by `label`: `cp437`, or a label of the WHATWG
    /// Encoding Standard (`gbk`, `big5`, `shift_jis`, …).
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) if there is none.
    pub fn for_label(label: &str) -> Result<Self> {
        if ["cp437", "ibm437", "437"].contains(&label.trim().to_ascii_lowercase().as_str()) {
            return Ok(Self::Cp437);
        }
        decode::encoding(label).map(Self::Standard)
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cp437 => "cp437",
            Self::Standard(encoding) => encoding.name(),
        }
    }

    /// `name` as text, if it can be read so.
    fn read(self, name: &[u8]) -> Option<String> {
        match self {
            Self::Cp437 => Some(name.iter().map(|byte| cp437(*byte)).collect()),
            Self::Standard(encoding) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(name)?;
                Some(text.into_owned())
            }
        }
    }
}

/// The names of an archive.
pub(super) struct Names {
    given: Option<NameEncoding>,
    detector: EncodingDetector,
}

impl Default for Names {
    fn default() -> Self {
        Self { given: None, detector: EncodingDetector::new(Iso2022JpDetection::Deny) }
    }
}

impl Names {
    /// Names that are no UTF-8 are encoded like this.
    pub(super) fn give(&mut self, encoding: Option<NameEncoding>) {
        self.given = encoding;
    }

    /// Takes `name` as an example of how names are encoded.
    pub(super) fn learn(&mut self, name: &[u8]) {
        if self.given.is_none() && std::str::from_utf8(name).is_err() {
            self.detector.feed(name, false);
            self.detector.feed(b"\n", false);
        }
    }

    /// What `name` says.
    pub(super) fn read(&self, name: &[u8]) -> String {
        if let Ok(name) = std::str::from_utf8(name) {
            return name.to_owned();
        }
        let read = self.given.unwrap_or_else(|| self.guess()).read(name);
        read.or_else(|| NameEncoding::Cp437.read(name)).expect("each byte stands for a character there")
    }

    fn guess(&self) -> NameEncoding {
        match self.detector.guess(None, Utf8Detection::Deny) {
            // What is guessed where nothing speaks for any other.
            guess if guess == WINDOWS_1252 => NameEncoding::Cp437,
            guess if guess == GBK => NameEncoding::Standard(GB18030),
            guess => NameEncoding::Standard(guess),
        }
    }
}

/// The character of `byte` in code page 437; control characters are those of
/// ASCII.
fn cp437(byte: u8) -> char {
    const UPPER: [char; 128] = [
        'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ', 'ô',
        'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º',
        '¿', '⌐', '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗',
        '╝', '╜', '╛', '┐', '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧',
        '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀', 'α', 'ß', 'Γ', 'π',
        'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩', '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈',
        '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{A0}',
    ];
    byte.checked_sub(128).map_or(char::from(byte), |upper| UPPER[usize::from(upper)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, SHIFT_JIS};

    fn read(encoding: &'static Encoding, names: &[&str], given: Option<NameEncoding>) -> Vec<String> {
        let raw: Vec<_> = names.iter().map(|name| encoding.encode(name).0.into_owned()).collect();
        let mut known = Names::default();
        known.give(given);
        raw.iter().for_each(|name| known.learn(name));
        raw.iter().map(|name| known.read(name)).collect()
    }

    #[test]
    fn names_are_read_as_they_were_meant() {
        let chinese = ["青禾县报/一九九八年/第一版.txt", "青禾县报/一九九八年/图片.gif"];
        assert_eq!(read(GBK, &chinese, None), chinese);
        assert_eq!(read(encoding_rs::UTF_8, &chinese, None), chinese);
        let traditional = ["青禾縣報/一九九八年/第一版.txt", "青禾縣報/一九九八年/圖片.gif"];
        assert_eq!(read(BIG5, &traditional, None), traditional);
        let given = NameEncoding::for_label("gbk").expect("known");
        assert_eq!(read(GBK, &["渠.txt"], Some(given)), ["渠.txt"]);
        let japanese = ["表.txt"];
        let given = NameEncoding::for_label("shift_jis").expect("known");
        assert_eq!(read(SHIFT_JIS, &japanese, Some(given)), japanese);
        // Not what it was said to be.
        let mut names = Names::default();
        names.give(Some(NameEncoding::Standard(GBK)));
        assert_eq!(names.read(b"\x81"), "ü");
        names.give(Some(NameEncoding::for_label("CP437").expect("known")));
        assert_eq!(names.read(b"\xFE\xFF\x80a"), "■\u{A0}Ça");
    }
}
