//! `/operations`: the page of whoever runs the installation.

use crate::actions::{self, Disks, Overview, Runner, overview};
use crate::sections::{self, BackupSection, Section};
use crate::words::{is_grave, warning_text};
use crate::{rules, t};
use askama::Template;
use axum::response::Response;
use komainu_db::Tx;
use komainu_web::{
    App, Failure, Form, NoticeKind, Outcome, Shell, SignedIn, Tab, operations_tabs, page, redirect,
    with_flash,
};

#[derive(Template)]
#[template(path = "operations.html")]
struct OperationsPage {
    page: Shell,
    tabs: Vec<Tab>,
    tabs_name: String,
    warnings: Vec<Told>,
    sections: Vec<Section>,
}

/// A warning.
struct Told {
    kind: &'static str,
    what: String,
    todo: String,
}

/// `GET /operations`
pub async fn operations(signed: SignedIn) -> Outcome {
    let lang = signed.lang;
    let state = state(&signed).await?;
    let warnings = rules::warnings(&state.situation)
        .into_iter()
        .map(|warning| {
            let (what, todo) = warning_text(lang, warning);
            Told { kind: if is_grave(warning) { "error" } else { "warning" }, what, todo }
        })
        .collect();
    let (tabs_name, tabs) = operations_tabs(lang, "/operations");
    page(&OperationsPage {
        tabs,
        tabs_name,
        page: signed.shell_of_installation(&t!(lang, "operations-title")),
        warnings,
        sections: sections::all(&signed, &state)?,
    })
}

/// `GET /operations/backup`: the section of backups, for polling; with no script the page itself shows the same.
pub async fn backup_state(signed: SignedIn) -> Outcome {
    let state = state(&signed).await?;
    if !signed.fragment {
        return Ok(redirect("/operations"));
    }
    page(&BackupSection::new(&signed, &state))
}

/// `POST /operations/backup`: back up now.
pub async fn backup_now(signed: SignedIn, _: Form) -> Outcome {
    let text = t!(signed.lang, "backup-asked");
    asked(&signed, actions::backup_ask, &text).await
}

/// `POST /operations/proof`: prove the newest backup now.
pub async fn proof_now(signed: SignedIn, _: Form) -> Outcome {
    let text = t!(signed.lang, "proof-asked");
    asked(&signed, actions::proof_ask, &text).await
}

/// `POST /operations/key`: the recovery key is on paper.
pub async fn key_kept(signed: SignedIn, _: Form) -> Outcome {
    let text = t!(signed.lang, "key-kept");
    asked(&signed, |tx, app, runner| actions::key_keep(tx, &app.nature, runner), &text).await
}

async fn state(signed: &SignedIn) -> Result<Overview, Failure> {
    let (app, runner) = (signed.app.clone(), Runner::signed_in(&signed.session)?);
    let looking = app.clone();
    let disks = tokio::task::spawn_blocking(move || Disks::look(&looking.settings)).await;
    let disks = disks.map_err(Failure::internal)?;
    signed.read(move |tx| overview(tx, &app, &runner, disks)).await
}

async fn asked(
    signed: &SignedIn,
    action: fn(&mut Tx<'_>, &App, &Runner) -> Result<(), Failure>,
    text: &str,
) -> Result<Response, Failure> {
    let (app, runner) = (signed.app.clone(), Runner::signed_in(&signed.session)?);
    signed.write::<_, Failure>(move |tx| action(tx, &app, &runner)).await?;
    Ok(with_flash(&signed.app, redirect("/operations#backup"), NoticeKind::Success, text))
}
