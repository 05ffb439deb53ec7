//! Rounds: the list, opening, carrying over, closing.

use super::RoundPath;
use crate::actions::{self, OpenRefusal, OpenRound, round_by_key, round_view};
use crate::model::{Counts, FormKey, Round, RoundId, RoundSummary, RoundView};
use crate::neighbours::VendorId;
use crate::pages::open_refusal;
use chrono::{DateTime, Utc};
use komainu_db::Tx;
use komainu_web::api::{Caller, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A round: one answering of one year's form, about the institution itself or about a vendor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Round)]
pub struct RoundShown {
    id: RoundId,
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    /// Its name within the year, for addresses.
    form: String,
    /// The vendor it speaks of; null where the institution answers about itself.
    vendor: Option<VendorId>,
    opened_at: DateTime<Utc>,
    /// A closed round can only be read.
    closed_at: Option<DateTime<Utc>>,
    /// How many rows stand where; to those who see only their own rows, of these.
    counts: Counts,
}

/// Which round to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundBody {
    /// The fiscal year by its first calendar year; one that has begun.
    fiscal_year: i32,
    /// The vendor it speaks of; null for the institution itself.
    vendor: Option<VendorId>,
    /// Whether to take over the latest earlier year's answers, to be confirmed.
    #[serde(default)]
    carry: bool,
}

impl Resource for RoundShown {
    fn place(&self) -> String {
        format!("/rounds/{}/{}", self.fiscal_year, self.form)
    }
}

impl From<RoundSummary> for RoundShown {
    fn from(round: RoundSummary) -> Self {
        RoundShown {
            id: round.id,
            fiscal_year: round.fiscal_year,
            form: FormKey { variant: round.variant, vendor: round.vendor }.to_string(),
            vendor: round.vendor,
            opened_at: round.opened_at,
            closed_at: round.closed_at,
            counts: round.counts,
        }
    }
}

impl From<RoundView> for RoundShown {
    fn from(view: RoundView) -> Self {
        let round = view.round;
        RoundShown {
            id: round.id,
            fiscal_year: round.fiscal_year,
            form: FormKey { variant: round.variant, vendor: round.vendor }.to_string(),
            vendor: round.vendor,
            opened_at: round.opened_at,
            closed_at: round.closed_at,
            counts: view.counts,
        }
    }
}

fn shown(tx: &mut Tx<'_>, at: &Caller, id: RoundId) -> Result<RoundShown, Failure> {
    round_view(tx, &at.scope, &at.app.catalog, id).map(RoundShown::from)
}

fn found(tx: &mut Tx<'_>, at: &Caller, path: &RoundPath) -> Result<Round, Failure> {
    round_by_key(tx, &at.scope, path.year, path.form)
}

fn refused(at: &Caller, refused: Refused<OpenRefusal>) -> Failure {
    match refused {
        Refused::Because(reason) => Failure::Refused(open_refusal(at.lang, reason)),
        Refused::Failed(failure) => failure,
    }
}

/// The rounds, newest year first, the institution's own before its vendors'
#[utoipa::path(get, path = "/rounds", params(Paging), responses((status = 200, body = Page<RoundShown>)))]
pub async fn rounds(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |round: &RoundShown| (-round.fiscal_year, round.vendor);
    caller
        .list(&paging, key, move |tx, at, part| {
            let all = actions::rounds(tx, &at.scope, &at.app.catalog)?;
            Ok(part.of(all.into_iter().map(RoundShown::from).collect(), key))
        })
        .await
}

/// One round
#[utoipa::path(get, path = "/rounds/{year}/{form}", params(RoundPath), responses((status = 200, body = RoundShown)))]
pub async fn round_get(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let round = found(tx, at, &path)?;
            shown(tx, at, round.id)
        })
        .await
}

/// Open a year's round, or get the one that is open already
#[utoipa::path(post, path = "/rounds", request_body = RoundBody, responses((status = 201, body = RoundShown)))]
pub async fn round_open(caller: Caller, Json(body): Json<RoundBody>) -> Outcome {
    let RoundBody { fiscal_year, vendor, carry } = body;
    caller
        .create(move |tx, at| {
            let input = OpenRound { fiscal_year, vendor, carry };
            let opened = actions::round_open(tx, &at.app.nature, &at.scope, &at.app.catalog, input);
            shown(tx, at, opened.map_err(|reason| refused(at, reason))?.id)
        })
        .await
}

/// Take the latest earlier year's answers into the rows that are still empty, to be confirmed
#[utoipa::path(post, path = "/rounds/{year}/{form}/carry", params(RoundPath),
    responses((status = 200, body = RoundShown)))]
pub async fn round_carry(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = found(tx, at, &path)?;
            actions::carry_over(tx, &at.app.nature, &at.scope, &at.app.catalog, round.id)
                .map_err(|reason| refused(at, reason))?;
            shown(tx, at, round.id)
        })
        .await
}

/// Close a round: from now on it can only be read
#[utoipa::path(post, path = "/rounds/{year}/{form}/close", params(RoundPath),
    responses((status = 200, body = RoundShown)))]
pub async fn round_close(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = found(tx, at, &path)?;
            actions::round_close(tx, &at.app.nature, &at.scope, round.id)?;
            shown(tx, at, round.id)
        })
        .await
}

/// Open a closed round again
#[utoipa::path(post, path = "/rounds/{year}/{form}/reopen", params(RoundPath),
    responses((status = 200, body = RoundShown)))]
pub async fn round_reopen(caller: Caller, Path(path): Path<RoundPath>) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = found(tx, at, &path)?;
            actions::round_reopen(tx, &at.app.nature, &at.scope, round.id)?;
            shown(tx, at, round.id)
        })
        .await
}
