//! What vendors answered through links.

use super::{placement, wrong};
use crate::model::{Reply, ReplyId, ReplyOutcome, RoundId};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, Scope};
use komainu_catalog::PlacementId;
use komainu_db::{DbError, Part, Row, Tx, params};

komainu_db::statements! {
    REPLY_INSERT = "INSERT INTO checklist_reply (organisation_id, id, round_id, placement, vendor_id, link_id, name, answer,
        target, note, replied_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    REPLY = "SELECT y.id, y.round_id, y.placement, y.vendor_id, l.name, y.name, y.answer, y.target, y.note, y.replied_at,
            y.outcome, y.settled_at, y.settled_by_name
        FROM checklist_reply y JOIN link l ON l.organisation_id = y.organisation_id AND l.id = y.link_id
        WHERE y.organisation_id = $1 AND y.id = $2";
    REPLIES_OF_ROW = "SELECT y.id, y.round_id, y.placement, y.vendor_id, l.name, y.name, y.answer, y.target, y.note,
            y.replied_at, y.outcome, y.settled_at, y.settled_by_name
        FROM checklist_reply y JOIN link l ON l.organisation_id = y.organisation_id AND l.id = y.link_id
        WHERE y.organisation_id = $1 AND y.round_id = $2 AND y.placement = $3 ORDER BY y.id DESC LIMIT 20";
    REPLIES_PART = "SELECT y.id, y.round_id, y.placement, y.vendor_id, l.name, y.name, y.answer, y.target, y.note,
            y.replied_at, y.outcome, y.settled_at, y.settled_by_name
        FROM checklist_reply y JOIN link l ON l.organisation_id = y.organisation_id AND l.id = y.link_id
        WHERE y.organisation_id = $1 AND y.id > $2 ORDER BY y.id LIMIT $3";
    REPLIES_WAITING = "SELECT placement, count(*) FROM checklist_reply
        WHERE organisation_id = $1 AND round_id = $2 AND outcome IS NULL GROUP BY placement";
    /// Of two people who settle a reply at once, the second finds it settled.
    REPLY_SETTLE = "UPDATE checklist_reply SET outcome = $3, settled_at = $4, settled_by_name = $5
        WHERE organisation_id = $1 AND id = $2 AND outcome IS NULL";
}

fn reply(row: &Row<'_>) -> Result<Reply, DbError> {
    let (answer, outcome): (String, Option<String>) = (row.get(6)?, row.get(10)?);
    Ok(Reply {
        id: row.get(0)?,
        round: row.get(1)?,
        placement: placement(&row.get::<String>(2)?)?,
        vendor: row.get(3)?,
        vendor_name: row.get(4)?,
        name: row.get(5)?,
        answer: answer.parse().map_err(|_| wrong("the answer", &answer))?,
        target: row.get(7)?,
        note: row.get(8)?,
        replied_at: row.get(9)?,
        outcome: match outcome {
            Some(code) => Some(code.parse().map_err(|_| wrong("the outcome", &code))?),
            None => None,
        },
        settled_at: row.get(11)?,
        settled_by_name: row.get(12)?,
    })
}

pub(crate) fn reply_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    reply: &Reply,
    link: LinkId,
) -> Result<(), DbError> {
    tx.run(
        scope,
        REPLY_INSERT,
        params![
            reply.id,
            reply.round,
            reply.placement.as_str(),
            reply.vendor,
            link,
            &reply.name,
            reply.answer.code(),
            reply.target,
            &reply.note,
            reply.replied_at
        ],
    )
    .map(drop)
}

pub(crate) fn reply_get(tx: &mut Tx<'_>, scope: &Scope, id: ReplyId) -> Result<Option<Reply>, DbError> {
    tx.maybe(scope, REPLY, params![id], reply)
}

/// The newest replies about a row.
pub(crate) fn replies_of_row(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<Vec<Reply>, DbError> {
    tx.all(scope, REPLIES_OF_ROW, params![round, placement.as_str()], reply)
}

/// A part of all replies, oldest first.
pub(crate) fn replies_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<ReplyId>,
) -> Result<Vec<Reply>, DbError> {
    tx.all(scope, REPLIES_PART, params![part.after_id(), part.limit], reply)
}

/// How many replies of a round wait to be looked at, by row.
pub(crate) fn replies_waiting(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
) -> Result<Vec<(PlacementId, u32)>, DbError> {
    tx.all(scope, REPLIES_WAITING, params![round], |row| {
        let count = u32::try_from(row.get::<i64>(1)?).unwrap_or(u32::MAX);
        Ok((placement(&row.get::<String>(0)?)?, count))
    })
}

/// Settles a reply that waits; false where none does.
pub(crate) fn reply_settle(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ReplyId,
    outcome: ReplyOutcome,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let values = params![id, outcome.code(), now, scope.person_name()];
    tx.run(scope, REPLY_SETTLE, values).map(|rows| rows > 0)
}
