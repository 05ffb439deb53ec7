//! A system in an institution's ledger.

use komainu_catalog::SystemKindId;
use komainu_vendor::VendorId;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A system in one institution's ledger.
    SystemId
}

/// Where a system runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hosting {
    /// On devices in the house.
    OnPremises,
    /// As somebody else's service.
    Cloud,
    /// Nobody has said yet.
    #[default]
    Unknown,
}

impl Hosting {
    /// Every case, in the order of forms.
    pub const ALL: [Hosting; 3] = [Hosting::OnPremises, Hosting::Cloud, Hosting::Unknown];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Hosting::OnPremises => "on_premises",
            Hosting::Cloud => "cloud",
            Hosting::Unknown => "unknown",
        }
    }
}

impl FromStr for Hosting {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Hosting::ALL.into_iter().find(|hosting| hosting.code() == code).ok_or(())
    }
}

/// A system as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SystemRecord {
    /// Its id.
    pub id: SystemId,
    /// A kind of the catalogue, or `other`.
    #[schema(value_type = String)]
    pub kind: SystemKindId,
    /// Its name.
    pub name: String,
    /// Where it stands; may be empty.
    pub place: String,
    /// Where it runs.
    pub hosting: Hosting,
    /// Who supports it; none where nobody does or nobody knows.
    pub vendor: Option<VendorId>,
    /// Whether somebody enters from outside for maintenance; none where nobody knows.
    pub remote_maintenance: Option<bool>,
    /// Whether a contract makes security updates the vendor's duty; none where nobody knows.
    pub updates_by_vendor: Option<bool>,
    /// Anything else.
    pub note: String,
    /// Grows by one with each change.
    pub version: i64,
}

/// What people write about a system. The fields are as in [`SystemRecord`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemDetails {
    /// A kind of the catalogue, or [`other_kind`].
    pub kind: SystemKindId,
    /// Its name, not empty.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Where it runs.
    pub hosting: Hosting,
    /// Who supports it.
    pub vendor: Option<VendorId>,
    /// Whether somebody enters from outside.
    pub remote_maintenance: Option<bool>,
    /// Whether updates are the vendor's duty by contract.
    pub updates_by_vendor: Option<bool>,
    /// Anything else.
    pub note: String,
}

/// The kind of a system that the catalogue has no kind for.
pub fn other_kind() -> SystemKindId {
    "other".parse().expect("small letters are an id")
}

impl SystemDetails {
    /// A system of which only kind, name and place of running are known.
    pub fn named(kind: SystemKindId, name: &str, hosting: Hosting) -> SystemDetails {
        SystemDetails {
            kind,
            name: name.to_owned(),
            place: String::new(),
            hosting,
            vendor: None,
            remote_maintenance: None,
            updates_by_vendor: None,
            note: String::new(),
        }
    }
}

impl SystemRecord {
    /// A system with these details.
    pub fn new(id: SystemId, version: i64, details: &SystemDetails) -> SystemRecord {
        let SystemDetails { kind, name, place, hosting, vendor, remote_maintenance, updates_by_vendor, note } =
            details.clone();
        SystemRecord {
            id,
            kind,
            name,
            place,
            hosting,
            vendor,
            remote_maintenance,
            updates_by_vendor,
            note,
            version,
        }
    }

    /// What people wrote about it.
    pub fn details(&self) -> SystemDetails {
        let SystemRecord {
            kind,
            name,
            place,
            hosting,
            vendor,
            remote_maintenance,
            updates_by_vendor,
            note,
            ..
        } = self.clone();
        SystemDetails { kind, name, place, hosting, vendor, remote_maintenance, updates_by_vendor, note }
    }
}
