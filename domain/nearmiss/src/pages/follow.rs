//! What became of a report, for whoever has its receipt code.

use super::{Side, UNPROCESSABLE, Who, tabs};
use crate::actions::{Followed, receipt_answer, receipt_see};
use crate::rules::Receipt;
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_web::{
    FieldErrors, Form, Linked, Member, Outcome, Refused, Shell, Tab, moment_text, page, page_with_status,
};

/// The longest answer, in characters.
const WORDS: usize = 2000;

#[derive(Template)]
#[template(path = "receipt.html")]
struct FollowPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    action: String,
    base: String,
    typed: String,
    errors: FieldErrors,
    found: Option<Found>,
    said: bool,
}

struct Found {
    receipt: String,
    number: String,
    symptom: String,
    when: String,
    state: String,
    sign: &'static str,
    follows: String,
    /// Who, when, what; whether the house says it.
    messages: Vec<(String, String, String, bool)>,
    /// What, and where it stands.
    measures: Vec<(String, String)>,
}

/// `GET /l/report/{token}/receipt`
pub async fn follow_linked(linked: Linked, Path(token): Path<String>) -> Outcome {
    page(&blank(&Who::Linked(Box::new(linked), token)))
}

/// `GET /near-miss/receipt`
pub async fn follow(member: Member) -> Outcome {
    page(&blank(&Who::Member(Box::new(member))))
}

/// `POST /l/report/{token}/receipt`
pub async fn follow_linked_submit(linked: Linked, Path(token): Path<String>, form: Form) -> Outcome {
    submit(Who::Linked(Box::new(linked), token), form).await
}

/// `POST /near-miss/receipt`
pub async fn follow_submit(member: Member, form: Form) -> Outcome {
    submit(Who::Member(Box::new(member)), form).await
}

fn blank(who: &Who) -> FollowPage {
    let lang = who.lang;
    let (tabs, action) = match who {
        Who::Linked(..) => (Vec::new(), format!("{}/receipt", who.base())),
        Who::Member(member) => (tabs(lang, &member.scope, Side::Follow), "/near-miss/receipt".to_owned()),
    };
    FollowPage {
        page: who.shell(&t!(lang, "follow-title")),
        lang,
        tabs,
        action,
        base: who.base(),
        typed: String::new(),
        errors: FieldErrors::default(),
        found: None,
        said: false,
    }
}

async fn submit(who: Who, form: Form) -> Outcome {
    let (lang, mut shown) = (who.lang, blank(&who));
    form.text("receipt").clone_into(&mut shown.typed);
    let Ok(receipt) = form.text("receipt").parse::<Receipt>() else {
        shown.errors.add("receipt", t!(lang, "receipt-shape"));
        return page_with_status(UNPROCESSABLE, &shown);
    };
    let said = form.text("words").to_owned();
    if said.chars().count() > WORDS {
        shown.errors.add("words", t!(lang, "too-long", most = WORDS.to_string()));
    } else if !said.is_empty() {
        shown.said = answer(&who, receipt.clone(), said).await?;
    }
    let code = receipt.clone();
    match who.look(move |tx, scope| receipt_see(tx, scope, &code)).await? {
        Some(followed) => shown.found = Some(found(&who, &receipt, &followed)),
        None => shown.errors.add("receipt", t!(lang, "receipt-unknown")),
    }
    if shown.errors.is_empty() { page(&shown) } else { page_with_status(UNPROCESSABLE, &shown) }
}

async fn answer(who: &Who, receipt: Receipt, words: String) -> Result<bool, komainu_web::Failure> {
    let nature = who.app.nature.clone();
    match who {
        Who::Linked(linked, _) => {
            let name = words::name_text(linked.lang, "");
            let said = linked.act(&name, move |tx, scope| {
                receipt_answer(tx, &nature, scope, &receipt, &words).map_err(Refused::<()>::Failed)
            });
            said.await.map_err(|refused| match refused {
                Refused::Failed(failure) => failure,
                Refused::Because(()) => komainu_web::Failure::NotFound,
            })
        }
        Who::Member(member) => {
            let scope = member.scope.clone();
            member.write(move |tx| receipt_answer(tx, &nature, &scope, &receipt, &words)).await
        }
    }
}

fn found(who: &Who, receipt: &Receipt, followed: &Followed) -> Found {
    let (lang, near_miss) = (who.lang, &followed.near_miss);
    let messages = followed.messages.iter().map(|message| {
        let name = if message.from_house { t!(lang, "house") } else { t!(lang, "you") };
        (name, moment_text(lang, message.written_at), message.words.clone(), message.from_house)
    });
    let measures = followed
        .measures
        .iter()
        .map(|measure| (measure.detail.what.clone(), words::measure_state_text(lang, measure.state)));
    Found {
        receipt: receipt.to_string(),
        number: near_miss.number_text(),
        symptom: words::symptom_text(&who.app.catalog, lang, &near_miss.symptom),
        when: moment_text(lang, near_miss.written_at),
        state: words::state_text(lang, near_miss.state),
        sign: words::state_badge(near_miss.state),
        follows: words::state_for_reporter(lang, near_miss.state),
        messages: messages.collect(),
        measures: measures.collect(),
    }
}
