//! What can be done with contacts.

use crate::rules::{Gap, gaps};
use crate::suggestions::Suggestion;
use crate::words::party_note;
use crate::{Contact, ContactDetails, ContactId, Direction, Way, WayHours, WayId, WayKind, store};
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;
use komainu_web::{Failure, Refused};

/// The contacts in the order of calling.
pub fn contacts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Contact>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::contacts(tx, scope)?)
}

/// The same for the program itself, which calls people out for somebody who may not see the network.
pub fn contacts_of_program(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Contact>, Failure> {
    Ok(store::contacts(tx, scope)?)
}

/// A part of them, in the same order.
pub fn contacts_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<(i64, ContactId)>,
) -> Result<Vec<Contact>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::contacts_part(tx, scope, part)?)
}

/// Where the network would fail, the worst first; `today` in Japan.
pub fn contact_gaps(tx: &mut Tx<'_>, scope: &Scope, today: NaiveDate) -> Result<Vec<Gap>, Failure> {
    Ok(gaps(&contacts(tx, scope)?, today))
}

/// The signed-in person's own contact, with whether it is one.
pub fn own_contact(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Contact>, Failure> {
    scope.require(Permission::AccountManage)?;
    Ok(store::contacts(tx, scope)?.into_iter().find(|contact| contact.person == Some(scope.person())))
}

/// The signed-in person is told on this browser from now on.
///
/// # Errors
/// [`Failure::NotFound`] for who is not in the network, or has as many ways as there may be.
pub fn own_push_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (address, label): (&str, &str),
) -> Result<(), Failure> {
    let old = own_contact(tx, scope)?.ok_or(Failure::NotFound)?;
    let mut new = old.details();
    // The same browser asked again.
    new.ways.retain(|way| way.kind != WayKind::Push || way.address != address);
    if new.ways.len() >= ContactDetails::WAYS_MOST {
        return Err(Failure::NotFound);
    }
    let way = Way {
        id: WayId(nature.id()),
        kind: WayKind::Push,
        address: address.to_owned(),
        label: label.to_owned(),
        hours: WayHours::Always,
    };
    // What wakes a telephone comes before what waits in a mailbox.
    new.ways.insert(0, way);
    own_change(tx, nature, scope, (&old, &new))
}

/// The signed-in person is not told on this browser any more.
pub fn own_push_remove(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: WayId) -> Result<(), Failure> {
    let old = own_contact(tx, scope)?.ok_or(Failure::NotFound)?;
    let mut new = old.details();
    new.ways.retain(|way| way.kind != WayKind::Push || way.id != id);
    own_change(tx, nature, scope, (&old, &new))
}

/// A browser that was called is not there any more: its way goes, and what was made sure of holds no longer, so that the
/// check of the network says so. Answers whether there was such a way; where somebody changes the contact at this moment it
/// stays until the next message.
///
/// The program does it by itself: whoever called is told by a push service, and nobody was asked.
pub fn push_gone(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, address): (ContactId, &str),
) -> Result<bool, Failure> {
    let Some(old) = store::contact_get(tx, scope, id)? else { return Ok(false) };
    let mut new = old.details();
    new.ways.retain(|way| way.kind != WayKind::Push || way.address != address);
    if new.ways.len() == old.ways.len() {
        return Ok(false);
    }
    new.checked_on = None;
    let changed = Contact { left: old.left, ..Contact::new(old.id, old.position, old.version + 1, &new) };
    if !store::contact_save(tx, scope, old.version, &changed)? {
        return Ok(false);
    }
    log(tx, nature, scope, "contact_way_gone", old.id, Some(&old), Some(&changed))?;
    Ok(true)
}

fn own_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (old, new): (&Contact, &ContactDetails),
) -> Result<(), Failure> {
    let changed = Contact { left: old.left, ..Contact::new(old.id, old.position, old.version + 1, new) };
    if !store::contact_save(tx, scope, old.version, &changed)? {
        return Err(Failure::NotFound);
    }
    log(tx, nature, scope, "contact_change", old.id, Some(old), Some(&changed))
}

/// One contact.
pub fn contact_get(tx: &mut Tx<'_>, scope: &Scope, id: ContactId) -> Result<Contact, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::contact_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Adds a contact at the end of the order of calling.
///
/// # Errors
/// [`Failure::NotFound`] where its person is no member here.
pub fn contact_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &ContactDetails,
) -> Result<ContactId, Failure> {
    scope.require(Permission::LedgerEdit)?;
    own_people(tx, scope, None, (None, new))?;
    let last = contacts(tx, scope)?.iter().map(|contact| contact.position).max().unwrap_or_default();
    let contact = Contact::new(ContactId(nature.id()), last + 1, 1, new);
    store::contact_add(tx, scope, &contact, nature.now())?;
    log(tx, nature, scope, "contact_add", contact.id, None, Some(&contact))?;
    Ok(contact.id)
}

/// Adds an outside party as it was suggested, with its source and unchecked, unless its duty is already taken.
pub fn contact_accept(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    lang: Lang,
    party: &Suggestion,
) -> Result<Option<ContactId>, Failure> {
    if contacts(tx, scope)?.iter().any(|contact| contact.duty == party.duty.code()) {
        return Ok(None);
    }
    let new = ContactDetails {
        name: party.name.to_owned(),
        name_kana: party.name_kana.to_owned(),
        duty: party.duty.code().to_owned(),
        phone: party.phone.to_owned(),
        email: party.email.to_owned(),
        outside: true,
        source: party.source.to_owned(),
        note: party_note(lang, party.duty),
        ..ContactDetails::default()
    };
    contact_add(tx, nature, scope, &new).map(Some)
}

/// Changes a contact, if it is still as it was when the page was made.
pub fn contact_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ContactId,
    version: i64,
    new: &ContactDetails,
) -> Result<(), Refused<Conflict<Contact>>> {
    scope.require(Permission::LedgerEdit)?;
    let old = contact_get(tx, scope, id)?;
    if old.details() == *new {
        return Ok(());
    }
    own_people(tx, scope, Some(id), (old.person, new))?;
    let left = old.left && old.person == new.person;
    let changed = Contact { left, ..Contact::new(id, old.position, version + 1, new) };
    if old.version != version || !store::contact_save(tx, scope, version, &changed)? {
        return Err(Refused::Because(Conflict(Box::new(contact_get(tx, scope, id)?))));
    }
    Ok(log(tx, nature, scope, "contact_change", id, Some(&old), Some(&changed))?)
}

/// Moves a contact one place in the order of calling; at the end of the list nothing happens.
pub fn contact_move(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ContactId,
    direction: Direction,
) -> Result<(), Failure> {
    scope.require(Permission::LedgerEdit)?;
    let all = contacts(tx, scope)?;
    let at = all.iter().position(|contact| contact.id == id).ok_or(Failure::NotFound)?;
    // People of the house and parties outside are called, and shown, apart.
    let fellow = |contact: &&Contact| contact.outside == all[at].outside;
    let neighbour = match direction {
        Direction::Up => all[..at].iter().rev().find(fellow),
        Direction::Down => all[at + 1..].iter().find(fellow),
    };
    let (contact, Some(other)) = (&all[at], neighbour) else { return Ok(()) };
    let moved = Contact { position: other.position, ..contact.clone() };
    store::contact_place(tx, scope, id, other.position)?;
    store::contact_place(tx, scope, other.id, contact.position)?;
    log(tx, nature, scope, "contact_move", id, Some(contact), Some(&moved))
}

/// Removes a contact.
///
/// # Errors
/// A conflict where somebody changed it after the question was shown.
pub fn contact_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ContactId,
    version: i64,
) -> Result<(), Refused<Conflict<Contact>>> {
    scope.require(Permission::LedgerEdit)?;
    let old = contact_get(tx, scope, id)?;
    if old.version != version || !store::contact_remove(tx, scope, id, version)? {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, "contact_remove", id, Some(&old), None)?)
}

/// Person and stand-ins are of this house, and nobody stands in for themselves or twice. Who left the house in the meantime
/// stays until somebody takes them out.
fn own_people(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: Option<ContactId>,
    (person, new): (Option<PersonId>, &ContactDetails),
) -> Result<(), Failure> {
    if let Some(person) = new.person.filter(|_| new.person != person)
        && !store::is_member(tx, scope, person)?
    {
        return Err(Failure::NotFound);
    }
    for (at, stand_in) in new.stand_ins.iter().enumerate() {
        let again = new.stand_ins[..at].contains(stand_in);
        if again || id == Some(*stand_in) || store::contact_get(tx, scope, *stand_in)?.is_none() {
            return Err(Failure::NotFound);
        }
    }
    Ok(())
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    id: ContactId,
    before: Option<&Contact>,
    after: Option<&Contact>,
) -> Result<(), Failure> {
    let id = id.to_string();
    let change = Change { action, object_kind: "contact", object_id: &id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
