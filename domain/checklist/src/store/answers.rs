//! Answers, who has to give them, and what was asked of vendors.

use super::{placement, wrong};
use crate::model::{Answer, AnswerContent, AnswerKind, Ask, Assignment, RoundId};
use crate::neighbours::VendorId;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{PersonId, Scope};
use komainu_catalog::PlacementId;
use komainu_db::{DbError, Row, Tx, params};

komainu_db::statements! {
    ANSWERS = "SELECT a.round_id, a.placement, a.answer, a.reason, a.checked, a.target, a.note, a.carried, a.changed_at,
            a.changed_by, a.changed_by_name, a.version
        FROM checklist_answer a WHERE a.organisation_id = $1 AND a.round_id = $2";
    ANSWERS_OWN = "SELECT a.round_id, a.placement, a.answer, a.reason, a.checked, a.target, a.note, a.carried, a.changed_at,
            a.changed_by, a.changed_by_name, a.version
        FROM checklist_answer a JOIN checklist_assignment s
            ON s.organisation_id = a.organisation_id AND s.round_id = a.round_id AND s.placement = a.placement
        WHERE a.organisation_id = $1 AND a.round_id = $2 AND s.person_id = $3";
    ANSWERS_ALL = "SELECT a.round_id, a.placement, a.answer, a.reason, a.checked, a.target, a.note, a.carried, a.changed_at,
            a.changed_by, a.changed_by_name, a.version
        FROM checklist_answer a WHERE a.organisation_id = $1";
    ANSWERS_OF_VENDORS = "SELECT a.round_id, a.placement, a.answer, a.reason, a.checked, a.target, a.note, a.carried, a.changed_at,
            a.changed_by, a.changed_by_name, a.version
        FROM checklist_round r JOIN checklist_answer a ON a.organisation_id = r.organisation_id AND a.round_id = r.id
        WHERE r.organisation_id = $1 AND r.fiscal_year = $2 AND r.vendor_id IS NOT NULL";
    ANSWER = "SELECT a.round_id, a.placement, a.answer, a.reason, a.checked, a.target, a.note, a.carried, a.changed_at,
            a.changed_by, a.changed_by_name, a.version
        FROM checklist_answer a WHERE a.organisation_id = $1 AND a.round_id = $2 AND a.placement = $3";
    ANSWER_INSERT = "INSERT INTO checklist_answer (organisation_id, round_id, placement, answer, reason, checked, target, note,
            carried, changed_at, changed_by, changed_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
        ON CONFLICT (organisation_id, round_id, placement) DO NOTHING";
    ANSWER_UPDATE = "UPDATE checklist_answer SET answer = $4, reason = $5, checked = $6, target = $7, note = $8, carried = $9,
            changed_at = $10, changed_by = $11, changed_by_name = $12, version = version + 1
        WHERE organisation_id = $1 AND round_id = $2 AND placement = $3 AND version = $13";
    ASSIGNMENTS = "SELECT placement, person_id, due FROM checklist_assignment
        WHERE organisation_id = $1 AND round_id = $2 AND (person_id = $3 OR $3 IS NULL)";
    ASSIGNED = "SELECT count(*) FROM checklist_assignment
        WHERE organisation_id = $1 AND round_id = $2 AND placement = $3 AND person_id = $4";
    ASSIGNED_ROUNDS = "SELECT DISTINCT round_id FROM checklist_assignment WHERE organisation_id = $1 AND person_id = $2";
    ASSIGN = "INSERT INTO checklist_assignment (organisation_id, round_id, placement, person_id, due, assigned_at, assigned_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (organisation_id, round_id, placement) DO UPDATE SET person_id = excluded.person_id,
            due = excluded.due, assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by";
    UNASSIGN = "DELETE FROM checklist_assignment WHERE organisation_id = $1 AND round_id = $2 AND placement = $3";
    ASKS = "SELECT k.placement, k.vendor_id, k.asked_on, k.reply_by, k.asked_by_name, k.replied_on FROM checklist_ask k
        WHERE k.organisation_id = $1 AND k.round_id = $2 ORDER BY k.asked_on DESC, k.placement";
    ASK_SET = "INSERT INTO checklist_ask (organisation_id, round_id, placement, vendor_id, asked_on, reply_by, asked_by_name,
            replied_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
        ON CONFLICT (organisation_id, round_id, placement, vendor_id) DO UPDATE SET asked_on = excluded.asked_on,
            reply_by = excluded.reply_by, asked_by_name = excluded.asked_by_name, replied_on = NULL";
    ASK_REPLIED = "UPDATE checklist_ask SET replied_on = $5
        WHERE organisation_id = $1 AND round_id = $2 AND placement = $3 AND vendor_id = $4 AND replied_on IS NULL";
}

fn dates_text(dates: &[Option<NaiveDate>]) -> String {
    let texts: Vec<String> =
        dates.iter().map(|date| date.map(|date| date.to_string()).unwrap_or_default()).collect();
    texts.join(",").trim_end_matches(',').to_owned()
}

fn dates(text: &str) -> Result<Vec<Option<NaiveDate>>, DbError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|date| {
            if date.is_empty() {
                Ok(None)
            } else {
                date.parse().map(Some).map_err(|_| wrong("the date", date))
            }
        })
        .collect()
}

fn answer(row: &Row<'_>) -> Result<(RoundId, PlacementId, Answer), DbError> {
    let kind = match row.get::<Option<String>>(2)? {
        Some(code) => Some(code.parse().map_err(|_| wrong("the answer", &code))?),
        None => None,
    };
    let content = AnswerContent {
        kind,
        reason: row.get(3)?,
        checked: dates(&row.get::<String>(4)?)?,
        target: row.get(5)?,
        note: row.get(6)?,
    };
    let answer = Answer {
        content,
        carried: row.get(7)?,
        changed_at: row.get(8)?,
        changed_by: row.get(9)?,
        changed_by_name: row.get(10)?,
        version: row.get(11)?,
    };
    Ok((row.get(0)?, placement(&row.get::<String>(1)?)?, answer))
}

/// The answers of a round; with a person, only those of the rows assigned to them.
pub(crate) fn answers(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    own: Option<PersonId>,
) -> Result<Vec<(RoundId, PlacementId, Answer)>, DbError> {
    match own {
        Some(person) => tx.all(scope, ANSWERS_OWN, params![round, person], answer),
        None => tx.all(scope, ANSWERS, params![round], answer),
    }
}

/// The answers of every round.
pub(crate) fn answers_all(
    tx: &mut Tx<'_>,
    scope: &Scope,
) -> Result<Vec<(RoundId, PlacementId, Answer)>, DbError> {
    tx.all(scope, ANSWERS_ALL, &[], answer)
}

/// The answers of a year's rounds about vendors.
pub(crate) fn answers_of_vendors(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
) -> Result<Vec<(RoundId, PlacementId, Answer)>, DbError> {
    tx.all(scope, ANSWERS_OF_VENDORS, params![fiscal_year], answer)
}

pub(crate) fn answer_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<Option<Answer>, DbError> {
    tx.maybe(scope, ANSWER, params![round, placement.as_str()], |row| Ok(answer(row)?.2))
}

/// Writes a row on top of the version it was read at (0 for none); false where it has another by now.
pub(crate) fn answer_write(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    answer: &Answer,
    on_version: i64,
) -> Result<bool, DbError> {
    let content = &answer.content;
    let mut params = params![
        round,
        placement.as_str(),
        content.kind.map(AnswerKind::code),
        &content.reason,
        dates_text(&content.checked),
        content.target,
        &content.note,
        answer.carried,
        answer.changed_at,
        answer.changed_by,
        &answer.changed_by_name,
    ]
    .to_vec();
    let rows = if on_version == 0 {
        tx.run(scope, ANSWER_INSERT, &params)?
    } else {
        params.push(on_version.into());
        tx.run(scope, ANSWER_UPDATE, &params)?
    };
    Ok(rows > 0)
}

/// Who has to answer what; with a person, only what is theirs.
pub(crate) fn assignments(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    own: Option<PersonId>,
) -> Result<Vec<(PlacementId, Assignment)>, DbError> {
    tx.all(scope, ASSIGNMENTS, params![round, own], |row| {
        Ok((placement(&row.get::<String>(0)?)?, Assignment { person: row.get(1)?, due: row.get(2)? }))
    })
}

/// Whether a row is assigned to a person.
pub(crate) fn assigned(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    person: PersonId,
) -> Result<bool, DbError> {
    tx.one(scope, ASSIGNED, params![round, placement.as_str(), person], |row| Ok(row.get::<i64>(0)? > 0))
}

/// The rounds in which something is assigned to a person.
pub(crate) fn assigned_rounds(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
) -> Result<Vec<RoundId>, DbError> {
    tx.all(scope, ASSIGNED_ROUNDS, params![person], |row| row.get(0))
}

pub(crate) fn assign(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    assignment: Assignment,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let Assignment { person, due } = assignment;
    tx.run(scope, ASSIGN, params![round, placement.as_str(), person, due, now, scope.person()]).map(drop)
}

pub(crate) fn unassign(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<(), DbError> {
    tx.run(scope, UNASSIGN, params![round, placement.as_str()]).map(drop)
}

/// What vendors were asked in a round, newest first.
pub(crate) fn asks(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
) -> Result<Vec<(PlacementId, Ask)>, DbError> {
    tx.all(scope, ASKS, params![round], |row| {
        let ask = Ask {
            vendor: row.get(1)?,
            asked_on: row.get(2)?,
            reply_by: row.get(3)?,
            asked_by_name: row.get(4)?,
            replied_on: row.get(5)?,
        };
        Ok((placement(&row.get::<String>(0)?)?, ask))
    })
}

pub(crate) fn ask_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    ask: &Ask,
) -> Result<(), DbError> {
    let params =
        params![round, placement.as_str(), ask.vendor, ask.asked_on, ask.reply_by, &ask.asked_by_name];
    tx.run(scope, ASK_SET, params).map(drop)
}

/// Notes that the reply came; false where nothing waited for it.
pub(crate) fn ask_replied(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    vendor: VendorId,
    on: NaiveDate,
) -> Result<bool, DbError> {
    tx.run(scope, ASK_REPLIED, params![round, placement.as_str(), vendor, on]).map(|rows| rows > 0)
}
