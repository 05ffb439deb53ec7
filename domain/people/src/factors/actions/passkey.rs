//! Passkeys: registered, removed, and asked for. The library (webauthn-rs) checks origin, signature, user verification
//! and counter; whose passkey it is, is checked here.

use super::check::{self, KnownPasskeys};
use super::pending::{self, Holder, Purpose};
use super::{Sealer, added, removed, require_proof};
use crate::actions::{Entered, Gate, entered, throttle};
use crate::factors::model::{Answer, Means, PasskeyId, RecoveryCode};
use crate::factors::rules::Ground;
use crate::factors::store;
use crate::model::Token;
use chrono::Duration;
use komainu_access::{PersonId, Session};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::{Failure, Refused};
use serde_json::Value;
use std::net::IpAddr;
use throttle::Subject;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// This installation as passkeys know it.
pub type Relying = Webauthn;

/// The installation as passkeys know it; none where they cannot work for this request.
pub fn relying(ground: &Ground) -> Result<Option<Relying>, Failure> {
    let Ground::Here { name, origin } = ground else { return Ok(None) };
    let built = WebauthnBuilder::new(name, origin).and_then(|builder| builder.rp_name("Komainu").build());
    built.map(Some).map_err(Failure::internal)
}

/// A passkey that a browser has made.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// What the person calls it.
    pub name: String,
    /// What the browser answered, JSON.
    pub response: String,
}

/// Why a passkey is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// The browser was asked too long ago, or has answered already.
    Over,
    /// It is not what was asked for: another address, no check of the person, a broken signature.
    Unfit,
    /// It is registered already.
    Known,
}

/// What the browser is asked when a passkey is to be made.
pub fn passkey_offer(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    relying: &Relying,
    session: &Session,
) -> Result<Value, Failure> {
    require_proof(session, sealer.nature.now())?;
    let person = crate::actions::account(tx, session.person)?;
    let known = check::known(tx, person.id)?.all();
    let exclude = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
    let (asked, state) = relying
        .start_passkey_registration(person.id.0, &person.email, &person.name, Some(exclude))
        .map_err(Failure::internal)?;
    let place = (&Holder::Session(session.id), Purpose::PasskeyAdd);
    pending::put(tx, sealer, place, Some(person.id), &state)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(Failure::internal)?;
    // The library leaves it to the device whether a passkey can be found without an address; ours must be.
    options["authenticatorSelection"]["residentKey"] = "required".into();
    options["authenticatorSelection"]["requireResidentKey"] = true.into();
    Ok(options)
}

/// Registers a passkey. Answers the recovery codes that come with a first factor.
pub fn passkey_add(
    gate: &Gate<'_>,
    relying: &Relying,
    session: &Session,
    new: &NewPasskey,
) -> Result<Vec<RecoveryCode>, Refused<PasskeyRefusal>> {
    let (sealer, now) = (gate.sealer(), gate.nature.now());
    require_proof(session, now)?;
    let place = (&Holder::Session(session.id), Purpose::PasskeyAdd);
    let asked = gate.db.write(|tx| pending::take::<PasskeyRegistration>(tx, sealer, place))?;
    let (_, state) = asked.ok_or(Refused::Because(PasskeyRefusal::Over))?;
    let unfit = || Refused::Because(PasskeyRefusal::Unfit);
    let response: RegisterPublicKeyCredential = serde_json::from_str(&new.response).map_err(|_| unfit())?;
    let passkey = relying.finish_passkey_registration(&response, &state).map_err(|refused| {
        check::refusal::<()>(&refused);
        unfit()
    })?;
    let credential = serde_json::to_string(&passkey).map_err(Failure::internal)?;
    gate.db.write(|tx| {
        let before = store::kinds_of(tx, session.person)?;
        let id = PasskeyId(gate.nature.id());
        let kept = (passkey.cred_id().as_slice(), credential.as_str());
        match store::passkey_insert(tx, session.person, id, kept, &new.name, now) {
            Ok(()) => {}
            Err(DbError::Duplicate(_)) => return Err(Refused::Because(PasskeyRefusal::Known)),
            Err(error) => return Err(error.into()),
        }
        Ok(added(tx, gate.nature, session, ("passkey_add", before))?)
    })
}

/// Takes one of the person's own passkeys away.
pub fn passkey_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    session: &Session,
    id: PasskeyId,
) -> Result<(), Failure> {
    require_proof(session, nature.now())?;
    if !store::passkey_delete(tx, session.person, id)? {
        return Err(Failure::NotFound);
    }
    Ok(removed(tx, nature, session, "passkey_remove")?)
}

/// What the browser of somebody who is known is asked; none where they have no passkey.
pub fn passkey_challenge(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    relying: &Relying,
    holder: &Holder,
    person: PersonId,
) -> Result<Option<Value>, Failure> {
    let known = check::known(tx, person)?.all();
    if known.is_empty() {
        return Ok(None);
    }
    let (asked, state) = relying.start_passkey_authentication(&known).map_err(Failure::internal)?;
    pending::put(tx, sealer, (holder, Purpose::Passkey), Some(person), &state)?;
    serde_json::to_value(asked.public_key).map(Some).map_err(Failure::internal)
}

/// Whether a browser's answer to [`passkey_challenge`] proves that it is this person. The answer is used up in the
/// transaction of `then`, which does what it opens.
pub fn passkey_proves<T>(
    gate: &Gate<'_>,
    relying: &Relying,
    (holder, person): (&Holder, PersonId),
    response: &str,
    then: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let sealer = gate.sealer();
    let answer = Answer::Passkey(response.to_owned());
    let looked = gate.db.write(|tx| check::look(tx, sealer, holder, person, &answer))?;
    let Some(right) = check::judge(sealer, Some(relying), person, looked)? else { return Ok(None) };
    gate.db.write(|tx| {
        if !check::spend(tx, sealer, person, &right)? {
            return Ok(None);
        }
        then(tx).map(Some)
    })
}

/// What any browser is asked whose person wants to come in without an address.
pub fn passkey_greet(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    relying: &Relying,
    browser: &Token,
) -> Result<Value, Failure> {
    let (asked, state) = relying.start_discoverable_authentication().map_err(Failure::internal)?;
    let place = (&Holder::Browser(browser.clone()), Purpose::PasskeySignIn);
    pending::put(tx, sealer, place, None, &state)?;
    serde_json::to_value(asked.public_key).map_err(Failure::internal)
}

/// Somebody at the door with a passkey alone.
#[derive(Clone, Debug)]
pub struct PasskeySignIn {
    /// The browser that was asked.
    pub browser: Token,
    /// What it answered, JSON.
    pub response: String,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now; it ends.
    pub previous: Option<Session>,
}

/// Begins a session for whoever's passkey it is. Why not, is not told apart, but for a wait.
pub fn passkey_sign_in(
    gate: &Gate<'_>,
    relying: &Relying,
    attempt: &PasskeySignIn,
) -> Result<Entered, Refused<Option<Duration>>> {
    let wrong = || Refused::Because(None);
    let (sealer, now) = (gate.sealer(), gate.nature.now());
    let at = Subject::address(attempt.address);
    let response: Option<PublicKeyCredential> = serde_json::from_str(&attempt.response).ok();
    let place = (&Holder::Browser(attempt.browser.clone()), Purpose::PasskeySignIn);
    let whose = response.as_ref().and_then(|response| {
        let (person, credential) = relying.identify_discoverable_authentication(response).ok()?;
        Some((PersonId(person), credential))
    });
    let found = gate.db.write(|tx| {
        throttle::attempt(tx, now, &[&at])?.map_err(|wait| Refused::Because(Some(wait)))?;
        let asked = pending::take::<DiscoverableAuthentication>(tx, sealer, place)?;
        let known = whose.map(|(person, _)| check::known(tx, person)).transpose()?;
        Ok::<_, Refused<Option<Duration>>>(asked.zip(known))
    })?;
    let (Some(((_, state), known)), Some((person, credential)), Some(response)) = (found, whose, &response)
    else {
        return Err(wrong());
    };
    let right = passkey_judge(relying, response, state, &known, credential)?.ok_or_else(wrong)?;
    gate.db.write(|tx| {
        let found = crate::store::person_get(tx, person)?.filter(|found| found.disabled_at.is_none());
        let found = found.ok_or_else(wrong)?;
        if !check::spend(tx, sealer, person, &right)? {
            return Err(wrong());
        }
        throttle::success(tx, &[], Some(&at))?;
        let browser = (attempt.user_agent.as_str(), attempt.previous.as_ref());
        Ok(entered(tx, gate.nature, &found, Means::Passkey, browser)?)
    })
}

fn passkey_judge(
    relying: &Relying,
    response: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    known: &KnownPasskeys,
    credential: &[u8],
) -> Result<Option<check::Right>, Failure> {
    let Some(passkey) = known.by_credential(credential) else { return Ok(None) };
    match relying.finish_discoverable_authentication_v2(response, state, passkey) {
        Ok(result) => known.right(&result),
        Err(refused) => Ok(check::refusal(&refused)),
    }
}
