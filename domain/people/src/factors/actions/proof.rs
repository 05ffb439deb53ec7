//! Proving again who one is, before anything changes about how one signs in.

use super::Relying;
use super::check;
use super::pending::{self, Holder, Purpose};
use crate::actions::{Gate, account, throttle};
use crate::factors::model::Answer;
use crate::factors::{rules, store};
use crate::model::{Email, Password};
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Session, Sessions};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use std::net::IpAddr;
use throttle::Subject;

/// Asks for a proof that is young enough; the first line of every action that changes how one signs in.
pub fn require_proof(session: &Session, now: DateTime<Utc>) -> Result<(), Failure> {
    if rules::proved(session.proved_at, now, rules::PROOF_LIFE) { Ok(()) } else { Err(Failure::Unproved) }
}

/// What somebody gives to prove who they are: password and code, or a passkey alone, or a code after the sign-in service
/// has confirmed them.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The password typed; none beside a passkey, or after the sign-in service.
    pub password: Option<Password>,
    /// The second factor; none where the person has none.
    pub answer: Option<Answer>,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// Why nothing is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofRefusal {
    /// The password or the second factor is wrong or missing; which, is not said.
    Wrong,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Notes that the session's person has just proved who they are. Attempts count together with those at sign-in.
pub fn prove(
    gate: &Gate<'_>,
    relying: Option<&Relying>,
    session: &Session,
    proof: &Proof,
) -> Result<(), Refused<ProofRefusal>> {
    let wrong = || Refused::Because(ProofRefusal::Wrong);
    let (sealer, now, person) = (gate.sealer(), gate.nature.now(), session.person);
    let (factor, at) = (Subject::factor(person), Subject::address(proof.address));
    let holder = Holder::Session(session.id);
    let by_service = (&holder, Purpose::OpenidProof);
    let (subject, credentials, kinds, looked, confirmed) = gate.db.write(|tx| {
        let email: Email = account(tx, person)?.email.parse().map_err(Failure::internal)?;
        let subject = Subject::account(&email);
        throttle::attempt(tx, now, &[&subject, &factor, &at])?
            .map_err(|wait| Refused::Because(ProofRefusal::Wait(wait)))?;
        let credentials = crate::store::credentials_of(tx, person)?.ok_or(Failure::NotFound)?;
        let looked = proof.answer.as_ref().map(|answer| check::look(tx, sealer, &holder, person, answer));
        let kinds = store::kinds_of(tx, person)?;
        let confirmed = proof.password.is_none()
            && pending::look::<()>(tx, sealer, by_service)?.is_some_and(|(whose, ())| whose == Some(person));
        Ok::<_, Refused<ProofRefusal>>((subject, credentials, kinds, looked.transpose()?, confirmed))
    })?;
    let right = looked.map(|looked| check::judge(sealer, relying, person, looked)).transpose()?.flatten();
    let enough = match (&proof.password, &right) {
        (None, Some(check::Right::Passkey { .. })) => true,
        (None, Some(_)) => confirmed,
        (Some(password), right) => {
            gate.hasher.matches(Some(&credentials.hash), password) && (right.is_some() || !kinds.any())
        }
        _ => false,
    };
    if !enough {
        return Err(wrong());
    }
    gate.db.write(|tx| {
        // The password may have changed, or another browser may have used the code, while it was compared.
        let same = crate::store::password_swap(tx, person, &credentials.hash, &credentials.hash)?;
        let spent = right.as_ref().map(|right| check::spend(tx, sealer, person, right)).transpose()?;
        let still = !confirmed || pending::end(tx, sealer, by_service)?;
        if !same || !still || spent == Some(false) {
            return Err(wrong());
        }
        throttle::success(tx, &[&subject, &factor], Some(&at))?;
        Ok(Sessions::prove(tx, session.id, now)?)
    })
}

/// In a demo nobody has a password: the visitor's word is enough. The caller makes sure that this is a demo.
pub fn prove_in_demo(tx: &mut Tx<'_>, nature: &Nature, session: &Session) -> Result<(), Failure> {
    Ok(Sessions::prove(tx, session.id, nature.now())?)
}
