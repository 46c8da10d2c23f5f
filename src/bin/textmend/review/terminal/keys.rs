//! What keys do.

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use textmend::review::{Filter, Say};

use super::editor::{Editor, Step};
use super::menu::Menu;
use super::model::{Mode, Review};

/// Whether the review goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Quit,
}

/// Takes in `event`.
pub(super) fn take(review: &mut Review, event: &Event) -> Then {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => press(review, key),
        Event::Paste(text) => {
            // What is pasted is text, and decides nothing.
            if let Mode::Editing(editor) | Mode::Searching(editor) = &mut review.mode {
                editor.insert(&text.replace("\r\n", "\n").replace('\r', "\n"));
            }
            Then::GoOn
        }
        _ => Then::GoOn,
    }
}

fn press(review: &mut Review, key: &KeyEvent) -> Then {
    if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
        return Then::Quit;
    }
    review.begin(key.code == KeyCode::Char('u'));
    match std::mem::replace(&mut review.mode, Mode::Asking) {
        Mode::Asking => return asking(review, key),
        Mode::Editing(editor) => editing(review, editor, key),
        Mode::Searching(editor) => searching(review, editor, key),
        Mode::Filtering(menu) => filtering(review, menu, key),
        Mode::Sweeping(sweep) => match key.code {
            KeyCode::Char('t') => review.sweep_shown(sweep),
            KeyCode::Char('d') => review.sweep_rule(sweep),
            _ => review.tell("nothing was decided".to_owned()),
        },
        Mode::Help(moved) => match key.code {
            KeyCode::Down | KeyCode::PageDown | KeyCode::Char('j' | ' ') => {
                review.mode = Mode::Help(moved.saturating_add(1));
            }
            KeyCode::Up | KeyCode::PageUp | KeyCode::Char('k') => {
                review.mode = Mode::Help(moved.saturating_sub(1));
            }
            _ => {}
        },
    }
    Then::GoOn
}

fn asking(review: &mut Review, key: &KeyEvent) -> Then {
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return Then::GoOn;
    }
    match key.code {
        KeyCode::Char('q') => return Then::Quit,
        KeyCode::Char('a') => review.decide(&Say::Accept),
        KeyCode::Char('r') => review.decide(&Say::Reject),
        KeyCode::Char('s') => review.skip(),
        KeyCode::Char('A') => review.sweep(Say::Accept),
        KeyCode::Char('R') => review.sweep(Say::Reject),
        KeyCode::Char('S') => review.skip_rule(),
        KeyCode::Char('e') => review.edit(),
        KeyCode::Char('u') => review.undo(),
        KeyCode::Char('n') | KeyCode::Right => review.step(true),
        KeyCode::Char('p') | KeyCode::Left => review.step(false),
        KeyCode::Down | KeyCode::Char('j') => review.scroll += 1,
        KeyCode::Up | KeyCode::Char('k') => review.scroll -= 1,
        KeyCode::PageDown => review.scroll += 8,
        KeyCode::PageUp => review.scroll -= 8,
        KeyCode::Char('/') => {
            let wanted = review.queue.filter.search.clone().unwrap_or_default();
            review.mode = Mode::Searching(Editor::new(&wanted));
        }
        KeyCode::Char('f') => {
            review.mode = Mode::Filtering(Menu::new(&review.session, &review.queue.filter));
        }
        KeyCode::Char('?') | KeyCode::F(1) => review.mode = Mode::Help(0),
        KeyCode::Char(c) => review.tell(format!("{c:?} is no key here; ? tells of those there are")),
        _ => {}
    }
    Then::GoOn
}

fn editing(review: &mut Review, mut editor: Editor, key: &KeyEvent) {
    let is_line_end = match key.code {
        KeyCode::Enter => key.modifiers.contains(KeyModifiers::ALT),
        KeyCode::Char('j' | 'o') => key.modifiers.contains(KeyModifiers::CONTROL),
        _ => false,
    };
    match key.code {
        KeyCode::Esc => return,
        KeyCode::Enter if !is_line_end => return review.decide(&Say::Edit(editor.text().to_owned())),
        _ if is_line_end => editor.insert("\n"),
        _ => typed(&mut editor, key),
    }
    review.mode = Mode::Editing(editor);
}

fn searching(review: &mut Review, mut editor: Editor, key: &KeyEvent) {
    match key.code {
        KeyCode::Esc => return,
        KeyCode::Enter => {
            let wanted = Some(editor.text().to_owned()).filter(|text| !text.is_empty());
            if wanted != review.queue.filter.search {
                review.choose(Filter { search: wanted, ..review.queue.filter.clone() });
            }
            return;
        }
        _ => typed(&mut editor, key),
    }
    review.mode = Mode::Searching(editor);
}

/// What keys do in a line of text.
fn typed(editor: &mut Editor, key: &KeyEvent) {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Backspace => editor.remove(Step::Back),
        KeyCode::Delete => editor.remove(Step::Forward),
        KeyCode::Left => editor.go(Step::Back),
        KeyCode::Right => editor.go(Step::Forward),
        KeyCode::Home => editor.go(Step::Start),
        KeyCode::End => editor.go(Step::End),
        KeyCode::Char('a') if control => editor.go(Step::Start),
        KeyCode::Char('e') if control => editor.go(Step::End),
        KeyCode::Char('u') if control => editor.remove(Step::Start),
        KeyCode::Char('k') if control => editor.remove(Step::End),
        KeyCode::Char(c) if !control && !key.modifiers.contains(KeyModifiers::ALT) => {
            editor.insert(c.encode_utf8(&mut [0; 4]));
        }
        _ => {}
    }
}

fn filtering(review: &mut Review, mut menu: Menu, key: &KeyEvent) {
    match key.code {
        KeyCode::Esc | KeyCode::Char('q') => return,
        KeyCode::Enter | KeyCode::Char('f') => return review.choose(menu.filter()),
        KeyCode::Down | KeyCode::Char('j') => menu.go(true),
        KeyCode::Up | KeyCode::Char('k') => menu.go(false),
        KeyCode::Right | KeyCode::Char('l' | ' ') => menu.choose(true),
        KeyCode::Left | KeyCode::Char('h') => menu.choose(false),
        KeyCode::Char('x') => menu.reset(),
        _ => {}
    }
    review.mode = Mode::Filtering(menu);
}
