//! Steps along lines.

use super::build::{Builder, number};
use super::law::Owner;
use super::{EntryKind, GoalKind, Index, Meaning};
use crate::model::{ConnectionKind, INTERNET, NodeKind};
use crate::step::StepCode;

/// One direction of a line.
#[derive(Clone, Copy)]
struct Line {
    kind: ConnectionKind,
    from: End,
    to: End,
    owner: Owner,
}

/// What a line ends at.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Internet,
    Zone(Index),
    Partner(Index),
    Host(Index, NodeKind),
    /// Whoever has its accounts.
    Group(Index),
    /// Something that nobody can stand on.
    Nothing,
}

impl End {
    /// Where an attacker stands who is at this end.
    fn standing(self) -> Option<Meaning> {
        match self {
            End::Zone(at) => Some(Meaning::InZone(at)),
            End::Partner(at) | End::Host(at, _) | End::Group(at) => Some(Meaning::User(at)),
            End::Internet | End::Nothing => None,
        }
    }
}

impl Builder<'_> {
    /// Every line, in both directions where it has two.
    pub fn lines(&mut self) {
        for (at, line) in self.network.connections.iter().enumerate() {
            let owner = Owner::Connection(number(at));
            let (from, to) = (self.line_end(&line.from), self.line_end(&line.to));
            self.line(Line { kind: line.kind, from, to, owner });
            if line.both_ways {
                self.line(Line { kind: line.kind, from: to, to: from, owner });
            }
        }
    }

    fn line_end(&self, id: &str) -> End {
        if id == INTERNET {
            return End::Internet;
        }
        let Some(at) = self.find(id) else { return End::Nothing };
        match self.node(at).kind {
            NodeKind::Zone => End::Zone(at),
            NodeKind::Partner => End::Partner(at),
            NodeKind::AccountGroup => End::Group(at),
            kind if kind.is_host() => End::Host(at, kind),
            _ => End::Nothing,
        }
    }

    fn line(&mut self, line: Line) {
        match (line.from, line.to) {
            (End::Internet, _) => self.line_from_internet(line),
            (End::Host(at, _), End::Internet) => {
                // Whoever reads pages from there invites what comes with them.
                let entry = self.entry(EntryKind::Mail, None);
                self.step(StepCode::MailOpened, entry, Meaning::User(at), Some(line.owner));
            }
            (_, End::Internet) => {}
            (End::Partner(_), _) => self.line_from_partner(line),
            _ => self.inside(line),
        }
    }

    fn line_from_internet(&mut self, line: Line) {
        let Some(to) = line.to.standing() else { return };
        let (kind, codes): (_, &[StepCode]) = match line.kind {
            ConnectionKind::Vpn | ConnectionKind::RemoteMaintenance => {
                (EntryKind::Vpn, &[StepCode::VpnHole, StepCode::VpnLogin])
            }
            ConnectionKind::RemoteDesktop => (EntryKind::RemoteDesktop, &[StepCode::RemoteDesktopLogin]),
            ConnectionKind::LteRouter => (EntryKind::SimRouter, &[StepCode::SimRouter]),
            ConnectionKind::IpVpn | ConnectionKind::IpsecIke => {
                (EntryKind::ClosedNetwork, &[StepCode::ClosedNetwork])
            }
            _ => (EntryKind::Service, &[StepCode::ServiceHole]),
        };
        let entry = self.entry(kind, Some(line.owner));
        for &code in codes {
            self.step(code, entry, to, Some(line.owner));
        }
    }

    fn line_from_partner(&mut self, line: Line) {
        let (Some(from), Some(to)) = (line.from.standing(), line.to.standing()) else { return };
        match line.kind {
            ConnectionKind::IpVpn | ConnectionKind::IpsecIke => {
                self.step(StepCode::ClosedLine, from, to, Some(line.owner));
            }
            ConnectionKind::FileShare
            | ConnectionKind::Dicom
            | ConnectionKind::Hl7
            | ConnectionKind::RemovableMedia
            | ConnectionKind::BackupJob
            | ConnectionKind::Cloud => self.inside(line),
            _ => self.step(StepCode::PartnerLine, from, to, Some(line.owner)),
        }
    }

    fn inside(&mut self, line: Line) {
        let (Some(from), Some(to)) = (line.from.standing(), line.to.standing()) else { return };
        let via = Some(line.owner);
        match (line.kind, line.to) {
            (ConnectionKind::FileShare, End::Host(at, _)) => self.share(from, at, line.owner),
            (ConnectionKind::Dicom, End::Host(at, _)) => self.protocol(StepCode::DicomRead, from, at, via),
            (ConnectionKind::Hl7, End::Host(at, _)) => self.protocol(StepCode::Hl7Read, from, at, via),
            (ConnectionKind::RemoteDesktop, End::Host(..)) => {
                self.step(StepCode::RemoteDesktop, from, to, via);
            }
            (ConnectionKind::RemovableMedia, End::Host(..)) => {
                self.step(StepCode::MediaCarried, from, to, via);
            }
            (ConnectionKind::SharedCredential, End::Host(..) | End::Group(_)) => {
                let admin = admin_of(line.from).unwrap_or(from);
                self.step(StepCode::SharedPassword, admin, admin_of(line.to).unwrap_or(to), via);
            }
            // Of an account group nothing else can be followed.
            (_, End::Group(_)) => {}
            (ConnectionKind::BackupJob, End::Host(at, NodeKind::Backup)) => {
                let admin = admin_of(line.from).unwrap_or(from);
                self.step(StepCode::OverwriteBackup, admin, Meaning::Encrypted(at), via);
            }
            (ConnectionKind::Cloud, End::Host(..)) => self.step(StepCode::CloudSession, from, to, via),
            (ConnectionKind::IpVpn | ConnectionKind::IpsecIke, _) => {
                self.step(StepCode::ClosedLine, from, to, via);
            }
            (_, End::Zone(_)) if matches!(line.from, End::Zone(_)) => {
                self.step(StepCode::PassSegments, from, to, via);
            }
            (_, End::Zone(_)) => self.step(StepCode::EnterSegment, from, to, via),
            // Whoever has come as far as the box or server at its end can use a line that is meant for signing in.
            (_, End::Partner(_))
            | (
                ConnectionKind::RemoteMaintenance | ConnectionKind::Vpn | ConnectionKind::LteRouter,
                End::Host(..),
            ) => self.step(StepCode::PartnerLine, from, to, via),
            (_, End::Host(at, kind)) => self.break_in(kind, from, at, via),
            (_, End::Internet | End::Nothing) => {}
        }
    }

    fn share(&mut self, from: Meaning, at: Index, owner: Owner) {
        let node = self.node(at);
        let data = Meaning::Data(at);
        self.step(StepCode::FileShare, from, data, Some(owner));
        if node.kind == NodeKind::Backup {
            self.step(StepCode::DestroyBackup, data, Meaning::Encrypted(at), None);
        } else {
            self.step(StepCode::EncryptOverShare, data, Meaning::Encrypted(at), None);
            self.follows(Meaning::Encrypted(at), Meaning::Down(at));
        }
        if node.holds_records {
            self.follows(data, Meaning::Read(at));
        }
    }

    fn protocol(&mut self, read: StepCode, from: Meaning, at: Index, via: Option<Owner>) {
        self.step(StepCode::ProtocolHole, from, Meaning::User(at), via);
        if self.node(at).holds_records && self.goal_of(GoalKind::DataLeaked).is_some() {
            self.step(read, from, Meaning::Read(at), via);
        }
    }
}

fn admin_of(end: End) -> Option<Meaning> {
    match end {
        End::Host(at, _) => Some(Meaning::Admin(at)),
        _ => None,
    }
}
