//! Links through which vendors answer letters, and what they answered.

use super::ask::{AskBody, refused};
use super::rows::{closed, invalid, one};
use super::{RoundPath, RowShown};
use crate::actions::{self, AnswerRefusal, reply_link_make, round_by_key, round_view};
use crate::model::{AnswerKind, Reply, ReplyId, ReplyOutcome, RoundId};
use crate::neighbours::VendorId;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::LinkId;
use komainu_catalog::PlacementId;
use komainu_link::model::Handed;
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, Outcome, Refused};
use serde::Serialize;
use utoipa::ToSchema;

/// A link through which a vendor answers, to be handed over; it is not shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyLink {
    id: LinkId,
    /// The whole address, which opens the vendor's page to whoever has it.
    address: String,
    /// Until when it works. It can be used once.
    expires_at: DateTime<Utc>,
}

/// What a vendor answered about a row through a link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reply)]
pub struct ReplyShown {
    id: ReplyId,
    round: RoundId,
    /// The row, as the catalogue names it.
    #[schema(value_type = String)]
    row: PlacementId,
    vendor: VendorId,
    /// The vendor's name when it was asked.
    vendor_name: String,
    /// The name that was given with the reply; nobody has proved it.
    name: String,
    answer: AnswerKind,
    /// By when a no becomes a yes.
    target: Option<NaiveDate>,
    note: String,
    replied_at: DateTime<Utc>,
    /// What became of it; null while it waits to be looked at.
    outcome: Option<ReplyOutcome>,
    settled_at: Option<DateTime<Utc>>,
    /// Who decided that.
    settled_by_name: Option<String>,
}

impl Resource for ReplyLink {
    fn place(&self) -> String {
        format!("/links/{}", self.id)
    }
}

impl Resource for ReplyShown {}

impl From<Reply> for ReplyShown {
    fn from(reply: Reply) -> Self {
        ReplyShown {
            id: reply.id,
            round: reply.round,
            row: reply.placement,
            vendor: reply.vendor,
            vendor_name: reply.vendor_name,
            name: reply.name,
            answer: reply.answer,
            target: reply.target,
            note: reply.note,
            replied_at: reply.replied_at,
            settled_by_name: reply.outcome.map(|_| reply.settled_by_name),
            outcome: reply.outcome,
            settled_at: reply.settled_at,
        }
    }
}

/// Ask a vendor about rows today and make the link through which it answers
///
/// Needs `links_manage` too.
#[utoipa::path(post, path = "/rounds/{year}/{form}/links", params(RoundPath), request_body = AskBody,
    responses((status = 201, body = ReplyLink)))]
pub async fn reply_link(caller: Caller, Path(path): Path<RoundPath>, Json(body): Json<AskBody>) -> Outcome {
    caller
        .create(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            let question = (body.rows.as_slice(), body.vendor, body.reply_by.0);
            match reply_link_make(tx, nature, &at.scope, catalog, round.id, question) {
                Ok(made) => {
                    let handed = Handed::new(&at.app, &made);
                    Ok(ReplyLink { id: made.id, address: handed.address, expires_at: made.expires_at })
                }
                Err(Refused::Because(reason)) => Err(refused(at, reason)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// What vendors answered through links, in the order it came
#[utoipa::path(get, path = "/replies", params(Paging), responses((status = 200, body = Page<ReplyShown>)))]
pub async fn replies(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |reply: &ReplyShown| reply.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let replies = actions::replies_part(tx, &at.scope, part)?.into_iter();
            Ok(replies.map(ReplyShown::from).collect())
        })
        .await
}

/// Take a reply over into its row, on top of this version of the row
///
/// `If-Match: "0"` writes into a row that nobody has written into.
#[utoipa::path(post, path = "/replies/{id}/take", params(ReplyId, IfMatch),
    responses((status = 200, body = RowShown)))]
pub async fn reply_take(caller: Caller, Path(id): Path<ReplyId>, IfMatch(version): IfMatch) -> Outcome {
    caller
        .change(move |tx, at| {
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            let reply = actions::reply_get(tx, &at.scope, id)?;
            let round = round_view(tx, &at.scope, catalog, reply.round)?.round;
            match actions::reply_take(tx, nature, &at.scope, catalog, (id, version)) {
                Ok(_) => one(tx, at, &round, &reply.placement),
                Err(Refused::Because(AnswerRefusal::Faults(faults))) => Err(invalid(at, &round, &faults)),
                Err(Refused::Because(AnswerRefusal::Changed { .. })) => {
                    Err(Failure::outdated(&one(tx, at, &round, &reply.placement)?))
                }
                Err(Refused::Because(AnswerRefusal::Closed)) => Err(closed(at)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Set a reply aside: its row stays as it is
#[utoipa::path(post, path = "/replies/{id}/set-aside", params(ReplyId),
    responses((status = 200, body = ReplyShown)))]
pub async fn reply_set_aside(caller: Caller, Path(id): Path<ReplyId>) -> Outcome {
    caller
        .change(move |tx, at| match actions::reply_set_aside(tx, &at.app.nature, &at.scope, id) {
            Ok(_) => actions::reply_get(tx, &at.scope, id).map(ReplyShown::from),
            Err(Refused::Because(_)) => Err(closed(at)),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}
