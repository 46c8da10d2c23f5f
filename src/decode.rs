//! Bytes to text and back, without loss: what can't be decoded, or would not
//! encode to the bytes it came from, is kept beside the text.

use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

use crate::edit::{OffsetMap, Origin};
use crate::error::{Error, Result};
use crate::span::SourceSpan;

/// How the encoding of a source was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detection {
    /// The caller named it.
    Given,
    /// A byte order mark says so.
    Bom,
    /// The bytes are valid UTF-8, which hardly happens by chance.
    Valid,
    /// The shape of the bytes speaks for it (chardetng).
    Guessed,
}

/// Source bytes that the encoding alone would not give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Byte offset in the decoded text of the character that stands for them.
    pub text_start: usize,
    /// Length of that text in bytes.
    pub text_len: usize,
    /// Where the bytes stand in the source.
    pub source: SourceSpan,
    /// Whether they could not be decoded at all, and U+FFFD stands for them;
    /// otherwise they are a second spelling of the same character.
    pub malformed: bool,
}

/// A source file as text.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text, without byte order mark, line ends as they were.
    pub text: String,
    /// The way from `text` to the source bytes.
    pub map: OffsetMap,
    /// The encoding of the source.
    pub encoding: &'static Encoding,
    /// How it was found.
    pub detection: Detection,
    /// Length of the byte order mark, in bytes.
    pub bom: usize,
    /// What [`encode`] needs to know to give the source back; in text order.
    pub exceptions: Vec<Exception>,
}

/// The encoding that goes by `label` (`gbk`, `utf-16le`, `big5`, …).
///
/// # Errors
/// [`Error::Unknown`] if the Encoding Standard knows no such label.
pub fn encoding(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| Error::Unknown {
        kind: "encoding",
        name: label.to_owned(),
        hint: ": use a name of the WHATWG Encoding Standard, such as utf-8, gb18030, big5 or utf-16le"
            .to_owned(),
    })
}

/// Decodes `source`, as `given` or as its bytes suggest. Never fails: bytes
/// that are no text become U+FFFD and are listed as exceptions.
#[must_use]
pub fn decode(source: &[u8], given: Option<&'static Encoding>) -> Decoded {
    let Detected { encoding, detection, bom, valid } = detect(source, given);
    let mut decoded = Decoded {
        text: String::with_capacity(source.len()),
        map: OffsetMap::default(),
        encoding,
        detection,
        bom,
        exceptions: Vec::new(),
    };
    if let Some(text) = valid {
        decoded.push_utf8(text, bom);
    } else if encoding == UTF_8 {
        decode_utf8(source, &mut decoded);
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        decode_utf16(source, &mut decoded);
    } else {
        decode_legacy(source, &mut decoded);
    }
    decoded
}

/// The bytes that `text` was decoded from: the inverse of [`decode`].
/// `exceptions` gives, in text order, place and length in `text` (bytes) and
/// the bytes to put there.
#[must_use]
pub fn encode<'a>(
    text: &str,
    encoding: &'static Encoding,
    bom: bool,
    exceptions: impl IntoIterator<Item = (usize, usize, &'a [u8])>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    if bom {
        encode_run("\u{FEFF}", encoding, &mut out);
    }
    let mut done = 0;
    for (start, len, bytes) in exceptions {
        encode_run(&text[done..start], encoding, &mut out);
        out.extend_from_slice(bytes);
        done = start + len;
    }
    encode_run(&text[done..], encoding, &mut out);
    out
}

fn encode_run(text: &str, encoding: &'static Encoding, out: &mut Vec<u8>) {
    if encoding == UTF_16LE {
        out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    } else if encoding == UTF_16BE {
        out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    } else {
        out.extend_from_slice(&encoding.encode(text).0);
    }
}

/// How a source is encoded.
struct Detected<'a> {
    encoding: &'static Encoding,
    detection: Detection,
    /// Length of the byte order mark, in bytes.
    bom: usize,
    /// The source as text, if it was checked to be UTF-8.
    valid: Option<&'a str>,
}

fn detect<'a>(source: &'a [u8], given: Option<&'static Encoding>) -> Detected<'a> {
    let detected = |encoding, detection, bom| Detected { encoding, detection, bom, valid: None };
    let marked = Encoding::for_bom(source);
    if let Some(encoding) = given {
        let bom = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, len)| len);
        return detected(encoding, Detection::Given, bom);
    }
    if let Some((encoding, bom)) = marked {
        return detected(encoding, Detection::Bom, bom);
    }
    if let Some(encoding) = unmarked_utf16(source) {
        return detected(encoding, Detection::Guessed, 0);
    }
    if let Ok(text) = simdutf8::basic::from_utf8(source) {
        return Detected { valid: Some(text), ..detected(UTF_8, Detection::Valid, 0) };
    }
    if is_mostly_utf8(source) {
        return detected(UTF_8, Detection::Guessed, 0);
    }
    let telling = telling_part(source);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&source[telling.clone()], telling.end == source.len());
    let guess = detector.guess(None, Utf8Detection::Allow);
    // GB18030 is GBK and more; one decoder serves both, but only GB18030 can
    // spell every character.
    let guess = if guess == GBK { encoding_rs::GB18030 } else { guess };
    detected(guess, Detection::Guessed, 0)
}

/// The part of `source` by which its encoding is guessed: the guess takes a
/// hundred times as long as decoding, and a part with this much says enough.
fn telling_part(source: &[u8]) -> Range<usize> {
    const ENOUGH: usize = 4 << 20;
    // The ASCII before the first other byte tells nothing; a line of it may.
    let first = source.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(256);
    start..source.len().min(start + ENOUGH)
}

/// UTF-16 without a mark shows as a zero in every other byte wherever the text
/// has ASCII (line ends at least).
fn unmarked_utf16(source: &[u8]) -> Option<&'static Encoding> {
    let head = &source[..source.len().min(4096)];
    if head.len() < 2 || !source.len().is_multiple_of(2) {
        return None;
    }
    memchr::memchr(0, head)?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let units = head.len() / 2;
    let sane = |big: bool| {
        let unit = |pair: &[u8]| if big { [pair[0], pair[1]] } else { [pair[1], pair[0]] };
        let mut units: Vec<u16> = head.chunks_exact(2).map(|pair| u16::from_be_bytes(unit(pair))).collect();
        if head.len() < source.len() {
            // The second half of a pair of surrogates may stand behind the cut.
            units.pop_if(|unit| (0xD800..0xDC00).contains(unit));
        }
        let text: Result<Vec<char>, _> = char::decode_utf16(units).collect();
        text.is_ok_and(|text| {
            text.iter().all(|c| !c.is_control() || c.is_whitespace()) && is_in_common_use(&text)
        })
    };
    let little = odd > 0 && odd * 50 >= units && sane(false);
    let big = even > 0 && even * 50 >= units && sane(true);
    // 一 is U+4E00, so zeros can stand in both places; read the wrong way
    // round, Han soon makes lone surrogates.
    match (little, big) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        (true, true) => Some(if odd >= even { UTF_16LE } else { UTF_16BE }),
        (false, false) => None,
    }
}

/// Whether half of what is no ASCII in `text` are characters that people write:
/// other bytes, taken in pairs, give some of the many that they don't.
fn is_in_common_use(text: &[char]) -> bool {
    let common = |c: char| match c {
        '\0'..='\u{58F}' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{30FF}' => true,
        '\u{AC00}'..='\u{D7A3}' | '\u{FF00}'..='\u{FFEF}' => true,
        '\u{4E00}'..='\u{9FFF}' => is_common_han(c),
        _ => false,
    };
    let other = text.iter().filter(|c| !c.is_ascii());
    let (common, all) = other.fold((0, 0), |(yes, all), c| (yes + usize::from(common(*c)), all + 1));
    2 * common >= all
}

/// Whether `c` is among the more common half of the characters of GB 2312 or
/// of Big5, which both put them first.
fn is_common_han(c: char) -> bool {
    let mut buffer = [0; 4];
    let text = c.encode_utf8(&mut buffer);
    let (gbk, ..) = GBK.encode(text);
    let (big5, ..) = BIG5.encode(text);
    matches!(*gbk, [0xB0..=0xD7, 0xA1..=0xFE]) || matches!(*big5, [0xA4..=0xC6, 0x40..=0xFE])
}

/// Damaged UTF-8 is still UTF-8: nearly every byte above ASCII stands in a
/// well-formed sequence, which no other encoding brings about by chance.
fn is_mostly_utf8(source: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in source.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| !b.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    good > 20 * bad
}

impl Decoded {
    /// The byte offset in `text` of what was decoded from source byte `byte`;
    /// of the character that holds it, if it lies inside one.
    #[must_use]
    pub fn text_offset(&self, byte: usize) -> usize {
        let pieces = self.map.pieces();
        let index = pieces.partition_point(|piece| piece.source().end <= byte);
        let Some(piece) = pieces.get(index) else { return self.text.len() };
        let Origin::Source { start, text_unit, source_unit } = piece.origin else { return piece.text.start };
        let units = byte.saturating_sub(start) / source_unit as usize;
        self.text.floor_char_boundary(piece.text.start + units * text_unit as usize)
    }

    fn push_malformed(&mut self, source: SourceSpan) {
        self.push_exception("\u{FFFD}", source, true);
    }

    fn push_exception(&mut self, text: &str, source: SourceSpan, malformed: bool) {
        self.exceptions.push(Exception {
            text_start: self.text.len(),
            text_len: text.len(),
            source,
            malformed,
        });
        self.push_run(text, source.start, source.len());
    }

    /// Adds `text`, which stands in the source from byte `start` on.
    fn push_utf8(&mut self, text: &str, start: usize) {
        self.text.push_str(text);
        self.map.push_source(text.len(), start, 1, 1);
    }

    /// Adds `text`, one unit that came from `len` bytes at `start`.
    fn push_run(&mut self, text: &str, start: usize, len: usize) {
        self.text.push_str(text);
        let unit = |len| u32::try_from(len).expect("a unit is shorter than 4 GiB");
        self.map.push_source(text.len(), start, unit(text.len()), unit(len));
    }
}

fn decode_utf8(source: &[u8], decoded: &mut Decoded) {
    let mut at = decoded.bom;
    if let Ok(text) = simdutf8::basic::from_utf8(&source[at..]) {
        decoded.push_utf8(text, at);
        return;
    }
    for chunk in source[at..].utf8_chunks() {
        let valid = chunk.valid();
        decoded.push_utf8(valid, at);
        at += valid.len();
        let bad = chunk.invalid().len();
        if bad > 0 {
            decoded.push_malformed(SourceSpan::new(at, at + bad));
            at += bad;
        }
    }
}

fn decode_utf16(source: &[u8], decoded: &mut Decoded) {
    let big = decoded.encoding == UTF_16BE;
    let mut at = decoded.bom;
    let pairs = source[at..].chunks_exact(2);
    let rest = pairs.remainder().len();
    let units = pairs.map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => {
                let len = 2 * c.len_utf16();
                decoded.push_run(c.encode_utf8(&mut [0; 4]), at, len);
                at += len;
            }
            Err(_) => {
                decoded.push_malformed(SourceSpan::new(at, at + 2));
                at += 2;
            }
        }
    }
    if rest > 0 {
        decoded.push_malformed(SourceSpan::new(at, at + rest));
    }
}

/// The multi-byte and single-byte encodings of the web. The decoder says only
/// where it failed; where each character began is found by encoding it again.
fn decode_legacy(source: &[u8], decoded: &mut Decoded) {
    let mut at = decoded.bom;
    let mut buffer = String::new();
    while at < source.len() {
        let rest = &source[at..];
        let mut decoder = decoded.encoding.new_decoder_without_bom_handling();
        buffer.clear();
        buffer.reserve(
            decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 4),
        );
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut buffer, true);
        let (good, bad) = match result {
            // `extra` bytes behind the bad ones were read but are good.
            DecoderResult::Malformed(bad, extra) => {
                let end = read - usize::from(extra);
                (end - usize::from(bad), usize::from(bad))
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => (read, 0),
        };
        place_characters(&buffer, &source[..at + good], at, decoded);
        at += good;
        if bad > 0 {
            decoded.push_malformed(SourceSpan::new(at, at + bad));
            at += bad;
        }
    }
}

/// Adds `text`, decoded from the bytes of `source` from `at` on, finding for
/// each character the bytes that spell it.
fn place_characters(text: &str, source: &[u8], mut at: usize, decoded: &mut Decoded) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let spelt = &rest[..c.len_utf8()];
        let len = if c.is_ascii() && source.get(at) == Some(&(c as u8)) {
            Some(1)
        } else {
            let (bytes, _, unmappable) = decoded.encoding.encode(spelt);
            (!unmappable && source[at..].starts_with(&bytes)).then_some(bytes.len())
        };
        if let Some(len) = len {
            decoded.push_run(spelt, at, len);
            at += len;
            rest = &rest[spelt.len()..];
        } else if let Some((text_len, len)) = second_spelling(rest, &source[at..], decoded.encoding) {
            decoded.push_exception(&rest[..text_len], SourceSpan::new(at, at + len), false);
            at += len;
            rest = &rest[text_len..];
        } else {
            // Shift states (ISO-2022-JP): no character stands for itself.
            decoded.push_exception(rest, SourceSpan::new(at, source.len()), false);
            return;
        }
    }
    if at < source.len() {
        // A shift sequence at the end spells nothing.
        decoded.push_exception("", SourceSpan::new(at, source.len()), false);
    }
}

/// The shortest run of bytes that decodes by itself to the beginning of `text`:
/// length in `text` and in `bytes`. Big5 has bytes that spell two characters.
fn second_spelling(text: &str, bytes: &[u8], encoding: &'static Encoding) -> Option<(usize, usize)> {
    (1..=bytes.len().min(8)).find_map(|len| {
        let (got, bad) = encoding.decode_without_bom_handling(&bytes[..len]);
        (!bad && !got.is_empty() && text.starts_with(&*got)).then_some((got.len(), len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(source: &[u8], given: Option<&'static Encoding>) -> Decoded {
        let decoded = decode(source, given);
        let exceptions = decoded
            .exceptions
            .iter()
            .map(|e| (e.text_start, e.text_len, &source[e.source.start..e.source.end]));
        let back = encode(&decoded.text, decoded.encoding, decoded.bom > 0, exceptions);
        assert_eq!(back, source, "{}", decoded.encoding.name());
        assert_eq!(decoded.map.len(), decoded.text.len());
        decoded
    }

    #[test]
    fn tells_encodings_apart() {
        let text =
            "本报讯（记者 林有禾）十月二十三日上午，青禾县举办技能比武大赛。\n一位副县长出席活动并讲话。\n";
        for encoding in [encoding_rs::GB18030, UTF_8] {
            let (bytes, _, _) = encoding.encode(text);
            let decoded = round_trip(&bytes, None);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        }
        let traditional = "本報訊：縣長出席會議並講話，強調應當重視農業發展。\n與會代表討論熱烈。\n";
        let (bytes, _, _) = encoding_rs::BIG5.encode(traditional);
        assert_eq!(round_trip(&bytes, None).text, traditional);
        for (encoding, bom) in [(UTF_16LE, true), (UTF_16BE, true), (UTF_16LE, false), (UTF_16BE, false)] {
            let bytes = encode(text, encoding, bom, []);
            let decoded = round_trip(&bytes, None);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        }
    }

    /// The head that is looked at ends between the halves of a character.
    #[test]
    fn utf16_is_told_by_a_head_that_cuts_a_pair() {
        for encoding in [UTF_16LE, UTF_16BE] {
            let text = format!("{}会𠮷野县大会。\n", "大会\n".repeat(682));
            let bytes = encode(&text, encoding, false, []);
            let high = if encoding == UTF_16BE { bytes[4094] } else { bytes[4095] };
            assert_eq!((high, bytes.len() > 4096), (0xD8, true));
            let decoded = round_trip(&bytes, None);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text.as_str(), encoding));
        }
    }

    #[test]
    fn short_texts_in_utf16_are_told_from_other_bytes() {
        for text in ["青A", "禾县\n", "a", "第1版", "Ж\n", "の1", "鄉\n", "縣 1", "“渠”\r\n"] {
            for encoding in [UTF_16LE, UTF_16BE] {
                let bytes = encode(text, encoding, false, []);
                let decoded = round_trip(&bytes, None);
                assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
            }
        }
        for bytes in [b"GIF\0".as_slice(), b"\0GIF", b"IFF\0", b"CAFE\0\0HI", b"BM6\0", b"LZIP\x01\0"] {
            assert!(![UTF_16LE, UTF_16BE].contains(&decode(bytes, None).encoding), "{bytes:?}");
        }
    }

    #[test]
    fn no_more_than_enough_is_guessed_by() {
        let mut source = vec![b'a'; 10 << 20];
        source.extend(b"\xB1\xBE\xB1\xA8\xD1\xB6".repeat(1 << 20));
        let part = telling_part(&source);
        assert_eq!((part.start, part.len()), ((10 << 20) - 256, 4 << 20));
        assert_eq!(detect(&source, None).encoding, encoding_rs::GB18030);
        assert_eq!(telling_part(b"a\xB1\xBE"), 0..3);
    }

    #[test]
    fn undecodable_bytes_are_kept() {
        let decoded = round_trip(b"\xEF\xBB\xBFab\xFFc\xE5\xA5", None);
        assert_eq!(decoded.text, "ab\u{FFFD}c\u{FFFD}");
        assert_eq!((decoded.bom, decoded.exceptions.len()), (3, 2));
        assert_eq!(decoded.exceptions[0].source, SourceSpan::new(5, 6));
    }

    #[test]
    fn odd_spellings_are_kept() {
        round_trip(b"\x88\x62\x88\x64A", Some(encoding_rs::BIG5));
        round_trip(b"\x1B$B%F%9\x1B(B ok \x1B$B%H\x1B(B", Some(encoding_rs::ISO_2022_JP));
        round_trip(b"\x81\x30\x81", Some(encoding_rs::GB18030));
        round_trip(b"\xD8\x00\xD8", Some(UTF_16BE));
    }
}
