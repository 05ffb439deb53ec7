//! Asking the engine. Pure but for the waiting: what takes a while is done beside the pages, a few at a time.

use crate::model::{ItemGain, Kept};
use crate::rules::{gains, good_until, network};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_exposure::model::Network;
use komainu_exposure::{
    AttackGraph, Change, Checked, Effort, Fault, Levers, Options, Outcome, Plan, Report, Table, Worlds,
    accept, plan, what_if,
};
use komainu_inventory::Ledger;
use komainu_web::Failure;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Hours of work of the plan that is kept.
pub const USUAL_HOURS: u32 = 40;
/// Hours of work of the largest plan that is made.
pub const MOST_HOURS: u32 = 2000;
/// Worlds in which goals are sampled.
const WORLDS: u32 = 10_000;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::embedded().expect("a test of the engine reads its own table"));

/// The table of probabilities.
pub fn table() -> &'static Table {
    &TABLE
}

/// Everything the engine says of a ledger, and what of it is kept apart for the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer with the revision it is about.
    pub kept: Kept,
    /// What it means for the checklist.
    pub gains: Vec<ItemGain>,
}

fn worlds() -> Worlds {
    Worlds { count: WORLDS, ..Worlds::default() }
}

/// As the engine's, but for the search for the best plan: somebody may be waiting for it.
fn options() -> Options {
    let effort = Effort { looks: 4_000_000, ..Effort::default() };
    Options {
        worlds: worlds(),
        budget: USUAL_HOURS * 60,
        stories: 60,
        fixes: 50,
        effort,
        ..Options::default()
    }
}

/// What the mapping makes, the engine accepts; a test holds it to that.
fn checked(network: Network) -> Result<Checked, Failure> {
    accept(network).map_err(refused)
}

fn refused(faults: Vec<Fault>) -> Failure {
    let faults: Vec<String> = faults.iter().map(Fault::to_string).collect();
    Failure::internal(faults.join("; "))
}

/// Asks everything about a ledger.
///
/// # Errors
/// Only where the engine would not take the network.
pub fn answer(ledger: &Ledger, today: NaiveDate, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let network = checked(network(ledger, "", today))?;
    let report = Report::of(&network, table(), options());
    Ok(Answer {
        gains: gains(&report, &network),
        kept: Kept {
            revision: ledger.revision,
            computed_at: now,
            good_until: good_until(ledger, today),
            report,
        },
    })
}

/// A plan within so many hours.
pub fn plan_of(network: Network, hours: u32) -> Result<Plan, Failure> {
    let network = checked(network)?;
    let attack = AttackGraph::of(&network, table());
    let levers = Levers::of(&network, table(), &attack);
    Ok(plan(&levers, &attack.goals, hours.min(MOST_HOURS) * 60, options().effort))
}

/// What some changes do. They must name what is in the network.
pub fn tried(network: Network, changes: &[Change]) -> Result<Outcome, Failure> {
    let network = checked(network)?;
    what_if(&network, table(), changes, worlds()).map_err(refused)
}

/// Computes off the async threads, at most two at a time, so that pages go on being answered.
pub(crate) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    static HANDS: Semaphore = Semaphore::const_new(2);
    let _hand = HANDS.acquire().await.map_err(Failure::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
}
