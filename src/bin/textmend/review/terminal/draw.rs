//! Draws the screen of a review.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use textmend::pipeline::Status;
use textmend::places::Positions;
use textmend::report::terminal::safe;
use textmend::review::{Item, Say, Word};
use unicode_width::UnicodeWidthStr as _;

use super::flow::{Flow, quiet};
use super::model::{Mode, Review};
use super::popup;

/// The keys, those first that are needed most.
const KEYS: [(&str, &str); 12] = [
    ("a", "accept"),
    ("r", "reject"),
    ("s", "skip"),
    ("?", "help"),
    ("q", "quit"),
    ("u", "undo"),
    ("e", "edit"),
    ("A R S", "whole rule"),
    ("n p", "next, previous"),
    ("f", "filter"),
    ("/", "search"),
    ("↑ ↓", "scroll"),
];

/// Lines of a terminal from which on there is room for more than is needed.
const ROOMY: u16 = 16;

/// Draws `review`.
pub(super) fn draw(frame: &mut Frame<'_>, review: &mut Review, coloured: bool) {
    let area = frame.area();
    if area.height < 8 || area.width < 20 {
        frame.render_widget(Line::raw("the terminal is too small"), area);
        return;
    }
    let roomy = area.height >= ROOMY;
    let mut page = Page { frame, left: area, coloured };
    let head = head(review, usize::from(area.width));
    page.top(head.0, head.1);
    if roomy {
        page.bar(review);
    }
    page.bottom(review);
    match review.item() {
        Some(item) => {
            let scroll = review.scroll;
            let lines = page.item(&item, scroll, roomy);
            // No further than there is something to see.
            review.scroll = scroll.clamp(-lines, lines);
        }
        None => page.end(review),
    }
    popup::draw(frame, review);
}

/// The document and the place in it, and how far one has come.
fn head(review: &Review, width: usize) -> (Line<'static>, Line<'static>) {
    let count = review.queue.entries.len();
    let open = review.queue.open(&review.session);
    let Some(item) = review.item() else {
        return (Line::styled("textmend review", bold()), Line::raw(format!("{count} gone through")));
    };
    let document = &review.session.documents()[item.document];
    let source = &document.cleaned.source;
    let start = item.repair.edits.iter().map(|edit| edit.bytes.start).min().unwrap_or(0);
    let (line, column) = Positions::new(&source.text).of(source.text_offset(start));
    let number = review.queue.at.map_or(0, |at| at + 1);
    let told = format!("{number} of {count}, {open} open");
    let place = format!("{}:{line}:{column}", safe(&document.name));
    let place = tail(&place, width.saturating_sub(told.width() + 1));
    (Line::styled(place, bold()), Line::raw(told))
}

/// The end of `text`, as much as fits in `room` columns.
fn tail(text: &str, room: usize) -> String {
    let mut left = text;
    while !left.is_empty() && left.width() + usize::from(left.len() < text.len()) > room {
        let mut rest = left.chars();
        rest.next();
        left = rest.as_str();
    }
    if left.len() < text.len() { format!("…{left}") } else { text.to_owned() }
}

fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// A screen that is filled from both ends.
struct Page<'a, 'b> {
    frame: &'a mut Frame<'b>,
    /// What is free.
    left: Rect,
    coloured: bool,
}

impl Page<'_, '_> {
    fn take_top(&mut self) -> Rect {
        let row = Rect { height: 1.min(self.left.height), ..self.left };
        self.left.y += row.height;
        self.left.height -= row.height;
        row
    }

    fn take_bottom(&mut self) -> Rect {
        let height = 1.min(self.left.height);
        self.left.height -= height;
        Rect { y: self.left.y + self.left.height, height, ..self.left }
    }

    /// A line with something at its right end, which is shown whole.
    fn top(&mut self, left: Line<'static>, right: Line<'static>) {
        let row = self.take_top();
        let width = (right.width() as u16).min(row.width);
        let [x, room] = [row.right() - width, (row.width - width).saturating_sub(1)];
        self.frame.render_widget(left, Rect { width: room, ..row });
        self.frame.render_widget(right, Rect { x, width, ..row });
    }

    /// How much of the queue is done.
    fn bar(&mut self, review: &Review) {
        let row = self.take_top();
        let count = review.queue.entries.len().max(1);
        let done = count - review.queue.open(&review.session).min(count);
        let full = usize::from(row.width) * done / count;
        let style = self.colour(Color::Green);
        let line = Line::from_iter([
            Span::styled("━".repeat(full), style),
            Span::styled("─".repeat(usize::from(row.width) - full), quiet()),
        ]);
        self.frame.render_widget(line, row);
    }

    fn colour(&self, colour: Color) -> Style {
        if self.coloured { Style::new().fg(colour) } else { Style::new() }
    }

    /// The keys, and above them what there is to say, or to type.
    fn bottom(&mut self, review: &Review) {
        let keys = self.take_bottom();
        let row = self.take_bottom();
        match &review.mode {
            Mode::Editing(editor) => self.prompt("your text: ", editor, row),
            Mode::Searching(editor) => self.prompt("/", editor, row),
            Mode::Sweeping(sweep) => {
                let word = if sweep.say == Say::Accept { "accept" } else { "reject" };
                let told = format!("{word} {}?", sweep.rule);
                self.frame.render_widget(Line::styled(told, bold()), row);
            }
            _ => {
                if let Some((told, is_problem)) = &review.message {
                    let colour = if *is_problem { Color::Red } else { Color::Yellow };
                    let style = self.colour(colour).add_modifier(Modifier::BOLD);
                    self.frame.render_widget(Line::styled(safe(told), style), row);
                }
            }
        }
        self.frame.render_widget(self.keys(review, usize::from(keys.width)), keys);
    }

    /// A line that is typed, with the cursor in it.
    fn prompt(&mut self, title: &'static str, editor: &super::editor::Editor, row: Rect) {
        let width = usize::from(row.width).saturating_sub(title.width());
        let (text, column) = editor.shown(width);
        let line = Line::from_iter([Span::styled(title, bold()), Span::raw(text)]);
        self.frame.render_widget(line, row);
        self.frame.set_cursor_position((row.x + (title.width() + column) as u16, row.y));
    }

    /// The keys that there is room for.
    fn keys(&self, review: &Review, width: usize) -> Line<'static> {
        let keys: Vec<(String, String)> = match &review.mode {
            Mode::Editing(_) => told(&[("Enter", "keep"), ("Esc", "leave"), ("Ctrl-O", "line end")]),
            Mode::Searching(_) => told(&[("Enter", "search"), ("Esc", "leave")]),
            Mode::Filtering(_) => {
                told(&[("Enter", "ok"), ("↑ ↓", "row"), ("← →", "choose"), ("x", "reset"), ("Esc", "leave")])
            }
            Mode::Sweeping(sweep) => vec![
                ("t".to_owned(), format!("these {}", sweep.shown.len())),
                ("d".to_owned(), format!("all {} in the document", sweep.all.len())),
                ("Esc".to_owned(), "none".to_owned()),
            ],
            Mode::Help(_) => told(&[("↑ ↓", "scroll"), ("Esc", "leave")]),
            Mode::Asking if review.queue.at.is_none() => {
                told(&[("q", "quit"), ("u", "undo"), ("p", "back"), ("f", "filter"), ("/", "search")])
            }
            Mode::Asking => told(&KEYS),
        };
        let key = self.colour(Color::Cyan).add_modifier(Modifier::BOLD);
        let mut line = Line::default();
        for (name, what) in keys {
            let gap = if line.spans.is_empty() { 0 } else { 2 };
            if line.width() + gap + name.width() + 1 + what.width() > width {
                break;
            }
            line.push_span(" ".repeat(gap));
            line.push_span(Span::styled(name, key));
            line.push_span(format!(" {what}"));
        }
        line
    }

    /// The repair; gives how many lines its passage has.
    fn item(&mut self, item: &Item<'_>, scroll: isize, roomy: bool) -> isize {
        self.rule(item);
        self.text(&item.repair.message, if roomy { 2 } else { 1 });
        if let Some(told) = decided(item) {
            let style = self.colour(Color::Yellow);
            let row = self.take_top();
            self.frame.render_widget(Line::styled(told, style), row);
        }
        if roomy {
            self.take_top();
        }
        let width = usize::from(self.left.width);
        let passage = &item.passage;
        let flows = [&passage.before, &passage.after].map(|parts| Flow::new(parts, width, self.coloured));
        let room = usize::from(self.left.height.saturating_sub(2));
        let heights = shared(room, flows.each_ref().map(|flow| flow.lines.len()));
        for ((title, flow), height) in ["before", "after"].into_iter().zip(&flows).zip(heights) {
            self.flow(title, flow, height, scroll);
        }
        flows.iter().map(|flow| flow.lines.len()).max().unwrap_or(0) as isize
    }

    /// The rule, how sure it is, and what became of it.
    fn rule(&mut self, item: &Item<'_>) {
        let repair = item.repair;
        let score = repair.score.map(|score| format!(" {score:.2}")).unwrap_or_default();
        let status = match repair.status {
            Status::Applied => "applied",
            Status::Suggested => "suggested",
            Status::Superseded => "superseded",
            Status::Rejected => "rejected",
        };
        let rule = Line::styled(repair.rule.as_str().to_owned(), self.colour(Color::Cyan));
        let mut told = format!("{}{score}, {status}", repair.confidence);
        if rule.width() + 1 + told.width() > usize::from(self.left.width) {
            told = repair.confidence.to_string();
        }
        self.top(rule, Line::raw(told));
    }

    /// Text in up to `most` lines.
    fn text(&mut self, text: &str, most: usize) {
        let part = textmend::review::Part { kind: textmend::review::PartKind::Kept, text: text.to_owned() };
        let flow = Flow::new(&[part], usize::from(self.left.width), self.coloured);
        for line in flow.lines.into_iter().take(most) {
            let row = self.take_top();
            self.frame.render_widget(line, row);
        }
    }

    /// Lines of a passage under a title that tells what is not shown.
    fn flow(&mut self, title: &str, flow: &Flow, height: usize, scroll: isize) {
        let shown = flow.window(height, scroll);
        let more = |arrow: &str, count: usize| match count {
            0 => String::new(),
            count => format!(" {arrow}{count}"),
        };
        let more = more("↑", shown.start) + &more("↓", flow.lines.len() - shown.end);
        let width = usize::from(self.left.width);
        let rule = "─".repeat(width.saturating_sub(title.width() + 3 + more.width()));
        let row = self.take_top();
        self.frame.render_widget(Line::styled(format!("─ {title} {rule}{more}"), quiet()), row);
        for line in &flow.lines[shown] {
            let row = self.take_top();
            self.frame.render_widget(line, row);
        }
    }

    /// All was gone through.
    fn end(&mut self, review: &Review) {
        let [accepted, rejected, edited, skipped] = review.tally();
        self.take_top();
        let lines = [
            "Nothing is left to decide here.".to_owned(),
            String::new(),
            format!("accepted {accepted}, rejected {rejected}, edited {edited}, skipped {skipped}"),
            String::new(),
            format!("All is in {}.", safe(&review.session.file().path().to_string_lossy())),
        ];
        for line in lines {
            let row = self.take_top();
            self.frame.render_widget(Line::raw(line), row);
        }
    }
}

fn told(keys: &[(&str, &str)]) -> Vec<(String, String)> {
    keys.iter().map(|(key, what)| ((*key).to_owned(), (*what).to_owned())).collect()
}

/// What was decided on `item`, and by whom.
fn decided(item: &Item<'_>) -> Option<String> {
    let line = item.decision?;
    let word = match line.decision {
        Word::Accept => "accepted",
        Word::Reject => "rejected",
        Word::Edit => "edited",
        Word::Done | Word::Open => return None,
    };
    let note = line.note.as_ref().map(|note| format!(": {}", safe(note))).unwrap_or_default();
    Some(format!("{word} by {}, {}{note}", safe(&line.who), safe(&line.when)))
}

/// How much of `room` two texts get that have so many lines.
fn shared(room: usize, [one, other]: [usize; 2]) -> [usize; 2] {
    let half = room / 2;
    if one + other <= room {
        [one, other]
    } else if one <= half {
        [one, room - one]
    } else if other <= half {
        [room - other, other]
    } else {
        [half, half]
    }
}
