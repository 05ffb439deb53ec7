//! Why a step stands where it stands.

use super::{Standing, StepKey};
use chrono::NaiveDate;
use komainu_catalog::AttackRouteId;

/// Why a step stands where it stands. The order is that of telling: what decides comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Somebody must be told of an incident that goes on.
    DutiesWait {
        /// How many.
        duties: u32,
        /// The nearest day of their clocks.
        due: Option<NaiveDate>,
        /// Whether anything about that clock is not confirmed.
        unconfirmed: bool,
    },
    /// Tasks of an incident that goes on are open.
    IncidentTasks {
        /// How many.
        tasks: u32,
    },
    /// The setup interview is not finished, so the plan does not know the institution.
    InterviewUnfinished,
    /// This year's round was not opened.
    RoundNotOpened,
    /// So few rows are answered that the rest of the plan would be guesswork.
    FewAnswered {
        /// Rows answered.
        answered: u32,
        /// Rows that have to be.
        needed: u32,
    },
    /// Rows without an answer.
    Unanswered {
        /// How many.
        rows: u32,
    },
    /// Rows that carry an earlier year's answer, unconfirmed.
    Unconfirmed {
        /// How many.
        rows: u32,
    },
    /// Rows that lack a date which the form asks for.
    DatesMissing {
        /// How many.
        rows: u32,
    },
    /// Vendors who did not reply in time.
    ReplyOverdue {
        /// Days since the earliest promised day.
        days: i64,
        /// Rows that wait for it.
        rows: u32,
    },
    /// Every step of the item is done.
    StepsDone,
    /// Another step needs it first.
    NeededFor(StepKey),
    /// The ledger is empty.
    NoSystems,
    /// Systems of which nobody knows whether somebody enters from outside.
    RemoteUnknown {
        /// How many.
        systems: u32,
    },
    /// The contact network is empty.
    NoContacts,
    /// The contact network was not tried for a year.
    NoContactTest,
    /// So many did not answer in the latest test of the contact network.
    ContactsSilent {
        /// How many.
        people: u32,
    },
    /// The contact network would fail in so many places.
    ContactsFail {
        /// How many.
        places: u32,
    },
    /// Vendors that cannot be reached.
    VendorsUnreachable {
        /// How many.
        vendors: u32,
    },
    /// In this very ledger it stands in the way of attackers.
    Danger {
        /// On how many of the ways that were found.
        ways: u32,
    },
    /// Nobody has gone through the house with the ledger this year.
    NoStockTake {
        /// Things to look at.
        things: u32,
    },
    /// Measures after near misses are open.
    OpenMeasures {
        /// How many.
        measures: u32,
    },
    /// Attackers came in, spread or did their harm this way.
    Route {
        /// Which way.
        route: AttackRouteId,
        /// Read in a report or official figure; false where it is inferred.
        confirmed: bool,
    },
    /// The promised day is over.
    Late {
        /// Days since.
        days: i64,
    },
    /// The row was answered so.
    Answered(Standing),
    /// The promised day is near.
    DueSoon {
        /// Days until then.
        days: i64,
    },
    /// The form's year is nearly over.
    YearEnds {
        /// Days until then.
        days: i64,
    },
    /// The day to which it had been put off has come.
    PutOffUntilNow,
    /// It takes only minutes.
    Quick,
}
