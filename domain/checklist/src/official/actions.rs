//! What can be done with the ministry's workbook.

use super::fill::{Answers, fills};
use super::model::{OfficialForm, OfficialRow, OfficialSentence, Usage};
use super::recognise::{Recognised, own_names, rows_of};
use super::store;
use crate::actions::{
    AnswerInput, AnswerRefusal, AnswerSaved, Asks, form_of_round, record, round_by_key, round_view, write,
};
use crate::model::{Answer, FormKey, Round, RoundId};
use crate::neighbours;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Role, Scope};
use komainu_catalog::{Catalog, Form, PlacementId, Variant};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::{Files, clean_name};
use komainu_web::{Failure, Refused};
use komainu_workbook::{FieldKind, FieldValue, Fill};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How the log names a workbook.
const FORM: &str = "official_form";

/// A recognised file to be kept.
#[derive(Clone, Debug)]
pub struct NewForm {
    /// The file's name as the browser gave it.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What it was recognised as.
    pub recognised: Recognised,
    /// The version of the workbook whose place it takes; none where there should be none yet.
    pub replaces: Option<i64>,
}

/// Why a recognised file was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadRefusal {
    /// The form of that year is loaded already, at this version: replacing it has to be asked for.
    Exists(i64),
}

#[derive(Serialize)]
struct FormLog<'a> {
    file_name: &'a str,
    digest: &'a str,
    rows: usize,
}

fn log<'a>(form: &'a OfficialForm, rows: &[OfficialRow]) -> FormLog<'a> {
    FormLog { file_name: &form.file_name, digest: &form.digest, rows: rows.len() }
}

fn object(form: &OfficialForm) -> String {
    format!("{}/{}", form.fiscal_year, form.variant)
}

/// Keeps a recognised workbook: the original sealed, its rows to be confirmed.
pub fn form_load(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    new: &NewForm,
) -> Result<(), Refused<LoadRefusal>> {
    scope.require(Permission::OfficialFormManage)?;
    let Recognised { fiscal_year, variant, recognition } = &new.recognised;
    let before = store::form_get(tx, scope, *fiscal_year, *variant)?;
    if let Some(before) = before.as_ref().filter(|before| new.replaces != Some(before.version)) {
        return Err(Refused::Because(LoadRefusal::Exists(before.version)));
    }
    let stored = files.put(tx, scope, nature, &new.bytes).map_err(Failure::internal)?;
    let form = OfficialForm {
        fiscal_year: *fiscal_year,
        variant: *variant,
        file_name: file_name(&new.file_name),
        digest: stored.digest,
        recognition: recognition.clone(),
        loaded_at: nature.now(),
        loaded_by_name: scope.person_name().to_owned(),
        confirmed: None,
        version: 1,
    };
    let rows = rows_of(recognition);
    let (kept, old) = match &before {
        None => (store::form_insert(tx, scope, &form)?, None),
        Some(before) => {
            let old = store::rows(tx, scope, *fiscal_year, *variant)?;
            let kept = store::form_replace(tx, scope, &form, before.version)?;
            store::rows_delete(tx, scope, before)?;
            (kept, Some(log(before, &old)))
        }
    };
    if !kept {
        // Somebody else loaded one in this very moment.
        let now = store::form_get(tx, scope, *fiscal_year, *variant)?.ok_or(Failure::Stale)?;
        return Err(Refused::Because(LoadRefusal::Exists(now.version)));
    }
    store::rows_insert(tx, scope, &form, &rows)?;
    let action = if old.is_some() { "official_replace" } else { "official_load" };
    record(tx, scope, nature.now(), (action, FORM, &object(&form)), (old, log(&form, &rows)))?;
    Ok(())
}

/// The name of a workbook, which always has one.
fn file_name(given: &str) -> String {
    let name = clean_name(given);
    if name.is_empty() { "checklist.xlsx".to_owned() } else { name }
}

/// The loaded workbooks, newest year first, each with the number of its rows.
pub fn forms(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(OfficialForm, i64)>, Failure> {
    scope.require(Permission::OfficialFormManage)?;
    let counts: BTreeMap<(i32, Variant), i64> = store::row_counts(tx, scope)?.into_iter().collect();
    let count = |form: &OfficialForm| counts.get(&(form.fiscal_year, form.variant)).copied().unwrap_or(0);
    let forms = store::forms(tx, scope)?;
    Ok(forms.into_iter().map(|form| (count(&form), form)).map(|(count, form)| (form, count)).collect())
}

/// A loaded workbook with its rows.
#[derive(Clone, Debug)]
pub struct FormView {
    /// The workbook.
    pub form: OfficialForm,
    /// Its rows, from top to bottom.
    pub rows: Vec<OfficialRow>,
}

impl FormView {
    /// The rows of ours that the workbook does not have.
    pub fn missing<'a>(&self, form: &'a Form<'a>) -> Vec<&'a komainu_catalog::FormRow<'a>> {
        let covered: BTreeSet<&PlacementId> = self.rows.iter().flat_map(OfficialRow::covers).collect();
        form.gate.iter().chain(&form.rows).filter(|row| !covered.contains(&row.id)).collect()
    }

    /// The rows of ours that more than one row of the workbook is said to be.
    pub fn twice(&self) -> BTreeSet<PlacementId> {
        let mut seen = BTreeSet::new();
        let covered = self.rows.iter().flat_map(OfficialRow::covers);
        covered.filter(|placement| !seen.insert(*placement)).cloned().collect()
    }
}

/// A loaded workbook, for those who manage it.
pub fn form_view(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<FormView, Failure> {
    scope.require(Permission::OfficialFormManage)?;
    view(tx, scope, fiscal_year, variant)
}

fn view(tx: &mut Tx<'_>, scope: &Scope, fiscal_year: i32, variant: Variant) -> Result<FormView, Failure> {
    let form = store::form_get(tx, scope, fiscal_year, variant)?.ok_or(Failure::NotFound)?;
    let rows = store::rows(tx, scope, fiscal_year, variant)?;
    Ok(FormView { form, rows })
}

/// What a person says that the rows are.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The version the person looked at.
    pub version: i64,
    /// By position: a row of ours, `own` or `none`. Rows that are not named stay as they are.
    pub rows: BTreeMap<usize, String>,
    /// Whether everything was looked at and is right.
    pub confirm: bool,
}

/// Why choices were not kept.
#[derive(Clone, Debug)]
pub enum ChooseRefusal {
    /// Somebody else changed the form meanwhile: how it stands now.
    Changed(Box<FormView>),
}

/// Keeps what the rows are, and confirms all of them where that was asked for.
pub fn form_choose(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    key: (i32, Variant),
    choices: &Choices,
) -> Result<(), Refused<ChooseRefusal>> {
    scope.require(Permission::OfficialFormManage)?;
    let FormView { form, rows } = view(tx, scope, key.0, key.1)?;
    let known = catalog.form_of(key.0, key.1).ok_or(Failure::NotFound)?;
    let chosen = choose(&rows, &known, &choices.rows)?;
    let changed: Vec<(&OfficialRow, &OfficialRow)> =
        rows.iter().zip(&chosen).filter(|(old, new)| old.usage != new.usage).collect();
    let newly = choices.confirm && form.confirmed.is_none();
    if changed.is_empty() && !newly && form.version == choices.version {
        return Ok(());
    }
    let now = (nature.now(), scope.person_name().to_owned());
    let confirmed = form.confirmed.as_ref().or(choices.confirm.then_some(&now));
    if !store::form_confirm(tx, scope, &form, confirmed, choices.version)? {
        return Err(Refused::Because(ChooseRefusal::Changed(Box::new(view(tx, scope, key.0, key.1)?))));
    }
    for (_, new) in &changed {
        store::row_use(tx, scope, &form, new)?;
    }
    let action = if newly { "official_confirm" } else { "official_change" };
    let states = (told(changed.iter().map(|(old, _)| *old)), told(changed.iter().map(|(_, new)| *new)));
    record(tx, scope, nature.now(), (action, FORM, &object(&form)), states)?;
    Ok(())
}

/// Rows as the log tells them: what each is, by its number or place.
fn told<'a>(rows: impl Iterator<Item = &'a OfficialRow>) -> BTreeMap<String, String> {
    rows.map(|row| {
        let name = if row.number.is_empty() { format!("#{}", row.position + 1) } else { row.number.clone() };
        (name, row.usage.placement().map_or_else(|| "-".to_owned(), ToString::to_string))
    })
    .collect()
}

/// The rows as they are after the choices; a choice that is none of those offered is not found.
fn choose(
    rows: &[OfficialRow],
    known: &Form<'_>,
    choices: &BTreeMap<usize, String>,
) -> Result<Vec<OfficialRow>, Failure> {
    let own = own_names(rows);
    let pairs = rows.iter().zip(own);
    pairs
        .map(|(row, own)| {
            let usage = match choices.get(&row.position).map(String::as_str) {
                None => return Ok(row.clone()),
                Some("none") => Usage::Ignored,
                Some("own") => Usage::of(own),
                Some(id) => {
                    let placement: PlacementId = id.parse().map_err(|_| Failure::NotFound)?;
                    known.row(&placement).ok_or(Failure::NotFound)?;
                    Usage::Item(placement)
                }
            };
            // What else the row covers was said of the item it was, and of no other.
            let also = if usage == row.usage { row.also.clone() } else { Vec::new() };
            Ok(OfficialRow { usage, also, ..row.clone() })
        })
        .collect()
}

/// Takes a workbook away. The answers stay, also those to rows that only it had.
pub fn form_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    key: (i32, Variant),
    version: i64,
) -> Result<(), Failure> {
    scope.require(Permission::OfficialFormManage)?;
    let FormView { form, rows } = view(tx, scope, key.0, key.1)?;
    store::rows_delete(tx, scope, &form)?;
    if !store::form_delete(tx, scope, &form, version)? {
        return Err(Failure::Stale);
    }
    record(tx, scope, nature.now(), ("official_remove", FORM, &object(&form)), (log(&form, &rows), ()))
}

/// What the ministry's form says for a row of ours; none where no workbook was confirmed.
pub fn sentence(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
    placement: &PlacementId,
) -> Result<Option<OfficialSentence>, Failure> {
    Ok(sentences(tx, scope, fiscal_year, variant)?.remove(placement))
}

/// What the ministry's form says, by row of ours; empty where no workbook was confirmed.
pub fn sentences(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<BTreeMap<PlacementId, OfficialSentence>, Failure> {
    crate::actions::sight(scope)?;
    Ok(joined(store::sentences(tx, scope, fiscal_year, variant)?))
}

/// Where several printed rows are one of ours, their sentences follow each other under the first number.
fn joined(spoken: Vec<(PlacementId, OfficialSentence)>) -> BTreeMap<PlacementId, OfficialSentence> {
    let mut all: BTreeMap<PlacementId, OfficialSentence> = BTreeMap::new();
    for (placement, sentence) in spoken {
        match all.get_mut(&placement) {
            Some(first) => first.text = format!("{}\n{}", first.text, sentence.text),
            None => drop(all.insert(placement, sentence)),
        }
    }
    all
}

/// What the ministry's form says for the rows of a round; empty where no workbook was confirmed.
pub(crate) fn official_sentences(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
) -> Result<BTreeMap<PlacementId, OfficialSentence>, Failure> {
    Ok(joined(store::round_sentences(tx, scope, round)?))
}

/// A row that only the workbook has, in a round.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// The row's own placement.
    pub placement: PlacementId,
    /// The printed number; empty if none.
    pub number: String,
    /// The ministry's sentence.
    pub sentence: String,
    /// What stands in it.
    pub answer: Option<Answer>,
}

/// The rows that only the workbook has, with their answers in a round; empty where no workbook was confirmed.
pub fn own_rows(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    fiscal_year: i32,
    key: FormKey,
) -> Result<(Round, usize, Vec<OwnRow>), Failure> {
    scope.require(Permission::ChecklistRead)?;
    let round = round_by_key(tx, scope, fiscal_year, key)?;
    let columns = usize::from(*form_of_round(catalog, &round)?.data.check_dates);
    let rows = confirmed_own(tx, scope, fiscal_year, key.variant)?;
    let mut answers = if rows.is_empty() { Answers::default() } else { answers(tx, scope, round.id)? };
    let own = rows.into_iter().map(|(placement, sentence)| own_row(placement, sentence, &mut answers));
    let own = own.collect();
    Ok((round, columns, own))
}

/// A row that only the workbook has, with what stands in it.
pub(super) fn own_row(placement: PlacementId, sentence: OfficialSentence, answers: &mut Answers) -> OwnRow {
    OwnRow { answer: answers.remove(&placement), placement, number: sentence.number, sentence: sentence.text }
}

fn confirmed_own(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    variant: Variant,
) -> Result<Vec<(PlacementId, OfficialSentence)>, Failure> {
    let mut spoken = store::sentences(tx, scope, fiscal_year, variant)?;
    spoken.retain(|(placement, _)| super::model::is_own(placement));
    Ok(spoken)
}

pub(super) fn answers(tx: &mut Tx<'_>, scope: &Scope, round: RoundId) -> Result<Answers, Failure> {
    let answers = crate::store::answers(tx, scope, round, None)?;
    Ok(answers.into_iter().map(|(_, placement, answer)| (placement, answer)).collect())
}

/// Writes into a row that only the workbook has, by the same rules as into any other.
pub fn own_answer_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    address: (i32, FormKey, &PlacementId),
    input: &AnswerInput,
) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
    scope.require(Permission::ChecklistAnswer)?;
    let (fiscal_year, key, placement) = address;
    let round = round_by_key(tx, scope, fiscal_year, key)?;
    let rows = confirmed_own(tx, scope, fiscal_year, key.variant)?;
    if !rows.iter().any(|(own, _)| own == placement) {
        return Err(Failure::NotFound.into());
    }
    let columns = usize::from(*form_of_round(catalog, &round)?.data.check_dates);
    // Whether the form lets such a row stay empty is not known, so that is not offered.
    let asks = Asks { columns, may_not_apply: false, gate: false };
    write(tx, nature, scope, &round, placement, (asks, input))
}

/// Everything that is needed to fill a copy of the workbook.
#[derive(Clone, Debug)]
pub struct Filling {
    /// The workbook.
    pub form: OfficialForm,
    /// The round whose answers go in.
    pub round: Round,
    /// What the rows are to hold.
    pub fills: Vec<Fill>,
    /// What the fields outside the table are to hold.
    pub fields: Vec<(FieldKind, FieldValue)>,
    /// When the workbook was confirmed; only a confirmed one is filled.
    pub confirmed_at: DateTime<Utc>,
}

/// Gathers what a filled copy of the workbook holds. Not found where no workbook was confirmed.
pub fn filling(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    fiscal_year: i32,
    key: FormKey,
) -> Result<Filling, Failure> {
    scope.require(Permission::PackMake)?;
    scope.require(Permission::ChecklistRead)?;
    let FormView { form, rows } = view(tx, scope, fiscal_year, key.variant)?;
    let confirmed_at = form.confirmed.as_ref().ok_or(Failure::NotFound)?.0;
    let round = round_by_key(tx, scope, fiscal_year, key)?;
    let view = round_view(tx, scope, catalog, round.id)?;
    let mut answers = answers(tx, scope, round.id)?;
    if view.gate_shut() {
        // The gate's no makes the rest unnecessary; what stands there from before is not this year's answer.
        answers.retain(|placement, _| view.gate.as_ref().is_some_and(|gate| gate.placement == *placement));
    }
    let fills = fills(&rows, &answers, view.check_columns);
    let fields = fields(tx, nature, scope, &round)?;
    Ok(Filling { form, round, fills, fields, confirmed_at })
}

fn fields(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    round: &Round,
) -> Result<Vec<(FieldKind, FieldValue)>, Failure> {
    let house = neighbours::house(tx, scope)?;
    let mut fields = vec![
        (FieldKind::InstitutionName, FieldValue::Text(house.name)),
        (FieldKind::FilledOn, FieldValue::Date(nature.today())),
    ];
    let officers: Vec<String> = neighbours::colleagues(tx, scope)?
        .into_iter()
        .filter(|colleague| colleague.role == Role::SafetyManager && !colleague.disabled)
        .map(|colleague| colleague.name)
        .collect();
    if let [officer] = officers.as_slice() {
        fields.push((FieldKind::Officer, FieldValue::Text(officer.clone())));
    }
    if let Some(vendor) = round.vendor
        && let Some(supplier) = neighbours::suppliers(tx, scope)?.into_iter().find(|one| one.id == vendor)
    {
        fields.push((FieldKind::VendorName, FieldValue::Text(supplier.name)));
    }
    Ok(fields)
}
