//! The SQL of loaded workbooks.

use super::model::{OfficialForm, OfficialRow, OfficialSentence, Usage};
use crate::model::RoundId;
use crate::store::{placement, variant, wrong, year};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_catalog::{PlacementId, Variant};
use komainu_db::{DbError, Row, Tx, Value, params};

komainu_db::statements! {
    FORMS = "SELECT fiscal_year, variant, file_name, digest, recognition, loaded_at, loaded_by_name, confirmed_at,
            confirmed_by_name, version
        FROM official_form WHERE organisation_id = $1 ORDER BY fiscal_year DESC, variant";
    FORM = "SELECT fiscal_year, variant, file_name, digest, recognition, loaded_at, loaded_by_name, confirmed_at,
            confirmed_by_name, version
        FROM official_form WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3";
    FORM_INSERT = "INSERT INTO official_form (organisation_id, fiscal_year, variant, file_name, digest, recognition,
            loaded_at, loaded_by_name, confirmed_at, confirmed_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, '', 1)
        ON CONFLICT (organisation_id, fiscal_year, variant) DO NOTHING";
    FORM_REPLACE = "UPDATE official_form SET file_name = $4, digest = $5, recognition = $6, loaded_at = $7,
            loaded_by_name = $8, confirmed_at = NULL, confirmed_by_name = '', version = version + 1
        WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3 AND version = $9";
    FORM_CONFIRM = "UPDATE official_form SET confirmed_at = $4, confirmed_by_name = $5, version = version + 1
        WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3 AND version = $6";
    FORM_DELETE = "DELETE FROM official_form
        WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3 AND version = $4";
    ROWS = "SELECT position, number, sentence, placement, also FROM official_row
        WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3 ORDER BY position";
    ROW_COUNTS = "SELECT fiscal_year, variant, count(*) FROM official_row
        WHERE organisation_id = $1 GROUP BY fiscal_year, variant";
    ROW_INSERT = "INSERT INTO official_row (organisation_id, fiscal_year, variant, position, number, sentence, placement,
            also) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ROW_USE = "UPDATE official_row SET placement = $5, also = $6
        WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3 AND position = $4";
    ROWS_DELETE = "DELETE FROM official_row WHERE organisation_id = $1 AND fiscal_year = $2 AND variant = $3";
    SENTENCES = "SELECT r.number, r.sentence, r.placement, r.also FROM official_row r JOIN official_form f
            ON f.organisation_id = r.organisation_id AND f.fiscal_year = r.fiscal_year AND f.variant = r.variant
        WHERE r.organisation_id = $1 AND r.fiscal_year = $2 AND r.variant = $3 AND f.confirmed_at IS NOT NULL
            AND r.placement IS NOT NULL ORDER BY r.position";
    ROUND_SENTENCES = "SELECT r.number, r.sentence, r.placement, r.also FROM checklist_round c
        JOIN official_form f
            ON f.organisation_id = c.organisation_id AND f.fiscal_year = c.fiscal_year AND f.variant = c.variant
        JOIN official_row r
            ON r.organisation_id = f.organisation_id AND r.fiscal_year = f.fiscal_year AND r.variant = f.variant
        WHERE c.organisation_id = $1 AND c.id = $2 AND f.confirmed_at IS NOT NULL AND r.placement IS NOT NULL
        ORDER BY r.position";
}

fn also(text: &str) -> Result<Vec<PlacementId>, DbError> {
    text.split_whitespace().map(placement).collect()
}

fn also_text(row: &OfficialRow) -> String {
    let ids: Vec<&str> = row.also.iter().map(PlacementId::as_str).collect();
    ids.join(" ")
}

fn form(row: &Row<'_>) -> Result<OfficialForm, DbError> {
    let recognition: String = row.get(4)?;
    let confirmed_at: Option<DateTime<Utc>> = row.get(7)?;
    let confirmed_by: String = row.get(8)?;
    Ok(OfficialForm {
        fiscal_year: year(row.get(0)?)?,
        variant: variant(&row.get::<String>(1)?)?,
        file_name: row.get(2)?,
        digest: row.get(3)?,
        recognition: serde_json::from_str(&recognition)
            .map_err(|error| DbError::Other(format!("a recognition cannot be read: {error}")))?,
        loaded_at: row.get(5)?,
        loaded_by_name: row.get(6)?,
        confirmed: confirmed_at.map(|at| (at, confirmed_by)),
        version: row.get(9)?,
    })
}

pub(crate) fn forms(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<OfficialForm>, DbError> {
    tx.all(scope, FORMS, &[], form)
}

pub(crate) fn form_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<Option<OfficialForm>, DbError> {
    tx.maybe(scope, FORM, params![fiscal_year, variant.code()], form)
}

/// What is kept of a workbook that was just loaded.
fn loaded(form: &OfficialForm) -> Result<Vec<Value>, DbError> {
    let recognition = serde_json::to_string(&form.recognition)
        .map_err(|error| DbError::Other(format!("a recognition cannot be written: {error}")))?;
    let values: &[Value] = params![
        form.fiscal_year,
        form.variant.code(),
        &form.file_name,
        &form.digest,
        recognition,
        form.loaded_at,
        &form.loaded_by_name
    ];
    Ok(values.to_vec())
}

/// Lists a new workbook; false where the year's form is loaded already.
pub(crate) fn form_insert(tx: &mut Tx<'_>, scope: &Scope, form: &OfficialForm) -> Result<bool, DbError> {
    tx.run(scope, FORM_INSERT, &loaded(form)?).map(|rows| rows > 0)
}

/// Puts another workbook in the place of the one of that version; false where that is no longer there.
pub(crate) fn form_replace(
    tx: &mut Tx<'_>,
    scope: &Scope,
    form: &OfficialForm,
    version: i64,
) -> Result<bool, DbError> {
    let mut values = loaded(form)?;
    values.push(version.into());
    tx.run(scope, FORM_REPLACE, &values).map(|rows| rows > 0)
}

/// Notes that the rows were confirmed, or with none that they wait for it; false where the version is another by now.
pub(crate) fn form_confirm(
    tx: &mut Tx<'_>,
    scope: &Scope,
    form: &OfficialForm,
    confirmed: Option<&(DateTime<Utc>, String)>,
    version: i64,
) -> Result<bool, DbError> {
    let at = confirmed.map(|(at, _)| *at);
    let by = confirmed.map_or("", |(_, by)| by);
    let values = params![form.fiscal_year, form.variant.code(), at, by, version];
    tx.run(scope, FORM_CONFIRM, values).map(|rows| rows > 0)
}

pub(crate) fn form_delete(
    tx: &mut Tx<'_>,
    scope: &Scope,
    form: &OfficialForm,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, FORM_DELETE, params![form.fiscal_year, form.variant.code(), version]).map(|rows| rows > 0)
}

pub(crate) fn rows(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<Vec<OfficialRow>, DbError> {
    tx.all(scope, ROWS, params![fiscal_year, variant.code()], |row| {
        let position: i64 = row.get(0)?;
        let own = row.get::<Option<String>>(3)?.map(|text| placement(&text)).transpose()?;
        Ok(OfficialRow {
            position: usize::try_from(position).map_err(|_| wrong("the place", &position.to_string()))?,
            number: row.get(1)?,
            sentence: row.get(2)?,
            usage: Usage::of(own),
            also: also(&row.get::<String>(4)?)?,
        })
    })
}

/// A year and a form.
type Key = (i32, Variant);

/// How many rows each loaded workbook has.
pub(crate) fn row_counts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Key, i64)>, DbError> {
    tx.all(scope, ROW_COUNTS, &[], |row| {
        Ok(((year(row.get(0)?)?, variant(&row.get::<String>(1)?)?), row.get(2)?))
    })
}

fn place(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

pub(crate) fn rows_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    form: &OfficialForm,
    rows: &[OfficialRow],
) -> Result<(), DbError> {
    for row in rows {
        let values = params![
            form.fiscal_year,
            form.variant.code(),
            place(row.position),
            &row.number,
            &row.sentence,
            row.usage.placement().map(ToString::to_string),
            also_text(row)
        ];
        tx.run(scope, ROW_INSERT, values)?;
    }
    Ok(())
}

pub(crate) fn row_use(
    tx: &mut Tx<'_>,
    scope: &Scope,
    form: &OfficialForm,
    row: &OfficialRow,
) -> Result<(), DbError> {
    let values = params![
        form.fiscal_year,
        form.variant.code(),
        place(row.position),
        row.usage.placement().map(ToString::to_string),
        also_text(row)
    ];
    tx.run(scope, ROW_USE, values).map(drop)
}

pub(crate) fn rows_delete(tx: &mut Tx<'_>, scope: &Scope, form: &OfficialForm) -> Result<(), DbError> {
    tx.run(scope, ROWS_DELETE, params![form.fiscal_year, form.variant.code()]).map(drop)
}

type Spoken = Vec<(PlacementId, OfficialSentence)>;

fn spoken(row: &Row<'_>) -> Result<Spoken, DbError> {
    let sentence = OfficialSentence { number: row.get(0)?, text: row.get(1)? };
    let mut all = vec![placement(&row.get::<String>(2)?)?];
    all.extend(also(&row.get::<String>(3)?)?);
    Ok(all.into_iter().map(|placement| (placement, sentence.clone())).collect())
}

/// The sentences of a confirmed form, in printed order.
pub(crate) fn sentences(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<Spoken, DbError> {
    let rows = tx.all(scope, SENTENCES, params![fiscal_year, variant.code()], spoken)?;
    Ok(rows.into_iter().flatten().collect())
}

/// The same for the form of a round.
pub(crate) fn round_sentences(tx: &mut Tx<'_>, scope: &Scope, round: RoundId) -> Result<Spoken, DbError> {
    Ok(tx.all(scope, ROUND_SENTENCES, params![round], spoken)?.into_iter().flatten().collect())
}
