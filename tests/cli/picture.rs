//! The picture of a terminal that the README shows.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use avt::{Color, Pen, Terminal};

use super::person::Person;

/// A cell of the picture, in its units.
const CELL: (usize, usize) = (9, 21);
const MARGIN: usize = 14;

/// The README shows what `textmend review` looks like now.
/// `INSTA_UPDATE=always` draws it anew.
#[test]
fn the_picture_of_the_review_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("examples")).expect("made");
    let page = "examples/qinghe-daily.txt";
    fs::copy(root.join(page), folder.path().join(page)).expect("copied");
    let review = ["review", page, "--rule", "quotes", "--status", "suggested,applied"];
    let mut person = Person::new(folder.path(), &review, (92, 20), &[]);
    person.sees("1 of ");
    person.gets("n", "2 of ");
    let drawn = svg(&person.terminal());
    let path = root.join("docs/review-terminal.svg");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::create_dir_all(root.join("docs")).and_then(|()| fs::write(&path, &drawn)).expect("written");
    }
    let shown = fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == drawn, "docs/review-terminal.svg is of another time; INSTA_UPDATE=always draws it");
}

/// The screen as SVG: every character at the place of its cell, so that Han
/// characters take two columns in any font.
fn svg(terminal: &Terminal) -> String {
    let (columns, rows) = terminal.size();
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"15\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1b1f24\"/>\n"
    );
    for (number, line) in terminal.screen().visible_lines().enumerate() {
        let y = MARGIN + number * CELL.1 + 16;
        let mut run: Option<(Pen, Vec<usize>, String)> = None;
        for (column, cell) in line.cells().iter().enumerate().filter(|(_, cell)| cell.width() > 0) {
            let is_blank = cell.char() == ' ';
            if is_blank || run.as_ref().is_some_and(|(pen, ..)| pen != cell.pen()) {
                push(&mut out, y, run.take());
            }
            if !is_blank {
                let (_, places, text) = run.get_or_insert((*cell.pen(), Vec::new(), String::new()));
                places.push(MARGIN + column * CELL.0);
                text.push(cell.char());
            }
        }
        push(&mut out, y, run);
    }
    out + "</svg>\n"
}

fn push(out: &mut String, y: usize, run: Option<(Pen, Vec<usize>, String)>) {
    let Some((pen, places, text)) = run else { return };
    let places = places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let fill = match pen.foreground() {
        Some(Color::Indexed(1)) => "#ff7b72",
        Some(Color::Indexed(2)) => "#56d364",
        Some(Color::Indexed(3)) => "#e3b341",
        Some(Color::Indexed(6)) => "#76e3ea",
        _ if pen.is_faint() => "#8b949e",
        _ => "#e6edf3",
    };
    let weight = if pen.is_bold() { " font-weight=\"bold\"" } else { "" };
    let line = match (pen.is_strikethrough(), pen.is_underline()) {
        (true, _) => " text-decoration=\"line-through\"",
        (_, true) => " text-decoration=\"underline\"",
        _ => "",
    };
    writeln!(out, "<text x=\"{places}\" y=\"{y}\" fill=\"{fill}\"{weight}{line}>{text}</text>")
        .expect("a string takes all");
}
