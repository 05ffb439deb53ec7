//! Shared places (共用の端末): browsers that an organisation has registered for many people to work at, one after the other.
//!
//! Whatever session such a browser has, it locks itself after some minutes without use, belongs to the place's
//! organisation alone, and allows what staff may do, whoever it is. A session that was begun *by* the place, with a PIN
//! or a passkey, lives nowhere else.

use crate::{OrganisationId, secret, store};
use chrono::Duration;
use komainu_db::{DbError, Tx};

komainu_db::id! {
    /// Names a shared place in lists and in the log; it does not open anything.
    PlaceId
}

secret::secret! {
    /// The secret in the cookie of a registered browser.
    PlaceToken
}

/// A registered browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPlace {
    /// Its name in lists.
    pub id: PlaceId,
    /// The organisation that registered it.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// Where it stands.
    pub name: String,
    /// After how long without use it locks itself.
    pub lock_after: Duration,
}

impl SharedPlace {
    /// The place whose browser holds this secret, while it is registered.
    pub fn find(tx: &mut Tx<'_>, token: &PlaceToken) -> Result<Option<SharedPlace>, DbError> {
        store::shared_place_find(tx, &token.hash())
    }
}
