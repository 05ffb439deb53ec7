//! Accepting an invitation without being signed in.
//!
//! *Whether an account exists.* Whoever holds an invitation may enter any address. If it is new, an account is made; if it
//! has an account, its password must be entered, and a wrong one is refused with words that fit every cause. That the
//! two outcomes differ cannot be hidden without sending mail, so it is made worthless instead: every invitation allows
//! five misses and is then withdrawn, which its organisation's log tells, and each miss counts at the account and the
//! address as at sign-in. The work is the same in every case: one comparison, one hash.

use super::throttle::{self, Subject};
use super::{Gate, JoinRefusal, invitations, person_make, sign_in};
use crate::factors::model::Means;
use crate::factors::store::kinds_of;
use crate::model::{Email, NewPerson, Offer, Password, Token};
use crate::store::{self, Credentials};
use chrono::Duration;
use komainu_access::{PersonId, Scope, SessionToken, Sessions};
use komainu_audit::Change;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::Refused;
use serde_json::json;
use std::net::IpAddr;

/// Someone who accepts an invitation.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The name as others see it.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The address to sign in with.
    pub email: Email,
    /// A password that will do, or that of the account that has the address already.
    pub password: Password,
    /// The language of the page.
    pub lang: Lang,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
}

/// Why nobody joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewcomerRefusal {
    /// The link was used, withdrawn, has expired or never was one.
    Gone,
    /// The address and the password do not go together here; why is not said.
    Mismatch,
    /// The account has a second factor: one signs in first and joins then.
    SecondStep,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// What the first look found.
enum Look {
    Go(Box<Offer>, Option<Credentials>),
    Closed,
}

/// Takes an invitation up with a new account, or with the one that the address and the password open; signs in.
pub fn invitation_accept(
    gate: &Gate<'_>,
    token: &Token,
    newcomer: &Newcomer,
) -> Result<SessionToken, Refused<NewcomerRefusal>> {
    let gone = || Refused::Because(NewcomerRefusal::Gone);
    let Look::Go(offer, known) = gate.db.write(|tx| look(tx, gate, token, newcomer))? else {
        return Err(gone());
    };
    let open = known.as_ref().filter(|known| !known.disabled);
    let matches = gate.hasher.matches(open.map(|known| &known.hash), &newcomer.password);
    let hash = gate.hasher.hash(gate.nature, &newcomer.password)?;
    let new = NewPerson {
        name: newcomer.name.clone(),
        name_kana: newcomer.name_kana.clone(),
        email: newcomer.email.clone(),
        password: hash,
        administrator: false,
        lang: newcomer.lang,
    };
    let session = SessionToken::new(gate.nature.bytes());
    gate.db.write(|tx| {
        let (person, name, means) = match (known, matches) {
            (None, _) => make(tx, gate, &new)?,
            (Some(known), true) => confirmed(tx, &known)?,
            (Some(_), false) => return Err(Refused::Because(NewcomerRefusal::Mismatch)),
        };
        let joined = invitations::take(tx, gate.nature, (person, &name), &offer, token);
        match joined {
            // Who is a member there already is simply signed in.
            Ok(()) | Err(Refused::Because(JoinRefusal::AlreadyMember(_))) => {}
            Err(Refused::Because(_)) => return Err(gone()),
            Err(Refused::Failed(failure)) => return Err(Refused::Failed(failure)),
        }
        let at = Subject::address(newcomer.address);
        throttle::success(tx, &[&Subject::account(&newcomer.email)], Some(&at))?;
        store::tally_clear(tx, Subject::invitation(offer.id).key())?;
        sign_in::begin(tx, gate.nature, (person, means), &session, (&newcomer.user_agent, None))?;
        if let Some(begun) = Sessions::find(tx, &session, gate.nature.now())? {
            Sessions::switch(tx, &begun, offer.organisation)?;
        }
        Ok(())
    })?;
    tracing::info!("an invitation was accepted");
    Ok(session)
}

/// Counts the attempt and finds what the link offers and what the address opens. An invitation with too many misses is
/// withdrawn here.
fn look(
    tx: &mut Tx<'_>,
    gate: &Gate<'_>,
    token: &Token,
    newcomer: &Newcomer,
) -> Result<Look, Refused<NewcomerRefusal>> {
    let now = gate.nature.now();
    let wait = |wait| Refused::Because(NewcomerRefusal::Wait(wait));
    let (account, at) = (Subject::account(&newcomer.email), Subject::address(newcomer.address));
    let Some(offer) = store::offer(tx, &token.hash(), now)? else {
        throttle::attempt(tx, now, &[&at])?.map_err(wait)?;
        return Ok(Look::Closed);
    };
    throttle::attempt(tx, now, &[&account, &at])?.map_err(wait)?;
    if throttle::attempt(tx, now, &[&Subject::invitation(offer.id)])?.is_err() {
        withdraw(tx, gate, &offer)?;
        return Ok(Look::Closed);
    }
    let known = store::credentials_by_email(tx, newcomer.email.folded())?;
    Ok(Look::Go(Box::new(offer), known))
}

fn make(
    tx: &mut Tx<'_>,
    gate: &Gate<'_>,
    new: &NewPerson,
) -> Result<(PersonId, String, Means), Refused<NewcomerRefusal>> {
    match person_make(tx, gate.nature, new) {
        Ok(person) => Ok((person, new.name.clone(), Means::Joined)),
        Err(Refused::Because(_)) => Err(Refused::Because(NewcomerRefusal::Mismatch)),
        Err(Refused::Failed(failure)) => Err(Refused::Failed(failure)),
    }
}

/// The account whose password was compared, if that is still its password and opens the account alone.
fn confirmed(
    tx: &mut Tx<'_>,
    known: &Credentials,
) -> Result<(PersonId, String, Means), Refused<NewcomerRefusal>> {
    let mismatch = || Refused::Because(NewcomerRefusal::Mismatch);
    if !store::password_swap(tx, known.person, &known.hash, &known.hash)? {
        return Err(mismatch());
    }
    if kinds_of(tx, known.person)?.any() {
        return Err(Refused::Because(NewcomerRefusal::SecondStep));
    }
    let person = store::person_get(tx, known.person)?.ok_or_else(mismatch)?;
    Ok((person.id, person.name, Means::Password))
}

/// Withdraws an invitation that someone tries addresses with.
fn withdraw(tx: &mut Tx<'_>, gate: &Gate<'_>, offer: &Offer) -> Result<(), Refused<NewcomerRefusal>> {
    let now = gate.nature.now();
    // Nobody is known to hold the link, so the log names the link itself.
    let scope = Scope::new(PersonId(uuid::Uuid::nil()), "invitation", offer.organisation, offer.role);
    store::invitation_revoke(tx, &scope, offer.id, now)?;
    let change = Change {
        action: "invitation_close",
        object_kind: "invitation",
        object_id: &offer.id.to_string(),
        before: json!({ "name": offer.name, "role": offer.role, "title": offer.title }),
        after: json!({ "too_many_misses": true }),
    };
    Ok(komainu_audit::record(tx, &scope, now, &change)?)
}
