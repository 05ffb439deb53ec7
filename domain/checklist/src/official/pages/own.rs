//! The rows that only the workbook has: answering them.

use super::round_of;
use crate::actions::{AnswerInput, AnswerRefusal, Fault, FaultKind};
use crate::model::{Answer, AnswerContent, AnswerKind, FormKey, Round};
use crate::official::actions::{OwnRow, own_answer_set, own_rows};
use crate::official::words;
use crate::rules::DateFault;
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, FieldError, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section,
    Shell, date_text, page_with_status, redirect, with_flash,
};

/// A date field: name, label, what stands in it, and what is wrong with it.
struct DateField {
    name: String,
    label: String,
    value: String,
    error: String,
}

struct Card {
    /// Before the field names, as every row has a form of its own.
    idp: String,
    action: String,
    number: String,
    sentence: String,
    version: i64,
    state: (&'static str, String),
    answers: Vec<Choice>,
    dates: Vec<DateField>,
    target: DateField,
    note: String,
    note_error: String,
    answer_error: String,
    /// What somebody else wrote meanwhile.
    theirs: Option<String>,
}

#[derive(Template)]
#[template(path = "official/own.html")]
struct OwnPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    cards: Vec<Card>,
    errors: Vec<FieldError>,
    may: bool,
    closed: bool,
    filled: Option<String>,
}

/// What was sent for one row and was not kept.
struct Trouble {
    placement: PlacementId,
    input: AnswerInput,
    errors: FieldErrors,
    theirs: Option<String>,
}

struct Read {
    round: Round,
    columns: usize,
    rows: Vec<OwnRow>,
}

async fn read(member: &Member, year: i32, key: FormKey) -> Result<Read, Failure> {
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member
        .read(move |tx| {
            let (round, columns, rows) = own_rows(tx, &scope, &app.catalog, year, key)?;
            Ok(Read { round, columns, rows })
        })
        .await
}

/// The rows that only the workbook has.
pub async fn own(member: Member, Path(path): Path<(String, String)>) -> Outcome {
    let (year, key) = round_of(&path.0, &path.1)?;
    let read = read(&member, year, key).await?;
    show(&member, &read, key, None, StatusCode::OK)
}

fn show(
    member: &Member,
    read: &Read,
    key: FormKey,
    trouble: Option<&Trouble>,
    status: StatusCode,
) -> Outcome {
    let lang = member.lang;
    let year = read.round.fiscal_year;
    let base = format!("/official/{year}/{key}/own");
    let form = words::form_name(lang, &member.app.catalog, year, key.variant);
    let cards: Vec<Card> = read
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let trouble = trouble.filter(|trouble| trouble.placement == row.placement);
            card(lang, (at, &base), row, read.columns, trouble)
        })
        .collect();
    let errors = trouble.map(|trouble| {
        let at = read.rows.iter().position(|row| row.placement == trouble.placement).unwrap_or(0);
        let in_card = trouble.errors.0.iter();
        in_card
            .map(|error| FieldError {
                field: format!("{}{}", idp(at), error.field),
                message: error.message.clone(),
            })
            .collect()
    });
    let page = OwnPage {
        page: member.shell(&t!(lang, "official-own-title"), Section::Checklist),
        lang,
        crumbs: vec![Crumb { href: read.round.path(), label: format!("{} {form}", words::year(lang, year)) }],
        cards,
        errors: errors.unwrap_or_default(),
        may: member.scope.may(Permission::ChecklistAnswer) && read.round.closed_at.is_none(),
        closed: read.round.closed_at.is_some(),
        filled: member.scope.may(Permission::PackMake).then(|| format!("/official/{year}/{key}/filled")),
    };
    page_with_status(status, &page)
}

fn idp(at: usize) -> String {
    format!("q{at}-")
}

fn card(
    lang: Lang,
    (at, base): (usize, &str),
    row: &OwnRow,
    columns: usize,
    trouble: Option<&Trouble>,
) -> Card {
    let stored = row.answer.as_ref();
    let content = stored.map(|answer| answer.content.clone()).unwrap_or_default();
    let input = trouble.map_or_else(|| typed_of(&content, columns, stored), |trouble| trouble.input.clone());
    let error = |field: &str| trouble.map(|trouble| trouble.errors.of(field).to_owned()).unwrap_or_default();
    let kinds = [AnswerKind::Yes, AnswerKind::No, AnswerKind::NotSure];
    Card {
        idp: idp(at),
        action: format!("{base}/{}", row.placement),
        number: row.number.clone(),
        sentence: row.sentence.clone(),
        // After a conflict the next attempt is made on what stands there now.
        version: stored.map_or(0, |answer| answer.version),
        state: state(lang, content.kind),
        answers: kinds
            .into_iter()
            .map(|kind| Choice::new(kind.code(), answer_word(lang, kind)).chosen(input.answer == kind.code()))
            .collect(),
        dates: (1..=columns)
            .map(|column| DateField {
                name: format!("checked{column}"),
                label: t!(lang, "official-own-checked", column = column.to_string()),
                value: input.checked.get(column - 1).cloned().unwrap_or_default(),
                error: error(&format!("checked{column}")),
            })
            .collect(),
        target: DateField {
            name: "target".into(),
            label: t!(lang, "official-own-target"),
            value: input.target.clone(),
            error: error("target"),
        },
        note: input.note.clone(),
        note_error: error("note"),
        answer_error: error("answer"),
        theirs: trouble.and_then(|trouble| trouble.theirs.clone()),
    }
}

fn typed_of(content: &AnswerContent, columns: usize, stored: Option<&Answer>) -> AnswerInput {
    let text = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    AnswerInput {
        answer: content.kind.map(|kind| kind.code().to_owned()).unwrap_or_default(),
        reason: String::new(),
        checked: (0..columns).map(|at| text(content.checked.get(at).copied().flatten())).collect(),
        target: text(content.target),
        note: content.note.clone(),
        version: stored.map_or(0, |answer| answer.version),
    }
}

fn answer_word(lang: Lang, kind: AnswerKind) -> String {
    match kind {
        AnswerKind::Yes => t!(lang, "official-own-yes"),
        AnswerKind::No => t!(lang, "official-own-no"),
        AnswerKind::NotSure => t!(lang, "official-own-not-sure"),
        AnswerKind::NotApplicable => t!(lang, "official-own-not-applicable"),
    }
}

fn state(lang: Lang, kind: Option<AnswerKind>) -> (&'static str, String) {
    match kind {
        None => ("neutral", t!(lang, "official-own-unanswered")),
        Some(kind @ (AnswerKind::Yes | AnswerKind::NotApplicable)) => ("ok", answer_word(lang, kind)),
        Some(kind) => ("attention", answer_word(lang, kind)),
    }
}

/// Saves the answer to one row.
pub async fn own_save(
    member: Member,
    Path((year, form_key, placement)): Path<(String, String, String)>,
    form: Form,
) -> Outcome {
    let lang = member.lang;
    let (year, key) = round_of(&year, &form_key)?;
    let placement: PlacementId = placement.parse().map_err(|_| Failure::NotFound)?;
    let input = AnswerInput {
        answer: form.text("answer").to_owned(),
        reason: String::new(),
        checked: (1..=9).map(|column| form.text(&format!("checked{column}")).to_owned()).collect(),
        target: form.text("target").to_owned(),
        note: form.text("note").to_owned(),
        version: form.parse("version").unwrap_or(0),
    };
    let (app, scope, sent, row) =
        (member.app.clone(), member.scope.clone(), input.clone(), placement.clone());
    let kept = member
        .write(move |tx| own_answer_set(tx, &app.nature, &scope, &app.catalog, (year, key, &row), &sent))
        .await;
    let mut trouble = Trouble { placement, input, errors: FieldErrors::default(), theirs: None };
    let status = match kept {
        Ok(_) => {
            let to = redirect(&format!("/official/{year}/{key}/own"));
            return Ok(with_flash(&member.app, to, NoticeKind::Success, &t!(lang, "official-own-saved")));
        }
        Err(Refused::Because(AnswerRefusal::Faults(faults))) => {
            for fault in &faults {
                trouble.errors.add(&fault.field, fault_text(lang, fault));
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(Refused::Because(AnswerRefusal::Changed { theirs, .. })) => {
            trouble.theirs = Some(
                theirs
                    .map_or_else(|| t!(lang, "official-own-unanswered"), |theirs| theirs_text(lang, &theirs)),
            );
            StatusCode::CONFLICT
        }
        Err(Refused::Because(AnswerRefusal::Closed)) => {
            trouble.errors.add("answer", t!(lang, "official-own-closed"));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let read = read(&member, year, key).await?;
    show(&member, &read, key, Some(&trouble), status)
}

fn theirs_text(lang: Lang, theirs: &Answer) -> String {
    let content = &theirs.content;
    let mut parts = vec![state(lang, content.kind).1];
    parts.extend(content.checked.iter().flatten().map(|date| date_text(lang, *date)));
    parts.extend(
        content.target.map(|date| format!("{} {}", t!(lang, "official-own-target"), date_text(lang, date))),
    );
    if !content.note.is_empty() {
        parts.push(content.note.clone());
    }
    t!(lang, "official-own-theirs", person = theirs.changed_by_name.as_str(), content = parts.join(" / "))
}

fn fault_text(lang: Lang, fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::NotOffered => t!(lang, "official-own-not-offered"),
        FaultKind::NoDate(_) => t!(lang, "official-own-no-date"),
        FaultKind::Date(DateFault::Future) => t!(lang, "official-own-future"),
        FaultKind::Date(DateFault::OutsideYear) => t!(lang, "official-own-outside"),
        FaultKind::Date(DateFault::BeforeYear | DateFault::LongAfterYear) => {
            t!(lang, "official-own-not-year")
        }
        FaultKind::Date(DateFault::OutOfOrder | DateFault::FirstMissing) => t!(lang, "official-own-order"),
        FaultKind::TooLong(most) => t!(lang, "official-own-long", most = most.to_string()),
    }
}
