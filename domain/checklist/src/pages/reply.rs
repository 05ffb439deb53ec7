//! The pages behind a letter's link: the vendor sees what it was asked and nothing else, and answers once.

use crate::actions::{Asked, Fault, ReplyInput, ReplyRefusal, form_of_round, reply_give, reply_look};
use crate::model::{AnswerKind, Reply};
use crate::{t, words};
use askama::Template;
use axum::http::StatusCode;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Linked, Outcome, Refused, Shell, date_text, moment_text, page,
    page_with_status,
};
use std::collections::BTreeMap;

/// The longest name that is taken, in characters.
const NAME: usize = 100;

struct QuestionPart {
    title: String,
    text: String,
    answers: Vec<Choice>,
    typed: ReplyInput,
    /// The names of the fields, and what is wrong with each.
    answer: (String, String),
    target: (String, String),
    note: (String, String),
}

#[derive(Template)]
#[template(path = "reply.html")]
struct ReplyPage {
    page: Shell,
    lang: Lang,
    vendor: String,
    until: String,
    closed: bool,
    questions: Vec<QuestionPart>,
    who: String,
    errors: FieldErrors,
    action: String,
}

#[derive(Template)]
#[template(path = "reply_sent.html")]
struct SentPage {
    page: Shell,
    lang: Lang,
    name: String,
    /// Title, answer, day and note of each question that was answered.
    lines: Vec<(String, String, String, String)>,
}

type Typed = BTreeMap<PlacementId, ReplyInput>;

/// `GET /l/reply/{token}`
pub async fn reply(linked: Linked) -> Outcome {
    let asked = look(&linked).await?;
    page(&reply_page(&linked, &asked, ("", &Typed::new()), FieldErrors::default())?)
}

async fn look(linked: &Linked) -> Result<Asked, Failure> {
    let app = linked.app.clone();
    linked.look(move |tx, scope| reply_look(tx, scope, &app.catalog)).await
}

fn field(kind: &str, row: &PlacementId) -> String {
    format!("{kind}-{row}")
}

fn reply_page(
    linked: &Linked,
    asked: &Asked,
    (name, typed): (&str, &Typed),
    errors: FieldErrors,
) -> Result<ReplyPage, Failure> {
    let lang = linked.lang;
    let form = form_of_round(&linked.app.catalog, &asked.round)?;
    let questions = asked.rows.iter().filter_map(|id| {
        let (row, typed) = (form.row(id)?, typed.get(id).cloned().unwrap_or_default());
        let named = |kind: &str| {
            let name = field(kind, id);
            let error = errors.of(&name).to_owned();
            (name, error)
        };
        let title = words::title(lang, row);
        let text = row.item.ask_vendor.as_ref().map(|text| text.get(lang).to_owned());
        Some(QuestionPart {
            text: text.unwrap_or_else(|| title.clone()),
            title,
            answers: answers(lang, &typed.answer),
            answer: named("answer"),
            target: named("target"),
            note: named("note"),
            typed,
        })
    });
    let year = words::year(lang, asked.round.fiscal_year);
    let house = linked.link().organisation_name.as_str();
    Ok(ReplyPage {
        page: linked.shell(&t!(lang, "reply-title", house = house, year = year)),
        lang,
        vendor: linked.link().name.clone(),
        until: moment_text(lang, linked.link().expires_at),
        closed: asked.round.closed_at.is_some() || asked.rows.is_empty(),
        questions: questions.collect(),
        who: name.to_owned(),
        action: linked.path.clone(),
        errors,
    })
}

fn answers(lang: Lang, chosen: &str) -> Vec<Choice> {
    [
        (AnswerKind::Yes, t!(lang, "reply-yes-hint")),
        (AnswerKind::No, t!(lang, "reply-no-hint")),
        (AnswerKind::NotSure, t!(lang, "reply-not-sure-hint")),
    ]
    .into_iter()
    .map(|(kind, hint)| {
        Choice::new(kind.code(), words::answer(lang, Some(kind))).hint(hint).chosen(chosen == kind.code())
    })
    .collect()
}

/// `POST /l/reply/{token}`
pub async fn reply_save(linked: Linked, form: Form) -> Outcome {
    let lang = linked.lang;
    let asked = look(&linked).await?;
    let typed: Typed = asked.rows.iter().map(|row| (row.clone(), input(&form, row))).collect();
    let name = form.text("name").to_owned();
    let mut errors = FieldErrors::default();
    if name.is_empty() {
        errors.add("name", t!(lang, "reply-name-missing"));
    } else if name.chars().count() > NAME {
        errors.add("name", t!(lang, "fault-too-long", most = NAME.to_string()));
    }
    if !errors.is_empty() {
        return faulty(&linked, &asked, (&name, &typed), errors);
    }
    let (app, given) = (linked.app.clone(), typed.clone().into_iter().collect::<Vec<_>>());
    let kept =
        linked.act(&name, move |tx, scope| reply_give(tx, &app.nature, scope, &app.catalog, &given)).await;
    match kept {
        Ok(replies) => sent(&linked, &asked, name, &replies),
        Err(Refused::Because(refusal)) => {
            faulty(&linked, &asked, (&name, &typed), refusal_errors(&linked, &asked, refusal))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn input(form: &Form, row: &PlacementId) -> ReplyInput {
    let text = |kind: &str| form.text(&field(kind, row)).to_owned();
    ReplyInput { answer: text("answer"), target: text("target"), note: text("note") }
}

/// The same page with what was typed and what is wrong with it. The link was not used up.
fn faulty(linked: &Linked, asked: &Asked, typed: (&str, &Typed), errors: FieldErrors) -> Outcome {
    let page = reply_page(linked, asked, typed, errors)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn refusal_errors(linked: &Linked, asked: &Asked, refusal: ReplyRefusal) -> FieldErrors {
    let lang = linked.lang;
    let mut errors = FieldErrors::default();
    match refusal {
        ReplyRefusal::Closed => errors.add("name", t!(lang, "reply-closed")),
        ReplyRefusal::Nothing => {
            let first = asked.rows.first().map(|row| field("answer", row));
            errors.add(first.as_deref().unwrap_or("name"), t!(lang, "reply-nothing"));
        }
        ReplyRefusal::Faults(faults) => {
            for (row, fault) in faults {
                errors.add(&field(&fault.field, &row), fault_text(linked, asked, &fault));
            }
        }
    }
    errors
}

fn fault_text(linked: &Linked, asked: &Asked, fault: &Fault) -> String {
    if fault.field == "answer" {
        return t!(linked.lang, "reply-answer-missing");
    }
    words::fault(linked.lang, &fault.kind, asked.round.fiscal_year, linked.app.nature.today())
}

/// What was sent, to be kept: the link opens nothing from now on.
fn sent(linked: &Linked, asked: &Asked, name: String, replies: &[Reply]) -> Outcome {
    let lang = linked.lang;
    let form = form_of_round(&linked.app.catalog, &asked.round)?;
    let lines = replies.iter().map(|reply| {
        let title = form.row(&reply.placement).map(|row| words::title(lang, row)).unwrap_or_default();
        let target = reply.target.map(|day| date_text(lang, day)).unwrap_or_default();
        (title, words::answer(lang, Some(reply.answer)), target, reply.note.clone())
    });
    page(&SentPage { page: linked.shell(&t!(lang, "reply-sent")), lang, name, lines: lines.collect() })
}
