//! The workbook, filled with a round's answers: what goes in, what does not, and the file itself.

use super::{at_bench, round_of};
use crate::model::FormKey;
use crate::official::actions::{Filling, filling};
use crate::official::fill::{fill_in, shortfalls};
use crate::official::words;
use crate::t;
use askama::Template;
use axum::extract::Path;
use komainu_access::Scope;
use komainu_i18n::Lang;
use komainu_web::{Crumb, Failure, Member, Outcome, Section, Shell, Visit, attachment, page};
use komainu_workbook::{Answer, FillError, FilledWorkbook};

/// The media type of an Excel workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Short {
    number: String,
    sentence: String,
    text: String,
}

#[derive(Template)]
#[template(path = "official/filled.html")]
struct FilledPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    file: String,
    name: String,
    rows: usize,
    blank: usize,
    written: usize,
    short: Vec<Short>,
    formulas: usize,
    shortened: Vec<String>,
    signature: bool,
    /// An earlier check's answer is not known and is left empty.
    earlier: bool,
}

pub(crate) async fn made(
    visit: &Visit,
    scope: &Scope,
    (year, key): (i32, FormKey),
) -> Result<(Filling, FilledWorkbook), Failure> {
    let (app, own) = (visit.app.clone(), scope.clone());
    let filling = visit.read(move |tx| filling(tx, &app.nature, &own, &app.catalog, year, key)).await?;
    let (files, organisation) = (visit.app.files.clone(), scope.organisation());
    at_bench(move || {
        let original = files.get(organisation, &filling.form.digest).map_err(Failure::internal)?;
        let filled = fill_in(&original, &filling.form, &filling.fills, &filling.fields)
            .map_err(|error: FillError| Failure::internal(error))?;
        Ok((filling, filled))
    })
    .await?
}

/// What the filled copy holds and what it cannot hold, before it is fetched.
pub async fn filled(member: Member, Path((year, form)): Path<(String, String)>) -> Outcome {
    let (filling, filled) = made(&member, &member.scope, round_of(&year, &form)?).await?;
    let lang = member.lang;
    let round = &filling.round;
    let title = words::form_name(lang, &member.app.catalog, round.fiscal_year, round.variant);
    let report = &filled.report;
    let blank =
        filling.fills.iter().filter(|fill| fill.checks.iter().all(|check| check.answer == Answer::Blank));
    let several = |row: usize| {
        filling
            .form
            .recognition
            .rows
            .get(row)
            .is_some_and(|row| row.rounds.iter().filter(|round| round.answer.is_some()).count() > 1)
    };
    let dates =
        |fill: &komainu_workbook::Fill| fill.checks.iter().filter(|check| check.date.is_some()).count();
    let shown = FilledPage {
        page: member.shell(&t!(lang, "official-filled-title"), Section::Checklist),
        lang,
        crumbs: vec![Crumb {
            href: round.path(),
            label: format!("{} {title}", words::year(lang, round.fiscal_year)),
        }],
        file: format!("/official/{year}/{form}/filled/file"),
        name: filled_name(lang, &filling.form.file_name),
        rows: filling.fills.len(),
        blank: blank.count(),
        written: report.written.len(),
        short: shortfalls(&filling.form, &filled)
            .into_iter()
            .map(|short| Short {
                text: words::shortfall(lang, &short),
                number: short.number,
                sentence: short.sentence,
            })
            .collect(),
        formulas: report.formulas_replaced.len(),
        shortened: report.shortened.iter().map(ToString::to_string).collect(),
        signature: report.signature_broken,
        earlier: filling.fills.iter().any(|fill| several(fill.row) && dates(fill) > 1),
    };
    page(&shown)
}

/// The filled copy.
pub async fn filled_file(member: Member, Path((year, form)): Path<(String, String)>) -> Outcome {
    let (filling, filled) = made(&member, &member.scope, round_of(&year, &form)?).await?;
    Ok(attachment(&filled_name(member.lang, &filling.form.file_name), XLSX, filled.bytes))
}

pub(crate) fn filled_name(lang: Lang, original: &str) -> String {
    let bare = original.rsplit_once('.').map_or(original, |(bare, _)| bare);
    t!(lang, "official-filled-name", name = bare)
}
