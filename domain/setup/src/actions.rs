//! What can be done in the interview: one function a step, each the whole of its transaction.

use crate::rules::{SystemsPlan, systems_plan};
use crate::{
    Interview, LinesAnswer, PeopleAnswer, PlaceAnswer, PostAnswer, Step, SupportAnswer, SystemsAnswer,
    VendorChoice, store,
};
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_calendar::fold;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_contact::actions::{contact_add, contact_change, contact_get, contact_remove, contacts};
use komainu_contact::{Contact, ContactDetails};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::actions::{
    Conflict, institution_change, institution_get, institution_interview_finish, institution_run,
};
use komainu_institution::{Institution, Running, Systems};
use komainu_inventory::actions::{
    system_add, system_change, system_get, system_remove, systems, template_apply,
};
use komainu_inventory::rules::template::Ticks;
use komainu_inventory::rules::usual_hosting;
use komainu_inventory::words::kind_name;
use komainu_inventory::{Hosting, SystemDetails, SystemRecord};
use komainu_people::actions::members;
use komainu_vendor::actions::{vendor_add, vendors};
use komainu_vendor::{VendorDetails, VendorId};
use komainu_web::{Failure, Refused};

/// Why the answer about systems was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemsRefusal {
    /// These would be removed; ask first.
    AskFirst(Vec<SystemRecord>),
    /// Somebody changed one of them meanwhile.
    Changed,
}

/// Why the answer about people was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// Somebody changed the institution meanwhile.
    Institution(Box<Institution>),
    /// Somebody changed who has a duty meanwhile.
    Contact(Box<Contact>),
    /// Somebody removed, or named, who has a duty meanwhile.
    Post,
}

/// Everything the interview reads.
pub fn interview(tx: &mut Tx<'_>, scope: &Scope) -> Result<Interview, Failure> {
    scope.require(Permission::InstitutionEdit)?;
    Ok(Interview {
        institution: institution_get(tx, scope)?,
        systems: systems(tx, scope)?,
        vendors: vendors(tx, scope)?,
        contacts: contacts(tx, scope)?,
        members: members(tx, scope)?,
        answered: store::answered(tx, scope)?,
    })
}

/// Answers [`Step::Place`].
pub fn setup_place(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    answer: PlaceAnswer,
) -> Result<(), Refused<Conflict<Institution>>> {
    scope.require(Permission::InstitutionEdit)?;
    let old = institution_get(tx, scope)?;
    let mut particulars = old.particulars();
    particulars.kind = answer.kind;
    particulars.beds = answer.beds;
    particulars.prefecture = answer.prefecture;
    institution_change(tx, nature, scope, version, &particulars)?;
    Ok(step_answer(tx, nature, scope, Step::Place)?)
}

/// Answers [`Step::Running`]. Systems that run where the institution's answer put them move with it.
pub fn setup_running(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    answer: Systems,
) -> Result<(), Refused<Conflict<Institution>>> {
    scope.require(Permission::InstitutionEdit)?;
    let old = institution_get(tx, scope)?;
    let running = Running { systems: Some(answer), ..old.running() };
    institution_run(tx, nature, scope, version, running)?;
    let mut unplaced = false;
    for system in systems(tx, scope)? {
        let kind = system.kind.as_str();
        let hosting = usual_hosting(Some(answer), kind);
        if system.hosting == usual_hosting(old.systems, kind) && system.hosting != hosting {
            let moved = SystemDetails { hosting, ..system.details() };
            fresh(system_change(tx, nature, scope, system.id, system.version, &moved))?;
        }
        unplaced |= hosting == Hosting::Unknown;
    }
    step_answer(tx, nature, scope, Step::Running)?;
    if answer == Systems::Mixed && old.systems != Some(Systems::Mixed) && unplaced {
        // Where each system runs is a question of its own now.
        step_reopen(tx, nature, scope, Step::Support)?;
    }
    Ok(())
}

/// Answers [`Step::Systems`]. Nothing is removed before that was confirmed.
pub fn setup_systems(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    lang: Lang,
    answer: &SystemsAnswer,
) -> Result<(), Refused<SystemsRefusal>> {
    scope.require(Permission::InstitutionEdit)?;
    let institution = institution_get(tx, scope)?;
    let existing = systems(tx, scope)?;
    let SystemsPlan { mut add, remove } = systems_plan(&existing, answer);
    // In the catalogue's order, records first: lists and questions keep the order in which systems were added.
    add.sort_by_key(|(kind, _)| {
        catalog.system_kinds().iter().position(|known| *known.id == *kind).unwrap_or(usize::MAX)
    });
    let leaving: Vec<SystemRecord> =
        existing.into_iter().filter(|system| remove.contains(&system.id)).collect();
    if !leaving.is_empty() && !answer.confirmed {
        return Err(Refused::Because(SystemsRefusal::AskFirst(leaving)));
    }
    for system in leaving {
        match system_remove(tx, nature, scope, system.id, system.version) {
            Err(Refused::Because(_)) => return Err(Refused::Because(SystemsRefusal::Changed)),
            Err(Refused::Failed(failure)) => return Err(failure.into()),
            Ok(()) => {}
        }
    }
    let added = !add.is_empty();
    for (kind, name) in add {
        let name = name.unwrap_or_else(|| kind_name(catalog, lang, &kind));
        let hosting = usual_hosting(institution.systems, kind.as_str());
        system_add(tx, nature, scope, &SystemDetails::named(kind, &name, hosting))?;
    }
    step_answer(tx, nature, scope, Step::Systems)?;
    if added {
        step_reopen(tx, nature, scope, Step::Support)?;
        step_reopen(tx, nature, scope, Step::Lines)?;
    }
    Ok(())
}

/// Answers [`Step::Support`] for the systems in the answer.
///
/// # Errors
/// The system that somebody changed meanwhile; then nothing of the step is stored.
pub fn setup_support(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    answers: &[SupportAnswer],
) -> Result<(), Refused<Conflict<SystemRecord>>> {
    scope.require(Permission::InstitutionEdit)?;
    for answer in answers {
        let old = system_get(tx, scope, answer.system)?;
        let new = SystemDetails {
            vendor: vendor_of(tx, nature, scope, &answer.vendor)?,
            remote_maintenance: answer.remote_maintenance,
            updates_by_vendor: answer.updates_by_vendor,
            hosting: answer.hosting.unwrap_or(old.hosting),
            ..old.details()
        };
        system_change(tx, nature, scope, answer.system, answer.version, &new)?;
    }
    Ok(step_answer(tx, nature, scope, Step::Support)?)
}

/// The vendor that was chosen or named.
fn vendor_of(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    choice: &VendorChoice,
) -> Result<Option<VendorId>, Failure> {
    let name = match choice {
        VendorChoice::Nobody => return Ok(None),
        VendorChoice::Known(id) => return Ok(Some(*id)),
        VendorChoice::Named(name) => name,
    };
    let known = vendors(tx, scope)?.into_iter().find(|vendor| fold(&vendor.name) == fold(name));
    if let Some(vendor) = known {
        return Ok(Some(vendor.id));
    }
    let new = VendorDetails { name: name.clone(), ..VendorDetails::default() };
    vendor_add(tx, nature, scope, &new).map(Some)
}

/// Answers [`Step::Lines`]: what is ticked goes into the ledger, where it is not there yet.
pub fn setup_lines(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    lang: Lang,
    answer: &LinesAnswer,
) -> Result<(), Failure> {
    scope.require(Permission::InstitutionEdit)?;
    let ticks = Ticks { pieces: answer.pieces.clone(), ..Ticks::default() };
    match template_apply(tx, nature, scope, catalog, lang, None, &ticks) {
        Ok(_) => step_answer(tx, nature, scope, Step::Lines),
        // It was made for the ledger that this very transaction read.
        Err(Refused::Because(_)) => Err(Failure::Stale),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Answers [`Step::People`].
pub fn setup_people(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    answer: &PeopleAnswer,
) -> Result<(), Refused<PeopleRefusal>> {
    scope.require(Permission::InstitutionEdit)?;
    let old = institution_get(tx, scope)?;
    let running = Running { operator_on_staff: answer.operator_on_staff, ..old.running() };
    match institution_run(tx, nature, scope, answer.version, running) {
        Err(Refused::Because(Conflict(theirs))) => {
            return Err(Refused::Because(PeopleRefusal::Institution(theirs)));
        }
        Err(Refused::Failed(failure)) => return Err(failure.into()),
        Ok(()) => {}
    }
    for post in &answer.posts {
        post_fill(tx, nature, scope, post)?;
    }
    Ok(step_answer(tx, nature, scope, Step::People)?)
}

/// Puts somebody on a post, changes who is there, or takes away who was shown and then cleared.
fn post_fill(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    post: &PostAnswer,
) -> Result<(), Refused<PeopleRefusal>> {
    let holder = contacts(tx, scope)?.into_iter().find(|c| !c.outside && c.duty == post.duty.code());
    if holder.as_ref().map(|contact| contact.id) != post.shown.map(|(id, _)| id) {
        return Err(Refused::Because(PeopleRefusal::Post));
    }
    let member = match post.person {
        Some(person) => {
            Some(members(tx, scope)?.into_iter().find(|m| m.person == person).ok_or(Failure::NotFound)?)
        }
        None => None,
    };
    let (name, kana) = match &member {
        Some(member) => (member.name.clone(), member.name_kana.clone()),
        None => (post.name.clone(), String::new()),
    };
    let outcome = match (post.shown, name.is_empty()) {
        (None, true) => return Ok(()),
        (Some((id, version)), true) => contact_remove(tx, nature, scope, id, version),
        (Some((id, version)), false) => {
            let old = contact_get(tx, scope, id)?.details();
            let same_person = old.name == name && old.person == post.person;
            let checked_on = old.checked_on.filter(|_| same_person && old.phone == post.phone);
            let name_kana = if same_person { old.name_kana.clone() } else { kana };
            let person = post.person;
            // Ways lead to a person, not to a duty.
            let ways = if same_person { old.ways.clone() } else { Vec::new() };
            let phone = post.phone.clone();
            // Mailbox and night telephone of whoever had the duty before are not the next one's.
            let stays = old.person == person || (old.person.is_none() && old.name == name);
            let old = if stays {
                old
            } else {
                ContactDetails { email: String::new(), night_phone: String::new(), ..old }
            };
            let new = ContactDetails { name, name_kana, person, phone, checked_on, ways, ..old };
            contact_change(tx, nature, scope, id, version, &new)
        }
        (None, false) => {
            let new = ContactDetails {
                name,
                name_kana: kana,
                duty: post.duty.code().to_owned(),
                person: post.person,
                phone: post.phone.clone(),
                ..ContactDetails::default()
            };
            contact_add(tx, nature, scope, &new)?;
            Ok(())
        }
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(Refused::Because(Conflict(theirs))) => Err(Refused::Because(PeopleRefusal::Contact(theirs))),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// Ends the interview; every step must have been answered.
///
/// # Errors
/// The step that is still open.
pub fn setup_finish(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope) -> Result<(), Refused<Step>> {
    if let Some(step) = interview(tx, scope)?.open() {
        return Err(Refused::Because(step));
    }
    Ok(institution_interview_finish(tx, nature, scope)?)
}

/// Notes that a step was answered; the log tells of the first time, the changes tell of themselves.
fn step_answer(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, step: Step) -> Result<(), Failure> {
    if store::answer(tx, scope, step, nature.now())? {
        log(tx, nature, scope, "setup_step_answer", step)?;
    }
    Ok(())
}

fn step_reopen(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, step: Step) -> Result<(), Failure> {
    if store::reopen(tx, scope, step)? {
        log(tx, nature, scope, "setup_step_reopen", step)?;
    }
    Ok(())
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    step: Step,
) -> Result<(), Failure> {
    let change = Change { action, object_kind: "setup_step", object_id: step.code(), before: (), after: () };
    Ok(record(tx, scope, nature.now(), &change)?)
}

/// A change on top of what this very transaction read: on PostgreSQL somebody may still have been quicker.
fn fresh(outcome: Result<(), Refused<Conflict<SystemRecord>>>) -> Result<(), Failure> {
    outcome.map_err(|refused| match refused {
        Refused::Because(Conflict(_)) => Failure::Stale,
        Refused::Failed(failure) => failure,
    })
}
