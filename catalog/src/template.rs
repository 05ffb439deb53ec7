//! Templates of the ledger (ひな形): the things and lines that usually stand beside the systems of a kind of institution.
//!
//! A *piece* is one thing or one line, with the question that it answers. Pieces name one another: a line ends at things,
//! a thing lies in a zone, a care process needs systems. So a file of pieces is a small network, and what a house takes
//! from it is the part that it ticks. A piece says what is there, never that it is protected.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::load::Catalog;
use crate::parse::{BadId, Located, Words, codes};
use crate::words::{InstitutionKind, PieceId, SourceId, SystemKindId};

codes! {
    /// What a thing of a template is, by the ledger's words.
    ThingKind {
        /// A server.
        Server = "server",
        /// A computer that people sit at.
        Terminal = "terminal",
        /// A router, VPN box, switch or wireless access point.
        NetworkDevice = "network_device",
        /// A medical device.
        MedicalDevice = "medical_device",
        /// A copier, camera, telephone.
        OfficeDevice = "office_device",
        /// Somebody else's service.
        CloudService = "cloud_service",
        /// A shared folder or storage box.
        DataStore = "data_store",
        /// A copy for restoring.
        Backup = "backup",
        /// A password that several share.
        AccountGroup = "account_group",
        /// A part of the network.
        Zone = "zone",
        /// Something done for patients.
        CareProcess = "care_process",
    }
}

codes! {
    /// What a line of a template is, by the ledger's words.
    LineKind {
        /// The same LAN, or a road between two zones.
        LanSegment = "lan_segment",
        /// The open Internet.
        Internet = "internet",
        /// A VPN whose box can be reached from the Internet.
        Vpn = "vpn",
        /// A closed network of a telecommunications company.
        IpVpn = "ip_vpn",
        /// `IPsec` and IKE over the Internet.
        IpsecIke = "ipsec_ike",
        /// Somebody maintains a system from outside.
        RemoteMaintenance = "remote_maintenance",
        /// A router with a mobile SIM.
        LteRouter = "lte_router",
        /// A shared folder.
        FileShare = "file_share",
        /// Another computer's screen.
        RemoteDesktop = "remote_desktop",
        /// Images.
        Dicom = "dicom",
        /// Orders and results.
        Hl7 = "hl7",
        /// USB sticks and discs.
        RemovableMedia = "removable_media",
        /// One password opens the other.
        SharedCredential = "shared_credential",
        /// The first end is copied to the second.
        BackupJob = "backup_job",
        /// The first end uses the second, a service.
        Cloud = "cloud",
    }
}

/// What a piece names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The open Internet.
    Internet,
    /// Whoever supports the piece's system: its vendor or maker.
    Maker,
    /// The house's system of a kind.
    System(SystemKindId),
    /// Another piece.
    Piece(PieceId),
}

impl Reference {
    /// Whether it is outside the house.
    pub const fn is_outside(&self) -> bool {
        matches!(self, Reference::Internet | Reference::Maker)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Internet => f.write_str("internet"),
            Reference::Maker => f.write_str("maker"),
            Reference::System(kind) => write!(f, "system:{kind}"),
            Reference::Piece(piece) => piece.fmt(f),
        }
    }
}

impl FromStr for Reference {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match (text, text.strip_prefix("system:")) {
            ("internet", _) => Ok(Reference::Internet),
            ("maker", _) => Ok(Reference::Maker),
            (_, Some(kind)) => kind.parse().map(Reference::System),
            (_, None) => text.parse().map(Reference::Piece),
        }
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::parse::from_str(deserializer)
    }
}

/// A thing or line that is usual in some kinds of institution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Its id.
    pub id: Located<PieceId>,
    /// Where it is offered.
    pub kinds: Vec<InstitutionKind>,
    /// Where it is so usual that it is ticked unasked.
    #[serde(default)]
    pub ticked: Vec<InstitutionKind>,
    /// The kind of system that it belongs to; it is offered where there is one.
    pub system: Option<Located<SystemKindId>>,
    /// Things without which it makes no sense; they stand before it.
    #[serde(default)]
    pub only_with: Vec<Located<PieceId>>,
    /// What it is called in the ledger.
    pub name: Words,
    /// The question that it answers with yes.
    pub question: Words,
    /// That it is usual follows from a source; false where it is general knowledge.
    pub confirmed: bool,
    /// Where it was read.
    #[serde(default)]
    pub sources: Vec<Located<SourceId>>,
    /// What is put into the ledger, if it is a thing.
    pub thing: Option<ThingPart>,
    /// What is put into the ledger, if it is a line.
    pub line: Option<LinePart>,
}

impl Piece {
    /// Whether it is offered to a kind of institution.
    pub fn fits(&self, kind: InstitutionKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// A thing of a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThingPart {
    /// What it is.
    pub kind: ThingKind,
    /// The zone it lies in.
    pub zone: Option<Located<PieceId>>,
    /// Facts that follow from what it is, by the ledger's words. The urgency of a care process is our estimate.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
    /// What it stops without.
    #[serde(default)]
    pub needs: Vec<Located<Reference>>,
    /// Whose administrators can do anything on it.
    #[serde(default)]
    pub managed_by: Vec<Located<Reference>>,
    /// Of a copy: of what.
    #[serde(default)]
    pub copy_of: Vec<Located<Reference>>,
    /// Of a shared account: what it opens.
    #[serde(default)]
    pub opens: Vec<Located<Reference>>,
    /// Of a shared account: where it is kept.
    #[serde(default)]
    pub found_on: Vec<Located<Reference>>,
}

impl ThingPart {
    /// Everything that it is related to, in any way.
    pub fn references(&self) -> impl Iterator<Item = &Located<Reference>> {
        [&self.needs, &self.managed_by, &self.copy_of, &self.opens, &self.found_on].into_iter().flatten()
    }
}

/// A line of a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePart {
    /// What it is.
    pub kind: LineKind,
    /// The end that opens it.
    pub from: Located<Reference>,
    /// The end that answers.
    pub to: Located<Reference>,
    /// Either end may open it.
    #[serde(default)]
    pub both_ways: bool,
}

/// Templates.
impl Catalog {
    /// Every piece, in the order of the data: things before the lines between them.
    pub fn pieces(&self) -> &[Piece] {
        &self.rows.piece
    }

    /// A piece.
    pub fn piece(&self, id: &PieceId) -> Option<&Piece> {
        self.rows.piece.iter().find(|piece| *piece.id == *id)
    }
}
