//! A passage as lines of a given width, and the part of it around the change.

use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use textmend::chars::{is_cjk_punctuation, is_closing, is_opening};
use textmend::report::terminal::{safe, visible};
use textmend::review::{Part, PartKind};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// A passage in lines.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) lines: Vec<Line<'static>>,
    /// The first and the last line with something changed.
    changed: Option<(usize, usize)>,
    /// Columns taken of the last line.
    used: usize,
}

impl Flow {
    /// `parts` in lines of `width` columns. What was changed is in colour, or
    /// in brackets.
    pub(super) fn new(parts: &[Part], width: usize, coloured: bool) -> Self {
        let mut flow = Self { lines: vec![Line::default()], ..Self::default() };
        for part in parts {
            match part.kind {
                PartKind::Kept => flow.keep(&part.text, width),
                PartKind::Gap => flow.push(" … ", quiet(), width),
                PartKind::Removed | PartKind::Written => {
                    let start = (flow.lines.len(), flow.used);
                    let (text, style) = marked(part, coloured);
                    flow.push(&text, style, width);
                    // What is written at the end of a full line goes on the next.
                    let first = if start.1 >= width { start.0 } else { start.0 - 1 };
                    let first = flow.changed.map_or(first, |(first, _)| first);
                    flow.changed = Some((first, flow.lines.len() - 1));
                }
            }
        }
        flow
    }

    /// Which lines to show where there is room for `height`: all, or those
    /// around the change, moved by `scroll`.
    pub(super) fn window(&self, height: usize, scroll: isize) -> Range<usize> {
        let count = self.lines.len();
        if count <= height {
            return 0..count;
        }
        let (first, last) = self.changed.unwrap_or((0, 0));
        let changed = last + 1 - first;
        let start = if changed <= height {
            first.saturating_sub((height - changed) / 2)
        } else {
            first.saturating_sub(1)
        };
        let start = start.min(count - height).saturating_add_signed(scroll).min(count - height);
        start..start + height
    }

    /// Unchanged text: it has the lines it has.
    fn keep(&mut self, text: &str, width: usize) {
        for (number, line) in text.replace("\r\n", "\n").split(['\n', '\r', '\u{C}']).enumerate() {
            if number > 0 {
                self.break_line();
            }
            self.push(&safe(line).replace('\t', "    "), Style::new(), width);
        }
    }

    fn push(&mut self, text: &str, style: Style, width: usize) {
        for token in tokens(text) {
            if self.used + token.width() > width && self.used > 0 && token.width() <= width {
                self.break_line();
            }
            for grapheme in token.graphemes(true) {
                if self.used + grapheme.width() > width && self.used > 0 {
                    self.break_line();
                }
                self.put(grapheme, style);
            }
        }
    }

    fn put(&mut self, grapheme: &str, style: Style) {
        self.used += grapheme.width();
        let line = self.lines.last_mut().expect("never empty");
        match line.spans.last_mut() {
            Some(span) if span.style == style => span.content.to_mut().push_str(grapheme),
            _ => line.push_span(Span::styled(grapheme.to_owned(), style)),
        }
    }

    fn break_line(&mut self) {
        self.lines.push(Line::default());
        self.used = 0;
    }
}

pub(super) fn quiet() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// What stands for changed text: whatever is removed is struck, so that it is
/// told from what is written by more than its colour.
fn marked(part: &Part, coloured: bool) -> (String, Style) {
    let text = visible(&part.text);
    match (part.kind == PartKind::Removed, coloured) {
        (true, true) => (text, Style::new().fg(Color::Red).add_modifier(Modifier::CROSSED_OUT)),
        (false, true) => {
            (text, Style::new().fg(Color::Green).add_modifier(Modifier::BOLD | Modifier::UNDERLINED))
        }
        (true, false) => (format!("[-{text}-]"), Style::new().add_modifier(Modifier::BOLD)),
        (false, false) => (format!("{{+{text}+}}"), Style::new().add_modifier(Modifier::BOLD)),
    }
}

/// `text` cut where a line may end: everywhere but inside Latin words and
/// figures, and before what closes a clause or a bracket.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let word = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let length = match word {
            0 => rest.graphemes(true).next()?.len(),
            word => word,
        };
        let closes = |c: &char| (is_cjk_punctuation(*c) || is_closing(*c)) && !is_opening(*c);
        let closing = rest[length..].chars().take_while(closes).map(char::len_utf8);
        let length = length + closing.sum::<usize>();
        let (token, behind) = rest.split_at(length);
        rest = behind;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: PartKind, text: &str) -> Part {
        Part { kind, text: text.to_owned() }
    }

    fn shown(flow: &Flow) -> Vec<String> {
        flow.lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn han_characters_take_two_columns_and_words_stay_whole() {
        let parts = [part(PartKind::Kept, "柳塘乡种树 Qinghe 修渠"), part(PartKind::Removed, " \n")];
        let flow = Flow::new(&parts, 11, false);
        assert_eq!(shown(&flow), ["柳塘乡种树 ", "Qinghe 修渠", "[-␣⏎-]"]);
        assert_eq!(flow.window(1, 0), 2..3);
        assert_eq!(flow.window(2, -9), 0..2);
    }

    #[test]
    fn a_change_in_the_middle_of_a_long_text_is_shown() {
        let far = "渠".repeat(50);
        let parts = [part(PartKind::Kept, &far), part(PartKind::Written, "，"), part(PartKind::Kept, &far)];
        let flow = Flow::new(&parts, 10, true);
        assert_eq!((flow.lines.len(), flow.window(5, 0)), (21, 8..13));
    }
}
