//! Looking at a row, and noticing that somebody else changed it.

use super::item_view::{ItemRead, item_page, saved_text};
use super::row_of;
use crate::actions::{changed_by_other, round_by_key};
use crate::t;
use askama::Template;
use axum::extract::{Path, Query};
use komainu_web::{FieldErrors, Member, Outcome, page};
use serde::Deserialize;

/// The page of a row.
pub async fn item(member: Member, Path(path): Path<(String, String, String)>) -> Outcome {
    let address = row_of(&path)?;
    let (scope, catalog, wanted) = (member.scope.clone(), member.app.catalog.clone(), address.clone());
    let today = member.app.nature.today();
    let read = member.read(move |tx| ItemRead::load(tx, &scope, &catalog, &wanted, today)).await?;
    page(&item_page(&member, &read, &address.2, None, FieldErrors::default())?)
}

/// The version a page was made from.
#[derive(Debug, Deserialize)]
pub struct Seen {
    #[serde(default)]
    version: i64,
}

/// The news that somebody else changed the row, or nothing.
#[derive(Template)]
#[template(path = "item_changed.html")]
struct ChangedPart {
    text: String,
    look: String,
    href: String,
}

/// Whether somebody else changed the row since the page was made; one small query.
pub async fn item_changed(
    member: Member,
    Path(path): Path<(String, String, String)>,
    Query(seen): Query<Seen>,
) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let scope = member.scope.clone();
    let (round, answer) = member
        .read(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            let answer = changed_by_other(tx, &scope, round.id, &placement, seen.version)?;
            Ok((super::item_path(&round, &placement), answer))
        })
        .await?;
    let text = answer.map(|answer| saved_text(&member, &answer)).unwrap_or_default();
    page(&ChangedPart { text, look: t!(member.lang, "changed-look"), href: round })
}
