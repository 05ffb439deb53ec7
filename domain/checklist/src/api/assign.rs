//! Who answers what.

use super::rows::RowShown;
use super::{RoundPath, rows::closed};
use crate::actions::{self, AssignInput, AssignRefusal, form_of_round, round_by_key};
use crate::model::{FormKey, RoundView};
use crate::pages::assign_refusal;
use komainu_access::PersonId;
use komainu_catalog::PlacementId;
use komainu_web::api::{Caller, Day, Json, Path, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rows to give to a person, or to take back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// The rows.
    #[schema(value_type = Vec<String>, min_items = 1)]
    rows: Vec<PlacementId>,
    /// To whom; null takes the rows back.
    person: Option<PersonId>,
    /// By when; null for the round's own pace.
    due: Option<Day>,
}

/// How many rows changed hands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assigned {
    changed: usize,
}

/// What is assigned to the caller, by round.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignments {
    items: Vec<AssignedRound>,
}

/// The caller's rows of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignedRound {
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    /// The round's name within the year, for addresses.
    form: String,
    rows: Vec<RowShown>,
}

impl Resource for Assigned {}
impl Resource for Assignments {}

fn own(at: &Caller, view: RoundView) -> Result<AssignedRound, Failure> {
    let form = form_of_round(&at.app.catalog, &view.round)?;
    let key = FormKey { variant: view.round.variant, vendor: view.round.vendor };
    let rows = view.gate.into_iter().chain(view.rows).map(|row| {
        let of = form.row(&row.placement);
        RowShown::new(at.lang, row, of)
    });
    Ok(AssignedRound { fiscal_year: view.round.fiscal_year, form: key.to_string(), rows: rows.collect() })
}

/// What is assigned to the caller in open rounds
#[utoipa::path(get, path = "/assignments", responses((status = 200, body = Assignments)))]
pub async fn assignments(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let views = actions::mine(tx, &at.scope, &at.app.catalog)?;
            let items = views.into_iter().map(|view| own(at, view)).collect::<Result<_, _>>()?;
            Ok(Assignments { items })
        })
        .await
}

/// Give rows to a person, or take them back
#[utoipa::path(put, path = "/rounds/{year}/{form}/assignments", params(RoundPath), request_body = AssignBody,
    responses((status = 200, body = Assigned)))]
pub async fn assignment_set(
    caller: Caller,
    Path(path): Path<RoundPath>,
    Json(body): Json<AssignBody>,
) -> Outcome {
    let input = AssignInput { placements: body.rows, person: body.person, due: body.due.map(|day| day.0) };
    caller
        .change(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::assignment_set(tx, nature, &at.scope, catalog, round.id, &input) {
                Ok(changed) => Ok(Assigned { changed }),
                Err(Refused::Because(AssignRefusal::Closed)) => Err(closed(at)),
                Err(Refused::Because(reason)) => {
                    let (field, text) = assign_refusal(at.lang, reason);
                    let mut faults = FieldErrors::default();
                    faults.add(if field == "item" { "rows" } else { field }, text);
                    Err(Failure::Invalid(faults))
                }
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}
