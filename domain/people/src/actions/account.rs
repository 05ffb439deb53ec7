//! One's own account.

use super::throttle::{self, Subject};
use super::{Gate, record_everywhere};
use crate::factors::actions::{renounce, require_proof};
use crate::model::{Email, Password, Person};
use crate::store;
use chrono::Duration;
use komainu_access::{PersonId, Session};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_web::{Failure, Refused};
use serde_json::json;

/// What people change about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name as others see it.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The language.
    pub lang: Lang,
}

/// The session's person.
pub fn account(tx: &mut Tx<'_>, person: PersonId) -> Result<Person, Failure> {
    store::person_get(tx, person)?.ok_or(Failure::NotFound)
}

/// Changes one's own name and language. Every organisation that knows the name finds the change in its log.
pub fn account_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    person: PersonId,
    profile: &Profile,
) -> Result<(), Failure> {
    let before = account(tx, person)?;
    store::profile_set(tx, before.id, &profile.name, &profile.name_kana, profile.lang)?;
    if (&before.name, &before.name_kana) == (&profile.name, &profile.name_kana) {
        return Ok(());
    }
    let states = (
        &json!({ "name": before.name, "name_kana": before.name_kana }),
        &json!({ "name": profile.name, "name_kana": profile.name_kana }),
    );
    let actor = (before.id, before.name.as_str());
    Ok(record_everywhere(tx, actor, nature.now(), before.id, "person_change", states)?)
}

/// Keeps the language that a signed-in person chose by the switch.
pub fn lang_keep(tx: &mut Tx<'_>, session: &Session, lang: Lang) -> Result<(), DbError> {
    store::lang_set(tx, session.person, lang)
}

/// Changes one's own password and ends all other sessions.
pub fn password_change(gate: &Gate<'_>, session: &Session, new: &Password) -> Result<usize, Failure> {
    let now = gate.nature.now();
    require_proof(session, now)?;
    let hash = gate.hasher.hash(gate.nature, new)?;
    gate.db.write(|tx| {
        store::password_set(tx, session.person, &hash)?;
        let actor = (session.person, session.person_name.as_str());
        record_everywhere(tx, actor, now, session.person, "password_change", ((), ()))?;
        Ok(renounce(tx, session.person, Some(session))?)
    })
}

/// Why the address stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailRefusal {
    /// Another account has it.
    Taken,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Changes the address that one signs in with, and ends all other sessions. The logs tell that it changed, not from
/// what to what.
pub fn email_change(gate: &Gate<'_>, session: &Session, email: &Email) -> Result<(), Refused<EmailRefusal>> {
    let now = gate.nature.now();
    require_proof(session, now)?;
    let subject = Subject::address_change(session.person);
    let counted = gate.db.write(|tx| throttle::attempt(tx, now, &[&subject]))?;
    counted.map_err(|wait| Refused::Because(EmailRefusal::Wait(wait)))?;
    gate.db.write(|tx| {
        match store::email_set(tx, session.person, email) {
            Ok(()) => {}
            Err(DbError::Duplicate(_)) => return Err(Refused::Because(EmailRefusal::Taken)),
            Err(error) => return Err(error.into()),
        }
        throttle::success(tx, &[&subject], None)?;
        let actor = (session.person, session.person_name.as_str());
        record_everywhere(tx, actor, now, session.person, "email_change", ((), ()))?;
        renounce(tx, session.person, Some(session))?;
        Ok(())
    })
}
