//! Design rules: what is dangerous about how things are connected.
//!
//! Each rule has a number that stays its own. A finding names the line and the things that it is about; the words are in
//! [`crate::words`]. Sources are ids of the catalogue; a rule without one is our own reading, and shown as such. What nobody
//! has written down is never taken for wrong: where it matters, it is a milder finding that says what to ask.

mod house;
mod lines;
mod things;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use house::House;
use komainu_inventory::{ConnectionId, End, Ledger};
use std::cmp::Reverse;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A question that somebody should ask.
    Ask,
    /// To be put right.
    Warn,
    /// What attacks have used.
    Danger,
}

impl Severity {
    /// 0 to 2.
    pub const fn level(self) -> u8 {
        match self {
            Severity::Ask => 0,
            Severity::Warn => 1,
            Severity::Danger => 2,
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $number:literal items [$($item:literal),*] sources [$($source:literal),*];)+) => {
        /// A design rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $name),+ }

        impl Rule {
            /// Every rule, by its number.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),+];

            /// `N1` and so on; a number is never given to another rule.
            pub const fn number(self) -> &'static str {
                match self { $(Rule::$name => $number),+ }
            }

            /// Items of the checklist that keeping it helps to answer.
            pub const fn items(self) -> &'static [&'static str] {
                match self { $(Rule::$name => &[$($item),*]),+ }
            }

            /// Sources of the catalogue that it rests on; empty where it is our own reading.
            pub const fn sources(self) -> &'static [&'static str] {
                match self { $(Rule::$name => &[$($source),*]),+ }
            }
        }
    };
}

rules! {
    /// Two zones are joined by a line that lets everything pass.
    ZonesJoined = "N1" items ["source-restriction", "stop-services"] sources ["handa-report"];
    /// A vendor's line ends at what holds patients' records.
    VendorToRecords = "N2" items ["remote-maintenance", "source-restriction"] sources ["osaka-kochi"];
    /// A line from outside can be opened from anywhere.
    AnySource = "N3" items ["source-restriction", "remote-maintenance"] sources ["handa-report", "okayama-report"];
    /// A VPN box without updates, without its maker's support or without a second proof.
    WeakVpnBox = "N4" items ["patches", "two-factor", "remote-maintenance"]
        sources ["handa-report", "okayama-report", "npa-2025-h1"];
    /// A screen can be used from outside.
    RemoteDesktopFromOutside = "N5" items ["stop-services", "remote-maintenance"] sources ["npa-2024", "npa-2025-h1"];
    /// A copy lies in the same zone as what it is a copy of.
    CopyBesideOriginal = "N6" items ["backup-restore"] sources ["handa-report", "okayama-report"];
    /// Whoever manages the original manages its copy too.
    CopyManagedAlike = "N7" items ["backup-restore", "access-rights"] sources ["okayama-report"];
    /// One password opens both the original and its copy.
    CopyOpenedAlike = "N8" items ["backup-restore", "password-reuse"] sources ["handa-report", "okayama-report"];
    /// No copy is off every line.
    NoOfflineCopy = "N9" items ["backup-restore"] sources ["naruto-restore", "npa-2025"];
    /// No copy of records is written down.
    NoCopy = "N10" items ["backup-restore"] sources [];
    /// Support is over, and the outside is near.
    SupportOver = "N11" items ["patches", "asset-ledger"] sources ["handa-report", "okayama-report"];
    /// A medical device that takes no updates stands among others.
    UnpatchableAmongOthers = "N12" items ["patches"] sources [];
    /// One administrator's password opens several things.
    SharedAdministrator = "N13" items ["password-reuse", "access-rights"]
        sources ["handa-report", "osaka-cbnews", "osaka-asahi"];
    /// Records or medical devices share a zone with computers that read mail.
    MailAmongRecords = "N14" items ["source-restriction"] sources ["handa-report"];
    /// A thing stands in two networks.
    Bridge = "N15" items ["source-restriction", "asset-ledger"] sources ["lab-textbook"];
    /// A mobile router that nobody answers for.
    OwnerlessRouter = "N16" items ["remote-maintenance", "asset-ledger"] sources [];
    /// A line to the outside was long not used.
    LongUnused = "N17" items ["remote-maintenance"] sources [];
    /// Nobody has written down how to cut a line to the outside.
    NoWayToCut = "N18" items ["bcp"] sources [];
    /// A remote-control program on what holds records.
    RemoteControl = "N19" items ["remote-maintenance", "stop-services"] sources [];
    /// Computers that read mail reach a folder with records.
    SharedFolderFromMail = "N20" items ["access-rights"] sources [];
    /// The eligibility terminal has another line than the closed ones.
    EligibilityLine = "N21" items ["remote-maintenance", "source-restriction"] sources ["eligibility-lines"];
    /// Antivirus can be stopped on the thing itself.
    StoppableAntivirus = "N22" items ["access-rights"] sources ["osaka-cbnews"];
    /// A vendor's line stands open all the time.
    AlwaysOpen = "N23" items ["remote-maintenance"] sources ["osaka-kochi"];
}

/// What breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The line it is about.
    pub line: Option<ConnectionId>,
    /// The things it is about.
    pub things: Vec<End>,
}

/// What breaks a rule in a ledger, the worst first, then by the rule's number, then as the ledger has it.
pub fn findings(ledger: &Ledger, today: NaiveDate) -> Vec<Finding> {
    let house = House::of(ledger, today);
    let mut found = Vec::new();
    lines::check(&house, &mut found);
    things::check(&house, &mut found);
    found.sort_by_key(|finding: &Finding| (Reverse(finding.severity), finding.rule));
    found
}
