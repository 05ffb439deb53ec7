//! What can be done with second factors.

mod check;
mod codes;
mod demand;
mod passkey;
pub(crate) mod pending;
mod proof;
mod second;
mod totp;

pub use codes::codes_make;
pub use demand::{Demand, DemandRefusal, demand, demand_set};
pub use passkey::{
    NewPasskey, PasskeyRefusal, PasskeySignIn, Relying, passkey_add, passkey_challenge, passkey_greet,
    passkey_offer, passkey_proves, passkey_remove, passkey_sign_in, relying,
};
pub use pending::Holder;
pub use proof::{Proof, ProofRefusal, prove, prove_in_demo, require_proof};
pub use second::{SecondRefusal, SecondStep, second_begin, second_look, second_step};
pub use totp::{TotpOffer, TotpRefusal, totp_add, totp_offer, totp_remove};

use super::model::{Factors, Kinds, RecoveryCode, SignIn};
use super::store;
use crate::actions::record_everywhere;
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Session, Sessions, Tokens};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_seal::Key;

/// Time, chance and the key: what it takes to seal something.
#[derive(Clone, Copy)]
pub struct Sealer<'a> {
    /// Time and chance.
    pub nature: &'a Nature,
    /// The installation's key.
    pub key: &'a Key,
}

/// The person's own factors.
pub fn factors(tx: &mut Tx<'_>, person: PersonId) -> Result<Factors, DbError> {
    store::factors(tx, person)
}

/// The latest sign-ins, newest first.
pub fn sign_ins(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<SignIn>, DbError> {
    store::sign_ins(tx, person)
}

/// Notes how somebody came in, or was refused, among their latest sign-ins.
pub fn sign_in_note(
    tx: &mut Tx<'_>,
    nature: &Nature,
    person: PersonId,
    means: super::model::Means,
    user_agent: &str,
) -> Result<(), DbError> {
    let sign_in = SignIn { at: nature.now(), means, user_agent: user_agent.to_owned() };
    store::sign_in_insert(tx, person, nature.id(), &sign_in, super::rules::SIGN_INS)
}

/// Ends everything that stands on how the person signed in until now: other sessions, and whatever waits for an answer.
pub(crate) fn renounce(tx: &mut Tx<'_>, person: PersonId, keep: Option<&Session>) -> Result<usize, DbError> {
    store::pending_forget(tx, person)?;
    Sessions::end_others(tx, person, keep.map(|session| session.id))
}

/// Ends everything that a stranger may have made of the account: as [`renounce`] every session, and every token.
pub(crate) fn renounce_all(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<(), DbError> {
    renounce(tx, person, None)?;
    Tokens::end_all_of(tx, person, now).map(drop)
}

/// Takes every factor, code, PIN and link to a sign-in service of a person away.
pub(crate) fn strip(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    store::totp_delete(tx, person)?;
    store::passkeys_delete(tx, person)?;
    store::pins_delete(tx, person)?;
    crate::openid::store::delete_all(tx, person)?;
    store::codes_delete(tx, person)
}

/// Removes what waits too long.
pub(crate) fn sweep(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), DbError> {
    store::pending_sweep(tx, now)
}

/// After a change of one's own factors: told in every organisation's log, all other sessions over.
pub(crate) fn changed(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    session: &Session,
    action: &'static str,
) -> Result<(), DbError> {
    renounce(tx, session.person, Some(session))?;
    let actor = (session.person, session.person_name.as_str());
    record_everywhere(tx, actor, now, session.person, action, ((), ()))
}

/// After a factor was added: the first one comes with recovery codes, which are shown now and never again.
fn added(
    tx: &mut Tx<'_>,
    nature: &Nature,
    session: &Session,
    (action, before): (&'static str, Kinds),
) -> Result<Vec<RecoveryCode>, DbError> {
    changed(tx, nature.now(), session, action)?;
    if before.any() { Ok(Vec::new()) } else { codes::put(tx, nature, session.person) }
}

/// After a factor was removed: codes stand in for a factor, so the last one takes them with it.
fn removed(tx: &mut Tx<'_>, nature: &Nature, session: &Session, action: &'static str) -> Result<(), DbError> {
    changed(tx, nature.now(), session, action)?;
    if store::kinds_of(tx, session.person)?.any() { Ok(()) } else { store::codes_delete(tx, session.person) }
}
