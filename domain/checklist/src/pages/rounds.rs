//! Opening a year, carrying over, closing.

use super::{form_of, year_of};
use crate::actions::{
    OpenRefusal, OpenRound, carry_over, round_by_key, round_close, round_open, round_reopen,
};
use crate::model::Round;
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_catalog::{FormUse, InstitutionKind};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{
    Failure, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Tab, page_with_status, redirect,
    with_flash,
};

/// A year that was not opened yet.
#[derive(Template)]
#[template(path = "open.html")]
pub(crate) struct OpenPage {
    page: Shell,
    lang: Lang,
    years: Vec<Tab>,
    /// The form, if the year has one.
    form: Option<FormFacts>,
    /// The earlier year's name, where answers can be carried over.
    before: Option<String>,
    changes: Vec<(String, bool)>,
    action: String,
    may_manage: bool,
    /// May load the ministry's own workbook.
    invite: bool,
    refusal: Option<String>,
    newest: Option<(String, String)>,
}

struct FormFacts {
    title: String,
    rows: usize,
    self_check: Option<String>,
    note: String,
    unconfirmed: bool,
}

impl OpenPage {
    pub(crate) fn new(
        member: &Member,
        year: i32,
        kind: InstitutionKind,
        before: Option<&Round>,
        years: Vec<Tab>,
    ) -> OpenPage {
        let lang = member.lang;
        let catalog = &member.app.catalog;
        let form = catalog.form(year, kind).map(|form| FormFacts {
            title: form.data.title.get(lang).to_owned(),
            rows: form.rows.len(),
            self_check: match form.usage {
                FormUse::SelfCheck(rule) => Some(rule.text.get(lang).to_owned()),
                FormUse::Official | FormUse::Vendor => None,
            },
            note: form.edition.note.get(lang).to_owned(),
            unconfirmed: !form.edition.items_confirmed,
        });
        let since = before.map_or(year - 1, |round| round.fiscal_year);
        let title = t!(lang, "round-title", year = words::year(lang, year));
        OpenPage {
            page: member.shell(&title, Section::Checklist),
            lang,
            years,
            form,
            before: before.map(|round| words::year(lang, round.fiscal_year)),
            changes: catalog
                .changes_between(since, year, None)
                .into_iter()
                .map(|change| (change.text.get(lang).to_owned(), change.confirmed))
                .collect(),
            action: format!("/checklist/{year}/open"),
            may_manage: member.scope.may(Permission::RoundManage),
            invite: member.scope.may(Permission::OfficialFormManage),
            refusal: None,
            newest: catalog
                .latest_edition()
                .map(|edition| *edition.fiscal_year)
                .filter(|newest| *newest < year)
                .map(|newest| (format!("/checklist/{newest}"), words::year(lang, newest))),
        }
    }
}

pub(crate) fn refusal(lang: Lang, reason: OpenRefusal) -> String {
    match reason {
        OpenRefusal::Future => t!(lang, "open-future"),
        OpenRefusal::NoForm => t!(lang, "open-no-form"),
        OpenRefusal::NoVendor => t!(lang, "open-no-vendor"),
        OpenRefusal::Closed => t!(lang, "refused-closed"),
        OpenRefusal::NothingBefore => t!(lang, "open-nothing-before"),
    }
}

/// Opens a year's round, or that of a vendor.
pub async fn open(member: Member, Path(year): Path<String>, form: Form) -> Outcome {
    let fiscal_year = year_of(&year)?;
    let vendor = match form.text("vendor") {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::NotFound)?),
    };
    let input = OpenRound { fiscal_year, vendor, carry: form.text("carry") == "yes" };
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let opened = member.write(move |tx| round_open(tx, &app.nature, &scope, &app.catalog, input)).await;
    match opened {
        Ok(round) => {
            let to = if round.carried_from.is_some() || vendor.is_some() {
                round.path()
            } else {
                format!("{}/next", round.path())
            };
            Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &t!(member.lang, "opened")))
        }
        Err(Refused::Because(reason)) => {
            let scope = member.scope.clone();
            let kind = member.read(move |tx| Ok(crate::neighbours::house(tx, &scope)?.kind)).await?;
            let mut page = OpenPage::new(&member, fiscal_year, kind, None, Vec::new());
            page.refusal = Some(refusal(member.lang, reason));
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Takes the earlier year's answers into the rows that are still empty.
pub async fn carry(member: Member, Path((year, form)): Path<(String, String)>, _form: Form) -> Outcome {
    let (year, key) = form_of(&year, &form)?;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let done = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            carry_over(tx, &app.nature, &scope, &app.catalog, round.id).map(|rows| (round, rows))
        })
        .await;
    let (to, kind, text) = match done {
        Ok((round, rows)) => {
            (round.path(), NoticeKind::Success, t!(member.lang, "carried", n = rows.to_string()))
        }
        Err(Refused::Because(reason)) => {
            (format!("/checklist/{year}/{key}"), NoticeKind::Warning, refusal(member.lang, reason))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}

/// Closes the round.
pub async fn close(member: Member, Path(path): Path<(String, String)>, _form: Form) -> Outcome {
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let text = t!(member.lang, "closed-now");
    turn(&member, path, text, move |tx, round| round_close(tx, &app.nature, &scope, round.id)).await
}

/// Opens it again.
pub async fn reopen(member: Member, Path(path): Path<(String, String)>, _form: Form) -> Outcome {
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let text = t!(member.lang, "reopened-now");
    turn(&member, path, text, move |tx, round| round_reopen(tx, &app.nature, &scope, round.id)).await
}

async fn turn(
    member: &Member,
    (year, form): (String, String),
    text: String,
    work: impl FnOnce(&mut Tx<'_>, &Round) -> Result<(), Failure> + Send + 'static,
) -> Outcome {
    let (year, key) = form_of(&year, &form)?;
    let scope = member.scope.clone();
    let round = member
        .write(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            work(tx, &round)?;
            Ok::<_, Failure>(round)
        })
        .await?;
    Ok(with_flash(&member.app, redirect(&round.path()), NoticeKind::Success, &text))
}
