//! Plans, what they started, and who knows.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_contact::{ContactId, WayHours, WayKind};
use komainu_db::uuid::Uuid;
use serde::{Deserialize, Serialize};
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

komainu_db::coded! {
    /// What starts a plan by itself.
    #[derive(Default)]
    StartsWith as "EscalationStartsWith", "what starts a plan":
    /// Nothing: somebody starts it.
    #[default]
    Hand = "hand",
    /// A report of a near miss that cannot wait.
    NearMiss = "near_miss",
    /// An incident that was declared.
    Incident = "incident",
}

komainu_db::coded! {
    /// What a calling-out is for.
    Kind as "EscalationKind", "kind of calling-out":
    /// Something happened.
    Event = "event",
    /// The network is tried.
    Test = "test",
}

komainu_db::coded! {
    /// Where a calling-out stands.
    State as "EscalationState", "state of a calling-out":
    /// Somebody is being asked.
    Running = "running",
    /// Somebody knows, or everybody who has to.
    Known = "known",
    /// Nobody is left to ask.
    Exhausted = "exhausted",
    /// Somebody stopped it.
    Stopped = "stopped",
}

komainu_db::coded! {
    /// Where it stands with one person.
    CallState as "EscalationCallState", "state of a call":
    /// Not asked yet.
    Waiting = "waiting",
    /// Asked; an answer is waited for.
    Asked = "asked",
    /// Knows.
    Known = "known",
    /// Said that they cannot.
    Declined = "declined",
    /// Did not answer in time.
    Silent = "silent",
    /// No way worked.
    Unreachable = "unreachable",
    /// Need not be asked: somebody else knows.
    NotNeeded = "not_needed",
}

komainu_db::coded! {
    /// How somebody came to know.
    KnownHow as "EscalationKnownHow", "way to know":
    /// By the address in a message.
    Link = "link",
    /// Somebody telephoned and wrote it down.
    Call = "call",
    /// Signed in, on the board.
    Own = "self",
}

komainu_db::coded! {
    /// Where a message stands.
    MessageState as "EscalationMessageState", "state of a message":
    /// Handed over just now, or when a crash came.
    Begun = "begun",
    /// The provider took it.
    Sent = "sent",
    /// It surely did not go.
    Failed = "failed",
    /// Nobody knows whether it went.
    Unknown = "unknown",
}

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
    /// The number by which an answer can be given as well; may be empty.
    #[serde(default)]
    pub phone: String,
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
