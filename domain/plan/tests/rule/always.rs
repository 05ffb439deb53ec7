//! What holds in every situation.

use crate::*;

fn standings() -> impl Strategy<Value = Standing> {
    use Standing::{LacksDate, No, NoToConfirm, NotSure, ToConfirm, Unanswered};
    prop::sample::select(vec![No, NotSure, NoToConfirm, ToConfirm, Unanswered, LacksDate])
}

prop_compose! {
    fn any_row(item: String)(
        standing in standings(), target in prop::option::of(-60_i64..300), reply in prop::option::of(-20_i64..20),
        lacks_date: bool, confirmed: bool, person in prop::option::of(1_u128..4),
    ) -> OpenRow {
        OpenRow {
            target: target.map(day), reply_by: reply.map(day), lacks_date, confirmed,
            assigned_to: person.map(support::person), ..row(&item, standing)
        }
    }
}

fn any_situation() -> impl Strategy<Value = Situation> {
    let items: Vec<String> = CATALOG.items().iter().map(|item| item.id.to_string()).collect();
    let rows = prop::sample::subsequence(items.clone(), 0..=items.len())
        .prop_flat_map(|items| items.into_iter().map(any_row).collect::<Vec<_>>());
    let steps: Vec<StepId> = CATALOG.steps().iter().map(|step| (*step.id).clone()).collect();
    let marks = prop::collection::btree_map(
        prop::sample::select(steps),
        (prop::sample::select(MarkState::ALL.to_vec()), -10_i64..30),
        0..12,
    );
    let ledger = prop::option::of((0_u32..5, 0_u32..5, 0_u32..4, 0_u32..4, 0_u32..3));
    let rounds = prop::sample::select(vec![
        RoundState::NotOpened,
        RoundState::Closed,
        RoundState::NoForm,
        answered(20, 3),
        answered(20, 15),
    ]);
    let kinds = prop::sample::select(InstitutionKind::ALL.to_vec());
    let items: Vec<String> = CATALOG.items().iter().map(|item| item.id.to_string()).collect();
    let about = prop::sample::select(Scope::ALL.to_vec());
    let fact = (prop::sample::select(items), about, 0_i32..=100, 0_u32..60);
    let dangers =
        prop::collection::vec(fact.prop_map(|(i, a, share, ways)| danger(&i, a, share, ways)), 0..6);
    let incidents = (0_u32..3, prop::option::of(-9_i64..60), any::<bool>(), 0_u32..3);
    let incidents = incidents.prop_map(|(duties, due, unconfirmed, tasks)| IncidentFacts {
        duties: (duties > 0).then(|| (IncidentId(Uuid::from_u128(1)), duties)),
        due: due.filter(|_| duties > 0).map(day),
        unconfirmed,
        tasks: (tasks > 0).then(|| (IncidentId(Uuid::from_u128(2)), tasks)),
        tells: unconfirmed.then(|| person(1)),
        leads: None,
    });
    (rows, marks, ledger, rounds, kinds, any::<bool>(), any::<bool>(), (0_i64..330, dangers, incidents))
        .prop_map(|(rows, marks, ledger, round, kind, whole, interview_done, (today, dangers, incident))| {
            Situation {
                rows,
                incident,
                dangers,
                round,
                whole,
                interview_done,
                today: day(today),
                marks: marks
                    .into_iter()
                    .map(|(step, (state, until))| Mark {
                        until: (state == MarkState::Later).then(|| day(until)),
                        ..mark(step.as_str(), state)
                    })
                    .collect(),
                ledger: ledger.map(|(systems, remote, vendors, without, contacts)| LedgerFacts {
                    systems,
                    remote_unknown: remote,
                    vendors,
                    vendors_without_number: without,
                    contacts,
                    contact_gaps: vendors % 3,
                    contact_tested: contacts % 2 == 0,
                    contact_silent: contacts % 3,
                    things: systems,
                    stock_taken: remote > 0,
                    measures: contacts,
                    measures_due: (without > 0).then(|| day(i64::from(without) * 20 - 30)),
                }),
                ..situation(kind)
            }
        })
}

/// Steps of the catalogue that have something to do with an item: its own, and along `after` in both directions.
fn related(item: &str) -> Vec<StepKey> {
    let mut found: Vec<&StepId> =
        CATALOG.steps().iter().filter(|s| s.item.as_str() == item).map(|s| &*s.id).collect();
    loop {
        let more = CATALOG.steps().iter().find(|step| {
            let linked = |id: &StepId| found.contains(&id);
            let touches = step.after.iter().any(|before| linked(before)) != linked(&step.id);
            let of_same_item = found.iter().any(|id| CATALOG.step(id).unwrap().item == step.item);
            !linked(&step.id) && (touches || of_same_item)
                || linked(&step.id) && step.after.iter().any(|before| !linked(before))
        });
        match more {
            Some(step) if found.contains(&&*step.id) => {
                let missing = step.after.iter().find(|before| !found.contains(&&***before)).unwrap();
                found.push(&**missing);
            }
            Some(step) => found.push(&step.id),
            None => return found.into_iter().map(|id| StepKey::Catalog(id.clone())).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Same facts, same plan, in whatever order they come.
    #[test]
    fn the_order_of_the_facts_means_nothing(situation in any_situation(), turn in 0_usize..20) {
        let mut turned = situation.clone();
        let len = turned.rows.len().max(1);
        turned.rows.rotate_left(turn % len);
        turned.rows.reverse();
        turned.marks.reverse();
        turned.members.reverse();
        turned.dangers.reverse();
        prop_assert_eq!(plan(&situation), plan(&turned));
    }

    /// A step stands never before what it needs, and no step stands twice or both waits and is ready.
    #[test]
    fn prerequisites_come_first(situation in any_situation()) {
        let plan = plan(&situation);
        let mut seen: Vec<&StepKey> = Vec::new();
        for step in &plan.steps {
            prop_assert!(!seen.contains(&&step.key));
            for before in &step.needs {
                prop_assert!(seen.contains(&before), "{} before {}", step.key, before);
            }
            if let StepKey::Catalog(id) = &step.key {
                for before in &CATALOG.step(id).unwrap().after {
                    let key = StepKey::Catalog((**before).clone());
                    let behind = plan.steps.iter().any(|s| s.key == key) && !seen.contains(&&key);
                    prop_assert!(!behind);
                }
            }
            prop_assert!(plan.held.iter().all(|(held, _)| held.key != step.key));
            seen.push(&step.key);
        }
    }

    /// Ordered by blocking, then points, except where a prerequisite holds a step back.
    #[test]
    fn points_decide(situation in any_situation()) {
        let plan = plan(&situation);
        for (index, step) in plan.steps.iter().enumerate() {
            for later in &plan.steps[index + 1..] {
                let rank = |s: &PlannedStep| (s.blocking.unwrap_or(u8::MAX), -s.score.total());
                prop_assert!(rank(step) <= rank(later) || !later.needs.is_empty(), "{} {}", step.key, later.key);
            }
        }
    }

    /// At most three a week, within the minutes, all of them ready, the same when asked again.
    #[test]
    fn a_week_is_small_and_stable(situation in any_situation()) {
        let plan = plan(&situation);
        let week = rules::week(&plan, &[]);
        prop_assert!(week.open.len() <= rules::STEPS_A_WEEK);
        prop_assert_eq!(week.open.is_empty(), plan.steps.is_empty());
        let minutes: u32 = week.chosen.iter().map(|pick| pick.minutes).sum();
        prop_assert!(minutes <= rules::BUDGET_MINUTES || week.chosen.len() == 1);
        let again = rules::week(&plan, &week.chosen);
        prop_assert_eq!(&again.open, &week.open);
        prop_assert!(again.chosen.is_empty() && again.finished.is_empty());
    }

    /// Every position explains itself in every language, with words for every argument.
    #[test]
    fn every_position_explains_itself(situation in any_situation()) {
        let plan = plan(&situation);
        let names = BTreeMap::new();
        for step in plan.steps.iter().chain(plan.held.iter().map(|(step, _)| step)) {
            prop_assert!(!step.reasons.is_empty(), "{}", step.key);
            prop_assert!(step.minutes > 0);
            for lang in Lang::ALL {
                let why = words::why(lang, &CATALOG, step);
                let end = if lang == Lang::En { '.' } else { '。' };
                prop_assert!(why.ends_with(end) && why.matches(end).count() == 1, "{why}");
                prop_assert!(!why.contains(['{', '$']), "{why}");
                prop_assert!(!words::who(lang, step, &names).is_empty());
            }
        }
    }

    /// Another item's no does not reorder what has nothing to do with it.
    #[test]
    fn an_unrelated_item_changes_nothing_between_the_others(
        situation in any_situation(), item in prop::sample::select(vec!["access-rights", "mds-sds", "bcp", "patches"]),
    ) {
        let mut with = situation.clone();
        with.rows.retain(|row| row.item.as_str() != item);
        let without = with.clone();
        with.rows.push(row(item, Standing::No));
        let related = related(item);
        let others = |situation: &Situation| -> Vec<StepKey> {
            let unrelated = |key: &StepKey| matches!(key, StepKey::Catalog(_)) && !related.contains(key);
            plan(situation).steps.into_iter().map(|step| step.key).filter(unrelated).collect()
        };
        prop_assert_eq!(others(&with), others(&without));
    }
}
