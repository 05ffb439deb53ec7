//! What whoever runs the installation can do from its command line: no session, no permission, every organisation.

use super::throttle::{self, Subject};
use super::{Gate, person_make, record_everywhere};
use crate::factors::actions::{renounce_all, strip};
use crate::model::{NewPerson, Password, Person};
use crate::{rescue, store};
use komainu_access::PersonId;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::Refused;
use serde_json::json;

/// How the log names the command line; it is nobody's account.
const CONSOLE: (PersonId, &str) = (PersonId(uuid::Uuid::nil()), "komainu user");

/// Why the command did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleRefusal {
    /// There is an account with this address already.
    EmailTaken,
    /// There is no account with this address.
    Unknown,
}

/// Every account, oldest first.
pub fn users(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    store::people(tx)
}

/// Makes an account. With `administrator` it can found organisations, and the first run is over.
pub fn user_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    new: &NewPerson,
) -> Result<PersonId, Refused<ConsoleRefusal>> {
    person_make(tx, nature, new).map_err(|refused| match refused {
        Refused::Because(_) => Refused::Because(ConsoleRefusal::EmailTaken),
        Refused::Failed(failure) => Refused::Failed(failure),
    })
}

/// Gives an account a new password, ends its sessions and tokens and opens it for sign-in at once.
pub fn password_reset(
    gate: &Gate<'_>,
    email: &str,
    new: &Password,
) -> Result<PersonId, Refused<ConsoleRefusal>> {
    let hash = gate.hasher.hash(gate.nature, new)?;
    gate.db.write(|tx| {
        let person = find(tx, email)?;
        store::password_set(tx, person.id, &hash)?;
        if let Ok(email) = person.email.parse() {
            throttle::success(tx, &[&Subject::account(&email)], None)?;
        }
        rescue::store::delete(tx, person.id)?;
        renounce_all(tx, person.id, gate.nature.now())?;
        record_everywhere(tx, CONSOLE, gate.nature.now(), person.id, "password_reset", ((), ()))?;
        Ok(person.id)
    })
}

/// Takes every second factor and recovery code of an account away and ends its sessions and tokens: the way back for whom nobody
/// else can let in.
pub fn factors_reset(
    tx: &mut Tx<'_>,
    nature: &Nature,
    email: &str,
) -> Result<PersonId, Refused<ConsoleRefusal>> {
    let person = find(tx, email)?;
    strip(tx, person.id)?;
    rescue::store::delete(tx, person.id)?;
    throttle::success(tx, &[&Subject::factor(person.id)], None)?;
    renounce_all(tx, person.id, nature.now())?;
    record_everywhere(tx, CONSOLE, nature.now(), person.id, "factors_reset", ((), ()))?;
    Ok(person.id)
}

/// Closes an account: its sessions and tokens end and nobody can sign in with it. Its places and its history stay.
pub fn user_disable(
    tx: &mut Tx<'_>,
    nature: &Nature,
    email: &str,
) -> Result<PersonId, Refused<ConsoleRefusal>> {
    let person = find(tx, email)?;
    if person.disabled_at.is_none() {
        store::disabled_set(tx, person.id, Some(nature.now()))?;
        renounce_all(tx, person.id, nature.now())?;
        let states = (&json!({ "disabled": false }), &json!({ "disabled": true }));
        record_everywhere(tx, CONSOLE, nature.now(), person.id, "person_disable", states)?;
    }
    Ok(person.id)
}

/// Opens a closed account again.
pub fn user_enable(
    tx: &mut Tx<'_>,
    nature: &Nature,
    email: &str,
) -> Result<PersonId, Refused<ConsoleRefusal>> {
    let person = find(tx, email)?;
    if person.disabled_at.is_some() {
        store::disabled_set(tx, person.id, None)?;
        let states = (&json!({ "disabled": true }), &json!({ "disabled": false }));
        record_everywhere(tx, CONSOLE, nature.now(), person.id, "person_enable", states)?;
    }
    Ok(person.id)
}

fn find(tx: &mut Tx<'_>, email: &str) -> Result<Person, Refused<ConsoleRefusal>> {
    let unknown = || Refused::Because(ConsoleRefusal::Unknown);
    let email: crate::model::Email = email.parse().map_err(|_| unknown())?;
    store::person_by_email(tx, email.folded())?.ok_or_else(unknown)
}
