//! Facts for tests of the rule. Today is Wednesday, 20 May 2026.

use chrono::{DateTime, Days, NaiveDate};
use komainu_access::{PersonId, Role};
use komainu_calendar::FiscalYear;
use komainu_catalog::{InstitutionKind, Level, Scope};
use komainu_db::uuid::Uuid;
use komainu_plan::model::*;

/// So many days from today.
pub fn day(offset: i64) -> NaiveDate {
    let today: NaiveDate = "2026-05-20".parse().unwrap();
    let days = Days::new(offset.unsigned_abs());
    if offset < 0 { today - days } else { today + days }
}

/// A person by number.
pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// So many rows answered.
pub fn answered(needed: u32, answered: u32) -> RoundState {
    RoundState::Open { needed, answered }
}

/// A row of the item without a printed place of its own.
pub fn row(item: &str, standing: Standing) -> OpenRow {
    let organisation = ["has-system", "org-officer", "contact-chart", "bcp", "rules"].contains(&item);
    OpenRow {
        placement: item.parse().unwrap(),
        item: item.parse().unwrap(),
        scopes: vec![if organisation { Scope::Organisation } else { Scope::All }],
        level: if item == "has-system" { Level::Gate } else { Level::Required },
        confirmed: true,
        standing,
        lacks_date: false,
        target: None,
        reply_by: None,
        assigned_to: None,
    }
}

/// What somebody said about a step.
pub fn mark(step: &str, state: MarkState) -> Mark {
    Mark {
        step: step.parse().unwrap(),
        state,
        until: None,
        note: String::new(),
        by_name: "事務長".to_owned(),
        at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

/// An institution with nothing left to do: interview done, round answered, a director and a safety manager.
pub fn situation(kind: InstitutionKind) -> Situation {
    Situation {
        today: day(0),
        year: FiscalYear::of(day(0)),
        whole: true,
        kind,
        style: Some(komainu_catalog::SystemsStyle::OnPremises),
        operator_on_staff: Some(false),
        interview_done: true,
        round: answered(20, 20),
        rows: Vec::new(),
        ledger: Some(LedgerFacts {
            systems: 3,
            remote_unknown: 0,
            vendors: 2,
            vendors_without_number: 0,
            contacts: 4,
            contact_gaps: 0,
            contact_tested: true,
            contact_silent: 0,
            things: 12,
            stock_taken: true,
            measures: 0,
            measures_due: None,
        }),
        incident: IncidentFacts::default(),
        dangers: Vec::new(),
        members: vec![
            MemberFact { role: Role::Director, person: person(1) },
            MemberFact { role: Role::SafetyManager, person: person(2) },
            MemberFact { role: Role::Staff, person: person(3) },
        ],
        marks: Vec::new(),
    }
}
