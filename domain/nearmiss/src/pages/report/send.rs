//! Telling it: once, however often it is sent, with script or without.

use super::home::{Typed, places_of, receipts_of, see_page, see_path};
use super::{Door, Frame};
use crate::actions::{ReportRefusal, Taken, report_find, report_take};
use crate::model::{CleanPhoto, Detail, NewReport, PhotoFault, ReceiptCode};
use crate::rules::{MOST_NAME, MOST_PHOTOS, MOST_WORDS, clean_photo, moments, taps_of};
use crate::t;
use crate::words::photo_fault_text;
use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use chrono::{DateTime, Utc};
use komainu_catalog::Symptom;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_web::{
    Failure, FieldErrors, Form, Handed, Linked, Member, Outcome, Refused, Shell, Upload, page,
    page_with_status,
};
use serde_json::json;

/// After so many seconds a poster that took very much today may be tried again.
const WAIT: u64 = 1_800;
/// The form's field with photographs.
const PHOTO: &str = "photo";

#[derive(Template)]
#[template(path = "report/sent.html")]
struct SentPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    /// The code, in groups.
    shown: String,
    /// What is to be said of photographs that were not kept.
    left: Vec<String>,
    aid: String,
    receipts: String,
}

/// `POST /l/report/{token}/send`
pub async fn poster_send(linked: Linked, Handed(upload): Handed) -> Outcome {
    let door = Door::poster(linked, upload.form.text("lang"));
    send(&door, upload).await
}

/// `POST /near-miss/report/send`
pub async fn report_send(member: Member, upload: Upload) -> Outcome {
    send(&Door::house(member), upload).await
}

async fn send(door: &Door, upload: Upload) -> Outcome {
    let app = door.visit().app.clone();
    let symptom = app.catalog.symptom(upload.form.text("symptom")).ok_or(Failure::NotFound)?;
    let typed = Typed::of(&upload.form, symptom);
    let errors = faults(door.lang, &typed);
    if !errors.is_empty() {
        return faulty(door, symptom, &upload.form, (typed, errors)).await;
    }
    let (photos, mut left) = photographs(upload.files).await?;
    let new = read(door, symptom, &upload.form, (&typed, photos));
    let (taken, code) = match take(door, new.clone()).await? {
        // Without a script, who goes back and tells something else sends it under the same name: it is another report.
        Taken::Again(_, false) if !door.visit().fragment => {
            let nature = &app.nature;
            let other = NewReport { sent_id: nature.id(), code: ReceiptCode::new(nature.bytes()), ..new };
            let code = other.code.clone();
            (take(door, other).await?, code)
        }
        taken => (taken, new.code),
    };
    if let Taken::New(_, faults) = taken {
        left.extend(faults);
    }
    let left: Vec<String> = left.into_iter().map(|fault| photo_fault_text(door.lang, fault)).collect();
    if door.visit().fragment {
        return Ok(Json(json!({ "state": "taken", "left": left })).into_response());
    }
    let frame = door.frame(&see_path(door, symptom)).await?;
    page(&SentPage {
        page: door.shell(&t!(door.lang, "report-done-title")),
        lang: door.lang,
        shown: code.grouped(),
        left,
        aid: format!("{}{}", see_path(door, symptom), frame.query),
        receipts: receipts_of(&frame),
        frame,
    })
}

/// Stores a report; where the very same was stored in this moment, that is found.
async fn take(door: &Door, new: NewReport) -> Result<Taken, Failure> {
    let (app, sent_id) = (door.visit().app.clone(), new.sent_id);
    let taken =
        door.act(move |tx, scope| report_take(tx, &app.nature, scope, &app.catalog, &app.files, &new)).await;
    match taken {
        Ok(taken) => Ok(taken),
        Err(Refused::Because(ReportRefusal::NoSymptom)) => Err(Failure::NotFound),
        Err(Refused::Because(ReportRefusal::TooMany)) => Err(Failure::TooMany(WAIT)),
        Err(Refused::Because(ReportRefusal::Twice)) => {
            let found = door.look(move |tx, scope| report_find(tx, scope, sent_id)).await?;
            let found = found.ok_or_else(|| Failure::internal("neither stored nor there"))?;
            Ok(Taken::Again(found, true))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What is wrong with what was typed.
fn faults(lang: Lang, typed: &Typed) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (field, text, most) in [
        ("words", &typed.words, MOST_WORDS),
        ("place", &typed.place, MOST_NAME),
        ("name", &typed.who, MOST_NAME),
    ] {
        if text.chars().count() > most {
            errors.add(field, t!(lang, "report-too-long", most = most.to_string()));
        }
    }
    errors
}

/// The same page with what was typed and what is wrong with it; a script hears it as JSON.
async fn faulty(
    door: &Door,
    symptom: &Symptom,
    form: &Form,
    (typed, errors): (Typed, FieldErrors),
) -> Outcome {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if door.visit().fragment {
        let errors: serde_json::Map<String, serde_json::Value> =
            errors.0.into_iter().map(|error| (error.field, error.message.into())).collect();
        return Ok((status, Json(json!({ "errors": errors }))).into_response());
    }
    let frame = door.frame(&see_path(door, symptom)).await?;
    let places = places_of(door).await?;
    let page = see_page(door, frame, symptom, places, (typed, None));
    page_with_status(status, &page.faulty(errors).named(form.text("sent_id"), form.text("code")))
}

/// The pictures alone, and what is wrong with the others. Bytes of strangers are looked at off the async threads.
async fn photographs(
    files: Vec<(String, String, Vec<u8>)>,
) -> Result<(Vec<CleanPhoto>, Vec<PhotoFault>), Failure> {
    let work = move || {
        let (mut photos, mut left) = (Vec::new(), Vec::new());
        for (_, _, bytes) in files.into_iter().filter(|(field, _, bytes)| field == PHOTO && !bytes.is_empty())
        {
            match clean_photo(&bytes) {
                Ok(_) if photos.len() == MOST_PHOTOS => left.push(PhotoFault::TooMany),
                Ok(photo) => photos.push(photo),
                Err(fault) => left.push(fault),
            }
        }
        (photos, left)
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)
}

/// The report that a form holds. What names it is made here where the form has none that can be read.
fn read(
    door: &Door,
    symptom: &Symptom,
    form: &Form,
    (typed, photos): (&Typed, Vec<CleanPhoto>),
) -> NewReport {
    let nature = &door.visit().app.nature;
    let written = form.text("written_at").parse::<DateTime<Utc>>().ok();
    let (written_at, seen_at) = moments(written, typed.ago, nature.now());
    NewReport {
        sent_id: form.parse::<Uuid>("sent_id").unwrap_or_else(|| nature.id()),
        code: form.parse("code").unwrap_or_else(|| ReceiptCode::new(nature.bytes())),
        symptom: symptom.id.as_str().to_owned(),
        place: typed.place_id.parse().ok(),
        detail: Detail {
            place: typed.place.clone(),
            taps: taps_of(symptom, |tap| typed.taps.get(tap).map(String::as_str)),
            words: typed.words.trim().to_owned(),
            name: typed.who.clone(),
        },
        lang: door.lang,
        seen_at,
        written_at,
        photos,
    }
}
