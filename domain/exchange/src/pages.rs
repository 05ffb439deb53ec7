//! `/ledger/import` and `/ledger/export`: files handed in, columns said, rows looked at, all of it taken; and the ledger taken
//! out.

mod columns;
mod done;
mod export;
mod preview;
mod start;

pub use columns::{columns, columns_save};
pub use export::{ExportForm, export, export_file};
pub(crate) use export::{file_of, make};
pub(crate) use preview::named;
pub use preview::{apply, choose};
pub use start::{remove, start, upload};

use crate::actions::{Desk, import_get};
use crate::model::{FileRefusal, Import, ImportId, State};
use crate::rules::{MOST_BYTES, Read, read_files};
use crate::t;
use axum::extract::{Path, Query};
use komainu_i18n::Lang;
use komainu_vendor::pages::ledger_name;
use komainu_web::{App, Crumb, Failure, Member, Outcome};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The largest body that handing in files takes, in bytes: the files and what a form puts around them.
pub const UPLOAD_BODY: usize = MOST_BYTES + 2 * 1000 * 1000;
/// Where imports are.
const IMPORT: &str = "/ledger/import";
/// How long reading what was handed in may take before the person is told to try again.
const PATIENCE: Duration = Duration::from_secs(60);
/// Hand-ins that are read at the same time; each may unpack to many megabytes.
static BENCH: Semaphore = Semaphore::const_new(2);

/// Which rows are shown.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shown {
    /// The outcome, by its word; empty for all.
    #[serde(default)]
    show: String,
    /// Which page of them, from 1.
    #[serde(default)]
    page: usize,
}

/// Reads files off the async threads, a few at a time, and not forever.
pub(crate) async fn read_at_bench(
    files: Vec<(String, Vec<u8>)>,
) -> Result<Result<Read, (String, FileRefusal)>, Failure> {
    let bounded = async {
        let place = BENCH.acquire().await.map_err(Failure::internal)?;
        tokio::task::spawn_blocking(move || {
            // Held by the work itself: work that was given up still takes its place until it ends.
            let _place = place;
            read_files(&files)
        })
        .await
        .map_err(Failure::internal)
    };
    tokio::time::timeout(PATIENCE, bounded)
        .await
        .map_err(|_| Failure::internal("files took longer to read than allowed"))?
}

/// What an import is done with.
pub(crate) fn desk(app: &App, lang: Lang) -> Desk<'_> {
    Desk { nature: &app.nature, files: &app.files, lang }
}

fn id_of(text: &str) -> Result<ImportId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// The import at an address.
async fn find(member: &Member, id: &str) -> Result<Import, Failure> {
    let (scope, id) = (member.scope.clone(), id_of(id)?);
    member.read(move |tx| import_get(tx, &scope, id)).await
}

/// Where an import's page leads back to.
fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![
        Crumb { href: "/ledger".to_owned(), label: ledger_name(lang) },
        Crumb { href: IMPORT.to_owned(), label: t!(lang, "import-title") },
    ]
}

/// An import, as far as it is.
pub async fn import(member: Member, Path(id): Path<String>, Query(shown): Query<Shown>) -> Outcome {
    let import = find(&member, &id).await?;
    match import.state {
        State::Mapping => columns::page_of(&member, import, false).await,
        State::Preview => preview::page_of(&member, import.id, &shown, preview::Told::Nothing).await,
        State::Applied => done::page_of(&member, &import),
    }
}
