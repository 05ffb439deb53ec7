//! `/ledger/stock-take`: every stock-take, and beginning one.

use super::{LIST, path_of};
use crate::actions::{self, AlreadyOpen, stock_take_start};
use crate::model::StockTake;
use crate::{t, words};
use askama::Template;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_calendar::FiscalYear;
use komainu_i18n::Lang;
use komainu_institution::parts::{FormWords, SHORT, text};
use komainu_vendor::pages::{LedgerTab, ledger_name, ledger_tabs};
use komainu_web::{
    Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Tab, page,
    page_with_status, redirect, with_flash,
};

/// A stock-take as a line of the list.
struct TakeRow {
    href: String,
    title: String,
    year: String,
    course: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "takes.html")]
struct TakesPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    takes: Vec<TakeRow>,
    /// Whether one is under way.
    under_way: bool,
    may_edit: bool,
    typed: String,
    errors: FieldErrors,
}

/// The list.
pub async fn stock_takes(member: Member) -> Outcome {
    let year = FiscalYear::of(member.app.nature.today());
    let name = t!(member.lang, "take-name-of-year", year = year.name(member.lang));
    page(&takes_page(&member, name, FieldErrors::default()).await?)
}

async fn takes_page(member: &Member, typed: String, errors: FieldErrors) -> Result<TakesPage, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let takes = member.read(move |tx| actions::stock_takes(tx, &scope)).await?;
    Ok(TakesPage {
        page: member.shell(&t!(lang, "takes-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::StockTake),
        ledger: ledger_name(lang),
        under_way: takes.iter().any(|take| take.closed_at.is_none()),
        takes: takes.iter().map(|take| row(lang, take)).collect(),
        may_edit: member.scope.may(Permission::LedgerEdit),
        typed,
        errors,
    })
}

fn row(lang: Lang, take: &StockTake) -> TakeRow {
    TakeRow {
        href: path_of(take.id),
        title: take.name.clone(),
        year: words::year_text(lang, take.fiscal_year),
        course: words::course_text(lang, take),
        open: take.closed_at.is_none(),
    }
}

/// Begins one.
pub async fn stock_take_create(member: Member, form: Form) -> Outcome {
    let (lang, mut errors) = (member.lang, FieldErrors::default());
    let name = text(&form, lang, &mut errors, "name", SHORT, true);
    if !errors.is_empty() {
        let filled = takes_page(&member, name, errors).await?;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| stock_take_start(tx, &nature, &scope, &name)).await {
        Ok(id) => {
            let to = redirect(&path_of(id));
            Ok(with_flash(&member.app, to, NoticeKind::Success, &t!(lang, "take-started")))
        }
        Err(Refused::Because(AlreadyOpen)) => {
            Ok(with_flash(&member.app, redirect(LIST), NoticeKind::Info, &t!(lang, "take-already-open")))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
