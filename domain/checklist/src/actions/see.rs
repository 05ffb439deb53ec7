//! Looking: rounds, their rows, what is open, what happened. The number of queries never depends on that of rows.

use super::{ROUND, ROW, round, row_object, sight};
use crate::model::{
    Answer, Ask, Assignment, FormKey, OpenItem, Round, RoundId, RoundSummary, RoundView, RowView,
};
use crate::neighbours;
use crate::official::{OfficialSentence, official_sentences};
use crate::rules::{self, Span, StateInput};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_catalog::{Catalog, FormRow, Level, PlacementId};
use komainu_db::Tx;
use komainu_web::Failure;
use std::collections::{BTreeMap, BTreeSet};

/// A year's form as the catalogue gives it.
pub type Form<'a> = komainu_catalog::Form<'a>;

/// The form of a round.
///
/// # Errors
/// [`Failure::Internal`] where the catalogue has lost a form that rounds were opened with.
pub fn form_of_round<'a>(catalog: &'a Catalog, round: &Round) -> Result<Form<'a>, Failure> {
    catalog.form_of(round.fiscal_year, round.variant).ok_or_else(|| {
        Failure::internal(format!("the catalogue has no {} form of {}", round.variant, round.fiscal_year))
    })
}

/// Every round of the institution with its counts, newest year first, the institution's own before its vendors'.
pub fn rounds(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog) -> Result<Vec<RoundSummary>, Failure> {
    scope.require(Permission::ChecklistRead)?;
    let answers = store::answers_all(tx, scope)?;
    summaries(catalog, store::rounds(tx, scope)?, answers)
}

/// The years of which there are rounds, and a year's rounds about vendors with their counts. However many years went by,
/// only the answers of that one are read.
pub(crate) fn rounds_beside(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    fiscal_year: i32,
) -> Result<(Vec<i32>, Vec<RoundSummary>), Failure> {
    scope.require(Permission::ChecklistRead)?;
    let mut rounds = store::rounds(tx, scope)?;
    let years = rounds.iter().map(|(round, _)| round.fiscal_year).collect();
    rounds.retain(|(round, _)| round.fiscal_year == fiscal_year && round.vendor.is_some());
    let answers = store::answers_of_vendors(tx, scope, fiscal_year)?;
    Ok((years, summaries(catalog, rounds, answers)?))
}

/// Rounds, each with the moment of its last change, and their answers in any order.
fn summaries(
    catalog: &Catalog,
    rounds: Vec<(Round, DateTime<Utc>)>,
    answers: Vec<(RoundId, PlacementId, Answer)>,
) -> Result<Vec<RoundSummary>, Failure> {
    let mut by_round: BTreeMap<RoundId, BTreeMap<PlacementId, Answer>> = BTreeMap::new();
    for (round, placement, answer) in answers {
        by_round.entry(round).or_default().insert(placement, answer);
    }
    let mut summaries = Vec::new();
    for (round, touched_at) in rounds {
        let form = form_of_round(catalog, &round)?;
        let of_round = by_round.remove(&round.id).unwrap_or_default();
        let shut = gate_shut(&form, &of_round);
        let states: Vec<_> = form
            .rows
            .iter()
            .map(|row| {
                let level = row.placement.level;
                let answer = of_round.get(&row.id);
                let state = rules::row_state(StateInput { level, answer, gate_shut: shut });
                (level, state, answer.and_then(|answer| answer.content.kind))
            })
            .collect();
        summaries.push(RoundSummary {
            id: round.id,
            fiscal_year: round.fiscal_year,
            variant: round.variant,
            vendor: round.vendor,
            opened_at: round.opened_at,
            closed_at: round.closed_at,
            touched_at,
            counts: rules::counts(states.iter().map(|(level, state, kind)| (*level, state, *kind))),
        });
    }
    summaries.sort_by_key(|summary| (std::cmp::Reverse(summary.fiscal_year), summary.vendor));
    Ok(summaries)
}

fn gate_shut(form: &Form<'_>, answers: &BTreeMap<PlacementId, Answer>) -> bool {
    form.gate
        .as_ref()
        .and_then(|gate| answers.get(&gate.id))
        .is_some_and(|answer| !answer.carried && answer.content.kind == Some(crate::model::AnswerKind::No))
}

/// The round at an address, for whoever sees anything of it.
pub fn round_by_key(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    key: FormKey,
) -> Result<Round, Failure> {
    sight(scope)?;
    store::round_of(tx, scope, fiscal_year, key.vendor)?
        .filter(|round| round.variant == key.variant)
        .ok_or(Failure::NotFound)
}

/// A year's round about the institution itself, if it was opened.
pub fn own_round(tx: &mut Tx<'_>, scope: &Scope, fiscal_year: i32) -> Result<Option<Round>, Failure> {
    sight(scope)?;
    Ok(store::round_of(tx, scope, fiscal_year, None)?)
}

/// The latest round before a year about the same, from which answers can be carried over.
pub fn round_before(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    vendor: Option<crate::neighbours::VendorId>,
) -> Result<Option<Round>, Failure> {
    scope.require(Permission::ChecklistRead)?;
    Ok(store::round_before(tx, scope, fiscal_year, vendor)?)
}

/// Who changed a row last, if it was somebody else and after `version`.
pub fn changed_by_other(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    version: i64,
) -> Result<Option<Answer>, Failure> {
    if let Some(person) = sight(scope)?
        && !store::assigned(tx, scope, round, placement, person)?
    {
        return Err(Failure::NotFound);
    }
    let answer = store::answer_get(tx, scope, round, placement)?;
    Ok(answer.filter(|answer| answer.version > version && answer.changed_by != scope.person()))
}

/// Everything a row's view is made of, by row.
#[derive(Default)]
struct Parts {
    answers: BTreeMap<PlacementId, Answer>,
    assignments: BTreeMap<PlacementId, Assignment>,
    evidence: BTreeMap<PlacementId, u32>,
    asks: BTreeMap<PlacementId, Vec<Ask>>,
    replies: BTreeMap<PlacementId, u32>,
    official: BTreeMap<PlacementId, OfficialSentence>,
    gate_shut: bool,
}

impl Parts {
    fn take(&mut self, row: &FormRow<'_>, columns: usize) -> RowView {
        let mut answer = self.answers.remove(&row.id);
        if let Some(answer) = &mut answer {
            answer.content.checked.resize(columns, None);
        }
        let level = row.placement.level;
        let input = StateInput { level, answer: answer.as_ref(), gate_shut: self.gate_shut };
        let state = rules::row_state(input);
        let assignment = self.assignments.remove(&row.id);
        let official = self.official.remove(&row.id);
        // The ministry's own workbook knows its numbers better than anybody.
        let printed = official.as_ref().map(|official| official.number.clone());
        let printed = printed.filter(|number| !number.is_empty());
        RowView {
            placement: row.id.clone(),
            number: printed.or_else(|| row.placement.number.as_ref().map(ToString::to_string)),
            section: row.section.map(|section| *section.number),
            item: (*row.item.id).clone(),
            level,
            scopes: row.placement.scope.clone(),
            // A person held the row against the ministry's workbook.
            confirmed: row.standing.confirmed || official.is_some(),
            may_not_apply: row.not_applicable.is_some(),
            carried: answer.as_ref().is_some_and(|answer| answer.carried),
            answer,
            state,
            assignment,
            assigned_to: assignment.map(|assignment| assignment.person),
            evidence_count: self.evidence.remove(&row.id).unwrap_or(0),
            asks: self.asks.remove(&row.id).unwrap_or_default(),
            replies_waiting: self.replies.remove(&row.id).unwrap_or(0),
            official: official.map(|official| official.text),
        }
    }
}

/// A round with all its rows. Staff get the rows that are assigned to them, and nothing else of it.
pub fn round_view(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
) -> Result<RoundView, Failure> {
    let own = sight(scope)?;
    let round = round(tx, scope, id)?;
    let form = form_of_round(catalog, &round)?;
    let columns = usize::from(*form.data.check_dates);
    let mut parts = Parts {
        answers: store::answers(tx, scope, id, own)?
            .into_iter()
            .map(|(_, row, answer)| (row, answer))
            .collect(),
        assignments: store::assignments(tx, scope, id, own)?.into_iter().collect(),
        evidence: store::evidence_counts(tx, scope, id)?.into_iter().collect(),
        replies: store::replies_waiting(tx, scope, id)?.into_iter().collect(),
        official: official_sentences(tx, scope, id)?,
        ..Parts::default()
    };
    for (row, ask) in store::asks(tx, scope, id)? {
        parts.asks.entry(row).or_default().push(ask);
    }
    // Whether the rest is needed at all is no secret to those who answer a part of it.
    parts.gate_shut = match (&form.gate, own) {
        (None, _) => false,
        (Some(_), None) => gate_shut(&form, &parts.answers),
        (Some(gate), Some(_)) => store::answer_get(tx, scope, id, &gate.id)?
            .is_some_and(|answer| gate_shut(&form, &BTreeMap::from([(gate.id.clone(), answer)]))),
    };
    let visible: BTreeSet<PlacementId> = parts.assignments.keys().cloned().collect();
    let sees = |row: &&FormRow<'_>| own.is_none() || visible.contains(&row.id);
    let gate = form.gate.as_ref().filter(sees).map(|row| parts.take(row, columns));
    let rows: Vec<RowView> = form.rows.iter().filter(sees).map(|row| parts.take(row, columns)).collect();
    let counts = rules::counts(rows.iter().map(|row| (row.level, &row.state, row.settled())));
    if own.is_some() && gate.is_none() && rows.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok(RoundView { round, gate, rows, counts, check_columns: columns })
}

/// The rounds in which something is assigned to the asker, each with the asker's rows only, open rounds first.
pub fn mine(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog) -> Result<Vec<RoundView>, Failure> {
    scope.require(Permission::ChecklistAnswerAssigned)?;
    let person = scope.person();
    let ids: BTreeSet<RoundId> = store::assigned_rounds(tx, scope, person)?.into_iter().collect();
    let open: Vec<Round> = store::rounds(tx, scope)?
        .into_iter()
        .map(|(round, _)| round)
        .filter(|round| ids.contains(&round.id) && round.closed_at.is_none())
        .collect();
    let mut views = Vec::new();
    for round in open {
        let mut view = round_view(tx, scope, catalog, round.id)?;
        view.rows.retain(|row| row.assigned_to == Some(person));
        view.gate = view.gate.filter(|gate| gate.assigned_to == Some(person));
        view.counts = rules::counts(view.rows.iter().map(|row| (row.level, &row.state, row.settled())));
        views.push(view);
    }
    Ok(views)
}

/// The rows of a year's own form that are not a confirmed yes; the whole form where no round was opened yet. Nothing
/// where the gate question made the rest unnecessary. Staff get their own.
pub fn open_items(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    fiscal_year: i32,
) -> Result<Vec<OpenItem>, Failure> {
    let own = sight(scope)?;
    let Some(round) = store::round_of(tx, scope, fiscal_year, None)? else {
        return if own.is_some() { Ok(Vec::new()) } else { unopened_items(tx, scope, catalog, fiscal_year) };
    };
    let view = match round_view(tx, scope, catalog, round.id) {
        Err(Failure::NotFound) if own.is_some() => return Ok(Vec::new()),
        view => view?,
    };
    if view.gate_shut() {
        return Ok(Vec::new());
    }
    let settled = |row: &&RowView| {
        use crate::model::AnswerKind::{NotApplicable, Yes};
        !matches!(row.settled(), Some(Yes | NotApplicable)) && row.state != crate::model::RowState::NotNeeded
    };
    Ok(view
        .all()
        .filter(settled)
        .map(|row| OpenItem {
            placement: row.placement.clone(),
            item: row.item.clone(),
            scopes: row.scopes.clone(),
            answer: row.answer.as_ref().and_then(|answer| answer.content.kind),
            target: row.answer.as_ref().and_then(|answer| answer.content.target),
            assigned_to: row.assigned_to,
            carried: row.carried,
        })
        .collect())
}

fn unopened_items(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    fiscal_year: i32,
) -> Result<Vec<OpenItem>, Failure> {
    let house = neighbours::house(tx, scope)?;
    let Some(form) = catalog.form(fiscal_year, house.kind) else { return Ok(Vec::new()) };
    let rows = form.gate.iter().chain(&form.rows);
    Ok(rows
        .filter(|row| row.placement.level != Level::Reference)
        .map(|row| OpenItem {
            placement: row.id.clone(),
            item: (*row.item.id).clone(),
            scopes: row.placement.scope.clone(),
            answer: None,
            target: None,
            assigned_to: None,
            carried: false,
        })
        .collect())
}

/// A part of a history, newest first.
#[derive(Clone, Debug)]
pub struct HistoryPage {
    /// What happened; a sitting of typing is one entry.
    pub entries: Vec<Span>,
    /// Where the older part begins, if there is one.
    pub older: Option<i64>,
}

/// How many log entries are read at a time, and how often at most: the log holds other things too.
const BATCH: u32 = 200;
const BATCHES: usize = 5;
const ENOUGH: usize = 100;

/// What happened to a row.
pub fn row_history(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<HistoryPage, Failure> {
    if let Some(person) = sight(scope)?
        && !store::assigned(tx, scope, round, placement, person)?
    {
        return Err(Failure::NotFound);
    }
    let object_id = row_object(round, placement);
    let page =
        komainu_audit::Page { before: None, object_kind: ROW.to_owned(), object_id, limit: BATCH.into() };
    let entries = komainu_audit::entries(tx, scope, &page)?;
    let older = oldest_of_full(&entries);
    Ok(HistoryPage { entries: rules::fold_entries(entries.into_iter().map(span).collect()), older })
}

/// What happened in a round, from log entry `before` backwards.
pub fn round_history(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    before: Option<i64>,
) -> Result<HistoryPage, Failure> {
    scope.require(Permission::ChecklistRead)?;
    round(tx, scope, id)?;
    let (own, of_rows) = (id.to_string(), format!("{id}/"));
    let mut found = Vec::new();
    let mut older = before;
    for _ in 0..BATCHES {
        let page =
            komainu_audit::Page { before: older, limit: BATCH.into(), ..komainu_audit::Page::default() };
        let batch = komainu_audit::entries(tx, scope, &page)?;
        older = oldest_of_full(&batch);
        found.extend(batch.into_iter().filter(|entry| match entry.object_kind.as_str() {
            ROW => entry.object_id.starts_with(&of_rows),
            ROUND => entry.object_id == own,
            _ => false,
        }));
        if older.is_none() || found.len() >= ENOUGH {
            break;
        }
    }
    Ok(HistoryPage { entries: rules::fold_entries(found.into_iter().map(span).collect()), older })
}

/// The number before which there may be more entries; none where the batch was not full.
fn oldest_of_full(batch: &[komainu_audit::Entry]) -> Option<i64> {
    batch.get(BATCH as usize - 1).map(|entry| entry.seq)
}

fn span(entry: komainu_audit::Entry) -> Span {
    Span {
        at: entry.at,
        // Whoever came with a link is known by the link, and by the name that they gave.
        who: match entry.link_name.as_str() {
            "" => entry.person_name,
            link => format!("{}（{link}）", entry.person_name),
        },
        action: entry.action,
        object: entry.object_id,
        before: entry.before,
        after: entry.after,
    }
}
