//! Controls: what stands in an attacker's way.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Whether a control is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is there.
    Present,
    /// It is not.
    Absent,
    /// Nobody has said.
    #[default]
    Unknown,
}

impl State {
    /// The word in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            State::Present => "present",
            State::Absent => "absent",
            State::Unknown => "unknown",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [State::Present, State::Absent, State::Unknown]
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or(())
    }
}

/// What a control is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A thing.
    Node,
    /// A line.
    Connection,
    /// A shared secret.
    Credential,
}

macro_rules! controls {
    ($($(#[$doc:meta])* $name:ident = $code:literal on [$($place:ident),+] items [$($item:literal),*];)+) => {
        /// A control. The word in JSON is its name in small letters with underscores.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Control { $($(#[$doc])* $name),+ }

        impl Control {
            /// Every control, in the order of this list.
            pub const ALL: &'static [Control] = &[$(Control::$name),+];

            /// The word in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Control::$name => $code),+ }
            }

            /// What it can be on.
            pub const fn places(self) -> &'static [Place] {
                match self { $(Control::$name => &[$(Place::$place),+]),+ }
            }

            /// Items of the ministry's checklist that putting it in place helps to answer, by their ids in the
            /// catalogue. Empty where no item of the checklist asks for it.
            pub const fn items(self) -> &'static [&'static str] {
                match self { $(Control::$name => &[$($item),*]),+ }
            }
        }
    };
}

controls! {
    /// Known holes are closed by updates.
    Updates = "updates" on [Node] items ["patches"];
    /// The maker still makes updates.
    Supported = "supported" on [Node] items ["patches", "asset-ledger"];
    /// Antivirus runs.
    Antivirus = "antivirus" on [Node] items [];
    /// Antivirus cannot be stopped or removed on the thing itself, even by its administrator.
    AntivirusLocked = "antivirus_locked" on [Node] items ["access-rights"];
    /// A firewall on the thing itself lets in only what is needed.
    HostFirewall = "host_firewall" on [Node] items ["stop-services"];
    /// Services that nobody needs are off; remote desktop among them.
    ServicesStopped = "services_stopped" on [Node] items ["stop-services"];
    /// People work without administrator rights.
    UsersNotAdmin = "users_not_admin" on [Node] items ["access-rights"];
    /// Passwords are long.
    StrongPassword = "strong_password" on [Node, Connection, Credential] items ["password-strength"];
    /// Wrong passwords lock the account.
    Lockout = "lockout" on [Node, Connection, Credential] items ["password-strength"];
    /// Two different proofs of who one is.
    TwoFactor = "two_factor" on [Node, Connection, Credential] items ["two-factor"];
    /// Passwords of delivery, leaked ones and those of people who left have been changed.
    CredentialsChanged = "credentials_changed" on [Node, Connection, Credential] items ["accounts-cleanup", "password-strength"];
    /// Each thing has a password of its own.
    UniquePassword = "unique_password" on [Credential] items ["password-reuse", "access-rights"];
    /// The secret cannot be read where it is used (protected memory, not typed on everyday terminals).
    CredentialProtected = "credential_protected" on [Credential] items ["access-rights"];
    /// Only named addresses or devices can open it.
    SourceLimited = "source_limited" on [Connection] items ["source-restriction"];
    /// It is closed except when somebody has asked for it.
    OnDemand = "on_demand" on [Connection] items ["remote-maintenance"];
    /// Only the ports and addresses that are needed pass.
    Filtered = "filtered" on [Connection] items ["source-restriction", "stop-services"];
    /// Logs are kept elsewhere and somebody looks at them.
    LogWatched = "log_watched" on [Node, Connection] items ["access-log"];
    /// Only permitted media can be attached.
    MediaLimited = "media_limited" on [Node, Connection] items ["media-control"];
    /// Mail and pages are filtered, and people know what to do with a strange one.
    MailFiltered = "mail_filtered" on [Node] items ["rules"];
    /// Only needed talk to the outside is possible.
    OutboundLimited = "outbound_limited" on [Node] items ["source-restriction"];
    /// One copy is not connected to anything.
    OfflineCopy = "offline_copy" on [Node] items ["backup-restore"];
    /// Copies of several days are kept and cannot be overwritten.
    Generations = "generations" on [Node] items ["backup-restore"];
    /// Somebody has restored from it to try.
    RestoreTested = "restore_tested" on [Node] items ["backup-restore", "bcp"];
    /// The directory's administrators cannot sign in on it.
    SeparateFromDomain = "separate_from_domain" on [Node] items ["backup-restore", "access-rights"];
}

impl Control {
    /// Whether it can be on such a thing.
    pub fn fits(self, place: Place) -> bool {
        self.places().contains(&place)
    }
}

impl FromStr for Control {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Control::ALL.iter().copied().find(|control| control.code() == code).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_word_in_json() {
        for &control in Control::ALL {
            assert_eq!(serde_json::to_value(control).unwrap(), control.code());
            assert!(!control.places().is_empty());
        }
    }

    #[test]
    fn every_item_is_in_the_catalogue() {
        let catalog = komainu_catalog::Catalog::embedded().unwrap();
        for &control in Control::ALL {
            for item in control.items() {
                let known = catalog.items().iter().any(|row| row.id.as_str() == *item);
                assert!(known, "{} names the item {item}", control.code());
            }
        }
    }
}
