//! Members of an organisation.

use crate::model::{Membership, NewPerson};
use crate::rules::{self, Loss};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission, PersonId, Role, Scope, Tokens};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_i18n::{Lang, collate};
use komainu_web::{Failure, Refused};
use serde_json::json;

/// The address belongs to an account already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmailTaken;

/// What a member becomes.
#[derive(Clone, Debug)]
pub struct MemberChange {
    /// The role.
    pub role: Role,
    /// The job as this house calls it; may be empty.
    pub title: String,
    /// The version that the asker saw.
    pub version: i64,
    /// The asker said that they mean it, where it is their own right that they give away.
    pub meant: bool,
}

/// Why a member was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberRefusal {
    /// The rules of [`rules::may_lose`].
    Loss(Loss),
    /// Someone else changed it first; this is how it is now.
    Stale(Box<Membership>),
    /// No role of an institution.
    WrongRole,
}

/// The members of the scope's organisation, sorted by reading.
pub fn members(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Membership>, Failure> {
    scope.require(Permission::OrganisationSee)?;
    let mut members = store::members(tx, scope)?;
    members.sort_by(|a, b| collate(Lang::Ja, reading(a), reading(b)).then(a.person.cmp(&b.person)));
    Ok(members)
}

fn reading(member: &Membership) -> &str {
    if member.name_kana.is_empty() { &member.name } else { &member.name_kana }
}

/// One member of the scope's organisation.
pub fn member_get(tx: &mut Tx<'_>, scope: &Scope, person: PersonId) -> Result<Membership, Failure> {
    scope.require(Permission::OrganisationSee)?;
    store::member(tx, scope, person)?.ok_or(Failure::NotFound)
}

/// Gives a member another role or title.
pub fn member_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    person: PersonId,
    change: &MemberChange,
) -> Result<(), Refused<MemberRefusal>> {
    scope.require(Permission::MembersManage)?;
    if !Role::INSTITUTION.contains(&change.role) {
        return Err(Refused::Because(MemberRefusal::WrongRole));
    }
    let before = locked(tx, scope, person)?;
    if before.version != change.version {
        return Err(Refused::Because(MemberRefusal::Stale(Box::new(before))));
    }
    if before.role == change.role && before.title == change.title {
        return Ok(());
    }
    check_loss(tx, scope, &before, Some(change.role), change.meant)?;
    if !store::member_set(tx, scope, person, change.role, &change.title, change.version)? {
        return Err(Failure::Stale.into());
    }
    let closed = close_invitations(tx, scope, &before, Some(change.role), nature.now())?;
    let change = Change {
        action: "member_change",
        object_kind: "member",
        object_id: &person.to_string(),
        before: json!({ "name": before.name, "role": before.role, "title": before.title }),
        after: json!({ "name": before.name, "role": change.role, "title": change.title, "invitations_closed": closed }),
    };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

/// Ends a membership. The account stays: it belongs to the person.
pub fn member_end(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    person: PersonId,
    meant: bool,
) -> Result<(), Refused<MemberRefusal>> {
    scope.require(Permission::MembersManage)?;
    let before = locked(tx, scope, person)?;
    check_loss(tx, scope, &before, None, meant)?;
    store::member_end(tx, scope, person, nature.now())?;
    let closed = close_invitations(tx, scope, &before, None, nature.now())?;
    let tokens = Tokens::revoke_all(tx, scope, person, nature.now())?;
    let change = Change {
        action: "member_end",
        object_kind: "member",
        object_id: &person.to_string(),
        before: json!({ "name": before.name, "role": before.role, "title": before.title }),
        after: json!({ "invitations_closed": closed, "tokens_revoked": tokens }),
    };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

/// The member as they are once nobody else can change the organisation's members before this transaction ends.
fn locked(tx: &mut Tx<'_>, scope: &Scope, person: PersonId) -> Result<Membership, Failure> {
    store::organisation_lock(tx, scope)?;
    // While waiting, someone may have taken the asker's own right away.
    let asker = store::member(tx, scope, scope.person())?;
    if !asker.is_some_and(|asker| rules::manages(asker.role)) {
        return Err(komainu_access::Denied(Permission::MembersManage).into());
    }
    store::member(tx, scope, person)?.ok_or(Failure::NotFound)
}

fn check_loss(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Membership,
    after: Option<Role>,
    meant: bool,
) -> Result<(), Refused<MemberRefusal>> {
    let others = store::members(tx, scope)?
        .iter()
        .filter(|member| member.person != before.person && !member.disabled && rules::manages(member.role))
        .count();
    rules::may_lose(before.role, after, others, before.person == scope.person(), meant)
        .map_err(|loss| Refused::Because(MemberRefusal::Loss(loss)))
}

/// Whoever may no longer invite must not leave open doors behind. Answers how many were closed.
fn close_invitations(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Membership,
    after: Option<Role>,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    if after.is_some_and(rules::manages) {
        return Ok(0);
    }
    Ok(store::invitations_revoke_by(tx, scope, before.person, now)?.len())
}

/// Makes a person's account. For the first run, invitations, the command line, the demo and tests: whoever calls it has
/// settled that it may be made.
pub fn person_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    new: &NewPerson,
) -> Result<PersonId, Refused<EmailTaken>> {
    let id = PersonId(nature.id());
    match store::person_insert(tx, id, new, nature.now()) {
        Ok(()) => Ok(id),
        Err(DbError::Duplicate(_)) => Err(Refused::Because(EmailTaken)),
        Err(error) => Err(error.into()),
    }
}

/// Gives a person a place in an organisation, or gives it back with another role. For invitations, the demo and tests:
/// it asks for no permission and writes no log.
pub fn membership_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    organisation: OrganisationId,
    person: PersonId,
    role: Role,
    title: &str,
) -> Result<(), DbError> {
    store::member_join(tx, organisation, person, role, title, nature.now())
}
