//! The authenticator app.

use super::pending::{self, Holder, Purpose};
use super::{Sealer, added, removed, require_proof};
use crate::factors::model::{RecoveryCode, TotpSecret};
use crate::factors::{rules, store};
use komainu_access::{PersonId, Session};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use zeroize::Zeroizing;

const SEAL: &str = "totp.secret";

/// An app to be set up.
#[derive(Clone, Debug)]
pub struct TotpOffer {
    /// To be typed.
    pub secret: TotpSecret,
    /// To be read from the QR code.
    pub url: String,
}

/// Why the app is not set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpRefusal {
    /// Another code belongs to this secret at this time.
    Wrong,
    /// The secret was offered too long ago.
    Over,
}

/// The secret that this browser's person may set up. It stays the same while the page is looked at again.
pub fn totp_offer(tx: &mut Tx<'_>, sealer: Sealer<'_>, session: &Session) -> Result<TotpOffer, Failure> {
    require_proof(session, sealer.nature.now())?;
    let place = (&Holder::Session(session.id), Purpose::TotpAdd);
    let offered = pending::look::<Vec<u8>>(tx, sealer, place)?.map(|(_, bytes)| bytes);
    let bytes = offered.clone().unwrap_or_else(|| sealer.nature.bytes::<20>().to_vec());
    if offered.is_none() {
        pending::put(tx, sealer, place, Some(session.person), &bytes)?;
    }
    let secret = TotpSecret::from_bytes(Zeroizing::new(bytes));
    let email = crate::actions::account(tx, session.person)?.email;
    let url = rules::totp_url(secret.bytes(), &email);
    Ok(TotpOffer { secret, url: url.ok_or_else(|| Failure::internal("no address for an app"))? })
}

/// Sets the offered app up, once a code of it proves that it works; an app from before is replaced. Answers the recovery
/// codes that come with a first factor.
pub fn totp_add(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    session: &Session,
    typed: &str,
) -> Result<Vec<RecoveryCode>, Refused<TotpRefusal>> {
    let now = sealer.nature.now();
    require_proof(session, now)?;
    let place = (&Holder::Session(session.id), Purpose::TotpAdd);
    let offered = pending::look::<Vec<u8>>(tx, sealer, place)?;
    let (_, bytes) = offered.ok_or(Refused::Because(TotpRefusal::Over))?;
    let secret = Zeroizing::new(bytes);
    let digits = komainu_calendar::digits(typed);
    let step = rules::totp_step(&secret, &digits, now, 0).ok_or(Refused::Because(TotpRefusal::Wrong))?;
    let before = store::kinds_of(tx, session.person)?;
    store::totp_put(tx, session.person, &sealed(sealer, session.person, &secret), step, now)?;
    Ok(added(tx, sealer.nature, session, ("totp_add", before))?)
}

/// Takes the app away.
pub fn totp_remove(tx: &mut Tx<'_>, nature: &Nature, session: &Session) -> Result<(), Failure> {
    require_proof(session, nature.now())?;
    if !store::totp_delete(tx, session.person)? {
        return Err(Failure::NotFound);
    }
    Ok(removed(tx, nature, session, "totp_remove")?)
}

pub(super) fn sealed(sealer: Sealer<'_>, person: PersonId, secret: &[u8]) -> Vec<u8> {
    sealer.key.seal(SEAL).close(sealer.nature, &[person.0.as_bytes()], secret)
}

/// The secret inside, and how it is to be kept from now on: as it is, or sealed anew with the newest generation.
pub(super) fn opened(
    sealer: Sealer<'_>,
    person: PersonId,
    stored: &[u8],
) -> Result<(TotpSecret, Vec<u8>), Failure> {
    let seal = sealer.key.seal(SEAL);
    let plain = seal.open(&[person.0.as_bytes()], stored).map_err(Failure::internal)?;
    let kept = if seal.is_current(stored) { stored.to_vec() } else { sealed(sealer, person, &plain) };
    Ok((TotpSecret::from_bytes(plain), kept))
}
