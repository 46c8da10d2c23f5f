//! What a browser asks for. Every answer to a change is given after it is on
//! disk.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::Shared;
use crate::decisions::Scope;
use crate::edit::Verdict;
use crate::error::{Error, Result};
use crate::report::html::{self, Listed, Page};
use crate::review::{Done, Say, Session, Target};

/// How the review stands, after what was asked for is done.
#[derive(Serialize)]
struct Standing {
    documents: Vec<Counts>,
    /// The documents that look different now.
    changed: BTreeSet<usize>,
    /// What was taken back.
    undone: Option<Undone>,
    /// How many decisions nothing can be held against any more.
    stale: usize,
}

/// What a decision that was taken back was about.
#[derive(Serialize)]
struct Undone {
    document: String,
    /// The repair or the note, if it was one.
    id: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    repairs: usize,
    open: usize,
    decided: usize,
}

/// A decision that is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    document: usize,
    id: Option<String>,
    rule: Option<String>,
    decision: Verdict,
    scope: Scope,
    text: Option<String>,
    note: Option<String>,
}

/// A note to be ticked off, or not any more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tick {
    document: usize,
    note_id: String,
    done: bool,
}

/// Nothing: what comes of it does not depend on what is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

pub(super) async fn page(State(shared): State<Shared>) -> Response {
    with(shared, |session| {
        session.refresh()?;
        let listed = session.documents().iter().enumerate().map(|(number, document)| Listed {
            name: document.name.clone(),
            repairs: document.records.repairs.len(),
            open: session.progress(number).pending,
        });
        Ok(Html(html::live(listed.collect())).into_response())
    })
    .await
}

pub(super) async fn standing(State(shared): State<Shared>) -> Response {
    with(shared, |session| {
        let changed = session.refresh()?;
        Ok(stand(session, changed, None))
    })
    .await
}

pub(super) async fn document(State(shared): State<Shared>, Path(number): Path<usize>) -> Response {
    with(shared, move |session| {
        let Some(document) = session.documents().get(number) else {
            return Ok((StatusCode::NOT_FOUND, "There is no such document.").into_response());
        };
        let page = Page { name: &document.name, records: &document.records, cleaned: &document.cleaned };
        let is_done = |id: &str| session.is_ticked(number, id);
        Ok(Html(html::fragment(&page, number, &is_done)).into_response())
    })
    .await
}

pub(super) async fn decide(State(shared): State<Shared>, Json(wish): Json<Wish>) -> Response {
    with(shared, move |session| {
        let document = wish.document;
        let target = match (wish.id, wish.rule) {
            (Some(id), None) => Target::Repair { document, id },
            (None, Some(rule)) => Target::Rule { document, rule },
            _ => {
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, "Which repair, or which rule?").into_response());
            }
        };
        let say = match wish.decision {
            Verdict::Accept => Say::Accept,
            Verdict::Reject => Say::Reject,
            Verdict::Edit => Say::Edit(wish.text.unwrap_or_default()),
        };
        let mut changed = session.refresh()?;
        let Done { documents, .. } = session.decide(&target, &say, wish.scope, wish.note.as_deref())?;
        changed.extend(documents);
        Ok(stand(session, changed, None))
    })
    .await
}

pub(super) async fn tick(State(shared): State<Shared>, Json(tick): Json<Tick>) -> Response {
    with(shared, move |session| {
        let mut changed = session.refresh()?;
        let Done { documents, .. } = session.tick(tick.document, &tick.note_id, tick.done)?;
        changed.extend(documents);
        changed.push(tick.document);
        Ok(stand(session, changed, None))
    })
    .await
}

pub(super) async fn undo(State(shared): State<Shared>, Json(Nothing {}): Json<Nothing>) -> Response {
    with(shared, |session| {
        let mut changed = session.refresh()?;
        let Some(done) = session.undo()? else { return Ok(stand(session, changed, None)) };
        // A tick changes no text, so nothing was cleaned anew, but it shows.
        let names: Vec<_> = done.lines.iter().filter_map(|line| line.document.as_deref()).collect();
        let numbered = session.documents().iter().enumerate();
        changed
            .extend(numbered.filter(|(_, one)| names.contains(&one.name.as_str())).map(|(number, _)| number));
        changed.extend(done.documents);
        let undone = done
            .lines
            .into_iter()
            .next()
            .map(|line| Undone { document: line.document.unwrap_or_default(), id: line.id.or(line.note_id) });
        Ok(stand(session, changed, undone))
    })
    .await
}

fn stand(session: &Session, changed: Vec<usize>, undone: Option<Undone>) -> Response {
    let counts = session.documents().iter().enumerate().map(|(number, document)| {
        let progress = session.progress(number);
        Counts { repairs: document.records.repairs.len(), open: progress.pending, decided: progress.decided }
    });
    Json(Standing {
        documents: counts.collect(),
        changed: changed.into_iter().collect(),
        undone,
        stale: session.stale().len(),
    })
    .into_response()
}

/// Does `work` where it may take its time, and tells what went wrong.
async fn with(
    shared: Shared,
    work: impl FnOnce(&mut Session) -> Result<Response> + Send + 'static,
) -> Response {
    let work = move || {
        // What a panic left is what the file says, or is read from it again.
        let mut session: MutexGuard<'_, Session> =
            shared.session.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut session)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(error @ Error::Decision { .. })) => (StatusCode::CONFLICT, error.to_string()).into_response(),
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        Err(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong inside of textmend.").into_response()
        }
    }
}
