//! The catalogue's editions over the API, to read: forms and rows in our own words.

use crate::words;
use komainu_catalog::{Edition, Form, FormRow, ItemId, Level, PlacementId, Scope as AskedAbout, Variant};
use komainu_i18n::Lang;
use komainu_web::api::{Caller, Path, Resource};
use komainu_web::{Failure, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A year's edition of the checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Edition)]
pub struct EditionShown {
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    title: String,
    /// When it was published, as far as it is known.
    published: String,
    /// That the edition exists as described.
    confirmed: bool,
    /// That the list of rows was read, not taken over from the year before.
    items_confirmed: bool,
    forms: Vec<FormSummary>,
}

/// A form of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSummary {
    #[schema(value_type = String)]
    variant: Variant,
    title: String,
    /// How many rows it has.
    rows: usize,
}

/// The editions, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Editions {
    items: Vec<EditionShown>,
}

/// A form with its rows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogForm)]
pub struct CatalogFormShown {
    fiscal_year: i32,
    #[schema(value_type = String)]
    variant: Variant,
    title: String,
    /// Columns for the dates of checks.
    check_columns: u8,
    /// The rows in printed order, first the question before all others where there is one.
    rows: Vec<CatalogRow>,
}

/// A row of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogRow {
    #[schema(value_type = String)]
    row: PlacementId,
    /// The printed number; null for the question before all others.
    number: Option<String>,
    /// The section's number; null for the question before all others.
    section: Option<u8>,
    #[schema(value_type = String)]
    item: ItemId,
    title: String,
    /// The question in plain words.
    question: String,
    /// Why it matters.
    why: String,
    /// How to do it without a specialist.
    how: String,
    #[schema(value_type = String)]
    level: Level,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<AskedAbout>,
    /// Whether its place in the form follows from a source.
    confirmed: bool,
    /// Whether it may be answered with `not_applicable`.
    may_not_apply: bool,
}

/// A form's address.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct EditionPath {
    /// The fiscal year by its first calendar year.
    year: i32,
    /// The form, as the catalogue names it.
    #[param(value_type = String)]
    variant: Variant,
}

impl Resource for Editions {}
impl Resource for CatalogFormShown {}

fn edition(lang: Lang, edition: &Edition) -> EditionShown {
    let form = |form: &komainu_catalog::FormData| FormSummary {
        variant: *form.variant,
        title: form.title.get(lang).to_owned(),
        rows: form.rows.len(),
    };
    EditionShown {
        fiscal_year: *edition.fiscal_year,
        title: edition.title.get(lang).to_owned(),
        published: edition.published.to_string(),
        confirmed: edition.confirmed,
        items_confirmed: edition.items_confirmed,
        forms: edition.form.iter().map(form).collect(),
    }
}

fn row(lang: Lang, row: &FormRow<'_>) -> CatalogRow {
    CatalogRow {
        row: row.id.clone(),
        number: row.placement.number.as_ref().map(ToString::to_string),
        section: row.section.map(|section| *section.number),
        item: (*row.item.id).clone(),
        title: words::title(lang, row),
        question: row.item.question.get(lang).to_owned(),
        why: row.item.why.get(lang).to_owned(),
        how: row.item.how.get(lang).to_owned(),
        level: row.placement.level,
        scopes: row.placement.scope.clone(),
        confirmed: row.standing.confirmed,
        may_not_apply: row.not_applicable.is_some(),
    }
}

fn form(lang: Lang, form: &Form<'_>) -> CatalogFormShown {
    CatalogFormShown {
        fiscal_year: *form.edition.fiscal_year,
        variant: *form.data.variant,
        title: form.data.title.get(lang).to_owned(),
        check_columns: *form.data.check_dates,
        rows: form.gate.iter().chain(&form.rows).map(|of| row(lang, of)).collect(),
    }
}

/// The editions of the checklist that this installation knows
#[utoipa::path(get, path = "/editions", responses((status = 200, body = Editions)))]
pub async fn editions(caller: Caller) -> Outcome {
    caller
        .show(|_, at| {
            let editions = at.app.catalog.editions().iter();
            Ok(Editions { items: editions.map(|one| edition(at.lang, one)).collect() })
        })
        .await
}

/// A form of an edition with its rows
#[utoipa::path(get, path = "/editions/{year}/{variant}", params(EditionPath),
    responses((status = 200, body = CatalogFormShown)))]
pub async fn edition_form(caller: Caller, Path(path): Path<EditionPath>) -> Outcome {
    caller
        .show(move |_, at| {
            let found = at.app.catalog.form_of(path.year, path.variant).ok_or(Failure::NotFound)?;
            Ok(form(at.lang, &found))
        })
        .await
}
