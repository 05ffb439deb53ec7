//! The SQL of the log.

use chrono::{DateTime, Utc};
use komainu_access::{LinkId, OrganisationId, PersonId, PlaceId, Scope};
use komainu_db::{DbError, Outside, Row, Sealed, Tx, params};

const PROOF: Outside = Outside("the proof of the log walks every organisation's chain");

komainu_db::statements! {
    HEAD_MAKE = "INSERT INTO audit_head (organisation_id, seq, hash) VALUES ($1, 0, $2)
        ON CONFLICT (organisation_id) DO NOTHING";
    HEAD_NEXT = "UPDATE audit_head SET seq = seq + 1 WHERE organisation_id = $1 RETURNING seq, hash";
    HEAD_SET = "UPDATE audit_head SET hash = $2 WHERE organisation_id = $1";
    APPEND = "INSERT INTO audit_entry (organisation_id, seq, at, person_id, person_name, action, object_kind, object_id,
        before, after, hash, place_id, place_name, link_id, link_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    HEAD = "SELECT seq, hash FROM audit_head WHERE organisation_id = $1";
    AFTER = "SELECT seq, at, person_id, person_name, action, object_kind, object_id, before, after, hash,
            place_id, place_name, link_id, link_name
        FROM audit_entry WHERE organisation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// Of a backup that was made before there were links, and is proved as it is.
    AFTER_WITHOUT_LINKS = "SELECT seq, at, person_id, person_name, action, object_kind, object_id, before, after, hash,
            place_id, place_name FROM audit_entry WHERE organisation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// Of a backup that was made before there were shared places, and is proved as it is.
    AFTER_WITHOUT_PLACES = "SELECT seq, at, person_id, person_name, action, object_kind, object_id, before, after, hash
        FROM audit_entry WHERE organisation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    LATEST = "SELECT seq, at, person_id, person_name, action, object_kind, object_id, before, after, hash,
            place_id, place_name, link_id, link_name FROM audit_entry WHERE organisation_id = $1 AND seq < $2
            AND ($3 = '' OR object_kind = $3) AND ($4 = '' OR object_id = $4)
        ORDER BY seq DESC LIMIT $5";
    ORGANISATIONS = "SELECT organisation_id FROM audit_head
        UNION SELECT DISTINCT organisation_id FROM audit_entry ORDER BY 1";
}

const BEFORE: Sealed = Sealed::once("audit_entry.before");
const AFTER_STATE: Sealed = Sealed::once("audit_entry.after");
/// What is said of a state that says nothing; it stays readable.
const NOTHING: &str = "null";

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the organisation's chain, from 1.
    pub seq: i64,
    /// When the change was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub person: Option<PersonId>,
    /// That person's name at the time.
    pub person_name: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which one.
    pub object_id: String,
    /// The state before, JSON; `null` where there was none. Sealed where the entry is read for its hash.
    pub before: String,
    /// The state after, JSON; `null` where nothing is left. Sealed where the entry is read for its hash.
    pub after: String,
    /// The shared place where it was done; none where a person's own browser was used.
    pub place: Option<PlaceId>,
    /// That place's name at the time; empty for none.
    pub place_name: String,
    /// The link through which somebody without an account did it; none for everybody else.
    pub link: Option<LinkId>,
    /// That link's name at the time; empty for none.
    pub link_name: String,
    /// SHA-256 over this entry and the hash before it.
    pub hash: Vec<u8>,
}

/// Which entries to show.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Only entries before this number; none for the newest.
    pub before: Option<i64>,
    /// Only this kind of thing; empty for all.
    pub object_kind: String,
    /// Only this thing; empty for all.
    pub object_id: String,
    /// How many.
    pub limit: i64,
}

/// The states of an entry as they are written: sealed for its place in the chain.
pub(crate) fn close_states(
    tx: &Tx<'_>,
    scope: &Scope,
    seq: i64,
    (before, after): (&str, &str),
) -> Result<(String, String), DbError> {
    let organisation = scope.organisation();
    let row: &[&[u8]] = &[organisation.0.as_bytes(), &seq.to_be_bytes()];
    let close = |column: Sealed, state: &str| match state {
        NOTHING => Ok(NOTHING.to_owned()),
        state => column.close(tx, row, state),
    };
    Ok((close(BEFORE, before)?, close(AFTER_STATE, after)?))
}

/// The states before and after of the entry with this number, from the columns at these places.
pub fn states(
    row: &Row<'_>,
    scope: &Scope,
    seq: i64,
    (before, after): (usize, usize),
) -> Result<(String, String), DbError> {
    let organisation = scope.organisation();
    let named: &[&[u8]] = &[organisation.0.as_bytes(), &seq.to_be_bytes()];
    Ok((BEFORE.open(row, before, named)?, AFTER_STATE.open(row, after, named)?))
}

/// An entry with its states opened.
fn opened(row: &Row<'_>, scope: &Scope) -> Result<Entry, DbError> {
    let sealed = entry(row)?;
    let (before, after) = states(row, scope, sealed.seq, (7, 8))?;
    Ok(Entry { before, after, ..sealed })
}

fn entry(row: &Row<'_>) -> Result<Entry, DbError> {
    Ok(Entry { link: row.get(12)?, link_name: row.get(13)?, ..entry_without_link(row)? })
}

fn entry_without_link(row: &Row<'_>) -> Result<Entry, DbError> {
    Ok(Entry { place: row.get(10)?, place_name: row.get(11)?, ..entry_without_place(row)? })
}

fn entry_without_place(row: &Row<'_>) -> Result<Entry, DbError> {
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        person: row.get(2)?,
        person_name: row.get(3)?,
        action: row.get(4)?,
        object_kind: row.get(5)?,
        object_id: row.get(6)?,
        before: row.get(7)?,
        after: row.get(8)?,
        hash: row.get(9)?,
        place: None,
        place_name: String::new(),
        link: None,
        link_name: String::new(),
    })
}

pub(crate) fn next(tx: &mut Tx<'_>, scope: &Scope) -> Result<(i64, Vec<u8>), DbError> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    if let Some(next) = tx.maybe(scope, HEAD_NEXT, &[], read)? {
        return Ok(next);
    }
    tx.run(scope, HEAD_MAKE, params![Vec::<u8>::new()])?;
    tx.one(scope, HEAD_NEXT, &[], read)
}

pub(crate) fn append(tx: &mut Tx<'_>, scope: &Scope, entry: &Entry) -> Result<(), DbError> {
    tx.run(
        scope,
        APPEND,
        params![
            entry.seq,
            entry.at,
            entry.person,
            &entry.person_name,
            &entry.action,
            &entry.object_kind,
            &entry.object_id,
            &entry.before,
            &entry.after,
            entry.hash.as_slice(),
            entry.place,
            &entry.place_name,
            entry.link,
            &entry.link_name
        ],
    )?;
    tx.run(scope, HEAD_SET, params![entry.hash.as_slice()]).map(drop)
}

pub(crate) fn head(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<Option<(i64, Vec<u8>)>, DbError> {
    tx.maybe(&PROOF, HEAD, params![organisation], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What the schema of the database knows of where and how things were done: a backup may be older than this program.
#[derive(Clone, Copy)]
pub(crate) enum Knows {
    /// Neither shared places nor links.
    Nothing,
    /// Shared places.
    Places,
    /// Shared places and links.
    Links,
}

/// What the database's schema knows.
pub(crate) fn knows(tx: &mut Tx<'_>) -> Result<Knows, DbError> {
    let tables = tx.tables()?;
    let columns =
        || tables.iter().filter(|table| table.name == "audit_entry").flat_map(|table| &table.columns);
    let has = |wanted: &str| columns().any(|(name, _)| name == wanted);
    Ok(match (has("place_id"), has("link_id")) {
        (true, true) => Knows::Links,
        (true, false) => Knows::Places,
        (false, _) => Knows::Nothing,
    })
}

pub(crate) fn after(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    (seq, limit): (i64, i64),
    knows: Knows,
) -> Result<Vec<Entry>, DbError> {
    let values = params![organisation, seq, limit];
    match knows {
        Knows::Links => tx.all(&PROOF, AFTER, values, entry),
        Knows::Places => tx.all(&PROOF, AFTER_WITHOUT_LINKS, values, entry_without_link),
        Knows::Nothing => tx.all(&PROOF, AFTER_WITHOUT_PLACES, values, entry_without_place),
    }
}

/// The newest entries of the scope's organisation, as a page asks for them.
pub fn entries(tx: &mut Tx<'_>, scope: &Scope, page: &Page) -> Result<Vec<Entry>, DbError> {
    let before = page.before.unwrap_or(i64::MAX);
    tx.all(scope, LATEST, params![before, &page.object_kind, &page.object_id, page.limit], |row| {
        opened(row, scope)
    })
}

/// The entries of the scope's organisation after a number, oldest first, for whoever reads on in the log.
pub fn follow(tx: &mut Tx<'_>, scope: &Scope, seq: i64, limit: i64) -> Result<Vec<Entry>, DbError> {
    tx.all(scope, AFTER, params![seq, limit], |row| opened(row, scope))
}

/// Every organisation that has a chain, or that should have one.
pub fn organisations(tx: &mut Tx<'_>) -> Result<Vec<OrganisationId>, DbError> {
    tx.all(&PROOF, ORGANISATIONS, &[], |row| row.get(0))
}
