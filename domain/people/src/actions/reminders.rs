//! Whether a person wants mails that remind them.

use crate::store;
use komainu_access::{PersonId, Session};
use komainu_db::{DbError, Tx};

/// Whether mails may remind this person; they may until the person says otherwise.
pub fn reminders_wanted(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    store::reminders(tx, person)
}

/// Keeps whether mails may remind the session's person.
pub fn reminders_want(tx: &mut Tx<'_>, session: &Session, wanted: bool) -> Result<(), DbError> {
    store::reminders_set(tx, session.person, wanted)
}
