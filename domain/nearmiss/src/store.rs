//! The SQL of near misses.

use crate::model::{
    Analysed, Board, Measure, MeasureDetail, MeasureId, MeasureState, Meeting, MeetingId, Message, NearMiss,
    NearMissId, Photo, PhotoId, Triage,
};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, PersonId, Scope};
use komainu_calendar::FiscalYear;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Part, Row, Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;

macro_rules! near_miss {
    ($rest:literal) => {
        concat!(
            "SELECT id, fiscal_year, number, symptom, place_id, link_id, person_id, detail, lang, seen_at, written_at,
                received_at, state, level, nature, triage, triaged_at, triaged_by_name, board, board_at, closed_at,
                version
            FROM near_miss WHERE organisation_id = $1 ",
            $rest
        )
    };
}

macro_rules! measure {
    ($rest:literal) => {
        concat!(
            "SELECT id, near_miss_id, detail, owner_id, owner_name, due_on, state, settled_at, settled_by_name, version
            FROM near_miss_measure WHERE organisation_id = $1 ",
            $rest
        )
    };
}

macro_rules! meeting {
    ($rest:literal) => {
        concat!(
            "SELECT id, held_on, content, saved_at, saved_by_name, version
            FROM near_miss_meeting WHERE organisation_id = $1 ",
            $rest
        )
    };
}

komainu_db::statements! {
    ADD = "INSERT INTO near_miss (organisation_id, id, fiscal_year, number, sent_id, receipt_hash, symptom, place_id, link_id,
            person_id, detail, lang, seen_at, written_at, received_at, state, level, nature, triage, triaged_by_name, board,
            version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'new', '', '', '', '', '', 1)";
    LAST_NUMBER = "SELECT max(number) FROM near_miss WHERE organisation_id = $1 AND fiscal_year = $2";
    SENT = "SELECT id FROM near_miss WHERE organisation_id = $1 AND sent_id = $2";
    SINCE = "SELECT count(*) FROM near_miss WHERE organisation_id = $1 AND id > $2";
    SINCE_OF_POSTER = "SELECT count(*) FROM near_miss WHERE organisation_id = $1 AND id > $2 AND link_id = $3";
    SINCE_OF_SYMPTOM = "SELECT count(*) FROM near_miss
        WHERE organisation_id = $1 AND id > $2 AND link_id = $3 AND symptom = $4";
    /// What photographs weigh, in bytes.
    PHOTO_BYTES = "SELECT CAST(COALESCE(sum(size), 0) AS BIGINT) FROM near_miss_photo
        WHERE organisation_id = $1 AND id > $2";
    ANSWERS_SINCE = "SELECT count(*) FROM near_miss_message
        WHERE organisation_id = $1 AND near_miss_id = $2 AND from_house = FALSE AND written_at > $3";
    GET = near_miss!("AND id = $2");
    BY_RECEIPT = near_miss!("AND receipt_hash = $2");
    ALL = near_miss!("ORDER BY id DESC LIMIT $2");
    PART = near_miss!("AND id > $2 ORDER BY id LIMIT $3");
    ON_BOARD = near_miss!("AND board_at IS NOT NULL ORDER BY board_at DESC, id LIMIT $2");
    ON_BOARD_PART = near_miss!("AND board_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3");
    OF_YEAR = near_miss!("AND fiscal_year = $2 ORDER BY number");
    YEARS = "SELECT DISTINCT fiscal_year FROM near_miss WHERE organisation_id = $1 ORDER BY fiscal_year DESC";
    NEW_COUNT = "SELECT count(*) FROM near_miss WHERE organisation_id = $1 AND state = 'new'";
    TRIAGE = "UPDATE near_miss SET state = $4, level = $5, nature = $6, triage = $7, triaged_at = COALESCE(triaged_at, $8),
            triaged_by_name = $9, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    STATE = "UPDATE near_miss SET state = $4, closed_at = $5, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    BOARD_SAVE = "UPDATE near_miss SET board = $4, board_at = $5, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    PHOTO_ADD = "INSERT INTO near_miss_photo (organisation_id, id, near_miss_id, file, name, size, media_type, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PHOTOS = "SELECT id, file, name, size, media_type FROM near_miss_photo
        WHERE organisation_id = $1 AND near_miss_id = $2 ORDER BY id";
    MESSAGE_ADD = "INSERT INTO near_miss_message (organisation_id, id, near_miss_id, from_house, name, words, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    MESSAGES = "SELECT id, from_house, name, words, written_at FROM near_miss_message
        WHERE organisation_id = $1 AND near_miss_id = $2 ORDER BY written_at, id";
    MEASURE_ADD = "INSERT INTO near_miss_measure (organisation_id, id, near_miss_id, detail, owner_id, owner_name, due_on, state,
            settled_by_name, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', $8, 1)";
    MEASURE_GET = measure!("AND id = $2");
    MEASURES = measure!("AND near_miss_id = $2 ORDER BY id");
    MEASURES_PART = measure!("AND id > $2 ORDER BY id LIMIT $3");
    MEASURES_OPEN = measure!("AND state = 'open' ORDER BY due_on IS NULL, due_on, id");
    MEASURES_OF_YEAR = measure!(
        "AND near_miss_id IN (SELECT id FROM near_miss WHERE organisation_id = $1 AND fiscal_year = $2) ORDER BY id"
    );
    MEASURE_SAVE = "UPDATE near_miss_measure SET detail = $4, state = $5, settled_at = $6, settled_by_name = $7, owner_id = $8,
            owner_name = $9, due_on = $10, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    ANALYSIS_GET = "SELECT near_miss_id, analysis, saved_at, saved_by_name, version FROM near_miss_analysis
        WHERE organisation_id = $1 AND near_miss_id = $2";
    ANALYSIS_ADD = "INSERT INTO near_miss_analysis (organisation_id, near_miss_id, analysis, saved_at, saved_by_name, version)
        VALUES ($1, $2, $3, $4, $5, 1)
        ON CONFLICT (organisation_id, near_miss_id) DO NOTHING";
    ANALYSIS_SAVE = "UPDATE near_miss_analysis SET analysis = $4, saved_at = $5, saved_by_name = $6, version = version + 1
        WHERE organisation_id = $1 AND near_miss_id = $2 AND version = $3";
    MEETING_ADD = "INSERT INTO near_miss_meeting (organisation_id, id, held_on, content, saved_at, saved_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)";
    MEETING_GET = meeting!("AND id = $2");
    MEETINGS = meeting!("ORDER BY held_on DESC, id DESC LIMIT $2");
    MEETINGS_PART = meeting!("AND id > $2 ORDER BY id LIMIT $3");
    MEETING_SAVE = "UPDATE near_miss_meeting SET held_on = $4, content = $5, saved_at = $6, saved_by_name = $7,
            version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
}

komainu_db::sealed_columns! {
    DETAIL = "near_miss"."detail" by "id";
    TRIAGED = "near_miss"."triage" by "id";
    BOARD = "near_miss"."board" by "id";
    WORDS = "near_miss_message"."words" by "id";
    MEASURE = "near_miss_measure"."detail" by "id";
    ANALYSIS = "near_miss_analysis"."analysis" by "near_miss_id";
    CONTENT = "near_miss_meeting"."content" by "id";
}

fn wrong(what: &str) -> DbError {
    DbError::Other(format!("{what} of a near miss cannot be read"))
}

fn code<T: FromStr>(text: &str, what: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| wrong(what))
}

/// A code that is there only once somebody judged.
fn judged<T: FromStr>(text: &str, what: &str) -> Result<Option<T>, DbError> {
    if text.is_empty() { Ok(None) } else { code(text, what).map(Some) }
}

/// What is stored as JSON; nothing was stored yet where it is empty.
fn json<T: DeserializeOwned + Default>(text: &str, what: &str) -> Result<T, DbError> {
    if text.is_empty() { Ok(T::default()) } else { serde_json::from_str(text).map_err(|_| wrong(what)) }
}

fn text(value: &impl Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(error.to_string()))
}

fn near_miss(row: &Row<'_>) -> Result<NearMiss, DbError> {
    let id: NearMissId = row.get(0)?;
    let key = [&id.0.as_bytes()[..]];
    Ok(NearMiss {
        id,
        fiscal_year: i32::try_from(row.get::<i64>(1)?).map_err(|_| wrong("the year"))?,
        number: row.get(2)?,
        symptom: row.get(3)?,
        place: row.get(4)?,
        link: row.get(5)?,
        person: row.get(6)?,
        detail: json(&DETAIL.open(row, 7, &key)?, "the detail")?,
        lang: row.get(8)?,
        seen_at: row.get(9)?,
        written_at: row.get(10)?,
        received_at: row.get(11)?,
        state: code(&row.get::<String>(12)?, "the state")?,
        level: judged(&row.get::<String>(13)?, "the level")?,
        nature: judged(&row.get::<String>(14)?, "the nature")?,
        triage: json(&TRIAGED.open(row, 15, &key)?, "the judgement")?,
        triaged_at: row.get(16)?,
        triaged_by_name: row.get(17)?,
        board: json(&BOARD.open(row, 18, &key)?, "the board")?,
        board_at: row.get(19)?,
        closed_at: row.get(20)?,
        version: row.get(21)?,
    })
}

fn measure(row: &Row<'_>) -> Result<Measure, DbError> {
    let id: MeasureId = row.get(0)?;
    Ok(Measure {
        id,
        near_miss: row.get(1)?,
        detail: json(&MEASURE.open(row, 2, &[id.0.as_bytes()])?, "a measure")?,
        owner: row.get(3)?,
        owner_name: row.get(4)?,
        due_on: row.get(5)?,
        state: code(&row.get::<String>(6)?, "the state of a measure")?,
        settled_at: row.get(7)?,
        settled_by_name: row.get(8)?,
        version: row.get(9)?,
    })
}

fn analysed(row: &Row<'_>) -> Result<Analysed, DbError> {
    let near_miss: NearMissId = row.get(0)?;
    Ok(Analysed {
        near_miss,
        analysis: json(&ANALYSIS.open(row, 1, &[near_miss.0.as_bytes()])?, "the analysis")?,
        saved_at: row.get(2)?,
        saved_by_name: row.get(3)?,
        version: row.get(4)?,
    })
}

fn meeting(row: &Row<'_>) -> Result<Meeting, DbError> {
    let id: MeetingId = row.get(0)?;
    Ok(Meeting {
        id,
        held_on: row.get(1)?,
        content: json(&CONTENT.open(row, 2, &[id.0.as_bytes()])?, "a meeting")?,
        saved_at: row.get(3)?,
        saved_by_name: row.get(4)?,
        version: row.get(5)?,
    })
}

/// How a new report is known to whoever sent it.
pub(crate) struct Sent<'a> {
    pub(crate) sent_id: Uuid,
    pub(crate) receipt_hash: &'a [u8],
}

pub(crate) fn add(tx: &mut Tx<'_>, scope: &Scope, new: &NearMiss, sent: &Sent<'_>) -> Result<(), DbError> {
    let detail = DETAIL.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    tx.run(
        scope,
        ADD,
        params![
            new.id,
            i64::from(new.fiscal_year),
            new.number,
            sent.sent_id,
            sent.receipt_hash,
            &new.symptom,
            new.place,
            new.link,
            new.person,
            detail,
            &new.lang,
            new.seen_at,
            new.written_at,
            new.received_at
        ],
    )
    .map(drop)
}

pub(crate) fn last_number(tx: &mut Tx<'_>, scope: &Scope, fiscal_year: i32) -> Result<i64, DbError> {
    let last: Option<i64> = tx.one(scope, LAST_NUMBER, params![i64::from(fiscal_year)], |row| row.get(0))?;
    Ok(last.unwrap_or_default())
}

/// The report that a telephone called so.
pub(crate) fn sent(tx: &mut Tx<'_>, scope: &Scope, sent_id: Uuid) -> Result<Option<NearMissId>, DbError> {
    tx.maybe(scope, SENT, params![sent_id], |row| row.get(0))
}

/// How many reports came after an id; ids grow with time.
pub(crate) fn since(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<i64, DbError> {
    tx.one(scope, SINCE, params![id], |row| row.get(0))
}

/// Of these, how many came through a poster.
pub(crate) fn since_of_poster(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
    link: LinkId,
) -> Result<i64, DbError> {
    tx.one(scope, SINCE_OF_POSTER, params![id, link], |row| row.get(0))
}

/// Of these, how many told of a symptom.
pub(crate) fn since_of_symptom(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
    (link, symptom): (LinkId, &str),
) -> Result<i64, DbError> {
    tx.one(scope, SINCE_OF_SYMPTOM, params![id, link, symptom], |row| row.get(0))
}

/// What the photographs that came after an id weigh; their ids grow with time too.
pub(crate) fn photo_bytes(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<i64, DbError> {
    tx.one(scope, PHOTO_BYTES, params![id], |row| row.get(0))
}

/// How often whoever reported said something since a moment.
pub(crate) fn answers_since(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: NearMissId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    tx.one(scope, ANSWERS_SINCE, params![of, since], |row| row.get(0))
}

pub(crate) fn get(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<Option<NearMiss>, DbError> {
    tx.maybe(scope, GET, params![id], near_miss)
}

pub(crate) fn by_receipt(tx: &mut Tx<'_>, scope: &Scope, hash: &[u8]) -> Result<Option<NearMiss>, DbError> {
    tx.maybe(scope, BY_RECEIPT, params![hash], near_miss)
}

pub(crate) fn all(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<NearMiss>, DbError> {
    tx.all(scope, ALL, params![limit], near_miss)
}

pub(crate) fn part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<NearMissId>,
) -> Result<Vec<NearMiss>, DbError> {
    tx.all(scope, PART, params![part.after_id(), part.limit], near_miss)
}

pub(crate) fn on_board(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<NearMiss>, DbError> {
    tx.all(scope, ON_BOARD, params![limit], near_miss)
}

pub(crate) fn on_board_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<NearMissId>,
) -> Result<Vec<NearMiss>, DbError> {
    tx.all(scope, ON_BOARD_PART, params![part.after_id(), part.limit], near_miss)
}

pub(crate) fn of_year(tx: &mut Tx<'_>, scope: &Scope, year: FiscalYear) -> Result<Vec<NearMiss>, DbError> {
    tx.all(scope, OF_YEAR, params![year.number()], near_miss)
}

/// The years in which something came in, the newest first; a year that nobody knows is none.
pub(crate) fn years(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<FiscalYear>, DbError> {
    let numbers = tx.all(scope, YEARS, &[], |row| row.get::<i64>(0))?;
    let year = |number: i64| FiscalYear::try_from(i32::try_from(number).ok()?).ok();
    Ok(numbers.into_iter().filter_map(year).collect())
}

pub(crate) fn new_count(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, DbError> {
    tx.one(scope, NEW_COUNT, &[], |row| row.get(0))
}

/// Keeps what was judged; false where the stored version is another.
pub(crate) fn triage(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &NearMiss,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let said: &Triage = &new.triage;
    let words = TRIAGED.close(tx, &[new.id.0.as_bytes()], &text(said)?)?;
    let rows = tx.run(
        scope,
        TRIAGE,
        params![
            new.id,
            version,
            new.state.code(),
            new.level.map_or("", |level| level.code()),
            new.nature.map_or("", |nature| nature.code()),
            words,
            now,
            &new.triaged_by_name
        ],
    )?;
    Ok(rows > 0)
}

/// False where the stored version is another.
pub(crate) fn state_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &NearMiss,
) -> Result<bool, DbError> {
    let values = params![new.id, version, new.state.code(), new.closed_at];
    Ok(tx.run(scope, STATE, values)? > 0)
}

/// False where the stored version is another.
pub(crate) fn board_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &NearMiss,
) -> Result<bool, DbError> {
    let board: &Board = &new.board;
    let words = BOARD.close(tx, &[new.id.0.as_bytes()], &text(board)?)?;
    Ok(tx.run(scope, BOARD_SAVE, params![new.id, version, words, new.board_at])? > 0)
}

pub(crate) fn photo_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: NearMissId,
    new: &Photo,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let values = params![new.id, of, &new.file, &new.name, new.size, &new.media_type, now];
    tx.run(scope, PHOTO_ADD, values).map(drop)
}

pub(crate) fn photos(tx: &mut Tx<'_>, scope: &Scope, of: NearMissId) -> Result<Vec<Photo>, DbError> {
    tx.all(scope, PHOTOS, params![of], |row| {
        Ok(Photo {
            id: row.get::<PhotoId>(0)?,
            file: row.get(1)?,
            name: row.get(2)?,
            size: row.get(3)?,
            media_type: row.get(4)?,
        })
    })
}

pub(crate) fn message_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, of): (Uuid, NearMissId),
    new: &Message,
) -> Result<(), DbError> {
    let words = WORDS.close(tx, &[id.as_bytes()], &new.words)?;
    let values = params![id, of, new.from_house, &new.name, words, new.written_at];
    tx.run(scope, MESSAGE_ADD, values).map(drop)
}

pub(crate) fn messages(tx: &mut Tx<'_>, scope: &Scope, of: NearMissId) -> Result<Vec<Message>, DbError> {
    tx.all(scope, MESSAGES, params![of], |row| {
        let id: Uuid = row.get(0)?;
        Ok(Message {
            from_house: row.get(1)?,
            name: row.get(2)?,
            words: WORDS.open(row, 3, &[id.as_bytes()])?,
            written_at: row.get(4)?,
        })
    })
}

pub(crate) fn measure_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &Measure,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let owner: Option<PersonId> = new.owner;
    let detail = sealed_measure(tx, new.id, &new.detail)?;
    let values = params![new.id, new.near_miss, detail, owner, &new.owner_name, new.due_on, now];
    tx.run(scope, MEASURE_ADD, values).map(drop)
}

fn sealed_measure(tx: &Tx<'_>, id: MeasureId, detail: &MeasureDetail) -> Result<String, DbError> {
    MEASURE.close(tx, &[id.0.as_bytes()], &text(detail)?)
}

pub(crate) fn measure_get(tx: &mut Tx<'_>, scope: &Scope, id: MeasureId) -> Result<Option<Measure>, DbError> {
    tx.maybe(scope, MEASURE_GET, params![id], measure)
}

pub(crate) fn measures(tx: &mut Tx<'_>, scope: &Scope, of: NearMissId) -> Result<Vec<Measure>, DbError> {
    tx.all(scope, MEASURES, params![of], measure)
}

pub(crate) fn measures_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<MeasureId>,
) -> Result<Vec<Measure>, DbError> {
    tx.all(scope, MEASURES_PART, params![part.after_id(), part.limit], measure)
}

pub(crate) fn measures_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Measure>, DbError> {
    tx.all(scope, MEASURES_OPEN, &[], measure)
}

/// False where the stored version is another.
pub(crate) fn measure_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Measure,
) -> Result<bool, DbError> {
    let state: MeasureState = new.state;
    let detail = sealed_measure(tx, new.id, &new.detail)?;
    let values = params![
        new.id,
        version,
        detail,
        state.code(),
        new.settled_at,
        &new.settled_by_name,
        new.owner,
        &new.owner_name,
        new.due_on
    ];
    Ok(tx.run(scope, MEASURE_SAVE, values)? > 0)
}

pub(crate) fn measures_of_year(
    tx: &mut Tx<'_>,
    scope: &Scope,
    year: FiscalYear,
) -> Result<Vec<Measure>, DbError> {
    tx.all(scope, MEASURES_OF_YEAR, params![year.number()], measure)
}

pub(crate) fn analysis_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: NearMissId,
) -> Result<Option<Analysed>, DbError> {
    tx.maybe(scope, ANALYSIS_GET, params![of], analysed)
}

/// False where the stored version is another; version 0 is that of an analysis which is not there yet.
pub(crate) fn analysis_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    (new, now): (&Analysed, DateTime<Utc>),
) -> Result<bool, DbError> {
    let words = ANALYSIS.close(tx, &[new.near_miss.0.as_bytes()], &text(&new.analysis)?)?;
    let name = &new.saved_by_name;
    let rows = if version == 0 {
        tx.run(scope, ANALYSIS_ADD, params![new.near_miss, words, now, name])?
    } else {
        tx.run(scope, ANALYSIS_SAVE, params![new.near_miss, version, words, now, name])?
    };
    Ok(rows > 0)
}

pub(crate) fn meeting_add(tx: &mut Tx<'_>, scope: &Scope, new: &Meeting) -> Result<(), DbError> {
    let content = CONTENT.close(tx, &[new.id.0.as_bytes()], &text(&new.content)?)?;
    let values = params![new.id, new.held_on, content, new.saved_at, &new.saved_by_name];
    tx.run(scope, MEETING_ADD, values).map(drop)
}

pub(crate) fn meeting_get(tx: &mut Tx<'_>, scope: &Scope, id: MeetingId) -> Result<Option<Meeting>, DbError> {
    tx.maybe(scope, MEETING_GET, params![id], meeting)
}

pub(crate) fn meetings(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Meeting>, DbError> {
    tx.all(scope, MEETINGS, params![limit], meeting)
}

pub(crate) fn meetings_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<MeetingId>,
) -> Result<Vec<Meeting>, DbError> {
    tx.all(scope, MEETINGS_PART, params![part.after_id(), part.limit], meeting)
}

/// False where the stored version is another.
pub(crate) fn meeting_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Meeting,
) -> Result<bool, DbError> {
    let content = CONTENT.close(tx, &[new.id.0.as_bytes()], &text(&new.content)?)?;
    let values = params![new.id, version, new.held_on, content, new.saved_at, &new.saved_by_name];
    Ok(tx.run(scope, MEETING_SAVE, values)? > 0)
}
