//! Types of links to the sign-in service, and of the ways there.

use chrono::{DateTime, Utc};
use komainu_access::SessionId;
use komainu_openid::Flow;
use serde::{Deserialize, Serialize};

komainu_db::id! {
    /// A link to the sign-in service, as its owner's list knows it; it does not open anything.
    SignInLinkId
}

/// A link as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLink {
    /// Which one.
    pub id: SignInLinkId,
    /// The service, by its address.
    pub issuer: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last opened the account.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a browser goes to the service for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// To sign in.
    SignIn,
    /// To link the account of this session's person.
    Link(SessionId),
    /// To prove who this session's person is.
    Prove(SessionId),
}

impl Errand {
    /// Whose session it is about.
    pub const fn session(self) -> Option<SessionId> {
        match self {
            Errand::SignIn => None,
            Errand::Link(session) | Errand::Prove(session) => Some(session),
        }
    }
}

/// What waits for a browser to come back from the service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Way {
    /// What it went for.
    pub errand: Errand,
    /// The secrets of the way.
    pub flow: Flow,
    /// Where it goes on here.
    pub next: String,
}
