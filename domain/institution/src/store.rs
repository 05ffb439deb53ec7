//! The SQL of organisations and institutions.

use crate::{Institution, NewAssociation, Organisation, OrganisationKind};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_calendar::fold;
use komainu_catalog::UpdateDuty;
use komainu_db::{DbError, Outside, Tx, params};
use std::str::FromStr;

const OUTSIDE: Outside =
    Outside("the tree of organisations belongs to the installation; only its administrators come here");

komainu_db::statements! {
    ORGANISATION_INSERT = "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ORGANISATION_RENAME = "UPDATE organisation SET name = $2, name_kana = $3, folded = $4 WHERE id = $1";
    ASSOCIATION_INSERT = "INSERT INTO association (organisation_id, level) VALUES ($1, $2)";
    INSTITUTION_INSERT = "INSERT INTO institution (organisation_id, kind, beds, prefecture, postal_code, address, phone, code, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    INSTITUTION_GET = "SELECT o.name, o.name_kana, i.kind, i.beds, i.prefecture, i.postal_code, i.address, i.phone, i.code,
            i.systems, i.operator_on_staff, i.entrusts_updates, i.interview_done_at, i.version
        FROM institution i JOIN organisation o ON o.id = i.organisation_id WHERE i.organisation_id = $1";
    INSTITUTION_SAVE = "UPDATE institution SET kind = $3, beds = $4, prefecture = $5, postal_code = $6, address = $7, phone = $8,
            code = $9, systems = $10, operator_on_staff = $11, version = version + 1
        WHERE organisation_id = $1 AND version = $2";
    INSTITUTION_DUTY = "UPDATE institution SET entrusts_updates = $2 WHERE organisation_id = $1";
    INSTITUTION_DONE = "UPDATE institution SET interview_done_at = $2 WHERE organisation_id = $1 AND interview_done_at IS NULL";
    MEMBERSHIP_INSERT = "INSERT INTO membership (organisation_id, person_id, role, title, created_at, version)
        VALUES ($1, $2, $3, $4, $5, 1)";
    ORGANISATION_FIND = "SELECT o.id, o.kind, a.level, o.parent_id, o.name, o.name_kana FROM organisation o
        LEFT JOIN association a ON a.organisation_id = o.id WHERE o.id = $1";
    ASSOCIATIONS = "SELECT o.id, o.kind, a.level, o.parent_id, o.name, o.name_kana FROM organisation o
        JOIN association a ON a.organisation_id = o.id ORDER BY o.created_at, o.id";
}

komainu_db::sealed_columns! {
    PHONE = "institution"."phone" by "organisation_id";
}

/// Reads a code that only this program writes.
fn code<T: FromStr>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Other(format!("unknown code {text}")))
}

fn maybe_code<T: FromStr>(text: Option<String>) -> Result<Option<T>, DbError> {
    text.as_deref().map(code).transpose()
}

pub(crate) fn organisation_insert(
    tx: &mut Tx<'_>,
    new: &Organisation,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let kind = match new.kind {
        OrganisationKind::Association(_) => "association",
        OrganisationKind::Institution => "institution",
        OrganisationKind::Vendor => "vendor",
    };
    let folded = folded(&new.name, &new.name_kana);
    tx.run(
        &OUTSIDE,
        ORGANISATION_INSERT,
        params![new.id, kind, new.parent, &new.name, &new.name_kana, folded, now],
    )?;
    if let OrganisationKind::Association(level) = new.kind {
        tx.run(&OUTSIDE, ASSOCIATION_INSERT, params![new.id, level.code()])?;
    }
    Ok(())
}

pub(crate) fn new_association(id: OrganisationId, new: &NewAssociation) -> Organisation {
    Organisation {
        id,
        kind: OrganisationKind::Association(new.level),
        parent: new.parent,
        name: new.name.clone(),
        name_kana: new.name_kana.clone(),
    }
}

/// Name and reading in the form in which they are searched.
fn folded(name: &str, kana: &str) -> String {
    format!("{} {}", fold(name), fold(kana))
}

pub(crate) fn membership_insert(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    person: PersonId,
    role: Role,
    title: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, MEMBERSHIP_INSERT, params![organisation, person, role.code(), title, now]).map(drop)
}

pub(crate) fn institution_insert(tx: &mut Tx<'_>, new: &Institution) -> Result<(), DbError> {
    tx.run(
        &OUTSIDE,
        INSTITUTION_INSERT,
        params![
            new.organisation,
            new.kind.code(),
            new.beds,
            new.prefecture.code(),
            &new.postal_code,
            &new.address,
            PHONE.close(tx, &[new.organisation.0.as_bytes()], &new.phone)?,
            &new.code
        ],
    )
    .map(drop)
}

pub(crate) fn institution_get(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Institution>, DbError> {
    tx.maybe(scope, INSTITUTION_GET, &[], |row| {
        Ok(Institution {
            organisation: scope.organisation(),
            name: row.get(0)?,
            name_kana: row.get(1)?,
            kind: code(&row.get::<String>(2)?)?,
            beds: u32::try_from(row.get::<i64>(3)?).unwrap_or_default(),
            prefecture: code(&row.get::<String>(4)?)?,
            postal_code: row.get(5)?,
            address: row.get(6)?,
            phone: PHONE.open(row, 7, &[scope.organisation().0.as_bytes()])?,
            code: row.get(8)?,
            systems: maybe_code(row.get(9)?)?,
            operator_on_staff: row.get(10)?,
            entrusts_updates: maybe_code(row.get(11)?)?,
            interview_done_at: row.get(12)?,
            version: row.get(13)?,
        })
    })
}

/// Writes what people type of an institution if its version is still `version`; false where it is not.
pub(crate) fn institution_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Institution,
) -> Result<bool, DbError> {
    let rows = tx.run(
        scope,
        INSTITUTION_SAVE,
        params![
            version,
            new.kind.code(),
            new.beds,
            new.prefecture.code(),
            &new.postal_code,
            &new.address,
            PHONE.close(tx, &[scope.organisation().0.as_bytes()], &new.phone)?,
            &new.code,
            new.systems.map(crate::Systems::code),
            new.operator_on_staff
        ],
    )?;
    if rows == 0 {
        return Ok(false);
    }
    let folded = folded(&new.name, &new.name_kana);
    tx.run(scope, ORGANISATION_RENAME, params![&new.name, &new.name_kana, folded])?;
    Ok(true)
}

pub(crate) fn institution_duty(
    tx: &mut Tx<'_>,
    scope: &Scope,
    duty: Option<UpdateDuty>,
) -> Result<(), DbError> {
    tx.run(scope, INSTITUTION_DUTY, params![duty.map(UpdateDuty::code)]).map(drop)
}

/// False where it was done before.
pub(crate) fn institution_done(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<bool, DbError> {
    tx.run(scope, INSTITUTION_DONE, params![now]).map(|rows| rows > 0)
}

fn organisation(row: &komainu_db::Row<'_>) -> Result<Organisation, DbError> {
    let kind = match row.get::<String>(1)?.as_str() {
        "institution" => OrganisationKind::Institution,
        "vendor" => OrganisationKind::Vendor,
        _ => OrganisationKind::Association(code(&row.get::<String>(2)?)?),
    };
    Ok(Organisation { id: row.get(0)?, kind, parent: row.get(3)?, name: row.get(4)?, name_kana: row.get(5)? })
}

pub(crate) fn organisation_find(
    tx: &mut Tx<'_>,
    id: OrganisationId,
) -> Result<Option<Organisation>, DbError> {
    tx.maybe(&OUTSIDE, ORGANISATION_FIND, params![id], organisation)
}

pub(crate) fn associations(tx: &mut Tx<'_>) -> Result<Vec<Organisation>, DbError> {
    tx.all(&OUTSIDE, ASSOCIATIONS, &[], organisation)
}
