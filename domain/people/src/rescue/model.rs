//! Types of requests to be let back in.

use crate::model::Token;
use chrono::{DateTime, Duration, Utc};
use komainu_access::PersonId;
use std::str::FromStr;

komainu_db::id! {
    /// A request to be let back in; it does not open anything.
    RescueId
}

/// How long a request waits for an answer.
pub const REQUEST_LIFE: Duration = Duration::days(7);

/// How long the link can be used.
pub const LINK_LIFE: Duration = Duration::hours(24);

/// What somebody lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The password is forgotten.
    Password,
    /// Telephone, security key or whatever held the factors.
    Factor,
    /// Both.
    Both,
}

impl Lost {
    /// All of them.
    pub const ALL: [Lost; 3] = [Lost::Factor, Lost::Password, Lost::Both];

    /// The word in the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Lost::Password => "password",
            Lost::Factor => "factor",
            Lost::Both => "both",
        }
    }
}

impl FromStr for Lost {
    type Err = ();

    fn from_str(code: &str) -> Result<Lost, ()> {
        Lost::ALL.into_iter().find(|lost| lost.code() == code).ok_or(())
    }
}

/// A request, as an organisation of the person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescue {
    /// Which one.
    pub id: RescueId,
    /// Who asks to be let back in, or somebody who says so.
    pub person: PersonId,
    /// That person's name.
    pub name: String,
    /// What they say they lost.
    pub lost: Lost,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// What the browser said it was.
    pub user_agent: String,
    /// Whether the link was made.
    pub linked: bool,
    /// Until when the request waits, or the link can be used.
    pub expires_at: DateTime<Utc>,
    /// Whether this organisation has agreed.
    pub agreed: bool,
    /// How many other organisations of the person have not.
    pub others: i64,
}

/// A request as the person it is about sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRescue {
    /// When somebody asked.
    pub asked_at: DateTime<Utc>,
    /// What the browser said it was.
    pub user_agent: String,
}

/// What came of agreeing.
#[derive(Clone)]
pub enum Agreed {
    /// So many other organisations of the person have to agree as well.
    Waiting(i64),
    /// Everyone has: the link, which is shown now and never again.
    Linked {
        /// For whom.
        name: String,
        /// The end of the link.
        token: Token,
        /// Until when it can be used.
        until: DateTime<Utc>,
    },
}
