//! The parts that machines play, and how a port's number gives them away.

use crate::findings::{Host, Protocol, Speaks};
use crate::{MAX_NAMES, findings::Service};
use serde::{Deserialize, Serialize};

/// A part that a machine plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Is called for images: an archive, a worklist.
    DicomServer,
    /// Calls for images: an examination room, a viewer.
    DicomClient,
    /// Is sent messages.
    Hl7Receiver,
    /// Sends messages.
    Hl7Sender,
    /// Its screen can be had from afar.
    RemoteDesktopServer,
    /// Its command line can be had from afar.
    RemoteShellServer,
    /// Offers files.
    FileServer,
}

/// What a conversation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkKind {
    /// Images.
    Dicom,
    /// Messages between systems.
    Hl7,
    /// A screen from afar.
    RemoteDesktop,
    /// A command line from afar.
    RemoteShell,
    /// Files.
    FileShare,
    /// With the Internet, and none of the above.
    Internet,
    /// Anything else.
    Other,
}

impl Role {
    /// What is usually served at a port. Registered are 104, 2762 and 11112 (DICOM) and 2575 (HL7); source: IANA's
    /// registry of service names. A port is no proof.
    pub(crate) const fn by_port(port: u16, protocol: Protocol) -> Option<Role> {
        if matches!(protocol, Protocol::Udp) {
            return None;
        }
        match port {
            104 | 2762 | 11112 => Some(Role::DicomServer),
            2575 => Some(Role::Hl7Receiver),
            3389 | 5900 => Some(Role::RemoteDesktopServer),
            22 | 23 => Some(Role::RemoteShellServer),
            139 | 445 | 548 | 2049 => Some(Role::FileServer),
            _ => None,
        }
    }

    /// By what a scanner calls the service.
    pub(crate) fn by_service_name(name: &str) -> Option<Role> {
        match name {
            "dicom" | "acr-nema" | "dicom-tls" | "dicom-iscl" => Some(Role::DicomServer),
            "hl7" => Some(Role::Hl7Receiver),
            "ms-wbt-server" | "vnc" => Some(Role::RemoteDesktopServer),
            "ssh" | "telnet" => Some(Role::RemoteShellServer),
            "microsoft-ds" | "netbios-ssn" | "smb" | "afp" | "nfs" => Some(Role::FileServer),
            _ => None,
        }
    }

    /// What a conversation with somebody in this part is about.
    pub(crate) const fn talk(self) -> TalkKind {
        match self {
            Role::DicomServer | Role::DicomClient => TalkKind::Dicom,
            Role::Hl7Receiver | Role::Hl7Sender => TalkKind::Hl7,
            Role::RemoteDesktopServer => TalkKind::RemoteDesktop,
            Role::RemoteShellServer => TalkKind::RemoteShell,
            Role::FileServer => TalkKind::FileShare,
        }
    }

    /// What a service in this part is called.
    pub(crate) const fn service_name(self) -> &'static str {
        match self {
            Role::DicomServer | Role::DicomClient => "dicom",
            Role::Hl7Receiver | Role::Hl7Sender => "hl7",
            Role::RemoteDesktopServer => "remote-desktop",
            Role::RemoteShellServer => "remote-shell",
            Role::FileServer => "file-share",
        }
    }
}

impl Host {
    /// Notes a part, each once; what was heard outweighs what a port says.
    pub(crate) fn plays(&mut self, role: Role, port: Option<u16>, certain: bool, name: Option<String>) {
        let at = if let Some(at) = self.speaks.iter().position(|told| told.role == role && told.port == port)
        {
            at
        } else {
            self.speaks.push(Speaks { role, port, certain, names: Vec::new() });
            self.speaks.len() - 1
        };
        let Some(told) = self.speaks.get_mut(at) else { return };
        told.certain |= certain;
        if let Some(name) = name
            && told.names.len() < MAX_NAMES
            && !told.names.contains(&name)
        {
            told.names.push(name);
        }
    }

    /// Notes the parts that a scanner's word for a service, or else its port, speaks for.
    pub(crate) fn plays_by_service(&mut self, service: &Service, probed: bool) {
        let named = service.name.as_deref().and_then(Role::by_service_name);
        let role = named.or_else(|| Role::by_port(service.port, service.protocol));
        if let Some(role) = role {
            self.plays(role, Some(service.port), probed && named.is_some(), None);
        }
    }
}
