//! Lines, and what depends on what.

use super::{Controls, is_false, is_yes, yes};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// The same LAN, or a road between two zones.
    LanSegment,
    /// The open Internet: a published service from it, or use of it towards it.
    Internet,
    /// A VPN whose box can be reached from the Internet.
    Vpn,
    /// A closed network of a telecommunications company.
    IpVpn,
    /// The online-eligibility line by `IPsec` and IKE over the Internet.
    IpsecIke,
    /// Somebody maintains a system from outside.
    RemoteMaintenance,
    /// A router with a mobile SIM.
    LteRouter,
    /// A shared folder; the first end reads and writes, the second holds it.
    FileShare,
    /// Remote desktop or another way to use the second end's screen.
    RemoteDesktop,
    /// Images.
    Dicom,
    /// Orders and results.
    Hl7,
    /// USB sticks and discs are carried from one end to the other.
    RemovableMedia,
    /// A password of the first end also opens the second. One end may be an account group: its password is kept on the
    /// thing that leads to it, and opens the things that it leads to.
    SharedCredential,
    /// The first end is copied to the second.
    BackupJob,
    /// The first end uses the second, a cloud service.
    Cloud,
}

impl ConnectionKind {
    /// Every kind, in the order of this list.
    pub const ALL: &'static [ConnectionKind] = &[
        ConnectionKind::LanSegment,
        ConnectionKind::Internet,
        ConnectionKind::Vpn,
        ConnectionKind::IpVpn,
        ConnectionKind::IpsecIke,
        ConnectionKind::RemoteMaintenance,
        ConnectionKind::LteRouter,
        ConnectionKind::FileShare,
        ConnectionKind::RemoteDesktop,
        ConnectionKind::Dicom,
        ConnectionKind::Hl7,
        ConnectionKind::RemovableMedia,
        ConnectionKind::SharedCredential,
        ConnectionKind::BackupJob,
        ConnectionKind::Cloud,
    ];

    /// The word in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            ConnectionKind::LanSegment => "lan_segment",
            ConnectionKind::Internet => "internet",
            ConnectionKind::Vpn => "vpn",
            ConnectionKind::IpVpn => "ip_vpn",
            ConnectionKind::IpsecIke => "ipsec_ike",
            ConnectionKind::RemoteMaintenance => "remote_maintenance",
            ConnectionKind::LteRouter => "lte_router",
            ConnectionKind::FileShare => "file_share",
            ConnectionKind::RemoteDesktop => "remote_desktop",
            ConnectionKind::Dicom => "dicom",
            ConnectionKind::Hl7 => "hl7",
            ConnectionKind::RemovableMedia => "removable_media",
            ConnectionKind::SharedCredential => "shared_credential",
            ConnectionKind::BackupJob => "backup_job",
            ConnectionKind::Cloud => "cloud",
        }
    }
}

impl FromStr for ConnectionKind {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        ConnectionKind::ALL.iter().copied().find(|kind| kind.code() == code).ok_or(())
    }
}

/// A line. It runs from the end that opens it; an attacker follows it that way, and back where `both_ways` is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The caller's id, unique among connections, 1 to 200 bytes.
    #[cfg_attr(test, schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// The end that opens it: a node's id, or `internet`.
    pub from: String,
    /// The end that answers: a node's id, or `internet`.
    pub to: String,
    /// What it is.
    pub kind: ConnectionKind,
    /// Either end may open it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub both_ways: bool,
    /// Protocol and port as the ledger has them; for people only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Who may open it; for people only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<String>,
    /// Whose line it is; for people only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Controls of the line itself, above all `source_limited`, `two_factor` and `filtered`.
    #[serde(default, skip_serializing_if = "Controls::is_empty")]
    pub controls: Controls,
    /// How to cut it on the day; for people only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_cut: Option<String>,
    /// The chance, 0 to 1, that an attacker at one end gets through to the other, if better known than the table's;
    /// it then stands for every step along this line, and controls no longer change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub probability: Option<f64>,
}

impl Connection {
    /// A line of which only ends and kind are known.
    pub fn new(id: &str, from: &str, to: &str, kind: ConnectionKind) -> Connection {
        Connection {
            id: id.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            kind,
            both_ways: false,
            protocol: None,
            opened_by: None,
            vendor: None,
            controls: Controls::new(),
            how_to_cut: None,
            probability: None,
        }
    }
}

/// One thing does not work without another: a care process without a system, a system without its server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// What stops.
    pub of: String,
    /// When this stops.
    pub on: String,
    /// False where it goes on without, slower or on paper.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub required: bool,
}

impl Dependency {
    /// `of` stops when `on` stops.
    pub fn new(of: &str, on: &str) -> Dependency {
        Dependency { of: of.to_owned(), on: on.to_owned(), required: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_word_in_json() {
        for &kind in ConnectionKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert_eq!(kind.code().parse(), Ok(kind));
        }
    }
}
