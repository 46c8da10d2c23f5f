//! A line that is edited: what is typed in, and what the cursor does in it.

use textmend::report::terminal::visible;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// A text with a cursor in it. It may hold line ends; they show as ⏎.
#[derive(Clone, Debug, Default)]
pub(super) struct Editor {
    text: String,
    /// Bytes before the cursor, which stands between graphemes.
    cursor: usize,
}

/// Where the cursor goes, or how far something is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Back,
    Forward,
    Start,
    End,
}

impl Editor {
    /// `text` with the cursor at its end.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Writes `text` where the cursor is.
    pub(super) fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
        // What was typed may have joined what stands behind it.
        let behind = self.boundaries().find(|place| *place >= self.cursor);
        self.cursor = behind.unwrap_or(self.text.len());
    }

    pub(super) fn go(&mut self, step: Step) {
        self.cursor = self.place(step);
    }

    /// Removes what is between the cursor and where `step` leads.
    pub(super) fn remove(&mut self, step: Step) {
        let place = self.place(step);
        let (start, end) = (self.cursor.min(place), self.cursor.max(place));
        self.text.replace_range(start..end, "");
        self.cursor = start;
    }

    /// What is seen of it in `width` columns, and in which the cursor stands.
    pub(super) fn shown(&self, width: usize) -> (String, usize) {
        let mut before = visible_line(&self.text[..self.cursor]);
        let mut behind = visible_line(&self.text[self.cursor..]);
        // A column is left free for a cursor behind the last character.
        let room = width.saturating_sub(1);
        while before.width() > room * 3 / 4 && before.width() + behind.width() > room {
            let Some(first) = before.graphemes(true).next().map(str::len) else { break };
            before.drain(..first);
        }
        while before.width() + behind.width() > room {
            let Some((last, _)) = behind.grapheme_indices(true).next_back() else { break };
            behind.truncate(last);
        }
        let column = before.width();
        (before + &behind, column)
    }

    fn place(&self, step: Step) -> usize {
        match step {
            Step::Back => self.boundaries().take_while(|place| *place < self.cursor).last().unwrap_or(0),
            Step::Forward => self.boundaries().find(|place| *place > self.cursor).unwrap_or(self.text.len()),
            Step::Start => 0,
            Step::End => self.text.len(),
        }
    }

    /// The places between graphemes, both ends included.
    fn boundaries(&self) -> impl Iterator<Item = usize> {
        self.text.grapheme_indices(true).map(|(place, _)| place).chain([self.text.len()])
    }
}

/// `text` in one line; spaces between words stay what they are.
fn visible_line(text: &str) -> String {
    text.split(' ').map(visible).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grapheme_goes_as_a_whole() {
        // A letter with a combining accent, a family joined by U+200D, a Han
        // character with a variation selector.
        let mut editor = Editor::new("e\u{301}👨\u{200D}👩\u{200D}👧好\u{E0100}");
        for left in ["e\u{301}👨\u{200D}👩\u{200D}👧", "e\u{301}", "", ""] {
            editor.remove(Step::Back);
            assert_eq!(editor.text(), left);
        }
    }

    #[test]
    fn the_cursor_goes_through_han_characters() {
        let mut editor = Editor::new("清渠润田");
        editor.go(Step::Back);
        editor.go(Step::Back);
        editor.insert("水");
        assert_eq!((editor.text(), editor.shown(20).1), ("清渠水润田", 6));
        editor.remove(Step::End);
        editor.go(Step::Start);
        editor.remove(Step::Forward);
        assert_eq!(editor.text(), "渠水");
    }

    #[test]
    fn an_accent_joins_the_letter_before_it() {
        let mut editor = Editor::new("ab");
        editor.go(Step::Back);
        editor.insert("\u{301}");
        editor.remove(Step::Back);
        assert_eq!(editor.text(), "b");
    }

    #[test]
    fn a_long_text_is_shown_around_the_cursor() {
        let mut editor = Editor::new(&"渠".repeat(30));
        let (shown, column) = editor.shown(21);
        assert!(shown.width() <= 20 && column <= 20, "{shown} {column}");
        editor.go(Step::Start);
        assert_eq!(editor.shown(21), ("渠".repeat(10), 0));
        assert_eq!(Editor::new("一\n二").shown(20).0, "一⏎二");
    }
}
