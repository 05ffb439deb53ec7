//! From candidates to the ordered plan.

use super::points::helps;
use super::sources::{Candidate, SOURCES, candidate_of};
use crate::model::{Hold, OpenRow, Plan, PlannedStep, Reason, Situation, StepKey};
use komainu_access::{PersonId, Role};
use komainu_catalog::{Catalog, Doer, Step, StepId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The ordered plan of a situation. The same facts in any order give the same plan.
pub fn plan(situation: &Situation, catalog: &Catalog) -> Plan {
    let mut situation = situation.clone();
    situation.rows.sort_by(|a, b| a.placement.cmp(&b.placement));
    let situation = &situation;
    let mut all = candidates(situation, catalog);
    let needs = prerequisites(situation, catalog, &mut all);
    raise(&mut all, &needs);
    let holds = holds(situation, &all, &needs);
    let mut plan = Plan::default();
    for key in in_order(&all, &needs) {
        let Some(candidate) = all.remove(&key) else { continue };
        let step = planned(situation, candidate, needs.get(&key));
        match holds.get(&key) {
            Some(hold) => plan.held.push((step, hold.clone())),
            None => plan.steps.push(step),
        }
    }
    plan.held.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
    plan
}

type Candidates = BTreeMap<StepKey, Candidate>;
/// For each step the steps that have to be done before it and are not.
type Needs = BTreeMap<StepKey, BTreeSet<StepKey>>;

fn candidates(situation: &Situation, catalog: &Catalog) -> Candidates {
    let mut all = Candidates::new();
    for new in SOURCES.iter().flat_map(|source| source(situation, catalog)) {
        if new.blocking.is_none() && situation.is_over(&new.key) {
            continue;
        }
        match all.get_mut(&new.key) {
            Some(known) => merge(known, new),
            None => {
                all.insert(new.key.clone(), new);
            }
        }
    }
    all
}

/// The same step from two sources: every reason, and of the points the higher.
fn merge(known: &mut Candidate, new: Candidate) {
    known.rows.extend(new.rows);
    known.reasons.extend(new.reasons);
    known.assigned_to.extend(new.assigned_to);
    known.score.exposure = known.score.exposure.max(new.score.exposure);
    known.score.danger = known.score.danger.max(new.score.danger);
    known.score.deadline = known.score.deadline.max(new.score.deadline);
    known.score.finish = known.score.finish.max(new.score.finish);
    known.blocking = [known.blocking, new.blocking].into_iter().flatten().min();
    known.due = [known.due, new.due].into_iter().flatten().min();
    known.reply_by = known.reply_by.and(new.reply_by).min(known.reply_by);
    known.inferred |= new.inferred;
    known.form_unconfirmed |= new.form_unconfirmed;
}

/// Finds what each step needs first, and adds what no source had thought of because its item has no answer yet.
fn prerequisites(situation: &Situation, catalog: &Catalog, all: &mut Candidates) -> Needs {
    let mut needs = Needs::new();
    let mut waiting: Vec<StepKey> = all.keys().cloned().collect();
    while let Some(key) = waiting.pop() {
        let StepKey::Catalog(id) = &key else { continue };
        let Some(step) = catalog.step(id) else { continue };
        for before in &step.after {
            let before_key = StepKey::Catalog((**before).clone());
            if !all.contains_key(&before_key) {
                let Some(missing) = unthought(situation, catalog, before) else { continue };
                all.insert(before_key.clone(), missing);
                waiting.push(before_key.clone());
            }
            needs.entry(key.clone()).or_default().insert(before_key);
        }
    }
    needs
}

/// A step that another one needs and that is, as far as is known, not done: its item is asked this year and not settled.
fn unthought(situation: &Situation, catalog: &Catalog, id: &StepId) -> Option<Candidate> {
    let step: &Step = catalog.step(id)?;
    if situation.is_over(&StepKey::Catalog(id.clone())) {
        return None;
    }
    let open = |row: &&OpenRow| row.standing.needs_answer() && helps(step, row, situation.kind);
    let rows: Vec<&OpenRow> = situation.rows.iter().filter(open).collect();
    (!rows.is_empty()).then(|| candidate_of(situation, catalog, step, &rows, 0))
}

/// A step that others need is worth as much as the best of them.
fn raise(all: &mut Candidates, needs: &Needs) {
    loop {
        let mut raised = None;
        for (key, before) in needs {
            let Some(wanted) = all.get(key).map(|candidate| candidate.score.total()) else { continue };
            for first in before {
                if let Some(candidate) = all.get(first)
                    && candidate.score.total() < wanted
                {
                    raised = Some((first.clone(), key.clone(), wanted - candidate.score.total()));
                }
            }
        }
        // Points only grow, and never above the highest there is: this ends.
        let Some((first, after, by)) = raised else { break };
        if let Some(candidate) = all.get_mut(&first) {
            candidate.score.needed += by;
            candidate.reasons.retain(|reason| !matches!(reason, Reason::NeededFor(_)));
            candidate.reasons.insert(Reason::NeededFor(after));
        }
    }
}

fn holds(situation: &Situation, all: &Candidates, needs: &Needs) -> BTreeMap<StepKey, Hold> {
    let mut holds = BTreeMap::new();
    for (key, candidate) in all.iter().filter(|(_, candidate)| candidate.blocking.is_none()) {
        if let Some(until) = situation.postponed(key) {
            holds.insert(key.clone(), Hold::Until(until));
        } else if let Some(day) = candidate.reply_by {
            holds.insert(key.clone(), Hold::Reply(day));
        }
    }
    // What needs something that waits, waits too.
    loop {
        let held = |key: &StepKey| holds.contains_key(key);
        let new = needs.iter().filter(|(key, _)| !held(key)).find_map(|(key, before)| {
            before.iter().find(|first| held(first)).map(|first| (key.clone(), Hold::After(first.clone())))
        });
        let Some((key, hold)) = new else { return holds };
        holds.insert(key, hold);
    }
}

/// Always the best of those whose prerequisites stand before. An unrelated step changes nothing between the others:
/// what is ready, and how two compare, does not depend on it.
fn in_order(all: &Candidates, needs: &Needs) -> Vec<StepKey> {
    let best_first = |candidate: &Candidate| {
        let blocking = candidate.blocking.unwrap_or(u8::MAX);
        (blocking, Reverse(candidate.score.total()), candidate.minutes, candidate.key.clone())
    };
    let mut left: Vec<&Candidate> = all.values().collect();
    left.sort_by_cached_key(|candidate| best_first(candidate));
    let mut order: Vec<StepKey> = Vec::with_capacity(left.len());
    let mut placed: BTreeSet<&StepKey> = BTreeSet::new();
    while !left.is_empty() {
        let ready = |candidate: &&Candidate| {
            needs.get(&candidate.key).is_none_or(|before| before.iter().all(|first| placed.contains(first)))
        };
        // The catalogue's check refuses circles; if one came all the same, its best step would go first.
        let next = left.remove(left.iter().position(ready).unwrap_or(0));
        placed.insert(&next.key);
        order.push(next.key.clone());
    }
    order
}

fn planned(situation: &Situation, candidate: Candidate, needs: Option<&BTreeSet<StepKey>>) -> PlannedStep {
    let (doer, people) = doer(situation, &candidate.who);
    PlannedStep {
        key: candidate.key,
        item: candidate.item,
        rows: candidate.rows.into_iter().collect(),
        reasons: candidate.reasons.into_iter().collect(),
        score: candidate.score,
        blocking: candidate.blocking,
        minutes: candidate.minutes,
        doer,
        people,
        assigned_to: candidate.assigned_to.into_iter().collect(),
        due: candidate.due,
        needs: needs.into_iter().flatten().cloned().collect(),
        inferred: candidate.inferred,
        form_unconfirmed: candidate.form_unconfirmed,
        action: candidate.action,
    }
}

/// The best placed of those who exist in this institution; where none does, the director, who answers for everything.
fn doer(situation: &Situation, who: &[Doer]) -> (Doer, Vec<PersonId>) {
    let people = |doer: Doer| -> Vec<PersonId> {
        let role = match doer {
            Doer::Director => Role::Director,
            Doer::SafetyManager => Role::SafetyManager,
            Doer::SystemOperator => Role::SystemOperator,
            Doer::Staff => Role::Staff,
            Doer::Vendor => return Vec::new(),
        };
        let of_role = |member: &&crate::model::MemberFact| member.role == role;
        let mut people: Vec<PersonId> =
            situation.members.iter().filter(of_role).map(|member| member.person).collect();
        people.sort();
        people.dedup();
        people
    };
    let exists = |doer: Doer| match doer {
        Doer::Vendor => situation.ledger.is_some_and(|facts| facts.vendors > 0),
        Doer::SystemOperator => situation.operator_on_staff == Some(true) || !people(doer).is_empty(),
        // There is always somebody, with an account or without.
        Doer::Staff => true,
        _ => !people(doer).is_empty(),
    };
    let chosen = who.iter().copied().find(|doer| exists(*doer)).unwrap_or(Doer::Director);
    (chosen, people(chosen))
}
