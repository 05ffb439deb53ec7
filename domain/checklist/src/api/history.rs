//! Who changed what in a round, when, before and after.

use super::{RoundPath, RowPath};
use crate::actions::{self, HistoryPage, round_by_key};
use crate::rules::Span;
use chrono::{DateTime, Utc};
use komainu_web::Outcome;
use komainu_web::api::{After, Caller, Page, Path, Query};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A change; a sitting of typing is one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundChange)]
pub struct ChangeShown {
    at: DateTime<Utc>,
    /// The name of whoever made it, at the time.
    person_name: String,
    /// The action's name, such as `answer_set`.
    action: String,
    /// To what: the round's id, or that and the row.
    object: String,
    /// The state before; null where there was none.
    before: Value,
    /// The state after; null where nothing is left.
    after: Value,
}

impl From<Span> for ChangeShown {
    fn from(span: Span) -> Self {
        let state = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        ChangeShown {
            at: span.at,
            person_name: span.who,
            action: span.action,
            object: span.object,
            before: state(&span.before),
            after: state(&span.after),
        }
    }
}

fn page(history: HistoryPage) -> Page<ChangeShown> {
    Page::of(history.entries.into_iter().map(ChangeShown::from).collect(), history.older)
}

/// What happened in a round, newest first
#[utoipa::path(get, path = "/rounds/{year}/{form}/history", params(RoundPath, After),
    responses((status = 200, body = Page<ChangeShown>)))]
pub async fn round_history(
    caller: Caller,
    Path(path): Path<RoundPath>,
    Query(after): Query<After>,
) -> Outcome {
    let before: Option<i64> = after.key(caller.lang)?;
    caller
        .show(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            actions::round_history(tx, &at.scope, round.id, before).map(page)
        })
        .await
}

/// What happened to a row, newest first
#[utoipa::path(get, path = "/rounds/{year}/{form}/rows/{row}/history", params(RowPath),
    responses((status = 200, body = Page<ChangeShown>)))]
pub async fn row_history(caller: Caller, Path(path): Path<RowPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let history = actions::row_history(tx, &at.scope, round.id, &path.row)?;
            // Of a row only the newest part is told.
            Ok(page(HistoryPage { older: None, ..history }))
        })
        .await
}
