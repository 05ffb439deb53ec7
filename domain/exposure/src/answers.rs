//! Asking the engine. Pure but for the waiting: what takes a while is done beside the pages, a few at a time.

use crate::model::{ItemGain, Kept};
use crate::rules::{gains, good_until, network};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_exposure::model::Network;
use komainu_exposure::{
    AttackGraph, Change, Checked, EMBEDDED, Effort, Fault, Levers, Options, Outcome, Plan, Report, Table,
    Worlds, accept, plan, what_if,
};
use komainu_inventory::Ledger;
use komainu_web::Failure;
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// Hours of work of the plan that is kept.
pub const USUAL_HOURS: u32 = 40;
/// Hours of work of the largest plan that is made.
pub const MOST_HOURS: u32 = 2000;
/// Worlds in which goals are sampled.
const WORLDS: u32 = 10_000;

/// The table that everything is computed from, for as long as the program runs.
static USED: OnceLock<Used> = OnceLock::new();

struct Used {
    table: Table,
    mark: u64,
    own: bool,
}

impl Used {
    fn read(text: &str, own: bool) -> Result<Used, Vec<Fault>> {
        // FNV-1a: tells tables apart, no more.
        let step = |mark: u64, byte: u8| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Ok(Used { table: Table::read(text)?, mark: text.bytes().fold(0xcbf2_9ce4_8422_2325, step), own })
    }
}

fn used() -> &'static Used {
    USED.get_or_init(|| Used::read(EMBEDDED, false).expect("a test of the engine reads its own table"))
}

/// Takes a table of the installation's own (TOML, as the engine's `data/probabilities.toml`) instead of the built-in
/// one. It is to be called once, before anything is computed; answers kept under another table are computed anew.
///
/// # Errors
/// Everything that is wrong in it; the built-in one stays.
pub fn table_use(text: &str) -> Result<(), Vec<Fault>> {
    // Whoever computed before has fixed the table: a later one would mix answers.
    let _ = USED.set(Used::read(text, true)?);
    Ok(())
}

/// The table of probabilities.
pub fn table() -> &'static Table {
    &used().table
}

/// Tells answers made by one table from those made by another.
pub(crate) fn table_mark() -> u64 {
    used().mark
}

/// Whether the installation has a table of its own.
pub(crate) fn table_is_own() -> bool {
    used().own
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
