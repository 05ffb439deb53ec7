//! Lines between things, inside and to the outside.

use crate::model::asset::{Thing, said};
use crate::model::fact::Facts;
use komainu_exposure::model::{ConnectionKind, Control, Controls};
use komainu_vendor::VendorId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A line in one institution's ledger.
    ConnectionId
}

/// What stands at one end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum End {
    /// The open Internet.
    Internet,
    /// A vendor's own network.
    Vendor(VendorId),
    /// A thing or system of the ledger.
    #[serde(untagged)]
    Thing(Thing),
}

impl End {
    /// Whether it is outside the institution.
    pub const fn is_outside(self) -> bool {
        matches!(self, End::Internet | End::Vendor(_))
    }

    /// The thing or system, if it is one.
    pub const fn thing(self) -> Option<Thing> {
        match self {
            End::Thing(thing) => Some(thing),
            End::Internet | End::Vendor(_) => None,
        }
    }

    /// The vendor, if it is one.
    pub const fn vendor(self) -> Option<VendorId> {
        match self {
            End::Vendor(id) => Some(id),
            End::Internet | End::Thing(_) => None,
        }
    }
}

/// `internet`, or `vendor:`, `asset:`, `system:` and the id, as in forms and files.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Internet => f.write_str("internet"),
            End::Vendor(id) => write!(f, "vendor:{id}"),
            End::Thing(thing) => thing.fmt(f),
        }
    }
}

impl FromStr for End {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "internet" {
            return Ok(End::Internet);
        }
        match text.strip_prefix("vendor:") {
            Some(id) => id.parse().map(End::Vendor).map_err(|_| ()),
            None => text.parse().map(End::Thing),
        }
    }
}

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// What people wrote about it.
    #[serde(flatten)]
    pub details: ConnectionDetails,
    /// Grows by one with each change.
    pub version: i64,
}

/// What people write about a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConnectionDetails {
    /// What it is called; may be empty.
    pub name: String,
    /// What it is.
    pub kind: ConnectionKind,
    /// The end that opens it.
    pub from: End,
    /// The end that answers; not the same as `from`.
    pub to: End,
    /// Either end may open it.
    pub both_ways: bool,
    /// Who looks after it.
    pub vendor: Option<VendorId>,
    /// What is known of it.
    pub facts: Facts,
    /// What stands in an attacker's way. What is not named, nobody has said.
    pub controls: Controls,
    /// Anything else.
    pub note: String,
}

impl ConnectionDetails {
    /// A line of which only kind and ends are known.
    pub fn between(kind: ConnectionKind, from: End, to: End) -> ConnectionDetails {
        ConnectionDetails {
            name: String::new(),
            kind,
            from,
            to,
            both_ways: false,
            vendor: None,
            facts: Facts::default(),
            controls: Controls::new(),
            note: String::new(),
        }
    }

    /// Whether a control is there, if anybody has said.
    pub fn control(&self, control: Control) -> Option<bool> {
        said(&self.controls, control)
    }

    /// Whether one of its ends is outside the institution.
    pub const fn is_outside(&self) -> bool {
        self.from.is_outside() || self.to.is_outside()
    }
}
