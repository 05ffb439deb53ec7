//! Reports as they come in, what their senders may see, and what the house chose for its posters.

use super::row::{DETAIL, WORDS};
use crate::model::{Card, Detail, Message, NearMissId, NewReport, PhotoId, Receipt};
use crate::rules::UrgentReport;
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, PersonId, Scope};
use komainu_contact::ContactId;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Row, Tx, params};
use komainu_inventory::AssetId;
use serde::Serialize;
use serde::de::DeserializeOwned;

komainu_db::statements! {
    /// Holds the house's row until the report is stored: the next one gets the next number.
    REPORT_HOLD = "INSERT INTO near_miss_setting (organisation_id, contacts, version) VALUES ($1, '[]', 0)
        ON CONFLICT (organisation_id) DO UPDATE SET version = near_miss_setting.version";
    REPORT_NUMBER = "SELECT coalesce(max(number), 0) + 1 FROM near_miss WHERE organisation_id = $1 AND fiscal_year = $2";
    /// Of two that are sent under one name at once, the second finds the first.
    REPORT_ADD = "INSERT INTO near_miss (organisation_id, id, fiscal_year, number, sent_id, receipt_hash, symptom,
            place_id, link_id, person_id, detail, lang, seen_at, written_at, received_at, state, level, nature, triage,
            triaged_at, triaged_by_name, analysis, board, board_at, closed_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'new', '', '', '', NULL, '', '', '',
            NULL, NULL, 1)
        ON CONFLICT DO NOTHING";
    REPORT_SENT = "SELECT id, symptom, detail FROM near_miss WHERE organisation_id = $1 AND sent_id = $2";
    REPORTS_BY_POSTER = "SELECT count(*) FROM near_miss
        WHERE organisation_id = $1 AND received_at > $2 AND link_id = $3";
    REPORTS_BY_POSTERS = "SELECT symptom, link_id, received_at FROM near_miss
        WHERE organisation_id = $1 AND received_at > $2 AND link_id IS NOT NULL ORDER BY received_at DESC LIMIT 500";
    REPORT_OWNER = "SELECT id, person_id FROM near_miss WHERE organisation_id = $1 AND id = $2";
    PHOTO_ADD = "INSERT INTO near_miss_photo (organisation_id, id, near_miss_id, file, name, size, media_type, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (organisation_id, near_miss_id, file) DO NOTHING";
    PHOTOS_HELD = "SELECT count(*) FROM near_miss_photo WHERE organisation_id = $1 AND near_miss_id = $2";
    PHOTO_BYTES_SINCE = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM near_miss_photo
        WHERE organisation_id = $1 AND added_at > $2";
    RECEIPT = "SELECT id, symptom, received_at, state, triaged_at, closed_at FROM near_miss
        WHERE organisation_id = $1 AND receipt_hash = $2";
    RECEIPT_MESSAGES = "SELECT id, from_house, name, words, written_at FROM near_miss_message
        WHERE organisation_id = $1 AND near_miss_id = $2 ORDER BY id";
    RECEIPT_MESSAGE_ADD = "INSERT INTO near_miss_message (organisation_id, id, near_miss_id, from_house, name, words,
            written_at)
        VALUES ($1, $2, $3, FALSE, '', $4, $5)";
    CARD = "SELECT contacts, version FROM near_miss_setting WHERE organisation_id = $1";
    CARD_SAVE = "UPDATE near_miss_setting SET contacts = $3, version = version + 1
        WHERE organisation_id = $1 AND version = $2";
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("a near miss: {error}")))
}

fn write<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(format!("a near miss: {error}")))
}

/// Takes the house's row for this report alone and answers its number within the year.
pub(crate) fn report_number(tx: &mut Tx<'_>, scope: &Scope, fiscal_year: i32) -> Result<i64, DbError> {
    tx.run(scope, REPORT_HOLD, &[])?;
    tx.one(scope, REPORT_NUMBER, params![fiscal_year], |row| row.get(0))
}

/// When and under which number a report comes in.
pub(crate) struct Arrival {
    pub(crate) id: NearMissId,
    pub(crate) fiscal_year: i32,
    pub(crate) number: i64,
    pub(crate) place: Option<AssetId>,
    pub(crate) at: DateTime<Utc>,
}

/// Stores a report; false where one of this name is there.
pub(crate) fn report_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &NewReport,
    arrival: &Arrival,
) -> Result<bool, DbError> {
    let detail = DETAIL.close(tx, &[&arrival.id.0.as_bytes()[..]], &write(&new.detail)?)?;
    let link = scope.link().map(|link| link.id);
    let row = params![
        arrival.id,
        arrival.fiscal_year,
        arrival.number,
        new.sent_id,
        new.code.hash(scope.organisation()),
        &new.symptom,
        arrival.place,
        link,
        link.is_none().then(|| scope.person()),
        detail,
        new.lang.code(),
        new.seen_at,
        new.written_at,
        arrival.at
    ];
    tx.run(scope, REPORT_ADD, row).map(|rows| rows > 0)
}

/// The report that the telephone called so: its id, its symptom and what it says.
pub(crate) fn report_sent(
    tx: &mut Tx<'_>,
    scope: &Scope,
    sent_id: Uuid,
) -> Result<Option<(NearMissId, String, Detail)>, DbError> {
    tx.maybe(scope, REPORT_SENT, params![sent_id], |row| {
        let id: NearMissId = row.get(0)?;
        let detail = DETAIL.open(row, 2, &[&id.0.as_bytes()[..]])?;
        Ok((id, row.get(1)?, read(&detail)?))
    })
}

/// How many reports came by a poster since a moment.
pub(crate) fn reports_by_poster(
    tx: &mut Tx<'_>,
    scope: &Scope,
    link: LinkId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    tx.one(scope, REPORTS_BY_POSTER, params![since, link], |row| row.get(0))
}

/// What came by posters since a moment, newest first; of very many the newest.
pub(crate) fn reports_by_posters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    since: DateTime<Utc>,
) -> Result<Vec<UrgentReport>, DbError> {
    tx.all(scope, REPORTS_BY_POSTERS, params![since], |row| {
        Ok(UrgentReport { symptom: row.get(0)?, link: row.get(1)?, received_at: row.get(2)? })
    })
}

/// A report and who sent it, where they were signed in.
pub(crate) fn report_owner(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
) -> Result<Option<(NearMissId, Option<PersonId>)>, DbError> {
    tx.maybe(scope, REPORT_OWNER, params![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// A photograph's row.
pub(crate) struct PhotoRow<'a> {
    pub(crate) id: PhotoId,
    pub(crate) file: &'a str,
    pub(crate) name: &'a str,
    pub(crate) size: i64,
    pub(crate) media_type: &'a str,
}

/// Notes a photograph of a report; the same twice is one.
pub(crate) fn photo_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    report: NearMissId,
    new: &PhotoRow<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = params![new.id, report, new.file, new.name, new.size, new.media_type, now];
    tx.run(scope, PHOTO_ADD, row).map(drop)
}

/// How many photographs a report has.
pub(crate) fn photos_held(tx: &mut Tx<'_>, scope: &Scope, report: NearMissId) -> Result<i64, DbError> {
    tx.one(scope, PHOTOS_HELD, params![report], |row| row.get(0))
}

/// Bytes of photographs that came since a moment.
pub(crate) fn photo_bytes_since(
    tx: &mut Tx<'_>,
    scope: &Scope,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    tx.one(scope, PHOTO_BYTES_SINCE, params![since], |row| row.get(0))
}

/// The report behind a receipt's hash, as its sender may see it.
pub(crate) fn receipt(tx: &mut Tx<'_>, scope: &Scope, hash: &[u8]) -> Result<Option<Receipt>, DbError> {
    let found = tx.maybe(scope, RECEIPT, params![hash], |row| {
        let state: String = row.get(3)?;
        Ok(Receipt {
            id: row.get(0)?,
            symptom: row.get(1)?,
            received_at: row.get(2)?,
            state: state.parse().map_err(|_| DbError::Other(format!("unknown state {state}")))?,
            triaged_at: row.get(4)?,
            closed_at: row.get(5)?,
            messages: Vec::new(),
        })
    })?;
    let Some(receipt) = found else { return Ok(None) };
    let messages = tx.all(scope, RECEIPT_MESSAGES, params![receipt.id], message)?;
    Ok(Some(Receipt { messages, ..receipt }))
}

fn message(row: &Row<'_>) -> Result<Message, DbError> {
    let id: Uuid = row.get(0)?;
    Ok(Message {
        from_house: row.get(1)?,
        name: row.get(2)?,
        words: WORDS.open(row, 3, &[&id.as_bytes()[..]])?,
        written_at: row.get(4)?,
    })
}

/// Adds what a report's sender says.
pub(crate) fn receipt_message_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    report: NearMissId,
    id: Uuid,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let words = WORDS.close(tx, &[&id.as_bytes()[..]], words)?;
    tx.run(scope, RECEIPT_MESSAGE_ADD, params![id, report, words, now]).map(drop)
}

/// Whom posters name.
pub(crate) fn card(tx: &mut Tx<'_>, scope: &Scope) -> Result<Card, DbError> {
    let card = tx.maybe(scope, CARD, &[], |row| {
        let contacts: String = row.get(0)?;
        Ok(Card { contacts: read(&contacts)?, version: row.get(1)? })
    })?;
    Ok(card.unwrap_or_default())
}

/// Stores whom posters name; false where the stored version is another.
pub(crate) fn card_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    contacts: &[ContactId],
) -> Result<bool, DbError> {
    tx.run(scope, REPORT_HOLD, &[])?;
    tx.run(scope, CARD_SAVE, params![version, write(&contacts)?]).map(|rows| rows > 0)
}
