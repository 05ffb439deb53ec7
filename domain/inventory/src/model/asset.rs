//! Things of the ledger: servers, terminals, devices, zones, copies, shared accounts, places, care processes.

use crate::model::fact::Facts;
use crate::model::system::SystemId;
use komainu_exposure::model::{Control, Controls, NodeKind, Place, State};
use komainu_vendor::VendorId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A thing in one institution's ledger.
    AssetId
}

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$case_doc])* $case),+ }

        impl $name {
            /// Every case, in the order of forms.
            pub const ALL: &'static [$name] = &[$($name::$case),+];

            /// The word stored in the database and used in forms and files.
            pub const fn code(self) -> &'static str {
                match self { $($name::$case => $code),+ }
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(code: &str) -> Result<Self, ()> {
                $name::ALL.iter().copied().find(|case| case.code() == code).ok_or(())
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// What a thing is.
    AssetKind {
        /// A server, physical or virtual, or the base that virtual servers run on.
        Server = "server",
        /// A computer that people sit at.
        Terminal = "terminal",
        /// A VPN box, router, firewall, switch or wireless access point.
        NetworkDevice = "network_device",
        /// A medical device.
        MedicalDevice = "medical_device",
        /// A copier, printer, camera, telephone or other thing of the office with a network plug.
        OfficeDevice = "office_device",
        /// Somebody else's service on the Internet.
        CloudService = "cloud_service",
        /// A database, shared folder or storage box.
        DataStore = "data_store",
        /// A copy kept for restoring.
        Backup = "backup",
        /// One password or account that several people or things share.
        AccountGroup = "account_group",
        /// A part of the network within which things can talk to each other.
        Zone = "zone",
        /// A room, floor or building.
        Place = "place",
        /// Something done for patients that stops when its systems stop.
        CareProcess = "care_process",
    }
}

impl AssetKind {
    /// Whether it is a machine or service that an attacker can get into.
    pub const fn is_host(self) -> bool {
        self.node_kind().is_host()
    }

    /// What it is for the exposure engine. A copier or camera is as good a foothold as a computer.
    pub const fn node_kind(self) -> NodeKind {
        match self {
            AssetKind::Server => NodeKind::Server,
            AssetKind::Terminal | AssetKind::OfficeDevice => NodeKind::Terminal,
            AssetKind::NetworkDevice => NodeKind::NetworkDevice,
            AssetKind::MedicalDevice => NodeKind::MedicalDevice,
            AssetKind::CloudService => NodeKind::CloudService,
            AssetKind::DataStore => NodeKind::DataStore,
            AssetKind::Backup => NodeKind::Backup,
            AssetKind::AccountGroup => NodeKind::AccountGroup,
            AssetKind::Zone => NodeKind::Zone,
            AssetKind::Place => NodeKind::Place,
            AssetKind::CareProcess => NodeKind::CareProcess,
        }
    }

    /// What controls on it are on.
    pub const fn control_place(self) -> Option<Place> {
        match self {
            AssetKind::AccountGroup => Some(Place::Credential),
            AssetKind::Place | AssetKind::CareProcess => None,
            _ => Some(Place::Node),
        }
    }
}

/// A thing or a system: what a relation or a line leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Thing {
    /// A thing.
    Asset(AssetId),
    /// A system.
    System(SystemId),
}

impl Thing {
    /// The thing's id, if it is one.
    pub const fn asset(self) -> Option<AssetId> {
        match self {
            Thing::Asset(id) => Some(id),
            Thing::System(_) => None,
        }
    }

    /// The system's id, if it is one.
    pub const fn system(self) -> Option<SystemId> {
        match self {
            Thing::System(id) => Some(id),
            Thing::Asset(_) => None,
        }
    }
}

/// `asset:` or `system:` and the id, as in forms and files.
impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Thing::Asset(id) => write!(f, "asset:{id}"),
            Thing::System(id) => write!(f, "system:{id}"),
        }
    }
}

impl FromStr for Thing {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':').ok_or(())? {
            ("asset", id) => id.parse().map(Thing::Asset).map_err(|_| ()),
            ("system", id) => id.parse().map(Thing::System).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

coded! {
    /// How a thing has to do with another.
    RelationKind {
        /// It stops when the other stops: a care process without a system, a terminal without its server.
        Needs = "needs",
        /// Its administrators can do anything here: a directory server, a virtual base, a remote-control server.
        ManagedBy = "managed_by",
        /// Of a copy: what it is a copy of.
        CopyOf = "copy_of",
        /// Of a shared account: what it opens.
        Opens = "opens",
        /// Of a shared account: where it is used or kept, so that it can be read there.
        FoundOn = "found_on",
    }
}

impl RelationKind {
    /// Whether a thing of this kind can have it.
    pub const fn fits(self, kind: AssetKind) -> bool {
        match self {
            RelationKind::Needs => kind.is_host() || matches!(kind, AssetKind::CareProcess),
            RelationKind::ManagedBy => kind.is_host(),
            RelationKind::CopyOf => matches!(kind, AssetKind::Backup),
            RelationKind::Opens | RelationKind::FoundOn => matches!(kind, AssetKind::AccountGroup),
        }
    }
}

/// What a thing has to do with others.
pub type Relations = BTreeSet<(RelationKind, Thing)>;

/// Whether a control is there, if anybody has said.
pub(super) fn said(controls: &Controls, control: Control) -> Option<bool> {
    match controls.get(&control)? {
        State::Present => Some(true),
        State::Absent => Some(false),
        State::Unknown => None,
    }
}

/// A thing as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What people wrote about it.
    #[serde(flatten)]
    pub details: AssetDetails,
    /// Grows by one with each change.
    pub version: i64,
}

/// What people write about a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetDetails {
    /// What it is.
    pub kind: AssetKind,
    /// Its name, not empty.
    pub name: String,
    /// The zone it is in; of a zone, the one that it lies within.
    pub zone: Option<AssetId>,
    /// The place it stands at; of a place, the one that it lies within.
    pub place: Option<AssetId>,
    /// The system that it belongs to.
    pub system: Option<SystemId>,
    /// Who looks after it.
    pub vendor: Option<VendorId>,
    /// What is known of it.
    pub facts: Facts,
    /// What stands in an attacker's way. What is not named, nobody has said.
    pub controls: Controls,
    /// What it has to do with others.
    pub relations: Relations,
    /// Anything else.
    pub note: String,
}

impl AssetDetails {
    /// A thing of which only kind and name are known.
    pub fn named(kind: AssetKind, name: &str) -> AssetDetails {
        AssetDetails {
            kind,
            name: name.to_owned(),
            zone: None,
            place: None,
            system: None,
            vendor: None,
            facts: Facts::default(),
            controls: Controls::new(),
            relations: Relations::new(),
            note: String::new(),
        }
    }

    /// Whether a control is there, if anybody has said.
    pub fn control(&self, control: Control) -> Option<bool> {
        said(&self.controls, control)
    }

    /// What it is related to in this way.
    pub fn related(&self, kind: RelationKind) -> impl Iterator<Item = Thing> + '_ {
        self.relations.iter().filter(move |(is, _)| *is == kind).map(|(_, thing)| *thing)
    }
}
