//! Rounds: opening, carrying a year over, closing, opening again.

use super::{Closed, ROUND, ROW, form_of_round, hold, record, round, row_object};
use crate::model::{Answer, AnswerContent, Round, RoundId};
use crate::neighbours::{self, VendorId};
use crate::rules::{self, OldAnswer};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_catalog::{Catalog, fiscal_year_of};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde::Serialize;
use std::collections::BTreeMap;

/// Which round to open.
#[derive(Clone, Copy, Debug)]
pub struct OpenRound {
    /// The fiscal year by its first calendar year.
    pub fiscal_year: i32,
    /// The vendor it speaks of; none for the institution itself.
    pub vendor: Option<VendorId>,
    /// Whether to take over the latest earlier year's answers, to be confirmed.
    pub carry: bool,
}

/// Why a round was not opened, or not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenRefusal {
    /// The year has not begun.
    Future,
    /// The catalogue has no form of that year for this kind of institution.
    NoForm,
    /// There is no such vendor in the ledger.
    NoVendor,
    /// The round is closed.
    Closed,
    /// There is no earlier round to carry over from.
    NothingBefore,
}

impl From<Closed> for OpenRefusal {
    fn from(_: Closed) -> Self {
        OpenRefusal::Closed
    }
}

#[derive(Serialize)]
struct RoundLog<'a> {
    fiscal_year: i32,
    variant: &'a str,
    vendor: Option<VendorId>,
    closed: bool,
}

fn log(round: &Round, closed: bool) -> RoundLog<'static> {
    RoundLog { fiscal_year: round.fiscal_year, variant: round.variant.code(), vendor: round.vendor, closed }
}

/// Opens a year's round, or answers the one that is open already.
pub fn round_open(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    input: OpenRound,
) -> Result<Round, Refused<OpenRefusal>> {
    scope.require(Permission::RoundManage)?;
    if input.fiscal_year > fiscal_year_of(nature.today()) {
        return Err(Refused::Because(OpenRefusal::Future));
    }
    let form = match input.vendor {
        None => catalog.form(input.fiscal_year, neighbours::house(tx, scope)?.kind),
        Some(vendor) => {
            if !neighbours::suppliers(tx, scope)?.iter().any(|supplier| supplier.id == vendor) {
                return Err(Refused::Because(OpenRefusal::NoVendor));
            }
            catalog.vendor_form(input.fiscal_year)
        }
    };
    let form = form.ok_or(Refused::Because(OpenRefusal::NoForm))?;
    let opened = Round {
        id: RoundId(nature.id()),
        fiscal_year: input.fiscal_year,
        variant: *form.data.variant,
        vendor: input.vendor,
        carried_from: None,
        opened_at: nature.now(),
        closed_at: None,
    };
    if !store::round_insert(tx, scope, &opened)? {
        // Two people pressed the button: the second is shown what the first opened.
        let found = store::round_of(tx, scope, input.fiscal_year, input.vendor)?;
        return Ok(found.ok_or(Failure::NotFound)?);
    }
    record(
        tx,
        scope,
        nature.now(),
        ("round_open", ROUND, &opened.id.to_string()),
        ((), log(&opened, false)),
    )?;
    if input.carry && store::round_before(tx, scope, opened.fiscal_year, opened.vendor)?.is_some() {
        carry_over(tx, nature, scope, catalog, opened.id)?;
    }
    Ok(store::round_get(tx, scope, opened.id)?.ok_or(Failure::NotFound)?)
}

/// Takes the latest earlier year's confirmed answers into the rows that are still empty, to be confirmed. Answers how
/// many rows that were. Doing it again changes nothing that somebody wrote.
pub fn carry_over(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
) -> Result<usize, Refused<OpenRefusal>> {
    scope.require(Permission::RoundManage)?;
    let now = nature.now();
    let round = round(tx, scope, id)?;
    hold(tx, scope, id, now)?;
    let before = store::round_before(tx, scope, round.fiscal_year, round.vendor)?;
    let before = before.ok_or(Refused::Because(OpenRefusal::NothingBefore))?;
    let old = old_answers(tx, scope, catalog, &before)?;
    let written: BTreeMap<_, _> = store::answers(tx, scope, id, None)?
        .into_iter()
        .map(|(_, placement, answer)| (placement, answer))
        .collect();
    let form = form_of_round(catalog, &round)?;
    let mut rows = 0;
    for row in form.gate.iter().chain(&form.rows).filter(|row| !written.contains_key(&row.id)) {
        let may = row.not_applicable.is_some();
        let Some(carried) = rules::carry(&row.id, &row.item.id, &row.placement.scope, may, &old) else {
            continue;
        };
        let content = AnswerContent {
            kind: Some(carried.kind),
            reason: carried.reason,
            note: carried.note,
            ..AnswerContent::default()
        };
        let answer = Answer {
            content,
            carried: true,
            changed_at: now,
            changed_by: scope.person(),
            changed_by_name: scope.person_name().to_owned(),
            version: 1,
        };
        if store::answer_write(tx, scope, id, &row.id, &answer, 0)? {
            record(tx, scope, now, ("answer_carry", ROW, &row_object(id, &row.id)), ((), &answer.content))?;
            rows += 1;
        }
    }
    store::round_carried(tx, scope, id, before.id)?;
    Ok(rows)
}

/// The rows of an earlier round, the empty ones too: an empty part makes a merged row unsure.
fn old_answers(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    before: &Round,
) -> Result<Vec<OldAnswer>, Failure> {
    let mut answers: BTreeMap<_, _> = store::answers(tx, scope, before.id, None)?
        .into_iter()
        .filter(|(_, _, answer)| !answer.carried)
        .map(|(_, placement, answer)| (placement, answer.content))
        .collect();
    let form = form_of_round(catalog, before)?;
    Ok(form
        .gate
        .iter()
        .chain(&form.rows)
        .map(|row| {
            let content = answers.remove(&row.id).unwrap_or_default();
            OldAnswer {
                item: (*row.item.id).clone(),
                scopes: row.placement.scope.clone(),
                kind: content.kind,
                reason: content.reason,
                note: content.note,
            }
        })
        .collect())
}

/// Closes a round: from now on it can only be read.
pub fn round_close(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: RoundId) -> Result<(), Failure> {
    scope.require(Permission::RoundManage)?;
    let round = round(tx, scope, id)?;
    if store::round_close(tx, scope, id, nature.now())? {
        let states = (log(&round, false), log(&round, true));
        record(tx, scope, nature.now(), ("round_close", ROUND, &id.to_string()), states)?;
    }
    Ok(())
}

/// Opens a closed round again.
pub fn round_reopen(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: RoundId) -> Result<(), Failure> {
    scope.require(Permission::RoundManage)?;
    let round = round(tx, scope, id)?;
    if store::round_reopen(tx, scope, id, nature.now())? {
        let states = (log(&round, true), log(&round, false));
        record(tx, scope, nature.now(), ("round_reopen", ROUND, &id.to_string()), states)?;
    }
    Ok(())
}
