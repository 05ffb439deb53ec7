//! Webhooks, events and messages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use komainu_access::OrganisationId;
use komainu_notify::Url;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

komainu_db::id! {
    /// A webhook of an institution.
    WebhookId
}

/// What another program may be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookEvent)]
pub enum Event {
    /// An item was answered, or an earlier year's answer confirmed.
    #[serde(rename = "item.answered")]
    ItemAnswered,
    /// An item was given to somebody, or taken back.
    #[serde(rename = "item.assigned")]
    ItemAssigned,
    /// A vendor answered what it was asked about an item; the answer waits to be looked at.
    #[serde(rename = "reply.received")]
    ReplyReceived,
    /// Evidence was added to an item.
    #[serde(rename = "evidence.added")]
    EvidenceAdded,
    /// Evidence was removed from an item.
    #[serde(rename = "evidence.removed")]
    EvidenceRemoved,
    /// A year's round was opened, or opened again.
    #[serde(rename = "round.opened")]
    RoundOpened,
    /// A year's round was closed.
    #[serde(rename = "round.closed")]
    RoundClosed,
    /// A system, vendor or contact was added, changed or removed.
    #[serde(rename = "ledger.changed")]
    LedgerChanged,
    /// Somebody joined.
    #[serde(rename = "member.joined")]
    MemberJoined,
    /// Somebody's membership ended.
    #[serde(rename = "member.ended")]
    MemberEnded,
    /// An inspection pack was made.
    #[serde(rename = "pack.made")]
    PackMade,
    /// Somebody reported a near miss.
    #[serde(rename = "near_miss.reported")]
    NearMissReported,
}

impl Event {
    /// Every event, in the order in which they are offered.
    pub const ALL: [Event; 12] = [
        Event::ItemAnswered,
        Event::ItemAssigned,
        Event::ReplyReceived,
        Event::EvidenceAdded,
        Event::EvidenceRemoved,
        Event::RoundOpened,
        Event::RoundClosed,
        Event::LedgerChanged,
        Event::MemberJoined,
        Event::MemberEnded,
        Event::PackMade,
        Event::NearMissReported,
    ];

    /// The name in messages, forms and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Event::ItemAnswered => "item.answered",
            Event::ItemAssigned => "item.assigned",
            Event::ReplyReceived => "reply.received",
            Event::EvidenceAdded => "evidence.added",
            Event::EvidenceRemoved => "evidence.removed",
            Event::RoundOpened => "round.opened",
            Event::RoundClosed => "round.closed",
            Event::LedgerChanged => "ledger.changed",
            Event::MemberJoined => "member.joined",
            Event::MemberEnded => "member.ended",
            Event::PackMade => "pack.made",
            Event::NearMissReported => "near_miss.reported",
        }
    }

    /// The event of a name; none where it is no event, such as one of an older version.
    pub fn from_code(code: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.code() == code)
    }
}

/// The events of their names, divided by spaces.
pub(crate) fn events(text: &str) -> BTreeSet<Event> {
    text.split(' ').filter_map(Event::from_code).collect()
}

/// The names of events, divided by spaces.
pub(crate) fn codes(events: &BTreeSet<Event>) -> String {
    events.iter().map(|event| event.code()).collect::<Vec<_>>().join(" ")
}

/// An address that is told of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Which one.
    pub id: WebhookId,
    /// Where messages go.
    pub url: Url,
    /// Of what it is told.
    pub events: BTreeSet<Event>,
    /// Since when there is one.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
    /// Since when nothing has got through; none where the last message did.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it was stopped.
    pub stopped: Option<Stopped>,
    /// Counts the changes.
    pub version: i64,
}

/// A webhook that is told nothing at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Since when.
    pub at: DateTime<Utc>,
    /// By whom; nobody where the program did, because nothing got through.
    pub by: Option<String>,
}

/// What a person says about a webhook.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where messages go.
    pub url: Url,
    /// Of what it is told.
    pub events: BTreeSet<Event>,
}

/// The secret that signs messages.
#[derive(Clone)]
pub struct SigningSecret(pub(crate) Vec<u8>);

impl SigningSecret {
    /// A secret from random bytes.
    pub fn new(random: [u8; 32]) -> SigningSecret {
        SigningSecret(random.to_vec())
    }

    /// As it is given to the other program.
    pub fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }
}

/// What a delivery's job is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event; none for a test.
    pub event: Option<Event>,
    /// The message, exactly as it is signed and sent.
    pub body: String,
}

/// A message to another program.
#[derive(Debug, Serialize)]
pub(crate) struct Message<'a> {
    /// The event's name.
    #[serde(rename = "type")]
    pub(crate) kind: &'a str,
    /// When it happened.
    pub(crate) timestamp: DateTime<Utc>,
    /// To what.
    pub(crate) data: Data<'a>,
}

/// To what something happened.
#[derive(Debug, Serialize)]
pub(crate) struct Data<'a> {
    /// In which organisation.
    pub(crate) organisation: OrganisationId,
    /// The number of the entry in its log; none for a test.
    pub(crate) entry: Option<i64>,
    /// What it happened to, as the log names it.
    pub(crate) object: Option<Object<'a>>,
}

/// A thing by its name in the log.
#[derive(Debug, Serialize)]
pub(crate) struct Object<'a> {
    /// What kind of thing.
    pub(crate) kind: &'a str,
    /// Which one.
    pub(crate) id: &'a str,
}
