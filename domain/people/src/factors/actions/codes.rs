//! Recovery codes.

use super::{changed, require_proof};
use crate::factors::model::RecoveryCode;
use crate::factors::{rules, store};
use komainu_access::{PersonId, Session};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::Failure;

/// Makes a new set, to be shown now and never again; the old one is dead.
///
/// # Errors
/// [`Failure::NotFound`] for somebody without a factor that codes could stand in for.
pub fn codes_make(tx: &mut Tx<'_>, nature: &Nature, session: &Session) -> Result<Vec<RecoveryCode>, Failure> {
    require_proof(session, nature.now())?;
    if !store::kinds_of(tx, session.person)?.any() {
        return Err(Failure::NotFound);
    }
    changed(tx, nature.now(), session, "recovery_codes_make")?;
    Ok(put(tx, nature, session.person)?)
}

pub(super) fn put(tx: &mut Tx<'_>, nature: &Nature, person: PersonId) -> Result<Vec<RecoveryCode>, DbError> {
    let codes: Vec<RecoveryCode> =
        std::iter::repeat_with(|| RecoveryCode::new(nature.bytes())).take(rules::CODES).collect();
    store::codes_put(tx, person, &codes)?;
    Ok(codes)
}
