//! Failed attempts, counted in the database so that several nodes count together.
//!
//! An attempt is counted before its outcome is known and taken back when it succeeds: a hundred at once cannot slip
//! through between a look and a note. Addresses of accounts are counted by their hash, whether there is such an account
//! or not, so that neither the table nor a wait tells which exist.

use crate::model::{Email, InvitationId};
use crate::rules::Limit;
use crate::store;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use komainu_access::{OrganisationId, PersonId, PlaceId};
use komainu_db::{DbError, Tx};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// After this time without attempts nothing of them matters any more.
const FORGOTTEN: Duration = Duration::days(8);

/// What an attempt counts for.
#[derive(Clone, Debug)]
pub struct Subject(String, Limit);

impl Subject {
    pub(crate) fn account(email: &Email) -> Subject {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("throttle {}", email.folded())));
        Subject(format!("account:{hash}"), Limit::Account)
    }

    /// The address of someone who asks to be let back in.
    pub(crate) fn rescue(email: &Email) -> Subject {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("rescue {}", email.folded())));
        Subject(format!("rescue:{hash}"), Limit::Account)
    }

    /// A network address; of IPv6 the half that a provider gives to one house.
    pub fn address(address: IpAddr) -> Subject {
        let text = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        Subject(format!("address:{text}"), Limit::Address)
    }

    /// A person's second factors, which only who knows the password can try.
    pub(crate) fn factor(person: PersonId) -> Subject {
        Subject(format!("factor:{person}"), Limit::Account)
    }

    /// A person's PIN in an organisation, at whichever of its shared places.
    pub fn pin(organisation: OrganisationId, person: PersonId) -> Subject {
        Subject(format!("pin:{organisation}:{person}"), Limit::Account)
    }

    /// A shared place, whoever's PIN is tried there.
    pub fn shared_place(place: PlaceId) -> Subject {
        Subject(format!("place:{place}"), Limit::Address)
    }

    /// New addresses that a person tries to take: each refusal tells that somebody has it.
    pub(crate) fn address_change(person: PersonId) -> Subject {
        Subject(format!("address-change:{person}"), Limit::Account)
    }

    pub(crate) fn invitation(id: InvitationId) -> Subject {
        Subject(format!("invitation:{id}"), Limit::Invitation)
    }

    /// The row's key.
    pub(crate) fn key(&self) -> &str {
        &self.0
    }

    pub(crate) fn setup() -> Subject {
        Subject("setup".to_owned(), Limit::Account)
    }
}

/// Counts an attempt for each subject, or answers how long to wait; then nothing is counted, whatever comes of the
/// transaction.
pub fn attempt(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    subjects: &[&Subject],
) -> Result<Result<(), Duration>, DbError> {
    let mut longest = Duration::zero();
    let mut counted = Vec::new();
    // Everyone locks in this order: account, factor or PIN, address or place, invitation.
    for subject in subjects {
        let tally = store::tally(tx, &subject.0, now)?;
        longest = longest.max(tally.wait(subject.1, now));
        counted.push((*subject, tally.counted(subject.1, now)));
    }
    if longest > Duration::zero() {
        return Ok(Err(longest));
    }
    for (subject, tally) in counted {
        store::tally_set(tx, &subject.0, tally)?;
    }
    Ok(Ok(()))
}

/// After a success: what was tried starts afresh, the address gets its one attempt back.
pub fn success(tx: &mut Tx<'_>, cleared: &[&Subject], refunded: Option<&Subject>) -> Result<(), DbError> {
    // In the order in which attempts lock them.
    for subject in cleared {
        store::tally_clear(tx, &subject.0)?;
    }
    if let Some(refunded) = refunded {
        store::tally_refund(tx, &refunded.0)?;
    }
    Ok(())
}

/// Forgets subjects of long ago; in a transaction of its own, as it may touch any row.
pub(crate) fn sweep(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), DbError> {
    store::tally_sweep(tx, now - FORGOTTEN)
}
