//! What can be done with people: each function one use case, called by pages, the command line and later the API.
//!
//! An action that needs no password runs in the caller's transaction. Where a password is hashed or compared, the work
//! takes some tens of milliseconds and no transaction may wait for it: those actions take a [`Gate`], look, work
//! outside any transaction, and then change in one transaction that checks again what may have changed meanwhile.

mod account;
mod console;
mod first_run;
mod invitations;
mod members;
mod newcomer;
mod reminders;
mod sign_in;
pub mod throttle;
mod tokens;

pub use account::{EmailRefusal, Profile, account, account_change, email_change, lang_keep, password_change};
pub use console::{
    ConsoleRefusal, factors_reset, password_reset, user_add, user_disable, user_enable, users,
};
pub use first_run::{FirstRunRefusal, Founder, first_run};
pub use invitations::{
    InviteRefusal, Invited, JoinRefusal, NewInvitation, invitation_join, invitation_look, invitation_renew,
    invitation_revoke, invitations, member_invite,
};
pub use members::{
    EmailTaken, MemberChange, MemberRefusal, member_change, member_end, member_get, members, membership_make,
    person_make,
};
pub use newcomer::{Newcomer, NewcomerRefusal, invitation_accept};
pub use reminders::{reminders_want, reminders_wanted};
pub use sign_in::{Attempt, Entered, Opened, SignInRefusal, demo_cards, demo_sign_in, sign_in, sign_out};
pub use tokens::{
    Made, NewToken, TokenLife, own_choice, service_choice, service_make, service_revoke, services,
    token_make, token_revoke, tokens,
};

pub(crate) use sign_in::entered;

use crate::factors::actions::Sealer;
use crate::passwords::Hasher;
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{Db, DbError, Tx};
use komainu_seal::Key;
use serde::Serialize;

/// What an action needs that works on passwords between its transactions.
#[derive(Clone, Copy)]
pub struct Gate<'a> {
    /// The database; never inside a transaction when a password is worked on.
    pub db: &'a Db,
    /// Time and chance.
    pub nature: &'a Nature,
    /// Hashes and compares.
    pub hasher: &'a Hasher,
    /// The installation's key.
    pub key: &'a Key,
}

impl<'a> Gate<'a> {
    /// What seals, without what hashes.
    pub fn sealer(&self) -> Sealer<'a> {
        Sealer { nature: self.nature, key: self.key }
    }
}

/// Writes a change of a person into the log of every organisation they belong to.
pub(crate) fn record_everywhere<B: Serialize + Copy, A: Serialize + Copy>(
    tx: &mut Tx<'_>,
    (actor, actor_name): (PersonId, &str),
    now: DateTime<Utc>,
    person: PersonId,
    action: &'static str,
    (before, after): (B, A),
) -> Result<(), DbError> {
    for (organisation, role) in crate::store::places_of(tx, person)? {
        let scope = Scope::new(actor, actor_name, organisation, role);
        let object_id = &person.to_string();
        komainu_audit::record(
            tx,
            &scope,
            now,
            &Change { action, object_kind: "person", object_id, before, after },
        )?;
    }
    Ok(())
}
