//! The only place where text is made.

use super::offset_map::OffsetMap;
use super::repair::{Edit, Repair, Replacement};

/// The text that `repairs` make of `text`, and the map home for it.
///
/// `repairs` must be free of conflicts, as [`resolve`](super::resolve) leaves
/// them; `first_author` is the number that the first of them gets as author of
/// what it writes (see [`Origin::Written`](super::Origin)), the next one more.
///
/// # Panics
/// If two edits overlap, or a span does not lie on `char` boundaries of `text`.
#[must_use]
pub fn apply(text: &str, map: &OffsetMap, repairs: &[Repair], first_author: u32) -> (String, OffsetMap) {
    let mut edits: Vec<(&Edit, u32)> = Vec::new();
    for (author, repair) in (first_author..).zip(repairs) {
        edits.extend(repair.edits.iter().map(|edit| (edit, author)));
    }
    edits.sort_by_key(|(edit, _)| edit.span);

    let mut out = String::with_capacity(text.len());
    let mut out_map = OffsetMap::default();
    let mut done = 0;
    for (edit, author) in edits {
        let span = edit.span;
        assert!(done <= span.start, "edits overlap at byte {}", span.start);
        out.push_str(&text[done..span.start]);
        out_map.copy(map, (done..span.start).into());
        match &edit.replacement {
            Replacement::Text(new) => {
                out.push_str(new);
                out_map.write(new.len(), map.anchor(span.start), author);
            }
            Replacement::Moved(from) => {
                out.push_str(&text[from.range()]);
                out_map.copy(map, *from);
            }
        }
        done = span.end;
    }
    out.push_str(&text[done..]);
    out_map.copy(map, (done..text.len()).into());
    (out, out_map)
}
