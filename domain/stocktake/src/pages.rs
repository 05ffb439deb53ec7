//! `/ledger/stock-take`: the list of stock-takes, one of them, walking by place, what is added, taken over and printed.

mod found;
mod list;
mod one;
mod walk;

pub use found::{thing_create, thing_new, thing_take};
pub use list::{stock_take_create, stock_takes};
pub use one::{close_ask, close_do, stock_take};
pub use walk::{mark_save, walk};

pub(crate) use found::{about, read_new};
pub(crate) use one::{compared_lists, count_rows};
pub(crate) use walk::read_mark;

use crate::actions::{Seen, stock_take_before, stock_take_see};
use crate::document::{self, Sheet};
use crate::model::{Line, StockTakeId};
use crate::{t, words};
use axum::extract::Path;
use komainu_inventory::AssetId;
use komainu_web::{Crumb, Failure, Member, Outcome, Visit, inline_file};

const LIST: &str = "/ledger/stock-take";

/// A place in the order of walking, with its lines.
pub(crate) struct Place {
    /// `none`, or the id of the place.
    pub(crate) key: String,
    /// Its name, or that nobody wrote one.
    pub(crate) name: String,
    pub(crate) lines: Vec<Line>,
}

/// The lines by place, in the order of walking.
pub(crate) fn by_place(lang: komainu_i18n::Lang, mut lines: Vec<Line>) -> Vec<Place> {
    words::in_walking_order(lang, &mut lines);
    let mut places: Vec<Place> = Vec::new();
    for line in lines {
        // A place that is gone from the ledger has no name any more.
        let here = line.was.place.filter(|_| !line.was.place_name.is_empty());
        let key = here.map_or_else(|| "none".to_owned(), |place| place.to_string());
        match places.last_mut() {
            Some(place) if place.key == key => place.lines.push(line),
            _ => {
                let name = words::place_text(lang, &line.was.place_name);
                places.push(Place { key, name, lines: vec![line] });
            }
        }
    }
    places
}

fn take_of(id: &str) -> Result<StockTakeId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

fn line_of((take, asset): &(String, String)) -> Result<(StockTakeId, AssetId), Failure> {
    Ok((take_of(take)?, asset.parse().map_err(|_| Failure::NotFound)?))
}

fn path_of(id: StockTakeId) -> String {
    format!("{LIST}/{id}")
}

/// The way back: the list of stock-takes and, below it, this one.
fn crumbs(visit: &Visit, seen: &Seen) -> Vec<Crumb> {
    vec![
        Crumb { href: LIST.to_owned(), label: t!(visit.lang, "takes-title") },
        Crumb { href: path_of(seen.take.id), label: seen.take.name.clone() },
    ]
}

async fn see(member: &Member, id: StockTakeId) -> Result<Seen, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| stock_take_see(tx, &scope, id)).await
}

/// The list to walk with.
pub async fn list_paper(member: Member, Path(id): Path<String>) -> Outcome {
    paper(&member, &member.scope, take_of(&id)?, Sheet::List).await
}

/// What came of it.
pub async fn result_paper(member: Member, Path(id): Path<String>) -> Outcome {
    paper(&member, &member.scope, take_of(&id)?, Sheet::Result).await
}

/// Sets one of the two papers off the async threads.
pub(crate) async fn paper(
    visit: &Visit,
    scope: &komainu_access::Scope,
    id: StockTakeId,
    sheet: Sheet,
) -> Outcome {
    let (lang, made_at, reader) = (visit.lang, visit.app.nature.now(), scope.clone());
    let (seen, before, owner) = visit
        .read(move |tx| {
            let seen = stock_take_see(tx, &reader, id)?;
            let before = stock_take_before(tx, &reader, &seen.take)?;
            let owner = komainu_institution::actions::institution_get(tx, &reader)?.name;
            Ok((seen, before, owner))
        })
        .await?;
    let name = document::file_name(lang, &seen.take, sheet);
    let pdf = tokio::task::spawn_blocking(move || {
        document::set(lang, sheet, &seen, before.as_ref(), &owner, made_at)
    });
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    if !pdf.remarks.is_empty() {
        tracing::warn!(remarks = pdf.remarks, "typst remarked on a stock-take");
    }
    Ok(inline_file(&name, "application/pdf", pdf.bytes))
}
