//! What the ledger says about rows.

use super::rows::{closed, invalid, one};
use super::{RowPath, RowShown};
use crate::actions::{AnswerRefusal, SuggestionRefusal, round_by_key};
use crate::model::AnswerKind;
use crate::rules::Suggestion;
use crate::{actions, suggestion, t};
use komainu_i18n::Lang;
use komainu_web::api::{Caller, IfMatch, Json, Path};
use komainu_web::{Failure, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A draft of an answer from the ledger. It is no answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RowSuggestion)]
pub struct SuggestionShown {
    answer: AnswerKind,
    /// What speaks for a yes, in sentences.
    in_favour: Vec<String>,
    /// What speaks against it, or is not known.
    against: Vec<String>,
}

/// Which draft is taken over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionBody {
    /// The answer that was seen; where the ledger says another one by now, nothing is written.
    answer: AnswerKind,
}

impl SuggestionShown {
    pub(super) fn new(lang: Lang, said: &Suggestion) -> SuggestionShown {
        SuggestionShown {
            answer: said.answer,
            in_favour: suggestion::ground_texts(lang, &said.in_favour),
            against: suggestion::ground_texts(lang, &said.against),
        }
    }
}

/// Take what the ledger says over into a row: the answer, the reasons as a note, an extract as evidence
///
/// `If-Match: "0"` writes into a row that nobody has written into. Needs `ledger_read` too.
#[utoipa::path(post, path = "/rounds/{year}/{form}/rows/{row}/suggestion/take", params(RowPath, IfMatch),
    request_body = SuggestionBody, responses((status = 200, body = RowShown)))]
pub async fn suggestion_take(
    caller: Caller,
    Path(path): Path<RowPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<SuggestionBody>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let house = (&*at.app.catalog, &at.app.files, at.lang);
            let row = (round.id, &path.row);
            let taken =
                actions::suggestion_take(tx, &at.app.nature, &at.scope, house, row, (version, body.answer));
            match taken {
                Ok(_) => one(tx, at, &round, &path.row),
                Err(Refused::Because(SuggestionRefusal::Otherwise)) => {
                    Err(Failure::Refused(t!(at.lang, "suggestion-otherwise")))
                }
                Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Faults(faults)))) => {
                    Err(invalid(at, &round, &faults))
                }
                Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Changed { .. }))) => {
                    Err(Failure::outdated(&one(tx, at, &round, &path.row)?))
                }
                Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Closed))) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}
