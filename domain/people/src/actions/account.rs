//! One's own account.

use super::throttle::{self, Subject};
use super::{Gate, record_everywhere};
use crate::model::{Email, Password, Person};
use crate::store;
use chrono::Duration;
use komainu_access::{PersonId, Session, Sessions};
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

/// Old and new password.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    /// The old one, as typed.
    pub old: Password,
    /// A new one that will do ([`crate::passwords::new_password`]).
    pub new: Password,
}

/// Why the password stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// The old one is another.
    Wrong,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Changes one's own password and ends all other sessions. Attempts count together with those at sign-in.
pub fn password_change(
    gate: &Gate<'_>,
    session: &Session,
    change: &PasswordChange,
) -> Result<usize, Refused<PasswordRefusal>> {
    let wrong = || Refused::Because(PasswordRefusal::Wrong);
    let now = gate.nature.now();
    let (credentials, subject) = gate.db.write(|tx| {
        let email: Email = account(tx, session.person)?.email.parse().map_err(Failure::internal)?;
        let subject = Subject::account(&email);
        throttle::attempt(tx, now, &[&subject])?
            .map_err(|wait| Refused::Because(PasswordRefusal::Wait(wait)))?;
        let credentials = store::credentials_of(tx, session.person)?.ok_or(Failure::NotFound)?;
        Ok::<_, Refused<PasswordRefusal>>((credentials, subject))
    })?;
    if !gate.hasher.matches(Some(&credentials.hash), &change.old) {
        return Err(wrong());
    }
    let hash = gate.hasher.hash(gate.nature, &change.new)?;
    gate.db.write(|tx| {
        if !store::password_swap(tx, session.person, &credentials.hash, &hash)? {
            return Err(wrong());
        }
        throttle::success(tx, &subject, None)?;
        let actor = (session.person, session.person_name.as_str());
        record_everywhere(tx, actor, now, session.person, "password_change", ((), ()))?;
        Ok(Sessions::end_others(tx, session.person, Some(session.id))?)
    })
}
