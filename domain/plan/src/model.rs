//! What the plan is made from, and what it is made of.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{PersonId, Role};
use komainu_calendar::FiscalYear;
use komainu_catalog::{
    Doer, InstitutionKind, ItemId, Level, PlacementId, Scope as AskedAbout, StepId, SystemsStyle,
};
use komainu_incident::IncidentId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

mod reason;

pub use reason::Reason;

/// The text is none of the codes that may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

/// Work that Komainu itself asks for, beside the catalogue's steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HouseStep {
    /// Finish the setup interview.
    Interview,
    /// Open this year's round.
    OpenRound,
    /// Confirm what was carried over from an earlier year.
    Confirm,
    /// Answer what has no answer yet.
    Answer,
    /// Answer an item whose steps are done.
    AnswerItem(ItemId),
    /// Add the dates that answered rows lack.
    Dates,
    /// Call the vendors whose replies are overdue.
    ChaseVendors,
    /// Put the systems into the ledger.
    Systems,
    /// Find out for each system whether somebody enters from outside.
    RemoteAccess,
    /// Put people and numbers into the contact network.
    Contacts,
    /// Close the gaps of the contact network.
    ContactGaps,
    /// Try the contact network.
    ContactTest,
    /// Add the numbers of vendors that cannot be reached.
    VendorNumbers,
    /// Walk through the house with the ledger's list.
    StockTake,
    /// Do what was decided after near misses.
    Measures,
    /// Tell those who must be told of an incident.
    Duties,
    /// Go on with the tasks of an incident.
    IncidentTasks,
}

impl HouseStep {
    /// Whether an incident that goes on asks for it.
    pub const fn is_of_incident(&self) -> bool {
        matches!(self, HouseStep::Duties | HouseStep::IncidentTasks)
    }
}

/// Names a step of the plan: in storage and addresses the catalogue's id, or `house.` and a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepKey {
    /// Work that Komainu asks for.
    House(HouseStep),
    /// A step of the catalogue.
    Catalog(StepId),
}

impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            StepKey::Catalog(id) => return id.fmt(f),
            StepKey::House(HouseStep::AnswerItem(item)) => return write!(f, "house.answer.{item}"),
            StepKey::House(HouseStep::Interview) => "interview",
            StepKey::House(HouseStep::OpenRound) => "open-round",
            StepKey::House(HouseStep::Confirm) => "confirm",
            StepKey::House(HouseStep::Answer) => "answer",
            StepKey::House(HouseStep::Dates) => "dates",
            StepKey::House(HouseStep::ChaseVendors) => "chase-vendors",
            StepKey::House(HouseStep::Systems) => "systems",
            StepKey::House(HouseStep::RemoteAccess) => "remote-access",
            StepKey::House(HouseStep::Contacts) => "contacts",
            StepKey::House(HouseStep::ContactGaps) => "contact-gaps",
            StepKey::House(HouseStep::ContactTest) => "contact-test",
            StepKey::House(HouseStep::VendorNumbers) => "vendor-numbers",
            StepKey::House(HouseStep::StockTake) => "stock-take",
            StepKey::House(HouseStep::Measures) => "measures",
            StepKey::House(HouseStep::Duties) => "duties",
            StepKey::House(HouseStep::IncidentTasks) => "incident-tasks",
        };
        write!(f, "house.{word}")
    }
}

impl FromStr for StepKey {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let Some(word) = text.strip_prefix("house.") else {
            return text.parse().map(StepKey::Catalog).map_err(|_| UnknownCode);
        };
        if let Some(item) = word.strip_prefix("answer.") {
            return item.parse().map(|item| HouseStep::AnswerItem(item).into()).map_err(|_| UnknownCode);
        }
        Ok(StepKey::House(match word {
            "interview" => HouseStep::Interview,
            "open-round" => HouseStep::OpenRound,
            "confirm" => HouseStep::Confirm,
            "answer" => HouseStep::Answer,
            "dates" => HouseStep::Dates,
            "chase-vendors" => HouseStep::ChaseVendors,
            "systems" => HouseStep::Systems,
            "remote-access" => HouseStep::RemoteAccess,
            "contacts" => HouseStep::Contacts,
            "contact-gaps" => HouseStep::ContactGaps,
            "contact-test" => HouseStep::ContactTest,
            "vendor-numbers" => HouseStep::VendorNumbers,
            "stock-take" => HouseStep::StockTake,
            "measures" => HouseStep::Measures,
            "duties" => HouseStep::Duties,
            "incident-tasks" => HouseStep::IncidentTasks,
            _ => return Err(UnknownCode),
        }))
    }
}

impl From<HouseStep> for StepKey {
    fn from(step: HouseStep) -> Self {
        StepKey::House(step)
    }
}

impl Serialize for StepKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What was said about a step this fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkState {
    /// It is done.
    Done,
    /// It does not concern this institution.
    NotForUs,
    /// It waits until a day.
    Later,
    /// Nothing any more: what was said was taken back.
    Open,
}

impl MarkState {
    /// Every state.
    pub const ALL: [MarkState; 4] = [MarkState::Done, MarkState::NotForUs, MarkState::Later, MarkState::Open];

    /// The code used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            MarkState::Done => "done",
            MarkState::NotForUs => "not_for_us",
            MarkState::Later => "later",
            MarkState::Open => "open",
        }
    }
}

impl FromStr for MarkState {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        MarkState::ALL.into_iter().find(|state| state.code() == code).ok_or(UnknownCode)
    }
}

/// What was said about a step, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step.
    pub step: StepKey,
    /// What was said.
    pub state: MarkState,
    /// The day it comes back; only, and always, for [`MarkState::Later`].
    pub until: Option<NaiveDate>,
    /// Anything worth remembering, such as why it is not for this institution.
    pub note: String,
    /// Who said it.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Grows by one with each change; 0 is a step of which nothing was said.
    pub version: i64,
}

/// How a row of the form that is not settled stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// No answer yet.
    Unanswered,
    /// An earlier year's yes (or does not apply) waits to be confirmed.
    ToConfirm,
    /// An earlier year's no or not sure waits to be confirmed.
    NoToConfirm,
    /// Answered not sure, which counts as no.
    NotSure,
    /// Answered no.
    No,
    /// Settled, but the form asks for a date that is missing.
    LacksDate,
}

impl Standing {
    /// Whether, as far as is known, the thing asked for is not there, so that steps help.
    pub const fn needs_work(self) -> bool {
        matches!(self, Standing::No | Standing::NotSure | Standing::NoToConfirm)
    }

    /// Whether the form waits for an answer of this year.
    pub const fn needs_answer(self) -> bool {
        matches!(self, Standing::Unanswered | Standing::ToConfirm | Standing::NoToConfirm)
    }
}

/// A row of the year's form that is not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// The row.
    pub placement: PlacementId,
    /// The item.
    pub item: ItemId,
    /// What it asks about.
    pub scopes: Vec<AskedAbout>,
    /// How much it asks this year.
    pub level: Level,
    /// The row's place in the form follows from a source.
    pub confirmed: bool,
    /// How it stands.
    pub standing: Standing,
    /// A date that an answered row lacks; for every standing.
    pub lacks_date: bool,
    /// By when the institution said it becomes a yes.
    pub target: Option<NaiveDate>,
    /// The day by which a vendor was asked to reply and has not.
    pub reply_by: Option<NaiveDate>,
    /// Who has to see to it.
    pub assigned_to: Option<PersonId>,
}

/// Where the year's round stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundState {
    /// There is no form of the year for this kind of institution.
    NoForm,
    /// There is a form, and nobody opened its round.
    NotOpened,
    /// It is being answered.
    Open {
        /// Rows that have to be answered.
        needed: u32,
        /// Of those: answered this year.
        answered: u32,
    },
    /// The gate question made the rest unnecessary.
    NotNeeded,
    /// It is closed and can only be read.
    Closed,
}

/// What the ledger says, as far as the plan asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerFacts {
    /// Systems in it.
    pub systems: u32,
    /// Of those: nobody knows whether somebody enters from outside for maintenance.
    pub remote_unknown: u32,
    /// Vendors in it.
    pub vendors: u32,
    /// Of those: neither a telephone number nor a mail address.
    pub vendors_without_number: u32,
    /// Lines of the contact network that can be called.
    pub contacts: u32,
    /// Places where that network would fail.
    pub contact_gaps: u32,
    /// The network was tried within the last twelve months.
    pub contact_tested: bool,
    /// So many did not answer in the latest test.
    pub contact_silent: u32,
    /// Things in it that somebody can walk to.
    pub things: u32,
    /// A stock-take was closed in the year.
    pub stock_taken: bool,
    /// Measures after near misses that are open.
    pub measures: u32,
    /// The earliest day of one of them; none where none has a day.
    pub measures_due: Option<NaiveDate>,
}

/// What incidents that go on wait for, as far as the plan asks; nothing for who may not see them. Exercises do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IncidentFacts {
    /// Those whom a law or a notice asks to be told and who were not: the incident whose clock ends first, and how many there
    /// are in all.
    pub duties: Option<(IncidentId, u32)>,
    /// The nearest day of their clocks.
    pub due: Option<NaiveDate>,
    /// Whether anything about that clock is not confirmed.
    pub unconfirmed: bool,
    /// Open tasks: the newest incident that has any, and how many there are in all.
    pub tasks: Option<(IncidentId, u32)>,
    /// Who commands the incident of the duties.
    pub tells: Option<PersonId>,
    /// Who commands the incident of the tasks.
    pub leads: Option<PersonId>,
}

/// What the exposure engine says of an item: the best fix that it asks for, on one kind of device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DangerFact {
    /// The item.
    pub item: ItemId,
    /// The kind of device that the fix is on; [`AskedAbout::All`] for lines, shared passwords and everything else.
    pub about: AskedAbout,
    /// How much of the harm it takes away, in hundredths: 0 to 100.
    pub share: i32,
    /// On how many of the ways that were found it stands in the way.
    pub ways: u32,
}

/// A member of the institution, as far as the plan asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberFact {
    /// What they are.
    pub role: Role,
    /// Who.
    pub person: PersonId,
}

/// All facts that the order of the plan follows from. The order of its lists means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Today in Japan.
    pub today: NaiveDate,
    /// The year whose form is worked on; its last day is the day by which the form asks for a yes.
    pub year: FiscalYear,
    /// Whether these are the facts of the whole institution, or one person's own rows.
    pub whole: bool,
    /// What kind of institution it is.
    pub kind: InstitutionKind,
    /// Where its systems run, which decides the guideline's type together with the next; none until asked.
    pub style: Option<SystemsStyle>,
    /// Whether somebody is there for the systems alone; none until asked.
    pub operator_on_staff: Option<bool>,
    /// Whether the setup interview was finished.
    pub interview_done: bool,
    /// Where the year's round stands.
    pub round: RoundState,
    /// Rows that are not settled.
    pub rows: Vec<OpenRow>,
    /// What the ledger says; none where the asker may not see it.
    pub ledger: Option<LedgerFacts>,
    /// What incidents that go on wait for.
    pub incident: IncidentFacts,
    /// What the exposure engine last said; empty where it said nothing, or the asker may not see the ledger.
    pub dangers: Vec<DangerFact>,
    /// The members.
    pub members: Vec<MemberFact>,
    /// What was said about steps this year.
    pub marks: Vec<Mark>,
}

impl Situation {
    /// What was said about a step.
    pub fn mark(&self, step: &StepKey) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.step == *step)
    }

    /// Whether nothing more is to be done about a step this year.
    pub fn is_over(&self, step: &StepKey) -> bool {
        self.mark(step).is_some_and(|mark| matches!(mark.state, MarkState::Done | MarkState::NotForUs))
    }

    /// The day on which a postponed step comes back; none where it is not postponed, or the day has come.
    pub fn postponed(&self, step: &StepKey) -> Option<NaiveDate> {
        let mark = self.mark(step).filter(|mark| mark.state == MarkState::Later)?;
        mark.until.filter(|until| *until > self.today)
    }
}

/// The points by which steps are ordered; each part is explained in `docs/plan.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How attacks really got in: 0 to 100.
    pub exposure: i32,
    /// How much of the harm that this very ledger is open to it takes away: 0 to 100.
    pub danger: i32,
    /// How near or past the day is: 0 to 30.
    pub deadline: i32,
    /// A last small thing that completes work already done: 0 or 20.
    pub finish: i32,
    /// Raised to the points of a step that needs it first.
    pub needed: i32,
    /// What it takes out of a working day: 0 to −10.
    pub effort: i32,
}

impl Score {
    /// All parts together.
    pub const fn total(self) -> i32 {
        self.exposure + self.danger + self.deadline + self.finish + self.needed + self.effort
    }
}

/// Where the button of a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The setup interview.
    Interview,
    /// The list of rounds, where one is opened.
    Rounds,
    /// The year's form.
    Form,
    /// A row of the year's form.
    Row(PlacementId),
    /// The step's own page, with how to do it.
    Step,
    /// The ledger of systems.
    Systems,
    /// The vendors.
    Vendors,
    /// The contact network.
    Contacts,
    /// The check of the contact network.
    ContactGaps,
    /// The page from which the contact network is tried.
    ContactTest,
    /// The stock-take.
    StockTake,
    /// The open measures after near misses.
    Measures,
    /// Who is to be told of an incident.
    Duties(IncidentId),
    /// The board of an incident.
    Incident(IncidentId),
}

/// A step in the plan, with everything that is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// Which step.
    pub key: StepKey,
    /// The item it serves, where it serves one.
    pub item: Option<ItemId>,
    /// The rows of the form it serves, in order of their ids.
    pub rows: Vec<PlacementId>,
    /// Why it stands here, what decides first; never empty.
    pub reasons: Vec<Reason>,
    /// The points.
    pub score: Score,
    /// It comes before everything else, in this order; none for ordinary steps.
    pub blocking: Option<u8>,
    /// Minutes for the person doing it, an estimate of ours.
    pub minutes: u32,
    /// Who is best placed in this institution.
    pub doer: Doer,
    /// The members who are that, in order of their ids.
    pub people: Vec<PersonId>,
    /// Those to whom its rows are assigned; they come before `people`.
    pub assigned_to: Vec<PersonId>,
    /// The nearest day that counts, passed or not.
    pub due: Option<NaiveDate>,
    /// Steps that have to be done before and are not.
    pub needs: Vec<StepKey>,
    /// The way of attack that it stands against is inferred, not read in a report.
    pub inferred: bool,
    /// A row that it serves has its place in the form from no source.
    pub form_unconfirmed: bool,
    /// Where its button leads.
    pub action: Action,
}

/// Why a step waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Somebody put it off until a day.
    Until(NaiveDate),
    /// A vendor was asked and has until a day to reply.
    Reply(NaiveDate),
    /// Another step comes first and waits itself.
    After(StepKey),
}

/// The ordered plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What can be done, in the order to do it.
    pub steps: Vec<PlannedStep>,
    /// What waits for a day, a reply or another step, in order of their keys.
    pub held: Vec<(PlannedStep, Hold)>,
}

/// A step that was chosen for a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The step.
    pub step: StepKey,
    /// Its minutes when it was chosen.
    pub minutes: u32,
}

/// This week's steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// What remains to be done this week, as indices into [`Plan::steps`], in the plan's order.
    pub open: Vec<usize>,
    /// What was chosen for this week and is over.
    pub finished: Vec<StepKey>,
    /// What has to be remembered as newly chosen.
    pub chosen: Vec<Pick>,
}

/// Where the institution stands, for the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No form of the year fits.
    NoForm,
    /// The setup interview is not finished.
    Setup,
    /// The round is not opened.
    NoRound,
    /// Steps remain.
    Working,
    /// Nothing can be done now, but something waits.
    Waiting,
    /// Everything the year asks for is there.
    AllDone,
    /// No system handles patients' data, so that the form asks for nothing.
    NotNeeded,
}
