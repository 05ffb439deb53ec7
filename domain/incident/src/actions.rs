//! What can be done with incidents: declaring and leading (`lead`), evidence (`evidence`), telling and sheets (`tell`), reminders
//! of clocks and what waits (`remind`), the end (`close`).

mod close;
mod evidence;
mod lead;
mod remind;
mod tell;

pub use close::{CloseRefusal, Shared, close};
pub use evidence::{
    ExhibitRefusal, MOST_EVIDENCE, NewExhibit, custody_add, exhibit_add, exhibit_bytes, exhibit_get,
};
pub use lead::{
    Declare, DeclareRefusal, IncidentInput, NewEntry, NewTask, Owner, TaskInput, asset_mark, declare,
    entry_write, incident_change, role_give, state_set, task_add, task_get, task_save,
};
pub use remind::{
    DueClock, Letter, Letters, OpenWork, clock_reminded, clocks_due, incidents_everywhere, incidents_open,
    incidents_work,
};
pub use tell::{DutyNote, duty_note, export_note, sheet_save};

use crate::model::{Case, Filled, Incident, IncidentId, Level, Marked, Sheet, State};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_db::{Part, Tx};
use komainu_web::{Conflict, Failure, Refused, log};
use serde::Serialize;

/// How the log names them.
const INCIDENT: &str = "incident";
/// How the log names tasks.
const TASK: &str = "incident_task";
/// How the log names evidence.
const EXHIBIT: &str = "incident_evidence";
/// Incidents that the list shows; older ones are read over the API.
const LIST: i64 = 200;

/// Somebody else changed it first; this is how it is now.
pub type Changed<T> = Refused<Conflict<T>>;

/// The newest incidents, newest first.
pub fn incidents(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Incident>, Failure> {
    scope.require(Permission::IncidentSee)?;
    Ok(store::all(tx, scope, LIST)?)
}

/// Incidents that are not over, newest first, each with the things of the ledger that it touches. None for whoever may not see
/// incidents: others look at the same map.
pub fn incidents_running(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Incident, Vec<Marked>)>, Failure> {
    if !scope.may(Permission::IncidentSee) {
        return Ok(Vec::new());
    }
    let running = store::running(tx, scope, LIST)?;
    if running.is_empty() {
        return Ok(Vec::new());
    }
    let mut running: Vec<_> = running.into_iter().map(|incident| (incident, Vec::new())).collect();
    for (of, marked) in store::assets_running(tx, scope)? {
        if let Some((_, things)) = running.iter_mut().find(|(incident, _)| incident.id == of) {
            things.push(marked);
        }
    }
    Ok(running)
}

/// A part of them, oldest first.
pub fn incidents_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<IncidentId>,
) -> Result<Vec<Incident>, Failure> {
    scope.require(Permission::IncidentSee)?;
    Ok(store::part(tx, scope, part)?)
}

/// One of them.
pub fn incident_get(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Incident, Failure> {
    scope.require(Permission::IncidentSee)?;
    store::get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// A number that grows with every change of an incident or of what belongs to it; for boards that wait for news.
pub fn incident_revision(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<i64, Failure> {
    scope.require(Permission::IncidentSee)?;
    store::revision(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// One of them with all that belongs to it.
pub fn incident_see(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Case, Failure> {
    let incident = incident_get(tx, scope, id)?;
    let mut sheets = store::sheets(tx, scope, id)?;
    let mut sheet = |wanted: Sheet| {
        let found = sheets.iter().position(|(sheet, _)| *sheet == wanted);
        found.map_or_else(Filled::default, |at| sheets.swap_remove(at).1)
    };
    let (facts, answers, lessons) = (sheet(Sheet::Facts), sheet(Sheet::Duties), sheet(Sheet::Lessons));
    Ok(Case {
        roles: store::roles(tx, scope, id)?,
        entries: store::entries(tx, scope, id)?,
        tasks: store::tasks(tx, scope, id)?,
        assets: store::assets(tx, scope, id)?,
        evidence: store::exhibits(tx, scope, id)?,
        told: store::told(tx, scope, id)?,
        reminded: store::reminded(tx, scope, id)?,
        incident,
        facts,
        answers,
        lessons,
    })
}

/// An incident that the scope may lead.
fn led(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Incident, Failure> {
    scope.require(Permission::IncidentLead)?;
    store::get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// The same where it is not over.
fn running(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Incident, Failure> {
    let incident = led(tx, scope, id)?;
    if incident.state == State::Closed { Err(Failure::Over) } else { Ok(incident) }
}

/// Says that something about it changed. Where somebody closed it meanwhile nothing of the change stays.
fn touch(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<(), Failure> {
    if store::touch_running(tx, scope, id)? { Ok(()) } else { Err(Failure::Over) }
}

/// An incident that the scope may lead, as the asker saw it.
fn current(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: IncidentId,
    version: i64,
) -> Result<Incident, Changed<Incident>> {
    let stored = led(tx, scope, id)?;
    if stored.version == version { Ok(stored) } else { Err(Refused::Because(Conflict(Box::new(stored)))) }
}

/// What the log keeps of an incident.
#[derive(Serialize)]
struct Logged<'a> {
    number: String,
    title: &'a str,
    kind: &'a str,
    level: &'static str,
    state: &'static str,
    drill: bool,
    first_knew_at: String,
}

impl<'a> Logged<'a> {
    fn of(incident: &'a Incident) -> Logged<'a> {
        let level: Level = incident.level;
        Logged {
            number: incident.number_text(),
            title: &incident.detail.title,
            kind: &incident.kind,
            level: level.code(),
            state: incident.state.code(),
            drill: incident.drill,
            first_knew_at: incident.first_knew_at.to_rfc3339(),
        }
    }
}
