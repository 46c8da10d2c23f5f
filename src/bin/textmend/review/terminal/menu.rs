//! The menu that says which repairs are asked for.

use textmend::edit::Confidence;
use textmend::pipeline::Status;
use textmend::review::{Filter, Session};

/// The rows of the menu, each with what may be chosen.
#[derive(Debug)]
pub(super) struct Menu {
    pub(super) rows: Vec<Row>,
    /// The row the cursor is on.
    pub(super) at: usize,
    search: Option<String>,
}

/// A row of the menu.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) title: &'static str,
    choices: Vec<(String, Choice)>,
    chosen: usize,
}

/// What a choice lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    Any,
    Pending,
    Status(Status),
    Decided(bool),
    Confidence(Confidence),
    Rule(String),
    Document(usize),
}

impl Menu {
    /// The menu over `session`, with what `filter` says chosen.
    pub(super) fn new(session: &Session, filter: &Filter) -> Self {
        let rows = vec![
            Row::new("show", statuses(), &is_like(filter)),
            Row::new("confidence", confidences(), &only(&filter.confidences, |one| Choice::Confidence(*one))),
            Row::new("rule", rules(session), &only(&filter.rules, |one| Choice::Rule(one.clone()))),
            Row::new("file", files(session), &filter.document.map_or(Choice::Any, Choice::Document)),
        ];
        Self { rows, at: 0, search: filter.search.clone() }
    }

    /// The filter that is chosen.
    pub(super) fn filter(&self) -> Filter {
        let mut filter = Filter { search: self.search.clone(), ..Filter::default() };
        for row in &self.rows {
            match row.choices[row.chosen].1.clone() {
                Choice::Any => {}
                Choice::Pending => filter.pending = true,
                Choice::Status(status) => filter.statuses.push(status),
                Choice::Decided(decided) => filter.decided = Some(decided),
                Choice::Confidence(confidence) => filter.confidences.push(confidence),
                Choice::Rule(rule) => filter.rules.push(rule),
                Choice::Document(document) => filter.document = Some(document),
            }
        }
        filter
    }

    /// Moves the cursor to the row below, or above.
    pub(super) fn go(&mut self, is_down: bool) {
        let count = self.rows.len();
        self.at = (self.at + if is_down { 1 } else { count - 1 }) % count;
    }

    /// Chooses the next thing in the row, or the one before.
    pub(super) fn choose(&mut self, is_forward: bool) {
        let row = &mut self.rows[self.at];
        let count = row.choices.len();
        row.chosen = (row.chosen + if is_forward { 1 } else { count - 1 }) % count;
    }

    /// Chooses what a review asks by default.
    pub(super) fn reset(&mut self) {
        self.rows.iter_mut().for_each(|row| row.chosen = 0);
        self.search = None;
    }
}

impl Row {
    fn new(title: &'static str, choices: Vec<(String, Choice)>, chosen: &Choice) -> Self {
        let chosen = choices.iter().position(|(_, choice)| choice == chosen).unwrap_or(0);
        Self { title, choices, chosen }
    }

    /// What is chosen.
    pub(super) fn chosen(&self) -> &str {
        &self.choices[self.chosen].0
    }
}

fn statuses() -> Vec<(String, Choice)> {
    [
        ("to decide", Choice::Pending),
        ("all", Choice::Any),
        ("decided", Choice::Decided(true)),
        ("suggested", Choice::Status(Status::Suggested)),
        ("applied", Choice::Status(Status::Applied)),
        ("superseded", Choice::Status(Status::Superseded)),
        ("rejected", Choice::Status(Status::Rejected)),
    ]
    .map(|(name, choice)| (name.to_owned(), choice))
    .to_vec()
}

fn confidences() -> Vec<(String, Choice)> {
    let levels = [Confidence::Certain, Confidence::Likely, Confidence::Doubtful];
    any().chain(levels.map(|level| (level.to_string(), Choice::Confidence(level)))).collect()
}

/// The rules that propose something, with how much.
fn rules(session: &Session) -> Vec<(String, Choice)> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for repair in session.documents().iter().flat_map(|document| &document.records.repairs) {
        *counts.entry(repair.rule.as_str()).or_default() += 1;
    }
    let choice = |(rule, count): (&str, usize)| (format!("{rule} ({count})"), Choice::Rule(rule.to_owned()));
    any().chain(counts.into_iter().map(choice)).collect()
}

fn files(session: &Session) -> Vec<(String, Choice)> {
    let documents = session.documents().iter().enumerate();
    let choice = |(number, document): (usize, &textmend::review::Reviewed)| {
        let progress = session.progress(number);
        let told = format!("{} ({} to decide)", document.name, progress.pending);
        (told, Choice::Document(number))
    };
    any().chain(documents.map(choice)).collect()
}

fn any() -> std::iter::Once<(String, Choice)> {
    std::iter::once(("any".to_owned(), Choice::Any))
}

fn is_like(filter: &Filter) -> Choice {
    match (filter.pending, filter.decided, filter.statuses.as_slice()) {
        (true, ..) => Choice::Pending,
        (_, Some(decided), _) => Choice::Decided(decided),
        (_, _, [status]) => Choice::Status(*status),
        _ => Choice::Any,
    }
}

fn only<T>(wanted: &[T], choice: impl Fn(&T) -> Choice) -> Choice {
    match wanted {
        [one] => choice(one),
        _ => Choice::Any,
    }
}
