//! The facts, gathered from the domains before this one. A bounded number of queries, whatever the size of the house.

use crate::model::{
    DangerFact, IncidentFacts, LedgerFacts, MemberFact, OpenRow, RoundState, Situation, Standing,
};
use crate::store;
use crate::words::Names;
use chrono::{Months, NaiveDate};
use komainu_access::{Permission, Scope};
use komainu_calendar::FiscalYear;
use komainu_catalog::Catalog;
use komainu_checklist::model::{AnswerKind, Counts, Round, RoundSummary, RoundView, RowState, RowView};
use komainu_contact::actions::contacts;
use komainu_db::Tx;
use komainu_exposed::ItemGain;
use komainu_exposed::actions::exposure_gains;
use komainu_incident::actions::{OpenWork, incidents_work};
use komainu_institution::Institution;
use komainu_institution::actions::institution_get;
use komainu_inventory::actions::{assets, systems};
use komainu_people::actions::members;
use komainu_vendor::actions::vendors;
use komainu_web::Failure;

/// The facts, and what pages want to show of where they come from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the rule reads.
    pub situation: Situation,
    /// The institution.
    pub institution: Institution,
    /// The year's own round, if there is one that the asker sees anything of.
    pub round: Option<Round>,
    /// How many of its rows stand where: all of them, or the asker's own.
    pub counts: Counts,
    /// Rows that are assigned to the asker and wait for an answer or work.
    pub assigned: u32,
    /// The members' names.
    pub names: Names,
}

/// The year that is worked on: that of the edition in force, which stays until the next one is out.
pub fn year_of(catalog: &Catalog, today: NaiveDate) -> FiscalYear {
    let edition = catalog.edition_for_date(today).map(|edition| *edition.fiscal_year);
    edition.and_then(|year| FiscalYear::try_from(year).ok()).unwrap_or_else(|| FiscalYear::of(today))
}

/// Gathers the facts: of the whole institution, or for staff of what is assigned to them.
pub fn facts(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog, today: NaiveDate) -> Result<Facts, Failure> {
    let whole = scope.may(Permission::PlanRead);
    if !whole {
        scope.require(Permission::PlanSeeOwn)?;
    }
    let institution = institution_get(tx, scope)?;
    let year = year_of(catalog, today);
    let view = own_round(tx, scope, catalog, year, whole)?;
    let members = members(tx, scope)?;
    let round = match &view {
        Some(view) => round_state(view),
        None if catalog.form(year.number(), institution.kind).is_some() => RoundState::NotOpened,
        None => RoundState::NoForm,
    };
    let rows: Vec<OpenRow> = view.iter().flat_map(RoundView::all).filter_map(open_row).collect();
    let assigned = rows.iter().filter(|row| row.assigned_to == Some(scope.person())).count();
    let situation = Situation {
        today,
        year,
        whole,
        kind: institution.kind,
        style: institution.systems.and_then(komainu_institution::Systems::style),
        operator_on_staff: institution.operator_on_staff,
        interview_done: institution.interview_done_at.is_some(),
        round,
        rows,
        ledger: ledger(tx, scope, (today, year))?,
        incident: incident(tx, scope, catalog, whole)?,
        dangers: dangers(tx, scope)?,
        members: members
            .iter()
            .filter(|member| !member.disabled)
            .map(|member| MemberFact { role: member.role, person: member.person })
            .collect(),
        marks: store::marks(tx, scope, year)?,
    };
    Ok(Facts {
        situation,
        institution,
        counts: view.as_ref().map(|view| view.counts).unwrap_or_default(),
        round: view.map(|view| view.round),
        assigned: u32::try_from(assigned).unwrap_or(u32::MAX),
        names: members.into_iter().map(|member| (member.person, member.name)).collect(),
    })
}

/// The institution's own round of a year, as far as the asker sees it.
fn own_round(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    year: FiscalYear,
    whole: bool,
) -> Result<Option<RoundView>, Failure> {
    use komainu_checklist::actions::{mine, round_view, rounds};
    let of_year = |fiscal_year: i32| fiscal_year == year.number();
    if !whole {
        let mut views = mine(tx, scope, catalog)?;
        views.retain(|view| of_year(view.round.fiscal_year) && view.round.vendor.is_none());
        return Ok(views.pop());
    }
    let own = |summary: &&RoundSummary| of_year(summary.fiscal_year) && summary.vendor.is_none();
    let found = rounds(tx, scope, catalog)?.iter().find(own).map(|summary| summary.id);
    found.map(|id| round_view(tx, scope, catalog, id)).transpose()
}

fn round_state(view: &RoundView) -> RoundState {
    if view.round.closed_at.is_some() {
        RoundState::Closed
    } else if view.gate_shut() {
        RoundState::NotNeeded
    } else {
        RoundState::Open { needed: view.counts.needed, answered: view.counts.answered }
    }
}

/// The row as the plan sees it; none where nothing is left to do.
fn open_row(row: &RowView) -> Option<OpenRow> {
    use AnswerKind::{No, NotApplicable, NotSure, Yes};
    let said = row.answer.as_ref().and_then(|answer| answer.content.kind);
    let lacks_date = matches!(row.state, RowState::Lacks(_));
    let standing = match (&row.state, said) {
        (RowState::NotNeeded, _) | (RowState::Complete, Some(Yes | NotApplicable)) => return None,
        (RowState::Unanswered, _) | (_, None) => Standing::Unanswered,
        (RowState::ToConfirm, Some(No | NotSure)) => Standing::NoToConfirm,
        (RowState::ToConfirm, Some(Yes | NotApplicable)) => Standing::ToConfirm,
        (_, Some(No)) => Standing::No,
        (_, Some(NotSure)) => Standing::NotSure,
        (RowState::Lacks(_), Some(Yes | NotApplicable)) => Standing::LacksDate,
    };
    Some(OpenRow {
        placement: row.placement.clone(),
        item: row.item.clone(),
        scopes: row.scopes.clone(),
        level: row.level,
        confirmed: row.confirmed,
        standing,
        lacks_date,
        target: row.answer.as_ref().and_then(|answer| answer.content.target),
        reply_by: row.waits_for_vendor().map(|ask| ask.reply_by),
        assigned_to: row.assigned_to,
    })
}

/// What was last computed of the ledger; nothing is computed here.
fn dangers(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<DangerFact>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(Vec::new());
    }
    let fact = |ItemGain { item, about, share, ways }| DangerFact { item, about, share, ways };
    Ok(exposure_gains(tx, scope)?.into_iter().map(fact).collect())
}

/// What incidents that go on wait for. Somebody's own part of the plan has none of it.
fn incident(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    whole: bool,
) -> Result<IncidentFacts, Failure> {
    if !whole {
        return Ok(IncidentFacts::default());
    }
    let work = incidents_work(tx, scope, catalog)?;
    let all = |of: fn(&OpenWork) -> usize| -> u32 {
        u32::try_from(work.iter().map(of).sum::<usize>()).unwrap_or(u32::MAX)
    };
    // The nearest day first; without one, the newest incident.
    let tells = work.iter().filter(|one| one.duties > 0).min_by_key(|one| (one.due.is_none(), one.due));
    let leads = work.iter().find(|one| one.tasks > 0);
    Ok(IncidentFacts {
        duties: tells.map(|one| (one.incident, all(|one| one.duties))),
        due: tells.and_then(|one| one.due),
        unconfirmed: tells.is_some_and(|one| one.unconfirmed),
        tasks: leads.map(|one| (one.incident, all(|one| one.tasks))),
        tells: tells.and_then(|one| one.commander),
        leads: leads.and_then(|one| one.commander),
    })
}

fn ledger(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (today, year): (NaiveDate, FiscalYear),
) -> Result<Option<LedgerFacts>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(None);
    }
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (systems, vendors, contacts) = (systems(tx, scope)?, vendors(tx, scope)?, contacts(tx, scope)?);
    let things = assets(tx, scope)?;
    let tested = komainu_escalation::actions::last_test_day(tx, scope)?;
    let stock_take = komainu_stocktake::actions::stock_take_last_day(tx, scope)?;
    let measures = if scope.may(Permission::NearMissHandle) {
        komainu_nearmiss::actions::measures_open(tx, scope)?
    } else {
        Vec::new()
    };
    let unreachable = |vendor: &&komainu_vendor::Vendor| {
        [&vendor.phone, &vendor.night_phone, &vendor.email].iter().all(|text| text.is_empty())
    };
    let callable =
        |contact: &&komainu_contact::Contact| !contact.phone.is_empty() || !contact.night_phone.is_empty();
    Ok(Some(LedgerFacts {
        systems: count(systems.len()),
        remote_unknown: count(systems.iter().filter(|system| system.remote_maintenance.is_none()).count()),
        vendors: count(vendors.len()),
        vendors_without_number: count(vendors.iter().filter(unreachable).count()),
        contacts: count(contacts.iter().filter(callable).count()),
        contact_gaps: count(komainu_contact::rules::gaps(&contacts, today).len()),
        contact_tested: tested.is_some_and(|day| day + Months::new(12) > today),
        contact_silent: u32::try_from(komainu_escalation::actions::last_test_silent(tx, scope)?)
            .unwrap_or_default(),
        things: count(komainu_stocktake::rules::things(&things).count()),
        stock_taken: stock_take.is_some_and(|day| year.contains(day)),
        measures: count(measures.len()),
        measures_due: measures.iter().filter_map(|measure| measure.due_on).min(),
    }))
}
