//! Who is reminded of which clock, and what open incidents wait for.

use crate::model::{Incident, IncidentId, Reminded, Sheet, Stage, State, TaskState};
use crate::rules::{self, Colleague, Due, DutyRow};
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{OrganisationId, Permission, PersonId, Scope};
use komainu_catalog::{Catalog, DutyKind, TaskRole};
use komainu_db::{DbError, Tx};
use komainu_people::Person;
use komainu_people::actions::{account, members, reminders_wanted};
use komainu_web::Failure;
use std::collections::BTreeMap;

/// Open incidents whose work the plan and the first page look at; a house that has more has other cares.
const OPEN: i64 = 10;

/// A clock that presses somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueClock {
    /// A duty of the catalogue.
    pub duty: String,
    /// Where its clock stands.
    pub stage: Stage,
    /// When it ends.
    pub due: Due,
    /// Whether anything about it is not confirmed.
    pub unconfirmed: bool,
    /// Whether they were reminded of this stage before.
    pub known: bool,
}

/// What presses one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who.
    pub person: Person,
    /// The clocks, the nearest day first.
    pub clocks: Vec<DueClock>,
}

/// What presses in an incident.
#[derive(Clone, Debug)]
pub struct Letters {
    /// The incident.
    pub incident: Incident,
    /// Whom, and what.
    pub letters: Vec<Letter>,
}

/// The incidents of all organisations that may remind somebody: those that go on and are no exercise.
pub fn incidents_everywhere(tx: &mut Tx<'_>) -> Result<Vec<(OrganisationId, IncidentId)>, DbError> {
    store::open_everywhere(tx)
}

/// The clocks of an incident that press on a day, by whom they are to be kept in mind; none where none does.
pub fn clocks_due(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    id: IncidentId,
    today: NaiveDate,
) -> Result<Option<Letters>, Failure> {
    let case = super::incident_see(tx, scope, id)?;
    if case.incident.drill || case.incident.state == State::Closed {
        return Ok(None);
    }
    let pressing: Vec<(DueClock, bool)> =
        rules::duties(catalog, &case).iter().filter_map(|row| pressing(row, today)).collect();
    if pressing.is_empty() {
        return Ok(None);
    }
    let colleagues = colleagues(tx, scope)?;
    let mut of: BTreeMap<PersonId, Vec<DueClock>> = BTreeMap::new();
    for (clock, insists) in pressing {
        for person in rules::recipients(&case.roles, &colleagues, insists) {
            let known = case.reminded.iter().any(|one| {
                (one.person, one.stage, one.due_on) == (person, clock.stage, clock.due.day)
                    && one.duty == clock.duty
            });
            of.entry(person).or_default().push(DueClock { known, ..clock.clone() });
        }
    }
    let mut letters = Vec::new();
    for (person, mut clocks) in of {
        clocks.sort_by_key(|clock| clock.due.keep());
        letters.push(Letter { person: account(tx, person)?, clocks });
    }
    Ok(Some(Letters { incident: case.incident, letters }))
}

/// The clock of a duty that waits and presses, and whether it may not be missed: a law's last day is over.
fn pressing(row: &DutyRow<'_>, today: NaiveDate) -> Option<(DueClock, bool)> {
    let (due, clock) = row.due.zip(row.answer.duty.clock.as_ref()).filter(|_| row.waits())?;
    let stage = rules::stage(due, rules::lead(clock), today)?;
    let insists = stage == Stage::Over && row.answer.duty.kind == DutyKind::Duty;
    let duty = row.answer.duty.id.as_str().to_owned();
    Some((DueClock { duty, stage, due, unconfirmed: row.unconfirmed(), known: false }, insists))
}

fn colleagues(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Colleague>, Failure> {
    let mut colleagues = Vec::new();
    for member in members(tx, scope)?.into_iter().filter(|member| !member.disabled) {
        let wants = reminders_wanted(tx, member.person)?;
        colleagues.push(Colleague { person: member.person, role: member.role, wants });
    }
    Ok(colleagues)
}

/// Writes down that somebody is reminded of a clock, in the transaction that puts the mail into the queue; false where that was
/// done before, so that no mail goes.
pub fn clock_reminded(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: IncidentId,
    (person, clock): (&Person, &DueClock),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let new = Reminded {
        duty: clock.duty.clone(),
        stage: clock.stage,
        due_on: clock.due.day,
        person: person.id,
        name: person.name.clone(),
        sent_at: now,
    };
    let written = store::remind(tx, scope, id, &new)?;
    if written {
        store::touch(tx, scope, id)?;
    }
    Ok(written)
}

/// The incidents that go on, exercises among them, newest first; none for who may not see them.
pub fn incidents_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Incident>, DbError> {
    if scope.may(Permission::IncidentSee) { store::open(tx, scope, OPEN) } else { Ok(Vec::new()) }
}

/// What an open incident waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWork {
    /// Which.
    pub incident: IncidentId,
    /// Who commands, where they have an account.
    pub commander: Option<PersonId>,
    /// Those whom a law or a notice asks to be told, and who were not.
    pub duties: usize,
    /// The nearest day of their clocks.
    pub due: Option<NaiveDate>,
    /// Whether anything about that clock is not confirmed.
    pub unconfirmed: bool,
    /// Tasks that are open.
    pub tasks: usize,
}

/// What the incidents that go on wait for, newest first; exercises wait for nothing, and who may not see them sees none.
pub fn incidents_work(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog) -> Result<Vec<OpenWork>, DbError> {
    let mut work = Vec::new();
    for incident in incidents_open(tx, scope)?.into_iter().filter(|incident| !incident.drill) {
        let sheets = store::sheets(tx, scope, incident.id)?;
        let answers = sheets.into_iter().find(|(sheet, _)| *sheet == Sheet::Duties);
        let answers = answers.map(|(_, filled)| filled.fields).unwrap_or_default();
        let told = store::told(tx, scope, incident.id)?;
        let tasks = store::tasks(tx, scope, incident.id)?;
        let roles = store::roles(tx, scope, incident.id)?;
        let rows = rules::duties_of(catalog, &incident, &answers, &told);
        let waiting: Vec<&DutyRow<'_>> = rows.iter().filter(|row| row.waits() && row.binds()).collect();
        let nearest = waiting.iter().filter_map(|row| Some((row.due?.keep(), row.unconfirmed()))).min();
        work.push(OpenWork {
            incident: incident.id,
            commander: roles
                .iter()
                .find(|held| held.role == TaskRole::Commander)
                .and_then(|held| held.person),
            duties: waiting.len(),
            due: nearest.map(|(day, _)| day),
            unconfirmed: nearest.is_some_and(|(_, unconfirmed)| unconfirmed),
            tasks: tasks.iter().filter(|task| task.state == TaskState::Open).count(),
        });
    }
    Ok(work)
}
