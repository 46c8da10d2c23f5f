//! What lies over the repair for a while: the help, the menu of the filter.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};
use textmend::report::terminal::safe;

use super::menu::Menu;
use super::model::{Mode, Review};

const HELP: &[(&str, &str)] = &[
    ("a", "accept: make this repair"),
    ("r", "reject: leave the text as it is"),
    ("s", "skip: decide another time"),
    ("A R S", "the same for what is left of this rule in this document"),
    ("e", "write your own text in place of what changes"),
    ("u", "undo: take the last decision back"),
    ("n p", "next, previous, decided or not (also → ←)"),
    ("↑ ↓", "scroll a long passage (also k j)"),
    ("/", "only where text, reason or rule holds this"),
    ("f", "filter by what became of it, confidence, rule, file"),
    ("q", "quit (also Ctrl-C)"),
    ("", ""),
    ("", "Red and struck was removed, green and underlined is"),
    ("", "written; without colours [-removed-] and {+written+}."),
    ("", "␣ is a space, ⏎ a line end. Every decision is on disk"),
    ("", "before the next repair is shown."),
];

/// Draws what lies over the repair, if anything.
pub(super) fn draw(frame: &mut Frame<'_>, review: &Review) {
    match &review.mode {
        Mode::Help(moved) => help(frame, *moved),
        Mode::Filtering(menu) => filter(frame, menu),
        _ => {}
    }
}

fn help(frame: &mut Frame<'_>, moved: u16) {
    let key = Style::new().add_modifier(Modifier::BOLD);
    let line = |(name, what): &(&'static str, &'static str)| {
        Line::from_iter([Span::styled(format!("{name:>5}  "), key), Span::raw(*what)])
    };
    let lines: Vec<_> = HELP.iter().map(line).collect();
    let area = place(frame, 66, lines.len());
    let most = (lines.len() as u16).saturating_sub(area.height.saturating_sub(2));
    let text = Paragraph::new(lines).scroll((moved.min(most), 0)).block(Block::bordered().title(" keys "));
    clear(frame, area);
    frame.render_widget(text, area);
}

fn filter(frame: &mut Frame<'_>, menu: &Menu) {
    let line = |(number, row): (usize, &super::menu::Row)| {
        let style =
            if number == menu.at { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        Line::styled(format!(" {:<10} ◂ {} ▸ ", row.title, safe(row.chosen())), style)
    };
    let lines: Vec<_> = menu.rows.iter().enumerate().map(line).collect();
    let area = place(frame, 70, lines.len());
    clear(frame, area);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" show only ")), area);
}

/// Clears `area`, and what stands before it: half of a character of two columns
/// would cover its edge.
fn clear(frame: &mut Frame<'_>, area: Rect) {
    let x = area.x.saturating_sub(1);
    frame.render_widget(Clear, Rect { x, width: area.right() - x, ..area });
}

/// A place in the middle for so many columns and lines, as far as there are.
/// The last two lines stay free for what they say.
fn place(frame: &Frame<'_>, width: u16, lines: usize) -> Rect {
    let area = frame.area();
    let free = Rect { height: area.height.saturating_sub(2), ..area };
    free.centered(Constraint::Max(width), Constraint::Max(lines as u16 + 2))
}
