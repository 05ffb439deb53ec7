//! The ministry's workbook over the API.

use super::actions::{self, Choices, ChooseRefusal, FormView, LoadRefusal, NewForm, OwnRow};
use super::fill::shortfalls;
use super::model::{OfficialForm, OfficialRow};
use super::pages::{XLSX, at_bench, filled_name, made, value};
use super::recognise::recognise_form;
use super::words;
use crate::actions::AnswerRefusal;
use crate::api::{AnswerBody, RoundPath, RowPath, closed, invalid};
use crate::model::Answer;
use crate::t;
use axum::body::Bytes;
use chrono::{DateTime, Utc};
use komainu_catalog::{PlacementId, Variant};
use komainu_db::Tx;
use komainu_web::api::{Caller, FileBytes, IfMatch, Json, Path, Query, Resource};
use komainu_web::{Failure, Outcome, Refused, attachment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// A loaded workbook in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficialFormSummary {
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    /// The form, as the catalogue names it.
    #[schema(value_type = String)]
    variant: Variant,
    file_name: String,
    loaded_at: DateTime<Utc>,
    loaded_by_name: String,
    /// When a person confirmed what the rows are; only then its sentences show.
    confirmed_at: Option<DateTime<Utc>>,
    confirmed_by_name: Option<String>,
    /// How many rows it has.
    rows: i64,
}

/// The loaded workbooks, newest year first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficialForms {
    items: Vec<OfficialFormSummary>,
}

/// A loaded workbook with its rows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfficialForm)]
pub struct FormShown {
    #[serde(flatten)]
    form: OfficialFormSummary,
    /// The sheet that holds the form.
    sheet: String,
    /// Its rows, from top to bottom.
    lines: Vec<LineShown>,
    version: i64,
}

/// A row of a workbook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfficialRow)]
pub struct LineShown {
    /// Its place among the rows, from 0.
    position: usize,
    /// The printed number; empty if none.
    number: String,
    /// The ministry's sentence.
    sentence: String,
    /// What it is: a row of the catalogue, `own` for a question that only this workbook has, or `none`.
    r#use: String,
    /// Further rows of the catalogue that it covers.
    #[schema(value_type = Vec<String>)]
    also: Vec<PlacementId>,
}

/// What rows are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoicesBody {
    /// By position: a row of the catalogue, `own` or `none`. Rows that are not named stay as they are.
    #[serde(default)]
    rows: BTreeMap<usize, String>,
    /// Whether everything was looked at and is right.
    #[serde(default)]
    confirm: bool,
}

/// What a file is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LoadQuery {
    /// Its name.
    #[param(max_length = 200)]
    name: String,
    /// The fiscal year, where the file does not say it.
    fiscal_year: Option<i32>,
    /// The form, where the file does not say it.
    #[param(value_type = Option<String>)]
    variant: Option<Variant>,
    /// The version of the workbook whose place it takes; left out where there is none yet.
    replaces: Option<i64>,
}

/// A loaded workbook's address.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FormPath {
    /// The fiscal year by its first calendar year.
    year: i32,
    /// The form, as the catalogue names it.
    #[param(value_type = String)]
    variant: Variant,
}

/// The rows that only the workbook has.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnRows {
    items: Vec<OwnRowShown>,
}

/// A row that only the workbook has, in a round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnRow)]
pub struct OwnRowShown {
    #[schema(value_type = String)]
    row: PlacementId,
    /// The printed number; empty if none.
    number: String,
    /// The ministry's sentence.
    sentence: String,
    /// What stands in it; null where nothing does.
    answer: Option<crate::api::AnswerShown>,
    /// The version of the answer; 0 while nothing was written.
    version: i64,
}

/// What the filled copy of a workbook holds, and what it cannot hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilledReport {
    /// The file's name.
    file_name: String,
    /// Rows of the round that the workbook has.
    rows: usize,
    /// Cells written.
    written: usize,
    /// What has no place in the workbook.
    shortfalls: Vec<ShortfallShown>,
}

/// Something of a row that has no place in the workbook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shortfall)]
pub struct ShortfallShown {
    number: String,
    sentence: String,
    /// What, and what to do.
    text: String,
}

impl Resource for OfficialForms {}
impl Resource for OwnRows {}
impl Resource for FilledReport {}

impl Resource for FormShown {
    fn place(&self) -> String {
        format!("/official-forms/{}/{}", self.form.fiscal_year, self.form.variant)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for OwnRowShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn summary(form: &OfficialForm, rows: i64) -> OfficialFormSummary {
    let (confirmed_at, confirmed_by_name) = form.confirmed.clone().unzip();
    OfficialFormSummary {
        fiscal_year: form.fiscal_year,
        variant: form.variant,
        file_name: form.file_name.clone(),
        loaded_at: form.loaded_at,
        loaded_by_name: form.loaded_by_name.clone(),
        confirmed_at,
        confirmed_by_name,
        rows,
    }
}

impl From<FormView> for FormShown {
    fn from(view: FormView) -> Self {
        let line = |row: OfficialRow| LineShown {
            position: row.position,
            number: row.number,
            sentence: row.sentence,
            r#use: value(&row.usage),
            also: row.also,
        };
        FormShown {
            form: summary(&view.form, i64::try_from(view.rows.len()).unwrap_or(i64::MAX)),
            sheet: view.form.recognition.sheet.clone(),
            version: view.form.version,
            lines: view.rows.into_iter().map(line).collect(),
        }
    }
}

fn shown(tx: &mut Tx<'_>, at: &Caller, key: (i32, Variant)) -> Result<FormShown, Failure> {
    actions::form_view(tx, &at.scope, key.0, key.1).map(FormShown::from)
}

/// The loaded workbooks
#[utoipa::path(get, path = "/official-forms", responses((status = 200, body = OfficialForms)))]
pub async fn official_forms(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let forms = actions::forms(tx, &at.scope)?;
            Ok(OfficialForms { items: forms.iter().map(|(form, rows)| summary(form, *rows)).collect() })
        })
        .await
}

/// Load the ministry's workbook: its rows are recognised and wait to be confirmed
#[utoipa::path(post, path = "/official-forms", params(LoadQuery),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = FormShown)))]
pub async fn official_load(caller: Caller, Query(query): Query<LoadQuery>, bytes: Bytes) -> Outcome {
    let LoadQuery { name, fiscal_year, variant, replaces } = query;
    let (catalog, file) = (caller.app.catalog.clone(), bytes.clone());
    let recognised = at_bench(move || recognise_form(&catalog, &file, fiscal_year, variant)).await?;
    let recognised = recognised.map_err(|why| {
        let refusal = words::unrecognised(caller.lang, &caller.app.catalog, &why);
        Failure::Refused(t!(
            caller.lang,
            "official-fault",
            what = refusal.what.as_str(),
            todo = refusal.todo.as_str()
        ))
    })?;
    let key = (recognised.fiscal_year, recognised.variant);
    let new = NewForm { file_name: name, bytes: bytes.to_vec(), recognised, replaces };
    caller
        .create(move |tx, at| match actions::form_load(tx, &at.app.nature, &at.scope, &at.app.files, &new) {
            Ok(()) => shown(tx, at, key),
            Err(Refused::Because(LoadRefusal::Exists(_))) => {
                Err(Failure::Refused(t!(at.lang, "official-exists")))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// A loaded workbook with its rows
#[utoipa::path(get, path = "/official-forms/{year}/{variant}", params(FormPath),
    responses((status = 200, body = FormShown)))]
pub async fn official_form(caller: Caller, Path(path): Path<FormPath>) -> Outcome {
    caller.show(move |tx, at| shown(tx, at, (path.year, path.variant))).await
}

/// Say what rows of a workbook are, and confirm them
#[utoipa::path(patch, path = "/official-forms/{year}/{variant}", params(FormPath, IfMatch),
    request_body = ChoicesBody, responses((status = 200, body = FormShown)))]
pub async fn official_choose(
    caller: Caller,
    Path(path): Path<FormPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<ChoicesBody>,
) -> Outcome {
    let key = (path.year, path.variant);
    let choices = Choices { version, rows: body.rows, confirm: body.confirm };
    caller
        .change(move |tx, at| {
            match actions::form_choose(tx, &at.app.nature, &at.scope, &at.app.catalog, key, &choices) {
                Ok(()) => shown(tx, at, key),
                Err(Refused::Because(ChooseRefusal::Changed(now))) => {
                    Err(Failure::outdated(&FormShown::from(*now)))
                }
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Take a workbook away; the answers stay
#[utoipa::path(delete, path = "/official-forms/{year}/{variant}", params(FormPath, IfMatch),
    responses((status = 204)))]
pub async fn official_remove(
    caller: Caller,
    Path(path): Path<FormPath>,
    IfMatch(version): IfMatch,
) -> Outcome {
    let key = (path.year, path.variant);
    caller
        .remove(move |tx, at| {
            let now = shown(tx, at, key)?;
            match actions::form_remove(tx, &at.app.nature, &at.scope, key, version) {
                Err(Failure::Stale) => Err(Failure::outdated(&now)),
                removed => removed,
            }
        })
        .await
}

fn own_shown(row: OwnRow) -> OwnRowShown {
    OwnRowShown {
        row: row.placement,
        number: row.number,
        sentence: row.sentence,
        version: row.answer.as_ref().map_or(0, |answer: &Answer| answer.version),
        answer: row.answer.map(Into::into),
    }
}

fn own(tx: &mut Tx<'_>, at: &Caller, path: &RowPath) -> Result<OwnRowShown, Failure> {
    let (_, _, rows) = actions::own_rows(tx, &at.scope, &at.app.catalog, path.year, path.form)?;
    rows.into_iter().find(|row| row.placement == path.row).map(own_shown).ok_or(Failure::NotFound)
}

/// The rows that only the workbook has, with their answers in a round
#[utoipa::path(get, path = "/rounds/{year}/{form}/own-rows", params(RoundPath),
    responses((status = 200, body = OwnRows)))]
pub async fn own_rows(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let (_, _, rows) = actions::own_rows(tx, &at.scope, &at.app.catalog, path.year, path.form)?;
            Ok(OwnRows { items: rows.into_iter().map(own_shown).collect() })
        })
        .await
}

/// One row that only the workbook has
#[utoipa::path(get, path = "/rounds/{year}/{form}/own-rows/{row}", params(RowPath),
    responses((status = 200, body = OwnRowShown)))]
pub async fn own_row_get(caller: Caller, Path(path): Path<RowPath>) -> Outcome {
    caller.show(move |tx, at| own(tx, at, &path)).await
}

/// Answer a row that only the workbook has: everything that stands in it is replaced
#[utoipa::path(put, path = "/rounds/{year}/{form}/own-rows/{row}", params(RowPath, IfMatch),
    request_body = AnswerBody, responses((status = 200, body = OwnRowShown)))]
pub async fn own_answer_set(
    caller: Caller,
    Path(path): Path<RowPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<AnswerBody>,
) -> Outcome {
    let input = body.input(version);
    caller
        .change(move |tx, at| {
            let (round, columns, _) =
                actions::own_rows(tx, &at.scope, &at.app.catalog, path.year, path.form)?;
            crate::api::fitting(at, columns, &input)?;
            let address = (path.year, path.form, &path.row);
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::own_answer_set(tx, nature, &at.scope, catalog, address, &input) {
                Ok(_) => own(tx, at, &path),
                Err(Refused::Because(AnswerRefusal::Faults(faults))) => Err(invalid(at, &round, &faults)),
                Err(Refused::Because(AnswerRefusal::Changed { .. })) => {
                    Err(Failure::outdated(&own(tx, at, &path)?))
                }
                Err(Refused::Because(AnswerRefusal::Closed)) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// What the workbook filled with a round's answers holds, and what it cannot hold
#[utoipa::path(get, path = "/rounds/{year}/{form}/filled", params(RoundPath),
    responses((status = 200, body = FilledReport)))]
pub async fn filled(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    let (filling, filled) = made(&caller, &caller.scope, (path.year, path.form)).await?;
    let lang = caller.lang;
    let shortfalls = shortfalls(&filling.form, &filled).into_iter().map(|short| ShortfallShown {
        text: words::shortfall(lang, &short),
        number: short.number,
        sentence: short.sentence,
    });
    let report = FilledReport {
        file_name: filled_name(lang, &filling.form.file_name),
        rows: filling.fills.len(),
        written: filled.report.written.len(),
        shortfalls: shortfalls.collect(),
    };
    caller.show(|_, _| Ok(report)).await
}

/// The workbook filled with a round's answers
#[utoipa::path(get, path = "/rounds/{year}/{form}/filled/file", params(RoundPath),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = inline(FileBytes))))]
pub async fn filled_file(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    let (filling, filled) = made(&caller, &caller.scope, (path.year, path.form)).await?;
    Ok(attachment(&filled_name(caller.lang, &filling.form.file_name), XLSX, filled.bytes))
}
