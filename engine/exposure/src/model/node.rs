//! Things.

use super::{Controls, is_false, is_one, one};
use serde::{Deserialize, Serialize};

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A system as people speak of it (electronic record, receipt computer), where its servers are not listed apart.
    System,
    /// A server, physical or virtual, or the base that virtual servers run on.
    Server,
    /// A computer that people sit at.
    Terminal,
    /// A VPN box, router, firewall, switch or wireless access point.
    NetworkDevice,
    /// A medical device.
    MedicalDevice,
    /// Somebody else's service on the Internet.
    CloudService,
    /// A database, shared folder or storage box.
    DataStore,
    /// A copy kept for restoring.
    Backup,
    /// People who share accounts or rights.
    AccountGroup,
    /// A part of the network within which things can talk to each other: a LAN segment, a VLAN.
    Zone,
    /// A room or building; it says where a thing stands, not what it can reach.
    Place,
    /// Another organisation: vendor, maker, contractor, partner.
    Partner,
    /// Something done for patients that stops when its systems stop.
    CareProcess,
}

impl NodeKind {
    /// Whether an attacker can get into it and become its administrator.
    pub const fn is_host(self) -> bool {
        matches!(
            self,
            NodeKind::System
                | NodeKind::Server
                | NodeKind::Terminal
                | NodeKind::NetworkDevice
                | NodeKind::MedicalDevice
                | NodeKind::CloudService
                | NodeKind::DataStore
                | NodeKind::Backup
        )
    }
}

/// A thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The caller's id, unique among nodes, 1 to 200 bytes; not `internet`.
    #[cfg_attr(test, schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// The zone it is in; of a zone or place, what it lies within. Without circles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Maker and model. Things of one product have the same holes, so they fall or stand together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// How many alike stand behind this one record, 1 to 1,000,000; for people only.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1_000_000)))]
    pub count: u32,
    /// Controls of the thing itself.
    #[serde(default, skip_serializing_if = "Controls::is_empty")]
    pub controls: Controls,
    /// Patients' information lies here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub holds_records: bool,
    /// Mail or web pages from outside are opened here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reads_mail: bool,
    /// USB sticks, discs or people's own devices are attached here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub takes_media: bool,
    /// Directory servers, virtual bases, management and remote-control servers whose administrators can do anything here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managed_by: Vec<String>,
    /// Of a backup: what it is a copy of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copy_of: Vec<String>,
    /// Hours of work to restore it from a good copy, 0 to 100,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 100_000.0)))]
    pub recovery_hours: Option<f64>,
    /// Of a care process: how urgent it is, 1 (can wait) to 5 (life depends on it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = 5)))]
    pub priority: Option<u8>,
    /// How to disconnect it without harm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_disconnect: Option<String>,
}

impl Node {
    /// A thing of which only id and kind are known.
    pub fn new(id: &str, kind: NodeKind) -> Node {
        Node {
            id: id.to_owned(),
            name: String::new(),
            kind,
            zone: None,
            product: None,
            vendor: None,
            count: 1,
            controls: Controls::new(),
            holds_records: false,
            reads_mail: false,
            takes_media: false,
            managed_by: Vec::new(),
            copy_of: Vec::new(),
            recovery_hours: None,
            priority: None,
            how_to_disconnect: None,
        }
    }

    /// What to call it before people: its name, or its id where it has none.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}
