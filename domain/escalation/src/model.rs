//! Plans, what they started, and who knows.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_contact::{ContactId, WayHours, WayKind};
use komainu_db::uuid::Uuid;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A plan: who is asked in which order.
    PlanId
}

komainu_db::id! {
    /// One calling-out.
    EscalationId
}

komainu_db::id! {
    /// Somebody who is to know.
    CallId
}

komainu_db::id! {
    /// A message on its way.
    MessageId
}

/// The text is none of the codes that may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

/// A word with a code: its list, its code and the way back.
macro_rules! coded {
    ($name:ident: $($variant:ident = $code:literal),+ $(,)?) => {
        impl $name {
            /// All of them, in the order of forms.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word stored in the database and used in forms.
            pub const fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $code,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                $name::ALL.iter().copied().find(|word| word.code() == code).ok_or(UnknownCode)
            }
        }
    };
}

/// What starts a plan by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationStartsWith)]
pub enum StartsWith {
    /// Nothing: somebody starts it.
    #[default]
    Hand,
    /// A report of a near miss that cannot wait.
    NearMiss,
    /// An incident that was declared.
    Incident,
}
coded!(StartsWith: Hand = "hand", NearMiss = "near_miss", Incident = "incident");

/// What a calling-out is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationKind)]
pub enum Kind {
    /// Something happened.
    Event,
    /// The network is tried.
    Test,
}
coded!(Kind: Event = "event", Test = "test");

/// Where a calling-out stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationState)]
pub enum State {
    /// Somebody is being asked.
    Running,
    /// Somebody knows, or everybody who has to.
    Known,
    /// Nobody is left to ask.
    Exhausted,
    /// Somebody stopped it.
    Stopped,
}
coded!(State: Running = "running", Known = "known", Exhausted = "exhausted", Stopped = "stopped");

/// Where it stands with one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationCallState)]
pub enum CallState {
    /// Not asked yet.
    Waiting,
    /// Asked; an answer is waited for.
    Asked,
    /// Knows.
    Known,
    /// Said that they cannot.
    Declined,
    /// Did not answer in time.
    Silent,
    /// No way worked.
    Unreachable,
    /// Need not be asked: somebody else knows.
    NotNeeded,
}
coded!(CallState: Waiting = "waiting", Asked = "asked", Known = "known", Declined = "declined", Silent = "silent",
    Unreachable = "unreachable", NotNeeded = "not_needed");

/// How somebody came to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationKnownHow)]
pub enum KnownHow {
    /// By the address in a message.
    Link,
    /// Somebody telephoned and wrote it down.
    Call,
    /// Signed in, on the board.
    Own,
}
coded!(KnownHow: Link = "link", Call = "call", Own = "self");

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EscalationMessageState)]
pub enum MessageState {
    /// Handed over just now, or when a crash came.
    Begun,
    /// The provider took it.
    Sent,
    /// It surely did not go.
    Failed,
    /// Nobody knows whether it went.
    Unknown,
}
coded!(MessageState: Begun = "begun", Sent = "sent", Failed = "failed", Unknown = "unknown");

/// A step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationStep)]
pub struct Step {
    /// Who is asked.
    pub contact: ContactId,
    /// How long an answer is waited for, in minutes: 1 to 120.
    #[schema(minimum = 1, maximum = 120)]
    pub wait_minutes: i64,
}

/// What people write about a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EscalationPlanDetails)]
pub struct PlanDetails {
    /// How the house calls it: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What starts it by itself.
    pub starts_with: StartsWith,
    /// All steps are asked at once and each has to know; else one after another until one knows.
    pub everyone: bool,
    /// Who is asked, at most [`PlanDetails::STEPS_MOST`].
    #[schema(min_items = 1, max_items = 20)]
    pub steps: Vec<Step>,
}

impl PlanDetails {
    /// Most steps of a plan.
    pub const STEPS_MOST: usize = 20;
    /// Longest wait of a step, in minutes.
    pub const WAIT_MOST: i64 = 120;
}

/// A plan as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EscalationPlan)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// What people wrote.
    #[serde(flatten)]
    pub details: PlanDetails,
    /// Grows by one with each change.
    pub version: i64,
}

/// What people are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What it is about, in a line.
    pub title: String,
    /// What is known so far.
    pub words: String,
    /// The page of the house that shows it; may be empty.
    pub path: String,
}

/// One calling-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Its id.
    pub id: EscalationId,
    /// The plan that it follows; none for a test.
    pub plan: Option<PlanId>,
    /// The plan's name when it was started.
    pub plan_name: String,
    /// What it is for.
    pub kind: Kind,
    /// Whether every step has to know.
    pub everyone: bool,
    /// What it is about: a kind of thing and its id.
    pub subject: Option<(String, Uuid)>,
    /// What people are told.
    pub told: Told,
    /// Where it stands.
    pub state: State,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// By whom.
    pub started_by_name: String,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Grows with each change of it or of one of its calls.
    pub version: i64,
}

/// A way as it was when the calling-out was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// How.
    pub kind: WayKind,
    /// Number or address.
    pub address: String,
    /// When it is of use.
    pub hours: WayHours,
}

/// Who it is, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callee {
    /// Their name.
    pub name: String,
    /// Their duty: a code or the house's own word.
    pub duty: String,
    /// How they are reached, in the order of use.
    pub ways: Vec<Reached>,
}

/// Somebody who is to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// The step of the plan.
    pub step: i64,
    /// 0 for whom the step names, then the stand-ins.
    pub place: i64,
    /// The contact.
    pub contact: ContactId,
    /// Who it is.
    pub callee: Callee,
    /// How long an answer is waited for.
    pub wait_minutes: i64,
    /// Where it stands.
    pub state: CallState,
    /// How many of the ways were tried.
    pub tried: usize,
    /// By how many something may have gone.
    pub sent: i64,
    /// When they were asked first.
    pub asked_at: Option<DateTime<Utc>>,
    /// When the next way is tried.
    pub next_at: Option<DateTime<Utc>>,
    /// Until when an answer is waited for.
    pub due_at: Option<DateTime<Utc>>,
    /// When they knew, or said that they cannot.
    pub known_at: Option<DateTime<Utc>>,
    /// How they came to know.
    pub known_how: Option<KnownHow>,
    /// Who wrote it down.
    pub known_by_name: String,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// For whom.
    pub call: CallId,
    /// Which of the call's ways.
    pub position: usize,
    /// By which way.
    pub way: WayKind,
    /// Where it stands.
    pub state: MessageState,
    /// When it was handed over.
    pub begun_at: DateTime<Utc>,
    /// When it was known what became of it.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the provider said, without any address.
    pub said: String,
}

/// All of one calling-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub escalation: Escalation,
    /// Who is to know, in the order of asking.
    pub calls: Vec<Call>,
    /// What was sent, in the order of sending.
    pub messages: Vec<Message>,
}

/// When the network is tried by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ContactTestSchedule)]
pub struct Schedule {
    /// Every so many months; 0 for never.
    pub months: i64,
    /// The day of the next test; of no meaning where there is none.
    pub next_on: NaiveDate,
    /// Grows by one with each change; 0 where nothing was ever set.
    pub version: i64,
}
