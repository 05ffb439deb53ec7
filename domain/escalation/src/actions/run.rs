//! Starting, watching and stopping, and tests of the network.

use super::log;
use crate::{
    Call, CallId, CallState, Callee, Escalation, EscalationId, Kind, Plan, PlanId, Reached, Schedule, Seen,
    StartsWith, State, Step, Told, store,
};
use chrono::{Duration, Months, NaiveDate};
use komainu_access::{Permission, Scope};
use komainu_clock::{Nature, in_japan};
use komainu_contact::rules::{same_road, ways};
use komainu_contact::{Contact, ContactId, WayKind, is_day};
use komainu_db::uuid::Uuid;
use komainu_db::{Part, Tx};
use komainu_institution::actions::institution_get;
use komainu_web::{Conflict, Failure, Refused};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// How the log names one.
pub(super) const ESCALATION: &str = "escalation";
/// So many are shown on the list.
const SHOWN: i64 = 100;
/// The same words again within so long are the same button pressed twice.
const AGAIN: Duration = Duration::seconds(60);
/// How long an answer to a test is waited for, in minutes.
const TEST_WAIT: i64 = 60;

/// What somebody starts by hand.
#[derive(Clone, Debug)]
pub struct Start {
    /// The plan to follow.
    pub plan: PlanId,
    /// What it is about, in a line.
    pub title: String,
    /// What is known so far.
    pub words: String,
}

/// Something of another domain that calls people out.
#[derive(Clone, Debug)]
pub struct Event {
    /// The kind of thing, such as `near_miss`.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: Uuid,
    /// What it is about, in a line. It may stand on a locked screen: no names of patients.
    pub title: String,
    /// What is known so far.
    pub words: String,
    /// The page of the house that shows it.
    pub path: String,
}

/// The latest, newest first.
pub fn escalations(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Escalation>, Failure> {
    scope.require(Permission::EscalationRun)?;
    Ok(store::latest(tx, scope, SHOWN)?)
}

/// A part of them, oldest first.
pub fn escalations_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<EscalationId>,
) -> Result<Vec<Escalation>, Failure> {
    scope.require(Permission::EscalationRun)?;
    Ok(store::part(tx, scope, part)?)
}

/// One with everybody who is to know.
pub fn escalation_get(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Seen, Failure> {
    scope.require(Permission::EscalationRun)?;
    seen(tx, scope, id)
}

pub(super) fn seen(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Seen, Failure> {
    let escalation = store::get(tx, scope, id)?.ok_or(Failure::NotFound)?;
    Ok(Seen { escalation, calls: store::calls(tx, scope, id)?, messages: store::messages(tx, scope, id)? })
}

/// A number that grows with every change of it; for boards that wait for news.
pub fn escalation_version(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<i64, Failure> {
    scope.require(Permission::EscalationRun)?;
    store::version(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Starts a plan by hand.
pub fn escalation_start(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    start: &Start,
) -> Result<EscalationId, Failure> {
    scope.require(Permission::EscalationRun)?;
    let plan = store::plan_get(tx, scope, start.plan)?.ok_or(Failure::NotFound)?;
    if let Some(same) = just_started(tx, nature, scope, start)? {
        return Ok(same);
    }
    let contacts = komainu_contact::actions::contacts_of_program(tx, scope)?;
    let phone = desk(tx, nature, scope, &contacts)?;
    let (title, words) = (start.title.clone(), start.words.clone());
    let told = Told { title, words, path: String::new(), phone };
    begin(tx, nature, scope, &contacts, &New { plan: &plan, subject: None, told })
}

/// The very same as somebody started a moment ago: a button that was pressed twice calls nobody twice.
fn just_started(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    start: &Start,
) -> Result<Option<EscalationId>, Failure> {
    let same = |it: &Escalation| {
        let told = it.told.title == start.title && it.told.words == start.words;
        let lately = nature.now() - it.started_at < AGAIN;
        told && lately && it.plan == Some(start.plan) && it.state == State::Running
    };
    Ok(store::latest(tx, scope, 1)?.into_iter().find(same).map(|it| it.id))
}

/// The number by which an answer can be given: of those of the house who are named to whoever reports, whom one reaches at
/// this hour, else the house's own.
fn desk(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, contacts: &[Contact]) -> Result<String, Failure> {
    let day = is_day(nature.now());
    let desks = contacts.iter().filter(|contact| contact.for_reporters && !contact.outside);
    let mut numbers = desks.flat_map(ways).filter(|way| way.kind == WayKind::Call && way.hours.suits(day));
    if let Some(way) = numbers.next() {
        return Ok(way.address);
    }
    // Whoever reports may see nothing of the house; the program may.
    match institution_get(tx, &Scope::of_program(scope.organisation())) {
        Ok(house) => Ok(house.phone),
        Err(Failure::NotFound) => Ok(String::new()),
        Err(failure) => Err(failure),
    }
}

/// Something happened: every plan that such an event starts is started, once. It needs no permission, as whoever reports
/// has none. Answers what was started.
pub fn event(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    starts_with: StartsWith,
    event: &Event,
) -> Result<Vec<EscalationId>, Failure> {
    let mut started = Vec::new();
    let plans = store::plans(tx, scope)?;
    let mut mine = plans.iter().filter(|plan| plan.details.starts_with == starts_with).peekable();
    if mine.peek().is_none() {
        return Ok(started);
    }
    let contacts = komainu_contact::actions::contacts_of_program(tx, scope)?;
    let phone = desk(tx, nature, scope, &contacts)?;
    for plan in mine {
        if store::started(tx, scope, (event.subject_kind, event.subject_id), plan.id)? {
            continue;
        }
        let told = Told {
            title: event.title.clone(),
            words: event.words.clone(),
            path: event.path.clone(),
            phone: phone.clone(),
        };
        let subject = Some((event.subject_kind.to_owned(), event.subject_id));
        started.push(begin(tx, nature, scope, &contacts, &New { plan, subject, told })?);
    }
    Ok(started)
}

struct New<'a> {
    plan: &'a Plan,
    subject: Option<(String, Uuid)>,
    told: Told,
}

fn begin(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    contacts: &[Contact],
    new: &New<'_>,
) -> Result<EscalationId, Failure> {
    let plan = &new.plan.details;
    let mut calls = Vec::new();
    for (number, step) in (0_i64..).zip(&plan.steps) {
        calls.extend(calls_of(nature, contacts, number, step));
    }
    let calls = once(calls, contacts, plan.everyone);
    let it = Escalation {
        id: EscalationId(nature.id()),
        plan: Some(new.plan.id),
        plan_name: plan.name.clone(),
        kind: Kind::Event,
        everyone: plan.everyone,
        subject: new.subject.clone(),
        told: new.told.clone(),
        state: State::Running,
        started_at: nature.now(),
        started_by_name: scope.person_name().to_owned(),
        ended_at: None,
        version: 1,
    };
    start(tx, nature, scope, (&it, &calls))?;
    Ok(it.id)
}

/// Leaves each person once: who stands in for somebody is not asked again in a step of their own, and where everybody is
/// asked at once, who has a step of their own stands in for nobody. Who stands in for several stays with each of them then;
/// the rules ask them once. Who has two duties is one person, with the ways of both.
fn once(calls: Vec<Call>, contacts: &[Contact], everyone: bool) -> Vec<Call> {
    let persons = persons(contacts);
    let who = |call: &Call| persons.get(&call.contact).copied().unwrap_or(call.contact);
    let named: HashSet<ContactId> =
        calls.iter().filter(|call| everyone && call.place == 0).map(who).collect();
    let (mut left, mut places, mut beside) = (Vec::new(), HashMap::new(), HashSet::new());
    for call in calls {
        let contact = who(&call);
        if everyone && call.place > 0 {
            if !named.contains(&contact) && beside.insert((call.step, contact)) {
                left.push(Call { contact, ..call });
            }
        } else if let Some(at) = places.get(&contact) {
            let first: &mut Call = &mut left[*at];
            let ways = std::mem::take(&mut first.callee.ways).into_iter().chain(call.callee.ways);
            first.callee.ways = unlike(ways);
        } else {
            places.insert(contact, left.len());
            left.push(call);
        }
    }
    left
}

/// Each contact's first one of the same person.
fn persons(contacts: &[Contact]) -> HashMap<ContactId, ContactId> {
    let mut first = HashMap::new();
    let of = |contact: &Contact| match contact.person {
        Some(person) => (contact.id, *first.entry(person).or_insert(contact.id)),
        None => (contact.id, contact.id),
    };
    contacts.iter().map(of).collect()
}

/// Each way once.
fn unlike(ways: impl Iterator<Item = Reached>) -> Vec<Reached> {
    let mut left: Vec<Reached> = Vec::new();
    for way in ways {
        match left.iter_mut().find(|other| same_road((other.kind, &other.address), (way.kind, &way.address)))
        {
            Some(other) => other.hours = other.hours.and(way.hours),
            None => left.push(way),
        }
    }
    left
}

/// Whom a step names, and who stands in for them.
fn calls_of(nature: &Nature, contacts: &[Contact], number: i64, step: &Step) -> Vec<Call> {
    let known = |id| contacts.iter().find(|contact| contact.id == id);
    // A contact that was removed since is nobody.
    let Some(first) = known(step.contact) else { return Vec::new() };
    let all = std::iter::once(first).chain(first.stand_ins.iter().filter_map(|id| known(*id)));
    (0_i64..)
        .zip(all)
        .map(|(place, contact)| call(nature, contact, (number, place), step.wait_minutes))
        .collect()
}

fn call(nature: &Nature, contact: &Contact, (step, place): (i64, i64), wait_minutes: i64) -> Call {
    let ways = ways(contact).into_iter().map(|way| Reached {
        kind: way.kind,
        address: way.address,
        hours: way.hours,
    });
    Call {
        id: CallId(nature.id()),
        step,
        place,
        contact: contact.id,
        callee: Callee { name: contact.name.clone(), duty: contact.duty.clone(), ways: ways.collect() },
        wait_minutes,
        state: CallState::Waiting,
        tried: 0,
        sent: 0,
        asked_at: None,
        next_at: None,
        due_at: None,
        known_at: None,
        known_how: None,
        known_by_name: String::new(),
    }
}

fn start(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (it, calls): (&Escalation, &[Call]),
) -> Result<(), Failure> {
    store::add(tx, scope, it, calls)?;
    let after = json!({ "title": it.told.title, "plan": it.plan_name, "people": calls.len() });
    let action = if it.kind == Kind::Test { "contact_test" } else { "escalation_start" };
    log(tx, nature, scope, (action, ESCALATION, &it.id.to_string()), ((), after))?;
    // The driver begins at once.
    tx.ring();
    Ok(())
}

/// Stops one that runs.
pub fn escalation_stop(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: EscalationId,
) -> Result<(), Failure> {
    scope.require(Permission::EscalationRun)?;
    // First of all: from here on nobody else changes what is read.
    store::wake(tx, scope, id, nature.now())?;
    let Seen { escalation, calls, .. } = escalation_get(tx, scope, id)?;
    if escalation.state != State::Running {
        return Ok(());
    }
    for call in calls {
        if matches!(call.state, CallState::Waiting | CallState::Asked) {
            store::call_save(tx, scope, &Call { state: CallState::NotNeeded, ..call })?;
        }
    }
    let left =
        store::Left { state: State::Stopped, ended_at: Some(nature.now()), next_at: None, held_until: None };
    store::leave(tx, scope, id, &left)?;
    let after = json!({ "title": escalation.told.title });
    log(tx, nature, scope, ("escalation_stop", ESCALATION, &id.to_string()), ((), after))
}

/// Tries the network: everybody of the house is asked at once, and each answer kept.
///
/// # Errors
/// [`Failure::NotFound`] where nobody of the house is in the network.
pub fn contact_test(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    told: &Told,
) -> Result<EscalationId, Failure> {
    scope.require(Permission::EscalationRun)?;
    test_program(tx, nature, scope, told)?.ok_or(Failure::NotFound)
}

/// The same for the program itself, at its day; none where nobody of the house is in the network.
pub fn test_program(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    told: &Told,
) -> Result<Option<EscalationId>, Failure> {
    let contacts = komainu_contact::actions::contacts_of_program(tx, scope)?;
    let inside = contacts.iter().filter(|contact| !contact.outside);
    let calls = (0_i64..).zip(inside).map(|(step, contact)| call(nature, contact, (step, 0), TEST_WAIT));
    let calls = once(calls.collect(), &contacts, true);
    if calls.is_empty() {
        return Ok(None);
    }
    // Who asks again while a test runs is shown that one: nobody gets the same message twice.
    if let Some(running) = store::running_test(tx, scope)? {
        return Ok(Some(running));
    }
    let it = Escalation {
        id: EscalationId(nature.id()),
        plan: None,
        plan_name: String::new(),
        kind: Kind::Test,
        everyone: true,
        subject: None,
        told: told.clone(),
        state: State::Running,
        started_at: nature.now(),
        started_by_name: scope.person_name().to_owned(),
        ended_at: None,
        version: 1,
    };
    start(tx, nature, scope, (&it, &calls))?;
    Ok(Some(it.id))
}

/// The day of the latest test, in Japan.
pub fn last_test_day(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<NaiveDate>, Failure> {
    Ok(store::last_test(tx, scope)?.map(|at| in_japan(at).date_naive()))
}

/// How many did not answer in the latest test that is over.
pub fn last_test_silent(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Failure> {
    Ok(store::last_test_silent(tx, scope)?)
}

/// Of how many calls how many are known, by escalation.
pub fn counted(tx: &mut Tx<'_>, scope: &Scope) -> Result<HashMap<EscalationId, (i64, i64)>, Failure> {
    scope.require(Permission::EscalationRun)?;
    Ok(store::counted(tx, scope)?)
}

/// When tests are made by themselves.
pub fn schedule_get(tx: &mut Tx<'_>, scope: &Scope, today: NaiveDate) -> Result<Schedule, Failure> {
    scope.require(Permission::EscalationRun)?;
    let never = Schedule { months: 0, next_on: today, version: 0 };
    Ok(store::schedule(tx, scope)?.unwrap_or(never))
}

/// Sets every how many months a test is made; 0 for never. The first is so many months from today.
pub fn schedule_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    months: u32,
) -> Result<(), Refused<Conflict<Schedule>>> {
    let today = nature.today();
    let old = schedule_get(tx, scope, today)?;
    // Saved again as it is, it is not put off.
    if old.version > 0 && old.months == i64::from(months) {
        return Ok(());
    }
    let next_on = today.checked_add_months(Months::new(months)).unwrap_or(today);
    let saved = old.version == version
        && store::schedule_save(tx, scope, version, (i64::from(months), next_on)).map_err(Failure::from)?;
    if !saved {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    let change = (json!({ "months": old.months }), json!({ "months": months }));
    let organisation = scope.organisation().to_string();
    Ok(log(tx, nature, scope, ("contact_test_schedule", ESCALATION, &organisation), change)?)
}
