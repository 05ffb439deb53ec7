//! What can be done with organisations.

use crate::{
    Institution, NewAssociation, NewInstitution, Organisation, OrganisationKind, Particulars, Running, rules,
    store,
};
use komainu_access::{OrganisationId, Permission, Role, Scope, Session, Sessions};
use komainu_audit::{Change, record};
use komainu_catalog::UpdateDuty;
use komainu_clock::Nature;
use komainu_db::Tx;
pub use komainu_web::Conflict;
use komainu_web::{Failure, Refused};
use serde_json::json;

/// Why an organisation was not founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundRefusal {
    /// The role is none that such an organisation gives.
    Role,
    /// The organisation above is none, or may not stand above this one.
    Parent,
}

/// The institution of the scope.
///
/// # Errors
/// [`Failure::NotFound`] where the organisation is no institution.
pub fn institution_get(tx: &mut Tx<'_>, scope: &Scope) -> Result<Institution, Failure> {
    scope.require(Permission::OrganisationSee)?;
    store::institution_get(tx, scope)?.ok_or(Failure::NotFound)
}

/// Founds an institution, makes its founder a member, and moves the founder's session there.
pub fn institution_found(
    tx: &mut Tx<'_>,
    nature: &Nature,
    founder: &Session,
    new: &NewInstitution,
) -> Result<OrganisationId, Refused<FoundRefusal>> {
    administrator(founder)?;
    if !Role::INSTITUTION.contains(&new.role_of_founder) {
        return Err(Refused::Because(FoundRefusal::Role));
    }
    stands_under(tx, OrganisationKind::Institution, new.parent)?;
    let id = OrganisationId(nature.id());
    let organisation = Organisation {
        id,
        kind: OrganisationKind::Institution,
        parent: new.parent,
        name: new.particulars.name.clone(),
        name_kana: new.particulars.name_kana.clone(),
    };
    store::organisation_insert(tx, &organisation, nature.now())?;
    let institution = blank(id, &new.particulars);
    store::institution_insert(tx, &institution)?;
    settle(tx, nature, founder, id, new.role_of_founder, &new.title)?;
    let scope = Scope::new(founder.person, &founder.person_name, id, new.role_of_founder);
    let change = Change {
        action: "institution_found",
        object_kind: "institution",
        object_id: &id.to_string(),
        before: (),
        after: json!({ "institution": &institution, "parent": new.parent, "founder_role": new.role_of_founder }),
    };
    record(tx, &scope, nature.now(), &change)?;
    Ok(id)
}

/// Founds an association and makes its founder an officer of it.
pub fn association_found(
    tx: &mut Tx<'_>,
    nature: &Nature,
    founder: &Session,
    new: &NewAssociation,
) -> Result<OrganisationId, Refused<FoundRefusal>> {
    administrator(founder)?;
    stands_under(tx, OrganisationKind::Association(new.level), new.parent)?;
    let id = OrganisationId(nature.id());
    store::organisation_insert(tx, &store::new_association(id, new), nature.now())?;
    settle(tx, nature, founder, id, Role::AssociationOfficer, "")?;
    let scope = Scope::new(founder.person, &founder.person_name, id, Role::AssociationOfficer);
    let change = Change {
        action: "association_found",
        object_kind: "association",
        object_id: &id.to_string(),
        before: (),
        after: json!({ "name": &new.name, "level": new.level.code(), "parent": new.parent }),
    };
    record(tx, &scope, nature.now(), &change)?;
    Ok(id)
}

/// The associations of this installation, for choosing the one above; for administrators.
pub fn associations(tx: &mut Tx<'_>, founder: &Session) -> Result<Vec<Organisation>, Failure> {
    administrator(founder)?;
    Ok(store::associations(tx)?)
}

/// Changes the particulars, if they are still as they were when the page was made.
pub fn institution_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    new: &Particulars,
) -> Result<(), Refused<Conflict<Institution>>> {
    save(tx, nature, scope, "institution_change", version, |old| old.with(new))
}

/// Changes what the interview learnt of the running of the systems.
pub fn institution_run(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    new: Running,
) -> Result<(), Refused<Conflict<Institution>>> {
    save(tx, nature, scope, "institution_run", version, |old| Institution {
        systems: new.systems,
        operator_on_staff: new.operator_on_staff,
        ..old.clone()
    })
}

/// Notes what follows from the systems' contracts. It is derived and nobody types it, so it neither waits for a version
/// nor disturbs anybody who is typing.
pub fn institution_duty_note(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    duty: Option<UpdateDuty>,
) -> Result<(), Failure> {
    // Whoever changes a system changes what follows from it.
    scope.require(Permission::LedgerEdit)?;
    let old = institution_get(tx, scope)?;
    if old.entrusts_updates == duty {
        return Ok(());
    }
    store::institution_duty(tx, scope, duty)?;
    let entry = Change {
        action: "institution_duty_note",
        object_kind: "institution",
        object_id: &old.organisation.to_string(),
        before: old.entrusts_updates,
        after: duty,
    };
    Ok(record(tx, scope, nature.now(), &entry)?)
}

/// Notes that the interview was finished; the first time counts.
pub fn institution_interview_finish(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope) -> Result<(), Failure> {
    scope.require(Permission::InstitutionEdit)?;
    let institution = institution_get(tx, scope)?;
    if !store::institution_done(tx, scope, nature.now())? {
        return Ok(());
    }
    let entry = Change {
        action: "institution_interview_finish",
        object_kind: "institution",
        object_id: &institution.organisation.to_string(),
        before: (),
        after: nature.now(),
    };
    Ok(record(tx, scope, nature.now(), &entry)?)
}

/// The one way a change is written. What changes nothing is neither written nor logged, so that passing a page again
/// leaves no trace.
fn save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    version: i64,
    change: impl FnOnce(&Institution) -> Institution,
) -> Result<(), Refused<Conflict<Institution>>> {
    scope.require(Permission::InstitutionEdit)?;
    let old = institution_get(tx, scope)?;
    let new = change(&old);
    if new == old {
        return Ok(());
    }
    if old.version != version || !store::institution_save(tx, scope, version, &new)? {
        return Err(Refused::Because(Conflict(Box::new(institution_get(tx, scope)?))));
    }
    let id = old.organisation.to_string();
    let new = Institution { version: version + 1, ..new };
    let entry = Change { action, object_kind: "institution", object_id: &id, before: &old, after: &new };
    Ok(record(tx, scope, nature.now(), &entry)?)
}

/// Others are not told that there is anything to found.
fn administrator(founder: &Session) -> Result<(), Failure> {
    if founder.administrator { Ok(()) } else { Err(Failure::NotFound) }
}

fn stands_under(
    tx: &mut Tx<'_>,
    child: OrganisationKind,
    parent: Option<OrganisationId>,
) -> Result<(), Refused<FoundRefusal>> {
    let above = match parent {
        Some(id) => match store::organisation_find(tx, id)? {
            Some(found) => Some(found.kind),
            None => return Err(Refused::Because(FoundRefusal::Parent)),
        },
        None => None,
    };
    if rules::may_stand_under(child, above) { Ok(()) } else { Err(Refused::Because(FoundRefusal::Parent)) }
}

/// The founder becomes a member, and the session moves there.
fn settle(
    tx: &mut Tx<'_>,
    nature: &Nature,
    founder: &Session,
    id: OrganisationId,
    role: Role,
    title: &str,
) -> Result<(), Failure> {
    store::membership_insert(tx, id, founder.person, role, title, nature.now())?;
    Sessions::switch(tx, founder, id)?;
    Ok(())
}

fn blank(organisation: OrganisationId, new: &Particulars) -> Institution {
    Institution {
        organisation,
        name: String::new(),
        name_kana: String::new(),
        kind: new.kind,
        beds: 0,
        prefecture: new.prefecture,
        postal_code: String::new(),
        address: String::new(),
        phone: String::new(),
        code: String::new(),
        systems: None,
        operator_on_staff: None,
        entrusts_updates: None,
        interview_done_at: None,
        version: 1,
    }
    .with(new)
}
