//! Vendors, systems and contacts, from short tables.

use crate::stage::{PHONE, Part, Stage, done};
use komainu_access::Scope;
use komainu_contact::actions::{contact_accept, contact_add, contact_change, contact_get};
use komainu_contact::suggestions::suggestions_for;
use komainu_contact::{ContactDetails, ContactId, Duty};
use komainu_i18n::Lang;
use komainu_institution::actions::institution_get;
use komainu_inventory::actions::{system_add, system_change, system_get};
use komainu_inventory::{Hosting, SystemDetails, SystemId};
use komainu_vendor::actions::vendor_add;
use komainu_vendor::{VendorDetails, VendorId};
use komainu_web::Failure;

/// A firm that does not exist.
pub(crate) struct Firm {
    pub(crate) name: (&'static str, &'static str),
    pub(crate) person: &'static str,
    /// The part before `.example` of its mail address; empty where nobody has noted how to reach it.
    pub(crate) mail: &'static str,
    pub(crate) note: &'static str,
}

/// A system, with the firm by its place in the list of firms.
pub(crate) struct Machine {
    pub(crate) kind: &'static str,
    pub(crate) name: &'static str,
    pub(crate) place: &'static str,
    pub(crate) hosting: Hosting,
    pub(crate) firm: Option<usize>,
    /// Whether somebody enters from outside; none where nobody has asked.
    pub(crate) remote: Option<bool>,
    /// Whether a contract makes updates the firm's duty; none where nobody has asked.
    pub(crate) updates: Option<bool>,
    pub(crate) note: &'static str,
}

impl Stage<'_, '_> {
    /// Adds firms; those without a mail address have no number either.
    pub(crate) fn firms(&mut self, scope: &Scope, firms: &[Firm]) -> Result<Vec<VendorId>, Failure> {
        let mut ids = Vec::new();
        for firm in firms {
            let reachable = !firm.mail.is_empty();
            let number = || if reachable { PHONE.to_owned() } else { String::new() };
            let new = VendorDetails {
                name: firm.name.0.to_owned(),
                name_kana: firm.name.1.to_owned(),
                person: firm.person.to_owned(),
                phone: number(),
                night_phone: String::new(),
                email: if reachable { format!("support@{}.example", firm.mail) } else { String::new() },
                note: firm.note.to_owned(),
            };
            ids.push(vendor_add(self.tx, &self.clock.nature, scope, &new)?);
            self.clock.tick();
        }
        Ok(ids)
    }

    /// Adds systems.
    pub(crate) fn machines(
        &mut self,
        scope: &Scope,
        firms: &[VendorId],
        machines: &[Machine],
    ) -> Result<Vec<SystemId>, Failure> {
        let mut ids = Vec::new();
        for machine in machines {
            let new = SystemDetails {
                kind: machine.kind.parse().map_err(Failure::internal)?,
                name: machine.name.to_owned(),
                place: machine.place.to_owned(),
                hosting: machine.hosting,
                vendor: machine.firm.and_then(|firm| firms.get(firm).copied()),
                remote_maintenance: machine.remote,
                updates_by_vendor: machine.updates,
                note: machine.note.to_owned(),
            };
            ids.push(system_add(self.tx, &self.clock.nature, scope, &new)?);
            self.clock.tick();
        }
        Ok(ids)
    }

    /// Writes a note beside a system.
    pub(crate) fn machine_note(&mut self, scope: &Scope, id: SystemId, note: &str) -> Result<(), Failure> {
        let old = system_get(self.tx, scope, id)?;
        let new = SystemDetails { note: note.to_owned(), ..old.details() };
        done(system_change(self.tx, &self.clock.nature, scope, id, old.version, &new))
    }

    /// Puts people of the house into the contact network, checked today.
    pub(crate) fn callers(
        &mut self,
        scope: &Scope,
        callers: &[(Duty, &Part, &Scope)],
    ) -> Result<Vec<ContactId>, Failure> {
        let mut ids = Vec::new();
        for (duty, part, who) in callers {
            let new = ContactDetails {
                name: part.name.to_owned(),
                name_kana: part.kana.to_owned(),
                duty: duty.code().to_owned(),
                person: Some(who.person()),
                phone: PHONE.to_owned(),
                email: part.email.to_owned(),
                checked_on: Some(self.clock.nature.today()),
                ..ContactDetails::default()
            };
            ids.push(contact_add(self.tx, &self.clock.nature, scope, &new)?);
            self.clock.tick();
        }
        for (at, id) in ids.iter().enumerate().filter(|_| ids.len() > 1) {
            let old = contact_get(self.tx, scope, *id)?;
            let next = ids[(at + 1) % ids.len()];
            let new = ContactDetails { stand_ins: vec![next], for_reporters: at == 1, ..old.details() };
            done(contact_change(self.tx, &self.clock.nature, scope, *id, old.version, &new))?;
        }
        Ok(ids)
    }

    /// Takes the outside parties that the program suggests for this kind of institution.
    pub(crate) fn outside_parties(&mut self, scope: &Scope) -> Result<(), Failure> {
        let kind = institution_get(self.tx, scope)?.kind;
        for party in suggestions_for(kind) {
            contact_accept(self.tx, &self.clock.nature, scope, Lang::Ja, party)?;
        }
        self.clock.tick();
        Ok(())
    }
}
