//! The JSON schema shipped is the one the program knows.

use super::{done, folder};

/// `cargo run -- config-schema > textmend.schema.json` writes it anew.
#[test]
fn the_shipped_schema_is_up_to_date() {
    let folder = folder();
    let schema = String::from_utf8(done(folder.path(), &["config-schema"])).expect("JSON is UTF-8");
    assert_eq!(schema, include_str!("../../textmend.schema.json"));
}
