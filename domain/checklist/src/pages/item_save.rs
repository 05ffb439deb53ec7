//! Saving a row: by the script while it is typed, or by the button.

use super::conflict::{conflict_page, conflict_part};
use super::item_view::{ItemRead, item_page, saved_text, state_part};
use super::overview::{done, next_path};
use super::{item_path, row_of};
use crate::actions::{
    AnswerInput, AnswerRefusal, AnswerSaved, Fault, answer_confirm, answer_set, ask_replied, form_of_round,
    round_by_key, round_view,
};
use crate::model::{FormKey, RoundView};
use crate::{neighbours, t, words};
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use komainu_catalog::PlacementId;
use komainu_web::{
    Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, page_with_status, redirect, with_flash,
};
use serde_json::json;

/// More check columns than any form has.
const COLUMNS: usize = 9;

/// What was sent, as typed. A button that offers a target date sends it beside the field.
fn typed(form: &Form) -> AnswerInput {
    let target = if form.text("take_target").is_empty() { "target" } else { "take_target" };
    AnswerInput {
        answer: form.text("answer").to_owned(),
        reason: form.text("reason").to_owned(),
        checked: (1..=COLUMNS).map(|column| form.text(&format!("checked{column}")).to_owned()).collect(),
        target: form.text(target).to_owned(),
        note: form.text("note").to_owned(),
        version: form.parse("version").unwrap_or(0),
    }
}

/// What follows a save.
struct After {
    saved: AnswerSaved,
    view: RoundView,
    kind: komainu_catalog::InstitutionKind,
}

/// Saves a row.
pub async fn item_save(member: Member, Path(path): Path<(String, String, String)>, form: Form) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let input = typed(&form);
    let (app, scope, sent, row) =
        (member.app.clone(), member.scope.clone(), input.clone(), placement.clone());
    let result = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            let saved = answer_set(tx, &app.nature, &scope, &app.catalog, round.id, &row, &sent)?;
            let view = round_view(tx, &scope, &app.catalog, round.id)?;
            Ok(After { saved, view, kind: neighbours::house(tx, &scope)?.kind })
        })
        .await;
    let address = (year, key, placement);
    match result {
        Ok(after) if member.fragment => saved_fragment(&member, &after, &address.2),
        Ok(after) => Ok(saved_page(&member, &after, &address.2, form.text("go"))),
        Err(Refused::Because(AnswerRefusal::Faults(faults))) => {
            faulty(&member, &address, &input, &faults).await
        }
        Err(Refused::Because(AnswerRefusal::Changed { theirs, mine })) => {
            let read = load(&member, &address).await?;
            if member.fragment {
                conflict_part(&member, &read, &address.2, theirs.as_deref(), &mine)
            } else {
                conflict_page(&member, &read, &address.2, theirs.as_deref(), &mine)
            }
        }
        Err(Refused::Because(AnswerRefusal::Closed)) => closed(&member, &address, &input).await,
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn saved_fragment(member: &Member, after: &After, placement: &PlacementId) -> Outcome {
    let form = form_of_round(&member.app.catalog, &after.view.round)?;
    let row = after.view.row(placement).ok_or(Failure::NotFound)?;
    let of = form.row(placement).ok_or(Failure::NotFound)?;
    let part = state_part(member, &after.view, row, of, after.kind);
    let html = part.render().map_err(Failure::internal)?;
    let text = saved_text(member, &after.saved.answer);
    let body =
        json!({ "ok": true, "version": after.saved.answer.version, "saved_at_text": text, "html": html });
    Ok(Json(body).into_response())
}

fn saved_page(member: &Member, after: &After, placement: &PlacementId, go: &str) -> axum::response::Response {
    let here = item_path(&after.view.round, placement);
    if go != "next" {
        return with_flash(&member.app, redirect(&here), NoticeKind::Success, &t!(member.lang, "item-saved"));
    }
    if let Some(next) = next_path(&after.view, Some(placement.as_str())) {
        return redirect(&next);
    }
    // What this very row lacks is said on its own page.
    let waits = after.view.row(placement).is_some_and(|row| row.state.is_waiting());
    if waits { redirect(&here) } else { done(member, &after.view) }
}

pub(crate) async fn load(
    member: &Member,
    address: &(i32, FormKey, PlacementId),
) -> Result<ItemRead, Failure> {
    let (scope, catalog, address) = (member.scope.clone(), member.app.catalog.clone(), address.clone());
    let today = member.app.nature.today();
    member.read(move |tx| ItemRead::load(tx, &scope, &catalog, &address, today)).await
}

/// The faults, in words, by field.
fn errors(member: &Member, year: i32, faults: &[Fault]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for fault in faults {
        if errors.of(&fault.field).is_empty() {
            let text = words::fault(member.lang, &fault.kind, year, member.app.nature.today());
            errors.add(&fault.field, text);
        }
    }
    errors
}

async fn faulty(
    member: &Member,
    address: &(i32, FormKey, PlacementId),
    input: &AnswerInput,
    faults: &[Fault],
) -> Outcome {
    let errors = errors(member, address.0, faults);
    if member.fragment {
        let fields: serde_json::Map<String, serde_json::Value> =
            errors.0.iter().map(|error| (error.field.clone(), json!(error.message))).collect();
        let body = Json(json!({ "errors": fields }));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let read = load(member, address).await?;
    let page = item_page(member, &read, &address.2, Some(input), errors)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The round was closed while somebody typed: said plainly, with what was typed.
async fn closed(member: &Member, address: &(i32, FormKey, PlacementId), input: &AnswerInput) -> Outcome {
    let text = t!(member.lang, "refused-closed");
    if member.fragment {
        let html = format!(
            "<div class=\"notice notice--warning\"><div class=\"notice__body\"><p>{text}</p></div></div>"
        );
        return Ok((StatusCode::CONFLICT, Json(json!({ "conflict": { "html": html } }))).into_response());
    }
    let read = load(member, address).await?;
    let page = item_page(member, &read, &address.2, Some(input), FieldErrors::default())?;
    page_with_status(StatusCode::CONFLICT, &page)
}

/// Confirms an earlier year's answer with one tap, then on to the next row that waits.
pub async fn item_confirm(
    member: Member,
    Path(path): Path<(String, String, String)>,
    _form: Form,
) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let (app, scope, row) = (member.app.clone(), member.scope.clone(), placement.clone());
    let result = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            answer_confirm(tx, &app.nature, &scope, &app.catalog, round.id, &row)?;
            Ok(round_view(tx, &scope, &app.catalog, round.id)?)
        })
        .await;
    match result {
        Ok(view) => {
            let complete = view.row(&placement).is_none_or(|row| !row.state.is_waiting());
            let here = item_path(&view.round, &placement);
            // A confirmed no still needs a target date of this year.
            let to = if complete { next_path(&view, Some(placement.as_str())) } else { Some(here) };
            Ok(match to {
                Some(to) => {
                    with_flash(&member.app, redirect(&to), NoticeKind::Success, &t!(member.lang, "confirmed"))
                }
                None => done(&member, &view),
            })
        }
        Err(Refused::Because(_)) => {
            let to = format!("/checklist/{year}/{key}/items/{placement}");
            Ok(with_flash(
                &member.app,
                redirect(&to),
                NoticeKind::Warning,
                &t!(member.lang, "refused-closed"),
            ))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Notes that a vendor's reply came.
pub async fn item_replied(member: Member, Path(path): Path<(String, String, String)>, form: Form) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let vendor = form.parse("vendor").ok_or(Failure::NotFound)?;
    let (app, scope, row) = (member.app.clone(), member.scope.clone(), placement.clone());
    let result = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            ask_replied(tx, &app.nature, &scope, round.id, &row, vendor)
        })
        .await;
    let (kind, text) = match result {
        Ok(()) => (NoticeKind::Success, t!(member.lang, "replied")),
        Err(Refused::Because(_)) => (NoticeKind::Warning, t!(member.lang, "refused-closed")),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let to = format!("/checklist/{year}/{key}/items/{placement}");
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}
