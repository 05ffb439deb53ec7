//! What was typed at a shared place and could not be sent: held for its owner, and shown to nobody else.

use crate::model::HeldDraft;
use crate::{rules, store};
use komainu_access::{Permission, Scope, Session};
use komainu_db::Tx;
use komainu_people::factors::actions::Sealer;
use komainu_web::Failure;

const SEAL: &str = "held_draft.entries";

/// What is left at a place that locks.
#[derive(Clone, Debug)]
pub struct Deposit {
    /// The path of the form's page, `#`, and the form's name.
    pub form: String,
    /// Names and values.
    pub entries: Vec<(String, String)>,
}

/// Holds what somebody typed. The one thing that a locked session may do: it gives, and learns nothing.
pub fn draft_hold(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    session: &Session,
    deposit: &Deposit,
) -> Result<(), Failure> {
    let shared = session.shared.as_ref().ok_or(Failure::NotFound)?;
    // The membership may have ended while the place was locked.
    let organisation = session.place.as_ref().map(|(organisation, ..)| *organisation);
    if organisation != Some(shared.organisation) {
        return Err(Failure::NotFound);
    }
    let plain = serde_json::to_vec(&deposit.entries).map_err(Failure::internal)?;
    if plain.len() > rules::DRAFT_BYTES
        || deposit.form.len() > rules::FORM_BYTES
        || !deposit.form.starts_with('/')
    {
        return Err(Failure::TooLarge);
    }
    let (owner, now) = ((shared.organisation, session.person), sealer.nature.now());
    let row = [&owner.0.0.as_bytes()[..], owner.1.0.as_bytes(), deposit.form.as_bytes()];
    let sealed = sealer.key.seal(SEAL).close(sealer.nature, &row, &plain);
    store::draft_put(tx, owner, (&deposit.form, &sealed), now)?;
    Ok(store::drafts_trim(tx, owner, now - rules::DRAFT_LIFE, rules::DRAFTS)?)
}

/// What is held for the scope's person, newest first.
pub fn drafts(tx: &mut Tx<'_>, sealer: Sealer<'_>, scope: &Scope) -> Result<Vec<HeldDraft>, Failure> {
    scope.require(Permission::OrganisationSee)?;
    let stored = store::drafts(tx, scope, sealer.nature.now() - rules::DRAFT_LIFE)?;
    let (organisation, person) = (scope.organisation(), scope.person());
    stored
        .into_iter()
        .map(|draft| {
            let row = [&organisation.0.as_bytes()[..], person.0.as_bytes(), draft.form.as_bytes()];
            let plain = sealer.key.seal(SEAL).open(&row, &draft.sealed).map_err(Failure::internal)?;
            let entries = serde_json::from_slice(&plain).map_err(Failure::internal)?;
            Ok(HeldDraft { form: draft.form, entries, held_at: draft.held_at })
        })
        .collect()
}

/// Lets one go: it was sent, or its owner does not want it.
pub fn draft_drop(tx: &mut Tx<'_>, scope: &Scope, form: &str) -> Result<bool, Failure> {
    scope.require(Permission::OrganisationSee)?;
    Ok(store::draft_drop(tx, scope, form)?)
}
