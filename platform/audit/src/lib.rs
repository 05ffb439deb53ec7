//! The log: who changed what, when, before and after. Append-only and chained by hashes, one chain an organisation.
//!
//! An entry is written in the same transaction as the change it tells of: neither exists without the other. Each entry's
//! hash covers the hash before it, so that changing, removing or reordering any entry breaks the chain from there on;
//! [`verify`] and [`verify_all`] name the first broken one.
//!
//! The states before and after are sealed: they repeat what the sealed columns hold, and much else that an attacker would
//! like to know. The hash covers them as they lie in the database, so that the chain is proved without the key, and so
//! that nobody finds a short text by trying which one fits the hash.

mod chain;
mod store;

pub use chain::{Broken, Verdict, verify, verify_all};
pub use store::{Entry, Page, STATEMENTS, entries, follow, organisations, states};

use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Tx};
use serde::Serialize;

/// One change, as an action tells it.
pub struct Change<'a, B: Serialize, A: Serialize> {
    /// The action's name, noun before verb: `answer_set`, `member_invite`.
    pub action: &'static str,
    /// What kind of thing changed, such as `answer`.
    pub object_kind: &'static str,
    /// Which one.
    pub object_id: &'a str,
    /// The state before; `()` where there was none.
    pub before: B,
    /// The state after; `()` where nothing is left.
    pub after: A,
}

/// Writes a change to the log of the scope's organisation.
///
/// # Errors
/// Database errors, and [`DbError::Other`] when the state cannot be written as JSON.
pub fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    change: &Change<'_, B, A>,
) -> Result<(), DbError> {
    let json = |error: serde_json::Error| DbError::Other(format!("the log cannot be written: {error}"));
    let before = serde_json::to_string(&change.before).map_err(json)?;
    let after = serde_json::to_string(&change.after).map_err(json)?;
    // Taking the next number locks the chain's end until the transaction ends, so entries cannot fork.
    let (seq, previous) = store::next(tx, scope)?;
    let (before, after) = store::close_states(tx, scope, seq, (&before, &after))?;
    let mut entry = Entry {
        seq,
        at: now,
        // Behind a link is nobody who is known.
        person: scope.link().is_none().then(|| scope.person()),
        person_name: scope.person_name().to_owned(),
        action: change.action.to_owned(),
        object_kind: change.object_kind.to_owned(),
        object_id: change.object_id.to_owned(),
        before,
        after,
        place: scope.shared().map(|(place, _)| place),
        place_name: scope.shared().map(|(_, name)| name.to_owned()).unwrap_or_default(),
        link: scope.link().map(|link| link.id),
        link_name: scope.link().map(|link| link.name.clone()).unwrap_or_default(),
        hash: Vec::new(),
    };
    entry.hash = chain::hash(&previous, scope.organisation(), &entry);
    store::append(tx, scope, &entry)
}
