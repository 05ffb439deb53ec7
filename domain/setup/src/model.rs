//! The steps of the interview and their answers.

use komainu_access::PersonId;
use komainu_catalog::{InstitutionKind, PieceId, SystemKindId};
use komainu_contact::{Contact, ContactId, Duty};
use komainu_institution::{Institution, Prefecture};
use komainu_inventory::{Hosting, SystemId, SystemRecord};
use komainu_people::Membership;
use komainu_vendor::{Vendor, VendorId};
use std::collections::BTreeSet;
use std::str::FromStr;

/// A step of the interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Kind, beds, prefecture.
    Place,
    /// In the house or in the cloud.
    Running,
    /// Which systems.
    Systems,
    /// Who supports them.
    Support,
    /// What stands beside them, and what joins them.
    Lines,
    /// Who is who.
    People,
}

impl Step {
    /// Every step, in the order of the interview.
    pub const ALL: [Step; 6] =
        [Step::Place, Step::Running, Step::Systems, Step::Support, Step::Lines, Step::People];

    /// The word in addresses and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Step::Place => "place",
            Step::Running => "running",
            Step::Systems => "systems",
            Step::Support => "support",
            Step::Lines => "lines",
            Step::People => "people",
        }
    }

    /// The step after this one; none after the last.
    pub fn next(self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| *step > self)
    }
}

impl FromStr for Step {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Step::ALL.into_iter().find(|step| step.code() == code).ok_or(())
    }
}

/// Everything the interview reads, as it stands now.
#[derive(Clone, Debug)]
pub struct Interview {
    /// The institution.
    pub institution: Institution,
    /// Its systems, in the order they were added.
    pub systems: Vec<SystemRecord>,
    /// Its vendors.
    pub vendors: Vec<Vendor>,
    /// Its contacts, in the order of calling.
    pub contacts: Vec<Contact>,
    /// Its members.
    pub members: Vec<Membership>,
    /// The steps that were answered.
    pub answered: BTreeSet<Step>,
}

impl Interview {
    /// The first step that was not answered.
    pub fn open(&self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| !self.answered.contains(step))
    }

    /// The contact who has a duty inside the house; the first in the order of calling.
    pub fn holder(&self, duty: Duty) -> Option<&Contact> {
        self.contacts.iter().find(|contact| !contact.outside && contact.duty == duty.code())
    }
}

/// The answer to [`Step::Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceAnswer {
    /// What kind of institution it is.
    pub kind: InstitutionKind,
    /// Number of beds.
    pub beds: u32,
    /// Where it is.
    pub prefecture: Prefecture,
}

/// The answer to [`Step::Systems`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemsAnswer {
    /// The systems that the page showed; others were added meanwhile and are left alone.
    pub shown: BTreeSet<SystemId>,
    /// The kinds that are ticked.
    pub kinds: BTreeSet<SystemKindId>,
    /// Names of systems that no tile has.
    pub others: Vec<String>,
    /// Whether removing what is no longer ticked was confirmed.
    pub confirmed: bool,
}

/// Who supports a system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VendorChoice {
    /// Nobody, or nobody knows.
    #[default]
    Nobody,
    /// A vendor in the ledger.
    Known(VendorId),
    /// A company by name; added to the ledger unless one of that name is there.
    Named(String),
}

/// The answer to [`Step::Support`] about one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportAnswer {
    /// Which system.
    pub system: SystemId,
    /// Its version when the page was made.
    pub version: i64,
    /// Who supports it.
    pub vendor: VendorChoice,
    /// Whether support enters from outside.
    pub remote_maintenance: Option<bool>,
    /// Whether a contract makes updates the vendor's duty.
    pub updates_by_vendor: Option<bool>,
    /// Where it runs, where that was asked.
    pub hosting: Option<Hosting>,
}

/// The answer to [`Step::Lines`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinesAnswer {
    /// The pieces of the template that are ticked; none to leave it for later.
    pub pieces: BTreeSet<PieceId>,
}

/// The answer to [`Step::People`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleAnswer {
    /// The institution's version when the page was made.
    pub version: i64,
    /// Whether somebody is there for the systems alone.
    pub operator_on_staff: Option<bool>,
    /// Who has each duty.
    pub posts: Vec<PostAnswer>,
}

/// Who has a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostAnswer {
    /// The duty.
    pub duty: Duty,
    /// The contact that the page showed for it, with its version.
    pub shown: Option<(ContactId, i64)>,
    /// A member of the institution.
    pub person: Option<PersonId>,
    /// The name; empty together with no person for "nobody yet".
    pub name: String,
    /// How to reach them.
    pub phone: String,
}
