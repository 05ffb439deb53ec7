//! What waits for a browser's next answer: kept on the server, sealed, once, and not for long.

use super::Sealer;
use crate::factors::rules::PENDING_LIFE;
use crate::factors::store::{self, StoredPending};
use crate::model::Token;
use komainu_access::{PersonId, SessionId};
use komainu_db::{DbError, Tx};
use komainu_web::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Whose answer is waited for.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A browser that has no session yet, by the secret of its cookie.
    Browser(Token),
    /// A signed-in browser.
    Session(SessionId),
}

impl Holder {
    fn key(&self) -> Vec<u8> {
        match self {
            Holder::Browser(token) => token.hash(),
            Holder::Session(id) => id.0.as_bytes().to_vec(),
        }
    }
}

/// What the answer is for. An answer to one thing is none to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The second step of signing in.
    SignIn,
    /// An authenticator app to be set up.
    TotpAdd,
    /// A passkey to be registered.
    PasskeyAdd,
    /// A passkey of somebody who is known: second step, or a proof.
    Passkey,
    /// A passkey that tells by itself whose it is.
    PasskeySignIn,
    /// Somebody who went to the house's sign-in service.
    Openid,
    /// The second factor that goes with a proof by the sign-in service.
    OpenidProof,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::TotpAdd => "totp_add",
            Purpose::PasskeyAdd => "passkey_add",
            Purpose::Passkey => "passkey",
            Purpose::PasskeySignIn => "passkey_sign_in",
            Purpose::Openid => "openid",
            Purpose::OpenidProof => "openid_proof",
        }
    }
}

const SEAL: &str = "pending.state";

/// Waits for an answer; what this browser was asked before for the same purpose is forgotten.
pub(crate) fn put<T: Serialize>(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    (holder, purpose): (&Holder, Purpose),
    person: Option<PersonId>,
    state: &T,
) -> Result<(), Failure> {
    let (holder, code) = (holder.key(), purpose.code());
    let plain = serde_json::to_vec(state).map_err(Failure::internal)?;
    let sealed = sealer.key.seal(SEAL).close(sealer.nature, &[&holder, code.as_bytes()], &plain);
    let until = sealer.nature.now() + PENDING_LIFE;
    Ok(store::pending_put(tx, (&holder, code), person, &sealed, until)?)
}

/// What waits, without taking it.
pub(crate) fn look<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    (holder, purpose): (&Holder, Purpose),
) -> Result<Option<(Option<PersonId>, T)>, Failure> {
    let key = (&*holder.key(), purpose.code());
    let found = store::pending(tx, key, sealer.nature.now())?;
    found.map(|found| opened(sealer, key, found)).transpose()
}

/// What waits, for the last time. The caller commits this whatever the answer turns out to be.
pub(crate) fn take<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    (holder, purpose): (&Holder, Purpose),
) -> Result<Option<(Option<PersonId>, T)>, Failure> {
    let key = (&*holder.key(), purpose.code());
    let found = store::pending_take(tx, key, sealer.nature.now())?;
    found.map(|found| opened(sealer, key, found)).transpose()
}

fn opened<T: DeserializeOwned>(
    sealer: Sealer<'_>,
    (holder, code): (&[u8], &str),
    found: StoredPending,
) -> Result<(Option<PersonId>, T), Failure> {
    let opened = sealer.key.seal(SEAL).open(&[holder, code.as_bytes()], &found.sealed);
    let plain = opened.map_err(Failure::internal)?;
    Ok((found.person, serde_json::from_slice(&plain).map_err(Failure::internal)?))
}

/// Whether the row of a purpose was still there to be taken away.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    (holder, purpose): (&Holder, Purpose),
) -> Result<bool, DbError> {
    let taken = store::pending_take(tx, (&holder.key(), purpose.code()), sealer.nature.now())?;
    Ok(taken.is_some())
}
