//! Letters to vendors, and what was asked of them.

use super::{RoundPath, rows::closed};
use crate::actions::{self, AskRefusal, round_by_key};
use crate::neighbours::VendorId;
use crate::pages::{LetterRead, Wish, ask_refusal, draft};
use crate::t;
use chrono::NaiveDate;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::api::{Caller, Day, Json, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a letter is about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LetterQuery {
    /// The vendor; left out, the round's own or the first of the ledger.
    #[param(inline)]
    vendor: Option<VendorId>,
    /// The row; left out, every open row that a vendor can answer.
    #[param(value_type = Option<String>)]
    row: Option<PlacementId>,
    /// The day for the reply; left out, ten working days from today.
    #[param(inline)]
    reply_by: Option<Day>,
    /// The letter's language: `ja`, `en` or `zh`; left out, Japanese.
    #[param(value_type = Option<String>, pattern = "^(ja|en|zh)$")]
    language: Option<Lang>,
}

/// A letter, ready to be sent by whoever sends letters: Komainu sends none.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterShown {
    vendor: VendorId,
    reply_by: NaiveDate,
    /// The rows it asks about.
    #[schema(value_type = Vec<String>)]
    rows: Vec<PlacementId>,
    subject: String,
    body: String,
}

/// What was asked of a vendor today.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    pub(super) vendor: VendorId,
    /// The rows.
    #[schema(value_type = Vec<String>, min_items = 1)]
    pub(super) rows: Vec<PlacementId>,
    /// By when a reply was asked for.
    pub(super) reply_by: Day,
}

impl Resource for LetterShown {}

/// A letter that asks a vendor what only the vendor can know
#[utoipa::path(get, path = "/rounds/{year}/{form}/letter", params(RoundPath, LetterQuery),
    responses((status = 200, body = LetterShown), (status = 409, description = "There is nothing to ask, or nobody")))]
pub async fn letter_get(
    caller: Caller,
    Path(path): Path<RoundPath>,
    Query(query): Query<LetterQuery>,
) -> Outcome {
    fn text(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let wish = Wish {
        vendor: text(query.vendor),
        item: text(query.row),
        reply: text(query.reply_by.map(|day| day.0)),
        letter: text(query.language),
    };
    caller
        .show(move |tx, at| {
            let read = LetterRead::load(tx, &at.scope, &at.app.catalog, (path.year, path.form))?;
            let drafted = draft(at, at.scope.person_name(), &read, &wish, None)?;
            let drafted = drafted.ok_or_else(|| Failure::Refused(t!(at.lang, "ask-no-row")))?;
            Ok(LetterShown {
                vendor: drafted.vendor,
                reply_by: drafted.reply_by,
                rows: drafted.rows,
                subject: drafted.letter.subject,
                body: drafted.letter.body,
            })
        })
        .await
}

/// Note that a vendor was asked about rows today, so that they show as waiting
#[utoipa::path(post, path = "/rounds/{year}/{form}/asks", params(RoundPath), request_body = AskBody,
    responses((status = 204)))]
pub async fn ask_record(caller: Caller, Path(path): Path<RoundPath>, Json(body): Json<AskBody>) -> Outcome {
    caller
        .remove(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            let question = (body.rows.as_slice(), body.vendor, body.reply_by.0);
            match actions::ask_record(tx, nature, &at.scope, catalog, round.id, question) {
                Err(Refused::Because(reason)) => Err(refused(at, reason)),
                Err(Refused::Failed(failure)) => Err(failure),
                Ok(()) => Ok(()),
            }
        })
        .await
}

/// Why nobody was asked.
pub(super) fn refused(at: &Caller, reason: AskRefusal) -> Failure {
    let field = match reason {
        AskRefusal::Closed => return closed(at),
        AskRefusal::PastReply => "reply_by",
        AskRefusal::NoRow => "rows",
        AskRefusal::NoVendor => "vendor",
    };
    let mut faults = FieldErrors::default();
    faults.add(field, ask_refusal(at.lang, reason).1);
    Failure::Invalid(faults)
}
