//! One line: finds the fields that matter, and puts a new text into its place.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::report::records::Record;

/// What the fields are called.
pub(super) struct Fields<'a> {
    pub(super) text: &'a str,
    pub(super) id: Option<&'a str>,
    /// The one to be added.
    pub(super) repairs: Option<&'a str>,
}

/// A line that is a JSON object with a text.
#[derive(Debug)]
pub(super) struct Line<'a> {
    line: &'a str,
    text: &'a RawValue,
    pub(super) id: Option<&'a RawValue>,
}

/// What was found in an object.
#[derive(Default)]
struct Found<'a> {
    texts: usize,
    text: Option<&'a RawValue>,
    id: Option<&'a RawValue>,
    has_repairs: bool,
}

impl<'a> Line<'a> {
    /// Reads `line`, which has no line end.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(line: &'a str, fields: &Fields<'_>) -> Result<Self, String> {
        let malformed = |error: serde_json::Error| {
            let told = error.to_string().replace(" at line 1 column ", " at column ");
            format!("this line is no JSON object ({told})")
        };
        let mut json = serde_json::Deserializer::from_str(line);
        let found = Wanted(fields).deserialize(&mut json).map_err(malformed)?;
        json.end().map_err(malformed)?;
        if found.has_repairs {
            let name = fields.repairs.unwrap_or_default();
            return Err(format!("there is a field `{name}` already; give --repairs-field another name"));
        }
        match found.text {
            _ if found.texts > 1 => Err(format!("the field `{}` stands in it twice", fields.text)),
            Some(text) => Ok(Self { line, text, id: found.id }),
            None => Err(format!("there is no field `{}`; --text-field says which one it is", fields.text)),
        }
    }

    /// The text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn text(&self) -> Result<String, String> {
        serde_json::from_str(self.text.get()).map_err(|error| {
            let told = error.to_string();
            let told = told.split(" at line 1 column ").next().unwrap_or_default();
            format!("the text is no string that can be read ({told})")
        })
    }

    /// The line with a `new` text, if it has one, and with `repairs` beside it.
    pub(super) fn rewritten(
        &self,
        new: Option<&str>,
        repairs: Option<&[Record]>,
        fields: &Fields<'_>,
    ) -> Vec<u8> {
        let old = self.text.get();
        // The value is a part of the line: its place is told by its address.
        let start = old.as_ptr().addr() - self.line.as_ptr().addr();
        let mut out = Vec::with_capacity(self.line.len() + 64);
        out.extend_from_slice(&self.line.as_bytes()[..start]);
        match new {
            Some(new) => write_string(new, old, &mut out),
            None => out.extend_from_slice(old.as_bytes()),
        }
        if let (Some(name), Some(repairs)) = (fields.repairs, repairs) {
            out.push(b',');
            serde_json::to_writer(&mut out, name).expect("a string is JSON");
            out.push(b':');
            serde_json::to_writer(&mut out, repairs).expect("records are JSON");
        }
        out.extend_from_slice(&self.line.as_bytes()[start + old.len()..]);
        out
    }
}

/// Writes `new` as the JSON string `old` was written: in ASCII alone, if that
/// was its way.
fn write_string(new: &str, old: &str, out: &mut Vec<u8>) {
    let json = serde_json::to_string(new).expect("a string is JSON");
    if !old.is_ascii() || !old.contains("\\u") || json.is_ascii() {
        out.extend_from_slice(json.as_bytes());
        return;
    }
    let mut units = [0; 2];
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c as u8);
        } else {
            for unit in c.encode_utf16(&mut units) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }
}

/// Looks for the fields, and skips the others.
struct Wanted<'f>(&'f Fields<'f>);

/// The name of a field; it is borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found<'de>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let mut found = Found::default();
        while let Some(Name(name)) = map.next_key()? {
            let name = Some(&*name);
            if name == Some(self.0.text) {
                found.texts += 1;
                found.text = Some(map.next_value()?);
                if self.0.id == name {
                    found.id = found.text;
                }
            } else if name == self.0.id {
                found.id = Some(map.next_value()?);
            } else {
                found.has_repairs |= name == self.0.repairs;
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: Fields<'_> = Fields { text: "text", id: Some("id"), repairs: None };

    fn rewritten(line: &str, new: &str) -> String {
        let read = Line::read(line, &FIELDS).expect("sound");
        String::from_utf8(read.rewritten(Some(new), None, &FIELDS)).expect("UTF-8")
    }

    #[test]
    fn everything_but_the_text_keeps_its_bytes() {
        let line = r#" { "n" : 1.50e3, "te\u0078t":  "a,b" , "id":"\u0041", "m":{"text":[1, 2]}} "#;
        let read = Line::read(line, &FIELDS).expect("sound");
        assert_eq!((read.text().as_deref(), read.id.map(RawValue::get)), (Ok("a,b"), Some(r#""\u0041""#)));
        assert_eq!(rewritten(line, "渠\"\n"), line.replace(r#""a,b""#, r#""渠\"\n""#));
    }

    #[test]
    fn a_text_in_ascii_alone_stays_so() {
        assert_eq!(rewritten(r#"{"text":"\u6e20,"}"#, "渠，😀"), r#"{"text":"\u6e20\uff0c\ud83d\ude00"}"#);
        assert_eq!(rewritten(r#"{"text":"a"}"#, "渠"), r#"{"text":"渠"}"#);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |line: &str| Line::read(line, &FIELDS).and_then(|line| line.text()).expect_err("wrong");
        assert!(wrong(r#"{"text":"a""#).contains("EOF while parsing an object at column 11"));
        assert!(wrong(r#"{"text":"a"} x"#).contains("trailing characters at column 14"));
        assert!(wrong("[1]").contains("expected an object"));
        assert!(wrong(r#"{"txt":"a"}"#).contains("no field `text`"));
        assert!(wrong(r#"{"text":"a","text":"b"}"#).contains("twice"));
        assert!(wrong(r#"{"text":null}"#).contains("invalid type: null, expected a string"));
        assert!(wrong(r#"{"text":"\ud800"}"#).contains("the text is no string"));
        let fields = Fields { repairs: Some("repairs"), ..FIELDS };
        let problem = Line::read(r#"{"repairs":1,"text":"a"}"#, &fields).expect_err("there already");
        assert!(problem.contains("`repairs` already"), "{problem}");
    }
}
