//! Invitations, and joining with an account that one has already.

use super::throttle::{self, Subject};
use crate::model::{Invitation, InvitationId, Offer, Token};
use crate::rules::INVITATION_LIFE;
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission, PersonId, Role, Scope, Session, Sessions};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::{Failure, Refused};
use serde_json::json;
use std::net::IpAddr;

/// Who is invited, as what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Names the form that asks: sent twice, it invites once.
    pub id: InvitationId,
    /// For whom.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The job; may be empty.
    pub title: String,
}

/// An invitation with the secret of its link, which is shown now and never again.
#[derive(Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The end of the link.
    pub token: Token,
}

/// Why nobody was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    /// This very form was sent before.
    SentBefore,
    /// No role of an institution.
    WrongRole,
}

/// Invites a person: makes a link that works once and for [`INVITATION_LIFE`].
pub fn member_invite(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &NewInvitation,
) -> Result<Invited, Refused<InviteRefusal>> {
    scope.require(Permission::MembersManage)?;
    if !Role::INSTITUTION.contains(&new.role) {
        return Err(Refused::Because(InviteRefusal::WrongRole));
    }
    let now = nature.now();
    let token = Token::new(nature.bytes());
    let invitation = Invitation {
        id: new.id,
        name: new.name.clone(),
        role: new.role,
        title: new.title.clone(),
        inviter: scope.person_name().to_owned(),
        created_at: now,
        expires_at: now + INVITATION_LIFE,
    };
    match store::invitation_insert(tx, scope, &invitation, &token.hash()) {
        Ok(()) => {}
        Err(DbError::Duplicate(_)) => return Err(Refused::Because(InviteRefusal::SentBefore)),
        Err(error) => return Err(error.into()),
    }
    log(tx, scope, now, "member_invite", invitation.id, (None, Some(&invitation)))?;
    Ok(Invited { invitation, token })
}

/// The invitations that nobody has used or withdrawn, newest first; also those that have expired.
pub fn invitations(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Invitation>, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(store::invitations(tx, scope)?)
}

/// Withdraws an invitation: its link is dead.
pub fn invitation_revoke(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: InvitationId,
) -> Result<(), Failure> {
    scope.require(Permission::MembersManage)?;
    let before = store::invitation_get(tx, scope, id)?.ok_or(Failure::NotFound)?;
    if !store::invitation_revoke(tx, scope, id, nature.now())? {
        return Err(Failure::Stale);
    }
    Ok(log(tx, scope, nature.now(), "invitation_revoke", id, (Some(&before), None))?)
}

/// Makes a new link for an invitation, as when the slip was lost; the old link is dead.
pub fn invitation_renew(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: InvitationId,
) -> Result<Invited, Failure> {
    scope.require(Permission::MembersManage)?;
    let now = nature.now();
    let before = store::invitation_get(tx, scope, id)?.ok_or(Failure::NotFound)?;
    let token = Token::new(nature.bytes());
    let invitation = Invitation {
        inviter: scope.person_name().to_owned(),
        created_at: now,
        expires_at: now + INVITATION_LIFE,
        ..before.clone()
    };
    if !store::invitation_renew(tx, scope, id, &token.hash(), now, invitation.expires_at)? {
        return Err(Failure::Stale);
    }
    log(tx, scope, now, "invitation_renew", id, (Some(&before), Some(&invitation)))?;
    Ok(Invited { invitation, token })
}

fn log(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    action: &'static str,
    id: InvitationId,
    (before, after): (Option<&Invitation>, Option<&Invitation>),
) -> Result<(), DbError> {
    let state = |invitation: &Invitation| {
        json!({ "name": invitation.name, "role": invitation.role, "title": invitation.title,
            "expires_at": invitation.expires_at })
    };
    let change = Change {
        action,
        object_kind: "invitation",
        object_id: &id.to_string(),
        before: before.map(state),
        after: after.map(state),
    };
    komainu_audit::record(tx, scope, now, &change)
}

/// What a link offers; none where it was used, withdrawn, has expired or never was one. Looking changes nothing.
pub fn invitation_look(tx: &mut Tx<'_>, token: &Token, now: DateTime<Utc>) -> Result<Option<Offer>, DbError> {
    store::offer(tx, &token.hash(), now)
}

/// Why nobody joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinRefusal {
    /// The link was used, withdrawn, has expired or never was one.
    Gone,
    /// The person is a member there already; the invitation stays open for whom it was meant.
    AlreadyMember(OrganisationId),
    /// Too many attempts; so long to wait.
    Wait(chrono::Duration),
}

/// Joins with the account that is signed in, and moves the session to the organisation.
pub fn invitation_join(
    tx: &mut Tx<'_>,
    nature: &Nature,
    session: &Session,
    address: IpAddr,
    token: &Token,
) -> Result<OrganisationId, Refused<JoinRefusal>> {
    let now = nature.now();
    let at = Subject::address(address);
    throttle::attempt(tx, now, &[&at])?.map_err(|wait| Refused::Because(JoinRefusal::Wait(wait)))?;
    let offer = store::offer(tx, &token.hash(), now)?.ok_or(Refused::Because(JoinRefusal::Gone))?;
    take(tx, nature, (session.person, &session.person_name), &offer, token)?;
    throttle::success(tx, &[&Subject::invitation(offer.id)], Some(&at))?;
    Sessions::switch(tx, session, offer.organisation)?;
    Ok(offer.organisation)
}

/// Takes an offer up for a person, once.
pub(super) fn take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (person, name): (PersonId, &str),
    offer: &Offer,
    token: &Token,
) -> Result<(), Refused<JoinRefusal>> {
    let now = nature.now();
    let scope = Scope::new(person, name, offer.organisation, offer.role);
    if store::member(tx, &scope, person)?.is_some() {
        return Err(Refused::Because(JoinRefusal::AlreadyMember(offer.organisation)));
    }
    if !store::offer_take(tx, &token.hash(), person, now)? {
        return Err(Refused::Because(JoinRefusal::Gone));
    }
    store::member_join(tx, offer.organisation, person, offer.role, &offer.title, now)?;
    let change = Change {
        action: "invitation_accept",
        object_kind: "member",
        object_id: &person.to_string(),
        before: (),
        after: json!({ "name": name, "role": offer.role, "title": offer.title, "invitation": offer.id }),
    };
    Ok(komainu_audit::record(tx, &scope, now, &change)?)
}
