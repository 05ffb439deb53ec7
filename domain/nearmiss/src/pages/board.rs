//! What everybody of the house may learn from.

use super::{Side, id_of, tabs};
use crate::model::NearMissId;
use crate::{actions, document, t, words};
use askama::Template;
use axum::extract::Path;
use komainu_access::Scope;
use komainu_i18n::Lang;
use komainu_web::{Failure, Member, Outcome, Section, Shell, Tab, Visit, date_text, inline_file, page};

struct Case {
    sheet: String,
    title: String,
    about: String,
    happened: String,
    learned: String,
    doing: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    cases: Vec<Case>,
}

/// `GET /near-miss/board`
pub async fn board(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let cases = member.read(move |tx| actions::board(tx, &scope)).await?;
    let cases = cases.into_iter().map(|near_miss| {
        let day = near_miss.board_at.map(komainu_clock::in_japan).map(|at| date_text(lang, at.date_naive()));
        Case {
            sheet: format!("/near-miss/board/{}/sheet", near_miss.id),
            about: t!(
                lang,
                "board-about",
                symptom = words::symptom_text(&member.app.catalog, lang, &near_miss.symptom),
                day = day.unwrap_or_default()
            ),
            title: near_miss.board.title,
            happened: near_miss.board.happened,
            learned: near_miss.board.learned,
            doing: near_miss.board.doing,
        }
    });
    page(&BoardPage {
        page: member.shell(&t!(lang, "board-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::Board),
        sides: t!(lang, "sides"),
        cases: cases.collect(),
    })
}

/// `GET /near-miss/board/{id}/sheet`: a case for the wall.
pub async fn board_sheet(member: Member, Path(id): Path<String>) -> Outcome {
    sheet(&member, &member.scope, id_of(&id)?).await
}

/// Sets a case of the board off the async threads.
pub(crate) async fn sheet(visit: &Visit, scope: &Scope, id: NearMissId) -> Outcome {
    let (lang, made_at, reader) = (visit.lang, visit.app.nature.now(), scope.clone());
    let (near_miss, owner) = visit
        .read(move |tx| {
            let near_miss = actions::board_entry(tx, &reader, id)?;
            let owner = komainu_institution::actions::institution_get(tx, &reader)?.name;
            Ok((near_miss, owner))
        })
        .await?;
    let catalog = visit.app.catalog.clone();
    let name = document::learning_name(lang, &near_miss);
    let pdf = tokio::task::spawn_blocking(move || {
        document::learning(lang, &catalog, &near_miss, (&owner, made_at))
    });
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    if !pdf.remarks.is_empty() {
        tracing::warn!(remarks = pdf.remarks, "typst remarked on a learning sheet");
    }
    Ok(inline_file(&name, "application/pdf", pdf.bytes))
}
