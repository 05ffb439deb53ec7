//! What became of a report, over the API, for whoever has its receipt code.

use crate::actions::{Followed, receipt_answer, receipt_see};
use crate::model::{MeasureState, State};
use crate::rules::Receipt;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_institution::parts::{LONG, text};
use komainu_web::api::{Caller, Json, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A receipt code, and what is to be said with it.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissReceiptBody)]
pub struct ReceiptBody {
    /// Such as `2345-ABCD-EFGH`.
    #[schema(max_length = 20)]
    receipt: String,
    /// What whoever reported says to the house; left out or empty, nothing.
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
}

/// What whoever reported is shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissFollowed)]
pub struct FollowedShown {
    /// Its number within the fiscal year, such as `2026-012`.
    number: String,
    /// A symptom of the catalogue.
    symptom: String,
    written_at: DateTime<Utc>,
    state: State,
    /// What was said both ways, oldest first; of the house nobody is named.
    messages: Vec<SaidShown>,
    /// What is being done, and what was done.
    measures: Vec<DoneShown>,
}

/// What the house or whoever reported said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissSaid)]
pub struct SaidShown {
    from_house: bool,
    words: String,
    written_at: DateTime<Utc>,
}

/// A measure, as whoever reported sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissDone)]
pub struct DoneShown {
    what: String,
    state: MeasureState,
}

impl Resource for FollowedShown {}

impl From<Followed> for FollowedShown {
    fn from(followed: Followed) -> Self {
        let Followed { near_miss, messages, measures } = followed;
        let said = messages.into_iter().map(|message| SaidShown {
            from_house: message.from_house,
            words: message.words,
            written_at: message.written_at,
        });
        let done =
            measures.into_iter().map(|measure| DoneShown { what: measure.detail.what, state: measure.state });
        FollowedShown {
            number: near_miss.number_text(),
            symptom: near_miss.symptom,
            written_at: near_miss.written_at,
            state: near_miss.state,
            messages: said.collect(),
            measures: done.collect(),
        }
    }
}

/// Ask by its receipt code what became of a report; with `words`, say something more first
#[utoipa::path(post, path = "/near-miss-receipt", request_body = ReceiptBody,
    responses((status = 200, body = FollowedShown)))]
pub async fn near_miss_receipt(caller: Caller, Json(body): Json<ReceiptBody>) -> Outcome {
    let (lang, form, mut faults) = (caller.lang, Form::of(&body)?, FieldErrors::default());
    let words = text(&form, lang, &mut faults, "words", LONG, false);
    let receipt = body.receipt.parse::<Receipt>();
    if receipt.is_err() {
        faults.add("receipt", t!(lang, "receipt-shape"));
    }
    faults.into_result()?;
    let receipt = receipt.map_err(|_| Failure::NotFound)?;
    caller
        .change(move |tx, at| {
            if !words.is_empty() {
                receipt_answer(tx, &at.app.nature, &at.scope, &receipt, &words)?;
            }
            receipt_see(tx, &at.scope, &receipt)?.map(FollowedShown::from).ok_or(Failure::NotFound)
        })
        .await
}
