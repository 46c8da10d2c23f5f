//! stub
use super::results::Results;
/// Stub.
#[must_use]
pub fn html(_results: &Results, _most: usize) -> String {
    String::new()
}
