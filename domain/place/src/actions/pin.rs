//! The PIN that opens shared places: set by its owner, stopped by wrong attempts, let to work again.

use crate::model::{Pin, PinState};
use crate::rules::{self, PinFault};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission, PersonId, Scope, Session};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_people::actions::Gate;
use komainu_people::factors::actions::require_proof;
use komainu_people::model::PasswordHash;
use komainu_seal::Key;
use komainu_web::{Failure, Refused};

const SEAL: &str = "pin.hash";

/// Somebody who looks after their own PIN. The organisation may demand a second factor that they do not have: at its own
/// places the PIN is one, so that this alone keeps nobody from setting it.
#[derive(Clone, Debug)]
pub struct PinAsker {
    session: Session,
    scope: Scope,
}

impl PinAsker {
    /// The session's person in the organisation they are in; none where they are in none, or at another's place.
    pub fn of(session: &Session) -> Option<PinAsker> {
        let met = Session { owes_factor: false, ..session.clone() };
        Some(PinAsker { scope: met.scope()?, session: session.clone() })
    }
}

/// How one's own PIN stands; none where there is none.
pub fn pin_own(tx: &mut Tx<'_>, asker: &PinAsker) -> Result<Option<PinState>, DbError> {
    Ok(store::pins(tx, &asker.scope)?.into_iter().find(|pin| pin.person == asker.scope.person()))
}

/// Sets one's own PIN; one from before is replaced.
pub fn pin_set(gate: &Gate<'_>, asker: &PinAsker, pin: &Pin) -> Result<(), Refused<PinFault>> {
    let (scope, now) = (&asker.scope, gate.nature.now());
    require_proof(&asker.session, now)?;
    if let Some(fault) = rules::pin_fault(pin.text()) {
        return Err(Refused::Because(fault));
    }
    let hash = gate.hasher.hash(gate.nature, &pin.secret())?;
    let row = (scope.organisation(), scope.person());
    let sealed = sealed(gate.nature, gate.key, row, &hash);
    gate.db.write(|tx| {
        store::pin_put(tx, scope, &sealed, now)?;
        Ok(told(tx, scope, now, "pin_set", scope.person())?)
    })
}

/// Takes one's own PIN away.
pub fn pin_remove(tx: &mut Tx<'_>, nature: &Nature, asker: &PinAsker) -> Result<(), Failure> {
    require_proof(&asker.session, nature.now())?;
    if !store::pin_delete(tx, &asker.scope)? {
        return Err(Failure::NotFound);
    }
    Ok(told(tx, &asker.scope, nature.now(), "pin_remove", asker.scope.person())?)
}

/// Lets one's own stopped PIN work again.
pub fn pin_lift_own(tx: &mut Tx<'_>, nature: &Nature, asker: &PinAsker) -> Result<(), Failure> {
    require_proof(&asker.session, nature.now())?;
    lift(tx, nature, &asker.scope, asker.scope.person())
}

/// Every member's PIN, for who manages members.
pub fn pins(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<PinState>, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(store::pins(tx, scope)?)
}

/// Lets a member's stopped PIN work again.
pub fn pin_lift(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, person: PersonId) -> Result<(), Failure> {
    scope.require(Permission::MembersManage)?;
    lift(tx, nature, scope, person)
}

fn lift(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, person: PersonId) -> Result<(), Failure> {
    if !store::pin_lift(tx, scope, person)? {
        return Err(Failure::NotFound);
    }
    Ok(told(tx, scope, nature.now(), "pin_lift", person)?)
}

/// Writes into the log what became of somebody's PIN.
pub(super) fn told(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    action: &'static str,
    person: PersonId,
) -> Result<(), DbError> {
    let name = store::person_name(tx, person)?;
    let state = serde_json::json!({ "name": name });
    let object_id = &person.to_string();
    let change = Change { action, object_kind: "person", object_id, before: &state, after: &state };
    komainu_audit::record(tx, scope, now, &change)
}

/// The hash as it is kept: a million PINs are soon tried by who has the database, unless the key file is needed too.
fn sealed(
    nature: &Nature,
    key: &Key,
    (organisation, person): (OrganisationId, PersonId),
    hash: &PasswordHash,
) -> Vec<u8> {
    key.seal(SEAL).close(nature, &[organisation.0.as_bytes(), person.0.as_bytes()], hash.text().as_bytes())
}

/// The hash inside, and how it is to be kept from now on: as it is, or sealed anew with the newest generation.
pub(super) fn opened(
    (nature, key): (&Nature, &Key),
    row: (OrganisationId, PersonId),
    stored: &[u8],
) -> Result<(PasswordHash, Vec<u8>), Failure> {
    let seal = key.seal(SEAL);
    let plain = seal.open(&[row.0.0.as_bytes(), row.1.0.as_bytes()], stored).map_err(Failure::internal)?;
    let hash = PasswordHash::kept(std::str::from_utf8(&plain).map_err(Failure::internal)?.to_owned());
    let kept = if seal.is_current(stored) { stored.to_vec() } else { sealed(nature, key, row, &hash) };
    Ok((hash, kept))
}
