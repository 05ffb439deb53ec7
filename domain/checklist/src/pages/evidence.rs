//! Evidence of a row: handing in, opening, taking off.

use super::item_save::load;
use super::item_view::item_page;
use super::{item_path, row_of};
use crate::actions::{
    EvidenceRefusal, evidence_add_file, evidence_add_record, evidence_bytes, evidence_remove as remove,
    round_by_key,
};
use crate::model::{Evidence, EvidenceTarget, FormKey};
use crate::t;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::IntoResponse;
use komainu_catalog::PlacementId;
use komainu_db::DbError;
use komainu_files::Refusal;
use komainu_i18n::Lang;
use komainu_web::{
    Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Upload, attachment, inline_file,
    page_with_status, redirect, with_flash,
};
use serde_json::json;

/// Whether a browser may show a file of this kind beside our pages.
pub(crate) fn previewable(media_type: &str) -> bool {
    matches!(media_type, "application/pdf" | "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

pub(crate) fn refusal(lang: Lang, reason: EvidenceRefusal) -> String {
    match reason {
        EvidenceRefusal::Closed => t!(lang, "refused-closed"),
        EvidenceRefusal::NoRecord => t!(lang, "evidence-no-record"),
        EvidenceRefusal::File(Refusal::Empty) => t!(lang, "file-empty"),
        EvidenceRefusal::File(Refusal::TooLarge) => t!(lang, "file-too-large"),
        EvidenceRefusal::File(Refusal::Macros) => t!(lang, "file-macros"),
        EvidenceRefusal::File(Refusal::Kind) => t!(lang, "file-kind"),
    }
}

/// Hands in files: all of them, or none with the reason.
pub async fn evidence_add(
    member: Member,
    Path(path): Path<(String, String, String)>,
    upload: Upload,
) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    if upload.files.is_empty() {
        let text = t!(member.lang, "evidence-none-chosen");
        return refused(&member, &(year, key, placement), "file", text).await;
    }
    let (app, scope, row) = (member.app.clone(), member.scope.clone(), placement.clone());
    let result = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            for (_, name, bytes) in &upload.files {
                let row = (round.id, &row);
                evidence_add_file(tx, &app.nature, &scope, &app.catalog, &app.files, row, (name, bytes))
                    .map_err(|reason| Named { name: name.clone(), reason })?;
            }
            Ok::<_, Named>(item_path(&round, &row))
        })
        .await;
    match result {
        Ok(to) => Ok(added(&member, &to)),
        Err(Named { name, reason: Refused::Because(reason) }) => {
            let text = t!(
                member.lang,
                "evidence-refused",
                name = name.as_str(),
                reason = refusal(member.lang, reason)
            );
            refused(&member, &(year, key, placement), "file", text).await
        }
        Err(Named { reason: Refused::Failed(failure), .. }) => Err(failure),
    }
}

/// A refusal with the name of the file it is about.
struct Named {
    name: String,
    reason: Refused<EvidenceRefusal>,
}

impl From<Failure> for Named {
    fn from(failure: Failure) -> Self {
        Named { name: String::new(), reason: Refused::Failed(failure) }
    }
}

impl From<DbError> for Named {
    fn from(error: DbError) -> Self {
        Failure::from(error).into()
    }
}

fn added(member: &Member, to: &str) -> axum::response::Response {
    let text = t!(member.lang, "evidence-added");
    if member.fragment {
        // Without a fragment: to a browser that is on this page already, `#evidence` would be no reason to load it.
        let response = Json(json!({ "location": to })).into_response();
        return with_flash(&member.app, response, NoticeKind::Success, &text);
    }
    with_flash(&member.app, redirect(&format!("{to}#evidence")), NoticeKind::Success, &text)
}

async fn refused(
    member: &Member,
    address: &(i32, FormKey, PlacementId),
    field: &str,
    text: String,
) -> Outcome {
    if member.fragment {
        let body = Json(json!({ "errors": { field: text } }));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let read = load(member, address).await?;
    let mut errors = FieldErrors::default();
    errors.add(field, text);
    let page = item_page(member, &read, &address.2, None, errors)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Takes a record, or a file that is here already, as evidence.
pub async fn evidence_link(
    member: Member,
    Path(path): Path<(String, String, String)>,
    form: Form,
) -> Outcome {
    let address = row_of(&path)?;
    let target =
        form.text("record").split_once(':').and_then(|(kind, key)| EvidenceTarget::parse(kind, key).ok());
    let Some(target) = target else {
        return refused(&member, &address, "record", t!(member.lang, "evidence-none-chosen")).await;
    };
    let (year, key, placement) = address.clone();
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let result = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            let row = (round.id, &placement);
            evidence_add_record(tx, &app.nature, &scope, &app.catalog, row, &target)?;
            Ok(item_path(&round, &placement))
        })
        .await;
    match result {
        Ok(to) => Ok(added(&member, &to)),
        Err(Refused::Because(reason)) => {
            refused(&member, &address, "record", refusal(member.lang, reason)).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Takes a piece off its row.
pub async fn evidence_remove(
    member: Member,
    Path((year, form, row, id)): Path<(String, String, String, String)>,
    _form: Form,
) -> Outcome {
    let (year, key, placement) = row_of(&(year, form, row))?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let result = member.write(move |tx| remove(tx, &app.nature, &scope, id)).await;
    let (kind, text) = match result {
        Ok(_) => (NoticeKind::Success, t!(member.lang, "evidence-removed")),
        Err(Refused::Because(reason)) => (NoticeKind::Warning, refusal(member.lang, reason)),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let to = format!("/checklist/{year}/{key}/items/{placement}#evidence");
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}

async fn file(member: &Member, id: &str) -> Result<(Evidence, Vec<u8>), Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let (scope, files) = (member.scope.clone(), member.app.files.clone());
    member.read(move |tx| evidence_bytes(tx, &scope, &files, id)).await
}

/// Shows a picture or PDF in the browser, sealed off from our pages; anything else is handed over as a file.
pub async fn evidence_open(member: Member, Path(id): Path<String>) -> Outcome {
    let (evidence, bytes) = file(&member, &id).await?;
    if previewable(&evidence.media_type) {
        Ok(inline_file(&evidence.name, &evidence.media_type, bytes))
    } else {
        Ok(sealed(&evidence, bytes))
    }
}

/// Hands a file over to be kept; not at a shared place, where it would lie for whoever comes next.
pub async fn evidence_download(member: Member, Path(id): Path<String>) -> Outcome {
    if member.shared.is_some() {
        return Err(Failure::AtPlace);
    }
    let (evidence, bytes) = file(&member, &id).await?;
    Ok(sealed(&evidence, bytes))
}

/// A file to be kept; should a browser show it all the same, nothing in it can run.
pub(crate) fn sealed(evidence: &Evidence, bytes: Vec<u8>) -> axum::response::Response {
    let mut response = attachment(&evidence.name, &evidence.media_type, bytes);
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}
