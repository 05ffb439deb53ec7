//! What can be known of a thing or a line: one table that forms, files, the completeness score and comparisons all read.

use crate::model::asset::{AssetKind, coded};
use chrono::NaiveDate;
use komainu_exposure::model::ConnectionKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;
use utoipa::ToSchema;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A thing.
    Asset(AssetKind),
    /// A line.
    Connection(ConnectionKind),
}

/// How a fact is written. Its text is always the one canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters.
    Text(usize),
    /// A day as `2026-04-01`.
    Day,
    /// `yes` or `no`.
    YesNo,
    /// A whole number within these bounds, both included.
    Number(u32, u32),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// Who asks for a fact, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// The checklist, and so the inspector, by an item of the catalogue. Which columns a ledger must have is our reading
    /// of the item and shown as such.
    Checklist(&'static str),
    /// Without it nobody can say how dangerous something is, or how to cut it on the day.
    Safety,
    /// Good to have.
    Useful,
}

/// The classes of medical devices by law, from the least risk.
pub const DEVICE_CLASSES: &[&str] = &["1", "2", "3", "4"];
/// How often a copy is made.
pub const COPY_RHYTHMS: &[&str] = &["continuous", "daily", "weekly", "monthly", "rarely"];

use FactType::{Choice, Day, Line, Number, Text, YesNo};

coded! {
    /// Something that can be known of a thing or a line.
    Fact {
        /// The institution's own number for it.
        Number = "number",
        /// Its maker.
        Maker = "maker",
        /// Its model.
        Model = "model",
        /// Its serial number.
        Serial = "serial",
        /// How many alike stand behind this one record.
        Count = "count",
        /// Who in the house looks after it.
        Keeper = "keeper",
        /// The day it came.
        Installed = "installed",
        /// Its operating system.
        Os = "os",
        /// Its program and version.
        Software = "software",
        /// The last day its maker makes updates.
        SupportEnds = "support_ends",
        /// Whether security updates can be put on it.
        Patchable = "patchable",
        /// Its addresses on the network.
        Address = "address",
        /// Its hardware addresses.
        Mac = "mac",
        /// Its name on the network.
        Hostname = "hostname",
        /// Remote-control programs on it.
        RemotePrograms = "remote_programs",
        /// Approval or certification number as a medical device.
        Approval = "approval",
        /// Class of a medical device.
        DeviceClass = "device_class",
        /// Patients' information lies on it.
        HoldsRecords = "holds_records",
        /// Mail or web pages from outside are opened on it.
        ReadsMail = "reads_mail",
        /// USB sticks, discs or people's own devices are attached to it.
        TakesMedia = "takes_media",
        /// How to disconnect it without harm to a patient.
        HowToDisconnect = "how_to_disconnect",
        /// Hours of work to restore it from a good copy.
        RecoveryHours = "recovery_hours",
        /// How often a copy is made.
        CopyRhythm = "copy_rhythm",
        /// How many copies of different days are kept.
        CopiesKept = "copies_kept",
        /// The day somebody last restored from it to try.
        RestoreTriedOn = "restore_tried_on",
        /// Of a shared account: how many people know it.
        KnownBy = "known_by",
        /// Of a shared account: whether it makes an administrator of whoever has it.
        Administrator = "administrator",
        /// Of a shared account: the day its password was last changed.
        ChangedOn = "changed_on",
        /// Of a care process: how urgent it is, 1 (can wait) to 5 (life depends on it).
        Urgency = "urgency",
        /// Of a care process: how it goes on without computers.
        PaperWay = "paper_way",
        /// Of a line: protocol and port.
        Protocol = "protocol",
        /// Of a line: number of the line or contract.
        LineNumber = "line_number",
        /// Of a line: who may open it.
        OpenedBy = "opened_by",
        /// Of a line: the day it was last used.
        LastUsed = "last_used",
        /// Of a line: how to cut it on the day.
        HowToCut = "how_to_cut",
    }
}

impl Fact {
    /// How it is written.
    pub const fn kind(self) -> FactType {
        match self {
            Fact::Number | Fact::Serial | Fact::Approval | Fact::LineNumber => Line(60),
            Fact::Maker
            | Fact::Model
            | Fact::Keeper
            | Fact::Os
            | Fact::Software
            | Fact::Hostname
            | Fact::Protocol => Line(100),
            Fact::Address | Fact::Mac | Fact::RemotePrograms | Fact::OpenedBy => Line(300),
            Fact::Installed | Fact::SupportEnds | Fact::RestoreTriedOn | Fact::ChangedOn | Fact::LastUsed => {
                Day
            }
            Fact::Patchable
            | Fact::HoldsRecords
            | Fact::ReadsMail
            | Fact::TakesMedia
            | Fact::Administrator => YesNo,
            Fact::Count => Number(1, 1_000_000),
            Fact::KnownBy | Fact::RecoveryHours => Number(0, 100_000),
            Fact::CopiesKept => Number(0, 10_000),
            Fact::Urgency => Number(1, 5),
            Fact::DeviceClass => Choice(DEVICE_CLASSES),
            Fact::CopyRhythm => Choice(COPY_RHYTHMS),
            Fact::HowToDisconnect | Fact::HowToCut | Fact::PaperWay => Text(2000),
        }
    }

    /// Who asks for it of such a subject; none where it does not belong there.
    pub fn asked(self, subject: Subject) -> Option<Asked> {
        match subject {
            Subject::Asset(kind) => self.asked_of_asset(kind),
            Subject::Connection(kind) => self.asked_of_connection(kind),
        }
    }

    #[expect(clippy::match_same_arms, reason = "a table reads fact by fact")]
    fn asked_of_asset(self, kind: AssetKind) -> Option<Asked> {
        use AssetKind as K;
        let ledger = Some(Asked::Checklist("asset-ledger"));
        let (safety, useful) = (Some(Asked::Safety), Some(Asked::Useful));
        let device = matches!(
            kind,
            K::Server | K::Terminal | K::NetworkDevice | K::MedicalDevice | K::OfficeDevice | K::DataStore
        );
        match self {
            Fact::Number | Fact::Serial | Fact::Installed | Fact::Hostname | Fact::Mac if device => useful,
            Fact::Maker | Fact::Model | Fact::Keeper | Fact::Count if device => ledger,
            Fact::Os if matches!(kind, K::Server | K::Terminal | K::MedicalDevice) => ledger,
            Fact::Os if device => useful,
            Fact::Software if matches!(kind, K::Server | K::NetworkDevice | K::MedicalDevice) => ledger,
            Fact::Software if device => useful,
            Fact::SupportEnds if device && kind != K::OfficeDevice => Some(Asked::Checklist("patches")),
            Fact::Patchable if kind == K::MedicalDevice => Some(Asked::Checklist("patches")),
            Fact::Address if device => safety,
            Fact::RemotePrograms if matches!(kind, K::Server | K::Terminal | K::MedicalDevice) => {
                Some(Asked::Checklist("remote-maintenance"))
            }
            Fact::Approval | Fact::DeviceClass if kind == K::MedicalDevice => ledger,
            Fact::HoldsRecords
                if matches!(
                    kind,
                    K::Server | K::Terminal | K::DataStore | K::CloudService | K::MedicalDevice
                ) =>
            {
                safety
            }
            Fact::ReadsMail if matches!(kind, K::Terminal | K::Server) => safety,
            Fact::TakesMedia if matches!(kind, K::Terminal | K::Server | K::MedicalDevice) => safety,
            Fact::HowToDisconnect if device => {
                if kind == K::MedicalDevice {
                    safety
                } else {
                    useful
                }
            }
            Fact::RecoveryHours if matches!(kind, K::Server | K::DataStore | K::CloudService) => safety,
            Fact::RecoveryHours if device => useful,
            Fact::CopyRhythm | Fact::CopiesKept | Fact::RestoreTriedOn if kind == K::Backup => {
                Some(Asked::Checklist("backup-restore"))
            }
            Fact::Keeper
                if matches!(kind, K::CloudService | K::Backup | K::AccountGroup | K::CareProcess) =>
            {
                useful
            }
            Fact::KnownBy | Fact::Administrator | Fact::ChangedOn if kind == K::AccountGroup => {
                Some(Asked::Checklist("accounts-cleanup"))
            }
            Fact::Urgency if kind == K::CareProcess => safety,
            Fact::PaperWay if kind == K::CareProcess => Some(Asked::Checklist("bcp")),
            Fact::Address if kind == K::Zone => useful,
            _ => None,
        }
    }

    #[expect(clippy::match_same_arms, reason = "a table reads fact by fact")]
    fn asked_of_connection(self, kind: ConnectionKind) -> Option<Asked> {
        use ConnectionKind as K;
        let outside = matches!(
            kind,
            K::Internet
                | K::Vpn
                | K::IpVpn
                | K::IpsecIke
                | K::RemoteMaintenance
                | K::LteRouter
                | K::RemoteDesktop
                | K::Cloud
        );
        match self {
            Fact::Protocol => Some(Asked::Useful),
            Fact::LineNumber if outside => Some(Asked::Useful),
            Fact::OpenedBy
                if matches!(kind, K::Vpn | K::RemoteMaintenance | K::RemoteDesktop | K::LteRouter) =>
            {
                Some(Asked::Checklist("remote-maintenance"))
            }
            Fact::OpenedBy => Some(Asked::Useful),
            Fact::LastUsed
                if matches!(kind, K::Vpn | K::RemoteMaintenance | K::RemoteDesktop | K::LteRouter) =>
            {
                Some(Asked::Safety)
            }
            Fact::LastUsed => Some(Asked::Useful),
            Fact::HowToCut if outside => Some(Asked::Safety),
            Fact::HowToCut => Some(Asked::Useful),
            _ => None,
        }
    }
}

/// Why a text cannot stand for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactFault {
    /// More characters than it takes.
    TooLong(usize),
    /// No such day.
    NoDay,
    /// Neither `yes` nor `no`.
    NeitherYesNorNo,
    /// No whole number within these bounds.
    NoNumber(u32, u32),
    /// None of its words.
    NoChoice,
}

/// What is known of a thing or a line: for each fact its text in canonical form, never empty.
///
/// What is read back from where it was stored is taken as it is, even where it cannot stand for its fact any more, as
/// somebody may have written it under other bounds. It is kept, shown, and told in its form ([`Facts::fault`]); to whoever
/// asks what is known, nobody has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "BTreeMap<Fact, String>")]
#[schema(value_type = BTreeMap<String, String>)]
pub struct Facts(BTreeMap<Fact, String>);

impl From<BTreeMap<Fact, String>> for Facts {
    fn from(mut texts: BTreeMap<Fact, String>) -> Self {
        texts.retain(|_, text| !text.is_empty());
        Facts(texts)
    }
}

impl Facts {
    /// Sets a fact; an empty text takes it away.
    ///
    /// # Errors
    /// Why the text cannot stand for it; nothing is changed then.
    pub fn set(&mut self, fact: Fact, text: &str) -> Result<(), FactFault> {
        let text = text.trim();
        if text.is_empty() {
            self.0.remove(&fact);
            return Ok(());
        }
        let text = match fact.kind() {
            Line(_) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Text(_) => text.replace("\r\n", "\n"),
            Day | YesNo | Number(..) | Choice(_) => text.to_owned(),
        };
        stands(fact, &text)?;
        // A day and a number can be written in more than one way.
        let canonical = match fact.kind() {
            Day => NaiveDate::from_str(&text).map_err(|_| FactFault::NoDay)?.to_string(),
            Number(least, most) => {
                text.parse::<u32>().map_err(|_| FactFault::NoNumber(least, most))?.to_string()
            }
            Line(_) | Text(_) | YesNo | Choice(_) => text,
        };
        self.0.insert(fact, canonical);
        Ok(())
    }

    /// With one fact more. For facts written in the program.
    ///
    /// # Panics
    /// Where the text cannot stand for it.
    #[must_use]
    pub fn with(mut self, fact: Fact, text: &str) -> Facts {
        self.set(fact, text).expect("a fact written in the program is in its form");
        self
    }

    /// The text of a fact; empty where nobody has said.
    pub fn text(&self, fact: Fact) -> &str {
        self.0.get(&fact).map_or("", String::as_str)
    }

    /// Why what is stored cannot stand for the fact any more.
    pub fn fault(&self, fact: Fact) -> Option<FactFault> {
        stands(fact, self.0.get(&fact)?).err()
    }

    /// Whether anybody has said, in a text that stands for it.
    pub fn known(&self, fact: Fact) -> bool {
        self.sound(fact).is_some()
    }

    /// A day.
    pub fn day(&self, fact: Fact) -> Option<NaiveDate> {
        self.sound(fact)?.parse().ok()
    }

    /// Yes or no.
    pub fn yes(&self, fact: Fact) -> Option<bool> {
        self.sound(fact).map(|text| text == "yes")
    }

    /// A number within its bounds.
    pub fn number(&self, fact: Fact) -> Option<u32> {
        self.sound(fact)?.parse().ok()
    }

    fn sound(&self, fact: Fact) -> Option<&str> {
        self.0.get(&fact).map(String::as_str).filter(|text| stands(fact, text).is_ok())
    }

    /// Every stored fact with its text, in the order of forms.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &str)> {
        self.0.iter().map(|(fact, text)| (*fact, text.as_str()))
    }

    /// Takes away what does not belong to such a subject, as after a change of kind.
    pub fn keep_fitting(&mut self, subject: Subject) {
        self.0.retain(|fact, _| fact.asked(subject).is_some());
    }
}

/// Whether a text stands for a fact.
fn stands(fact: Fact, text: &str) -> Result<(), FactFault> {
    match fact.kind() {
        Line(longest) | Text(longest) if text.chars().count() > longest => Err(FactFault::TooLong(longest)),
        Line(_) | Text(_) => Ok(()),
        Day => NaiveDate::from_str(text).map(drop).map_err(|_| FactFault::NoDay),
        YesNo if ["yes", "no"].contains(&text) => Ok(()),
        YesNo => Err(FactFault::NeitherYesNorNo),
        Number(least, most) => match text.parse::<u32>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => Err(FactFault::NoNumber(least, most)),
        },
        Choice(words) if words.contains(&text) => Ok(()),
        Choice(_) => Err(FactFault::NoChoice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_under_other_bounds_is_kept_and_counts_for_nothing() {
        let long = "あ".repeat(101);
        for (fact, text, fault) in [
            (Fact::Count, "2000000", FactFault::NoNumber(1, 1_000_000)),
            (Fact::Urgency, "9", FactFault::NoNumber(1, 5)),
            (Fact::RecoveryHours, "たくさん", FactFault::NoNumber(0, 100_000)),
            (Fact::SupportEnds, "そのうち", FactFault::NoDay),
            (Fact::HoldsRecords, "maybe", FactFault::NeitherYesNorNo),
            (Fact::CopyRhythm, "yearly", FactFault::NoChoice),
            (Fact::Maker, long.as_str(), FactFault::TooLong(100)),
        ] {
            let stored = serde_json::json!({ fact.code(): text, "model": "X-1", "serial": "" });
            let facts: Facts = serde_json::from_value(stored).unwrap();
            assert_eq!((facts.text(fact), facts.fault(fact)), (text, Some(fault)));
            assert!(!facts.known(fact), "{text}");
            assert_eq!((facts.number(fact), facts.yes(fact), facts.day(fact)), (None, None, None), "{text}");
            assert_eq!((facts.known(Fact::Model), facts.fault(Fact::Model)), (true, None));
            // It is written down again as it was.
            let again = serde_json::to_value(&facts).unwrap();
            assert_eq!(again, serde_json::json!({ fact.code(): text, "model": "X-1" }));
            let mut changed = facts.clone();
            assert_eq!(changed.set(fact, text), Err(fault), "nobody writes it anew");
            assert_eq!(changed, facts);
        }
    }

    #[test]
    fn what_is_set_is_canonical() {
        for (fact, text, canonical) in [
            (Fact::Count, "007", "7"),
            (Fact::SupportEnds, "2026-4-1", "2026-04-01"),
            (Fact::Maker, " 画像  社 ", "画像 社"),
            (Fact::PaperWay, "紙で\r\n書く", "紙で\n書く"),
        ] {
            let mut facts = Facts::default();
            facts.set(fact, text).unwrap();
            assert_eq!(facts.text(fact), canonical);
        }
    }
}
