//! What became of a report, for whoever has its code: named or nameless.

use super::home::receipts_of;
use super::{Door, Frame, HTML, Wanted, squeezed};
use crate::actions::{MessageRefusal, receipt_answer, receipt_see};
use crate::model::{Receipt, ReceiptCode};
use crate::rules::MOST_MESSAGE;
use crate::t;
use crate::words::{receipt_state, symptom_text};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use komainu_i18n::Lang;
use komainu_web::{
    Failure, FieldErrors, Form, Handed, Linked, Member, Outcome, Refused, Shell, moment_text, page,
    page_with_status,
};

/// What was said, by whom and when.
struct Said {
    from_house: bool,
    by: String,
    words: String,
}

/// A report as its sender sees it.
struct Shown {
    what: String,
    came: String,
    badge: (&'static str, String),
    said: Vec<Said>,
}

#[derive(Template)]
#[template(path = "report/receipt.html")]
struct ReceiptPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    home: String,
    action: String,
    typed: String,
    found: Option<Shown>,
    /// That what was written was taken.
    told: bool,
    draft: String,
    errors: FieldErrors,
}

/// `GET /l/report/{token}/receipt`
pub async fn poster_receipt(linked: Linked, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Outcome {
    empty(&Door::poster(linked, &wanted.lang), &headers).await
}

/// `GET /near-miss/receipt`
pub async fn report_receipt(member: Member, headers: HeaderMap) -> Outcome {
    empty(&Door::house(member), &headers).await
}

async fn empty(door: &Door, headers: &HeaderMap) -> Outcome {
    let frame = door.frame(&path_of(door)).await?;
    squeezed(HTML, empty_text(door, frame)?, headers)
}

/// The page that asks for a code, written out.
pub(super) fn empty_text(door: &Door, frame: Frame) -> Result<String, Failure> {
    receipt_page(door, frame, "", None).render().map_err(Failure::internal)
}

/// Its address, without its language.
pub(super) fn path_of(door: &Door) -> String {
    if door.link().is_some() { format!("{}/receipt", door.base()) } else { "/near-miss/receipt".to_owned() }
}

fn receipt_page(door: &Door, frame: Frame, typed: &str, found: Option<&Receipt>) -> ReceiptPage {
    let lang = door.lang;
    ReceiptPage {
        page: door.shell(&t!(lang, "receipt-title")),
        lang,
        home: format!("{}{}", frame.base, frame.query),
        action: receipts_of(&frame),
        frame,
        typed: typed.to_owned(),
        found: found.map(|receipt| shown(door, receipt)),
        told: false,
        draft: String::new(),
        errors: FieldErrors::default(),
    }
}

fn shown(door: &Door, receipt: &Receipt) -> Shown {
    let lang = door.lang;
    let said = receipt.messages.iter().map(|message| {
        let at = moment_text(lang, message.written_at);
        Said {
            from_house: message.from_house,
            by: if message.from_house {
                t!(lang, "receipt-from-house", at = at)
            } else {
                t!(lang, "receipt-from-you", at = at)
            },
            words: message.words.clone(),
        }
    });
    Shown {
        what: symptom_text(&door.visit().app.catalog, lang, &receipt.symptom),
        came: t!(lang, "receipt-came", at = moment_text(lang, receipt.received_at)),
        badge: receipt_state(lang, receipt.state),
        said: said.collect(),
    }
}

/// `POST /l/report/{token}/receipt`
pub async fn poster_receipt_look(
    linked: Linked,
    Query(wanted): Query<Wanted>,
    Handed(upload): Handed,
) -> Outcome {
    looked(&Door::poster(linked, &wanted.lang), &upload.form).await
}

/// `POST /near-miss/receipt`
pub async fn report_receipt_look(member: Member, form: Form) -> Outcome {
    looked(&Door::house(member), &form).await
}

/// The report behind the code that was typed.
async fn find(door: &Door, typed: &str) -> Result<Option<(ReceiptCode, Receipt)>, Failure> {
    let Ok(code) = typed.parse::<ReceiptCode>() else { return Ok(None) };
    let wanted = code.clone();
    let found = door.look(move |tx, scope| receipt_see(tx, scope, &wanted)).await?;
    Ok(found.map(|receipt| (code, receipt)))
}

async fn looked(door: &Door, form: &Form) -> Outcome {
    let typed = form.text("code");
    let frame = door.frame(&path_of(door)).await?;
    match find(door, typed).await? {
        Some((code, receipt)) => page(&receipt_page(door, frame, &code.grouped(), Some(&receipt))),
        None => unknown(door, frame, typed),
    }
}

fn unknown(door: &Door, frame: Frame, typed: &str) -> Outcome {
    let mut errors = FieldErrors::default();
    errors.add("code", t!(door.lang, "receipt-none"));
    let page = ReceiptPage { errors, ..receipt_page(door, frame, typed, None) };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// `POST /l/report/{token}/receipt/answer`
pub async fn poster_receipt_answer(
    linked: Linked,
    Query(wanted): Query<Wanted>,
    Handed(upload): Handed,
) -> Outcome {
    linked.hand_in()?;
    answered(&Door::poster(linked, &wanted.lang), &upload.form).await
}

/// `POST /near-miss/receipt/answer`
pub async fn report_receipt_answer(member: Member, form: Form) -> Outcome {
    answered(&Door::house(member), &form).await
}

async fn answered(door: &Door, form: &Form) -> Outcome {
    let (lang, typed) = (door.lang, form.text("code"));
    let frame = door.frame(&path_of(door)).await?;
    let Some((code, receipt)) = find(door, typed).await? else { return unknown(door, frame, typed) };
    let words = form.text("words").replace("\r\n", "\n");
    let mut errors = FieldErrors::default();
    if words.is_empty() {
        errors.add("words", t!(lang, "receipt-words-missing"));
    } else if words.chars().count() > MOST_MESSAGE {
        errors.add("words", t!(lang, "report-too-long", most = MOST_MESSAGE.to_string()));
    }
    if errors.is_empty() {
        let (app, sent, shown) = (door.visit().app.clone(), words.clone(), code.grouped());
        let said = door.act(move |tx, scope| receipt_answer(tx, &app.nature, scope, &code, &sent)).await;
        match said {
            Ok(receipt) => {
                let page_of = receipt_page(door, frame, &shown, Some(&receipt));
                return page(&ReceiptPage { told: true, ..page_of });
            }
            Err(Refused::Because(MessageRefusal::TooMany)) => {
                errors.add("words", t!(lang, "receipt-too-many"));
            }
            Err(Refused::Because(MessageRefusal::NoReport)) => return unknown(door, frame, typed),
            Err(Refused::Failed(failure)) => return Err(failure),
        }
    }
    let page = ReceiptPage { errors, draft: words, ..receipt_page(door, frame, typed, Some(&receipt)) };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
