//! Rows and what is written into them.

use super::{RoundPath, RowPath, SuggestionShown};
use crate::actions::{
    self, AnswerInput, AnswerRefusal, Fault, LedgerDrafts, form_of_round, round_by_key, round_view,
};
use crate::model::{Answer, AnswerKind, Ask, Assignment, Missing, Round, RowState, RowView};
use crate::neighbours::VendorId;
use crate::{t, words};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::{ItemId, Level, PlacementId, Scope as AskedAbout};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::api::{Caller, Day, IfMatch, Json, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A row of a round, with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Row)]
pub struct RowShown {
    /// The row, as the catalogue names it.
    #[schema(value_type = String)]
    row: PlacementId,
    /// The printed number; null for the question before all others.
    number: Option<String>,
    /// What it asks, in the language that was asked for.
    title: String,
    /// The item, which is the same in every year.
    #[schema(value_type = String)]
    item: ItemId,
    /// How much the row asks this year: `gate`, `required`, `reference`.
    #[schema(value_type = String)]
    level: Level,
    /// What it asks about.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<AskedAbout>,
    /// The ministry's own sentence, where its workbook was loaded.
    official: Option<String>,
    /// Whether the row's place in the form follows from a source.
    confirmed: bool,
    /// Whether it may be answered with `not_applicable`.
    may_not_apply: bool,
    /// Where it stands.
    state: State,
    /// What an answered row still lacks.
    missing: Vec<Lack>,
    /// What stands in it; null where nothing does.
    answer: Option<AnswerShown>,
    /// Who has to answer it.
    assignment: Option<Assignment>,
    /// Pieces of evidence.
    evidence_count: u32,
    /// What vendors were asked, newest first.
    asks: Vec<Ask>,
    /// Replies that came through links and wait to be looked at.
    replies_waiting: u32,
    /// What the ledger says, where one row or a list with `suggestions` is read; null where the ledger does not speak of the
    /// row, or the caller may not see it. It is no answer.
    suggestion: Option<SuggestionShown>,
    /// The version of the answer; 0 while nothing was written.
    version: i64,
}

/// What stands in a row, and who wrote it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerShown {
    answer: Option<AnswerKind>,
    /// Why the row does not apply.
    reason: String,
    /// The dates of the form's check columns.
    checked: Vec<Option<NaiveDate>>,
    /// By when a no becomes a yes.
    target: Option<NaiveDate>,
    note: String,
    /// Taken over from an earlier year and not yet confirmed: it counts as unanswered.
    carried: bool,
    changed_at: DateTime<Utc>,
    changed_by: PersonId,
    changed_by_name: String,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RowState)]
pub enum State {
    /// The gate question made it unnecessary.
    NotNeeded,
    /// No answer yet.
    Unanswered,
    /// An earlier year's answer waits to be confirmed.
    ToConfirm,
    /// Answered, but something is missing.
    Lacks,
    /// Answered, with everything that belongs to it.
    Complete,
}

/// Something a complete row still lacks.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// The date of the first check.
    CheckDate,
    /// The target date of a no.
    Target,
    /// The reason why it does not apply.
    Reason,
}

/// The rows in printed order, first the question before all others where the form has one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rows {
    items: Vec<RowShown>,
}

/// What a list of rows shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RowsQuery {
    /// Whether each row comes with the answer that the ledger suggests.
    #[serde(default)]
    #[param(default = false)]
    suggestions: bool,
}

/// What is written into a row.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The answer; null while only a note or a date is written.
    answer: Option<AnswerKind>,
    /// Why the row does not apply.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// The dates of the form's check columns, in order.
    #[serde(default)]
    checked: Vec<Option<Day>>,
    /// By when a no becomes a yes: inside the fiscal year.
    target: Option<Day>,
    /// Anything worth remembering.
    #[serde(default)]
    #[schema(max_length = 4000)]
    note: String,
}

/// Whose reply came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyBody {
    vendor: VendorId,
}

impl Resource for RowShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for Rows {}

impl RowShown {
    pub(crate) fn new(lang: Lang, row: RowView, of: Option<&komainu_catalog::FormRow<'_>>) -> RowShown {
        let (state, missing) = match &row.state {
            RowState::NotNeeded => (State::NotNeeded, Vec::new()),
            RowState::Unanswered => (State::Unanswered, Vec::new()),
            RowState::ToConfirm => (State::ToConfirm, Vec::new()),
            RowState::Complete => (State::Complete, Vec::new()),
            RowState::Lacks(all) => (State::Lacks, all.iter().copied().map(Lack::from).collect()),
        };
        RowShown {
            row: row.placement,
            number: row.number,
            title: of.map(|of| words::title(lang, of)).unwrap_or_default(),
            item: row.item,
            level: row.level,
            scopes: row.scopes,
            official: row.official,
            confirmed: row.confirmed,
            may_not_apply: row.may_not_apply,
            state,
            missing,
            version: row.answer.as_ref().map_or(0, |answer| answer.version),
            answer: row.answer.map(AnswerShown::from),
            assignment: row.assignment,
            evidence_count: row.evidence_count,
            asks: row.asks,
            replies_waiting: row.replies_waiting,
            suggestion: None,
        }
    }
}

impl From<Answer> for AnswerShown {
    fn from(answer: Answer) -> Self {
        AnswerShown {
            answer: answer.content.kind,
            reason: answer.content.reason,
            checked: answer.content.checked,
            target: answer.content.target,
            note: answer.content.note,
            carried: answer.carried,
            changed_at: answer.changed_at,
            changed_by: answer.changed_by,
            changed_by_name: answer.changed_by_name,
        }
    }
}

impl AnswerBody {
    /// As a person would type it.
    pub(crate) fn input(self, version: i64) -> AnswerInput {
        let date = |date: &Option<Day>| date.map(|date| date.0.to_string()).unwrap_or_default();
        AnswerInput {
            answer: self.answer.map(|kind| kind.code().to_owned()).unwrap_or_default(),
            reason: self.reason,
            checked: self.checked.iter().map(date).collect(),
            target: date(&self.target),
            note: self.note,
            version,
        }
    }
}

impl From<Missing> for Lack {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::CheckDate => Lack::CheckDate,
            Missing::Target => Lack::Target,
            Missing::Reason => Lack::Reason,
        }
    }
}

/// A round's rows, those that the caller sees and `wanted` takes. What the ledger says about them is asked for where
/// `drafted`: that reads the whole ledger, which a write or a list has no need of.
fn shown(
    tx: &mut Tx<'_>,
    at: &Caller,
    round: &Round,
    wanted: impl Fn(&RowView) -> bool,
    drafted: bool,
) -> Result<Vec<RowShown>, Failure> {
    let view = round_view(tx, &at.scope, &at.app.catalog, round.id)?;
    let form = form_of_round(&at.app.catalog, round)?;
    let drafts =
        if drafted { LedgerDrafts::read(tx, &at.scope, at.app.nature.today(), round)? } else { None };
    let rows = view.gate.into_iter().chain(view.rows).filter(wanted);
    Ok(rows
        .map(|row| {
            let of = form.row(&row.placement);
            let said = drafts.as_ref().and_then(|drafts| drafts.of(&row));
            let suggestion = said.map(|said| SuggestionShown::new(at.lang, &said));
            RowShown { suggestion, ..RowShown::new(at.lang, row, of) }
        })
        .collect())
}

pub(super) fn one(
    tx: &mut Tx<'_>,
    at: &Caller,
    round: &Round,
    row: &PlacementId,
) -> Result<RowShown, Failure> {
    shown(tx, at, round, |shown| shown.placement == *row, false)?.pop().ok_or(Failure::NotFound)
}

/// The rows of a round with their answers
#[utoipa::path(get, path = "/rounds/{year}/{form}/rows", params(RoundPath, RowsQuery),
    responses((status = 200, body = Rows)))]
pub async fn rows(caller: Caller, Path(path): Path<RoundPath>, Query(query): Query<RowsQuery>) -> Outcome {
    caller
        .show(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            Ok(Rows { items: shown(tx, at, &round, |_| true, query.suggestions)? })
        })
        .await
}

/// One row with its answer
#[utoipa::path(get, path = "/rounds/{year}/{form}/rows/{row}", params(RowPath),
    responses((status = 200, body = RowShown)))]
pub async fn row_get(caller: Caller, Path(path): Path<RowPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let rows = shown(tx, at, &round, |shown| shown.placement == path.row, true)?;
            rows.into_iter().next().ok_or(Failure::NotFound)
        })
        .await
}

/// Answer a row: everything that stands in it is replaced
///
/// `If-Match: "0"` writes into a row that nobody has written into.
#[utoipa::path(put, path = "/rounds/{year}/{form}/rows/{row}", params(RowPath, IfMatch), request_body = AnswerBody,
    responses((status = 200, body = RowShown)))]
pub async fn answer_set(
    caller: Caller,
    Path(path): Path<RowPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<AnswerBody>,
) -> Outcome {
    let input = body.input(version);
    caller
        .change(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let columns = usize::from(*form_of_round(&at.app.catalog, &round)?.data.check_dates);
            fitting(at, columns, &input)?;
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::answer_set(tx, nature, &at.scope, catalog, round.id, &path.row, &input) {
                Ok(_) => one(tx, at, &round, &path.row),
                Err(Refused::Because(AnswerRefusal::Faults(faults))) => Err(invalid(at, &round, &faults)),
                Err(Refused::Because(AnswerRefusal::Changed { .. })) => {
                    Err(Failure::outdated(&one(tx, at, &round, &path.row)?))
                }
                Err(Refused::Because(AnswerRefusal::Closed)) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// A date more than the form has columns would be lost.
pub(crate) fn fitting(at: &Caller, columns: usize, input: &AnswerInput) -> Result<(), Failure> {
    let mut faults = FieldErrors::default();
    if input.checked.len() > columns {
        faults.add("checked", t!(at.lang, "fault-columns", columns = columns.to_string()));
    }
    faults.into_result()
}

pub(crate) fn invalid(at: &Caller, round: &Round, faults: &[Fault]) -> Failure {
    let mut errors = FieldErrors::default();
    for fault in faults {
        let text = words::fault(at.lang, &fault.kind, round.fiscal_year, at.app.nature.today());
        errors.add(&fault.field, text);
    }
    Failure::Invalid(errors)
}

pub(crate) fn closed(at: &Caller) -> Failure {
    Failure::Refused(t!(at.lang, "refused-closed"))
}

/// Confirm what an earlier year left in a row
#[utoipa::path(post, path = "/rounds/{year}/{form}/rows/{row}/confirm", params(RowPath),
    responses((status = 200, body = RowShown)))]
pub async fn answer_confirm(caller: Caller, Path(path): Path<RowPath>) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::answer_confirm(tx, nature, &at.scope, catalog, round.id, &path.row) {
                Ok(_) => one(tx, at, &round, &path.row),
                Err(Refused::Because(_)) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Note that a vendor's reply about a row came today
#[utoipa::path(post, path = "/rounds/{year}/{form}/rows/{row}/replied", params(RowPath), request_body = ReplyBody,
    responses((status = 200, body = RowShown)))]
pub async fn ask_replied(caller: Caller, Path(path): Path<RowPath>, Json(body): Json<ReplyBody>) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            match actions::ask_replied(tx, &at.app.nature, &at.scope, round.id, &path.row, body.vendor) {
                Ok(()) => one(tx, at, &round, &path.row),
                Err(Refused::Because(_)) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}
