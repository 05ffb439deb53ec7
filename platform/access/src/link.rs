//! Links (リンク): an address or a QR code with which somebody without an account does one thing.
//!
//! A link leads to a [`Scope`] in which no [`Permission`] is given. It answers one question with yes: whether it was made
//! for a certain [`Purpose`] ([`Scope::link_for`]). So whatever asks for a permission refuses it without knowing of links.

use crate::{OrganisationId, Permission, Scope, secret, store};
use chrono::{DateTime, Duration, Utc};
use komainu_db::{DbError, Tx};
use std::fmt;
use std::str::FromStr;

komainu_db::id! {
    /// Names a link in lists and in the log; it does not open anything.
    LinkId
}

secret::secret! {
    /// The secret at the end of a link's address.
    LinkToken
}

/// The one thing that a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// A vendor answers what a letter asked it about the checklist.
    LetterReply,
    /// Whoever stands at a place reports a near miss: the QR code of a poster.
    NearMissReport,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Purpose; 2] = [Purpose::LetterReply, Purpose::NearMissReport];

    /// The word stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::LetterReply => "letter_reply",
            Purpose::NearMissReport => "near_miss_report",
        }
    }

    /// The address of its pages; the secret follows.
    pub const fn path(self) -> &'static str {
        match self {
            Purpose::LetterReply => "/l/reply",
            Purpose::NearMissReport => "/l/report",
        }
    }

    /// The longest that a link can work.
    pub const fn longest(self) -> Duration {
        match self {
            Purpose::LetterReply => Duration::days(90),
            // A poster hangs until somebody takes it down; with the yearly stock-take it is made anew.
            Purpose::NearMissReport => Duration::days(800),
        }
    }

    /// How often a link can be used; none for as often as is wished until it ends.
    pub const fn uses(self) -> Option<i64> {
        match self {
            // A reply is sent once, like a letter: the address that stays behind in a mailbox opens nothing.
            Purpose::LetterReply => Some(1),
            // Everybody who passes a poster may use it.
            Purpose::NearMissReport => None,
        }
    }

    /// What a member must be allowed to do themselves to have somebody do it with a link.
    pub const fn given_with(self) -> Permission {
        match self {
            Purpose::LetterReply => Permission::ChecklistAnswer,
            Purpose::NearMissReport => Permission::NearMissHandle,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown purpose")]
pub struct UnknownPurpose;

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Purpose::ALL.into_iter().find(|purpose| purpose.code() == code).ok_or(UnknownPurpose)
    }
}

/// A link that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its name in lists and in the log.
    pub id: LinkId,
    /// The organisation that gave it.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// The one thing that it is for.
    pub purpose: Purpose,
    /// What it is about, as its purpose writes it.
    pub subject: String,
    /// Whom or what it is for, in words.
    pub name: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Links as the door sees them: found by their secret, used up, ended. Making and listing them is a domain's.
pub struct Links;

impl Links {
    /// The link behind a secret, if it works and is for this purpose. Looking uses nothing up.
    pub fn find(
        tx: &mut Tx<'_>,
        token: &LinkToken,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<Link>, DbError> {
        store::link_find(tx, &token.hash(), purpose, now)
    }

    /// Counts a use of the scope's link; false where it does not work any more, as of two uses at once the second finds.
    pub fn spend(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<bool, DbError> {
        match scope.link() {
            Some(link) => store::link_spend(tx, scope, link.id, now),
            None => Ok(false),
        }
    }

    /// Ends every link of everybody, as after a restore: what was used or withdrawn since must not come back to life. An
    /// archive from before there were links has none.
    pub fn end_all(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<usize, DbError> {
        if tx.tables()?.iter().any(|table| table.name == "link") {
            store::links_end_every(tx, now)
        } else {
            Ok(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use komainu_db::uuid::Uuid;

    fn link() -> Link {
        Link {
            id: LinkId(Uuid::from_u128(1)),
            organisation: OrganisationId(Uuid::from_u128(2)),
            organisation_name: "A病院".to_owned(),
            purpose: Purpose::LetterReply,
            subject: String::new(),
            name: "電子カルテの業者".to_owned(),
            expires_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_link_gives_no_permission_and_one_purpose() {
        let scope = Scope::by_link(&link()).named("保守の担当者");
        for permission in Permission::ALL {
            assert!(!scope.may(permission), "{permission:?}");
            assert!(!scope.clone().administrating(true).may(permission), "{permission:?}");
        }
        assert_eq!(scope.link_for(Purpose::LetterReply), Ok(&link()));
        assert_eq!((scope.person_name(), scope.organisation()), ("保守の担当者", link().organisation));
    }

    #[test]
    fn no_role_is_a_link() {
        for role in Role::ALL {
            let scope = Scope::new(crate::PersonId(Uuid::nil()), "", link().organisation, role);
            assert!(scope.link_for(Purpose::LetterReply).is_err(), "{role}");
        }
    }

    #[test]
    fn purposes_go_there_and_back_and_their_addresses_differ() {
        let paths: std::collections::BTreeSet<_> =
            Purpose::ALL.iter().map(|purpose| purpose.path()).collect();
        assert_eq!(paths.len(), Purpose::ALL.len());
        for purpose in Purpose::ALL {
            assert_eq!(purpose.code().parse(), Ok(purpose));
            assert!(purpose.path().starts_with("/l/") && purpose.longest() > Duration::zero());
        }
    }
}
